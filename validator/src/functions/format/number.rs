//! Numbers under the verbs of a format.

use cty::Number;
use num_bigint::BigUint;

use super::verb::Verb;

/// The text of a number, with its sign, without padding.
pub(super) fn write(number: &Number, verb: &Verb<'_>) -> Result<String, String> {
    let mut negative = number.to_string().starts_with('-');
    let unsigned = match verb.letter {
        'b' | 'd' | 'o' | 'x' | 'X' => {
            // Only fractions have a zero with a sign.
            negative &= !number.is_zero();
            whole(number, verb)?
        }
        'e' | 'E' => scientific(number, verb.precision, verb.letter),
        'f' => fixed(number, verb.precision),
        _ => general(number, verb.precision, verb.letter == 'G'),
    };
    let sign = match (negative, verb.plus, verb.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    };
    Ok(format!("{sign}{unsigned}"))
}

fn whole(number: &Number, verb: &Verb<'_>) -> Result<String, String> {
    let refused = || "an integer is required".to_owned();
    if !number.is_integer() {
        return Err(refused());
    }
    let exact = number.exact_digits().ok_or_else(refused)?;
    let length = usize::try_from(exact.point).unwrap_or(0);
    let zeros = "0".repeat(length.saturating_sub(exact.digits.len()));
    let mut digits = match (exact.digits.as_str(), verb.letter) {
        ("", _) => "0".to_owned(),
        (some, 'd') => format!("{some}{zeros}"),
        (some, letter) => {
            let read = format!("{some}{zeros}").parse::<BigUint>();
            let radix = match letter {
                'b' => 2,
                'o' => 8,
                _ => 16,
            };
            read.map_err(|_| refused())?.to_str_radix(radix)
        }
    };
    if verb.letter == 'X' {
        digits.make_ascii_uppercase();
    }
    match verb.precision {
        Some(precision) if precision <= 1_000_000 => {
            let missing = precision.saturating_sub(digits.len());
            digits = format!("{}{digits}", "0".repeat(missing));
        }
        _ => {}
    }
    let prefix = match verb.letter {
        'b' if verb.sharp => "0b",
        'o' if verb.sharp => "0",
        'x' if verb.sharp => "0x",
        'X' if verb.sharp => "0X",
        _ => "",
    };
    Ok(format!("{prefix}{digits}"))
}

/// All digits and the power of ten behind the first one, without trailing zeros: 1.25 is ("125", 0).
fn decimal(number: &Number) -> (String, i64) {
    match number.exact_digits() {
        Some(exact) if !exact.digits.is_empty() => (exact.digits, exact.point - 1),
        _ => ("0".into(), 0),
    }
}

/// The same with no more digits than tell the number from its neighbours.
fn shortest(number: &Number) -> (String, i64) {
    let text = number.to_string();
    let text = text.trim_start_matches('-');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all: String = [whole, fraction].concat();
    let leading = all.bytes().take_while(|byte| *byte == b'0').count();
    let digits = all[leading..].trim_end_matches('0');
    if digits.is_empty() {
        return ("0".into(), 0);
    }
    let exponent =
        i64::try_from(whole.len()).unwrap_or(0) - 1 - i64::try_from(leading).unwrap_or(0);
    (digits.to_owned(), exponent)
}

