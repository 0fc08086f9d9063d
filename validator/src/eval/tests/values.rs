//! Known values.

use super::{eval, refused, same, value};
use cty::{Type, Value};

#[test]
fn operators_convert_their_operands() {
    same("\"5\" + 1", "6");
    same("!\"true\"", "false");
    same("-\"5\"", "-5");
    same("1 < \"2\"", "true");
    same("true && \"true\"", "true");
    same("\"true\" ? 2 : 3", "2");
    refused("\"a\" + 1", "Invalid operand");
    refused("1 ? 2 : 3", "Incorrect condition type");
    refused("1 + null", "Operation failed");
    refused("!null", "Operation failed");
    refused("0 / 0", "Operation failed");
    same("1 % 0", "1");
    same("-5 % 3", "-2");
    same("0.1 + 0.2 == 0.3", "true");
}

#[test]
fn equality_looks_at_types() {
    same("1 == \"1\"", "false");
    same("null == null", "true");
    same("null == 1", "false");
    same("[1] == [1]", "true");
    same("convert([1], list(number)) == [1]", "false");
}

#[test]
fn one_side_that_decides_drops_the_error_of_the_other() {
    same("(1 + null > 2) || true", "true");
    same("false && (1 + null > 2)", "false");
    refused("(1 + null > 2) && true", "Operation failed");
    same("null && true", "false");
    refused("null || false", "Operation failed");
    refused("\"x\" && false", "Invalid operand");
}

#[test]
fn both_arms_of_a_condition_decide_its_type() {
    same("false ? 1 : \"a\"", "\"a\"");
    same("true ? 1 : \"a\"", "\"1\"");
    same("true ? {} : {a = 1}", "convert({}, map(number))");
    same("true ? [1] : [\"a\", 2]", "convert([\"1\"], list(string))");
    same("true ? null : 1", "convert(null, number)");
    same("true ? 1 : [][0]", "1");
    refused(
        "true ? 1 : !(\"x\")",
        "Inconsistent conditional result types",
    );
    refused("true ? 1 : []", "Inconsistent conditional result types");
    refused("null ? 1 : 2", "Null condition");
}

#[test]
fn keys_are_converted_to_what_they_select_from() {
    same("[1, 2, 3][\"1\"]", "2");
    same("{\"0\" = 5}[0]", "5");
    same("[1, 2].0", "1");
    for wrong in [
        "[1][1.5]",
        "[1][-1]",
        "[1][1]",
        "[][0]",
        "\"a\"[0]",
        "{a = 1}[\"b\"]",
    ] {
        refused(wrong, "Invalid index");
    }
    refused("convert([1], set(number))[0]", "Invalid index");
    refused("{a = 1}.b", "Unsupported attribute");
    refused("\"a\".b", "Unsupported attribute");
    refused("convert({a = 1}, map(number)).b", "Missing map element");
    refused("null.a", "Attempt to get attribute from null value");
    refused("null[0]", "Attempt to index null value");
}

#[test]
fn splats_wrap_what_is_no_sequence() {
    same("null[*]", "[]");
    same("{a = 1}[*].a", "[1]");
    same("[null][*]", "[null]");
    same("[{b = [1]}][*].b[0]", "[1]");
    same("{a = [{b = 1}]}.a.*.b", "[1]");
    same("[[1, 2], [3]][*][0]", "[1, 3]");
    same(
        "convert([{a = 1}], set(object({a = number})))[*].a",
        "convert([1], list(number))",
    );
    refused("convert(null, list(string))[*]", "Splat of null value");
}

#[test]
fn for_goes_through_everything_with_elements() {
    same(
        "[for k, v in {b = 1, a = 2} : \"${k}${v}\"]",
        "[\"a2\", \"b1\"]",
    );
    same("[for i, v in [\"x\"] : \"${i}${v}\"]", "[\"0x\"]");
    same(
        "[for k, v in convert([\"x\"], set(string)) : \"${k}${v}\"]",
        "[\"xx\"]",
    );
    same("{for v in [\"a\", \"a\"] : v => 1...}", "{a = [1, 1]}");
    same("[for v in [1, 2, 3] : v if v != 2]", "[1, 3]");
    same("[for v in [1] : [for v in [2] : v]]", "[[2]]");
    refused("{for v in [\"a\", \"a\"] : v => v}", "Duplicate object key");
    refused("[for v in null : v]", "Iteration over null value");
    refused("[for v in 5 : v]", "Iteration over non-iterable value");
    refused("[for v in [] : v if null]", "Invalid 'for' condition");
    refused("{for v in [1] : null => v}", "Invalid object key");
}

