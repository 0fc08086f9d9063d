//! Functions of maps and objects: keys, values, lookup, merge, zipmap …

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::conversion::{convert, unify_unsafe};
use cty::{Marks, Type, Value};

use super::support::{bounded, element_of, length, list};
use super::{Environment, Function, FunctionError, Kind, Parameter};

const ANY: Kind = Kind::Any;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "keys",
        &[Parameter::new("inputMap", ANY).sees_unknown().sees_marks()],
        keys_type,
        keys,
    ),
    Function::new(
        "values",
        &[Parameter::new("mapping", ANY).sees_marks()],
        values_type,
        values,
    ),
    Function::new(
        "lookup",
        &[
            Parameter::new("inputMap", ANY).sees_marks(),
            Parameter::new("key", Kind::String).sees_marks(),
        ],
        lookup_type,
        lookup,
    )
    .with_more(
        Parameter::new("default", ANY)
            .sees_unknown()
            .sees_dynamic()
            .nullable()
            .sees_marks(),
    )
    .maybe_null(),
    Function::new("merge", &[], merge_type, merge)
        .with_more(
            Parameter::new("maps", ANY)
                .sees_dynamic()
                .nullable()
                .sees_marks(),
        )
        .maybe_null(),
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

fn keys_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::Map(_) => Ok(Type::list(Type::String)),
        Type::Object(object) => Ok(Type::tuple(vec![Type::String; object.attributes().len()])),
        other => Err(FunctionError::argument(
            0,
            format!("a map or object is required, but this is a {other}"),
        )),
    }
}

fn keys(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (bare, marks) = arguments[0].clone().unmark();
    let made = match bare.ty() {
        // The names are part of the type, whether or not the value is known.
        Type::Object(object) => {
            Value::tuple(object.attributes().keys().map(Value::string).collect())
        }
        _ => match bare.entries() {
            Some(entries) => list(&Type::String, entries.keys().map(Value::string).collect())?,
            None => Value::unknown(ty.clone()),
        },
    };
    Ok(made.with_marks(&marks))
}

fn values_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::Map(element) => Ok(Type::List(element.clone())),
        Type::Object(object) => Ok(Type::tuple(
            object.attributes().values().cloned().collect::<Vec<_>>(),
        )),
        other => Err(FunctionError::argument(
            0,
            format!("a map or object is required, but this is a {other}"),
        )),
    }
}

fn values(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (bare, marks) = arguments[0].clone().unmark();
    let all: Vec<Value> = bare
        .entries()
        .into_iter()
        .flat_map(|entries| entries.values().cloned())
        .collect();
    let made = match ty {
        Type::List(element) => list(element, all)?,
        _ => Value::tuple(all),
    };
    Ok(made.with_marks(&marks))
}

fn lookup_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    if arguments.len() > 3 {
        return Err(FunctionError::new(format!(
            "two or three arguments are needed, but {} were given",
            arguments.len()
        )));
    }
    match arguments[0].ty() {
        Type::Object(object) => {
            let (key, _) = arguments[1].clone().unmark();
            let Some(key) = key.as_str() else {
                return Ok(Type::Dynamic);
            };
            match (object.attributes().get(key), arguments.get(2)) {
                (Some(ty), _) => Ok(ty.clone()),
                (None, Some(default)) => Ok(default.ty().clone()),
                (None, None) => Err(FunctionError::argument(
                    0,
                    format!("the object has no attribute {key:?}"),
                )),
            }
        }
        Type::Map(element) => {
            if let Some(default) = arguments.get(2) {
                convert(default, element).map_err(|_| {
                    FunctionError::argument(
                        2,
                        "the default must be of the same type as the elements of the map",
                    )
                })?;
            }
            Ok((**element).clone())
        }
        other => Err(FunctionError::argument(
            0,
            format!("a map is required, but this is a {other}"),
        )),
    }
}

fn lookup(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (map, mut marks) = arguments[0].clone().unmark();
    let (key, more) = arguments[1].clone().unmark();
    let secret = !more.is_empty();
    marks.extend(more);
    let name = key.as_str().unwrap_or_default();
    if let Some(found) = map.attribute(name) {
        return Ok(found.clone().with_marks(&marks));
    }
    match arguments.get(2) {
        Some(default) => {
            let default =
                convert(default, ty).map_err(|e| FunctionError::argument(2, e.to_string()))?;
            Ok(default.with_marks(&marks))
        }
        None if secret => Err(FunctionError::argument(
            1,
            "the map has no element with this key",
        )),
        None => Err(FunctionError::argument(
            1,
            format!("the map has no element with the key {name:?}"),
        )),
    }
}

fn merge_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let Some(first) = arguments.first() else {
        return Ok(Type::object(Vec::<(Arc<str>, Type)>::new()));
    };
    let mut attributes: BTreeMap<Arc<str>, Type> = BTreeMap::new();
    let mut open = false;
    for (i, argument) in arguments.iter().enumerate() {
        match argument.ty() {
            Type::Dynamic => return Ok(Type::Dynamic),
            Type::Object(object) if !argument.is_null() => {
                attributes.extend(
                    object
                        .attributes()
                        .iter()
                        .map(|(name, ty)| (name.clone(), ty.clone())),
                );
            }
            Type::Map(element) if !argument.is_null() => {
                let (bare, _) = argument.clone().unmark();
                match bare.entries() {
                    Some(entries) => {
                        attributes
                            .extend(entries.keys().map(|key| (key.clone(), (**element).clone())));
                    }
                    None => open = true,
                }
            }
            Type::Object(_) | Type::Map(_) => {}
            other => {
                return Err(FunctionError::argument(
                    i,
                    format!("maps or objects are required, but this is a {other}"),
                ));
            }
        }
    }
    if arguments.iter().all(|argument| argument.ty() == first.ty()) {
        return Ok(first.ty().clone());
    }
    Ok(if open {
        Type::Dynamic
    } else {
        Type::object(attributes)
    })
}

fn merge(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let mut all: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    let mut marks = Marks::new();
    let mut nothing = !arguments.is_empty();
    for argument in arguments {
        let (bare, own) = argument.clone().unmark();
        marks.extend(own);
        nothing &= bare.is_null();
        if let Some(entries) = bare.entries() {
            all.extend(
                entries
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone())),
            );
        } else {
            // Behind a null without a type anything that has keys is taken; those of a set are its elements.
            for element in bare.elements().unwrap_or_default() {
                let key = element
                    .as_str()
                    .filter(|_| matches!(bare.ty(), Type::Set(_)));
                let key = key.ok_or_else(|| FunctionError::new("maps or objects are required"))?;
                all.insert(key.into(), element.clone());
            }
            if !matches!(bare.ty(), Type::Set(_)) && !bare.is_null() {
                return Err(FunctionError::new(format!(
                    "maps or objects are required, but there is a {}",
                    bare.ty()
                )));
            }
        }
        bounded(all.len())?;
    }
    let made = match ty {
        Type::Object(_) if nothing => Value::null(ty.clone()),
        Type::Map(element) => {
            Value::map((**element).clone(), all).map_err(|e| FunctionError::new(e.to_string()))?
        }
        _ => Value::object(all),
    };
    Ok(made.with_marks(&marks))
}

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
