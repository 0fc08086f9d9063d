//! Whether backups leave the region, for how long, and how strongly they are locked.

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, list, number};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Edit, Family, Severity, Sink, Spot, Strategies};

pub(super) const NOT_COPIED: Rule = Rule {
    name: "backup-not-copied",
    family: Family::Backup,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "Backups of the primary region are not copied to the secondary region.",
    impact: "All backups are lost with the region.",
    doc: "\
## What it asks
A backup plan in the primary region needs a rule with a `copy_action` to a vault of a secondary region; a vault of a third
region does not count. Of an ARN that names a vault which the code does not declare it is not known whether it is there.

Under `backup-restore` each database, table and file system of the primary region is asked for the copy that lies in a
secondary region: a replica, or a backup plan with such a copy that an `aws_backup_selection` lets select it, by reference, by
pattern or by tag. Tags that the store does not show itself, and conditions, leave it open. What another estate or a policy of
the organisation backs up is accepted in `dr.hcl`.

## How to fix it
Add a `copy_action` with a vault of the secondary region as destination, and select the store.

Source: AWS Backup developer guide, creating backup copies across regions.
",
    check: Check::Code(not_copied),
};

pub(super) const SAME_REGION: Rule = Rule {
    name: "backup-copied-to-same-region",
    family: Family::Backup,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "Backups are copied to a vault of the same region only.",
    impact: "Backups and their copies are lost together.",
    doc: "\
## What it asks
The vaults of `copy_action` must lie in a secondary region.

## How to fix it
Use a vault of the secondary region as destination.
",
    check: Check::Code(same_region),
};

pub(super) const RETENTION: Rule = Rule {
    name: "retention-shorter",
    family: Family::Backup,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "Copies in the secondary region are kept for less time than what they are copies of.",
    impact: "What production promises to keep is gone after a failover.",
    doc: "\
## What it asks
`lifecycle.delete_after` of a `copy_action` beside that of its rule, and retention of paired streams, snapshots and archives.
Without `delete_after` backups are kept for ever.

## How to fix it
Keep copies as long as originals.

Source: AWS Backup developer guide, lifecycle of copies.
",
    check: Check::Both(retention),
};

pub(super) const VAULT_LOCK: Rule = Rule {
    name: "vault-lock-weaker",
    family: Family::Backup,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "The vault of the secondary region is locked less strictly than that of the primary.",
    impact: "Whoever can delete backups in the secondary can take away the only copies that are left.",
    doc: "\
## What it asks
`aws_backup_vault_lock_configuration` of paired vaults: present on both, with minimum retention at least the primary's.

## How to fix it
Lock the counterpart in the same way.

Source: AWS Backup developer guide, Vault Lock.
",
    check: Check::Code(vault_lock),
};

/// Rules of a plan, by position.
pub(super) fn rules(mirror: &Mirror<'_>, plan: InstanceId) -> Result<usize, Vec<Name>> {
    match list(mirror.value(plan, "rule")) {
        Maybe::Known(nodes) => Ok(nodes.len()),
        Maybe::Unset => Ok(0),
        Maybe::Unknown(because) => Err(because),
    }
}

/// Where the copies of a rule go.
pub(super) enum Copies {
    Nowhere,
    /// To a secondary region.
    Away,
    Same(Vec<InstanceId>),
    /// To a third region: its name.
    Elsewhere(Name),
    Open(Vec<Name>),
}

pub(super) fn copies(mirror: &Mirror<'_>, plan: InstanceId, rule: usize) -> Copies {
    let at = format!("rule[{rule}].copy_action");
    let count = match list(mirror.value(plan, &at)) {
        Maybe::Known(nodes) => nodes.len(),
        Maybe::Unset => return Copies::Nowhere,
        Maybe::Unknown(because) if because.iter().all(|reason| &**reason == "aws") => {
            return Copies::Nowhere;
        }
        Maybe::Unknown(because) => return Copies::Open(because),
    };
    let mut same = Vec::new();
    let mut open = Vec::new();
    let mut elsewhere = None;
    for action in 0..count {
        let path = format!("{at}[{action}].destination_vault_arn");
        let vaults = mirror.targets(plan, &path);
        for vault in &vaults {
            match mirror.standing(*vault) {
                Standing::Secondary(_) => return Copies::Away,
                Standing::Other => elsewhere = mirror.region(*vault).cloned(),
                Standing::Primary => same.push(*vault),
                _ => open.push(format!("the region of {}", mirror.instance(*vault).address).into()),
            }
        }
        if vaults.is_empty() {
            match mirror.value(plan, &path) {
                Some(Node::String(arn)) => match named(mirror, arn) {
                    Named::Here => {}
                    Named::Away => return Copies::Away,
                    Named::Elsewhere(region) => elsewhere = Some(region),
                    Named::Open(why) => open.push(why),
                },
                Some(Node::Unknown(unknown)) => open.extend(unknown.because.iter().cloned()),
                _ => {}
            }
        }
    }
    match (count, open.is_empty(), elsewhere) {
        (0, ..) => Copies::Nowhere,
        (_, false, _) => Copies::Open(open),
        (_, true, Some(region)) => Copies::Elsewhere(region),
        (_, true, None) => Copies::Same(same),
    }
}

