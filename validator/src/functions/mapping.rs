//! Functions of maps and objects: keys, values, lookup, merge.

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::conversion::convert;
use cty::{Marks, Type, Value};

use super::support::{bounded, list};
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
    Function::new("merge", &[], merge_type, merge).with_more(
        Parameter::new("maps", ANY)
            .sees_dynamic()
            .nullable()
            .sees_marks(),
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
