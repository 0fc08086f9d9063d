//! Conversion of values to other types, as Terraform does it where a type is expected.

use std::sync::Arc;

use crate::path::{Path, PathError};
use crate::refinement::Refinements;
use crate::unify::unify;
use crate::value::Data;
use crate::{Number, ObjectType, Type, Value};

/// Converts a value to a type; marks stay, unknowns stay unknown, nulls become nulls of the type.
///
/// # Errors
/// Names the place and what does not fit.
pub fn convert(value: &Value, to: &Type) -> Result<Value, PathError> {
    at(value, to, &Path::root())
}

/// Whether some value of one type could be converted to the other.
pub fn can_convert(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Dynamic, _) | (_, Type::Dynamic) => true,
        (a, b) if a == b => true,
        (Type::String | Type::Number | Type::Bool, Type::String)
        | (Type::String, Type::Number | Type::Bool) => true,
        (Type::List(a) | Type::Set(a), Type::List(b) | Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => can_convert(a, b),
        (Type::Tuple(a), Type::List(b) | Type::Set(b)) => a.iter().all(|a| can_convert(a, b)),
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| can_convert(a, b))
        }
        (Type::Object(a), Type::Map(b)) => a.attributes().values().all(|a| can_convert(a, b)),
        (Type::Map(a), Type::Object(b)) => b.attributes().values().all(|b| can_convert(a, b)),
        (Type::Object(a), Type::Object(b)) => {
            b.attributes()
                .iter()
                .all(|(name, b_type)| match a.attributes().get(name) {
                    Some(a) => can_convert(a, b_type),
                    None => b.is_optional(name),
                })
        }
        _ => false,
    }
}

fn at(value: &Value, to: &Type, path: &Path) -> Result<Value, PathError> {
    if *to == Type::Dynamic || value.ty() == to && !matches!(to, Type::Object(o) if has_optional(o))
    {
        return Ok(value.clone());
    }
    let refuse = || {
        PathError::new(
            path,
            format!("{} required, but this is a {}", required(to), value.ty()),
        )
    };
    let marks = value.marks().cloned().unwrap_or_default();
    let converted = match value.data() {
        Data::Null => Value::null(to.without_optional()),
        Data::Unknown(unknown) => {
            if !can_convert(value.ty(), to) {
                return Err(refuse());
            }
            // A promise about null holds for any type; the others speak of the old one.
            let kept = Refinements {
                null: unknown.refinements().and_then(|r| r.null),
                ..Refinements::default()
            };
            let out = Value::unknown(to.without_optional()).with_refinements(kept);
            unknown.origin().map_or(out.clone(), |origin| {
                out.clone().with_origin(origin.clone())
            })
        }
        Data::String(text) => from_string(text, to)
            .ok_or_else(|| wrong_text(text, to, path).unwrap_or_else(refuse))?,
        Data::Number(number) if *to == Type::String => Value::string(number.to_string()),
        Data::Bool(truth) if *to == Type::String => Value::string(truth.to_string()),
        Data::Elements(elements) => sequence(value, elements, to, path).ok_or_else(refuse)??,
        Data::Entries(entries) => {
            let source = (value, entries.as_ref());
            match to {
                Type::Map(element) => to_map(source, element, path)?,
                Type::Object(object) => to_object(source, object, path)?,
                _ => return Err(refuse()),
            }
        }
        _ => return Err(refuse()),
    };
    Ok(converted.with_marks(&marks))
}

fn has_optional(object: &ObjectType) -> bool {
    object
        .attributes()
        .keys()
        .any(|name| object.is_optional(name))
}

/// How Terraform names what it wanted.
fn required(ty: &Type) -> String {
    match ty {
        Type::Bool | Type::Number | Type::String | Type::Dynamic => format!("{ty}"),
        Type::Object(_) => "an object".to_owned(),
        other => format!("{other}"),
    }
}

fn from_string(text: &str, to: &Type) -> Option<Value> {
    match to {
        Type::Number => Number::parse(text).ok().map(Value::number),
        Type::Bool => match text {
            "true" | "1" => Some(Value::bool(true)),
            "false" | "0" => Some(Value::bool(false)),
            _ => None,
        },
        _ => None,
    }
}

