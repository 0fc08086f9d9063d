//! Decimal text of numbers: reading to 512 bits, and the shortest text that reads back as the same number.

use std::fmt;

use num_bigint::BigUint;

use super::{Number, PRECISION, Size, arithmetic};

/// Largest exponent and longest text that is read: beyond it a number is an attack, not a number.
const MAX_EXPONENT: i64 = 300_000;
const MAX_LENGTH: usize = 100_000;

/// Base of an exponent: `1e3` is a thousand, `1p3` is eight.
enum Base {
    Ten,
    Two,
}

pub(super) fn parse(text: &str) -> Option<Number> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if unsigned == "Inf" || unsigned == "inf" {
        return Some(Number::infinity(negative));
    }
    let (mantissa, base, exponent) = split(unsigned)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let integer = BigUint::parse_bytes(digits.as_bytes(), 10)?;
    let places = i64::try_from(fraction.len()).ok()?;
    let (ten, two) = match base {
        Base::Ten => (exponent - places, exponent - places),
        Base::Two => (-places, exponent - places),
    };
    if integer.bits() == 0 || ten == 0 {
        return Some(Number::rounded(negative, integer, two, false, PRECISION));
    }
    // Powers of two are exact; what is left of ten is five. The power is rounded itself, 64 bits further down than the
    // result: Terraform reads numbers so, and the last bit must be the same.
    let (power, shift) = power_of_five(ten.unsigned_abs());
    if ten > 0 {
        return Some(Number::rounded(
            negative,
            integer * power,
            two + shift,
            false,
            PRECISION,
        ));
    }
    let (quotient, exponent, sticky) = arithmetic::quotient((&integer, two), (&power, shift));
    Some(Number::rounded(
        negative, quotient, exponent, sticky, PRECISION,
    ))
}

fn split(text: &str) -> Option<(&str, Base, i64)> {
    let Some(at) = text.find(['e', 'E', 'p', 'P']) else {
        return Some((text, Base::Ten, 0));
    };
    let base = if text[at..].starts_with(['e', 'E']) {
        Base::Ten
    } else {
        Base::Two
    };
    let exponent = text[at + 1..].parse::<i64>().ok()?;
    (exponent.abs() <= MAX_EXPONENT).then_some((&text[..at], base, exponent))
}

