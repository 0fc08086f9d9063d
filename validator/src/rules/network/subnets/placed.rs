//! Zones of what stands in subnets: balancers, groups, services, subnet groups.

use std::collections::BTreeSet;

use super::ZONES;
use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Maybe, Mirror, text};
use crate::verdict::{Asked, Sink, Spot};
use crate::views::elements;

/// What stands in subnets, and the arguments that name them.
const PLACED: [(&str, &[&str]); 20] = [
    ("aws_lb", &["subnets", "subnet_mapping"]),
    ("aws_alb", &["subnets", "subnet_mapping"]),
    ("aws_elb", &["subnets"]),
    ("aws_autoscaling_group", &["vpc_zone_identifier"]),
    ("aws_ecs_service", &["network_configuration[0].subnets"]),
    ("aws_db_subnet_group", &["subnet_ids"]),
    ("aws_docdb_subnet_group", &["subnet_ids"]),
    ("aws_neptune_subnet_group", &["subnet_ids"]),
    ("aws_elasticache_subnet_group", &["subnet_ids"]),
    ("aws_memorydb_subnet_group", &["subnet_ids"]),
    ("aws_redshift_subnet_group", &["subnet_ids"]),
    ("aws_dms_replication_subnet_group", &["subnet_ids"]),
    ("aws_vpc_endpoint", &["subnet_ids"]),
    ("aws_eks_cluster", &["vpc_config[0].subnet_ids"]),
    ("aws_eks_node_group", &["subnet_ids"]),
    ("aws_eks_fargate_profile", &["subnet_ids"]),
    ("aws_lambda_function", &["vpc_config[0].subnet_ids"]),
    (
        "aws_msk_cluster",
        &["broker_node_group_info[0].client_subnets"],
    ),
    ("aws_opensearch_domain", &["vpc_options[0].subnet_ids"]),
    ("aws_ec2_transit_gateway_vpc_attachment", &["subnet_ids"]),
];

/// Asks each pair of something that stands in subnets.
pub(super) fn ask(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, paths) in PLACED {
        for (pair, secondary) in mirror.pairs_of(ty) {
            members(mirror, pair.primary, secondary, paths, sink);
        }
    }
}

/// The subnets of one side.
struct Place {
    /// How many are named.
    count: usize,
    /// Zones of those that are known, where all are.
    zones: Result<BTreeSet<String>, Vec<Name>>,
}

fn place(mirror: &Mirror<'_>, id: InstanceId, paths: &[&str]) -> Result<Place, Vec<Name>> {
    let mut count = 0;
    let mut subnets: BTreeSet<InstanceId> = BTreeSet::new();
    for path in paths {
        // What AWS tells of subnets that another argument names is nothing new.
        if count > 0 {
            continue;
        }
        count = elements::of(mirror.value(id, path))?.len();
        let targets = mirror.targets(id, path);
        subnets.extend(
            targets
                .into_iter()
                .filter(|id| &*mirror.instance(*id).ty == "aws_subnet"),
        );
    }
    let mut zones = BTreeSet::new();
    let mut open: Vec<Name> = Vec::new();
    for subnet in &subnets {
        match text(mirror.value(*subnet, "availability_zone")) {
            Maybe::Known(zone) => {
                zones.insert(zone);
            }
            Maybe::Unset => open.push("aws".into()),
            Maybe::Unknown(because) => open.extend(because),
        }
    }
    if subnets.len() != count {
        open.push("which subnets are named".into());
    }
    open.sort();
    open.dedup();
    let zones = if open.is_empty() {
        Ok(zones)
    } else {
        Err(open)
    };
    Ok(Place { count, zones })
}

/// Whether both sides of a pair are proved to say the same.
fn same(mirror: &Mirror<'_>, primary: InstanceId, secondary: InstanceId, paths: &[&str]) -> bool {
    let pairs = mirror.pairs();
    let mut pairs = pairs.iter().filter(|pair| pair.primary == primary);
    let pair = pairs.find(|pair| pair.instance() == Some(secondary));
    pair.is_some_and(|pair| paths.iter().all(|path| mirror.same(pair, secondary, path)))
}

/// In how many zones both sides stand.
fn members(
    mirror: &Mirror<'_>,
    primary: InstanceId,
    secondary: InstanceId,
    paths: &[&str],
    sink: &mut Sink,
) {
    let set = |id: InstanceId| {
        let used = |path: &&&str| !mirror.value(id, path).is_none_or(Node::is_empty);
        paths
            .iter()
            .find(used)
            .or(paths.first())
            .copied()
            .unwrap_or_default()
    };
    let asked = Asked::new(
        ZONES.name,
        Spot::of(primary, set(primary)),
        Spot::of(secondary, set(secondary)),
    )
    .keyed(crate::mirror::schema_path(
        &Spot::of(primary, paths[0]).path,
    ));
    let name = &mirror.instance(secondary).address;
    let (one, other) = match (
        place(mirror, primary, paths),
        place(mirror, secondary, paths),
    ) {
        (Ok(one), Ok(other)) => (one, other),
        // The same subnets are as many, whichever they are.
        (Err(_), Err(_)) if same(mirror, primary, secondary, paths) => return sink.holds(),
        (Err(because), _) | (_, Err(because)) => {
            let message = format!("in how many subnets {name} stands is not known");
            return sink.unsure(asked.unsure(message, because));
        }
    };
    let words = match (&one.zones, &other.zones) {
        (Ok(one), Ok(other)) if other.len() >= one.len() => return sink.holds(),
        (Ok(one), Ok(other)) => (other.len(), "zones", one.len()),
        _ if other.count >= one.count => return sink.holds(),
        (Err(because), _) | (_, Err(because)) if one.count > 0 && other.count > 0 => {
            let message = format!(
                "{name} stands in {} subnets, the primary in {}: in how many zones is not known",
                other.count, one.count
            );
            return sink.unsure(asked.unsure(message, because.clone()));
        }
        _ => (other.count, "subnets", one.count),
    };
    // Where the subnets themselves are missing, that is what to say.
    let strays: Vec<InstanceId> = paths
        .iter()
        .flat_map(|path| mirror.targets(primary, path))
        .filter(|id| mirror.counterpart(*id).is_none())
        .collect();
    let broken = asked.broken(format!(
        "{name} stands in {} {}, the primary in {}",
        words.0, words.1, words.2
    ));
    let explained = strays.len() >= one.count.saturating_sub(other.count) && !strays.is_empty();
    // As many subnets, which stand in fewer zones themselves.
    let crowded = other.count >= one.count;
    let subnets = paths
        .iter()
        .flat_map(|path| mirror.targets(secondary, path))
        .filter(|_| crowded);
    sink.broken(if explained {
        broken.follows(strays)
    } else {
        broken.follows(subnets)
    });
}
