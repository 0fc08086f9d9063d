//! Functions that pair keys with values: zipmap, transpose, matchkeys.

use std::collections::{BTreeMap, BTreeSet};

use cty::conversion::{convert, unify_unsafe};
use cty::{Marks, Type, Value};

use super::support::{element_of, length, list};
use super::{Environment, Function, FunctionError, Kind, Parameter};

const ANY: Kind = Kind::Any;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "zipmap",
        &[
            Parameter::new("keys", Kind::StringList).sees_marks(),
            Parameter::new("values", ANY).sees_marks(),
        ],
        zipmap_type,
        zipmap,
    ),
    Function::new(
        "transpose",
        &[Parameter::new("values", Kind::StringListMap)],
        transpose_type,
        transpose,
    ),
    Function::new(
        "matchkeys",
        &[
            Parameter::new("values", Kind::List),
            Parameter::new("keys", Kind::List),
            Parameter::new("searchset", Kind::List),
        ],
        matchkeys_type,
        matchkeys,
    ),
];

fn zipmap_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[1].ty() {
        Type::List(element) => Ok(Type::Map(element.clone())),
        Type::Tuple(parts) => {
            let (keys, _) = arguments[0].unmark_deep();
            if !keys.is_wholly_known() {
                return Ok(Type::Dynamic);
            }
            let keys = keys.elements().unwrap_or_default();
            if keys.len() != parts.len() {
                return Err(unequal(keys.len(), parts.len()));
            }
            let names: Result<Vec<&str>, FunctionError> = keys
                .iter()
                .enumerate()
                .map(|(i, key)| name(key, i))
                .collect();
            Ok(Type::object(names?.into_iter().zip(parts.iter().cloned())))
        }
        other => Err(FunctionError::argument(
            1,
            format!("a list or tuple is required, but this is a {other}"),
        )),
    }
}

fn unequal(keys: usize, values: usize) -> FunctionError {
    FunctionError::new(format!("there are {keys} keys, but {values} values"))
}

fn name(key: &Value, at: usize) -> Result<&str, FunctionError> {
    key.as_str()
        .ok_or_else(|| FunctionError::argument(0, format!("the key at index {at} is null")))
}

fn zipmap(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    // Marks of keys have no place in a map: they stand on the whole.
    let (keys, places) = arguments[0].unmark_deep();
    let mut marks: Marks = places.into_iter().flat_map(|(_, marks)| marks).collect();
    let (values, more) = arguments[1].clone().unmark();
    marks.extend(more);
    if !keys.is_wholly_known() {
        return Ok(Value::unknown(ty.clone()).with_marks(&marks));
    }
    let keys = keys.elements().unwrap_or_default();
    let count = length(&values).unwrap_or(0);
    if keys.len() != count {
        return Err(unequal(keys.len(), count));
    }
    let mut pairs = Vec::with_capacity(count);
    for (i, (key, value)) in keys
        .iter()
        .zip(values.elements().unwrap_or_default())
        .enumerate()
    {
        pairs.push((name(key, i)?.to_owned(), value.clone()));
    }
    let made = match ty {
        Type::Map(element) => {
            Value::map((**element).clone(), pairs).map_err(|e| FunctionError::new(e.to_string()))?
        }
        _ => Value::object(pairs),
    };
    Ok(made.with_marks(&marks))
}

fn transpose_type(_: &[Value]) -> Result<Type, FunctionError> {
    Ok(Type::map(Type::list(Type::String)))
}

fn transpose(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if !arguments[0].is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let mut turned: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (key, names) in arguments[0]
        .entries()
        .into_iter()
        .flat_map(|entries| entries.iter())
    {
        if names.is_null() {
            return Err(FunctionError::argument(
                0,
                format!("the list of {key:?} is null"),
            ));
        }
        for name in names.elements().unwrap_or_default() {
            let Some(name) = name.as_str() else {
                return Err(FunctionError::argument(
                    0,
                    format!("the list of {key:?} holds null"),
                ));
            };
            turned
                .entry(name.to_owned())
                .or_default()
                .push(Value::string(key));
        }
    }
    let lists: Result<Vec<(String, Value)>, FunctionError> = turned
        .into_iter()
        .map(|(name, keys)| Ok((name, list(&Type::String, keys)?)))
        .collect();
    Value::map(Type::list(Type::String), lists?).map_err(|e| FunctionError::new(e.to_string()))
}

fn matchkeys_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let both = [arguments[1].ty().clone(), arguments[2].ty().clone()];
    if unify_unsafe(&both).is_none() {
        return Err(FunctionError::new(
            "keys and searchset must be of the same type",
        ));
    }
    Ok(arguments[0].ty().clone())
}

fn matchkeys(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let count = |i: usize| arguments[i].elements().map_or(0, <[Value]>::len);
    if count(0) != count(1) {
        return Err(FunctionError::new(format!(
            "there are {} values, but {} keys",
            count(0),
            count(1)
        )));
    }
    let both = [arguments[1].ty().clone(), arguments[2].ty().clone()];
    let common = unify_unsafe(&both)
        .ok_or_else(|| FunctionError::new("keys and searchset must be of the same type"))?;
    let converted = |i: usize| {
        convert(&arguments[i], &common).map_err(|e| FunctionError::argument(i, e.to_string()))
    };
    let (keys, searched) = (converted(1)?, converted(2)?);
    let element = element_of(ty);
    let searched = searched.elements().unwrap_or_default();
    if searched.is_empty() {
        return list(&element, Vec::new());
    }
    if !arguments[0].is_wholly_known() || !keys.is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let mut found = Vec::new();
    let values = arguments[0].elements().unwrap_or_default();
    if searched.iter().all(Value::is_wholly_known) {
        let searched: BTreeSet<&Value> = searched.iter().collect();
        let pairs = keys.elements().unwrap_or_default().iter().zip(values);
        let found = pairs.filter(|(key, _)| searched.contains(key));
        return list(&element, found.map(|(_, value)| value.clone()).collect());
    }
    for (key, value) in keys.elements().unwrap_or_default().iter().zip(values) {
        for candidate in searched {
            match key.equals(candidate).as_bool() {
                None => return list(&element, Vec::new()),
                Some(true) => {
                    found.push(value.clone());
                    break;
                }
                Some(false) => {}
            }
        }
    }
    list(&element, found)
}
