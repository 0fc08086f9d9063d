//! Functions of times.

mod stamp;

use cty::{Type, Value};

use super::text::text;
use super::{Environment, Function, FunctionError, Kind, Parameter, number, string};
use stamp::{Reading, Stamp};

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
    )
    .promising_nothing(),
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

fn formatdate(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let stamp = Stamp::parse(text(arguments, 1), 1, Reading::Strict)?;
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

/// Text in single quotes. Two of them stand for one, inside and outside of other text; a pair at the very end closes it too.
fn quoted<'a>(text: &'a str, out: &mut String) -> Result<&'a str, FunctionError> {
    let mut rest = &text[1..];
    if let Some(behind) = rest.strip_prefix('\'') {
        out.push('\'');
        return Ok(behind);
    }
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
            Some("") => {
                out.push('\'');
                return Ok("");
            }
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
    let twelve = match stamp.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let name = |names: &[&'static str], at: i64| {
        let at = usize::try_from(at).ok();
        at.and_then(|at| names.get(at).copied()).unwrap_or_default()
    };
    let (day, month) = (name(&DAYS, stamp.weekday()), name(&MONTHS, stamp.month - 1));
    let short = |name: &str| name.chars().take(3).collect();
    let half = if stamp.hour < 12 { "AM" } else { "PM" };
    Ok(match token {
        "YYYY" => format!("{:04}", stamp.year),
        "YY" => format!("{:02}", stamp.year % 100),
        "MMMM" => month.to_owned(),
        "MMM" => short(month),
        "MM" => format!("{:02}", stamp.month),
        "M" => stamp.month.to_string(),
        "DD" => format!("{:02}", stamp.day),
        "D" => stamp.day.to_string(),
        "EEEE" => day.to_owned(),
        "EEE" => short(day),
        "hh" => format!("{:02}", stamp.hour),
        "h" => stamp.hour.to_string(),
        "HH" => format!("{twelve:02}"),
        "H" => twelve.to_string(),
        "AA" => half.to_owned(),
        "aa" => half.to_ascii_lowercase(),
        "mm" => format!("{:02}", stamp.minute),
        "m" => stamp.minute.to_string(),
        "ss" => format!("{:02}", stamp.second),
        "s" => stamp.second.to_string(),
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

fn zone(offset: i64, separator: &str) -> String {
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
    i64::try_from(sign * total).map_err(|_| wrong())
}

fn timeadd(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let stamp = Stamp::parse(text(arguments, 0), 0, Reading::Strict)?;
    let nanos = duration(text(arguments, 1))?;
    let moved = Stamp::at(stamp.instant() + i128::from(nanos), stamp.offset);
    let zone = if stamp.offset == 0 {
        "Z".to_owned()
    } else {
        zone(stamp.offset, ":")
    };
    let sign = if moved.year < 0 { "-" } else { "" };
    Ok(Value::string(format!(
        "{sign}{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
        moved.year.abs(),
        moved.month,
        moved.day,
        moved.hour,
        moved.minute,
        moved.second,
    )))
}

fn timecmp(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let read = |at: usize| Stamp::parse(text(arguments, at), at, Reading::Lenient);
    let (a, b) = (read(0)?.instant(), read(1)?.instant());
    Ok(Value::number(match a.cmp(&b) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    }))
}