/// Where the vault of an ARN lies.
enum Named {
    Here,
    Away,
    Elsewhere(Name),
    Open(Name),
}

/// Where a vault lies that stands as text. Of one that nothing declares it is not known whether it is there.
fn named(mirror: &Mirror<'_>, arn: &str) -> Named {
    let mut parts = arn.splitn(7, ':');
    let (Some(region), Some(vault)) = (parts.nth(3), parts.nth(2)) else {
        return Named::Open(format!("where {arn} lies").into());
    };
    if *region == *mirror.roles.primary {
        return Named::Here;
    }
    if !mirror.roles.secondary.iter().any(|name| **name == *region) {
        return Named::Elsewhere(region.into());
    }
    let declared = mirror.of_type("aws_backup_vault").iter().any(|id| {
        let name = mirror.value(*id, "name").and_then(Node::as_str);
        mirror.region(*id).is_some_and(|own| **own == *region) && name == Some(vault)
    });
    if declared {
        Named::Away
    } else {
        Named::Open(format!("whether there is a vault {vault} in {region}").into())
    }
}

fn not_copied(mirror: &Mirror<'_>, sink: &mut Sink) {
    for plan in mirror.standing_of_type("aws_backup_plan", Standing::Primary) {
        let name = &mirror.instance(plan).address;
        let other = mirror
            .counterpart(plan)
            .map_or_else(Spot::missing, Spot::at);
        let count = match rules(mirror, plan) {
            Ok(count) => count,
            Err(because) => {
                let asked = Asked::new(NOT_COPIED.name, Spot::of(plan, "rule"), other);
                sink.unsure(asked.unsure(format!("the rules of {name} are not known"), because));
                continue;
            }
        };
        let found: Vec<Copies> = (0..count).map(|rule| copies(mirror, plan, rule)).collect();
        // Rules for other purposes may stay at home where one of the plan leaves.
        let leaves = found.iter().any(|copies| matches!(copies, Copies::Away));
        for (rule, copies) in found.into_iter().enumerate() {
            let at = Spot::of(plan, &format!("rule[{rule}].copy_action"));
            match copies {
                Copies::Nowhere if !leaves => sink.broken(
                    Asked::new(NOT_COPIED.name, at, other.clone())
                        .keyed("rule.copy_action")
                        .broken(format!("{name} copies nothing to another region"))
                        .fix("Add a copy_action to a vault of the secondary region."),
                ),
                Copies::Away => sink.holds(),
                Copies::Elsewhere(region) if !leaves => sink.broken(
                    Asked::new(NOT_COPIED.name, at, other.clone())
                        .keyed("rule.copy_action")
                        .broken(format!(
                            "{name} copies to {region}, which is no secondary region"
                        ))
                        .fix("Add a copy_action to a vault of the secondary region."),
                ),
                // Where copies go that are made is the other rule's question.
                Copies::Nowhere | Copies::Same(_) | Copies::Elsewhere(_) | Copies::Open(_) => {}
            }
        }
    }
    super::stores::stores(mirror, NOT_COPIED.name, sink);
}

