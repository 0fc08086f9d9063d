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
pub(crate) const ELSEWHERE: &[Elsewhere] = &[
    Elsewhere {
        rule: "plan-out-of-date",
        why: "it holds a plan against the code that it was made from; what is not known of either is not asked",
        broken: (
            "rules/stale.rs",
            "a_literal_that_became_another_is_found_with_both_places",
        ),
        holds: (
            "rules/stale.rs",
            "plans_beside_the_code_that_they_were_made_from_are_not_out_of_date",
        ),
        undecided: (
            "rules/stale.rs",
            "a_number_of_instances_that_is_not_known_proves_nothing",
        ),
    },
    Elsewhere {
        rule: "stalls-when-region-lost",
        why: "only a plan shows what is applied already",
        broken: (
            "rules/stalls.rs",
            "an_applied_estate_of_one_root_shows_refreshes_and_data_sources",
        ),
        holds: (
            "rules/stalls.rs",
            "a_data_source_of_the_secondary_region_does_not_stall",
        ),
        undecided: (
            "rules/stalls.rs",
            "a_plan_alone_leaves_open_what_local_values_may_hide",
        ),
    },
    Elsewhere {
        rule: "unsafe-after-failover",
        why: "it judges the changes of a plan",
        broken: (
            "rules/switched.rs",
            "a_plan_of_the_old_code_turns_the_switch_back",
        ),
        holds: ("rules/switched.rs", "without_a_switch_it_is_silent"),
        undecided: (
            "rules/switched.rs",
            "what_is_destroyed_is_told_by_where_it_lies_and_what_it_holds",
        ),
    },
];

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
