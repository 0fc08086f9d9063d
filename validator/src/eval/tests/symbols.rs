//! Why values are not known, as text.

use super::{locals, value};
use crate::symbol;

fn text(expression: &str) -> String {
    let value = value(expression);
    symbol::text(symbol::of(&value).expect("an unknown value with a symbol"))
}

#[test]
fn every_unknown_says_what_it_is_made_of() {
    for (expression, expected) in [
        (
            "\"a-${local.id}-x\"",
            "\"a-${module.a.aws_vpc.this[0].id}-x\"",
        ),
        (
            "\"${\"a-${local.id}\"}-${1}\"",
            "\"a-${module.a.aws_vpc.this[0].id}-1\"",
        ),
        ("local.size + 1", "var.size + 1"),
        ("-(local.size * 2)", "-(var.size * 2)"),
        ("local.open.a[0][\"b c\"]", "var.open.a[0][\"b c\"]"),
        ("local.flag ? \"a\" : \"b\"", "var.flag ? \"a\" : \"b\""),
        ("local.names[local.size]", "var.names[var.size]"),
        ("[for x in local.names : x]", "over::for(var.names)"),
        ("local.names[*]", "over::splat(var.names)"),
        ("try(local.open, 1)", "try(var.open)"),
        ("local.size == 1", "var.size == 1"),
        (
            "\"${local.secret}-${local.id}\"",
            "\"${(sensitive)}-${module.a.aws_vpc.this[0].id}\"",
        ),
        ("{(local.id) = 1}", "over::for(module.a.aws_vpc.this[0].id)"),
    ] {
        assert_eq!(text(expression), expected, "{expression}");
    }
}

#[test]
fn reasons_are_the_leaves_each_once() {
    let value =
        value("[\"${local.id}${local.size}\", local.size, {a = local.flag ? local.id : \"\"}]");
    let because: Vec<String> = symbol::because(&value)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        because,
        ["module.a.aws_vpc.this[0].id", "var.flag", "var.size"]
    );
}

#[test]
fn text_is_read_back_as_the_same_text() {
    let mut all = vec![
        "aws_vpc.main[*].id".to_owned(),
        "module.a[\"x y\"].aws_vpc.main[\"k\"].tags[\"a b\"]".to_owned(),
        "data.aws_region.current.name".to_owned(),
        "module.a.var.x.y[0]".to_owned(),
        "unknown(\"no module at ./x\")".to_owned(),
        "split(\",\", module.b.var.x)[1]".to_owned(),
        "merge({ \"a\" = -1, \"b\" = null }, var.x)".to_owned(),
        "!(var.a && var.b)".to_owned(),
        "f((sensitive), toset([\"$${x}\\n\"]))".to_owned(),
    ];
    for name in ["id", "open", "names"] {
        let value = &locals().values[name];
        all.push(symbol::text(symbol::of(value).expect("an unknown value")));
    }
    for written in all {
        let read = symbol::parse(&written).unwrap_or_else(|| panic!("{written} was not read"));
        assert_eq!(symbol::text(&read), written);
    }
    // A number past the bounds is none: a saved value then stays unknown, without a symbol.
    assert!(symbol::parse("f(-1e99999, var.x)").is_none());
    // Others may have written it: the first text may differ, the next ones may not.
    for (foreign, written) in [
        ("(aws_vpc).main[\"a b\"].id", "aws_vpc.main[\"a b\"].id"),
        (
            "f(\"\\u202E\\u009B\", var.x)",
            "f(\"\\u202e\\u009b\", var.x)",
        ),
        ("f(\"${\"a\"}b\", var.x)", "f(\"ab\", var.x)"),
    ] {
        let read = symbol::parse(foreign).unwrap_or_else(|| panic!("{foreign} was not read"));
        assert_eq!(symbol::text(&read), written);
    }
    assert!(symbol::parse("1 +").is_none());
    assert!(symbol::parse("1").is_none());
    assert!(symbol::parse("\"${\"a\"}b\"").is_none());
}

#[test]
fn long_chains_end_in_a_bounded_text() {
    let chain = format!("local.size{}", " + 1".repeat(50_000));
    let value = value(&chain);
    assert!(symbol::text(symbol::of(&value).expect("unknown")).len() < 8192);
}
