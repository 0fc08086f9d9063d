//! Values of variables: conversion to the declared type, defaults, null, sensitivity.

use cty::conversion::convert;
use cty::{Mark, Type, Value};

use super::type_constraint::{Constraint, apply};
use super::{Evaluated, Failure};
use crate::source::Place;

/// What a variable asks of its values.
#[derive(Clone, Debug)]
pub struct Declared<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its type.
    pub constraint: &'a Constraint,
    /// Its default, evaluated; `None` where it has none.
    pub default: Option<&'a Value>,
    /// Whether null may stand in it.
    pub nullable: bool,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether its value exists only while Terraform runs.
    pub ephemeral: bool,
}

/// The value that a variable has when this one is given, or when none is.
///
/// # Errors
/// When the value does not fit the type, or is null and must not be.
pub fn prepare(declared: &Declared<'_>, given: Option<&Value>, place: Place) -> Evaluated {
    let value = match (given, declared.default) {
        (Some(given), default) => {
            let value = fit(declared, given, place)?;
            match default {
                Some(default) if value.is_null() && !declared.nullable => {
                    fit(declared, default, place)?
                }
                _ => value,
            }
        }
        (None, Some(default)) => fit(declared, default, place)?,
        (None, None) => {
            return Err(Failure::new(
                place,
                "No value for required variable",
                format!(
                    "The variable {:?} has no default, so it must be given a value.",
                    declared.name
                ),
            ));
        }
    };
    if value.is_null() && !declared.nullable {
        return Err(Failure::new(
            place,
            "Required variable not set",
            format!(
                "The variable {:?} is declared with nullable = false, so it must not be null.",
                declared.name
            ),
        ));
    }
    let value = if declared.nullable {
        value
    } else {
        value.not_null()
    };
    Ok(marked(declared, value))
}

/// The value of a variable that nobody gave one: unknown, of its type.
pub fn missing(declared: &Declared<'_>) -> Value {
    let unknown = Value::unknown(declared.constraint.ty.without_optional());
    let unknown = if declared.nullable {
        unknown
    } else {
        unknown.not_null()
    };
    marked(declared, unknown)
}

fn marked(declared: &Declared<'_>, mut value: Value) -> Value {
    if declared.sensitive {
        value = value.mark(Mark::Sensitive);
    }
    if declared.ephemeral {
        value = value.mark(Mark::Ephemeral);
    }
    value
}

fn fit(declared: &Declared<'_>, value: &Value, place: Place) -> Evaluated {
    let filled = apply(value, &declared.constraint.defaults);
    convert(&filled, &declared.constraint.ty).map_err(|error| {
        Failure::new(
            place,
            "Invalid value for variable",
            format!(
                "The value does not fit the type of the variable {:?}: {error}.",
                declared.name
            ),
        )
    })
}

/// Whether text from the command line or the environment is the value itself, not an expression, for a variable of this
/// type.
pub fn is_literal(ty: &Type) -> bool {
    ty.is_primitive() || *ty == Type::Dynamic
}
