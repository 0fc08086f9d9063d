//! DNS records of Route 53 by zone and name, with what they lead to.

use std::collections::BTreeMap;

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Maybe, Mirror, Standing, decided_by_aws, list, text, truth};
use crate::symbol::PathStep;

/// One record.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) id: InstanceId,
    /// `A`, `CNAME`; empty where it is not known.
    pub(crate) ty: String,
    /// `PRIMARY` or `SECONDARY`, for failover records.
    pub(crate) failover: Maybe<String>,
    /// Whether it has any routing policy.
    pub(crate) routed: bool,
    /// Whether it is an alias.
    pub(crate) alias: bool,
    /// Managed instances that its values lead to.
    pub(crate) targets: Vec<InstanceId>,
}

/// Records of one name and type in one zone.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameSet {
    pub(crate) records: Vec<Record>,
}

/// Blocks that route between records of one name.
const POLICIES: [&str; 6] = [
    "failover_routing_policy",
    "weighted_routing_policy",
    "latency_routing_policy",
    "geolocation_routing_policy",
    "geoproximity_routing_policy",
    "cidr_routing_policy",
];

/// All records, by zone, name and type. A name that is not known is kept apart by its address.
pub(crate) fn names(mirror: &Mirror<'_>) -> BTreeMap<(String, String, String), NameSet> {
    let mut sets: BTreeMap<(String, String, String), NameSet> = BTreeMap::new();
    for id in mirror.of_type("aws_route53_record") {
        let record = record(mirror, *id);
        let zone = match mirror.targets(*id, "zone_id").first() {
            Some(zone) => mirror.instance(*zone).address.to_string(),
            None => text(mirror.value(*id, "zone_id"))
                .known()
                .unwrap_or_default(),
        };
        let name = match text(mirror.value(*id, "name")) {
            Maybe::Known(name) => whole_name(mirror, *id, &name),
            _ => format!("name of {}", mirror.instance(*id).address),
        };
        sets.entry((zone, name, record.ty.clone()))
            .or_default()
            .records
            .push(record);
    }
    sets
}

/// The name of a record with that of its zone, as Route 53 has it: `app` and `app.example.com` are one name there.
pub(crate) fn whole_name(mirror: &Mirror<'_>, record: InstanceId, name: &str) -> String {
    let plain = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
    let name = plain(name);
    let zones = mirror.targets(record, "zone_id").into_iter();
    let mut zones = zones.filter_map(|zone| text(mirror.value(zone, "name")).known());
    let Some(zone) = zones.next().map(|zone| plain(&zone)) else {
        return name;
    };
    if name.is_empty() {
        zone
    } else if name == zone || name.ends_with(&format!(".{zone}")) {
        name
    } else {
        format!("{name}.{zone}")
    }
}

/// Why it is not known of which name, type or zone a record is; it may be of any.
pub(crate) fn adrift(mirror: &Mirror<'_>) -> Vec<Name> {
    let mut open = std::collections::BTreeSet::new();
    for id in mirror.of_type("aws_route53_record") {
        for path in ["name", "type", "zone_id"] {
            if let Maybe::Unknown(because) = text(mirror.value(*id, path))
                && because.iter().any(|reason| &**reason != "aws")
                && mirror.targets(*id, path).is_empty()
            {
                open.extend(because);
            }
        }
    }
    open.into_iter().collect()
}

fn record(mirror: &Mirror<'_>, id: InstanceId) -> Record {
    let instance = mirror.instance(id);
    let has = |name: &str| match instance.values.get(name) {
        None => false,
        Some(Node::List(nodes) | Node::Set(nodes)) => !nodes.is_empty(),
        Some(Node::Bool(truth)) => *truth,
        Some(_) => true,
    };
    let mut targets = Vec::new();
    for edge in mirror.graph.out(id) {
        let leads = match edge.path.first() {
            Some(PathStep::Name(name)) => matches!(&**name, "alias" | "records"),
            _ => false,
        };
        if leads
            && mirror.instance(edge.to).mode == crate::inventory::Mode::Managed
            && !targets.contains(&edge.to)
        {
            targets.push(edge.to);
        }
    }
    Record {
        id,
        ty: text(mirror.value(id, "type")).known().unwrap_or_default(),
        failover: text(mirror.value(id, "failover_routing_policy[0].type")),
        routed: POLICIES.iter().any(|policy| has(policy))
            || has("multivalue_answer_routing_policy"),
        alias: has("alias"),
        targets,
    }
}

