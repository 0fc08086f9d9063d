//! Functions whose results, or whose work, would be beyond all bounds.

use crate::run::Root;
use std::fmt::Write as _;

/// Refused, in one line of an error.
#[track_caller]
fn refused(expression: &str) {
    let ran = Root::new("").eval(expression).exits(1);
    assert!(ran.err.starts_with("error"), "{expression}: {}", ran.err);
    assert!(
        ran.err.len() < 4_000,
        "{expression}: {} bytes of errors",
        ran.err.len()
    );
}

/// Taken or refused, but at once.
#[track_caller]
fn ends(expression: &str) {
    Root::new("").eval(expression);
}

#[test]
fn ranges_without_end_are_refused() {
    for expression in [
        "range(1e9)",
        "range(0, 1e300)",
        "range(0, 1, 1e-300)",
        "range(0, 1, 0)",
        "length(range(99999999))",
        "chunklist(range(1000), 0.5)",
    ] {
        refused(expression);
    }
    ends("range(1e300, 1e301, 1e299)");
    ends("range(-1e9)");
}

#[test]
fn products_and_powers_are_refused() {
    refused("setproduct(range(1000), range(1000), range(1000))");
    refused("setproduct([for a in range(30) : [1, 2]]...)");
    refused("setproduct([for a in range(300) : range(10)]...)");
    ends("pow(10, 1e9)");
    ends("pow(1e300, 1e300)");
    ends("pow(2, -1e18)");
    ends("1e999999999999");
    ends("1e-999999999999 * 1e-999999999999");
    ends("9e999999 + 1e-999999");
    ends("floor(1e999999)");
    ends("parseint(\"9e9\", 10)");
    ends("tostring(1e100000000)");
    ends("tonumber(\"1e1000000000\")");
    ends("1e1000000 % 7");
    ends("format(\"%f\", 1e1000000)");
    ends("format(\"%d\", 1e1000000)");
    ends("format(\"%b\", 1e1000000)");
    ends("jsonencode(1e1000000)");
    ends("jsondecode(\"1e1000000000\")");
    ends("yamldecode(\"1e1000000000\")");
    ends("parseint(join(\"\", [for a in many(200000) : \"9\"]), 10)");
    ends("tonumber(join(\"\", [for a in many(200000) : \"9\"]))");
    ends("log(1e1000000, 10)");
    ends("signum(1e1000000)");
    ends("sum([for a in range(1000) : pow(10, a * 1000)])");
}