/// `5^n` as mantissa and binary exponent, to 576 bits: squared and multiplied from `5^27` on with 640 bits for the squares,
/// as `math/big` does it.
fn power_of_five(n: u64) -> (BigUint, i64) {
    const EXACT: u64 = 27;
    let five = BigUint::from(5_u8);
    if n <= EXACT {
        return (five.pow(u32::try_from(n).unwrap_or(0)), 0);
    }
    let mut rest = n - EXACT;
    let (mut power, mut shift) = (five.pow(27), 0_i64);
    let (mut square, mut square_shift) = (five, 0_i64);
    while rest > 0 {
        if rest & 1 == 1 {
            (power, shift) = arithmetic::round(
                power * &square,
                shift + square_shift,
                false,
                u64::from(PRECISION) + 64,
            );
        }
        (square, square_shift) = arithmetic::round(
            &square * &square,
            2 * square_shift,
            false,
            u64::from(PRECISION) + 128,
        );
        rest >>= 1;
    }
    (power, shift)
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
            let scaled =
                mantissa * BigUint::from(5_u8).pow(u32::try_from(places).unwrap_or(u32::MAX));
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

    /// Written without an exponent.
    fn plain(&self) -> String {
        let digits = String::from_utf8_lossy(&self.digits);
        match usize::try_from(self.point) {
            Ok(point) if point >= digits.len() => {
                format!("{digits}{}", "0".repeat(point - digits.len()))
            }
            Ok(point) if point > 0 => format!("{}.{}", &digits[..point], &digits[point..]),
            _ => format!(
                "0.{}{digits}",
                "0".repeat(usize::try_from(-self.point).unwrap_or(0))
            ),
        }
    }

    /// Cuts to `keep` digits, upwards or downwards.
    fn cut(&mut self, keep: usize, up: bool) {
        self.digits.truncate(keep);
        if up {
            while self.digits.last() == Some(&b'9') {
                self.digits.pop();
            }
            if let Some(last) = self.digits.last_mut() {
                *last += 1;
            } else {
                self.digits.push(b'1');
                self.point += 1;
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
        let up = if half {
            keep > 0 && (self.digits[keep - 1] - b'0') % 2 == 1
        } else {
            self.digits[keep] >= b'5'
        };
        self.cut(keep, up);
    }
}

/// Shortens to the fewest digits that no neighbour of this precision shares.
fn shorten(decimal: &mut Decimal, mantissa: &BigUint, exponent: i64, precision: u16) {
    // Scale so that one unit is half a unit in the last place: the bounds are one above and one below.
    let widen = (u64::from(precision) + 1).saturating_sub(mantissa.bits());
    let wide = mantissa << widen;
    let scale = exponent.saturating_sub_unsigned(widen);
    let inclusive = !wide.bit(1);
    let lower = Decimal::exact(&(&wide - 1_u8), scale);
    let upper = Decimal::exact(&(&wide + 1_u8), scale);
    for position in 0..decimal.digits.len() {
        let (l, m, u) = (
            lower.at(position),
            decimal.digits[position],
            upper.at(position),
        );
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
            Size::Infinite => return f.write_str(if self.negative { "-Inf" } else { "+Inf" }),
            Size::Finite { mantissa, .. } if mantissa.bits() == 0 => return write!(f, "{sign}0"),
            Size::Finite { mantissa, exponent } => (mantissa, *exponent),
        };
        let bits = exponent.saturating_add_unsigned(mantissa.bits());
        if exponent >= 0 && bits <= 128.min(i64::from(self.precision)) {
            return write!(f, "{sign}{}", mantissa << exponent);
        }
        let mut decimal = Decimal::exact(mantissa, exponent);
        shorten(&mut decimal, mantissa, exponent, self.precision);
        write!(f, "{sign}{}", decimal.plain())
    }
}

/// All digits of a number, however many those are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExactDigits {
    /// Whether a minus sign stands in front; zero may have one.
    pub negative: bool,
    /// The digits without zeros at either end; none for zero.
    pub digits: String,
    /// Where the point stands among them: the value is `0.DIGITS * 10^point`.
    pub point: i64,
}

impl Number {
    /// Its exact decimal digits, not only those that tell it from its neighbours; none for an infinity.
    pub fn exact_digits(&self) -> Option<ExactDigits> {
        let Size::Finite { mantissa, exponent } = &self.size else {
            return None;
        };
        let negative = self.negative;
        if mantissa.bits() == 0 {
            return Some(ExactDigits {
                negative,
                digits: String::new(),
                point: 0,
            });
        }
        let decimal = Decimal::exact(mantissa, *exponent);
        let digits = decimal.digits.iter().map(|digit| char::from(*digit));
        Some(ExactDigits {
            negative,
            digits: digits.collect(),
            point: decimal.point,
        })
    }

    /// Text with at most ten significant digits, with an exponent where the number is very large or small: by this text
    /// Terraform sorts numbers inside the elements of sets.
    pub(crate) fn ten_digits(&self) -> String {
        const DIGITS: usize = 10;
        let sign = if self.negative { "-" } else { "" };
        let Size::Finite { mantissa, exponent } = &self.size else {
            return self.to_string();
        };
        if mantissa.bits() == 0 {
            // Zeros of both signs are equal and must sort as one.
            return "0".to_owned();
        }
        let mut decimal = Decimal::exact(mantissa, *exponent);
        decimal.round(DIGITS);
        let digits = String::from_utf8_lossy(&decimal.digits);
        let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let widest = if length >= decimal.point { length } else { 10 };
        let power = decimal.point - 1;
        if (-4..widest).contains(&power) {
            return format!("{sign}{}", decimal.plain());
        }
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let direction = if power < 0 { '-' } else { '+' };
        format!("{sign}{first}{point}{rest}e{direction}{:02}", power.abs())
    }
}
