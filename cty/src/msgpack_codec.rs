//! `MessagePack` as Terraform and its plugins write values.
//!
//! Numbers are integers where they fit an `i64`, else floats where exact, else decimal text. Unknowns are extension 0,
//! refined unknowns extension 12. A value of open type is a pair of its type's JSON and itself.

mod reader;
mod unknown;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rmp::encode as write;
use rmp::encode::ValueWriteError;

use crate::path::{PathError, Trail};
use crate::value::{Data, nfc};
use crate::{MAX_DEPTH, Number, ObjectType, Type, Value, ValueError};
use reader::{Item, Reader};

/// Writes a value for a place of this type; a value of another type is converted first. Marks are left out: they never
/// travel.
///
/// # Errors
/// When the value cannot be converted, or is longer than the encoding can say.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, PathError> {
    let mut out = Vec::new();
    let value = if value.ty().conforms_to(ty) {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(crate::convert::convert(value, ty)?)
    };
    encode_at(&value, ty, &Trail::Root, &mut out)?;
    Ok(out)
}

fn io<T>(trail: &Trail<'_>, result: Result<T, ValueWriteError>) -> Result<(), PathError> {
    result.map(|_| ()).map_err(|e| trail.error(e.to_string()))
}

fn length(trail: &Trail<'_>, len: usize) -> Result<u32, PathError> {
    u32::try_from(len).map_err(|_| {
        trail.error(format!(
            "{len} elements or bytes are more than the encoding can count"
        ))
    })
}

fn text(out: &mut Vec<u8>, text: &str, trail: &Trail<'_>) -> Result<(), PathError> {
    length(trail, text.len())?;
    io(trail, write::write_str(out, text))
}

fn encode_at(
    value: &Value,
    ty: &Type,
    trail: &Trail<'_>,
    out: &mut Vec<u8>,
) -> Result<(), PathError> {
    if *ty == Type::Dynamic && *value.ty() != Type::Dynamic {
        io(trail, write::write_array_len(out, 2))?;
        io(
            trail,
            write::write_bin(out, value.ty().to_json().as_bytes()),
        )?;
        return encode_at(value, value.ty(), trail, out);
    }
    match (value.data(), ty) {
        (Data::Null, _) => io(
            trail,
            write::write_nil(out).map_err(ValueWriteError::InvalidMarkerWrite),
        ),
        (Data::Unknown(unknown), _) => io(trail, unknown::encode(unknown, ty, out)),
        (Data::String(string), Type::String) => text(out, string, trail),
        (Data::Bool(truth), Type::Bool) => io(
            trail,
            write::write_bool(out, *truth).map_err(ValueWriteError::InvalidMarkerWrite),
        ),
        (Data::Number(number), Type::Number) => io(trail, encode_number(number, out)),
        (Data::Elements(elements), Type::List(element) | Type::Set(element)) => {
            io(
                trail,
                write::write_array_len(out, length(trail, elements.len())?),
            )?;
            elements
                .iter()
                .enumerate()
                .try_for_each(|(i, e)| encode_at(e, element, &Trail::Index(trail, i), out))
        }
        (Data::Elements(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            io(
                trail,
                write::write_array_len(out, length(trail, elements.len())?),
            )?;
            let mut pairs = elements.iter().zip(types.iter()).enumerate();
            pairs.try_for_each(|(i, (e, ty))| encode_at(e, ty, &Trail::Index(trail, i), out))
        }
        (Data::Entries(entries), Type::Map(element)) => {
            io(
                trail,
                write::write_map_len(out, length(trail, entries.len())?),
            )?;
            entries.iter().try_for_each(|(key, e)| {
                text(out, key, trail)?;
                encode_at(e, element, &Trail::Key(trail, key), out)
            })
        }
        (Data::Entries(entries), Type::Object(object))
            if entries.len() == object.attributes().len() =>
        {
            io(
                trail,
                write::write_map_len(out, length(trail, entries.len())?),
            )?;
            object.attributes().iter().try_for_each(|(name, ty)| {
                let below = Trail::Attribute(trail, name);
                let value = entries
                    .get(name)
                    .ok_or_else(|| below.error("attribute is missing"))?;
                text(out, name, trail)?;
                encode_at(value, ty, &below, out)
            })
        }
        _ => Err(trail.error(format!("{ty} required, but this is {}", value.ty()))),
    }
}

fn encode_number(number: &Number, out: &mut Vec<u8>) -> Result<(), ValueWriteError> {
    if let Some(integer) = number.to_i64() {
        return write::write_sint(out, integer).map(|_| ());
    }
    match number.to_f64_exact() {
        Some(float) if !number.is_integer() => write::write_f64(out, float),
        _ => write::write_str(out, &number.to_string()),
    }
}

/// Reads a value for a place of this type.
///
/// # Errors
/// Names the place: truncated input, another shape than the type's, bytes left over, nesting past
/// [`MAX_DEPTH`]. Memory stays within a constant factor of the input's length.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, PathError> {
    let mut reader = Reader::new(bytes);
    let value = decode_at(&mut reader, &ty.without_optional(), &Trail::Root, 0)?;
    if reader.is_empty() {
        Ok(value)
    } else {
        Err(Trail::Root.error("bytes are left over behind the value"))
    }
}

