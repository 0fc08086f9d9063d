//! What stands on the wire and in states, byte by byte where it matters.

use cty::{Number, Refinements, Type, Value, json, msgpack};

fn numbers(texts: &[&str]) -> Vec<Value> {
    texts
        .iter()
        .map(|text| Value::number(Number::parse(text).expect("a number")))
        .collect()
}

#[test]
fn any_extension_is_an_unknown_and_strange_promises_are_passed_over() {
    let decode = |bytes: &[u8]| msgpack::decode(bytes, &Type::String).unwrap();
    assert_eq!(decode(&[0xd4, 0, 0]), Value::unknown(Type::String));
    assert_eq!(decode(&[0xc7, 0, 0]), Value::unknown(Type::String));
    assert_eq!(decode(&[0xd5, 99, 1, 2]), Value::unknown(Type::String));
    // Keys 9 and -1 are of the future, key 3 is for numbers: what is understood stays.
    let payload = [
        0x84, 9, 0x91, 0x81, 1, 0xa1, b'x', 0xff, 0xc0, 3, 0x92, 1, 0xc3, 1, 0xc2,
    ];
    let bytes = [
        &[0xc7, u8::try_from(payload.len()).unwrap(), 12][..],
        &payload,
    ]
    .concat();
    assert_eq!(decode(&bytes), Value::unknown(Type::String).not_null());
    // More than a kilobyte of promises is too much to believe.
    let oversized = [vec![0xc8, 0x04, 0x01, 12], vec![0x81; 1025]].concat();
    assert_eq!(decode(&oversized), Value::unknown(Type::String));
}

#[test]
fn a_long_prefix_is_shortened_between_characters_when_it_travels() {
    let long = "é".repeat(200);
    let refinements = Refinements {
        prefix: Some(long.as_str().into()),
        ..Refinements::default()
    };
    let bytes = msgpack::encode(
        &Value::unknown(Type::String).with_refinements(refinements),
        &Type::String,
    )
    .unwrap();
    let back = msgpack::decode(&bytes, &Type::String).unwrap();
    let prefix = back
        .unknown_info()
        .unwrap()
        .refinements()
        .unwrap()
        .prefix
        .clone()
        .unwrap();
    assert_eq!(&*prefix, "é".repeat(128));
}

#[test]
fn objects_on_the_wire_have_every_attribute_once() {
    let ty = Type::object([("a", Type::Bool), ("b", Type::Bool)]);
    let error = |bytes: &[u8]| msgpack::decode(bytes, &ty).unwrap_err().to_string();
    assert_eq!(error(&[0x81, 0xa1, b'a', 0xc3]), "b: attribute is missing");
    assert_eq!(
        error(&[0x82, 0xa1, b'a', 0xc3, 0xa1, b'a', 0xc3]),
        "a: attribute is there twice"
    );
    assert_eq!(
        error(&[0x81, 0xa1, b'c', 0xc3]),
        "c: the type has no such attribute"
    );
    assert_eq!(
        error(&[0x81, 0x01, 0xc3]),
        "a key must be a string, but found a number"
    );
    assert_eq!(
        error(&[0x82, 0xa1, b'a', 0xc3, 0xa1, b'b', 0xa2, 0xff, 0xfe]),
        "b: a string is not valid UTF-8"
    );
}

#[test]
fn a_state_may_lack_attributes_and_may_hold_lost_ones_where_that_is_asked_for() {
    let ty = Type::list(Type::object([("a", Type::Bool), ("new", Type::String)]));
    let text = br#"[{"a":true,"lost":{"x":1}}]"#;
    let error = json::decode(text, &ty).unwrap_err().to_string();
    assert_eq!(error, "[0].lost: the type has no such attribute");
    let value = json::decode_dropping_extra(text, &ty).unwrap();
    let element = Value::object([("a", Value::bool(true)), ("new", Value::null(Type::String))]);
    assert_eq!(value.elements().unwrap(), [element]);
}

#[test]
fn encoding_converts_what_is_of_another_type() {
    let ty = Type::object([("ports", Type::set(Type::Number)), ("name", Type::String)]);
    let value = Value::object([
        ("ports", Value::tuple(numbers(&["443", "80", "443"]))),
        ("name", Value::null(Type::Dynamic)),
    ]);
    let back = msgpack::decode(&msgpack::encode(&value, &ty).unwrap(), &ty).unwrap();
    assert_eq!(
        back.attribute("ports").unwrap().elements().unwrap(),
        numbers(&["80", "443"])
    );
    assert_eq!(back.attribute("name").unwrap(), &Value::null(Type::String));
    assert!(msgpack::encode(&Value::string("x"), &ty).is_err());
}
