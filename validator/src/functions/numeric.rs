//! Functions of numbers.

use cty::{Number, Type, Value};
use num_bigint::BigInt;

use super::support::whole;
use super::{Environment, Function, FunctionError, Kind, Parameter, number};

const NUM: &[Parameter] = &[Parameter::new("num", Kind::Number)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", NUM, number, abs),
    Function::new("ceil", NUM, number, ceil),
    Function::new("floor", NUM, number, floor),
    Function::new("signum", NUM, number, signum),
    Function::new("max", &[], number, max).with_more(Parameter::new("numbers", Kind::Number)),
    Function::new("min", &[], number, min).with_more(Parameter::new("numbers", Kind::Number)),
    Function::new(
        "log",
        &[
            Parameter::new("num", Kind::Number),
            Parameter::new("base", Kind::Number),
        ],
        number,
        log,
    ),
    Function::new(
        "pow",
        &[
            Parameter::new("num", Kind::Number),
            Parameter::new("power", Kind::Number),
        ],
        number,
        pow,
    ),
    Function::new(
        "parseint",
        &[
            Parameter::new("number", Kind::Any),
            Parameter::new("base", Kind::Number),
        ],
        parseint_type,
        parseint,
    ),
];

fn given(arguments: &[Value], at: usize) -> Result<&Number, FunctionError> {
    arguments
        .get(at)
        .and_then(Value::as_number)
        .ok_or_else(|| FunctionError::argument(at, "a number is required"))
}

fn abs(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let number = given(arguments, 0)?;
    if !number.is_negative() {
        return Ok(Value::number(number.clone()));
    }
    let turned = Number::zero()
        .sub(number)
        .ok_or_else(|| FunctionError::argument(0, "the number is infinite"))?;
    Ok(Value::number(turned))
}

fn ceil(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    Ok(Value::number(given(arguments, 0)?.ceil()))
}

fn floor(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    Ok(Value::number(given(arguments, 0)?.floor()))
}

fn signum(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    Ok(Value::number(whole(&arguments[0], 0)?.signum()))
}

fn best(
    arguments: &[Value],
    better: impl Fn(&Number, &Number) -> bool,
) -> Result<Value, FunctionError> {
    if arguments.is_empty() {
        return Err(FunctionError::new("at least one number is required"));
    }
    let mut found = given(arguments, 0)?;
    for at in 1..arguments.len() {
        let next = given(arguments, at)?;
        if better(next, found) {
            found = next;
        }
    }
    Ok(Value::number(found.clone()))
}

fn max(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    best(arguments, |a, b| a > b)
}

fn min(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    best(arguments, |a, b| a < b)
}

/// Terraform computes these with floats of 64 bits.
fn of_float(float: f64) -> Result<Value, FunctionError> {
    Number::from_double(float)
        .map(Value::number)
        .map_err(|_| FunctionError::new("the result is not a number"))
}

fn float(arguments: &[Value], at: usize) -> Result<f64, FunctionError> {
    let number = given(arguments, at)?;
    let float = number.to_f64();
    if float.is_infinite() && !number.is_infinite() {
        return Err(FunctionError::argument(
            at,
            "the number is larger than a float of 64 bits can be",
        ));
    }
    Ok(float)
}

fn log(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (num, base) = (float(arguments, 0)?, float(arguments, 1)?);
    of_float(logarithm(num) / logarithm(base))
}

fn pow(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    of_float(power(float(arguments, 0)?, float(arguments, 1)?))
}

/// A natural logarithm as Go computes it, down to the last bit: by the polynomial of fdlibm.
fn logarithm(number: f64) -> f64 {
    const LN2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
    const ODD: [f64; 4] = [
        0.666_666_666_666_673_5,
        0.285_714_287_436_623_9,
        0.181_835_721_616_180_5,
        0.147_981_986_051_165_86,
    ];
    const EVEN: [f64; 3] = [
        0.399_999_999_994_094_2,
        0.222_221_984_321_497_84,
        0.153_138_376_992_093_73,
    ];
    if !number.is_normal() || number < 0.0 {
        return number.ln();
    }
    let (mut mantissa, mut scale) = split(number);
    if mantissa < std::f64::consts::FRAC_1_SQRT_2 {
        mantissa *= 2.0;
        scale -= 1;
    }
    // A power of two of a float has at most four digits: exact.
    #[allow(clippy::cast_precision_loss)]
    let scale = scale as f64;
    let rest = mantissa - 1.0;
    let s = rest / (2.0 + rest);
    let square = s * s;
    let fourth = square * square;
    // Not fused: the last bit must be that of separate steps.
    let odd = square * (ODD[0] + fourth * (ODD[1] + fourth * (ODD[2] + fourth * ODD[3])));
    let even = fourth * (EVEN[0] + fourth * (EVEN[1] + fourth * EVEN[2]));
    let half = 0.5 * rest * rest;
    scale * LN2[0] - ((half - (s * (half + (odd + even)) + scale * LN2[1])) - rest)
}