/// Digits rounded half to even, on the exact decimal digits; the exponent grows when all nines turn over.
fn rounded(digits: &str, exponent: i64, keep: i64) -> (String, i64) {
    let Ok(keep) = usize::try_from(keep) else {
        return ("0".into(), exponent);
    };
    if digits.len() <= keep {
        return (digits.to_owned(), exponent);
    }
    let (head, tail) = digits.split_at(keep);
    let up = match tail.as_bytes() {
        [b'5'] => head.bytes().last().is_some_and(|byte| byte % 2 == 1),
        [first, ..] => *first >= b'5',
        [] => false,
    };
    let mut bytes: Vec<u8> = head.bytes().collect();
    if up {
        for byte in bytes.iter_mut().rev() {
            if *byte == b'9' {
                *byte = b'0';
            } else {
                *byte += 1;
                return (text(&bytes), exponent);
            }
        }
        bytes.insert(0, b'1');
        if keep > 0 {
            bytes.pop();
        }
        return (text(&bytes), exponent + 1);
    }
    (
        if bytes.is_empty() {
            "0".into()
        } else {
            text(&bytes)
        },
        exponent,
    )
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// `%f`: six digits behind the point where no precision is given.
fn fixed(number: &Number, precision: Option<usize>) -> String {
    if number.is_infinite() {
        return "Inf".into();
    }
    let precision = precision.unwrap_or(6).min(1_000_000);
    let (digits, exponent) = decimal(number);
    let keep = exponent + 1 + i64::try_from(precision).unwrap_or(0);
    let (digits, exponent) = rounded(&digits, exponent, keep);
    let point = exponent + 1;
    let digit = |at: i64| {
        usize::try_from(at)
            .ok()
            .and_then(|at| digits.as_bytes().get(at))
            .map_or('0', |byte| char::from(*byte))
    };
    let zero = digits == "0";
    let mut out = String::new();
    if point <= 0 || zero {
        out.push('0');
    } else {
        out.extend((0..point).map(digit));
    }
    if precision > 0 {
        out.push('.');
        let first = if zero { i64::MAX / 2 } else { point };
        out.extend((0..i64::try_from(precision).unwrap_or(0)).map(|at| digit(first + at)));
    }
    out
}

/// `%e`: one digit before the point; six behind it where no precision is given.
fn scientific(number: &Number, precision: Option<usize>, letter: char) -> String {
    if number.is_infinite() {
        return "Inf".into();
    }
    let precision = precision.unwrap_or(6).min(1_000_000);
    let (digits, exponent) = decimal(number);
    let (digits, exponent) = rounded(&digits, exponent, i64::try_from(precision).unwrap_or(0) + 1);
    let mut out = digits[..1].to_owned();
    if precision > 0 {
        out.push('.');
        let behind = &digits[1..];
        out.push_str(behind);
        out.extend(std::iter::repeat_n('0', precision - behind.len()));
    }
    power(&mut out, letter, exponent);
    out
}

fn power(out: &mut String, letter: char, exponent: i64) {
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push(letter);
    out.push(sign);
    let digits = format!("{:02}", exponent.unsigned_abs());
    out.push_str(&digits);
}

/// Without a precision, an exponent is written from this one on.
const LARGE: i64 = 6;

/// `%g`: the shorter of both, with as many digits as are needed.
// Two equal cases.
#[allow(clippy::single_match_else)]
fn general(number: &Number, precision: Option<usize>, capital: bool) -> String {
    if number.is_infinite() {
        return "Inf".into();
    }
    let (digits, exponent, limit) = match precision {
        Some(precision) => {
            let keep = i64::try_from(precision.max(1)).unwrap_or(i64::MAX);
            let (digits, exponent) = decimal(number);
            let (digits, exponent) = rounded(&digits, exponent, keep);
            let trimmed = digits.trim_end_matches('0');
            let trimmed = if trimmed.is_empty() { "0" } else { trimmed };
            (trimmed.to_owned(), exponent, keep)
        }
        None => {
            let (digits, exponent) = shortest(number);
            (digits, exponent, LARGE)
        }
    };
    if exponent < -4 || exponent >= limit {
        let mut out = digits[..1].to_owned();
        if digits.len() > 1 {
            out.push('.');
            out.push_str(&digits[1..]);
        }
        power(&mut out, if capital { 'E' } else { 'e' }, exponent);
        return out;
    }
    if exponent < 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    }
    let whole = usize::try_from(exponent + 1).unwrap_or(0);
    if digits.len() <= whole {
        return format!("{digits}{}", "0".repeat(whole - digits.len()));
    }
    format!("{}.{}", &digits[..whole], &digits[whole..])
}
