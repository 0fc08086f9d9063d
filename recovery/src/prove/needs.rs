//! What IAM has to be asked so that it tells whether an operator may do what a plan does, and what its answers mean.

use std::collections::BTreeSet;

use aws::Region;
use aws::permissions::{Decision, Simulated};

use super::permissions;
use super::resources::Place;
use crate::document::Document;

/// An action on what one step, or the store, names in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The region that is called.
    pub region: Region,
    /// The IAM action.
    pub action: String,
    /// Whether something cannot be done without it.
    pub needed: bool,
    /// The steps that use it so; `the store` for what the engine does itself.
    pub used_by: BTreeSet<String>,
    /// ARNs that it is done to; `*` where the plan does not tell.
    pub resources: Vec<String>,
    /// Whether these are the very ARNs. Some end in what AWS draws by lot, or are not in the plan: then a policy for single
    /// resources may allow what it does not seem to.
    pub exact: bool,
}

/// What IAM's answers come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum May {
    /// It is allowed.
    Yes,
    /// It is not: why.
    No(String),
    /// It cannot be told: why.
    NotKnown(String),
}

/// Everything that a plan needs, in the account that a region is entered by. Pure.
pub fn needs(document: &Document, region: &Region, account: &str) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    let all = permissions(document);
    for (action, permission) in all.get(region).into_iter().flatten() {
        // Whoever got here has entered the account's role already.
        if action == "sts:AssumeRole" {
            continue;
        }
        for user in &permission.used_by {
            let place = Place { region, account };
            let (resources, exact) = match document.step(user) {
                Some(step) => place.of_step(action, step),
                None => place.of_store(action, document.stores.get(region)),
            };
            let same = |need: &&mut Need| need.action == *action && need.resources == resources;
            if let Some(need) = needs.iter_mut().find(same) {
                need.used_by.insert(user.clone());
                continue;
            }
            needs.push(Need {
                region: region.clone(),
                action: action.clone(),
                needed: permission.needed,
                used_by: BTreeSet::from([user.clone()]),
                resources,
                exact,
            });
        }
    }
    needs
}

/// What answers about all resources of a need come to: a step names resources of several kinds, so one that is allowed is
/// enough, and none that is denied may be among them. Pure.
pub fn may(need: &Need, answers: &[Simulated]) -> May {
    let denied = answers.iter().find(|it| it.decision == Decision::Denied);
    let missing: BTreeSet<&str> = answers
        .iter()
        .filter(|it| it.decision != Decision::Allowed)
        .flat_map(|it| it.missing_context.iter().map(String::as_str))
        .collect();
    let allowed = answers.iter().any(|it| it.decision == Decision::Allowed);
    if allowed && denied.is_none() {
        return May::Yes;
    }
    if !missing.is_empty() {
        let keys: Vec<&str> = missing.into_iter().collect();
        return May::NotKnown(format!(
            "policies ask for {}, which only a real call carries",
            keys.join(", ")
        ));
    }
    if let Some(denied) = denied {
        return May::No(format!("a policy denies it on {}", denied.resource));
    }
    let named = need.resources.join(", ");
    if need.exact {
        May::No(format!("no policy allows it on {named}"))
    } else {
        May::NotKnown(format!(
            "no policy allows it on {named}; one may for the resources themselves"
        ))
    }
}

#[cfg(test)]
mod tests;
