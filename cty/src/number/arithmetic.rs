//! Arithmetic on numbers, each result rounded once, to the larger precision of both operands.

use std::cmp::Ordering;
use std::ops::Neg;

use num_bigint::BigUint;

use super::{Number, PRECISION, Size};

/// Rounds `mantissa * 2^exponent` to so many bits, to nearest even. `sticky` says that something not zero was cut off
/// below already; then the mantissa must have more bits than are kept.
pub(super) fn round(
    mut mantissa: BigUint,
    exponent: i64,
    sticky: bool,
    precision: u64,
) -> (BigUint, i64) {
    let bits = mantissa.bits();
    if bits <= precision {
        return (mantissa, exponent);
    }
    let cut = bits - precision;
    let half = mantissa.bit(cut - 1);
    let below = sticky
        || mantissa
            .trailing_zeros()
            .is_some_and(|zeros| zeros < cut - 1);
    mantissa >>= cut;
    if half && (below || mantissa.bit(0)) {
        mantissa += 1_u8;
    }
    (mantissa, exponent.saturating_add_unsigned(cut))
}

/// The nearest float to `mantissa * 2^exponent`.
pub(super) fn nearest_f64(mantissa: &BigUint, exponent: i64) -> f64 {
    // IEEE 754 binary64: 53 bits of mantissa, the last one never below 2^-1074.
    let top = exponent.saturating_add_unsigned(mantissa.bits());
    if mantissa.bits() == 0 || top < -1074 {
        return 0.0;
    }
    if top > 1024 {
        return f64::INFINITY;
    }
    let unit = (top - 53).max(-1074);
    let kept = u64::try_from(top - unit).unwrap_or(0);
    let (rounded, exponent) = match (kept, mantissa.bits()) {
        // Half of the smallest float or a little more: only the little more counts as one.
        (0, bits) => (BigUint::from(u8::from(bits > 1)), unit),
        _ => round(mantissa.clone(), exponent, false, kept),
    };
    let (mut fraction, mut unit) = (
        u64::try_from(rounded << (exponent - unit)).unwrap_or(0),
        unit,
    );
    if fraction == 1 << 53 {
        (fraction, unit) = (fraction >> 1, unit + 1);
    }
    if fraction < 1 << 52 {
        return f64::from_bits(fraction);
    }
    match u64::try_from(unit + 1075) {
        Ok(biased) if biased < 2047 => f64::from_bits(biased << 52 | (fraction & ((1 << 52) - 1))),
        _ => f64::INFINITY,
    }
}