#[test]
fn templates_hold_everything_but_null_and_collections() {
    same("\"a${1}${true}\"", "\"a1true\"");
    same("\"${[1]}\"", "[1]");
    same("\"%{ for x in [1, 2] }${x},%{ endfor }\"", "\"1,2,\"");
    same("\"%{ if false }a%{ endif }\"", "\"\"");
    refused("\"a${null}\"", "Invalid template interpolation value");
    refused("\"a${[1]}\"", "Invalid template interpolation value");
    refused("\"%{ if null }a%{ endif }\"", "Null condition");
    same("\"e\\u0301\"", "\"\\u00e9\"");
}

#[test]
fn objects_take_any_key_that_becomes_text() {
    same(
        "{1 = 2, true = 3, \"a\" = 1, \"a\" = 2}",
        "{\"1\" = 2, \"true\" = 3, a = 2}",
    );
    refused("{(null) = 1}", "Null value as key");
    refused("{([]) = 1}", "Incorrect key type");
    refused("{local.id = 1}", "Ambiguous attribute key");
}

#[test]
fn try_and_can_see_errors() {
    same("try([][0], \"x\")", "\"x\"");
    same("can([][0])", "false");
    same("can(1)", "true");
    same("try(nothing(1), 2)", "2");
    refused("try([][0])", "Error in function call");
    refused("try()", "Error in function call");
    refused("tri(1)", "Call to unknown function");
    assert!(eval("trry(1)").is_err_and(|failure| failure.detail.contains("\"try\"")));
}

#[test]
fn convert_takes_types_and_fills_defaults() {
    same("convert(\"1\", number)", "1");
    same(
        "convert([{a = 1}, {}], list(object({a = optional(number, 5)})))[1].a",
        "5",
    );
    refused("convert(\"a\", number)", "Invalid function argument");
    refused("convert(1, \"string\")", "Invalid type specification");
    refused("convert(1, optional(string))", "Invalid type specification");
}

#[test]
fn templates_from_elsewhere_see_only_their_variables() {
    same("templatestring(local.template, {x = 1})", "\"a1b\"");
    same("templatestring(local.typed, {x = 1})", "\"1\"");
    for wrong in [
        "templatestring(local.template, {})",
        "templatestring(local.template, [1])",
        "templatestring(local.template, {\"x y\" = 1, x = 1})",
        "templatestring(\"a\", {})",
        "templatestring((local.template), {x = 1})",
        "templatestring(local.five, {})",
        "templatefile(\"none\", {})",
    ] {
        refused(wrong, "Invalid function argument");
    }
    refused(
        "templatestring(local.nested, {x = 1})",
        "Error in function call",
    );
    refused(
        "templatestring(local.typed, {x = []})",
        "Error in function call",
    );
}

#[test]
fn template_files_keep_the_type_of_a_single_hole() {
    same("templatefile(\"typed.tpl\", {x = 1})", "1");
    same("templatefile(\"typed.tpl\", {x = [1]})", "[1]");
    for wrong in ["broken.tpl", "bytes.tpl", "none.tpl"] {
        let text = format!("templatefile(\"{wrong}\", {{}})");
        refused(&text, "Invalid function argument");
    }
    refused("templatefile(\"nested.tpl\", {})", "Error in function call");
    let failure = eval("templatefile(\"fails.tpl\", {x = 1})").expect_err("no attribute");
    assert!(failure.detail.starts_with("fails.tpl:2:"), "{failure}");
    let outside = value("try(templatefile(\"../out.tpl\", {}), 1)");
    let because = crate::symbol::because(&outside);
    assert_eq!(
        because.first().map(|why| &**why),
        Some("../out.tpl lies outside of the boundary")
    );
}

#[test]
fn what_is_made_of_secrets_is_secret() {
    for marked in [
        "\"a-${local.secret}\"",
        "local.secret == \"x\"",
        "local.secret == null",
        "{(local.secret) = 1}",
        "[local.secret] == [\"x\"]",
        "false ? local.secret : \"a\"",
        "[for x in [local.secret] : 1 if x != \"\"]",
        "convert({hush = 1}, map(number))[local.secret]",
        "try(local.secret, 1)",
    ] {
        assert!(value(marked).is_marked(), "{marked}");
    }
    for plain in [
        "[local.secret]",
        "can(local.secret)",
        "{hush = 1}[local.secret]",
        "[for x in [local.secret] : x]",
        "try(local.secret.foo, 1)",
    ] {
        assert!(!value(plain).is_marked(), "{plain}");
    }
}

#[test]
fn numbers_keep_all_their_digits() {
    assert_eq!(value("12345678901234567890123 + 1").ty(), &Type::Number);
    same("12345678901234567890123 - 12345678901234567890122", "1");
    assert_eq!(
        value("1.50"),
        Value::number(cty::Number::parse("1.5").expect("a number"))
    );
}
