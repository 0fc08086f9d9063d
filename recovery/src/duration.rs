//! Durations as documents write them: `90s`, `5m`, `1h30m`, `2d`.

use std::fmt::Write as _;
use std::time::Duration;

/// The text is no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a duration; expected one such as 90s, 5m, 1h30m or 2d")]
pub struct InvalidDuration(String);

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads a duration: numbers with a unit, from the largest unit to the smallest, each at most once.
///
/// # Errors
/// When the text has another shape, or the duration is longer than 366 days.
pub fn parse(text: &str) -> Result<Duration, InvalidDuration> {
    let invalid = || InvalidDuration(text.chars().take(40).collect());
    let mut seconds: u64 = 0;
    let mut rest = text;
    let mut units = UNITS.iter();
    if text.is_empty() {
        return Err(invalid());
    }
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .ok_or_else(invalid)?;
        let number: u64 = rest[..end].parse().map_err(|_| invalid())?;
        let unit = rest[end..].chars().next().ok_or_else(invalid)?;
        let (_, length) = units.find(|(name, _)| *name == unit).ok_or_else(invalid)?;
        seconds = number
            .checked_mul(*length)
            .and_then(|more| seconds.checked_add(more))
            .filter(|all| *all <= 366 * 86_400)
            .ok_or_else(invalid)?;
        rest = &rest[end + unit.len_utf8()..];
    }
    Ok(Duration::from_secs(seconds))
}

/// The shortest text that reads back as the duration; parts of a second are dropped.
pub fn text(duration: Duration) -> String {
    let mut left = duration.as_secs();
    if left == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    for (name, length) in UNITS {
        if left >= length {
            // Writing to a string never fails.
            let _ = write!(text, "{}{name}", left / length);
            left %= length;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for seconds in [0, 1, 59, 60, 90, 3_600, 5_400, 86_400, 90_061] {
            let duration = Duration::from_secs(seconds);
            assert_eq!(parse(&text(duration)), Ok(duration));
        }
        assert_eq!(text(Duration::from_mins(90)), "1h30m");
        assert_eq!(parse("120s"), Ok(Duration::from_mins(2)));
    }

    #[test]
    fn refuses_what_is_none() {
        for word in [
            "",
            "5",
            "m",
            "5 m",
            "1m1h",
            "1h1h",
            "-1s",
            "1.5h",
            "9999d",
            "99999999999999999999s",
            "5é",
        ] {
            assert!(parse(word).is_err(), "{word}");
        }
    }
}
