//! Values that are not known.

use super::{eval, refused, same, value};
use cty::Type;

fn open(text: &str) {
    assert!(!value(text).is_known(), "{text} gave {:?}", value(text));
}

#[test]
fn what_is_promised_of_unknowns_decides() {
    same("local.id == null", "false");
    same("\"ab-${local.id}\" == \"cd\"", "false");
    same("\"ab-${local.id}\" == null", "false");
    same("(local.flag ? 1 : 2) > 0", "true");
    same("(local.flag ? 1 : 2) >= 3", "false");
    same("(local.flag ? 1 : 2) <= 3", "true");
    same("(local.flag ? 1 : 1)", "1");
    same("(local.flag ? 1 : 2) == 3", "false");
    same("local.names[*] == null", "false");
    same("local.flag ? null : null", "null");
    for undecided in [
        "(local.flag ? 1 : 2) > 1",
        "(local.flag ? 1 : 2) <= 2",
        "2 < (local.flag ? 1 : 2)",
        "(local.flag ? 1 : 2) + 1 > 0",
        "\"ab-${local.id}\" == \"ab-cd\"",
        "local.size == null",
        "local.flag ? \"same\" : \"same\"",
    ] {
        open(undecided);
    }
}

#[test]
fn logic_is_decided_by_one_known_side() {
    same("local.flag && false", "false");
    same("true || local.flag", "true");
    same("local.flag && null", "false");
    open("local.flag || null");
    open("local.flag && (1 + null > 2)");
    refused("(1 + null > 2) && local.flag", "Operation failed");
}

#[test]
fn loops_know_as_much_as_their_keys() {
    assert!(value("[for x in [\"a\", local.id] : x]").is_known());
    assert!(value("{for i, x in [\"a\", local.id] : i => x}").is_known());
    for undecided in [
        "[for x in [\"a\", local.id] : x if x != \"b\"]",
        "{for x in [local.id] : x => 1}",
        "[for x in local.names : x]",
        "{(local.id) = 1}",
        "\"%{ for x in local.names }a%{ endfor }\"",
        "[for x in [local.id, \"true\"] : x if \"${x}\"]",
    ] {
        open(undecided);
    }
    // An error of a later element does not matter once the result is not known.
    open("{for x in [local.id, []] : x => 1}");
    refused("{for x in [[], local.id] : x => 1}", "Invalid object key");
}

#[test]
fn parts_of_unknowns_have_their_types() {
    assert_eq!(value("local.names[0]").ty(), &Type::String);
    assert_eq!(value("local.keyed[\"x\"]").ty(), &Type::String);
    assert_eq!(value("local.open.a[0].b").ty(), &Type::Dynamic);
    assert_eq!(value("local.names[*]").ty(), &Type::list(Type::String));
    assert_eq!(value("local.size[*]").ty(), &Type::Dynamic);
    assert!(value("local.id[*]").is_known());
    refused("local.names[\"x\"]", "Invalid index");
    refused("local.names.a", "Unsupported attribute");
    open("local.names[-1]");
}

#[test]
fn try_and_can_wait_for_what_is_not_known() {
    open("try(local.open.a, 1)");
    open("try([local.id], 1)");
    open("can(local.open)");
    same("try(local.size.a, 1)", "1");
    same("can(local.size.a)", "false");
    same("try({a = 1}, local.id)", "{a = 1}");
}

#[test]
fn convert_forgets_what_was_promised() {
    open("convert(local.id, string) == null");
    open("convert(local.id, list(string))");
    assert!(eval("convert(local.id, any).a").is_ok());
}
