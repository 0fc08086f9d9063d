//! Durations as people write them in configuration: `90s`, `5m`, `1h30m`.

use std::fmt::Write as _;
use std::time::Duration;

/// The text is no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a duration; expected whole numbers with units from days to {smallest}, largest first, such as {such_as}"
)]
pub struct NotADuration {
    text: String,
    smallest: &'static str,
    such_as: &'static str,
}

/// Units with their milliseconds.
const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// The units of whole seconds.
fn whole() -> &'static [(&'static str, u64)] {
    &UNITS[..4]
}

/// Reads a duration: whole numbers, each with a unit (`d`, `h`, `m`, `s`), larger units first, each unit once.
///
/// # Errors
/// When the text has another shape or the sum does not fit.
pub fn parse(text: &str) -> Result<Duration, NotADuration> {
    read(text, whole()).ok_or_else(|| NotADuration {
        text: text.chars().take(64).collect(),
        smallest: "seconds",
        such_as: "90s, 5m, 1h30m or 1d",
    })
}

/// Reads a duration that may be shorter than a second: as [`parse`], with `ms` for milliseconds as the last unit.
///
/// # Errors
/// As [`parse`].
pub fn parse_fine(text: &str) -> Result<Duration, NotADuration> {
    read(text, &UNITS).ok_or_else(|| NotADuration {
        text: text.chars().take(64).collect(),
        smallest: "milliseconds",
        such_as: "2s, 300ms or 1s500ms",
    })
}

fn read(text: &str, units: &[(&str, u64)]) -> Option<Duration> {
    let mut rest = text;
    let mut milliseconds: u64 = 0;
    let mut units = units.iter();
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let end = after.find(|c: char| c.is_ascii_digit());
        let (unit, after) = after.split_at(end.unwrap_or(after.len()));
        let number: u64 = number.parse().ok()?;
        let (_, size) = units.find(|(name, _)| *name == unit)?;
        milliseconds = milliseconds.checked_add(number.checked_mul(*size)?)?;
        rest = after;
    }
    (!text.is_empty()).then(|| Duration::from_millis(milliseconds))
}

/// Writes a duration the way [`parse`] reads it: whole seconds, without units that are zero.
pub fn text(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    let mut text = String::new();
    for (unit, size) in whole() {
        let size = size / 1_000;
        if rest >= size {
            let _ = write!(text, "{}{unit}", rest / size);
            rest %= size;
        }
    }
    if text.is_empty() {
        "0s".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{parse, parse_fine, text};

    #[test]
    fn reads_what_people_write() {
        for (written, seconds) in [
            ("90s", 90),
            ("5m", 300),
            ("1h30m", 5_400),
            ("1d", 86_400),
            ("0s", 0),
        ] {
            assert_eq!(parse(written).unwrap(), Duration::from_secs(seconds));
        }
    }

    #[test]
    fn refuses_the_rest() {
        for written in [
            "",
            "5",
            "m",
            "5 m",
            "-5m",
            "1.5h",
            "5m1h",
            "5m5m",
            "5min",
            "é",
            "5é",
            "99999999999999999999d",
            "999999999999999999d",
            "300ms",
            "s5",
        ] {
            assert!(parse(written).is_err(), "{written}");
        }
    }

    #[test]
    fn milliseconds_are_read_where_they_are_asked_for() {
        for (written, milliseconds) in [("300ms", 300), ("1s500ms", 1_500), ("2s", 2_000)] {
            let read = parse_fine(written).unwrap();
            assert_eq!(read, Duration::from_millis(milliseconds), "{written}");
        }
        for written in ["", "0.3s", "300", "500ms1s", "ms", "300us"] {
            let error = parse_fine(written).unwrap_err().to_string();
            assert!(error.contains("300ms or 1s500ms"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn writes_what_it_reads(seconds in 0_u64..u64::from(u32::MAX)) {
            prop_assert_eq!(parse(&text(Duration::from_secs(seconds))).unwrap(), Duration::from_secs(seconds));
        }
    }
}