fn wrong_text(text: &str, to: &Type, path: &Path) -> Option<PathError> {
    let hint = match (to, text.to_ascii_lowercase().as_str()) {
        (Type::Bool, lower @ ("true" | "false")) => {
            format!("a bool is required; to convert from string, use lowercase \"{lower}\"")
        }
        (Type::Bool, _) => "a bool is required".to_owned(),
        (Type::Number, _) => "a number is required".to_owned(),
        _ => return None,
    };
    Some(PathError::new(path, hint))
}

/// `None` where a sequence does not fit the kind of type at all.
fn sequence(
    value: &Value,
    elements: &[Value],
    to: &Type,
    path: &Path,
) -> Option<Result<Value, PathError>> {
    let place = |i: usize, element: &Value| {
        if matches!(value.ty(), Type::Set(_)) {
            path.element(element.clone())
        } else {
            path.index(i)
        }
    };
    match to {
        Type::List(element) | Type::Set(element) => {
            let element = match settled(element, value.ty(), elements, path) {
                Ok(element) => element,
                Err(error) => return Some(Err(error)),
            };
            let converted: Result<Vec<Value>, PathError> = elements
                .iter()
                .enumerate()
                .map(|(i, e)| at(e, &element, &place(i, e)))
                .collect();
            let build = if matches!(to, Type::List(_)) {
                Value::list
            } else {
                Value::set
            };
            Some(converted.and_then(|c| {
                build(element.without_optional(), c)
                    .map_err(|e| PathError::new(path, e.to_string()))
            }))
        }
        Type::Tuple(types)
            if types.len() == elements.len()
                && matches!(value.ty(), Type::Tuple(_) | Type::List(_)) =>
        {
            let converted: Result<Vec<Value>, PathError> = elements
                .iter()
                .zip(types.iter())
                .enumerate()
                .map(|(i, (e, ty))| at(e, ty, &path.index(i)))
                .collect();
            Some(converted.map(Value::tuple))
        }
        _ => None,
    }
}

/// The element type of the result: as asked, or where that is open what all elements have in common.
fn settled(wanted: &Type, from: &Type, elements: &[Value], path: &Path) -> Result<Type, PathError> {
    if *wanted != Type::Dynamic {
        return Ok(wanted.clone());
    }
    if let Some(element) = from.element() {
        return Ok(element.clone());
    }
    let types: Vec<Type> = elements.iter().map(|e| e.ty().clone()).collect();
    unify(&types).ok_or_else(|| PathError::new(path, "all elements must have the same type"))
}

type Source<'a> = (&'a Value, &'a std::collections::BTreeMap<Arc<str>, Value>);

fn to_map((value, entries): Source<'_>, element: &Type, path: &Path) -> Result<Value, PathError> {
    let parts: Vec<Value> = entries.values().cloned().collect();
    let element = settled(element, value.ty(), &parts, path)?;
    let converted: Result<Vec<_>, PathError> = entries
        .iter()
        .map(|(key, e)| Ok((key.clone(), at(e, &element, &path.key(key))?)))
        .collect();
    Value::map(element.without_optional(), converted?)
        .map_err(|e| PathError::new(path, e.to_string()))
}

fn to_object(
    (_, entries): Source<'_>,
    object: &ObjectType,
    path: &Path,
) -> Result<Value, PathError> {
    let mut missing: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for (name, ty) in object.attributes() {
        match entries.get(name) {
            Some(value) => out.push((name.clone(), at(value, ty, &path.attribute(name.clone()))?)),
            None if object.is_optional(name) => {
                out.push((name.clone(), Value::null(ty.without_optional())))
            }
            None => missing.push(name),
        }
    }
    if missing.is_empty() {
        return Ok(Value::object(out));
    }
    let plural = if missing.len() == 1 {
        "attribute"
    } else {
        "attributes"
    };
    let names: Vec<String> = missing.iter().map(|name| format!("{name:?}")).collect();
    let verb = if missing.len() == 1 { "is" } else { "are" };
    Err(PathError::new(
        path,
        format!("{plural} {} {verb} required", names.join(", ")),
    ))
}