#[test]
fn widths_that_fill_the_memory_are_refused() {
    refused("format(\"%999999999d\", 1)");
    refused("format(\"%.999999999f\", 1)");
    refused("format(\"%999999999s\", \"a\")");
    refused("format(\"%-999999999q\", \"a\")");
    refused("format(\"%99999999999999999999d\", 1)");
    refused("format(\"%.999999999e\", 1)");
    refused("format(\"%0999999999x\", 1)");
    refused("formatlist(\"%9999999s\", range(1000))");
    refused("indent(999999999, \"a\\nb\")");
    ends("indent(-1, \"a\\nb\")");
    ends("substr(\"a\", 0, 9e18)");
    ends("substr(\"a\", -9e18, -9e18)");
    ends("format(\"%[99999999999]d\", 1)");
    ends("format(\"%*d\", 1e9, 1)");
    ends("cidrsubnets(\"::/0\", [for a in many(100000) : 64]...)");
    ends("cidrsubnet(\"::/0\", 1e9, 1)");
    ends("cidrhost(\"::/0\", pow(2, 200))");
    ends("slice(range(10), 0, 9e18)");
    ends("element(range(10), 9e18)");
    ends("bcrypt(\"a\", 31)");
    ends("timeadd(\"2020-01-01T00:00:00Z\", \"99999999999999999999h\")");
    ends("formatdate(join(\"\", [for a in many(100000) : \"YYYY\"]), \"2020-01-01T00:00:00Z\")");
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn growth_inside_of_one_function_is_refused() {
    let long = "join(\"\", [for a in many(100000) : \"aaaaaaaaaa\"])";
    refused(&format!("replace({long}, \"a\", {long})"));
    refused(&format!("replace({long}, \"\", {long})"));
    refused(&format!("replace({long}, \"/a/\", {long})"));
    refused(&format!(
        "replace({long}, \"/(a+)/\", join(\"\", [for a in many(10000) : \"$1\"]))"
    ));
    refused(&format!("join({long}, many(100000))"));
    refused(&format!("indent(1000000, replace({long}, \"a\", \"\\n\"))"));
    refused(&format!(
        "formatlist(\"%s%s\", [for a in many(100000) : {long}], \"b\")"
    ));
    refused(&format!(
        "format(join(\"\", [for a in many(10000) : \"%[1]s\"]), {long})"
    ));
    refused(&format!("formatdate(\"'{}'\", \"x\")", "y".repeat(100)));
    ends(&format!("split(\"\", {long})"));
    ends(&format!("strrev({long})"));
    ends(&format!("title({long})"));
    ends(&format!("regexall(\"\", {long})"));
    ends(&format!("base64gzip({long})"));
    ends(&format!("trim({long}, {long})"));
    ends(&format!("startswith({long}, {long})"));
    ends(&format!("strcontains({long}, \"{}b\")", "a".repeat(5_000)));
    ends("templatestring(\"${a}\", { a = 1 })");
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn sets_and_searches_are_not_quadratic() {
    ends("length(distinct(many(100000)))");
    ends("length(toset([for a in many(100000) : { a = a }]))");
    ends("length(setunion([for a in range(300) : toset(range(300))]...))");
    ends("length(setsubtract(many(100000), many(100000)))");
    ends("length(setsymmetricdifference(many(50000), many(50000)))");
    ends("length(matchkeys(many(20000), many(20000), many(20000)))");
    ends("length(transpose({ for a in range(300) : a => [for b in range(300) : tostring(b)] }))");
    ends("length(sort([for a in many(100000) : tostring(a)]))");
    ends("contains(many(100000), 5000)");
    ends("index(many(100000), 99999)");
    ends("length(merge([for a in many(100000) : { (tostring(a)) = a }]...))");
    ends("length(distinct([for a in many(20000) : { a = a }]))");
    ends("length(concat([for a in range(1000) : range(1000)]...))");
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn patterns_that_blow_up_are_refused_or_fast() {
    let text = "join(\"\", [for a in many(50000) : \"a\"])";
    ends(&format!("regexall(\"(a*)*b\", {text})"));
    ends(&format!("regexall(\"(a|aa)+$b\", {text})"));
    ends(&format!("regexall(\"a*a*a*a*a*a*b\", {text})"));
    ends(&format!("regexall(\"[ab]*a[ab]{{500}}\", {text})"));
    ends(&format!("replace({text}, \"/(a*)*b/\", \"\")"));
    let longer = "join(\"\", [for a in many(1000000) : \"aaaaaaaaaa\"])";
    ends(&format!("regexall(\"[ab]*a[ab]{{900}}c\", {longer})"));
    refused("regex(\"((((a{1000}){1000}){1000}){1000})\", \"a\")");
    refused("regex(\"a{99999999}\", \"a\")");
    refused("regex(\"(?:(?:\\\\pL{1000}){1000})\", \"a\")");
    ends(&format!(
        "regex(\"{}{}\", \"a\")",
        "(".repeat(20_000),
        ")".repeat(20_000)
    ));
    ends(&format!("regex(\"{}\", \"a\")", "(?:a?){50}".repeat(40)));
    ends(&format!("regexall(\"{}\", \"a\")", "a|".repeat(20_000)));
    ends(&format!("regex(\"{}\", \"a\")", "()".repeat(20_000)));
}

#[test]
fn documents_in_text_cannot_explode() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for at in 1..=12 {
        let item = format!("*a{}", at - 1);
        writeln!(bomb, "a{at}: &a{at} [{}]", [item.as_str(); 9].join(", "))
            .expect("room in a string");
    }
    let root = Root::new("").with("bomb.yaml", bomb);
    root.eval("yamldecode(file(\"bomb.yaml\"))").exits(1);
    let merge = (1..=40).fold("a0: &a0 {x: 1}\n".to_owned(), |text, at| {
        format!(
            "{text}a{at}: &a{at} {{<<: [*a{0}, *a{0}], k{at}: *a{0}}}\n",
            at - 1
        )
    });
    Root::new("")
        .with("merge.yaml", merge)
        .eval("length(yamldecode(file(\"merge.yaml\")))");
    Root::new("")
        .with("self.yaml", "&a [*a, *a]")
        .eval("yamldecode(file(\"self.yaml\"))")
        .exits(1);
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let root = Root::new("").with("deep.json", deep);
        root.eval("jsondecode(file(\"deep.json\"))").exits(1);
        root.eval("yamldecode(file(\"deep.json\"))").exits(1);
        root.eval("csvdecode(file(\"deep.json\"))");
        root.eval("templatefile(\"deep.json\", {})");
    }
    let dashes = Root::new("").with("deep.yaml", format!("{}a", "- ".repeat(100_000)));
    dashes.eval("yamldecode(file(\"deep.yaml\"))").exits(1);
    let keys = Root::new("").with("keys.yaml", "? ".repeat(100_000));
    keys.eval("yamldecode(file(\"keys.yaml\"))").exits(1);
    let indents = (0..3_000)
        .map(|at| {
            " ".repeat(at)
                + "a:
"
        })
        .collect::<String>();
    Root::new("")
        .with("steps.yaml", indents)
        .eval("yamldecode(file(\"steps.yaml\"))")
        .exits(1);
    let wide = format!("{}\n", "a,".repeat(10_000)) + &"\n".repeat(100_000);
    Root::new("")
        .with("wide.csv", wide)
        .eval("csvdecode(file(\"wide.csv\"))")
        .exits(1);
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn numbers_of_thousands_of_digits_cannot_be_written_over_and_over() {
    for work in [
        "tostring(1e9000)",
        "\"${1e-9000}\"",
        "format(\"%f\", 1e9000)",
        "jsonencode(1e-9000)",
        "1e9000 % 7",
        "toset([{ a = 1e9000 + a }, { a = 1e9000 + b }])",
    ] {
        ends(&format!(
            "length([for a in range(1000) : [for b in range(1000) : {work}]])"
        ));
    }
    ends("length(toset([for a in many(100000) : { a = 1e9000 + a }]))");
    ends("length(sort([for a in many(100000) : 1e9000 + a]))");
    ends("length(distinct([for a in many(100000) : { a = 1e9000 * a }]))");
}
