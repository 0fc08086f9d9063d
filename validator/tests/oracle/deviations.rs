//! Where the program deviates from Terraform on purpose: it runs nowhere, so what depends on the machine, the moment or
//! chance is not known to it.

/// Expressions and why they deviate.
pub(crate) const LISTED: &[(&str, &str)] = &[
    (r#"length(abspath("a")) > 1"#, MACHINE),
    (r#"basename(abspath("a/b"))"#, MACHINE),
    (r#"can(formatdate("YYYY", timestamp()))"#, MOMENT),
    (r#"can(timeadd(plantimestamp(), "1h"))"#, MOMENT),
    ("length(uuid())", CHANCE),
    (
        r#"can(regex("^[0-9a-f]{8}-[0-9a-f]{4}-4", uuid()))"#,
        CHANCE,
    ),
    (
        r#"cidrsubnet("10.0.0.0/16", -17, 0)"#,
        "an address that Terraform writes as <nil> is refused",
    ),
    (
        "pow(2, 0.5) > 1.4142135623730951",
        "numbers that are equal by their text are in no other order",
    ),
    ("[for i in range(1, 40) : pow(i, 0.3)]", FUSED),
    (r#"yamldecode("\tx")"#, TAB),
    (r#"yamldecode(" \tx")"#, TAB),
    (r#"yamldecode("a:\tb")"#, TAB),
    (r#"yamldecode("\n\tx")"#, TAB),
    (r#"yamldecode("- \t1")"#, TAB),
    (
        r#"format("%99999999999d", 1)"#,
        "a width past a bound is refused, where Terraform writes that it saw no verb",
    ),
    ("yamlencode(range(2)[0] + pow(2,0.5))", START),
    (r#"yamldecode("|\na\n")"#, BLOCK),
    (
        r#"cidrhost("2001:db8::1/64", 18446744073709551616)"#,
        "an address outside of the network is refused",
    ),
    (r#"cidrnetmask("::ffff:1.2.3.4/120")"#, MAPPED),
    (r#"cidrsubnet("::ffff:1.2.3.4/120", 3, 2)"#, MAPPED),
    (r#"cidrsubnets("::ffff:1.2.3.4/120", 2)"#, MAPPED),
    (
        r#"regexall("\\p{Grek}", "σ")"#,
        "our library knows short and joined names of scripts as well",
    ),
    (
        r#"regexall("a*(?i)*", "aa")"#,
        "nothing can be repeated where flags stand",
    ),
    (
        r#"upper("\u019b")"#,
        "our tables of capitals are of a later Unicode",
    ),
    (
        r#""${"\U00010041"}\u0301""#,
        "Terraform loses the upper bits of a character before a mark",
    ),
    (
        r#"textencodebase64("日本","HZ-GB-2312")"#,
        "our library has not this encoding",
    ),
    (
        r#"textencodebase64("ｱ","ISO-2022-JP")"#,
        "our library writes letters of half width in full width",
    ),
    ("flatten({a=local.u})", FLAT),
    ("flatten(tomap({a=local.u}))", FLAT),
    ("length(setproduct(local.t, [1])) > 0", TUPLE),
    ("setproduct(local.t, [])", TUPLE),
    (r#"formatlist("%t", [2], local.t)[0]"#, TUPLE),
    ("true ? 1 : nowhere.at", NAME),
    (r#""%{ if false }${nowhere}%{ endif }""#, NAME),
    ("[for n in [] : local.nowhere]", NAME),
];

const NAME: &str = "names are looked up where their values are asked for, and a branch that is not taken asks for none";

const FLAT: &str =
    "Terraform refuses to flatten a map only when all of it is known, and so would at the apply";
const TUPLE: &str = "the length of a tuple that is not known is not used here";
const START: &str =
    "a range that begins at no stated number begins at a zero without any precision";
const BLOCK: &str =
    "a block of a document may stand without indentation in the later version of YAML";
const MAPPED: &str = "addresses of version 4 within version 6 keep the lengths of version 6";
const MACHINE: &str = "the path depends on the machine";
const MOMENT: &str = "the time of an apply is not known before it";
const CHANCE: &str = "what chance makes is not known before it";
const FUSED: &str =
    "the last bit of a power with a fraction depends on the processor that Terraform runs on";
const TAB: &str = "our reader of YAML follows its later version where a tab stands between tokens";

/// Why an expression may deviate.
pub(crate) fn reason(expression: &str) -> Option<&'static str> {
    LISTED
        .iter()
        .find(|(listed, _)| *listed == expression)
        .map(|(_, reason)| *reason)
}
