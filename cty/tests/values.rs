//! Values keep what Terraform relies on: sets their order, marks their places, unknowns their promises and origins.

use std::sync::Arc;

use cty::conversion::convert;
use cty::{Bound, Mark, Number, ObjectType, Origin, Path, Refinements, Type, Value, msgpack};

fn strings(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(Value::string).collect()
}

fn numbers(texts: &[&str]) -> Vec<Value> {
    texts
        .iter()
        .map(|text| Value::number(Number::parse(text).expect("a number")))
        .collect()
}

#[test]
fn sets_sort_by_meaning_and_hold_each_value_once() {
    let set = Value::set(Type::String, strings(&["b", "a", "B", "b"])).unwrap();
    assert_eq!(set.elements().unwrap(), strings(&["B", "a", "b"]));
    let set = Value::set(Type::Number, numbers(&["10", "9", "-1", "9.0"])).unwrap();
    assert_eq!(set.elements().unwrap(), numbers(&["-1", "9", "10"]));
    let set = Value::set(
        Type::Bool,
        vec![Value::bool(true), Value::bool(false), Value::bool(true)],
    )
    .unwrap();
    assert_eq!(
        set.elements().unwrap(),
        [Value::bool(false), Value::bool(true)]
    );
}

#[test]
fn in_sets_unknowns_stay_apart_and_nulls_come_last() {
    let (null, unknown) = (Value::null(Type::String), Value::unknown(Type::String));
    let elements = vec![
        null.clone(),
        unknown.clone(),
        Value::string("a"),
        unknown.clone(),
        null.clone(),
    ];
    let set = Value::set(Type::String, elements).unwrap();
    assert_eq!(
        set.elements().unwrap(),
        [Value::string("a"), unknown.clone(), unknown, null]
    );
}

#[test]
fn zeros_of_both_signs_are_one_value_in_any_set() {
    let inner = |text| Value::set(Type::Number, numbers(&[text])).unwrap();
    let set =
        |a, b, c| Value::set(Type::set(Type::Number), vec![inner(a), inner(b), inner(c)]).unwrap();
    assert_eq!(set("-0", "-Inf", "0"), set("0", "-Inf", "-0"));
    assert_eq!(set("-0", "-Inf", "0").elements().unwrap().len(), 2);
}