fn decode_at(
    reader: &mut Reader<'_>,
    ty: &Type,
    trail: &Trail<'_>,
    depth: usize,
) -> Result<Value, PathError> {
    if depth > MAX_DEPTH {
        return Err(trail.error(format!("nested deeper than {MAX_DEPTH} levels")));
    }
    let item = reader.item().map_err(|e| trail.error(e.to_string()))?;
    match (item, ty) {
        (Item::Ext(code, payload), _) => {
            unknown::decode(code, payload, ty).map_err(|e| trail.error(e.to_string()))
        }
        (Item::Nil, _) => Ok(Value::null(ty.clone())),
        (Item::Array(2), Type::Dynamic) => decode_dynamic(reader, trail, depth),
        (Item::Array(len), Type::List(element) | Type::Set(element)) => {
            let elements = decode_elements(reader, (0..len).map(|_| &**element), trail, depth)?;
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
        (Item::Array(len), Type::Tuple(types)) if len == types.len() => Ok(Value::tuple_for(
            ty,
            decode_elements(reader, types.iter(), trail, depth)?,
        )),
        (Item::Map(len), Type::Map(element)) => decode_map(reader, len, element, trail, depth),
        (Item::Map(len), Type::Object(object)) => decode_object(reader, len, object, trail, depth)
            .map(|attributes| Value::object_for(ty, attributes)),
        (item, _) => decode_primitive(&item, ty, trail),
    }
}

fn built(trail: &Trail<'_>, result: Result<Value, ValueError>) -> Result<Value, PathError> {
    result.map_err(|e| trail.error(e.to_string()))
}

fn decode_primitive(item: &Item<'_>, ty: &Type, trail: &Trail<'_>) -> Result<Value, PathError> {
    match (item, ty) {
        (Item::Str(text), Type::String) => Ok(Value::string(text)),
        (Item::Bool(truth), Type::Bool) => Ok(Value::bool(*truth)),
        (_, Type::Number) => match number(item) {
            Some(number) => Ok(Value::number(number)),
            None => Err(trail.error(format!("number required, but found {}", item.describe()))),
        },
        _ => Err(trail.error(format!("{ty} required, but found {}", item.describe()))),
    }
}

/// A number in any of the shapes it travels in.
fn number(item: &Item<'_>) -> Option<Number> {
    match item {
        Item::Int(number) => Some(Number::from(*number)),
        Item::Uint(number) => Some(Number::from(*number)),
        Item::Float(float) => Number::try_from(*float).ok(),
        Item::Str(text) => Number::parse(text).ok(),
        _ => None,
    }
}

fn decode_dynamic(
    reader: &mut Reader<'_>,
    trail: &Trail<'_>,
    depth: usize,
) -> Result<Value, PathError> {
    let json = match reader.item() {
        Ok(Item::Bin(json)) => json,
        Ok(Item::Str(json)) => json.as_bytes(),
        Ok(item) => {
            return Err(trail.error(format!(
                "a value of open type begins with its type, but found {}",
                item.describe()
            )));
        }
        Err(error) => return Err(trail.error(error.to_string())),
    };
    let ty = Type::from_json(json).map_err(|e| trail.error(e.to_string()))?;
    decode_at(reader, &ty.without_optional(), trail, depth + 1)
}

fn decode_elements<'t>(
    reader: &mut Reader<'_>,
    types: impl Iterator<Item = &'t Type>,
    trail: &Trail<'_>,
    depth: usize,
) -> Result<Vec<Value>, PathError> {
    // No capacity from a header: the vector grows with what is really there.
    let mut elements = Vec::new();
    for (i, ty) in types.enumerate() {
        elements.push(decode_at(reader, ty, &Trail::Index(trail, i), depth + 1)?);
    }
    Ok(elements)
}

fn decode_map(
    reader: &mut Reader<'_>,
    len: usize,
    element: &Type,
    trail: &Trail<'_>,
    depth: usize,
) -> Result<Value, PathError> {
    let mut entries = BTreeMap::new();
    for _ in 0..len {
        let key = decode_key(reader, trail)?;
        let value = decode_at(reader, element, &Trail::Key(trail, &key), depth + 1)?;
        // The last of equal keys counts, as in Terraform.
        entries.insert(key, value);
    }
    built(trail, Value::map(element.clone(), entries))
}

fn decode_object(
    reader: &mut Reader<'_>,
    len: usize,
    object: &ObjectType,
    trail: &Trail<'_>,
    depth: usize,
) -> Result<BTreeMap<Arc<str>, Value>, PathError> {
    let mut attributes = BTreeMap::new();
    for _ in 0..len {
        let name = decode_key(reader, trail)?;
        let below = Trail::Attribute(trail, &name);
        let Some((name, ty)) = object.attributes().get_key_value(&name) else {
            return Err(below.error("the type has no such attribute"));
        };
        let value = decode_at(reader, ty, &below, depth + 1)?;
        if attributes.insert(name.clone(), value).is_some() {
            return Err(below.error("attribute is there twice"));
        }
    }
    match object
        .attributes()
        .keys()
        .find(|name| !attributes.contains_key(*name))
    {
        Some(missing) => Err(Trail::Attribute(trail, missing).error("attribute is missing")),
        None => Ok(attributes),
    }
}

fn decode_key(reader: &mut Reader<'_>, trail: &Trail<'_>) -> Result<Arc<str>, PathError> {
    match reader.item() {
        Ok(Item::Str(text)) => Ok(nfc(text)),
        Ok(item) => Err(trail.error(format!(
            "a key must be a string, but found {}",
            item.describe()
        ))),
        Err(error) => Err(trail.error(error.to_string())),
    }
}
