//! A point in time as RFC 3339 writes it, for all years that Go counts.

use super::FunctionError;

/// A point in time with the offset under which it was written.
pub(super) struct Stamp {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    nanos: i64,
    /// Seconds east of Greenwich.
    pub(super) offset: i64,
}

/// How a time may be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Two digits for an hour, a point before fractions, offsets below a day.
    Strict,
    /// As Go's own reader takes it: one digit for an hour, a comma before fractions, offsets up to 24:60.
    Lenient,
}

const DAY: i64 = 24 * 60 * 60;
const NANOS: i128 = 1_000_000_000;

impl Stamp {
    /// Reads RFC 3339 as Terraform does: the letters are capitals, the offset is required.
    pub(super) fn parse(
        text: &str,
        argument: usize,
        reading: Reading,
    ) -> Result<Self, FunctionError> {
        read(text, reading).ok_or_else(|| {
            let message = format!("{text:?} is no time such as 2017-11-22T00:00:00Z");
            FunctionError::argument(argument, message)
        })
    }

    /// Nanoseconds since the beginning of 1970.
    pub(super) fn instant(&self) -> i128 {
        let clock = self.hour * 3600 + self.minute * 60 + self.second - self.offset;
        let seconds = days_before(self.year, self.month, self.day) * DAY + clock;
        i128::from(seconds) * NANOS + i128::from(self.nanos)
    }

    /// The same clock and offset at another moment.
    pub(super) fn at(instant: i128, offset: i64) -> Self {
        let seconds = i64::try_from(instant.div_euclid(NANOS)).unwrap_or(0) + offset;
        let (year, month, day) = date_of(seconds.div_euclid(DAY));
        let clock = seconds.rem_euclid(DAY);
        Stamp {
            year,
            month,
            day,
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
            nanos: i64::try_from(instant.rem_euclid(NANOS)).unwrap_or(0),
            offset,
        }
    }

    /// 0 for Monday.
    pub(super) fn weekday(&self) -> i64 {
        // The first day of 1970 was a Thursday.
        (days_before(self.year, self.month, self.day) + 3).rem_euclid(7)
    }
}

fn read(text: &str, reading: Reading) -> Option<Stamp> {
    let mut rest = Digits(text);
    let year = rest.number(4)?;
    let month = rest.after('-')?.number(2)?;
    let day = rest.after('-')?.number(2)?;
    rest.after('T')?;
    let short = reading == Reading::Lenient && rest.0.as_bytes().get(1) == Some(&b':');
    let hour = rest.number(if short { 1 } else { 2 })?;
    let minute = rest.after(':')?.number(2)?;
    let second = rest.after(':')?.number(2)?;
    let nanos = rest.fraction(reading)?;
    let offset = zone_offset(rest.0, reading)?;
    let valid = (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    valid.then_some(Stamp {
        year,
        month,
        day,
        hour,
        minute,
        second,
        nanos,
        offset,
    })
}

/// Text that begins with digits.
struct Digits<'a>(&'a str);

impl Digits<'_> {
    fn number(&mut self, count: usize) -> Option<i64> {
        let part = self.0.get(..count)?;
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = self.0.get(count..)?;
        part.parse().ok()
    }

    fn after(&mut self, sign: char) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(sign)?;
        Some(self)
    }

    /// Nanoseconds behind a point; digits past the ninth are dropped.
    fn fraction(&mut self, reading: Reading) -> Option<i64> {
        let comma = reading == Reading::Lenient;
        let Some(rest) = self.0.strip_prefix(|c| c == '.' || comma && c == ',') else {
            return Some(0);
        };
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        if end == 0 {
            return None;
        }
        let digits = rest[..end].chars().chain("000000000".chars());
        self.0 = &rest[end..];
        digits.take(9).collect::<String>().parse().ok()
    }
}

/// `Z`, `+02:00`, `-07:30`: seconds.
fn zone_offset(zone: &str, reading: Reading) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match zone.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, zone.strip_prefix('-')?),
    };
    let mut rest = Digits(rest);
    let hours = rest.number(2)?;
    let minutes = rest.after(':')?.number(2)?;
    let (most_hours, most_minutes) = match reading {
        Reading::Strict => (23, 59),
        Reading::Lenient => (24, 60),
    };
    let fits = rest.0.is_empty() && hours <= most_hours && minutes <= most_minutes;
    fits.then_some(sign * (hours * 3600 + minutes * 60))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the beginning of 1970 to a date. Years are counted from March, so that a leap day is the last one.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date so many days after the beginning of 1970.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = era * 400 + year + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_hundred_years_follows_the_one_before_it() {
        let mut day = days_before(1600, 1, 1);
        for year in 1600..2400 {
            for month in 1..=12 {
                for of_month in 1..=days_of(year, month) {
                    assert_eq!(days_before(year, month, of_month), day);
                    assert_eq!(date_of(day), (year, month, of_month));
                    day += 1;
                }
            }
        }
        assert_eq!(days_before(1970, 1, 1), 0);
    }

    #[test]
    fn what_lenient_reading_takes_strict_reading_refuses() {
        for text in [
            "2024-01-01T9:00:00Z",
            "2024-01-01T09:00:00,5Z",
            "2024-01-01T09:00:00+24:60",
        ] {
            assert!(read(text, Reading::Lenient).is_some(), "{text}");
            assert!(read(text, Reading::Strict).is_none(), "{text}");
        }
    }

    #[test]
    fn broken_times_are_refused_wherever_they_break() {
        let whole = "2024-02-29T12:00:00.5+02:00";
        assert!(read(whole, Reading::Strict).is_some());
        for end in 0..whole.len() {
            assert!(read(&whole[..end], Reading::Lenient).is_none(), "{end}");
        }
        assert!(read("2023-02-29T12:00:00Z", Reading::Lenient).is_none());
    }
}