/// A power as Go computes it, down to the last bit: by squaring the mantissa. The exact result may be another.
// Exact values are meant: they are the special cases.
#[allow(clippy::float_cmp)]
fn power(base: f64, exponent: f64) -> f64 {
    let special = !base.is_normal() || !exponent.is_finite() || exponent == 0.0 || base == 1.0;
    if special || exponent == 1.0 || exponent.abs() >= 9.2e18 {
        return base.powf(exponent);
    }
    if exponent.abs() == 0.5 {
        let root = base.sqrt();
        return if exponent < 0.0 { 1.0 / root } else { root };
    }
    let (mut whole, mut rest) = (exponent.abs().trunc(), exponent.abs().fract());
    if rest != 0.0 && base < 0.0 {
        return f64::NAN;
    }
    let (mut mantissa, mut scale) = (1.0_f64, 0_i64);
    if rest != 0.0 {
        if rest > 0.5 {
            rest -= 1.0;
            whole += 1.0;
        }
        mantissa = (rest * logarithm(base)).exp();
    }
    let (mut square, mut square_scale) = split(base);
    // Truncation is exact: it is a whole number below 2^63.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let mut bits = whole as u64;
    while bits != 0 {
        if square_scale.abs() > 1 << 12 {
            scale += square_scale;
            break;
        }
        if bits & 1 == 1 {
            mantissa *= square;
            scale += square_scale;
        }
        square *= square;
        square_scale <<= 1;
        if square < 0.5 {
            square += square;
            square_scale -= 1;
        }
        bits >>= 1;
    }
    if exponent < 0.0 {
        (mantissa, scale) = (1.0 / mantissa, -scale);
    }
    // Two steps, so that neither overflows where the result does not.
    let half = i32::try_from(scale / 2).unwrap_or(i32::MAX);
    let rest = i32::try_from(scale - scale / 2).unwrap_or(i32::MAX);
    mantissa * 2.0_f64.powi(half) * 2.0_f64.powi(rest)
}

/// A mantissa from a half to one, and its power of two.
fn split(number: f64) -> (f64, i64) {
    let bits = number.to_bits();
    let exponent = i64::try_from((bits >> 52) & 0x7ff).unwrap_or(0) - 1022;
    let mantissa = f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52);
    (mantissa, exponent)
}

fn parseint_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::String => Ok(Type::Number),
        other => Err(FunctionError::argument(
            0,
            format!("a string is required, but this is a {other}"),
        )),
    }
}

/// Longest text of digits that is read.
const LONGEST: usize = 100_000;

fn parseint(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let text = arguments[0].as_str().unwrap_or_default();
    let base = u32::try_from(whole(&arguments[1], 1)?)
        .ok()
        .filter(|base| (2..=62).contains(base))
        .ok_or_else(|| FunctionError::argument(1, "the base must be from 2 to 62"))?;
    let wrong =
        || FunctionError::argument(0, format!("{text:?} is no whole number of base {base}"));
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    if digits.is_empty() || digits.len() > LONGEST {
        return Err(wrong());
    }
    let digits: Option<Vec<u8>> = digits.iter().map(|byte| digit(*byte, base)).collect();
    let magnitude = from_digits(&digits.ok_or_else(wrong)?, base);
    let number = if negative { -magnitude } else { magnitude };
    Number::parse(&number.to_string())
        .map(|number| Value::number(number.counted()))
        .map_err(|_| wrong())
}

/// Up to base 36 letters of both cases count alike; above, capitals come after small ones.
fn digit(byte: u8, base: u32) -> Option<u8> {
    let value = match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'z' => byte - b'a' + 10,
        b'A'..=b'Z' if base <= 36 => byte - b'A' + 10,
        b'A'..=b'Z' => byte - b'A' + 36,
        _ => return None,
    };
    (u32::from(value) < base).then_some(value)
}

/// Halves are joined, so that long texts take no quadratic time.
fn from_digits(digits: &[u8], base: u32) -> BigInt {
    if digits.len() <= 32 {
        return digits
            .iter()
            .fold(BigInt::from(0), |sum, digit| sum * base + *digit);
    }
    let (high, low) = digits.split_at(digits.len() / 2);
    let shift = BigInt::from(base).pow(u32::try_from(low.len()).unwrap_or(u32::MAX));
    from_digits(high, base) * shift + from_digits(low, base)
}
