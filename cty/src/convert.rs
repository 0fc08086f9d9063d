//! Conversion of values to other types, as Terraform does it where a type is expected.

mod possible;
mod unknown;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::path::{PathError, Trail};
use crate::unify::common;
use crate::value::Data;
use crate::{Number, ObjectType, Type, Value, ValueError};
pub(crate) use possible::{Safety, converts};

/// Converts a value to a type; marks stay, unknowns stay unknown, nulls become nulls of the type. The result has no
/// optional attributes in its type: those left out are null.
///
/// # Errors
/// Names the place and what does not fit.
pub fn convert(value: &Value, to: &Type) -> Result<Value, PathError> {
    convert_at(value, to, &Trail::Root)
}

/// Whether some value of one type can be converted to the other.
pub fn can_convert(from: &Type, to: &Type) -> bool {
    *from == to.without_optional() || converts(from, to, Safety::Unsafe)
}

/// The text that a bool is written as; `None` for other texts.
pub(crate) fn bool_from_text(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn convert_at(value: &Value, to: &Type, trail: &Trail<'_>) -> Result<Value, PathError> {
    if *to == Type::Dynamic || *value.ty() == to.without_optional() {
        return Ok(value.clone());
    }
    if !converts(value.ty(), to, Safety::Unsafe) {
        return Err(possible::mismatch(value.ty(), to, trail));
    }
    let converted = match value.data() {
        Data::Null => Value::null(unknown::closed(value.ty(), &to.without_optional())),
        Data::Unknown(info) => unknown::convert(value.ty(), info, &to.without_optional()),
        _ => known(value, to, trail)?,
    };
    Ok(converted.with_marks(&value.marks().cloned().unwrap_or_default()))
}

fn known(value: &Value, to: &Type, trail: &Trail<'_>) -> Result<Value, PathError> {
    match (value.data(), to) {
        (Data::Number(number), Type::String) => Ok(Value::string(number.to_string())),
        (Data::Bool(truth), Type::String) => Ok(Value::string(truth.to_string())),
        (Data::String(text), Type::Number) => Number::parse(text)
            .map(Value::number)
            .map_err(|_| trail.error("number required, but this string is none")),
        (Data::String(text), Type::Bool) => match bool_from_text(text) {
            Some(truth) => Ok(Value::bool(truth)),
            None => {
                Err(trail.error("bool required, but this string is neither \"true\" nor \"false\""))
            }
        },
        (Data::Elements(elements), Type::List(element)) => to_list(value, elements, element, trail),
        (Data::Elements(elements), Type::Set(element)) => {
            let element = element_type(value, elements.iter(), element, trail)?;
            built(
                trail,
                Value::set(element.clone(), each(elements, &element, trail)?),
            )
        }
        (Data::Elements(elements), Type::Tuple(types)) => {
            let pairs = elements.iter().zip(types.iter()).enumerate();
            let parts: Result<Vec<Value>, PathError> = pairs
                .map(|(i, (e, ty))| convert_at(e, ty, &Trail::Index(trail, i)))
                .collect();
            Ok(Value::tuple(parts?))
        }
        (Data::Entries(entries), Type::Map(element)) => to_map(value, entries, element, trail),
        (Data::Entries(entries), Type::Object(object)) => to_object(value, entries, object, trail),
        _ => Err(possible::mismatch(value.ty(), to, trail)),
    }
}

fn built(trail: &Trail<'_>, result: Result<Value, ValueError>) -> Result<Value, PathError> {
    result.map_err(|e| trail.error(e.to_string()))
}

fn each(elements: &[Value], element: &Type, trail: &Trail<'_>) -> Result<Vec<Value>, PathError> {
    elements
        .iter()
        .enumerate()
        .map(|(i, e)| convert_at(e, element, &Trail::Index(trail, i)))
        .collect()
}

/// The element type to convert to: as asked, or where that is open what the parts have in common.
fn element_type<'a>(
    from: &Value,
    parts: impl Iterator<Item = &'a Value>,
    wanted: &Type,
    trail: &Trail<'_>,
) -> Result<Type, PathError> {
    if *wanted != Type::Dynamic {
        return Ok(wanted.clone());
    }
    if let Some(element) = from.ty().element() {
        return Ok(element.clone());
    }
    let types: Vec<Type> = parts.map(|part| part.ty().clone()).collect();
    if types.is_empty() {
        return Ok(Type::Dynamic);
    }
    common(&types, Safety::Unsafe).ok_or_else(|| trail.error("the elements have no type in common"))
}

fn to_list(
    value: &Value,
    elements: &[Value],
    wanted: &Type,
    trail: &Trail<'_>,
) -> Result<Value, PathError> {
    let element = element_type(value, elements.iter(), wanted, trail)?;
    let (least, most) = value.length_range();
    if least != most {
        // Unknown elements of a set may fall together: nobody knows how long the list will be.
        return Ok(Value::unknown(Type::list(unknown::closed(
            &element,
            &element.without_optional(),
        ))));
    }
    let mut converted = each(elements, &element, trail)?;
    if matches!(value.ty(), Type::Tuple(_)) {
        converted = alike(converted, trail, Safety::Unsafe)?;
    }
    built(trail, Value::list(element, converted))
}

/// Brings elements whose types still differ in parts to the type they have in common.
fn alike(elements: Vec<Value>, trail: &Trail<'_>, safety: Safety) -> Result<Vec<Value>, PathError> {
    let types: Vec<Type> = elements.iter().map(|e| e.ty().clone()).collect();
    if types.windows(2).all(|pair| pair[0] == pair[1]) {
        return Ok(elements);
    }
    match common(&types, safety) {
        Some(ty) => each(&elements, &ty, trail),
        None => Err(trail.error("the elements have no type in common")),
    }
}

type Entries = BTreeMap<Arc<str>, Value>;

fn to_map(
    value: &Value,
    entries: &Entries,
    wanted: &Type,
    trail: &Trail<'_>,
) -> Result<Value, PathError> {
    let element = element_type(value, entries.values(), wanted, trail)?;
    let converted: Result<Vec<Value>, PathError> = entries
        .iter()
        .map(|(key, e)| convert_at(e, &element, &Trail::Key(trail, key)))
        .collect();
    let mut converted = converted?;
    if !element.is_primitive() && !matches!(element, Type::Dynamic | Type::Tuple(_)) {
        let safety = if matches!(value.ty(), Type::Map(_)) {
            Safety::Safe
        } else {
            Safety::Unsafe
        };
        converted = alike(converted, trail, safety)?;
    }
    let keys = entries.keys().cloned();
    built(trail, Value::map(element, keys.zip(converted)))
}

fn to_object(
    value: &Value,
    entries: &Entries,
    object: &ObjectType,
    trail: &Trail<'_>,
) -> Result<Value, PathError> {
    let is_map = matches!(value.ty(), Type::Map(_));
    let mut attributes = Vec::new();
    for (name, ty) in object.attributes() {
        let below = if is_map {
            Trail::Key(trail, name)
        } else {
            Trail::Attribute(trail, name)
        };
        let part = match entries.get(name) {
            Some(part) => convert_at(part, ty, &below)?,
            None if object.is_optional(name) => Value::null(ty.without_optional()),
            None => {
                return Err(trail.error(format!(
                    "attribute {name:?} is required, but it is not there"
                )));
            }
        };
        attributes.push((name.clone(), part));
    }
    Ok(Value::object(attributes))
}
