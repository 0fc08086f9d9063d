//! Where a plan turns traffic after a switch: records, weights, health checks, dials.

use std::collections::BTreeSet;

use super::arguments::{numbers, shown};
use super::sort::{Case, Sorted};
use crate::inventory::{Name, Node};
use crate::mirror::{Standing, truth};
use crate::views::switch;

/// Sorts a change of an argument that leads traffic.
pub(super) fn sort(case: &Case<'_, '_>, argument: &'static str) -> Sorted {
    let (before, after) = (case.change.before.get(argument), case.planned(argument));
    match argument {
        "records" | "alias" => target(case, argument, before, after),
        "disabled" | "invert_healthcheck" => reverted(
            case,
            argument,
            "the health check was turned outside of Terraform to lead traffic away, and the plan turns it back",
        ),
        "traffic_dial_percentage" => dial(case, argument),
        _ => policy(case, argument),
    }
}

/// To where a record leads.
fn target(
    case: &Case<'_, '_>,
    argument: &'static str,
    before: Option<&Node>,
    after: Option<&Node>,
) -> Sorted {
    let (was, becomes) = (
        leads(case, before, argument, false),
        leads(case, after, argument, true),
    );
    let both = becomes.contains(&Standing::Primary) && becomes.contains(&case.active());
    if both && !after.is_some_and(Node::is_wholly_known) {
        return Sorted::open(
            argument,
            "the code can lead it to either region, and which it will be is not known before the apply",
        );
    }
    if becomes.contains(&Standing::Primary) && !was.contains(&Standing::Primary) {
        return Sorted::destructive(
            argument,
            format!(
                "turns the name back to {}, which was left: {} to {}",
                case.left(),
                shown(before),
                shown(after)
            ),
            "Do not apply it: write the record as it stands now into the code, or leave it to the failover tool with ignore_changes.",
        );
    }
    if becomes.contains(&case.active()) {
        return Sorted::Swap;
    }
    reverted(
        case,
        argument,
        "the record was changed outside of Terraform, and the plan turns it back",
    )
}

/// The regions that a value leads to: by names of regions in it, by ids and ARNs, by what the code refers to.
fn leads(
    case: &Case<'_, '_>,
    node: Option<&Node>,
    argument: &str,
    planned: bool,
) -> BTreeSet<Standing> {
    let mut texts = Vec::new();
    if let Some(node) = node {
        gather(node, &mut texts);
    }
    let mut found: BTreeSet<Standing> = BTreeSet::new();
    for text in &texts {
        for region in case.mirror.roles.regions() {
            if text.contains(region) {
                found.insert(switch::of_region(case.mirror, region));
            }
        }
        if let Some((id, _)) = case.mirror.graph.identity(text, None) {
            found.insert(case.mirror.standing(id));
        }
    }
    // What is not known yet is what the code refers to.
    if planned
        && found.is_empty()
        && let Some(id) = case.id
    {
        let targets = case.mirror.targets(id, argument);
        found.extend(targets.into_iter().map(|id| case.mirror.standing(id)));
    }
    found
}

fn gather(node: &Node, texts: &mut Vec<Name>) {
    match node {
        Node::String(text) => texts.push(text.clone()),
        Node::List(nodes) | Node::Set(nodes) => nodes.iter().for_each(|node| gather(node, texts)),
        Node::Map(nodes) | Node::Object(nodes) => {
            nodes.values().for_each(|node| gather(node, texts));
        }
        _ => {}
    }
}

/// Weights and roles of records: which way they turn depends on where the record leads.
fn policy(case: &Case<'_, '_>, argument: &'static str) -> Sorted {
    let mut to: BTreeSet<Standing> = BTreeSet::new();
    for target in ["records", "alias"] {
        to.extend(leads(case, case.planned(target), target, true));
        to.extend(leads(case, case.change.before.get(target), target, false));
    }
    let (before, after) = (case.change.before.get(argument), case.planned(argument));
    let weight = |node: Option<&Node>| {
        let mut found = Vec::new();
        if let Some(node) = node {
            let role = |text: &Name| if &**text == "PRIMARY" { 1.0 } else { 0.0 };
            let mut texts = Vec::new();
            gather(node, &mut texts);
            found.extend(numbers(node));
            found.extend(texts.iter().map(role));
        }
        found.first().copied()
    };
    let what = format!("{} of {} to {}", argument, shown(before), shown(after));
    let how = "Do not apply it: write the weights as they stand now into the code, or leave them to the failover tool with ignore_changes.";
    let sides = (to.contains(&case.active()), to.contains(&Standing::Primary));
    match (weight(before), weight(after), sides) {
        (Some(before), Some(after), (true, false)) if after < before => Sorted::destructive(
            argument,
            format!(
                "takes traffic from {}, which serves: {what}",
                case.serving()
            ),
            how,
        ),
        (Some(before), Some(after), (false, true)) if after > before => Sorted::destructive(
            argument,
            format!(
                "sends traffic back to {}, which was left: {what}",
                case.left()
            ),
            how,
        ),
        (Some(_), Some(_), (true, false) | (false, true)) => Sorted::Swap,
        _ => reverted(
            case,
            argument,
            "the record was changed outside of Terraform, and the plan turns it back",
        ),
    }
}

/// How much traffic an accelerator lets into a region.
fn dial(case: &Case<'_, '_>, argument: &'static str) -> Sorted {
    let region = case
        .planned("endpoint_group_region")
        .and_then(Node::as_str)
        .map(|region| switch::of_region(case.mirror, region));
    let number =
        |node: Option<&Node>| node.map_or(Some(100.0), |node| numbers(node).first().copied());
    let (before, after) = (
        number(case.change.before.get(argument)),
        number(case.planned(argument)),
    );
    let how = "Do not apply it: write the dial as it stands now into the code.";
    match (before, after, region) {
        (Some(before), Some(after), Some(region)) if region == case.active() && after < before => {
            Sorted::destructive(
                argument,
                format!(
                    "takes traffic from {}, which serves: {before} to {after} percent",
                    case.serving()
                ),
                how,
            )
        }
        (Some(before), Some(after), Some(Standing::Primary)) if after > before => {
            Sorted::destructive(
                argument,
                format!(
                    "sends traffic back to {}, which was left: {before} to {after} percent",
                    case.left()
                ),
                how,
            )
        }
        (Some(_), Some(_), Some(_)) => Sorted::Swap,
        _ => Sorted::open(argument, "which way the dial turns traffic is not known"),
    }
}

/// What was done outside of Terraform and is taken back; where nothing shows that it was, the direction is not known.
fn reverted(case: &Case<'_, '_>, argument: &'static str, message: &str) -> Sorted {
    let planned = case.planned(argument);
    let back = case.outside().is_some_and(|outside| {
        same(outside.before.get(argument), planned) && !same(outside.after.get(argument), planned)
    });
    if back {
        return Sorted::destructive(
            argument,
            message,
            "Do not apply it: bring the code to what stands there now, or leave it to the failover tool with ignore_changes.",
        );
    }
    Sorted::open(
        argument,
        "whether it leads traffic back to the region that was left cannot be told",
    )
}

/// Whether two values are one; false is what unset means too.
fn same(one: Option<&Node>, other: Option<&Node>) -> bool {
    one == other
        || truth(one)
            .or(false)
            .is_ok_and(|one| truth(other).or(false) == Ok(one))
}
