//! Type constraints, defaults of optional attributes, values of variables.

use cty::Value;

use super::value;
use crate::eval::type_constraint::{Constraint, constraint};
use crate::eval::variable::{Declared, from_text, prepare};
use crate::eval::{Evaluated, Failure};
use crate::source::{FileId, Place, Sources, Span};
use crate::syntax::parse_expression;

fn read(text: &str) -> Result<Constraint, Box<Failure>> {
    let file = Sources::new().add("test.tf", parse_expression(text.as_bytes().to_vec()));
    constraint(&file, file.ast.template.expect("an expression was parsed"))
}

fn place() -> Place {
    Place {
        file: FileId(0),
        span: Span::default(),
    }
}

fn variable(ty: &str, default: Option<&str>, given: Option<&str>, nullable: bool) -> Evaluated {
    let constraint = read(ty)?;
    let default = default.map(value);
    let given = given.map(value);
    let declared = Declared {
        name: "v",
        constraint: &constraint,
        default: default.as_ref(),
        nullable,
        sensitive: false,
        ephemeral: false,
    };
    prepare(&declared, given.as_ref(), place())
}

fn becomes(ty: &str, given: &str, expected: &str) {
    let found = variable(ty, None, Some(given), true)
        .unwrap_or_else(|failure| panic!("{ty} of {given}: {failure}"));
    assert_eq!(found, value(expected), "{ty} of {given}");
}

#[test]
fn values_take_the_type_of_their_variable() {
    becomes("string", "1", "\"1\"");
    becomes("any", "[1, \"a\"]", "[1, \"a\"]");
    becomes(
        "list(any)",
        "[1, \"a\"]",
        "convert([\"1\", \"a\"], list(string))",
    );
    becomes("list", "[1]", "convert([1], list(number))");
    becomes(
        "set(number)",
        "[1, \"1\", 2]",
        "convert([1, 2], set(number))",
    );
    becomes("object({a = string})", "{a = 1, b = 2}", "{a = \"1\"}");
    becomes("tuple([string, any])", "[1, 2]", "[\"1\", 2]");
    assert!(variable("number", None, Some("\"x\""), true).is_err());
    assert!(variable("object({a = string})", None, Some("{}"), true).is_err());
}

#[test]
fn defaults_stand_in_for_what_is_missing_or_null() {
    let nested = "object({a = optional(object({b = optional(number, 1), c = optional(string, \"x\")}), {})})";
    becomes(nested, "{}", "{a = {b = 1, c = \"x\"}}");
    becomes(nested, "{a = {b = null}}", "{a = {b = 1, c = \"x\"}}");
    becomes(
        "object({a = optional(object({b = optional(number, 1)}))})",
        "{}",
        "{a = convert(null, object({b = number}))}",
    );
    becomes(
        "map(object({a = optional(string, \"d\")}))",
        "{k = {a = null}, l = {a = 1}}",
        "convert({k = {a = \"d\"}, l = {a = \"1\"}}, map(object({a = string})))",
    );
    becomes(
        "set(object({a = optional(string, \"d\")}))",
        "[{}, {a = null}]",
        "convert([{a = \"d\"}], set(object({a = string})))",
    );
    becomes(
        "object({a = optional(string, \"d\")})",
        "convert({a = null}, map(string))",
        "{a = \"d\"}",
    );
}

#[test]
fn null_becomes_the_default_where_it_is_not_allowed() {
    let string = |default, given, nullable| variable("string", default, given, nullable);
    assert_eq!(
        string(Some("\"a\""), Some("null"), false).ok(),
        Some(value("\"a\""))
    );
    assert!(string(Some("\"a\""), Some("null"), true).is_ok_and(|value| value.is_null()));
    assert!(string(None, Some("null"), false).is_err());
    assert!(string(Some("null"), Some("\"a\""), false).is_err());
    assert!(string(None, None, true).is_err());
}

#[test]
fn what_is_no_type_is_refused() {
    for wrong in [
        "foo",
        "set",
        "object",
        "optional(string)",
        "list()",
        "list(string, string)",
        "any()",
        "string(1)",
        "object([])",
        "object({\"a\" = string})",
        "object({a = string, a = number})",
        "object({a = optional()})",
        "object({a = optional(string, 1, 2)})",
        "object({a = optional(number, \"x\")})",
        "object({a = optional(string, var.x)})",
        "object({a = optional(string, upper(\"x\"))})",
        "tuple({})",
        "list(null)",
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn text_is_an_expression_for_larger_types() {
    let list = read("list(string)").ok();
    let any = read("any").ok();
    let number = read("number").ok();
    let from = |text: &str, ty: &Option<Constraint>| from_text(text, ty.as_ref(), "TF_VAR_v");
    assert_eq!(from("[\"a\"]", &list).ok(), Some(value("[\"a\"]")));
    assert_eq!(from("[1]", &any).ok(), Some(value("[1]")));
    assert_eq!(from("null", &None).ok(), Some(Value::string("null")));
    assert_eq!(from("1 + 1", &number).ok(), Some(Value::string("1 + 1")));
    for wrong in ["foo", "", "[", "[upper(\"a\")]"] {
        assert!(from(wrong, &any).is_err(), "{wrong}");
    }
}
