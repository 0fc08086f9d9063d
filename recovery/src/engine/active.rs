//! Which region is active: the world says so, through the plan's authority step.

use std::collections::{BTreeMap, BTreeSet};

use aws::Region;
use futures_util::future::join_all;

use crate::document::Document;
use crate::kind::{Means, Role};

/// What the world says about who is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The active region, by the authority step; `None` when it could not be told.
    pub active: Option<Region>,
    /// What that rests on.
    pub because: String,
    /// The roles of every step's resource, by step and region; steps without roles are left out.
    pub roles: BTreeMap<String, BTreeMap<Region, Role>>,
    /// Steps whose resource does not serve where the authority says, or serves elsewhere too.
    pub divergent_steps: Vec<String>,
}

/// Asks every step's resource in every region that may be called, all at once.
pub async fn who_is_active(
    document: &Document,
    lost: &BTreeSet<Region>,
    means: &Means,
) -> Activity {
    let called: Vec<Region> = document
        .regions
        .iter()
        .filter(|region| !lost.contains(*region))
        .cloned()
        .collect();
    let asked = document.steps.iter().map(|step| async {
        let roles = step.kind.roles(&step.arguments, &called, means).await;
        (step.name.clone(), roles)
    });
    let roles: BTreeMap<String, BTreeMap<Region, Role>> = join_all(asked)
        .await
        .into_iter()
        .filter(|(_, roles)| !roles.is_empty())
        .collect();
    judge(document, lost, roles)
}

/// The judgement about observed roles; pure.
fn judge(
    document: &Document,
    lost: &BTreeSet<Region>,
    roles: BTreeMap<String, BTreeMap<Region, Role>>,
) -> Activity {
    let authority = roles.get(&document.authority);
    let (active, because) = match authority {
        None => (
            None,
            format!(
                "the authority step {} could not be observed",
                document.authority
            ),
        ),
        Some(roles) => by_authority(document, lost, roles),
    };
    let divergent_steps = match &active {
        None => Vec::new(),
        Some(active) => roles
            .iter()
            .filter(|(_, roles)| diverges(roles, active, lost))
            .map(|(step, _)| step.clone())
            .collect(),
    };
    Activity {
        active,
        because,
        roles,
        divergent_steps,
    }
}

fn by_authority(
    document: &Document,
    lost: &BTreeSet<Region>,
    roles: &BTreeMap<Region, Role>,
) -> (Option<Region>, String) {
    let authority = &document.authority;
    let actives: Vec<&Region> = roles
        .iter()
        .filter(|(_, role)| **role == Role::Active)
        .map(|(region, _)| region)
        .collect();
    match actives.as_slice() {
        [one] => (Some((*one).clone()), format!("{authority} serves in {one}")),
        [] => {
            // Everybody who answers waits: then it was the one who does not answer.
            let silent: Vec<&Region> = document
                .regions
                .iter()
                .filter(|region| {
                    lost.contains(*region)
                        || matches!(roles.get(*region), None | Some(Role::Unknown(_)))
                })
                .collect();
            let waits = roles.values().any(|role| *role == Role::Standby);
            match silent.as_slice() {
                [one] if waits => (
                    Some((*one).clone()),
                    format!(
                        "{authority} waits in every region that answers, so it served in {one}"
                    ),
                ),
                _ => (
                    None,
                    format!("{authority} serves in no region that answers"),
                ),
            }
        }
        many => {
            let names: Vec<&str> = many.iter().map(|region| region.as_str()).collect();
            (
                None,
                format!("{authority} serves in {}: two writers", names.join(" and ")),
            )
        }
    }
}

fn diverges(roles: &BTreeMap<Region, Role>, active: &Region, lost: &BTreeSet<Region>) -> bool {
    let here = roles.get(active);
    let missing = !lost.contains(active) && matches!(here, Some(Role::Standby | Role::Neither));
    let elsewhere = roles
        .iter()
        .any(|(region, role)| region != active && *role == Role::Active);
    missing || elsewhere
}
