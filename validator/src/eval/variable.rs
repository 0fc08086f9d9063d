//! Values of variables: conversion to the declared type, defaults, null, sensitivity.

use cty::conversion::convert;
use cty::{Mark, Value};

use super::budget::Budget;
use super::constant::constant;
use super::type_constraint::{Constraint, apply};
use super::{Evaluated, Failure, Limits};
use crate::source::{Place, Sources};
use crate::syntax::parse_expression;

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
    if !declared.nullable && declared.default.is_some_and(Value::is_null) {
        return Err(Failure::new(
            place,
            "Invalid default value for variable",
            format!(
                "The default of the variable {:?} is null, but nullable = false says that it is never null.",
                declared.name
            ),
        ));
    }
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

/// The value that text from the command line or the environment stands for: the text itself where the variable is of a
/// primitive type or declares none, else an expression without references and calls. `name` is where it comes from, as
/// people say it.
///
/// # Errors
/// When the text is no such expression.
pub fn from_text(text: &str, constraint: Option<&Constraint>, name: &str) -> Evaluated {
    let Some(constraint) = constraint.filter(|constraint| !constraint.ty.is_primitive()) else {
        return Ok(Value::string(text));
    };
    let wrong = |detail: String| {
        Box::new(Failure {
            summary: "Invalid value for variable".to_owned(),
            detail: format!(
                "{name} holds no value of type {}: {detail} Text needs quotes inside of it.",
                constraint.ty
            ),
            place: None,
            fatal: false,
        })
    };
    let file = Sources::new().add(name, parse_expression(text.as_bytes().to_vec()));
    if let Some(error) = file.ast.errors.first() {
        return Err(wrong(format!("{}.", error.message)));
    }
    let Some(id) = file.ast.template else {
        return Err(wrong("it is empty.".to_owned()));
    };
    constant(&file, id, &Budget::new(&Limits::default())).map_err(|failure| wrong(failure.detail))
}
