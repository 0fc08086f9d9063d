//! What several forms say in the same way.

use super::{FindingShown, GapShown, PlaceShown, Report};

/// A finding in two sentences.
pub(super) fn finding(finding: &FindingShown) -> String {
    format!(
        "{} In a failover: {}",
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

/// The file of a place as forges name it: from the top of the repository.
pub(super) fn file(report: &Report, place: &PlaceShown) -> String {
    // Documents are named from where the program runs, files of a configuration from its root.
    let is_document = report
        .sources
        .iter()
        .any(|source| source.kind != "configuration" && source.path == place.file);
    if place.file.starts_with('/') || is_document {
        return place.file.clone();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in report.directory.split('/').chain(place.file.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    #[test]
    fn sentences_end_once() {
        assert_eq!(super::sentence("it differs"), "it differs.");
        assert_eq!(super::sentence("it differs."), "it differs.");
    }
}
