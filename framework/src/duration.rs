//! Durations as people write them in configuration: `90s`, `5m`, `1h30m`.

use std::fmt::Write as _;
use std::time::Duration;

/// The text is no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a duration; expected whole numbers with units from days to seconds, largest first, such as 90s, 5m, 1h30m or 1d"
)]
pub struct NotADuration {
    text: String,
}

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads a duration: whole numbers, each with a unit (`d`, `h`, `m`, `s`), larger units first, each unit once.
///
/// # Errors
/// When the text has another shape or the sum does not fit.
pub fn parse(text: &str) -> Result<Duration, NotADuration> {
    let refuse = || NotADuration {
        text: text.chars().take(64).collect(),
    };
    let mut rest = text;
    let mut seconds: u64 = 0;
    let mut units = UNITS.iter();
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .filter(|at| *at > 0)
            .ok_or_else(refuse)?;
        let number: u64 = rest[..digits].parse().map_err(|_| refuse())?;
        let unit = rest[digits..].chars().next().ok_or_else(refuse)?;
        let (_, size) = units.find(|(name, _)| *name == unit).ok_or_else(refuse)?;
        seconds = number
            .checked_mul(*size)
            .and_then(|part| seconds.checked_add(part))
            .ok_or_else(refuse)?;
        rest = &rest[digits + unit.len_utf8()..];
    }
    if text.is_empty() {
        Err(refuse())
    } else {
        Ok(Duration::from_secs(seconds))
    }
}

/// Writes a duration the way [`parse`] reads it: whole seconds, without units that are zero.
pub fn text(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    let mut text = String::new();
    for (unit, size) in UNITS {
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

    use super::{parse, text};

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
        ] {
            assert!(parse(written).is_err(), "{written}");
        }
    }

    proptest! {
        #[test]
        fn writes_what_it_reads(seconds in 0_u64..u64::from(u32::MAX)) {
            prop_assert_eq!(parse(&text(Duration::from_secs(seconds))).unwrap(), Duration::from_secs(seconds));
        }
    }
}
