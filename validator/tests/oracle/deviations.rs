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
];

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
