//! Unknown values on the wire: extension 0, or 12 with what is promised about them.

use rmp::encode as write;
use rmp::encode::ValueWriteError;

use super::reader::{Item, ReadError, Reader};
use crate::refinement::{Bound, Refinements, Unknown, settle};
use crate::value::nfc;
use crate::{Type, Value};

const PLAIN: i8 = 0;
const REFINED: i8 = 12;
/// Longest payload of promises, and longest prefix among them (`object-wire-format.md` of Terraform's protocol).
const MAX_PAYLOAD: usize = 1024;
const MAX_PREFIX: usize = 256;

pub(super) fn encode(
    unknown: &Unknown,
    ty: &Type,
    out: &mut Vec<u8>,
) -> Result<(), ValueWriteError> {
    let refinements = unknown.refinements().filter(|_| *ty != Type::Dynamic);
    match refinements.map(payload).transpose()? {
        Some(payload) if payload.len() <= MAX_PAYLOAD => {
            write::write_ext_meta(
                out,
                u32::try_from(payload.len()).unwrap_or(u32::MAX),
                REFINED,
            )?;
            out.extend_from_slice(&payload);
        }
        _ => out.extend_from_slice(&[0xd4, PLAIN.to_be_bytes()[0], 0]),
    }
    Ok(())
}

fn payload(r: &Refinements) -> Result<Vec<u8>, ValueWriteError> {
    let mut body = Vec::new();
    let mut entries = 0;
    if let Some(null) = r.null {
        entries += 1;
        write::write_sint(&mut body, 1)?;
        write::write_bool(&mut body, null).map_err(ValueWriteError::InvalidMarkerWrite)?;
    }
    if let Some(prefix) = &r.prefix {
        entries += 1;
        write::write_sint(&mut body, 2)?;
        write::write_str(&mut body, shortened(prefix))?;
    }
    for (key, bound) in [(3, &r.min), (4, &r.max)] {
        if let Some(bound) = bound {
            entries += 1;
            write::write_sint(&mut body, key)?;
            write::write_array_len(&mut body, 2)?;
            super::encode_number(&bound.value, &mut body)?;
            write::write_bool(&mut body, bound.inclusive)
                .map_err(ValueWriteError::InvalidMarkerWrite)?;
        }
    }
    for (key, length) in [(5, r.min_length), (6, r.max_length)] {
        if let Some(length) = length {
            entries += 1;
            write::write_sint(&mut body, key)?;
            write::write_uint(&mut body, length)?;
        }
    }
    let mut out = Vec::new();
    write::write_map_len(&mut out, entries)?;
    out.extend(body);
    Ok(out)
}

/// A prefix within its limit, cut between characters: a shorter promise is still true.
fn shortened(prefix: &str) -> &str {
    &prefix[..prefix.floor_char_boundary(MAX_PREFIX)]
}

/// Any extension means unknown; only promises that make sense for the type are kept.
pub(super) fn decode(code: i8, payload: &[u8], ty: &Type) -> Result<Value, ReadError> {
    if code != REFINED || payload.len() > MAX_PAYLOAD || *ty == Type::Dynamic {
        return Ok(Value::unknown(ty.clone()));
    }
    let mut reader = Reader::new(payload);
    let mut refinements = Refinements::default();
    if let Item::Map(entries) = reader.item()? {
        for _ in 0..entries {
            let key = reader.item()?;
            read(&mut reader, &key, ty, &mut refinements)?;
        }
    }
    // Not into a list of many unknowns: memory must stay in proportion to the input.
    Ok(settle(ty, refinements, None, 0))
}

fn read(
    reader: &mut Reader<'_>,
    key: &Item<'_>,
    ty: &Type,
    r: &mut Refinements,
) -> Result<(), ReadError> {
    let key = match key {
        Item::Uint(key) => *key,
        _ => 0,
    };
    let sized = matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_));
    match (key, reader.item()?) {
        (1, Item::Bool(null)) => r.null = Some(null),
        (2, Item::Str(prefix)) if *ty == Type::String => r.prefix = Some(nfc(prefix)),
        (3, Item::Array(2)) if *ty == Type::Number => r.min = bound(reader)?,
        (4, Item::Array(2)) if *ty == Type::Number => r.max = bound(reader)?,
        (5, Item::Uint(length)) if sized => r.min_length = Some(length),
        (6, Item::Uint(length)) if sized => r.max_length = Some(length),
        (_, item) => skip(reader, &item, 0)?,
    }
    Ok(())
}

fn bound(reader: &mut Reader<'_>) -> Result<Option<Bound>, ReadError> {
    let end = reader.item()?;
    let value = super::number(&end);
    skip(reader, &end, 0)?;
    let inclusive = reader.item()?;
    skip(reader, &inclusive, 0)?;
    match (value, inclusive) {
        (Some(value), Item::Bool(inclusive)) => Ok(Some(Bound { value, inclusive })),
        _ => Ok(None),
    }
}

/// Reads past an item whose key is not known: a newer peer may promise more.
fn skip(reader: &mut Reader<'_>, item: &Item<'_>, depth: usize) -> Result<(), ReadError> {
    let parts = match item {
        Item::Array(len) => *len,
        Item::Map(len) => len * 2,
        _ => 0,
    };
    if depth > MAX_PAYLOAD.ilog2() as usize {
        return Err(ReadError::Truncated);
    }
    for _ in 0..parts {
        let below = reader.item()?;
        skip(reader, &below, depth + 1)?;
    }
    Ok(())
}