/// Why it is not known what a record's values lead to; empty where it is, and where they lead to a managed instance.
pub(crate) fn leads_open(mirror: &Mirror<'_>, record: &Record) -> Vec<Name> {
    let open = |path| match mirror.value(record.id, path) {
        Some(Node::Unknown(unknown)) if !decided_by_aws(&unknown.because) => {
            unknown.because.clone()
        }
        _ => Vec::new(),
    };
    if record.targets.is_empty() {
        [open("records"), open("alias[0].name")].concat()
    } else {
        Vec::new()
    }
}

/// The one region that a record's values lead to: through instances, or through a region that stands in a name.
pub(crate) fn region_of(mirror: &Mirror<'_>, record: &Record) -> Option<Standing> {
    let mut standings: Vec<Standing> = record
        .targets
        .iter()
        .map(|id| mirror.standing(*id))
        .filter(|standing| matches!(standing, Standing::Primary | Standing::Secondary(_)))
        .collect();
    if standings.is_empty() {
        let mut texts: Vec<String> = Vec::new();
        if let Maybe::Known(nodes) = list(mirror.value(record.id, "records")) {
            texts.extend(
                nodes
                    .iter()
                    .filter_map(|node| node.as_str().map(str::to_owned)),
            );
        }
        texts.extend(text(mirror.value(record.id, "alias[0].name")).known());
        for value in texts {
            for (at, region) in mirror.roles.regions().into_iter().enumerate() {
                // Names of AWS hold their region as a label.
                if value.contains(".amazonaws.com") && value.split('.').any(|label| label == region)
                {
                    standings.push(if at == 0 {
                        Standing::Primary
                    } else {
                        Standing::Secondary(at - 1)
                    });
                }
            }
        }
    }
    standings.sort();
    standings.dedup();
    match standings.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// Whether Route 53 asks the target of an alias for its health.
///
/// # Errors
/// Why it is not known.
pub(crate) fn evaluates_target(mirror: &Mirror<'_>, record: &Record) -> Result<bool, Vec<Name>> {
    truth(mirror.value(record.id, "alias[0].evaluate_target_health")).or(false)
}

/// Whether a health check is attached. One that is made with the record is not known, but there.
pub(crate) fn has_check(mirror: &Mirror<'_>, record: &Record) -> Result<bool, Vec<Name>> {
    if !mirror.targets(record.id, "health_check_id").is_empty() {
        return Ok(true);
    }
    match mirror.value(record.id, "health_check_id") {
        None => Ok(false),
        Some(Node::Unknown(unknown)) => {
            let checks = unknown
                .because
                .iter()
                .any(|reason| reason.contains("aws_route53_health_check"));
            if checks && unknown.because.len() == 1 {
                Ok(true)
            } else {
                Err(unknown.because.clone())
            }
        }
        Some(Node::String(text)) => Ok(!text.is_empty()),
        Some(_) => Ok(true),
    }
}

/// Seconds until a health check calls a target unhealthy: interval times threshold; 30 and 3 by default.
///
/// # Errors
/// What is not known of the health check.
pub(crate) fn detection(mirror: &Mirror<'_>, check: InstanceId) -> Result<f64, Vec<Name>> {
    let read =
        |name: &str, default: f64| crate::mirror::number(mirror.value(check, name)).or(default);
    Ok(read("request_interval", 30.0)? * read("failure_threshold", 3.0)?)
}
