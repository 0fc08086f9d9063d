//! JSON as values stand in state files: numbers of any precision, values of open type as `{"type", "value"}`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::path::{PathError, Trail};
use crate::value::{Data, nfc};
use crate::{MAX_DEPTH, Number, ObjectType, Type, Value, ValueError};

/// Writes a wholly known value for a place of this type; a value of another type is converted first. Marks are left out.
///
/// # Errors
/// When a part is unknown or infinite, or the value cannot be converted.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, PathError> {
    let value = if value.ty().conforms_to(ty) {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(crate::convert::convert(value, ty)?)
    };
    Ok(to_json(&value, ty, &Trail::Root)?.to_string().into_bytes())
}

fn to_json(value: &Value, ty: &Type, trail: &Trail<'_>) -> Result<Json, PathError> {
    if !value.is_known() {
        return Err(trail.error("the value is not known, and JSON cannot say so"));
    }
    if *ty == Type::Dynamic && *value.ty() != Type::Dynamic {
        let kind: Json =
            serde_json::from_str(&value.ty().to_json()).map_err(|e| trail.error(e.to_string()))?;
        let value = to_json(value, value.ty(), trail)?;
        return Ok(Json::Object(
            [("type".to_owned(), kind), ("value".to_owned(), value)]
                .into_iter()
                .collect(),
        ));
    }
    match (value.data(), ty) {
        (Data::Null, _) => Ok(Json::Null),
        (Data::String(text), Type::String) => Ok(Json::from(text.as_ref())),
        (Data::Bool(truth), Type::Bool) => Ok(Json::from(*truth)),
        (Data::Number(number), Type::Number) => serde_json::from_str(&number.to_string())
            .map(Json::Number)
            .map_err(|_| trail.error(format!("{number} cannot be written as JSON"))),
        (Data::Elements(elements), Type::List(element) | Type::Set(element)) => elements
            .iter()
            .enumerate()
            .map(|(i, e)| to_json(e, element, &Trail::Index(trail, i)))
            .collect(),
        (Data::Elements(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            let pairs = elements.iter().zip(types.iter()).enumerate();
            pairs
                .map(|(i, (e, ty))| to_json(e, ty, &Trail::Index(trail, i)))
                .collect()
        }
        (Data::Entries(entries), Type::Map(element)) => {
            let entries: Result<serde_json::Map<_, _>, PathError> = entries
                .iter()
                .map(|(key, e)| {
                    Ok((
                        key.to_string(),
                        to_json(e, element, &Trail::Key(trail, key))?,
                    ))
                })
                .collect();
            Ok(Json::Object(entries?))
        }
        (Data::Entries(entries), Type::Object(object))
            if entries.len() == object.attributes().len() =>
        {
            let attributes: Result<serde_json::Map<_, _>, PathError> = object
                .attributes()
                .iter()
                .map(|(name, ty)| {
                    let below = Trail::Attribute(trail, name);
                    let value = entries
                        .get(name)
                        .ok_or_else(|| below.error("attribute is missing"))?;
                    Ok((name.to_string(), to_json(value, ty, &below)?))
                })
                .collect();
            Ok(Json::Object(attributes?))
        }
        _ => Err(trail.error(format!("{ty} required, but this is {}", value.ty()))),
    }
}

/// What happens to attributes that the type does not have.
#[derive(Clone, Copy, PartialEq)]
enum Extra {
    Refused,
    Dropped,
}

/// Reads a value for a place of this type. Attributes that are left out are null.
///
/// # Errors
/// Names the place: no JSON, another shape than the type's, nesting past [`MAX_DEPTH`].
pub fn decode(text: &[u8], ty: &Type) -> Result<Value, PathError> {
    decode_with(text, ty, Extra::Refused)
}

/// Like [`decode`], but drops attributes that the type does not have: a state may still hold what its schema has lost.
///
/// # Errors
/// As [`decode`].
pub fn decode_dropping_extra(text: &[u8], ty: &Type) -> Result<Value, PathError> {
    decode_with(text, ty, Extra::Dropped)
}

fn decode_with(text: &[u8], ty: &Type, extra: Extra) -> Result<Value, PathError> {
    let json = parse(text).map_err(|e| Trail::Root.error(e))?;
    from_json(&json, &ty.without_optional(), &Trail::Root, extra)
}

/// Parses JSON that is not nested past [`MAX_DEPTH`].
pub(crate) fn parse(text: &[u8]) -> Result<Json, String> {
    check_depth(text)?;
    let mut parser = serde_json::Deserializer::from_slice(text);
    // The parser has a limit of its own, one level short of ours, which has been checked.
    parser.disable_recursion_limit();
    let mut values = parser.into_iter::<Json>();
    match (values.next(), values.next()) {
        (Some(Ok(json)), None) => Ok(json),
        (Some(Err(error)), _) | (_, Some(Err(error))) => Err(format!("not JSON: {error}")),
        (None, _) => Err("not JSON: the text is empty".to_owned()),
        (_, Some(Ok(_))) => Err("not JSON: something follows the value".to_owned()),
    }
}

/// Refuses text nested past [`MAX_DEPTH`] before a parser recurses into it.
fn check_depth(text: &[u8]) -> Result<(), String> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(format!("nested deeper than {MAX_DEPTH} levels"));
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

fn from_json(json: &Json, ty: &Type, trail: &Trail<'_>, extra: Extra) -> Result<Value, PathError> {
    match (json, ty) {
        (Json::Null, _) => Ok(Value::null(ty.clone())),
        (Json::Object(pair), Type::Dynamic) => {
            let (Some(kind), Some(value), 2) = (pair.get("type"), pair.get("value"), pair.len())
            else {
                return Err(trail.error("a value of open type is an object with \"type\" and \"value\" and nothing else"));
            };
            let ty = Type::from_parsed(kind).map_err(|e| trail.error(e.to_string()))?;
            from_json(value, &ty.without_optional(), trail, extra)
        }
        (Json::Array(elements), Type::List(element) | Type::Set(element)) => {
            let types = elements.iter().map(|_| &**element);
            let elements = sequence(elements, types, trail, extra)?;
            let element = element.as_ref().clone();
            let list = matches!(ty, Type::List(_));
            built(
                trail,
                if list {
                    Value::list(element, elements)
                } else {
                    Value::set(element, elements)
                },
            )
        }
        (Json::Array(elements), Type::Tuple(types)) if elements.len() == types.len() => Ok(
            Value::tuple_for(ty, sequence(elements, types.iter(), trail, extra)?),
        ),
        (Json::Object(entries), Type::Map(element)) => {
            let entries: Result<Vec<_>, PathError> = entries
                .iter()
                .map(|(key, e)| Ok((key, from_json(e, element, &Trail::Key(trail, key), extra)?)))
                .collect();
            built(trail, Value::map(element.as_ref().clone(), entries?))
        }
        (Json::Object(entries), Type::Object(object)) => Ok(Value::object_for(
            ty,
            attributes(entries, object, trail, extra)?,
        )),
        _ => primitive(json, ty)
            .ok_or_else(|| trail.error(format!("{ty} required, but found {}", describe(json)))),
    }
}

/// Primitives, as leniently as Terraform reads them: old states hold numbers and bools as strings and the reverse.
fn primitive(json: &Json, ty: &Type) -> Option<Value> {
    match (json, ty) {
        (Json::String(text), Type::String) => Some(Value::string(text)),
        (Json::Number(number), Type::String) => Some(Value::string(number.as_str())),
        (Json::Bool(truth), Type::String) => Some(Value::string(truth.to_string())),
        (Json::Bool(truth), Type::Bool) => Some(Value::bool(*truth)),
        (Json::String(text), Type::Bool) => crate::convert::bool_from_text(text).map(Value::bool),
        (Json::Number(number), Type::Number) => {
            Number::parse(number.as_str()).ok().map(Value::number)
        }
        (Json::String(text), Type::Number) => Number::parse(text).ok().map(Value::number),
        _ => None,
    }
}

fn built(trail: &Trail<'_>, result: Result<Value, ValueError>) -> Result<Value, PathError> {
    result.map_err(|e| trail.error(e.to_string()))
}

fn sequence<'t>(
    elements: &[Json],
    types: impl Iterator<Item = &'t Type>,
    trail: &Trail<'_>,
    extra: Extra,
) -> Result<Vec<Value>, PathError> {
    let pairs = elements.iter().zip(types).enumerate();
    pairs
        .map(|(i, (e, ty))| from_json(e, ty, &Trail::Index(trail, i), extra))
        .collect()
}

type Attributes = BTreeMap<std::sync::Arc<str>, Value>;

fn attributes(
    entries: &serde_json::Map<String, Json>,
    object: &ObjectType,
    trail: &Trail<'_>,
    extra: Extra,
) -> Result<Attributes, PathError> {
    let mut attributes = BTreeMap::new();
    for (name, json) in entries {
        let name = nfc(name);
        let below = Trail::Attribute(trail, &name);
        match object.attributes().get_key_value(&name) {
            Some((name, ty)) => {
                attributes.insert(name.clone(), from_json(json, ty, &below, extra)?);
            }
            None if extra == Extra::Dropped => {}
            None => return Err(below.error("the type has no such attribute")),
        }
    }
    for (name, ty) in object.attributes() {
        if !attributes.contains_key(name) {
            attributes.insert(name.clone(), Value::null(ty.clone()));
        }
    }
    Ok(attributes)
}

fn describe(json: &Json) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::Bool(_) => "a bool".to_owned(),
        Json::Number(_) => "a number".to_owned(),
        Json::String(_) => "a string".to_owned(),
        Json::Array(elements) => format!("an array of {}", elements.len()),
        Json::Object(entries) => format!("an object of {}", entries.len()),
    }
}