#[test]
fn a_collection_of_open_type_takes_the_type_of_its_elements() {
    let list = Value::list(
        Type::Dynamic,
        vec![Value::null(Type::Dynamic), Value::string("a")],
    )
    .unwrap();
    assert_eq!(list.ty(), &Type::list(Type::String));
    assert_eq!(list.elements().unwrap()[0], Value::null(Type::String));
    let error =
        Value::list(Type::Dynamic, vec![Value::string("a"), Value::bool(true)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a collection of string cannot hold a bool"
    );
    let part = |value| Value::object([("a", value)]);
    let element = Type::object([("a", Type::Dynamic)]);
    let list = Value::list(element.clone(), vec![part(Value::bool(true))]).unwrap();
    assert_eq!(list.ty(), &Type::list(Type::object([("a", Type::Bool)])));
    assert!(Value::list(element, vec![Value::bool(true)]).is_err());
}

#[test]
fn marks_move_from_elements_to_their_set_and_come_off_with_their_places() {
    let secret = Value::string("s").mark(Mark::Sensitive);
    let set = Value::set(Type::String, vec![secret.clone()]).unwrap();
    assert!(set.is_marked() && !set.elements().unwrap()[0].is_marked());

    let value = Value::object([
        (
            "list",
            Value::list(Type::String, vec![Value::string("a"), secret.clone()]).unwrap(),
        ),
        ("map", Value::map(Type::String, [("k", secret)]).unwrap()),
    ]);
    assert!(value.is_marked_deep() && !value.is_marked());
    let (bare, places) = value.unmark_deep();
    let shown: Vec<String> = places.iter().map(|(path, _)| path.to_string()).collect();
    assert_eq!(shown, ["list[1]", "map[\"k\"]"]);
    assert!(!bare.is_marked_deep());
    assert_eq!(bare.with_marks_at(&places), value);
}

#[test]
fn marks_stay_through_conversion_and_comparison_and_never_travel() {
    let secret = Value::number(1_i64).mark(Mark::Sensitive);
    assert!(convert(&secret, &Type::String).unwrap().is_marked());
    assert!(secret.equals(&Value::number(1_i64)).is_marked());
    let bytes = msgpack::encode(&secret, &Type::Number).unwrap();
    assert_eq!(
        msgpack::decode(&bytes, &Type::Number).unwrap(),
        Value::number(1_i64)
    );
    // Whether an object is null says nothing about its parts.
    let object = Value::object([("a", secret)]);
    assert!(!object.equals(&Value::null(Type::Dynamic)).is_marked());
}

#[test]
fn an_origin_goes_with_its_unknown_and_is_no_part_of_equality() {
    let unknown = Value::unknown(Type::Number).with_origin(Origin::new("aws_vpc.main.id"));
    assert_eq!(unknown, Value::unknown(Type::Number));
    let text = convert(&unknown.not_null(), &Type::String).unwrap();
    let origin = text.unknown_info().unwrap().origin().unwrap();
    assert_eq!(origin.downcast::<&str>(), Some(&"aws_vpc.main.id"));
}

#[test]
fn promises_that_settle_a_value_make_it_known() {
    let bound = |n: i64| {
        Some(Bound {
            value: Number::from(n),
            inclusive: true,
        })
    };
    let exactly = |n| Refinements {
        min: bound(n),
        max: bound(n),
        ..Refinements::not_null()
    };
    assert_eq!(
        Value::unknown(Type::Number).with_refinements(exactly(7)),
        Value::number(7_i64)
    );
    let length = |n| Refinements {
        min_length: Some(n),
        max_length: Some(n),
        ..Refinements::not_null()
    };
    let list = Value::unknown(Type::list(Type::Bool)).with_refinements(length(2));
    assert_eq!(
        list.elements().unwrap(),
        [Value::unknown(Type::Bool), Value::unknown(Type::Bool)]
    );
    let map = Value::unknown(Type::map(Type::Bool)).with_refinements(length(0));
    assert!(map.entries().unwrap().is_empty());
    let null = Refinements {
        null: Some(true),
        ..Refinements::default()
    };
    assert!(Value::unknown(Type::Bool).with_refinements(null).is_null());
    // It may be null after all: still unknown.
    let open = Refinements {
        null: None,
        ..exactly(7)
    };
    assert!(
        !Value::unknown(Type::Number)
            .with_refinements(open)
            .is_known()
    );
}

#[test]
fn promises_add_up_and_only_those_of_the_type_stay() {
    let at_least = |n: i64, inclusive| Refinements {
        min: Some(Bound {
            value: Number::from(n),
            inclusive,
        }),
        ..Refinements::default()
    };
    let value = Value::unknown(Type::Number)
        .not_null()
        .with_refinements(at_least(5, true))
        .with_refinements(at_least(5, false))
        .with_refinements(at_least(1, true));
    let promised = value.unknown_info().unwrap().refinements().unwrap().clone();
    assert_eq!(
        promised,
        Refinements {
            null: Some(false),
            ..at_least(5, false)
        }
    );
    let value = Value::unknown(Type::Bool).with_refinements(at_least(5, true));
    assert_eq!(value.unknown_info().unwrap().refinements(), None);
}

#[test]
fn a_prefix_keeps_only_what_cannot_change() {
    let prefix = |text: &str| {
        Refinements::prefix(text)
            .prefix
            .unwrap_or_default()
            .to_string()
    };
    assert_eq!(prefix("arn:aws:"), "arn:aws:");
    assert_eq!(prefix("u-"), "u-");
    assert_eq!(prefix("ab"), "a");
    assert_eq!(prefix("abe\u{301}"), "ab");
    assert_eq!(prefix("日本"), "日");
    assert_eq!(prefix("ab👨\u{200d}👩"), "ab");
    assert_eq!(prefix(""), "");
}

#[test]
fn equality_waits_for_unknowns_unless_a_promise_decides() {
    let name = Value::unknown(Type::String).with_refinements(Refinements::prefix("arn:"));
    assert_eq!(name.equals(&Value::string("vpc-1")).as_bool(), Some(false));
    assert_eq!(name.equals(&Value::string("arn:aws")).as_bool(), None);
    assert_eq!(
        name.clone()
            .not_null()
            .equals(&Value::null(Type::String))
            .as_bool(),
        Some(false)
    );
    assert_eq!(name.equals(&Value::null(Type::String)).as_bool(), None);
    assert_eq!(
        Value::null(Type::String)
            .equals(&Value::null(Type::Bool))
            .as_bool(),
        Some(true)
    );
}

#[test]
fn optional_attributes_left_out_become_null_and_leave_no_trace_in_the_type() {
    let wanted = ObjectType::new([("a", Type::String), ("b", Type::Number)]).with_optional(["b"]);
    let value = convert(
        &Value::object([("a", Value::bool(true))]),
        &Type::Object(Arc::new(wanted)),
    )
    .unwrap();
    assert_eq!(
        value,
        Value::object([
            ("a", Value::string("true")),
            ("b", Value::null(Type::Number))
        ])
    );
}

#[test]
fn conversion_errors_name_the_place() {
    let wanted = Type::list(Type::object([("n", Type::Number)]));
    let value = Value::tuple(vec![
        Value::object([("n", Value::string("1"))]),
        Value::object([("n", Value::string("x"))]),
    ]);
    assert_eq!(
        convert(&value, &wanted).unwrap_err().to_string(),
        "[1].n: number required, but this string is none"
    );
    let value = Value::tuple(vec![Value::object([("m", Value::string("1"))])]);
    assert_eq!(
        convert(&value, &wanted).unwrap_err().to_string(),
        "[0]: attribute \"n\" is required, but it is not there"
    );
}

#[test]
fn places_lead_to_parts() {
    let value = Value::object([(
        "l",
        Value::tuple(vec![
            Value::map(Type::Bool, [("k", Value::bool(true))]).unwrap(),
        ]),
    )]);
    let path = Path::root().attribute("l").index(0).key("k");
    assert_eq!(path.to_string(), "l[0][\"k\"]");
    assert_eq!(value.at(&path), Some(&Value::bool(true)));
    assert_eq!(value.at(&Path::root().attribute("l").index(1)), None);
}

#[test]
fn a_float_may_be_meant_as_its_digits() {
    let digits = Number::from_shortest(0.1).unwrap();
    assert_eq!(digits, Number::parse("0.1").unwrap());
    assert_ne!(digits, Number::try_from(0.1).unwrap());
    assert!(Number::from_shortest(f64::NAN).is_err());
}

#[test]
fn types_read_what_go_writes_for_nothing() {
    assert_eq!(
        Type::from_json(br#"["tuple",null]"#).unwrap(),
        Type::tuple([])
    );
    for wrong in [
        "",
        "null",
        "\"any\"",
        "[]",
        "[\"list\"]",
        "[\"list\",\"string\",[]]",
        "[\"object\",[]]",
        "[\"object\",{},1]",
    ] {
        assert!(Type::from_json(wrong.as_bytes()).is_err(), "{wrong}");
    }
    let text = r#"["object",{"a":"string","b":["list","dynamic"]},["b"]]"#;
    assert_eq!(Type::from_json(text.as_bytes()).unwrap().to_json(), text);
}
