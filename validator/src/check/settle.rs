//! What would settle a question, given what was read already: never a source that was given, and did not settle it.

use crate::inventory::{Inventory, Name, SourceKind};

/// What was given.
struct Given {
    configuration: bool,
    plan: bool,
    state: bool,
}

/// One sentence: the next move.
pub(super) fn settle(inventory: &Inventory, because: &[Name]) -> String {
    let has = |kind| inventory.sources.iter().any(|source| source.kind == kind);
    let given = Given {
        configuration: has(SourceKind::Configuration),
        plan: has(SourceKind::Plan),
        state: has(SourceKind::State),
    };
    if because
        .iter()
        .any(|reason| reason.starts_with("what the sources"))
    {
        return unread(inventory, &given);
    }
    let inputs: Vec<&str> = because
        .iter()
        .filter_map(|reason| reason.strip_prefix("var."))
        .filter(|name| {
            name.bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        })
        .collect();
    let by_aws = because.iter().all(|reason| &**reason == "aws");
    match inputs.as_slice() {
        [] if by_aws => computed(&given),
        [] => hidden(&given),
        // A plan holds the values of variables already.
        _ if given.plan || !given.configuration => hidden(&given),
        [name] => {
            format!("Give the variable a value: --var {name}=VALUE, or a line in a tfvars file.")
        }
        names => format!(
            "Give the variables values: {} (--var NAME=VALUE, --var-file FILE).",
            names.join(", ")
        ),
    }
}

/// What AWS decides.
fn computed(given: &Given) -> String {
    if given.state {
        "AWS decides it, and the state that was given does not show it: give one from after the next apply.".into()
    } else {
        "AWS decides it: a state shows it (--state FILE).".into()
    }
}

/// What code, plan and state show differently well.
fn hidden(given: &Given) -> String {
    let text = match (given.configuration, given.plan, given.state) {
        (false, true, _) => {
            "Name the directory of the configuration beside the plan (drcheck DIRECTORY --plan FILE): the code says what values are made of."
        }
        (false, false, true) => {
            "Name the directory of the configuration beside the state (drcheck DIRECTORY --state FILE): the code says what values are made of."
        }
        (true, true, false) => {
            "It is known after apply only: a state of the applied estate shows it (--state FILE)."
        }
        (true, _, true) => {
            "Neither the code nor what was given beside it shows it: give a state from after the next apply."
        }
        (_, false, false) => {
            "A plan (--plan FILE) may show it; a state of the applied estate does (--state FILE)."
        }
    };
    text.into()
}

/// What lies in sources of which not all could be read.
fn unread(inventory: &Inventory, given: &Given) -> String {
    let text = if !inventory.unread.is_empty() {
        "Let the modules that could not be read be read: terraform init -backend=false, or a plan (--plan FILE)."
    } else if inventory
        .sources
        .iter()
        .any(|source| source.broken_files > 0)
    {
        "Correct the files that could not be parsed."
    } else if given.plan {
        "Make a plan of the whole root, without -target and without errors."
    } else {
        "Give a plan of the whole root (--plan FILE), or its state (--state FILE)."
    };
    text.into()
}
