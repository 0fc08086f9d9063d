//! Regions of instances that do not show one, from what they are attached to: AWS accepts these arguments only where both lie
//! in one region.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::inventory::{Fact, Instance, Mode, Name, Node, Scope};

/// Arguments that name something of the same region.
const SAME_REGION: [&str; 40] = [
    "vpc_id",
    "subnet_id",
    "subnet_ids",
    "subnets",
    "security_group_id",
    "security_group_ids",
    "security_groups",
    "vpc_security_group_ids",
    "route_table_id",
    "network_acl_id",
    "nat_gateway_id",
    "gateway_id",
    "vpc_endpoint_id",
    "network_interface_id",
    "instance_id",
    "allocation_id",
    "load_balancer_arn",
    "listener_arn",
    "target_group_arn",
    "lb_target_group_arn",
    "autoscaling_group_name",
    "launch_template_id",
    "cluster",
    "cluster_arn",
    "cluster_identifier",
    "db_subnet_group_name",
    "file_system_id",
    "source_file_system_id",
    "bucket",
    "secret_id",
    "queue_url",
    "rest_api_id",
    "api_id",
    "user_pool_id",
    "plan_id",
    "backup_vault_name",
    "target_key_id",
    "key_id",
    "function_name",
    "repository",
];

/// Names by which others are attached to an instance.
const NAMES: [&str; 7] = [
    "id",
    "arn",
    "name",
    "key_id",
    "url",
    "function_name",
    "bucket",
];

/// Rounds in which what was found helps to find more.
const ROUNDS: usize = 4;

/// Gives a region to those that only lack a sign of their own.
pub(super) fn place(instances: &mut [Instance]) {
    let mut known: FxHashMap<Name, Option<Name>> = FxHashMap::default();
    for instance in instances.iter() {
        remember(&mut known, instance);
    }
    for _ in 0..ROUNDS {
        let mut found: Vec<(usize, Name, Name)> = Vec::new();
        for (at, instance) in instances.iter().enumerate() {
            if is_open(instance)
                && let Some((region, by)) = attached(&known, instance)
            {
                found.push((at, region, by));
            }
        }
        if found.is_empty() {
            return;
        }
        for (at, region, by) in found {
            if let Some(instance) = instances.get_mut(at) {
                instance.region = Fact {
                    value: Some(region),
                    because: vec![format!("its {by} lies there").into()],
                };
                remember(&mut known, instance);
            }
        }
    }
}

fn is_open(instance: &Instance) -> bool {
    instance.region.value.is_none()
        && instance.scope == Scope::Regional
        && instance.mode == Mode::Managed
        && instance.ty.starts_with("aws_")
        // A bridge names both of its ends.
        && !instance.ty.contains("peering")
}

/// Notes the names of an instance; a name that stands in two regions says nothing.
fn remember(known: &mut FxHashMap<Name, Option<Name>>, instance: &Instance) {
    let Some(region) = &instance.region.value else {
        return;
    };
    if instance.scope == Scope::Global || instance.mode != Mode::Managed {
        return;
    }
    for name in NAMES {
        if let Some(Node::String(text)) = instance.values.get(name)
            && text.len() >= 3
        {
            known
                .entry(text.clone())
                .and_modify(|other| {
                    if other.as_ref() != Some(region) {
                        *other = None;
                    }
                })
                .or_insert_with(|| Some(region.clone()));
        }
    }
}

/// The region that all that it is attached to lies in, and the argument that says so.
fn attached(known: &FxHashMap<Name, Option<Name>>, instance: &Instance) -> Option<(Name, Name)> {
    let mut regions: BTreeMap<Name, Name> = BTreeMap::new();
    for name in SAME_REGION {
        let texts: Vec<&Name> = match instance.values.get(name) {
            Some(Node::String(text)) => vec![text],
            Some(Node::List(nodes) | Node::Set(nodes)) => nodes
                .iter()
                .filter_map(|node| match node {
                    Node::String(text) => Some(text),
                    _ => None,
                })
                .collect(),
            _ => continue,
        };
        for text in texts {
            if let Some(Some(region)) = known.get(text) {
                regions.entry(region.clone()).or_insert_with(|| name.into());
            }
        }
    }
    let mut all = regions.into_iter();
    match (all.next(), all.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}
