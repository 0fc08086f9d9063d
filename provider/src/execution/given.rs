//! The failover plan that a configuration names, by its document and the digest that was reviewed.

use aws::Region;
use recovery::document::Document;
use recovery::steps::KINDS;
use terraform_framework::cty::Path;
use terraform_framework::{Diagnostics, Value};

use crate::messages::paragraphs;

/// The failover plan of a configuration.
pub(crate) enum Given {
    /// It is known only later.
    NotYet,
    /// Something is wrong with it, and told.
    Bad,
    /// A plan with the digest that was reviewed.
    Plan(Box<Document>),
}

/// Reads `failover_plan`, and holds it against `plan_digest`.
pub(crate) fn given(
    plan: &Value<String>,
    plan_digest: &Value<String>,
    diags: &mut Diagnostics,
) -> Given {
    let (Some(text), Some(reviewed)) = (plan.text(), plan_digest.text()) else {
        return Given::NotYet;
    };
    let Some(document) = read(text, diags) else {
        return Given::Bad;
    };
    let digest = document.digest().unwrap_or_default();
    if digest != reviewed {
        diags.error_at(
            Path::root().attribute("plan_digest"),
            "The failover plan is not the one that was reviewed",
            format!("Seen: a plan with the digest {digest}.\nExpected: {reviewed}, by `plan_digest`.\nNext: review the plan, and write its digest; or give the plan that was reviewed."),
        );
        return Given::Bad;
    }
    Given::Plan(Box::new(document))
}

/// Reads `failover_plan`; tells all its problems.
pub(crate) fn read(text: &str, diags: &mut Diagnostics) -> Option<Document> {
    let problems = match Document::read(text, KINDS) {
        Ok((document, _)) => return Some(document),
        Err(problems) => problems,
    };
    for problem in problems {
        let summary = format!("The failover plan is refused: {}", problem.message.seen);
        let at = problem.path.as_str();
        let at = if at.is_empty() { "the document" } else { at };
        let detail = format!("At {at}.\n{}", paragraphs(&problem.message));
        diags.error_at(Path::root().attribute("failover_plan"), summary, detail);
    }
    None
}

/// Whether an attribute that is known names a region of the plan; tells when not.
pub(crate) fn is_region(
    document: &Document,
    attribute: &'static str,
    value: &Value<String>,
    diags: &mut Diagnostics,
) -> bool {
    let named = value.text();
    if named.is_none_or(|named| document.regions.iter().any(|it| it.as_str() == named)) {
        return true;
    }
    let known: Vec<&str> = document.regions.iter().map(Region::as_str).collect();
    diags.error_at(
        Path::root().attribute(attribute),
        format!(
            "{} is no region of {}",
            named.unwrap_or_default(),
            document.name
        ),
        format!("Expected: one of {}.", known.join(", ")),
    );
    false
}
