//! Rules that only a real plan, or what is no configuration at all, can decide: which tests hold their three kinds.

use std::path::Path;

/// Where the cases of a rule are.
pub(crate) struct Elsewhere {
    /// Its name.
    pub(crate) rule: &'static str,
    /// Why a file of cases cannot hold them.
    pub(crate) why: &'static str,
    /// The test of a finding: file under `tests/`, function.
    pub(crate) broken: (&'static str, &'static str),
    /// The test of silence.
    pub(crate) holds: (&'static str, &'static str),
    /// The test of a gap.
    pub(crate) undecided: (&'static str, &'static str),
}

/// All of them.
pub(crate) const ELSEWHERE: &[Elsewhere] = &[];

impl Elsewhere {
    /// What is named and is not there.
    pub(crate) fn problems(&self, tests: &Path) -> Vec<String> {
        let mut problems = Vec::new();
        for (file, function) in [self.broken, self.holds, self.undecided] {
            let text = std::fs::read_to_string(tests.join(file)).unwrap_or_default();
            if !text.contains(&format!("#[test]\nfn {function}()")) {
                problems.push(format!(
                    "{}: there is no test {function} in tests/{file} (its cases lie there because {})",
                    self.rule, self.why
                ));
            }
        }
        problems
    }
}
