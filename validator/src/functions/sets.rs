//! Functions of sets.

use std::collections::BTreeSet;

use cty::conversion::{convert, unify_unsafe};
use cty::{Marks, Type, Value};

use super::support::{bounded, element_of, length};
use super::{Environment, Function, FunctionError, Kind, Parameter};

const SET: Kind = Kind::Set;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "setunion",
        &[Parameter::new("first_set", SET).sees_dynamic()],
        common_type,
        union,
    )
    .with_more(Parameter::new("other_sets", SET).sees_dynamic()),
    Function::new(
        "setintersection",
        &[Parameter::new("first_set", SET).sees_dynamic()],
        common_type,
        intersection,
    )
    .with_more(Parameter::new("other_sets", SET).sees_dynamic()),
    Function::new(
        "setsubtract",
        &[
            Parameter::new("a", SET).sees_dynamic(),
            Parameter::new("b", SET).sees_dynamic(),
        ],
        common_type,
        subtract,
    ),
    Function::new("setproduct", &[], product_type, product)
        .with_more(Parameter::new("sets", Kind::Any).sees_marks()),
];

/// The set that all arguments can become. Empty sets of nothing in particular fit any other.
fn common_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let counts = |set: &&Value| {
        let nothing = set.elements().is_some_and(<[Value]>::is_empty);
        !(nothing && element_of(set.ty()) == Type::Dynamic)
    };
    let types: Vec<Type> = arguments
        .iter()
        .filter(counts)
        .map(|set| element_of(set.ty()))
        .collect();
    if types.is_empty() {
        return Ok(Type::set(Type::Dynamic));
    }
    unify_unsafe(&types)
        .map(Type::set)
        .ok_or_else(|| FunctionError::new("all sets must have elements of one type"))
}

/// The arguments as sets of one type; `None` where the result cannot be told yet.
fn sets(arguments: &[Value], ty: &Type, partly: bool) -> Result<Option<Vec<Value>>, FunctionError> {
    let mut all = Vec::with_capacity(arguments.len());
    for (i, argument) in arguments.iter().enumerate() {
        let set = convert(argument, ty).map_err(|e| FunctionError::argument(i, e.to_string()))?;
        if !set.is_known() || !partly && !set.is_wholly_known() {
            return Ok(None);
        }
        all.push(set);
    }
    Ok(Some(all))
}

fn combined(
    arguments: &[Value],
    ty: &Type,
    partly: bool,
    combine: impl Fn(BTreeSet<Value>, BTreeSet<Value>) -> BTreeSet<Value>,
) -> Result<Value, FunctionError> {
    let Some(sets) = sets(arguments, ty, partly)? else {
        return Ok(Value::unknown(ty.clone()));
    };
    let elements = |set: &Value| -> BTreeSet<Value> {
        set.elements().unwrap_or_default().iter().cloned().collect()
    };
    let mut sets = sets.iter().map(elements);
    let first = sets.next().unwrap_or_default();
    let result = sets.fold(first, combine);
    Value::set(element_of(ty), result.into_iter().collect())
        .map_err(|e| FunctionError::new(e.to_string()))
}

fn union(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    // Elements that are not known stay apart, even where they look alike: a list keeps them so until the set is made.
    let Some(sets) = sets(arguments, ty, true)? else {
        return Ok(Value::unknown(ty.clone()));
    };
    let all = sets
        .iter()
        .flat_map(|set| set.elements().unwrap_or_default().iter().cloned())
        .collect();
    Value::set(element_of(ty), all).map_err(|e| FunctionError::new(e.to_string()))
}

fn intersection(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    combined(arguments, ty, false, |a, b| {
        a.intersection(&b).cloned().collect()
    })
}

fn subtract(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    combined(arguments, ty, false, |a, b| {
        a.difference(&b).cloned().collect()
    })
}

fn product_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    if arguments.len() < 2 {
        return Err(FunctionError::new("at least two arguments are required"));
    }
    let mut parts = Vec::with_capacity(arguments.len());
    let mut lists = true;
    for (i, argument) in arguments.iter().enumerate() {
        match argument.ty() {
            Type::Set(element) => {
                lists = false;
                parts.push((**element).clone());
            }
            Type::List(element) => parts.push((**element).clone()),
            Type::Tuple(types) if types.is_empty() => parts.push(Type::Dynamic),
            Type::Tuple(types) => {
                let common = unify_unsafe(types);
                parts.push(common.ok_or_else(|| {
                    FunctionError::argument(i, "all elements must be of the same type")
                })?);
            }
            other => {
                return Err(FunctionError::argument(
                    i,
                    format!("a set or list is required, but this is a {other}"),
                ));
            }
        }
    }
    let element = Type::tuple(parts);
    Ok(if lists {
        Type::list(element)
    } else {
        Type::set(element)
    })
}

fn product(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let mut marks = Marks::new();
    let mut factors: Vec<Vec<Value>> = Vec::with_capacity(arguments.len());
    let Type::Tuple(parts) = element_of(ty) else {
        return Ok(Value::unknown(ty.clone()));
    };
    let mut total = 1_usize;
    for (argument, part) in arguments.iter().zip(parts.iter()) {
        let (bare, own) = argument.clone().unmark();
        marks.extend(own);
        let Some(length) = length(&bare) else {
            return Ok(Value::unknown(ty.clone()).with_marks(&marks));
        };
        total = total.saturating_mul(length);
        bounded(total.saturating_mul(arguments.len()))?;
        let converted: Result<Vec<Value>, _> = bare
            .elements()
            .unwrap_or_default()
            .iter()
            .map(|element| convert(element, part))
            .collect();
        factors.push(converted.map_err(|e| FunctionError::new(e.to_string()))?);
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for factor in &factors {
        let longer = |row: &Vec<Value>| {
            factor
                .iter()
                .map(|value| row.iter().cloned().chain([value.clone()]).collect())
                .collect::<Vec<Vec<Value>>>()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    let tuples: Vec<Value> = rows.into_iter().map(Value::tuple).collect();
    let element = element_of(ty);
    let made = match ty {
        Type::Set(_) => Value::set(element, tuples),
        _ => Value::list(element, tuples),
    };
    Ok(made
        .map_err(|e| FunctionError::new(e.to_string()))?
        .with_marks(&marks))
}
