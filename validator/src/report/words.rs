//! What several forms say in the same way.

use super::{FindingShown, GapShown, PlaceShown};

/// A finding in a few sentences.
pub(super) fn finding(finding: &FindingShown) -> String {
    let fix = finding
        .fix
        .as_ref()
        .map(|fix| format!(" Fix: {}", sentence(fix)))
        .unwrap_or_default();
    format!(
        "{} In a failover: {}{fix}",
        sentence(&finding.message),
        finding.impact
    )
}

/// A gap in two sentences.
pub(super) fn gap(gap: &GapShown) -> String {
    format!("{} {}", sentence(&gap.message), gap.settle)
        .trim_end()
        .to_owned()
}

/// A count and what is counted.
pub(super) fn many(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// With a full stop.
pub(super) fn sentence(text: &str) -> String {
    let ends = text.ends_with(['.', '!', '?', ':']);
    format!("{text}{}", if ends { "" } else { "." })
}

/// The place that a finding is shown at: the secondary's, else the primary's.
pub(super) fn place(finding: &FindingShown) -> Option<&PlaceShown> {
    let (primary, secondary) = (&finding.primary.place, &finding.secondary.place);
    secondary.as_ref().or(primary.as_ref())
}

#[cfg(test)]
mod tests {
    #[test]
    fn sentences_end_once() {
        assert_eq!(super::sentence("it differs"), "it differs.");
        assert_eq!(super::sentence("it differs."), "it differs.");
    }
}
