//! `MessagePack` as Terraform and its plugins write values.
//!
//! Numbers are integers where they fit an `i64`, else floats where exact, else decimal text. Unknowns are extension 0,
//! refined unknowns extension 12. A value of open type is a pair of its type's JSON and itself.

mod reader;
mod unknown;

use std::sync::Arc;

use rmp::encode as write;

use crate::path::{Path, PathError};
use crate::value::{Data, nfc};
use crate::{MAX_DEPTH, Number, Type, Value};
use reader::{Item, Reader};

/// Writes a value for a place of this type. Marks are left out: they never travel.
///
/// # Errors
/// When the value is not of the type, or a number or length cannot be written.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, PathError> {
    let mut out = Vec::new();
    encode_at(value, ty, &Path::root(), &mut out)?;
    Ok(out)
}

fn io<T, E: std::fmt::Display>(path: &Path, result: Result<T, E>) -> Result<T, PathError> {
    result.map_err(|e| PathError::new(path, e.to_string()))
}

fn length(path: &Path, len: usize) -> Result<u32, PathError> {
    io(path, u32::try_from(len))
}

fn encode_at(value: &Value, ty: &Type, path: &Path, out: &mut Vec<u8>) -> Result<(), PathError> {
    if *ty == Type::Dynamic && value.is_known() && !value.is_null() {
        io(path, write::write_array_len(out, 2))?;
        io(
            path,
            write::write_bin(out, value.ty().without_optional().to_json().as_bytes()),
        )?;
        return encode_at(value, value.ty(), path, out);
    }
    match (value.data(), ty) {
        (Data::Null, _) => io(path, write::write_nil(out)),
        (Data::Unknown(unknown), _) => io(path, unknown::encode(unknown, ty, out)),
        (Data::String(text), Type::String) => io(path, write::write_str(out, text)),
        (Data::Bool(truth), Type::Bool) => io(path, write::write_bool(out, *truth)),
        (Data::Number(number), Type::Number) => encode_number(number, path, out),
        (Data::Elements(elements), Type::List(element) | Type::Set(element)) => {
            io(
                path,
                write::write_array_len(out, length(path, elements.len())?),
            )?;
            elements
                .iter()
                .enumerate()
                .try_for_each(|(i, e)| encode_at(e, element, &path.index(i), out))
        }
        (Data::Elements(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            io(
                path,
                write::write_array_len(out, length(path, elements.len())?),
            )?;
            elements
                .iter()
                .zip(types.iter())
                .enumerate()
                .try_for_each(|(i, (e, ty))| encode_at(e, ty, &path.index(i), out))
        }
        (Data::Entries(entries), Type::Map(element)) => {
            io(
                path,
                write::write_map_len(out, length(path, entries.len())?),
            )?;
            entries.iter().try_for_each(|(key, e)| {
                io(path, write::write_str(out, key))?;
                encode_at(e, element, &path.key(key), out)
            })
        }
        (Data::Entries(entries), Type::Object(object))
            if entries.len() == object.attributes().len() =>
        {
            io(
                path,
                write::write_map_len(out, length(path, entries.len())?),
            )?;
            object.attributes().iter().try_for_each(|(name, ty)| {
                let below = path.attribute(name.clone());
                let value = entries
                    .get(name)
                    .ok_or_else(|| PathError::new(&below, "attribute is missing"))?;
                io(path, write::write_str(out, name))?;
                encode_at(value, ty, &below, out)
            })
        }
        _ => Err(PathError::new(
            path,
            format!("{ty} required, but this is a {}", value.ty()),
        )),
    }
}

fn encode_number(number: &Number, path: &Path, out: &mut Vec<u8>) -> Result<(), PathError> {
    if let Some(integer) = number.to_i64() {
        return io(path, write::write_sint(out, integer)).map(|_| ());
    }
    match number.to_f64_exact() {
        Some(float) if !number.is_integer() => io(path, write::write_f64(out, float)),
        _ => io(path, write::write_str(out, &number.to_string())),
    }
}

/// Reads a value for a place of this type.
///
/// # Errors
/// Names the place: truncated input, another shape than the type's, bytes left over, nesting past
/// [`MAX_DEPTH`]. Memory stays within a constant factor of the input's length.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, PathError> {
    let mut reader = Reader::new(bytes);
    let value = decode_at(&mut reader, ty, &Path::root(), 0)?;
    if reader.is_empty() {
        Ok(value)
    } else {
        Err(PathError::new(
            &Path::root(),
            "bytes are left over behind the value",
        ))
    }
}