fn same_region(mirror: &Mirror<'_>, sink: &mut Sink) {
    for plan in mirror.standing_of_type("aws_backup_plan", Standing::Primary) {
        let name = &mirror.instance(plan).address;
        let other = mirror
            .counterpart(plan)
            .map_or_else(Spot::missing, Spot::at);
        let count = rules(mirror, plan).unwrap_or(0);
        let found: Vec<Copies> = (0..count).map(|rule| copies(mirror, plan, rule)).collect();
        let leaves = found.iter().any(|copies| matches!(copies, Copies::Away));
        for (rule, copies) in found.into_iter().enumerate() {
            let at = Spot::of(plan, &format!("rule[{rule}].copy_action"));
            let asked = Asked::new(SAME_REGION.name, at, other.clone()).keyed("rule.copy_action");
            match copies {
                Copies::Same(vaults) if !leaves => sink.broken(
                    asked
                        .broken(format!(
                            "{name} copies to a vault of {} only",
                            mirror.roles.primary
                        ))
                        .covers(vaults.into_iter().map(Spot::at))
                        .fix("Use a vault of the secondary region as destination."),
                ),
                Copies::Open(because) => sink
                    .unsure(asked.unsure(format!("where {name} copies to is not known"), because)),
                Copies::Away => sink.holds(),
                Copies::Nowhere | Copies::Same(_) | Copies::Elsewhere(_) => {}
            }
        }
    }
}

fn retention(mirror: &Mirror<'_>, sink: &mut Sink) {
    for plan in mirror.standing_of_type("aws_backup_plan", Standing::Primary) {
        for rule in 0..rules(mirror, plan).unwrap_or(0) {
            let count = list(mirror.value(plan, &format!("rule[{rule}].copy_action")))
                .known()
                .map_or(0, <[_]>::len);
            for action in 0..count {
                let own = format!("rule[{rule}].lifecycle[0].delete_after");
                let copy = format!("rule[{rule}].copy_action[{action}].lifecycle[0].delete_after");
                let asked = Asked::new(RETENTION.name, Spot::of(plan, &own), Spot::of(plan, &copy))
                    .keyed("rule.copy_action.lifecycle.delete_after");
                // 0 and nothing at all keep for ever.
                let days = |path: &str| {
                    number(mirror.value(plan, path))
                        .or(0.0)
                        .map(|days| if days <= 0.0 { f64::INFINITY } else { days })
                };
                match (days(&own), days(&copy)) {
                    (Ok(one), Ok(other)) if other >= one => sink.holds(),
                    (Ok(one), Ok(other)) => {
                        let one = if one.is_infinite() {
                            "for ever".to_owned()
                        } else {
                            format!("{one} days")
                        };
                        let days = days(&own);
                        let broken = asked.broken(format!(
                            "copies of {} are kept {other} days, originals {one}",
                            mirror.instance(plan).address
                        ));
                        sink.broken(match days {
                            Ok(days) if days.is_finite() => broken.edit(
                                format!("Keep copies for {days} days."),
                                Edit::Set {
                                    address: mirror.instance(plan).address.clone(),
                                    path: Spot::of(plan, &copy).path,
                                    expression: days.to_string(),
                                },
                            ),
                            _ => broken,
                        });
                    }
                    (Err(because), _) | (_, Err(because)) => {
                        sink.unsure(asked.unsure("how long copies are kept is not known", because));
                    }
                }
            }
        }
    }
}

fn vault_lock(mirror: &Mirror<'_>, sink: &mut Sink) {
    let ty = "aws_backup_vault_lock_configuration";
    missing::counterparts(mirror, sink, VAULT_LOCK.name, &[ty], &|_| true);
    for (pair, secondary) in mirror.pairs_of(ty) {
        for path in ["min_retention_days", "max_retention_days"] {
            let read = |id| number(mirror.value(id, path));
            let asked = Asked::new(
                VAULT_LOCK.name,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            );
            let weaker = match (read(pair.primary), read(secondary)) {
                (Maybe::Known(one), Maybe::Known(other)) => {
                    if path.starts_with("min") {
                        other < one
                    } else {
                        other > one
                    }
                }
                (Maybe::Known(_), Maybe::Unset) => true,
                (Maybe::Unknown(because), _) | (_, Maybe::Unknown(because)) => {
                    if because.iter().any(|reason| &**reason != "aws") {
                        sink.unsure(asked.unsure("how the vault is locked is not known", because));
                    }
                    continue;
                }
                _ => false,
            };
            if weaker {
                sink.broken(asked.broken(format!(
                    "{path} of {} is weaker than the primary's",
                    mirror.instance(secondary).address
                )));
            } else {
                sink.holds();
            }
        }
    }
}
