//! What a human is told: what was seen, what was expected, and the safe next move.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use aws::Region;

/// A message in three parts, the same in diagnostics, progress lines and reports. Numbers stand first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// What was seen, with its numbers, region and (for AWS errors) code and request id.
    pub seen: String,
    /// What would have been right.
    pub expected: String,
    /// The safe next move, something that can be typed or done.
    pub next: String,
}

impl Message {
    /// A message from its three parts.
    pub fn new(
        seen: impl Into<String>,
        expected: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            seen: seen.into(),
            expected: expected.into(),
            next: next.into(),
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seen: {}", self.seen)?;
        if !self.expected.is_empty() {
            write!(f, "\nexpected: {}", self.expected)?;
        }
        if !self.next.is_empty() {
            write!(f, "\nnext: {}", self.next)?;
        }
        Ok(())
    }
}

/// A duration as a person reads it: `45 s`, `4 min 5 s`, `2 h 3 min`; a started second counts whole, so that an
/// upper bound never reads smaller than it is.
pub fn duration_text(duration: Duration) -> String {
    let seconds = whole_seconds(duration);
    match (seconds / 3600, seconds % 3600 / 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// The names of regions for texts: `us-east-1, us-west-2`.
pub fn region_list(regions: &BTreeSet<Region>) -> String {
    let names: Vec<&str> = regions.iter().map(Region::as_str).collect();
    names.join(", ")
}

/// Whole seconds, rounded up.
pub(crate) fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them_and_never_too_small() {
        for (millis, text) in [
            (0, "0 s"),
            (1, "1 s"),
            (44_200, "45 s"),
            (60_000, "1 min"),
            (245_000, "4 min 5 s"),
            (3_600_000, "1 h"),
            (7_385_000, "2 h 3 min"),
        ] {
            assert_eq!(duration_text(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn a_message_without_a_next_move_has_no_empty_line() {
        assert_eq!(
            Message::new("a", "b", "").to_string(),
            "seen: a\nexpected: b"
        );
        assert_eq!(
            Message::new("a", "b", "c").to_string(),
            "seen: a\nexpected: b\nnext: c"
        );
    }
}
