//! Numbers as Terraform has them: binary floats with a mantissa of 512 bits, so that integers are exact far past 64 bits.
//!
//! The semantics are those of Go's `math/big.Float` with rounding to nearest even, which is what Terraform computes with. A
//! number remembers its precision: 512 bits where text was read, 64 where something was counted, 53 where a float was
//! computed. The precision decides what is kept of a quotient, and how many digits a text has.

mod arithmetic;
mod text;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use num_bigint::BigUint;

pub use text::ExactDigits;

/// Most bits of a mantissa, those of numbers that were read from text.
pub(crate) const PRECISION: u16 = 512;
/// Bits of the mantissa of counted numbers.
const COUNTED: u16 = 64;
/// Bits of the mantissa of floats.
const FLOAT: u16 = 53;
/// Largest binary exponent that is computed with; beyond it a number counts as infinite, below as zero.
const MAX_EXPONENT: i64 = 1 << 20;

/// An exact number: sign, odd mantissa of at most 512 bits, binary exponent; or an infinity.
#[derive(Clone, Debug)]
pub struct Number {
    negative: bool,
    size: Size,
    precision: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Size {
    /// `mantissa * 2^exponent`, the mantissa odd or zero (then the exponent is zero too).
    Finite {
        mantissa: BigUint,
        exponent: i64,
    },
    Infinite,
}

/// The text is not a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a number")]
pub struct ParseNumberError(String);

impl Number {
    /// Zero.
    pub fn zero() -> Self {
        Number::from(0_u64)
    }

    /// Infinity of either sign. Terraform has them on the wire, though no literal makes one.
    pub fn infinity(negative: bool) -> Self {
        Number {
            negative,
            size: Size::Infinite,
            precision: PRECISION,
        }
    }

    /// Reads decimal text such as `12`, `-0.5`, `1e21`; also `Inf`, and exponents of two such as `3p-1`.
    ///
    /// # Errors
    /// When the text has another shape, an exponent past 300,000, or more than 100,000 characters.
    pub fn parse(text: &str) -> Result<Self, ParseNumberError> {
        text::parse(text).ok_or_else(|| ParseNumberError(text.chars().take(64).collect()))
    }

    /// A finite number rounded to so many bits. `sticky` says that something not zero was cut off below.
    fn rounded(
        negative: bool,
        mantissa: BigUint,
        exponent: i64,
        sticky: bool,
        precision: u16,
    ) -> Self {
        let finite = |mantissa, exponent| Number {
            negative,
            size: Size::Finite { mantissa, exponent },
            precision,
        };
        let (mantissa, exponent) =
            arithmetic::round(mantissa, exponent, sticky, u64::from(precision));
        let Some(zeros) = mantissa.trailing_zeros() else {
            return finite(mantissa, 0);
        };
        let (mantissa, exponent) = (mantissa >> zeros, exponent.saturating_add_unsigned(zeros));
        let top = exponent.saturating_add_unsigned(mantissa.bits());
        if top > MAX_EXPONENT {
            return Number::infinity(negative);
        }
        if top < -MAX_EXPONENT {
            return finite(BigUint::ZERO, 0);
        }
        finite(mantissa, exponent)
    }

    /// A float that was computed: its text has no more digits than tell it from other floats, where [`Number::try_from`] keeps
    /// every digit of its exact value.
    ///
    /// # Errors
    /// When the float is not a number.
    pub fn from_double(value: f64) -> Result<Self, NotANumber> {
        Number::try_from(value).map(|number| number.with_precision(FLOAT))
    }

    /// The same number with another precision, rounded to it.
    fn with_precision(&self, precision: u16) -> Self {
        match &self.size {
            Size::Infinite => self.clone(),
            Size::Finite { mantissa, exponent } => {
                Number::rounded(self.negative, mantissa.clone(), *exponent, false, precision)
            }
        }
    }

    /// The same whole number as one that was counted: with 64 bits, or as many as it needs. Others stay as they are.
    #[must_use]
    pub fn counted(&self) -> Self {
        match &self.size {
            Size::Finite { mantissa, exponent } if *exponent >= 0 => {
                let bits = mantissa.bits().saturating_add_signed(*exponent);
                self.with_precision(
                    u16::try_from(bits)
                        .unwrap_or(PRECISION)
                        .clamp(COUNTED, PRECISION),
                )
            }
            _ => self.clone(),
        }
    }

    /// Whether it is an infinity.
    pub fn is_infinite(&self) -> bool {
        self.size == Size::Infinite
    }