/// Compares two sizes without signs.
pub(super) fn cmp_size(a: &Size, b: &Size) -> Ordering {
    match (a, b) {
        (Size::Infinite, Size::Infinite) => Ordering::Equal,
        (Size::Infinite, _) => Ordering::Greater,
        (_, Size::Infinite) => Ordering::Less,
        (
            Size::Finite {
                mantissa: a,
                exponent: ea,
            },
            Size::Finite {
                mantissa: b,
                exponent: eb,
            },
        ) => {
            if a.bits() == 0 || b.bits() == 0 {
                return a.bits().cmp(&b.bits());
            }
            let (top_a, top_b) = (
                ea.saturating_add_unsigned(a.bits()),
                eb.saturating_add_unsigned(b.bits()),
            );
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
        Number {
            negative: !self.negative,
            ..self
        }
    }
}

impl Number {
    /// The sum; `None` for the sum of opposite infinities.
    pub fn add(&self, other: &Number) -> Option<Number> {
        self.add_within(other, self.precision.max(other.precision))
    }

    fn add_within(&self, other: &Number, precision: u16) -> Option<Number> {
        match (&self.size, &other.size) {
            (Size::Infinite, Size::Infinite) => {
                (self.negative == other.negative).then(|| self.clone())
            }
            (Size::Infinite, _) => Some(self.clone()),
            (_, Size::Infinite) => Some(other.clone()),
            (
                Size::Finite {
                    mantissa: a,
                    exponent: ea,
                },
                Size::Finite {
                    mantissa: b,
                    exponent: eb,
                },
            ) => {
                if a.bits() == 0 && b.bits() == 0 {
                    let negative = self.negative && other.negative;
                    return Some(Number {
                        negative,
                        precision,
                        ..Number::zero()
                    });
                }
                if a.bits() == 0 {
                    return Some(other.with_precision(precision));
                }
                if b.bits() == 0 {
                    return Some(self.with_precision(precision));
                }
                Some(sum(
                    (self.negative, a, *ea),
                    (other.negative, b, *eb),
                    precision,
                ))
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
            (
                Size::Finite {
                    mantissa: a,
                    exponent: ea,
                },
                Size::Finite {
                    mantissa: b,
                    exponent: eb,
                },
            ) => {
                // The precision grows with the product, so that no bit is lost before the 512th.
                let product = Number::rounded(negative, a * b, ea + eb, false, PRECISION);
                let needed = match &product.size {
                    Size::Finite { mantissa, .. } => {
                        u16::try_from(mantissa.bits()).unwrap_or(PRECISION)
                    }
                    Size::Infinite => PRECISION,
                };
                let precision = self.precision.max(other.precision).max(needed);
                Some(Number {
                    precision,
                    ..product
                })
            }
            _ if self.is_zero() || other.is_zero() => None,
            _ => Some(Number::infinity(negative)),
        }
    }

    /// The quotient; infinite for a division by zero, `None` for zero by zero and for infinity by infinity.
    pub fn div(&self, other: &Number) -> Option<Number> {
        let negative = self.negative != other.negative;
        match (&self.size, &other.size) {
            (Size::Infinite, Size::Infinite) => None,
            (Size::Infinite, _) => Some(Number::infinity(negative)),
            (_, Size::Infinite) => Some(self.nothing(other, negative)),
            (
                Size::Finite {
                    mantissa: a,
                    exponent: ea,
                },
                Size::Finite {
                    mantissa: b,
                    exponent: eb,
                },
            ) => match (a.bits() == 0, b.bits() == 0) {
                (true, true) => None,
                (true, false) => Some(self.nothing(other, negative)),
                (false, true) => Some(Number::infinity(negative)),
                (false, false) => {
                    let (quotient, exponent, sticky) = quotient((a, *ea), (b, *eb));
                    let precision = self.precision.max(other.precision);
                    Some(Number::rounded(
                        negative, quotient, exponent, sticky, precision,
                    ))
                }
            },
        }
    }

    /// Zero with the precision that a result of both has.
    fn nothing(&self, other: &Number, negative: bool) -> Number {
        Number {
            negative,
            precision: self.precision.max(other.precision),
            ..Number::zero()
        }
    }

    /// The remainder with the sign of the dividend, as Terraform's `%`: a division by zero leaves the dividend, and an
    /// infinity is multiplied with the divisor. There is none by an infinity, nor of an infinity by zero.
    pub fn rem(&self, other: &Number) -> Option<Number> {
        if other.is_infinite() {
            return None;
        }
        if self.is_infinite() {
            return self.mul(other);
        }
        if other.is_zero() {
            return Some(self.clone());
        }
        // All that follows the division has the precision of the dividend.
        let whole = self.div(other)?.trunc().with_precision(self.precision);
        let part = other.mul(&whole)?.with_precision(self.precision);
        self.add_within(&-part, self.precision)
    }

    /// Without its fraction; zero has no sign then.
    #[must_use]
    pub fn trunc(&self) -> Number {
        match &self.size {
            Size::Finite { mantissa, exponent } if *exponent < 0 => {
                let whole = mantissa >> exponent.unsigned_abs();
                Number::rounded(
                    self.negative && whole.bits() > 0,
                    whole,
                    0,
                    false,
                    self.precision,
                )
            }
            Size::Finite { mantissa, .. } if mantissa.bits() == 0 => Number {
                negative: false,
                ..self.clone()
            },
            _ => self.clone(),
        }
    }

    /// The largest integer not above it.
    #[must_use]
    pub fn floor(&self) -> Number {
        let whole = self.trunc();
        if self.is_negative() && whole != *self {
            whole.sub(&Number::from(1_u64)).unwrap_or(whole)
        } else {
            whole
        }
    }

    /// The smallest integer not below it.
    #[must_use]
    pub fn ceil(&self) -> Number {
        let whole = self.trunc();
        if !self.is_negative() && whole != *self {
            whole.add(&Number::from(1_u64)).unwrap_or(whole)
        } else {
            whole
        }
    }
}

type Part<'a> = (bool, &'a BigUint, i64);

fn sum((na, a, ea): Part<'_>, (nb, b, eb): Part<'_>, precision: u16) -> Number {
    let (top_a, top_b) = (
        ea.saturating_add_unsigned(a.bits()),
        eb.saturating_add_unsigned(b.bits()),
    );
    // Far below the last bit of the other only the fact that it is there matters: stand in with the smallest such part.
    let reach = i64::from(PRECISION) * 2 + 4;
    if top_a - top_b > reach {
        return nudged((na, a, ea), nb, reach, precision);
    }
    if top_b - top_a > reach {
        return nudged((nb, b, eb), na, reach, precision);
    }
    let least = ea.min(eb);
    let (a, b) = (a << (ea - least), b << (eb - least));
    match (na == nb, a.cmp(&b)) {
        (true, _) => Number::rounded(na, a + b, least, false, precision),
        (false, Ordering::Equal) => Number {
            precision,
            ..Number::zero()
        },
        (false, Ordering::Greater) => Number::rounded(na, a - b, least, false, precision),
        (false, Ordering::Less) => Number::rounded(nb, b - a, least, false, precision),
    }
}

/// The larger part with something tiny added or taken away.
fn nudged(
    (negative, mantissa, exponent): Part<'_>,
    tiny_negative: bool,
    reach: i64,
    precision: u16,
) -> Number {
    let wide = mantissa << reach;
    let moved = if negative == tiny_negative {
        wide + 1_u8
    } else {
        wide - 1_u8
    };
    Number::rounded(negative, moved, exponent - reach, true, precision)
}

/// `a * 2^ea / (b * 2^eb)` to at least 514 bits, with a flag for what was cut off.
pub(super) fn quotient((a, ea): (&BigUint, i64), (b, eb): (&BigUint, i64)) -> (BigUint, i64, bool) {
    let shift = (u64::from(PRECISION) + 2 + b.bits()).saturating_sub(a.bits());
    let dividend = a << shift;
    let quotient = &dividend / b;
    let sticky = &quotient * b != dividend;
    (
        quotient,
        ea.saturating_sub(eb).saturating_sub_unsigned(shift),
        sticky,
    )
}
