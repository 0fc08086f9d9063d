//! Values that grow beyond all bounds from few lines.

use std::fmt::Write as _;

use crate::run::{Root, some};

/// Forty local values, each made of the one before.
fn chain(first: &str, next: &str) -> String {
    let mut text = format!("locals {{\n  a0 = {first}\n");
    for at in 1..=40 {
        let before = format!("local.a{}", at - 1);
        writeln!(text, "  a{at} = {}", next.replace('@', &before)).expect("room in a string");
    }
    text + "}\nresource \"aws_vpc\" \"x\" {\n  cidr_block = local.a40\n}\n"
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn lists_that_hold_the_same_list_ten_times_over_are_refused() {
    for next in some(&[
        "[@, @, @, @, @, @, @, @, @, @]",
        "{ a = @, b = @, c = @ }",
        "concat(@, @)",
        "[for v in [1, 2, 3, 4] : @]",
        "merge({ a = @ }, { b = @ })",
        "tolist([@, @])",
        "flatten([@, @])",
        "zipmap([\"a\", \"b\"], [@, @])",
    ]) {
        let main = chain("[\"lol\"]", next);
        for ran in [
            Root::new(&main).inventory(),
            Root::new(&main).eval("local.a40"),
        ] {
            let told = ran.err.contains("grew too large") || ran.err.contains("are made");
            assert!(told, "{next}: {}", ran.err);
        }
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn text_that_doubles_is_refused() {
    for next in some(&[
        "\"${@}${@}\"",
        "join(\"\", [@, @])",
        "format(\"%s%s\", @, @)",
        "replace(\"aa\", \"a\", @)",
        "jsonencode([@, @])",
        "base64encode(@)",
        "urlencode(\"%${@}${@}\")",
        "<<E\n${@}${@}\nE\n",
        "replace(@, \"/(.)/\", \"$1$1\")",
        "replace(@, \"\", \"aaaaaaaaaaaaaaaaa\")",
        "indent(9, \"\\n${@}${@}\")",
        "yamlencode({ a = @, b = @ })",
    ]) {
        let main = chain("\"0123456789 0123456789 0123456789\"", next);
        let ran = Root::new(&main).inventory();
        // Base64 grows by a third a step only: forty steps end before the bound does.
        let told = ran.err.contains("grew too large") || ran.err.contains("too long");
        assert!(told || next.starts_with("base64"), "{next}: {}", ran.err);
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn unknown_values_that_hold_each_other_are_told_in_few_words() {
    for next in some(&[
        "[@, @]",
        "\"${@}${@}\"",
        "merge(@, @)",
        "coalesce(@, @)",
        "@ == @ ? @ : @",
        "lookup(@, @, @)",
    ]) {
        let main = format!("variable \"v\" {{}}\n{}", chain("var.v", next));
        let ran = Root::new(&main).values();
        assert!(
            ran.out.len() < 100_000,
            "{next}: {} bytes of output",
            ran.out.len()
        );
        assert!(
            ran.err.len() < 100_000,
            "{next}: {} bytes of errors",
            ran.err.len()
        );
        let json = Root::new(&main).run(&["inventory", ".", "--format", "json"]);
        assert!(
            json.out.len() < 300_000,
            "{next}: {} bytes of JSON",
            json.out.len()
        );
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn types_that_double_are_refused() {
    for next in some(&[
        "{ a = @, b = @ }",
        "[@, @]",
        "toset([@])",
        "{ for k in [\"a\", \"b\"] : k => @ }",
    ]) {
        let main = format!(
            "variable \"v\" {{\n  type = string\n}}\n{}",
            chain("var.v", next)
        );
        Root::new(&main).inventory();
        Root::new(&main).eval("type(local.a40)");
        Root::new(&main).eval("[local.a40, local.a39]");
        Root::new(&main).eval("local.a40 == local.a39");
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn loops_in_loops_run_out() {
    let loops =
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : [a, b, c]]]]";
    Root::new("").eval(loops).exits(1).says("grew too large");
    let kept =
        "[for a in @ : a if length([for b in @ : b if length([for c in @ : c if c < 0]) > 0]) > 0]";
    Root::new("")
        .eval(&kept.replace('@', "range(1000)"))
        .exits(1)
        .says("grew too large");
    let root = Root::new("locals {\n  l = range(1000)\n}\n");
    root.eval(&kept.replace('@', "local.l"))
        .exits(1)
        .says("grew too large");
    let keys =
        "{for a in range(1000) : \"x\" => [for b in range(1000) : [for c in range(1000) : c]]...}";
    Root::new("").eval(keys).exits(1).says("grew too large");
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn work_on_long_text_over_and_over_is_refused() {
    let root = Root::new(
        "locals {\n  t = join(\"\", [for a in setproduct(range(1000), range(100)) : \"aaaaaaaaaa\"])\n}\n",
    );
    for work in some(&[
        "strcontains(local.t, \"aaaaaaaab\")",
        "length(local.t)",
        "length(regexall(\"a*a*a*b\", local.t))",
        "sha256(local.t)",
        "length(split(\",\", local.t))",
    ]) {
        root.eval(&format!(
            "[for a in range(1000) : [for b in range(1000) : {work}]]"
        ))
        .exits(1)
        .says("grew too large");
    }
}
