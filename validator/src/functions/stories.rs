//! What functions promise beyond the recorded calls: unknown and secret arguments, and input that means harm.

use std::time::{Duration, Instant};

use cty::{Mark, Refinements, Type, Value};

use super::{Environment, FunctionError, find, names};

fn call(name: &str, arguments: &[Value]) -> Result<Value, FunctionError> {
    find(name)
        .expect("the function is there")
        .call(arguments, &Environment::none())
}

fn text(text: &str) -> Value {
    Value::string(text)
}

fn unknown_text() -> Value {
    Value::unknown(Type::String).not_null()
}

/// Refused, and soon.
#[track_caller]
fn refused(name: &str, arguments: &[Value]) {
    let began = Instant::now();
    assert!(call(name, arguments).is_err(), "{name} takes it");
    assert!(began.elapsed() < Duration::from_secs(20), "{name} is slow");
}

#[test]
fn no_function_panics_whatever_it_is_given() {
    let odd = [
        Value::null(Type::Dynamic),
        Value::dynamic_unknown(),
        unknown_text(),
        text(""),
        text("é\u{301}%[/("),
        Value::number(-1),
        Value::number(cty::Number::infinity(false)),
        Value::number(cty::Number::parse("1e-99").expect("a number")),
        Value::bool(true),
        Value::tuple(vec![]),
        Value::tuple(vec![text("a"), Value::null(Type::String), unknown_text()]),
        Value::object(vec![("a".to_owned(), unknown_text())]),
        Value::null(Type::list(Type::String)),
        text("x").with_marks(&[Mark::Sensitive].into_iter().collect()),
    ];
    // bcrypt is slow on purpose.
    for name in names().filter(|name| *name != "bcrypt") {
        for a in &odd {
            let _ = call(name, std::slice::from_ref(a));
            for b in &odd {
                let _ = call(name, &[a.clone(), b.clone()]);
                let _ = call(name, &[a.clone(), b.clone(), odd[3].clone()]);
                let _ = call(name, &[odd[10].clone(), a.clone(), b.clone()]);
            }
        }
    }
}

#[test]
fn the_beginning_of_an_unknown_text_is_enough_where_all_of_it_is_asked_for() {
    let arn = unknown_text().with_refinements(Refinements::prefix("arn:aws:"));
    let starts = |with: &str| call("startswith", &[arn.clone(), text(with)]).expect("a bool");
    assert_eq!(starts("arn:").as_bool(), Some(true));
    assert_eq!(starts("x:").as_bool(), Some(false));
    assert_eq!(
        starts("x:aws:ec2:eu"),
        Value::unknown(Type::Bool).not_null()
    );
    assert!(call("jsondecode", &[arn]).is_err(), "no JSON begins so");
}

#[test]
fn a_secret_argument_makes_a_secret_result() {
    let secret = text("a,b").with_marks(&[Mark::Sensitive].into_iter().collect());
    for name in ["upper", "md5", "jsonencode", "trimspace", "base64encode"] {
        let result = call(name, std::slice::from_ref(&secret)).expect("a text");
        assert!(result.is_marked_deep(), "{name} gives the secret away");
    }
    let parts = call("split", &[text(","), secret]).expect("a list");
    assert!(parts.is_marked_deep(), "split gives the secret away");
}

#[test]
fn patterns_that_grow_are_refused_and_those_that_wander_end() {
    refused("regex", &[text("(?:(?:a{100}){100}){100}"), text("a")]);
    refused("regex", &[text("[\\pL\\pM\\pN]{1000}{1000}"), text("a")]);
    refused("regex", &[text(&"(".repeat(100_000)), text("a")]);
    refused("regex", &[text(&"\\p{None}".repeat(100_000)), text("a")]);
    let began = Instant::now();
    let wandering = call(
        "regexall",
        &[text("(a|aa)+$"), text(&("a".repeat(5_000) + "b"))],
    );
    assert_eq!(
        wandering.expect("a list").elements().map(<[Value]>::len),
        Some(0)
    );
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn the_last_of_several_groups_with_one_name_counts() {
    let found = call("regex", &[text("(?P<x>a)(?P<x>b)"), text("ab")]).expect("an object");
    assert_eq!(found.attribute("x"), Some(&text("b")));
}

#[test]
fn an_indent_that_nothing_needs_is_not_made() {
    let width = Value::number(i64::MAX);
    let one = call("indent", &[width.clone(), text("one line")]);
    assert_eq!(one.expect("a text"), text("one line"));
    refused("indent", &[width, text("two\nlines")]);
}

#[test]
fn numbers_from_a_million_on_have_an_exponent() {
    let shown = |number: i64| call("format", &[text("%v"), Value::number(number)]).expect("a text");
    assert_eq!(shown(999_999), text("999999"));
    assert_eq!(shown(1_000_000), text("1e+06"));
    refused("format", &[text("%9999999d"), Value::number(1)]);
}

#[test]
fn the_first_network_of_all_cannot_be_divided_into_several() {
    let divided = |network: &str| call("cidrsubnets", &[text(network), Value::number(1)]);
    assert!(divided("10.0.0.0/8").is_ok());
    assert!(divided("0.0.0.0/8").is_err());
}

#[test]
fn years_have_no_end() {
    let moved = |time: &str, by: &str| call("timeadd", &[text(time), text(by)]).expect("a time");
    assert_eq!(
        moved("9999-12-31T23:59:59Z", "1s"),
        text("10000-01-01T00:00:00Z")
    );
    assert_eq!(
        moved("0000-01-01T00:00:00Z", "-1s"),
        text("-0001-12-31T23:59:59Z")
    );
}

#[test]
fn a_block_at_the_end_of_a_document_has_no_line_break_that_is_not_there() {
    let read = |yaml: &str| call("yamldecode", &[text(yaml)]).expect("YAML");
    assert_eq!(read("|\n  a"), text("a"));
    assert_eq!(read("|\n  a\n"), text("a\n"));
    assert!(read("|").is_null());
}
