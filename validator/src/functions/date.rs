//! Functions of times.

use cty::{Type, Value};
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::text::text;
use super::{Environment, Function, FunctionError, Kind, Parameter, number, string};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "formatdate",
        &[
            Parameter::new("format", Kind::String),
            Parameter::new("time", Kind::String),
        ],
        string,
        formatdate,
    ),
    Function::new(
        "timeadd",
        &[
            Parameter::new("timestamp", Kind::String),
            Parameter::new("duration", Kind::String),
        ],
        string,
        timeadd,
    ),
    Function::new(
        "timecmp",
        &[
            Parameter::new("timestamp_a", Kind::String),
            Parameter::new("timestamp_b", Kind::String),
        ],
        number,
        timecmp,
    ),
];

/// A point in time with the offset under which it was written.
struct Stamp {
    local: DateTime,
    /// Seconds east of Greenwich.
    offset: i32,
    /// Written with `Z`.
    utc: bool,
}

impl Stamp {
    /// Reads RFC 3339 as Terraform does: the letters are capitals, the offset is required.
    fn parse(text: &str, argument: usize) -> Result<Self, FunctionError> {
        let wrong = || {
            let message = format!("{text:?} is no time such as 2017-11-22T00:00:00Z");
            FunctionError::argument(argument, message)
        };
        let bytes = text.as_bytes();
        let shape = bytes.len() >= 20 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[10] == b'T';
        let shape = shape && bytes[13] == b':' && bytes[16] == b':' && text.is_ascii();
        if !shape {
            return Err(wrong());
        }
        let digits = |from: usize, to: usize| -> Option<i16> {
            let part = text.get(from..to)?;
            part.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| part.parse().ok())
                .flatten()
        };
        let field = |from: usize, to: usize| digits(from, to).ok_or_else(wrong);
        let (fraction, zone) = match text[19..].strip_prefix('.') {
            Some(rest) => {
                let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
                (&rest[..end], &rest[end..])
            }
            None => ("", &text[19..]),
        };
        if bytes[19] == b'.' && fraction.is_empty() {
            return Err(wrong());
        }
        let nanos: String = fraction
            .chars()
            .chain("000000000".chars())
            .take(9)
            .collect();
        let narrow = |value: i16| i8::try_from(value).map_err(|_| wrong());
        let local = DateTime::new(
            field(0, 4)?,
            narrow(field(5, 7)?)?,
            narrow(field(8, 10)?)?,
            narrow(field(11, 13)?)?,
            narrow(field(14, 16)?)?,
            narrow(field(17, 19)?)?,
            nanos.parse().map_err(|_| wrong())?,
        )
        .map_err(|_| wrong())?;
        let offset = zone_offset(zone).ok_or_else(wrong)?;
        Ok(Stamp {
            local,
            offset,
            utc: zone == "Z",
        })
    }

    fn instant(&self, argument: usize) -> Result<jiff::Timestamp, FunctionError> {
        let beyond = |_| FunctionError::argument(argument, "the time is out of range");
        let offset = Offset::from_seconds(self.offset).map_err(beyond)?;
        offset.to_timestamp(self.local).map_err(beyond)
    }
}

/// `Z`, `+02:00`, `-07:30`: seconds.
fn zone_offset(zone: &str) -> Option<i32> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match zone.as_bytes().first()? {
        b'+' => (1, &zone[1..]),
        b'-' => (-1, &zone[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str, most: i32| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>()
            .ok()
            .filter(|number| digits && *number <= most)
    };
    Some(sign * (two(hours, 23)? * 3600 + two(minutes, 59)? * 60))
}

fn formatdate(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let stamp = Stamp::parse(text(arguments, 1), 1)?;
    let format = text(arguments, 0);
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            rest = quoted(rest, &mut out)?;
            continue;
        }
        let run = rest.chars().take_while(|c| *c == first).count();
        let (token, behind) = rest.split_at(run * first.len_utf8());
        if first.is_ascii_alphabetic() {
            out.push_str(&part(token, &stamp)?);
        } else {
            out.push_str(token);
        }
        rest = behind;
    }
    Ok(Value::string(out))
}

