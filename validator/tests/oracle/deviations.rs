//! Where the program deviates from Terraform on purpose: it runs nowhere, so what depends on the machine, the moment or
//! chance is not known to it.

/// Expressions and why they deviate.
pub(crate) const LISTED: &[(&str, &str)] = &[
    (r#"length(abspath("a")) > 1"#, "the path depends on the machine"),
    (r#"basename(abspath("a/b"))"#, "the path depends on the machine"),
];

/// Why an expression may deviate.
pub(crate) fn reason(expression: &str) -> Option<&'static str> {
    LISTED
        .iter()
        .find(|(listed, _)| *listed == expression)
        .map(|(_, reason)| *reason)
}