    /// Whether it is below zero. Zero with a minus sign is not.
    pub fn is_negative(&self) -> bool {
        self.negative && !self.is_zero()
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        matches!(&self.size, Size::Finite { mantissa, .. } if mantissa.bits() == 0)
    }

    /// Whether it has no fraction. Infinities have none either, but are no integers.
    pub fn is_integer(&self) -> bool {
        matches!(self.size, Size::Finite { exponent, .. } if exponent >= 0)
    }

    /// The value as an `i64`, if it is one exactly.
    pub fn to_i64(&self) -> Option<i64> {
        let magnitude = i128::from(self.magnitude()?);
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }

    /// The value as a `u64`, if it is one exactly.
    pub fn to_u64(&self) -> Option<u64> {
        if self.negative {
            None
        } else {
            self.magnitude()
        }
    }

    fn magnitude(&self) -> Option<u64> {
        match &self.size {
            Size::Finite { mantissa, exponent } if (0..64).contains(exponent) => {
                u64::try_from(mantissa << *exponent).ok()
            }
            _ => None,
        }
    }

    /// The value as an `f64`, if it is one exactly.
    pub fn to_f64_exact(&self) -> Option<f64> {
        match &self.size {
            Size::Infinite => Some(if self.negative {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            }),
            Size::Finite { .. } => {
                let float = self.to_f64();
                (Number::try_from(float).ok().as_ref() == Some(self)).then_some(float)
            }
        }
    }

    /// The nearest `f64`, to even when two are equally near; infinite when it is too large.
    pub fn to_f64(&self) -> f64 {
        let magnitude = match &self.size {
            Size::Infinite => f64::INFINITY,
            Size::Finite { mantissa, exponent } => arithmetic::nearest_f64(mantissa, *exponent),
        };
        if self.negative { -magnitude } else { magnitude }
    }

    /// The number that the shortest decimal text of this float names: 0.1 for `0.1_f64`, where [`Number::try_from`] gives
    /// the float's exact binary value. Numbers from an API that speaks decimals are meant this way, and only so do they
    /// equal the same digits in a configuration.
    ///
    /// # Errors
    /// When the float is not a number.
    pub fn from_shortest(value: f64) -> Result<Self, NotANumber> {
        if value.is_infinite() {
            return Ok(Number::infinity(value < 0.0));
        }
        Number::parse(&value.to_string()).map_err(|_| NotANumber)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Number::rounded(false, BigUint::from(value), 0, false, COUNTED)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number::rounded(
            value < 0,
            BigUint::from(value.unsigned_abs()),
            0,
            false,
            COUNTED,
        )
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Self {
        Number::from(u64::from(value))
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Number::from(i64::from(value))
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Number::rounded(false, BigUint::from(value), 0, false, COUNTED)
    }
}

/// Not a number has no place in Terraform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number")]
pub struct NotANumber;

impl TryFrom<f64> for Number {
    type Error = NotANumber;

    fn try_from(value: f64) -> Result<Self, NotANumber> {
        if value.is_nan() {
            return Err(NotANumber);
        }
        if value.is_infinite() {
            return Ok(Number::infinity(value < 0.0));
        }
        // IEEE 754 binary64: one sign bit, eleven of exponent, 52 of fraction.
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        let biased = i64::try_from((bits >> 52) & 0x7ff).map_err(|_| NotANumber)?;
        let (mantissa, exponent) = if biased == 0 {
            (fraction, -1074)
        } else {
            (fraction | 1 << 52, biased - 1075)
        };
        Ok(Number::rounded(
            value.is_sign_negative(),
            BigUint::from(mantissa),
            exponent,
            false,
            PRECISION,
        ))
    }
}

impl Number {
    /// Whether both are written alike, though not with the same precision: `0.1` that was read, and the float next to it.
    fn written_alike(&self, other: &Self) -> bool {
        let fraction =
            |number: &Self| matches!(number.size, Size::Finite { exponent, .. } if exponent < 0);
        self.precision != other.precision
            && self.negative == other.negative
            && fraction(self)
            && fraction(other)
            && self.to_string() == other.to_string()
    }

    fn exact_cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative(), other.is_negative()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => arithmetic::cmp_size(&self.size, &other.size),
            (true, true) => arithmetic::cmp_size(&other.size, &self.size),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.is_negative().hash(state);
        // Fractions are equal by their text.
        if matches!(self.size, Size::Finite { exponent, .. } if exponent < 0) {
            self.to_string().hash(state);
        } else {
            self.size.hash(state);
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.exact_cmp(other) {
            Ordering::Equal => Ordering::Equal,
            _ if self.written_alike(other) => Ordering::Equal,
            decided => decided,
        }
    }
}
