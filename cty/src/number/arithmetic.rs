//! Arithmetic on numbers, each result rounded once to 512 bits.

use std::cmp::Ordering;
use std::ops::Neg;

use num_bigint::BigUint;

use super::{Number, PRECISION, Size};

/// Compares two sizes without signs.
pub(super) fn cmp_size(a: &Size, b: &Size) -> Ordering {
    match (a, b) {
        (Size::Infinite, Size::Infinite) => Ordering::Equal,
        (Size::Infinite, _) => Ordering::Greater,
        (_, Size::Infinite) => Ordering::Less,
        (Size::Finite { mantissa: a, exponent: ea }, Size::Finite { mantissa: b, exponent: eb }) => {
            if a.bits() == 0 || b.bits() == 0 {
                return a.bits().cmp(&b.bits());
            }
            let (top_a, top_b) = (ea.saturating_add_unsigned(a.bits()), eb.saturating_add_unsigned(b.bits()));
            top_a.cmp(&top_b).then_with(|| {
                // Same leading bit: at most 512 bits of shift.
                let least = (*ea).min(*eb);
                (a << (ea - least)).cmp(&(b << (eb - least)))
            })
        }
    }
}

impl Neg for Number {
    type Output = Number;

    fn neg(self) -> Number {
        let negative = !self.negative && !self.is_zero();
        Number { negative, size: self.size }
    }
}

impl Number {
    /// The sum; `None` for the sum of opposite infinities.
    pub fn add(&self, other: &Number) -> Option<Number> {
        match (&self.size, &other.size) {
            (Size::Infinite, Size::Infinite) => (self.negative == other.negative).then(|| self.clone()),
            (Size::Infinite, _) => Some(self.clone()),
            (_, Size::Infinite) => Some(other.clone()),
            (Size::Finite { mantissa: a, exponent: ea }, Size::Finite { mantissa: b, exponent: eb }) => {
                if a.bits() == 0 {
                    return Some(other.clone());
                }
                if b.bits() == 0 {
                    return Some(self.clone());
                }
                Some(sum((self.negative, a, *ea), (other.negative, b, *eb)))
            }
        }
    }

    /// The difference; `None` for the difference of equal infinities.
    pub fn sub(&self, other: &Number) -> Option<Number> {
        self.add(&-other.clone())
    }

    /// The product; `None` for zero times infinity.
    pub fn mul(&self, other: &Number) -> Option<Number> {
        let negative = self.negative != other.negative;
        match (&self.size, &other.size) {
            (Size::Finite { mantissa: a, exponent: ea }, Size::Finite { mantissa: b, exponent: eb }) => {
                Some(Number::rounded(negative, a * b, ea + eb, false))
            }
            _ if self.is_zero() || other.is_zero() => None,
            _ => Some(Number::infinity(negative)),
        }
    }

    /// The quotient; `None` for a division by zero or of infinities.
    pub fn div(&self, other: &Number) -> Option<Number> {
        let negative = self.negative != other.negative;
        match (&self.size, &other.size) {
            (_, _) if other.is_zero() => None,
            (Size::Infinite, Size::Infinite) => None,
            (Size::Infinite, _) => Some(Number::infinity(negative)),
            (_, Size::Infinite) => Some(Number::zero()),
            (Size::Finite { mantissa: a, exponent: ea }, Size::Finite { mantissa: b, exponent: eb }) => {
                let (quotient, exponent, sticky) = quotient(a, *ea, b, *eb);
                Some(Number::rounded(negative, quotient, exponent, sticky))
            }
        }
    }

    /// The remainder with the sign of the dividend, as Terraform's `%`; `None` for a division by zero or of infinities.
    pub fn rem(&self, other: &Number) -> Option<Number> {
        if self.is_infinite() || other.is_zero() {
            return None;
        }
        if other.is_infinite() {
            return Some(self.clone());
        }
        let whole = self.div(other)?.trunc();
        self.sub(&whole.mul(other)?)
    }

    /// Without its fraction.
    #[must_use]
    pub fn trunc(&self) -> Number {
        match &self.size {
            Size::Finite { mantissa, exponent } if *exponent < 0 => Number::rounded(self.negative, mantissa >> exponent.unsigned_abs(), 0, false),
            _ => self.clone(),
        }
    }

    /// The largest integer not above it.
    #[must_use]
    pub fn floor(&self) -> Number {
        let whole = self.trunc();
        if self.negative && whole != *self { whole.sub(&Number::from(1_u64)).unwrap_or(whole) } else { whole }
    }

    /// The smallest integer not below it.
    #[must_use]
    pub fn ceil(&self) -> Number {
        -(-self.clone()).floor()
    }
}

type Part<'a> = (bool, &'a BigUint, i64);

fn sum((na, a, ea): Part<'_>, (nb, b, eb): Part<'_>) -> Number {
    let (top_a, top_b) = (ea.saturating_add_unsigned(a.bits()), eb.saturating_add_unsigned(b.bits()));
    // Far below the last bit of the other only the fact that it is there matters: stand in with the smallest such part.
    let reach = i64::try_from(PRECISION).unwrap_or(i64::MAX) * 2 + 4;
    if top_a - top_b > reach {
        return nudged((na, a, ea), nb, reach);
    }
    if top_b - top_a > reach {
        return nudged((nb, b, eb), na, reach);
    }
    let least = ea.min(eb);
    let (a, b) = (a << (ea - least), b << (eb - least));
    match (na == nb, a.cmp(&b)) {
        (true, _) => Number::rounded(na, a + b, least, false),
        (false, Ordering::Equal) => Number::zero(),
        (false, Ordering::Greater) => Number::rounded(na, a - b, least, false),
        (false, Ordering::Less) => Number::rounded(nb, b - a, least, false),
    }
}

/// The larger part with something tiny added or taken away.
fn nudged((negative, mantissa, exponent): Part<'_>, tiny_negative: bool, reach: i64) -> Number {
    let wide = mantissa << reach;
    let moved = if negative == tiny_negative { wide + 1_u8 } else { wide - 1_u8 };
    Number::rounded(negative, moved, exponent - reach, true)
}

/// `a * 2^ea / (b * 2^eb)` to at least 514 bits, with a flag for what was cut off.
pub(super) fn quotient(a: &BigUint, ea: i64, b: &BigUint, eb: i64) -> (BigUint, i64, bool) {
    let shift = (PRECISION + 2 + b.bits()).saturating_sub(a.bits());
    let dividend = a << shift;
    let quotient = &dividend / b;
    let sticky = &quotient * b != dividend;
    // The flag counts only below the cut: keep one more bit to hold it.
    let exponent = (ea - eb).saturating_sub_unsigned(shift);
    (quotient, exponent, sticky)
}
