//! What a scalar means: words for true, false and null, numbers, times; all else is text.

use cty::{Number, Type, Value};

use super::wrong;
use crate::functions::FunctionError;
use crate::functions::encoding::bytes_of;

/// The value of a scalar. What is quoted is text, whatever its tag says of numbers.
pub(super) fn value(text: &str, plain: bool, tag: Option<&str>) -> Result<Value, FunctionError> {
    match tag {
        Some("str") => return Ok(Value::string(text)),
        Some("binary") => {
            return match bytes_of(text) {
                Ok(_) => Ok(Value::string(text)),
                Err(_) => Err(wrong("what is tagged as binary is not base64")),
            };
        }
        Some("null") => return Ok(Value::null(Type::Dynamic)),
        Some("bool" | "int" | "float" | "timestamp") | None => {}
        Some(other) => return Err(wrong(format!("the tag !!{other} is not supported"))),
    }
    if !plain {
        return Ok(Value::string(text));
    }
    let found = untagged(text)?;
    match tag {
        // A number is taken for a truth, but text is not.
        Some(tag)
            if *found.ty() == Type::String && (tag != "timestamp" || time(text).is_none()) =>
        {
            Err(wrong(format!("{text:?} is no !!{tag}")))
        }
        _ => Ok(found),
    }
}

/// What a plain scalar means without a tag.
fn untagged(text: &str) -> Result<Value, FunctionError> {
    if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Ok(Value::null(Type::Dynamic));
    }
    if let Some(truth) = bool(text) {
        return Ok(Value::bool(truth));
    }
    match text.trim_start_matches(['+', '-']) {
        ".inf" | ".Inf" | ".INF" => {
            return Ok(Value::number(Number::infinity(text.starts_with('-'))));
        }
        ".nan" | ".NaN" | ".NAN" => return Err(wrong("there is no number for .nan")),
        _ => {}
    }
    if let Some(number) = number(text) {
        return Ok(Value::number(number));
    }
    Ok(Value::string(time(text).unwrap_or_else(|| text.to_owned())))
}

fn bool(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => {
            Some(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            Some(false)
        }
        _ => None,
    }
}

/// Decimal, also with leading zeros; hexadecimal and octal with `0x` and `0o`.
fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = unsigned.strip_prefix(prefix) {
            let magnitude = i64::from_str_radix(digits, radix)
                .ok()
                .filter(|_| !digits.starts_with(['+', '-']))?;
            return Some(Number::from(if text.starts_with('-') {
                -magnitude
            } else {
                magnitude
            }));
        }
    }
    let first = unsigned.bytes().next()?;
    if !(first.is_ascii_digit() || first == b'.') {
        return None;
    }
    let shape = unsigned
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    let digit = unsigned.bytes().any(|byte| byte.is_ascii_digit());
    if !shape || !digit {
        return None;
    }
    Number::parse(text.strip_prefix('+').unwrap_or(text)).ok()
}

/// A date or time in RFC 3339, without fractions of a second; a zone that is missing is UTC.
fn time(text: &str) -> Option<String> {
    let (date, clock) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim_start())),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (year, month, day) = (
        digits(parts.next()?, 4, 4)?,
        digits(parts.next()?, 1, 2)?,
        digits(parts.next()?, 1, 2)?,
    );
    if parts.next().is_some() {
        return None;
    }
    let (hour, minute, second, zone) = match clock {
        None => (0, 0, 0, "Z".to_owned()),
        Some(clock) => self::clock(clock, !text.contains(' '))?,
    };
    let narrow = |value: i16| i8::try_from(value).ok();
    jiff::civil::DateTime::new(
        year,
        narrow(month)?,
        narrow(day)?,
        narrow(hour)?,
        narrow(minute)?,
        narrow(second)?,
        0,
    )
    .ok()?;
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"
    ))
}

/// Hours, minutes, seconds and the zone, which must be there behind a `T` and must not behind a blank.
fn clock(text: &str, zoned: bool) -> Option<(i16, i16, i16, String)> {
    let end = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(end);
    if zoned == zone.is_empty() {
        return None;
    }
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut parts = clock.split(':');
    let (hour, minute, second) = (
        digits(parts.next()?, 1, 2)?,
        digits(parts.next()?, 1, 2)?,
        digits(parts.next()?, 1, 2)?,
    );
    if parts.next().is_some() {
        return None;
    }
    let zone = match zone {
        "" | "Z" => "Z".to_owned(),
        other => {
            let (hours, minutes) = other[1..].split_once(':')?;
            let (hours, minutes) = (digits(hours, 2, 2)?, digits(minutes, 2, 2)?);
            if hours == 0 && minutes == 0 {
                "Z".to_owned()
            } else {
                other.to_owned()
            }
        }
    };
    Some((hour, minute, second, zone))
}

fn digits(text: &str, least: usize, most: usize) -> Option<i16> {
    let fits =
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}
