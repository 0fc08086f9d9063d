//! Bytes from outside may be anything: they give a value or an error with a place, never a panic.

use cty::{MAX_DEPTH, Type, Value, json, msgpack};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::strategies::{Parts, any_type, value};

/// Whatever is read can be written, and is read as the same again.
fn settles(bytes: &[u8], ty: &Type) -> Result<(), TestCaseError> {
    if let Ok(value) = msgpack::decode(bytes, ty) {
        let again = msgpack::encode(&value, ty).expect("what was read can be written");
        prop_assert_eq!(msgpack::decode(&again, ty).expect("and read again"), value);
    }
    Ok(())
}

fn wire() -> impl Strategy<Value = (Type, Vec<u8>)> {
    any_type().prop_flat_map(|ty| {
        value(ty.clone(), Parts::Any)
            .prop_map(move |v| (ty.clone(), msgpack::encode(&v, &ty).expect("encodes")))
            .prop_filter("short", |(_, bytes)| bytes.len() < 2000)
    })
}

/// Bytes that mean something in the encoding, more often than random ones do.
fn marker() -> impl Strategy<Value = u8> {
    prop_oneof![any::<u8>(), 0xc0..=0xdf_u8, 0x80..=0x83_u8, 0x90..=0x93_u8]
}

proptest! {
    #[test]
    fn c53_arbitrary_bytes_are_survived(ty in any_type(), bytes in prop::collection::vec(marker(), 0..200)) {
        settles(&bytes, &ty)?;
        settles(&bytes, &Type::Dynamic)?;
    }

    #[test]
    fn c53_damaged_encodings_are_survived(
        (ty, mut bytes) in wire(),
        damage in prop::collection::vec((any::<Index>(), marker(), 0..3_u8), 1..6),
    ) {
        for (at, byte, kind) in damage {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        settles(&bytes, &ty)?;
    }

    #[test]
    fn c53_every_truncation_is_an_error((ty, bytes) in wire()) {
        for end in 0..bytes.len() {
            prop_assert!(msgpack::decode(&bytes[..end], &ty).is_err(), "the first {} of {:02x?}", end, bytes);
        }
    }

    #[test]
    fn bytes_behind_the_value_are_an_error((ty, mut bytes) in wire(), more in marker()) {
        bytes.push(more);
        prop_assert!(msgpack::decode(&bytes, &ty).is_err());
    }

    #[test]
    fn refinements_of_any_content_are_survived(payload in prop::collection::vec(marker(), 0..60), ty in any_type()) {
        let len = u8::try_from(payload.len()).expect("short");
        let mut bytes = vec![0xc7, len, 12];
        bytes.extend(payload);
        settles(&bytes, &ty)?;
    }

    #[test]
    fn arbitrary_json_is_survived(ty in any_type(), text in "[\\[\\]{}\",:a-e0-9.\\-+ \\\\ntrufalsey]{0,60}") {
        let _ = json::decode(text.as_bytes(), &ty);
        let _ = Type::from_json(text.as_bytes());
    }

    #[test]
    fn json_that_is_no_text_is_survived(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let _ = json::decode(&bytes, &Type::Dynamic);
        let _ = Type::from_json(&bytes);
    }
}

#[test]
fn c53_lengths_beyond_the_input_are_refused_at_the_header() {
    let headers: &[&[u8]] = &[
        &[0xdd, 0xff, 0xff, 0xff, 0xff],
        &[0xdc, 0xff, 0xff],
        &[0xdf, 0xff, 0xff, 0xff, 0xff],
        &[0xde, 0xff, 0xff],
        &[0xdb, 0xff, 0xff, 0xff, 0xff],
        &[0xda, 0xff, 0xff],
        &[0xd9, 0xff],
        &[0xc6, 0xff, 0xff, 0xff, 0xff],
        &[0xc9, 0xff, 0xff, 0xff, 0xff, 12],
        &[0xc8, 0xff, 0xff, 0],
        &[0x9f],
        &[0x8f],
        &[0xbf],
    ];
    let types = [
        Type::list(Type::Bool),
        Type::set(Type::String),
        Type::map(Type::Number),
        Type::tuple([Type::Bool]),
        Type::object([("a", Type::String)]),
        Type::String,
        Type::Number,
        Type::Dynamic,
    ];
    for header in headers {
        for ty in &types {
            let error = msgpack::decode(header, ty).unwrap_err();
            assert!(
                error.message.contains("ends in the middle"),
                "{header:02x?} as {ty}: {error}"
            );
        }
    }
}

#[test]
fn c53_nesting_is_read_to_the_limit_and_refused_beyond() {
    let deep = |levels: usize| (0..levels).fold(Type::Bool, |ty, _| Type::list(ty));
    let bytes = |levels: usize| [vec![0x91; levels], vec![0xc3]].concat();
    let value = msgpack::decode(&bytes(MAX_DEPTH), &deep(MAX_DEPTH)).unwrap();
    assert_eq!(
        msgpack::encode(&value, &deep(MAX_DEPTH)).unwrap(),
        bytes(MAX_DEPTH)
    );
    let text = json::encode(&value, &deep(MAX_DEPTH)).unwrap();
    assert_eq!(json::decode(&text, &deep(MAX_DEPTH)).unwrap(), value);

    let error = msgpack::decode(&bytes(MAX_DEPTH + 1), &deep(MAX_DEPTH + 1)).unwrap_err();
    assert!(error.message.contains("nested deeper than 128"), "{error}");
    let error = json::decode("[".repeat(100_000).as_bytes(), &deep(MAX_DEPTH)).unwrap_err();
    assert!(error.message.contains("nested deeper than 128"), "{error}");
    let kind = r#"["list","#.repeat(100_000);
    assert!(
        Type::from_json(kind.as_bytes())
            .unwrap_err()
            .to_string()
            .contains("nested deeper")
    );
}

#[test]
fn open_values_inside_open_values_end_at_the_limit() {
    let open = [&[0x92, 0xc4, 9][..], b"\"dynamic\""].concat();
    let chain = |levels: usize| [open.repeat(levels), vec![0xc0]].concat();
    assert_eq!(
        msgpack::decode(&chain(100), &Type::Dynamic).unwrap(),
        Value::null(Type::Dynamic)
    );
    let error = msgpack::decode(&chain(100_000), &Type::Dynamic).unwrap_err();
    assert!(error.message.contains("nested deeper than 128"), "{error}");
    // Each level a tuple with an open element: the type is written again at every level.
    let tuple = [&[0x92, 0xc4, 21][..], br#"["tuple",["dynamic"]]"#, &[0x91]].concat();
    let error = msgpack::decode(&tuple.repeat(50_000), &Type::Dynamic).unwrap_err();
    assert!(error.message.contains("nested deeper than 128"), "{error}");
}

#[test]
fn c53_a_promise_of_a_long_list_makes_no_long_list() {
    // Not null, and exactly 2^40 elements.
    let payload = [
        0x83, 1, 0xc2, 5, 0xcf, 0, 0, 1, 0, 0, 0, 0, 0, 6, 0xcf, 0, 0, 1, 0, 0, 0, 0, 0,
    ];
    let bytes = [&[0xc7, 23, 12][..], &payload].concat();
    let value = msgpack::decode(&bytes, &Type::list(Type::String)).unwrap();
    let promised = value.unknown_info().unwrap().refinements().unwrap();
    assert_eq!(
        (promised.min_length, promised.max_length),
        (Some(1 << 40), Some(1 << 40))
    );
    assert_eq!(
        msgpack::encode(&value, &Type::list(Type::String)).unwrap(),
        bytes
    );
}