fn decode_at(
    reader: &mut Reader<'_>,
    ty: &Type,
    path: &Path,
    depth: usize,
) -> Result<Value, PathError> {
    let refuse = |message: String| PathError::new(path, message);
    if depth > MAX_DEPTH {
        return Err(refuse(format!("nested deeper than {MAX_DEPTH} levels")));
    }
    let item = reader.item().map_err(|e| refuse(e.to_string()))?;
    let wrong = |item: &Item<'_>| refuse(format!("{ty} required, but found {}", item.kind()));
    match (item, ty) {
        (Item::Nil, _) => Ok(Value::null(ty.clone())),
        (Item::Ext(code, payload), _) => {
            unknown::decode(code, payload, ty).map_err(|e| refuse(e.to_string()))
        }
        (Item::Array(2), Type::Dynamic) => {
            let Item::Bin(json) = reader.item().map_err(|e| refuse(e.to_string()))? else {
                return Err(refuse("a dynamic value begins with its type".to_owned()));
            };
            let ty = Type::from_json(json).map_err(|e| refuse(e.to_string()))?;
            decode_at(reader, &ty, path, depth + 1)
        }
        (Item::Str(text), Type::String) => Ok(Value::string(text)),
        (Item::Bool(truth), Type::Bool) => Ok(Value::bool(truth)),
        (Item::Int(number), Type::Number) => Ok(Value::number(number)),
        (Item::Uint(number), Type::Number) => Ok(Value::number(number)),
        (Item::Float(float), Type::Number) => Number::try_from(float)
            .map(Value::number)
            .map_err(|e| refuse(e.to_string())),
        (Item::Str(text), Type::Number) => Number::parse(text)
            .map(Value::number)
            .map_err(|e| refuse(e.to_string())),
        (Item::Array(len), Type::List(element) | Type::Set(element)) => {
            let elements: Result<Vec<Value>, PathError> = (0..len)
                .map(|i| decode_at(reader, element, &path.index(i), depth + 1))
                .collect();
            let element = element.as_ref().clone();
            let built = if matches!(ty, Type::List(_)) {
                Value::list(element, elements?)
            } else {
                Value::set(element, elements?)
            };
            built.map_err(|e| refuse(e.to_string()))
        }
        (Item::Array(len), Type::Tuple(types)) if len == types.len() => {
            let elements: Result<Vec<Value>, PathError> = types
                .iter()
                .enumerate()
                .map(|(i, ty)| decode_at(reader, ty, &path.index(i), depth + 1))
                .collect();
            Ok(Value::tuple(elements?).retyped(ty))
        }
        (Item::Map(len), Type::Map(element)) => {
            let entries: Result<Vec<_>, PathError> = (0..len)
                .map(|_| {
                    let key = key(reader, path)?;
                    let value = decode_at(reader, element, &path.key(&key), depth + 1)?;
                    Ok((key, value))
                })
                .collect();
            Value::map(element.as_ref().clone(), entries?).map_err(|e| refuse(e.to_string()))
        }
        (Item::Map(len), Type::Object(object)) => {
            let mut attributes = std::collections::BTreeMap::new();
            for _ in 0..len {
                let name = key(reader, path)?;
                let below = path.attribute(name.clone());
                let Some(ty) = object.attributes().get(&name) else {
                    return Err(PathError::new(&below, "the type has no such attribute"));
                };
                if attributes
                    .insert(name, decode_at(reader, ty, &below, depth + 1)?)
                    .is_some()
                {
                    return Err(PathError::new(&below, "attribute is there twice"));
                }
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
        (item, _) => Err(wrong(&item)),
    }
}

fn key(reader: &mut Reader<'_>, path: &Path) -> Result<Arc<str>, PathError> {
    match reader.item() {
        Ok(Item::Str(text)) => Ok(nfc(text)),
        Ok(item) => Err(PathError::new(
            path,
            format!("a key must be a string, but found {}", item.kind()),
        )),
        Err(error) => Err(PathError::new(path, error.to_string())),
    }
}
