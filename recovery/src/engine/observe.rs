//! A look at everything in peace: roles and figures of every step in every region that answers.

use std::collections::{BTreeMap, BTreeSet};

use aws::Region;
use futures_util::future::join_all;

use super::Surroundings;
use super::active::{Activity, who_is_active};
use crate::observation::{Observation, Sight};

/// Looks, and changes nothing. Regions whose stores are not called are not looked at.
pub async fn observe(around: &Surroundings, by: &str) -> (Observation, Activity) {
    let document = &around.document;
    let lost: BTreeSet<Region> = around.stores.lost().into_iter().collect();
    let activity = who_is_active(document, &lost, &around.means).await;
    let regions: Vec<&Region> = document
        .regions
        .iter()
        .filter(|region| !lost.contains(*region))
        .collect();
    let measured = document.steps.iter().map(|step| {
        let regions = &regions;
        async move {
            let figures = regions.iter().map(|region| async move {
                let figures = step.kind.measure(&step.arguments, region, &around.means);
                (*region, figures.await)
            });
            (step, join_all(figures).await)
        }
    });
    let mut steps = BTreeMap::new();
    for (step, figures) in join_all(measured).await {
        let roles = activity.roles.get(&step.name);
        let sights: BTreeMap<String, Sight> = figures
            .into_iter()
            .filter_map(|(region, figures)| {
                let role = roles.and_then(|roles| roles.get(region));
                let seen = role.is_some() || figures.is_some();
                seen.then(|| (region.to_string(), Sight::new(role, figures)))
            })
            .collect();
        if !sights.is_empty() {
            steps.insert(step.name.clone(), sights);
        }
    }
    let observation = Observation {
        schema: 1,
        plan: document.name.clone(),
        digest: around.digest.clone(),
        at: around.means.clock.now(),
        by: by.to_owned(),
        steps,
    };
    (observation, activity)
}
