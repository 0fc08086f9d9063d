//! JSON as values stand in state files: numbers of any precision, values of open type as `{"type", "value"}`.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::path::{Path, PathError};
use crate::value::{Data, nfc};
use crate::{MAX_DEPTH, Number, Type, Value};

/// Writes a wholly known value for a place of this type. Marks are left out.
///
/// # Errors
/// When a part is unknown, or the value is not of the type.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, PathError> {
    Ok(to_json(value, ty, &Path::root())?.to_string().into_bytes())
}

fn to_json(value: &Value, ty: &Type, path: &Path) -> Result<Json, PathError> {
    if *ty == Type::Dynamic && value.is_known() && !value.is_null() {
        let ty = value.ty().without_optional();
        let kind: Json =
            serde_json::from_str(&ty.to_json()).map_err(|e| PathError::new(path, e.to_string()))?;
        return Ok(Json::Object(
            [
                ("type".to_owned(), kind),
                ("value".to_owned(), to_json(value, &ty, path)?),
            ]
            .into_iter()
            .collect(),
        ));
    }
    match (value.data(), ty) {
        (Data::Null, _) => Ok(Json::Null),
        (Data::Unknown(_), _) => Err(PathError::new(
            path,
            "the value is not known, and JSON cannot say so",
        )),
        (Data::String(text), Type::String) => Ok(Json::from(text.as_ref())),
        (Data::Bool(truth), Type::Bool) => Ok(Json::from(*truth)),
        (Data::Number(number), Type::Number) => serde_json::from_str(&number.to_string())
            .map(Json::Number)
            .map_err(|_| PathError::new(path, format!("{number} cannot be written as JSON"))),
        (Data::Elements(elements), Type::List(element) | Type::Set(element)) => elements
            .iter()
            .enumerate()
            .map(|(i, e)| to_json(e, element, &path.index(i)))
            .collect(),
        (Data::Elements(elements), Type::Tuple(types)) if elements.len() == types.len() => elements
            .iter()
            .zip(types.iter())
            .enumerate()
            .map(|(i, (e, ty))| to_json(e, ty, &path.index(i)))
            .collect(),
        (Data::Entries(entries), Type::Map(element)) => {
            let entries: Result<serde_json::Map<_, _>, PathError> = entries
                .iter()
                .map(|(key, e)| Ok((key.to_string(), to_json(e, element, &path.key(key))?)))
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
                    let below = path.attribute(name.clone());
                    let value = entries
                        .get(name)
                        .ok_or_else(|| PathError::new(&below, "attribute is missing"))?;
                    Ok((name.to_string(), to_json(value, ty, &below)?))
                })
                .collect();
            Ok(Json::Object(attributes?))
        }
        _ => Err(PathError::new(
            path,
            format!("{ty} required, but this is a {}", value.ty()),
        )),
    }
}

/// Reads a value for a place of this type.
///
/// # Errors
/// Names the place: no JSON, another shape than the type's, nesting past [`MAX_DEPTH`].
pub fn decode(text: &[u8], ty: &Type) -> Result<Value, PathError> {
    let root = Path::root();
    check_depth(text).map_err(|e| PathError::new(&root, e))?;
    let json: Json =
        serde_json::from_slice(text).map_err(|e| PathError::new(&root, e.to_string()))?;
    from_json(&json, ty, &root)
}

/// Refuses text nested past [`MAX_DEPTH`] before a parser recurses into it.
pub(crate) fn check_depth(text: &[u8]) -> Result<(), String> {
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

fn from_json(json: &Json, ty: &Type, path: &Path) -> Result<Value, PathError> {
    let refuse = || PathError::new(path, format!("{ty} required, but found {}", kind(json)));
    let built = |result: Result<Value, crate::ValueError>| {
        result.map_err(|e| PathError::new(path, e.to_string()))
    };
    match (json, ty) {
        (Json::Null, _) => Ok(Value::null(ty.clone())),
        (Json::Object(pair), Type::Dynamic) => {
            let (Some(kind), Some(value)) = (pair.get("type"), pair.get("value")) else {
                return Err(PathError::new(
                    path,
                    "a value of open type is an object with \"type\" and \"value\"",
                ));
            };
            let ty = Type::from_json(kind.to_string().as_bytes())
                .map_err(|e| PathError::new(path, e.to_string()))?;
            from_json(value, &ty, path)
        }
        (Json::String(text), Type::String) => Ok(Value::string(text)),
        // Terraform's own reader is this lenient with primitives, so old states are too.
        (Json::Number(number), Type::String) => Ok(Value::string(number.to_string())),
        (Json::Bool(truth), Type::String) => Ok(Value::string(truth.to_string())),
        (Json::Bool(truth), Type::Bool) => Ok(Value::bool(*truth)),
        (Json::String(text), Type::Bool) if text == "true" || text == "false" => {
            Ok(Value::bool(text == "true"))
        }
        (Json::Number(number), Type::Number) => Number::parse(&number.to_string())
            .map(Value::number)
            .map_err(|_| refuse()),
        (Json::String(text), Type::Number) => {
            Number::parse(text).map(Value::number).map_err(|_| refuse())
        }
        (Json::Array(elements), Type::List(element) | Type::Set(element)) => {
            let elements: Result<Vec<_>, _> = elements
                .iter()
                .enumerate()
                .map(|(i, e)| from_json(e, element, &path.index(i)))
                .collect();
            let element = element.as_ref().clone();
            built(if matches!(ty, Type::List(_)) {
                Value::list(element, elements?)
            } else {
                Value::set(element, elements?)
            })
        }
        (Json::Array(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            let elements: Result<Vec<_>, _> = elements
                .iter()
                .zip(types.iter())
                .enumerate()
                .map(|(i, (e, ty))| from_json(e, ty, &path.index(i)))
                .collect();
            Ok(Value::tuple(elements?).retyped(ty))
        }
        (Json::Object(entries), Type::Map(element)) => {
            let entries: Result<Vec<_>, PathError> = entries
                .iter()
                .map(|(key, e)| Ok((key, from_json(e, element, &path.key(key))?)))
                .collect();
            built(Value::map(element.as_ref().clone(), entries?))
        }
        (Json::Object(entries), Type::Object(object)) => {
            let mut attributes = BTreeMap::new();
            for (name, json) in entries {
                let name = nfc(name);
                let below = path.attribute(name.clone());
                let ty = object
                    .attributes()
                    .get(&name)
                    .ok_or_else(|| PathError::new(&below, "the type has no such attribute"))?;
                attributes.insert(name, from_json(json, ty, &below)?);
            }
            match object
                .attributes()
                .keys()
                .find(|name| !attributes.contains_key(*name))
            {
                Some(missing) => Err(PathError::new(
                    &path.attribute(missing.clone()),
                    "attribute is missing",
                )),
                None => Ok(Value::object(attributes).retyped(ty)),
            }
        }
        _ => Err(refuse()),
    }
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a bool",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}
