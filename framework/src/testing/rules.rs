//! What Terraform's core refuses (`internal/plans/objchange` of hashicorp/terraform), with its own words as summaries, so
//! that a unit test sees what a user would.

use cty::{Path, Value};

use crate::diagnostics::Diagnostics;
use crate::schema::{Attribute, Block, BlockNesting};

/// Holds a plan against configuration and prior state.
pub(super) fn plan(
    block: &Block,
    prior: &Value,
    config: &Value,
    planned: &Value,
    diags: &mut Diagnostics,
) {
    if config.is_null() != planned.is_null() {
        diags.error(
            "Provider produced invalid plan",
            "planned for existence where there is no configuration, or the reverse",
        );
        return;
    }
    objects(block, prior, config, planned, &Path::root(), diags);
}

fn objects(
    block: &Block,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    diags: &mut Diagnostics,
) {
    let mut refuse = |path: &Path, why: &str| {
        diags.error_at(
            path.clone(),
            "Provider produced invalid plan",
            format!("{path}: {why}"),
        );
    };
    for attribute in &block.attributes {
        let at = |of: &Value| of.attribute(attribute.name).cloned();
        let path = path.attribute(attribute.name);
        let (Some(config), Some(planned)) = (at(config), at(planned)) else {
            continue;
        };
        if let Some(why) = broken(attribute, at(prior).as_ref(), &config, &planned) {
            refuse(&path, why);
        }
    }
    for nested in &block.blocks {
        let path = path.attribute(nested.name);
        let at = |of: &Value| of.attribute(nested.name).cloned();
        let (Some(config), Some(planned)) = (at(config), at(planned)) else {
            continue;
        };
        let count = |of: &Value| {
            of.elements()
                .map(<[Value]>::len)
                .or_else(|| of.entries().map(|_| 1))
                .unwrap_or_default()
        };
        if config == planned {
            continue;
        }
        if !config.is_known() || !planned.is_known() {
            refuse(
                &path,
                "a block itself cannot be made unknown, or known where it is unknown",
            );
        } else if nested.nesting != BlockNesting::Set && count(&config) != count(&planned) {
            refuse(&path, "block count differs from the configuration");
        }
    }
}

/// What is wrong with one planned attribute.
fn broken(
    attribute: &Attribute,
    prior: Option<&Value>,
    config: &Value,
    planned: &Value,
) -> Option<&'static str> {
    if attribute.write_only {
        return (!planned.is_null()).then_some("a write-only attribute is not null");
    }
    if config.is_null() {
        return (!attribute.computed && !planned.is_null())
            .then_some("planned for a non-computed attribute");
    }
    // Elements of nested attributes can have computed parts; only whether they are there is compared.
    if attribute.nested.is_some() {
        return (config.is_known() && planned.is_null())
            .then_some("planned absent, but configured");
    }
    (planned != config && Some(planned) != prior)
        .then_some("planned value does not match config value")
}

/// Holds the state after an apply against what was planned.
pub(super) fn applied(planned: &Value, state: &Value, diags: &mut Diagnostics) {
    if planned.is_null() {
        if !state.is_null() {
            diags.error(
                "Provider returned invalid result object after apply",
                "the object is still there after its destroy",
            );
        }
        return;
    }
    if state.is_null() {
        diags.error(
            "Provider produced inconsistent result after apply",
            "Root object was present, but now absent",
        );
        return;
    }
    if !state.is_wholly_known() {
        diags.error(
            "Provider returned invalid result object after apply",
            format!("something is still unknown: {state:?}"),
        );
    }
    kept(
        planned,
        state,
        &Path::root(),
        "Provider produced inconsistent result after apply",
        diags,
    );
}

/// Holds a value against an earlier one whose known parts were promised.
pub(super) fn kept(
    promised: &Value,
    now: &Value,
    path: &Path,
    summary: &str,
    diags: &mut Diagnostics,
) {
    if !promised.is_known() || promised == now {
        return;
    }
    if promised.is_wholly_known() && promised.entries().is_none() {
        diags.error_at(
            path.clone(),
            summary,
            format!("{path}: was {promised:?}, but now {now:?}"),
        );
        return;
    }
    match (
        promised.entries(),
        now.entries(),
        promised.elements(),
        now.elements(),
    ) {
        (Some(was), Some(is), ..) if was.len() == is.len() => {
            for (name, was) in was {
                match is.get(name) {
                    Some(is) => kept(was, is, &path.attribute(name.clone()), summary, diags),
                    None => diags.error_at(
                        path.clone(),
                        summary,
                        format!("{path}: {name} has vanished"),
                    ),
                }
            }
        }
        (_, _, Some(was), Some(is)) if was.len() == is.len() => {
            let ordered = matches!(promised.ty(), cty::Type::List(_) | cty::Type::Tuple(_));
            for (i, (was, is)) in was.iter().zip(is).enumerate().filter(|_| ordered) {
                kept(was, is, &path.index(i), summary, diags);
            }
        }
        _ => diags.error_at(
            path.clone(),
            summary,
            format!("{path}: was {promised:?}, but now {now:?}"),
        ),
    }
}
