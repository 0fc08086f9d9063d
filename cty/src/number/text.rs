//! Decimal text of numbers: reading to 512 bits, and the shortest text that reads back as the same number.

use std::fmt;

use num_bigint::BigUint;

use super::{Number, PRECISION, Size, arithmetic};

/// Largest decimal exponent and longest text that is read: beyond it a number is an attack, not a number.
const MAX_DECIMAL_EXPONENT: i64 = 300_000;
const MAX_DIGITS: usize = 100_000;

pub(super) fn parse(text: &str) -> Option<Number> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if unsigned.eq_ignore_ascii_case("inf") {
        return Some(Number::infinity(negative));
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], unsigned[at + 1..].parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let digits: String = [whole, fraction].concat();
    if !digits.bytes().all(|b| b.is_ascii_digit()) || digits.len() > MAX_DIGITS {
        return None;
    }
    let integer = BigUint::parse_bytes(digits.as_bytes(), 10)?;
    let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    if integer.bits() == 0 {
        return Some(Number::zero());
    }
    if exponent.abs() > MAX_DECIMAL_EXPONENT {
        return None;
    }
    let power = BigUint::from(10_u8).pow(u32::try_from(exponent.unsigned_abs()).ok()?);
    if exponent >= 0 {
        return Some(Number::rounded(negative, integer * power, 0, false));
    }
    let (quotient, binary, sticky) = arithmetic::quotient(&integer, 0, &power, 0);
    Some(Number::rounded(negative, quotient, binary, sticky))
}

/// Decimal digits without trailing zeros; the value is `0.DIGITS * 10^point`.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    fn exact(mantissa: &BigUint, exponent: i64) -> Self {
        let (digits, scale) = if exponent >= 0 {
            ((mantissa << exponent).to_str_radix(10), 0)
        } else {
            let places = exponent.unsigned_abs();
            let scaled = mantissa * BigUint::from(5_u8).pow(u32::try_from(places).unwrap_or(u32::MAX));
            (scaled.to_str_radix(10), exponent)
        };
        let point = i64::try_from(digits.len()).unwrap_or(i64::MAX) + scale;
        let mut digits = digits.into_bytes();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        Decimal { digits, point }
    }

    fn at(&self, position: usize) -> u8 {
        self.digits.get(position).copied().unwrap_or(b'0')
    }

    /// Cuts to `keep` digits, upwards or downwards.
    fn cut(&mut self, keep: usize, up: bool) {
        self.digits.truncate(keep);
        if up {
            while self.digits.last() == Some(&b'9') {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    self.digits.push(b'1');
                    self.point += 1;
                }
            }
        }
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
    }

    /// Rounds to `keep` digits, to nearest even.
    fn round(&mut self, keep: usize) {
        if keep >= self.digits.len() {
            return;
        }
        let half = self.digits[keep] == b'5' && keep + 1 == self.digits.len();
        let up = if half { keep > 0 && (self.digits[keep - 1] - b'0') % 2 == 1 } else { self.digits[keep] >= b'5' };
        self.cut(keep, up);
    }
}

/// Shortens to the fewest digits that no neighbour at 512 bits shares.
fn shorten(decimal: &mut Decimal, mantissa: &BigUint, exponent: i64) {
    // Scale so that one unit is half a unit in the last place: the bounds are one above and one below.
    let widen = (PRECISION + 1).saturating_sub(mantissa.bits());
    let wide = mantissa << widen;
    let scale = exponent.saturating_sub_unsigned(widen);
    let inclusive = !wide.bit(1);
    let lower = Decimal::exact(&(&wide - 1_u8), scale);
    let upper = Decimal::exact(&(&wide + 1_u8), scale);
    for position in 0..decimal.digits.len() {
        let (l, m, u) = (lower.at(position), decimal.digits[position], upper.at(position));
        let down = l != m || (inclusive && position + 1 == lower.digits.len());
        let up = m != u && (inclusive || m + 1 < u || position + 1 < upper.digits.len());
        match (down, up) {
            (true, true) => return decimal.round(position + 1),
            (true, false) => return decimal.cut(position + 1, false),
            (false, true) => return decimal.cut(position + 1, true),
            (false, false) => {}
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let (mantissa, exponent) = match &self.size {
            Size::Infinite => return write!(f, "{sign}Inf"),
            Size::Finite { mantissa, .. } if mantissa.bits() == 0 => return f.write_str("0"),
            Size::Finite { mantissa, exponent } => (mantissa, *exponent),
        };
        if exponent >= 0 && exponent.saturating_add_unsigned(mantissa.bits()) <= 128 {
            return write!(f, "{sign}{}", mantissa << exponent);
        }
        let mut decimal = Decimal::exact(mantissa, exponent);
        shorten(&mut decimal, mantissa, exponent);
        let digits = String::from_utf8_lossy(&decimal.digits);
        match usize::try_from(decimal.point) {
            Ok(point) if point >= digits.len() => write!(f, "{sign}{digits}{}", "0".repeat(point - digits.len())),
            Ok(point) if point > 0 => write!(f, "{sign}{}.{}", &digits[..point], &digits[point..]),
            _ => write!(f, "{sign}0.{}{digits}", "0".repeat(usize::try_from(-decimal.point).unwrap_or(0))),
        }
    }
}
