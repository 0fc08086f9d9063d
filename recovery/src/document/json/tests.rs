//! Our reader of JSON against a general one.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

fn value(node: &Node) -> Value {
    match &node.value {
        Json::Null => Value::Null,
        Json::Flag(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(number.parse().unwrap()),
        Json::Text(text) => Value::String(text.clone()),
        Json::List(list) => list.iter().map(value).collect(),
        Json::Object(members) => {
            let pairs = members.iter().map(|m| (m.key.clone(), value(&m.node)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
    }
}

#[test]
fn what_is_no_json_is_refused_where_it_goes_wrong() {
    for (text, at, expected) in [
        ("", 0, "a JSON value"),
        ("{\"a\":1,}", 7, "a member's name in double quotes"),
        ("[1 2]", 3, "a comma or the list's closing bracket"),
        ("[01]", 2, "a comma or the list's closing bracket"),
        ("{} x", 3, "the end of the document"),
        (
            "\"a\nb\"",
            2,
            "the string's closing double quote; control characters are escaped",
        ),
        (
            "\"\\ud800\"",
            7,
            "a code point; one beyond U+FFFF is written as a pair of surrogates",
        ),
        (
            "\"\\ud800\\u0041\"",
            2,
            "a code point; one beyond U+FFFF is written as a pair of surrogates",
        ),
        (
            "\"\\ud800\\ue000\"",
            2,
            "a code point; one beyond U+FFFF is written as a pair of surrogates",
        ),
        (
            "\"\\udc00\"",
            2,
            "a code point; one beyond U+FFFF is written as a pair of surrogates",
        ),
        ("-", 1, "a digit"),
        ("\u{feff}{}", 0, "a JSON value"),
        ("tru", 0, "a JSON value"),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!((error.at, error.expected), (at, expected), "{text:?}");
    }
}

#[test]
fn depth_is_bounded() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&deep(DEEPEST)).is_ok());
    assert_eq!(parse(&deep(DEEPEST + 1)).unwrap_err().at, DEEPEST);
    assert!(parse(&"[".repeat(500_000)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn reads_what_serde_json_reads_and_refuses_what_it_refuses(
        text in r#"[\[\]{}:," \\ntrue0-9.eE+ud8fc"-]{0,14}"#
    ) {
        let theirs = serde_json::from_str::<Value>(&text);
        match parse(&text) {
            Ok(node) => prop_assert_eq!(value(&node), theirs.unwrap()),
            Err(_) => prop_assert!(theirs.is_err(), "{}", text),
        }
    }

    #[test]
    fn reads_every_text_back(text in any::<String>()) {
        let written = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(parse(&written).unwrap().value, Json::Text(text));
    }
}
