//! Whether what `dr.hcl` says is about anything of the estate: known only when the estate was read.

use super::{Problem, Settings, SettingsError, matches};
use crate::inventory::{Inventory, Mode};
use crate::source::Location;

/// What is likely not meant as it is written.
///
/// # Errors
/// When a relation is about a type that neither the provider's schema nor the estate has.
pub(crate) fn met(
    settings: &Settings,
    inventory: &Inventory,
) -> Result<Vec<Problem>, SettingsError> {
    let mut warnings = settings.warnings.clone();
    // What was not read may have what nothing else has.
    if !inventory.sources.iter().all(|source| source.complete) || inventory.instances.is_empty() {
        return Ok(warnings);
    }
    warnings.extend(tiers(settings, inventory));
    let problems = relations(settings, inventory);
    if problems.is_empty() {
        Ok(warnings)
    } else {
        Err(SettingsError { problems })
    }
}

fn problem(place: Option<&Location>, message: String) -> Option<Problem> {
    let location = place?.clone();
    Some(Problem { location, message })
}

/// Patterns of tiers that meet nothing: what they should match has no objectives.
fn tiers(settings: &Settings, inventory: &Inventory) -> Vec<Problem> {
    let mut found = Vec::new();
    for tier in &settings.tiers {
        for pattern in &tier.matches {
            let mut all = inventory.instances.iter();
            let meets = all.any(|instance| {
                instance.mode == Mode::Managed && matches(pattern, &instance.address, &instance.ty)
            });
            if !meets {
                let message = format!(
                    "match {pattern:?} of tier {:?} meets nothing: expected addresses, types or modules of the estate, with * for any text",
                    tier.name
                );
                found.extend(problem(tier.place.as_ref(), message));
            }
        }
    }
    found
}

/// Relations of types that are not in the embedded schema, and of which the estate has no instance.
fn relations(settings: &Settings, inventory: &Inventory) -> Vec<Problem> {
    let unknown = settings.relations.iter().filter(|relation| {
        crate::schema::resource(&relation.ty).is_none()
            && !inventory
                .instances
                .iter()
                .any(|instance| instance.ty == relation.ty)
    });
    unknown
        .filter_map(|relation| {
            let message = format!(
                "relation {:?} {:?} means nothing: the estate has nothing of this type, and drcheck does not know it",
                relation.ty, relation.path
            );
            problem(relation.place.as_ref(), message)
        })
        .collect()
}
