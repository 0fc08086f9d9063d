//! Which sets a record has, and what they are when a region is active.

use super::{Arguments, BTreeMap, Message, RecordSet, Region, Role, Routing};

/// A record of the document.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// As Route 53 shows it: lower case, with the dot at the end.
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) identifiers: BTreeMap<Region, String>,
}

pub(super) fn named(arguments: &Arguments, regions: &[Region]) -> Vec<Named> {
    let objects = arguments.objects("records");
    let record = |object: &Arguments| {
        let name = object.text("name").unwrap_or_default().to_ascii_lowercase();
        let identifier = |region: &Region| {
            let identifier = object.text_in("set_identifiers", region)?;
            Some((region.clone(), identifier.to_owned()))
        };
        Named {
            name: format!("{}.", name.trim_end_matches('.')),
            kind: object.text("type").unwrap_or("A").to_owned(),
            identifiers: regions.iter().filter_map(identifier).collect(),
        }
    };
    objects.iter().map(record).collect()
}

pub(super) fn role(sets: &[RecordSet], identifier: &str) -> Role {
    let set = sets.iter().find(|set| set.set_identifier == identifier);
    match set.map(|set| &set.routing) {
        Some(Routing::Failover(role)) if role == "PRIMARY" => Role::Active,
        Some(Routing::Failover(_) | Routing::Weighted(0)) => Role::Standby,
        Some(Routing::Weighted(_)) => Role::Active,
        _ => Role::Neither,
    }
}

/// The sets as they have to be for the target.
pub(super) fn aimed(
    record: &Named,
    sets: &[RecordSet],
    target: &Region,
    weight: u32,
) -> Result<Vec<RecordSet>, Message> {
    let place = format!("{} {}", record.name, record.kind);
    for identifier in record.identifiers.values() {
        if !sets.iter().any(|set| set.set_identifier == *identifier) {
            return Err(Message::new(
                format!("{place} has no set {identifier}; it has {}", words(sets)),
                "the sets that the document names",
                "create the set, or correct its identifier in the document",
            ));
        }
    }
    let own = record.identifiers.get(target);
    let mut aimed = Vec::new();
    for set in sets {
        let active = own == Some(&set.set_identifier);
        let named = record
            .identifiers
            .values()
            .any(|identifier| *identifier == set.set_identifier);
        let routing = match &set.routing {
            Routing::Failover(_) if sets.len() == 2 => {
                Routing::Failover(if active { "PRIMARY" } else { "SECONDARY" }.to_owned())
            }
            Routing::Weighted(now) if named => {
                // A weight that somebody chose for the active one stays.
                let kept = if *now > 0 { *now } else { weight };
                Routing::Weighted(if active { kept } else { 0 })
            }
            Routing::Weighted(0) => continue,
            _ => {
                return Err(Message::new(
                    format!("{place} is {}", words(sets)),
                    "one failover or weighted set for each region of the plan, and no other that gets traffic",
                    "change the records, or name every set in the document",
                ));
            }
        };
        aimed.push(RecordSet {
            routing,
            ..set.clone()
        });
    }
    Ok(aimed)
}

/// Sets in words, without their values.
pub(super) fn words(sets: &[RecordSet]) -> String {
    let one = |set: &RecordSet| {
        let routing = match &set.routing {
            Routing::Simple => "simple".to_owned(),
            Routing::Failover(role) => role.clone(),
            Routing::Weighted(weight) => format!("weight {weight}"),
            Routing::Other(policy) => policy.clone(),
        };
        format!("{} {} {routing}", set.name, set.set_identifier)
    };
    if sets.is_empty() {
        return "no sets".to_owned();
    }
    sets.iter().map(one).collect::<Vec<_>>().join(", ")
}
