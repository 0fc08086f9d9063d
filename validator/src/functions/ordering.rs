//! Functions that order and thin out lists: sort, distinct, compact, range.

use std::collections::BTreeSet;

use cty::{Number, Refinements, Type, Value};

use super::support::{element_of, list};
use super::{Environment, Function, FunctionError, Kind, Parameter, string_list};

const NUMBER: Kind = Kind::Number;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "compact",
        &[Parameter::new("list", Kind::StringList)],
        string_list,
        compact,
    ),
    Function::new(
        "distinct",
        &[Parameter::new("list", Kind::List)],
        same_type,
        distinct,
    ),
    Function::new(
        "sort",
        &[Parameter::new("list", Kind::StringList).sees_unknown()],
        string_list,
        sort,
    ),
    Function::new("range", &[], number_list, range).with_more(Parameter::new("params", NUMBER)),
];

/// Numbers that `range` makes at most, as in Terraform.
const MOST_NUMBERS: usize = 1024;

fn number_list(_: &[Value]) -> Result<Type, FunctionError> {
    Ok(Type::list(Type::Number))
}

fn same_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    Ok(arguments[0].ty().clone())
}

fn compact(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if !arguments[0].is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let kept = arguments[0].elements().unwrap_or_default().iter();
    let kept = kept
        .filter(|element| element.as_str().is_some_and(|text| !text.is_empty()))
        .cloned();
    list(&Type::String, kept.collect())
}

fn distinct(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if !arguments[0].is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let mut seen = BTreeSet::new();
    let elements = arguments[0].elements().unwrap_or_default();
    let first = elements
        .iter()
        .filter(|element| seen.insert((*element).clone()))
        .cloned()
        .collect();
    list(&element_of(ty), first)
}

fn sort(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let elements = arguments[0].elements().unwrap_or_default();
    if !arguments[0].is_wholly_known() {
        // The order is open, the number of elements is not.
        let count = u64::try_from(elements.len()).ok();
        let promised = arguments[0].unknown_info().map(|unknown| {
            let promised = unknown.refinements().cloned().unwrap_or_default();
            (promised.min_length, promised.max_length)
        });
        let (min_length, max_length) = promised.unwrap_or((count, count));
        return Ok(Value::unknown(ty.clone()).with_refinements(Refinements {
            null: Some(false),
            min_length,
            max_length,
            ..Refinements::default()
        }));
    }
    if let Some(at) = elements.iter().position(Value::is_null) {
        return Err(FunctionError::argument(
            0,
            format!("element {at} is null, which has no place in an order"),
        ));
    }
    let mut sorted = elements.to_vec();
    sorted.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    list(&Type::String, sorted)
}

fn range(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let number = |i: usize| {
        arguments
            .get(i)
            .and_then(Value::as_number)
            .cloned()
            .unwrap_or_else(Number::zero)
    };
    let one = |down: bool| Number::from(if down { -1 } else { 1 });
    let (start, end, step) = match arguments.len() {
        1 => (Number::zero(), number(0), one(number(0) < Number::zero())),
        2 => (number(0), number(1), one(number(1) < number(0))),
        3 => (number(0), number(1), number(2)),
        given => {
            return Err(FunctionError::new(format!(
                "one to three arguments are needed, but {given} were given"
            )));
        }
    };
    if step.is_zero() {
        return Err(FunctionError::new("the step must not be zero"));
    }
    let down = step.is_negative();
    if down && end > start {
        return Err(FunctionError::new(
            "the end must be less than the start where the step is negative",
        ));
    }
    if !down && end < start {
        return Err(FunctionError::new(
            "the end must be greater than the start where the step is positive",
        ));
    }
    let mut numbers = Vec::new();
    let mut next = start;
    while if down { next > end } else { next < end } {
        if numbers.len() >= MOST_NUMBERS {
            return Err(FunctionError::new(format!(
                "more than {MOST_NUMBERS} numbers; bring the ends closer together or take a larger step"
            )));
        }
        numbers.push(Value::number(next.clone()));
        next = next
            .add(&step)
            .ok_or_else(|| FunctionError::new("the numbers are infinite"))?;
    }
    list(&Type::Number, numbers)
}