/// Text in single quotes; two of them stand for one.
fn quoted<'a>(text: &'a str, out: &mut String) -> Result<&'a str, FunctionError> {
    let mut rest = &text[1..];
    loop {
        let Some(end) = rest.find('\'') else {
            return Err(FunctionError::argument(
                0,
                "a single quote that is not closed",
            ));
        };
        out.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(more) => {
                out.push('\'');
                rest = more;
            }
            None => return Ok(rest),
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

fn part(token: &str, stamp: &Stamp) -> Result<String, FunctionError> {
    let local = &stamp.local;
    let twelve = match local.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let name = |names: &[&str], at: i8| {
        names
            .get(usize::try_from(at - 1).unwrap_or(0))
            .copied()
            .unwrap_or_default()
            .to_owned()
    };
    let day = local.weekday().to_monday_one_offset();
    Ok(match token {
        "YYYY" => format!("{:04}", local.year()),
        "YY" => format!("{:02}", local.year() % 100),
        "MMMM" => name(&MONTHS, local.month()),
        "MMM" => name(&MONTHS, local.month()).chars().take(3).collect(),
        "MM" => format!("{:02}", local.month()),
        "M" => local.month().to_string(),
        "DD" => format!("{:02}", local.day()),
        "D" => local.day().to_string(),
        "EEEE" => name(&DAYS, day),
        "EEE" => name(&DAYS, day).chars().take(3).collect(),
        "hh" => format!("{:02}", local.hour()),
        "h" => local.hour().to_string(),
        "HH" => format!("{twelve:02}"),
        "H" => twelve.to_string(),
        "AA" => if local.hour() < 12 { "AM" } else { "PM" }.into(),
        "aa" => if local.hour() < 12 { "am" } else { "pm" }.into(),
        "mm" => format!("{:02}", local.minute()),
        "m" => local.minute().to_string(),
        "ss" => format!("{:02}", local.second()),
        "s" => local.second().to_string(),
        "ZZZ" if stamp.offset == 0 => "UTC".into(),
        "Z" if stamp.offset == 0 => "Z".into(),
        "ZZZZ" | "ZZZ" => zone(stamp.offset, ""),
        "ZZZZZ" | "Z" => zone(stamp.offset, ":"),
        other => {
            return Err(FunctionError::argument(
                0,
                format!("{other:?} is no part of a date; text is written in single quotes"),
            ));
        }
    })
}

fn zone(offset: i32, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.unsigned_abs() / 60;
    format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
}

/// A duration as Go writes it: `1h30m`, `-1.5s`; nanoseconds.
fn duration(text: &str) -> Result<i64, FunctionError> {
    let wrong =
        || FunctionError::argument(1, format!("{text:?} is no duration such as 1h30m or -10s"));
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut total = 0_i128;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(wrong)?;
        let (number, behind) = rest.split_at(end);
        let unit_end = behind
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit_end);
        let nanos: i128 = match unit {
            "ns" => 1,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return Err(wrong()),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') || number.len() > 40 {
            return Err(wrong());
        }
        let read = |digits: &str| -> Result<i128, FunctionError> {
            if digits.is_empty() {
                Ok(0)
            } else {
                digits.parse().map_err(|_| wrong())
            }
        };
        let fraction: String = fraction.chars().take(15).collect();
        let scale = 10_i128.pow(u32::try_from(fraction.len()).unwrap_or(0));
        let amount =
            read(whole)?.checked_mul(nanos).ok_or_else(wrong)? + read(&fraction)? * nanos / scale;
        total = total.checked_add(amount).ok_or_else(wrong)?;
        rest = behind;
    }
    i64::try_from(total)
        .map(|total| sign * total)
        .map_err(|_| wrong())
}

fn timeadd(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let stamp = Stamp::parse(text(arguments, 0), 0)?;
    let nanos = duration(text(arguments, 1))?;
    let beyond = |_| FunctionError::argument(1, "the result is out of range");
    let moved = stamp
        .instant(0)?
        .checked_add(jiff::SignedDuration::from_nanos(nanos))
        .map_err(beyond)?;
    let offset = Offset::from_seconds(stamp.offset).map_err(beyond)?;
    let local = offset.to_datetime(moved);
    let zone = if stamp.utc || stamp.offset == 0 {
        "Z".to_owned()
    } else {
        zone(stamp.offset, ":")
    };
    Ok(Value::string(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute(),
        local.second(),
    )))
}

fn timecmp(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let a = Stamp::parse(text(arguments, 0), 0)?.instant(0)?;
    let b = Stamp::parse(text(arguments, 1), 1)?.instant(1)?;
    Ok(Value::number(match a.cmp(&b) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    }))
}
