//! Whether objects of a copy go, or go into an archive, earlier than those of its source.

use std::collections::BTreeSet;

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Maybe, Mirror, list, number, text, truth};
use crate::verdict::{Asked, Severity, Sink, Spot};
use crate::views::buckets;

const TYPE: &str = "aws_s3_bucket_lifecycle_configuration";
const RULE: &str = "lifecycle-differs";

/// Classes that take hours to read.
const ARCHIVES: [&str; 2] = ["GLACIER", "DEEP_ARCHIVE"];

/// What one enabled rule does, in days.
#[derive(Debug, Default)]
struct Effect {
    prefix: String,
    /// What else an object must be like.
    condition: String,
    at: usize,
    expires: Option<f64>,
    old_expires: Option<f64>,
    archived: Option<f64>,
}

/// One action of the three.
struct Action {
    name: &'static str,
    path: &'static str,
    what: &'static str,
    severity: Severity,
    of: fn(&Effect) -> Option<f64>,
}

const ACTIONS: [Action; 3] = [
    Action {
        name: "expire",
        path: "expiration",
        what: "objects expire",
        severity: Severity::Breaks,
        of: |effect| effect.expires,
    },
    Action {
        name: "expire old versions",
        path: "noncurrent_version_expiration",
        what: "old versions expire",
        severity: Severity::Breaks,
        of: |effect| effect.old_expires,
    },
    Action {
        name: "archive",
        path: "transition",
        what: "objects are archived",
        severity: Severity::Degrades,
        of: |effect| effect.archived,
    },
];

/// Where rules about age stand: in a resource of their own, or in the bucket.
#[derive(Clone, Copy, Debug)]
struct Side {
    holder: InstanceId,
    /// The blocks; empty where a bucket has none.
    blocks: &'static str,
}

impl Side {
    fn spot(self) -> Spot {
        Spot::of(self.holder, self.blocks)
    }

    fn block(self, at: usize, action: &str) -> Spot {
        Spot::of(self.holder, &format!("{}[{at}].{action}", self.blocks))
    }
}

pub(super) fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    let mut asked = BTreeSet::new();
    for (pair, secondary) in mirror.pairs_of(TYPE) {
        let bucket = |id| mirror.targets(id, "bucket").first().copied();
        // Rules of buckets that are no pair say nothing of each other.
        if let (Some(one), Some(other)) = (bucket(pair.primary), bucket(secondary))
            && mirror.counterpart(one) != Some(other)
        {
            continue;
        }
        asked.insert(secondary);
        let side = |holder| Side {
            holder,
            blocks: "rule",
        };
        let same = mirror.same(pair, secondary, "rule");
        ask(mirror, (side(pair.primary), side(secondary)), same, sink);
    }
    // What only the copy has, and what buckets say themselves.
    for (pair, secondary) in mirror.pairs_of("aws_s3_bucket") {
        let (one, other) = (
            of_bucket(mirror, pair.primary),
            of_bucket(mirror, secondary),
        );
        let spots = |one: Spot| Asked::new(RULE, one, Spot::at(secondary)).keyed("rules");
        match (one, other) {
            (_, Ok(other)) if other.blocks.is_empty() || asked.contains(&other.holder) => {}
            (Ok(one), Ok(other)) => {
                let same = one.blocks == other.blocks && mirror.same(pair, secondary, one.blocks);
                ask(mirror, (one, other), same, sink);
            }
            (Err(one), Err(other)) if one == other => {}
            (Err(because), _) | (_, Err(because)) => {
                let name = &mirror.instance(secondary).address;
                let message =
                    format!("which rules about age {name} or its source has is not known");
                sink.unsure(spots(Spot::at(pair.primary)).unsure(message, because));
            }
        }
    }
}

/// Where the rules of a bucket stand.
fn of_bucket(mirror: &Mirror<'_>, bucket: InstanceId) -> Result<Side, Vec<Name>> {
    if let Some(setting) = buckets::setting(mirror, bucket, TYPE)? {
        return Ok(Side {
            holder: setting.holder,
            blocks: "rule",
        });
    }
    let inline = mirror.value(bucket, "lifecycle_rule");
    let is_told = match inline {
        Some(Node::Unknown(unknown)) => !crate::mirror::decided_by_aws(&unknown.because),
        node => node.is_some_and(|node| !node.is_empty()),
    };
    Ok(Side {
        holder: bucket,
        blocks: if is_told { "lifecycle_rule" } else { "" },
    })
}

fn ask(mirror: &Mirror<'_>, (one, other): (Side, Side), same: bool, sink: &mut Sink) {
    match (effects(mirror, one), effects(mirror, other)) {
        (Ok(first), Ok(second)) => compare(mirror, (one, other), &first, &second, sink),
        // The same unknown rules on both sides are the same.
        (Err(_), _) | (_, Err(_)) if same => sink.holds(),
        (Err(because), _) | (_, Err(because)) => {
            let asked = Asked::new(RULE, one.spot(), other.spot());
            let name = &mirror.instance(other.holder).address;
            let message = format!("when objects go by {name} is not known");
            sink.unsure(asked.unsure(message, because));
        }
    }
}

fn compare(
    mirror: &Mirror<'_>,
    (primary, secondary): (Side, Side),
    one: &[Effect],
    other: &[Effect],
    sink: &mut Sink,
) {
    let address = &mirror.instance(secondary.holder).address;
    let mut held = true;
    for effect in other {
        for action in &ACTIONS {
            let Some(days) = (action.of)(effect) else {
                continue;
            };
            let production = earliest(one, effect, action);
            if production.is_some_and(|production| days >= production) {
                continue;
            }
            held = false;
            let production = production.map_or("never".to_owned(), |days| format!("after {days}"));
            let place = secondary.block(effect.at, action.path);
            let asked = Asked::new(RULE, primary.spot(), place)
                .keyed(format!("{} {:?}", action.name, effect.prefix))
                .severe(action.severity);
            sink.broken(asked.broken(format!(
                "by {address} {} after {days} days, in the primary {production}",
                action.what
            )));
        }
    }
    for effect in one {
        let missing = ACTIONS
            .iter()
            .filter(|action| (action.of)(effect).is_some())
            .find(|action| earliest(other, effect, action).is_none());
        if let Some(action) = missing {
            held = false;
            let place = primary.block(effect.at, action.path);
            let asked = Asked::new(RULE, place, secondary.spot())
                .keyed(format!("no {} {:?}", action.name, effect.prefix))
                .severe(Severity::Drifts);
            sink.broken(
                asked
                    .broken(format!(
                        "by {address} never {}, in the primary they do",
                        action.what
                    ))
                    .impact("Objects pile up."),
            );
        }
    }
    if held {
        sink.holds();
    }
}

/// After how many days the first rule acts on what another one acts on.
fn earliest(rules: &[Effect], effect: &Effect, action: &Action) -> Option<f64> {
    rules
        .iter()
        .filter(|rule| effect.prefix.starts_with(&rule.prefix))
        .filter(|rule| rule.condition.is_empty() || rule.condition == effect.condition)
        .filter_map(|rule| (action.of)(rule))
        .min_by(f64::total_cmp)
}

type Read<T> = Result<T, Vec<Name>>;

fn effects(mirror: &Mirror<'_>, side: Side) -> Read<Vec<Effect>> {
    if side.blocks.is_empty() {
        return Ok(Vec::new());
    }
    let rules = match list(mirror.value(side.holder, side.blocks)) {
        Maybe::Known(rules) => rules,
        Maybe::Unset => &[],
        Maybe::Unknown(because) => return Err(because),
    };
    let mut effects = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let status = text(field(rule, "status")).or("Enabled".into())?;
        // The form of buckets says it as a truth.
        if status == "Enabled" && truth(field(rule, "enabled")).or(true)? {
            effects.push(effect(rule, at)?);
        }
    }
    Ok(effects)
}

fn effect(rule: &Node, at: usize) -> Read<Effect> {
    let filter = first(field(rule, "filter"));
    let both = filter.and_then(|filter| first(field(filter, "and")));
    let mut prefix = String::new();
    for node in [
        field(rule, "prefix"),
        filter.and_then(|filter| field(filter, "prefix")),
        both.and_then(|both| field(both, "prefix")),
    ] {
        prefix.push_str(&text(node).or(String::new())?);
    }
    let days = |block: &str, name: &str| -> Read<Option<f64>> {
        match first(field(rule, block)).map(|block| number(field(block, name))) {
            Some(Maybe::Known(days)) if days > 0.0 => Ok(Some(days)),
            Some(Maybe::Unknown(because)) if because.iter().any(|reason| &**reason != "aws") => {
                Err(because)
            }
            _ => Ok(None),
        }
    };
    let mut archived: Option<f64> = None;
    for block in elements(field(rule, "transition")) {
        let class = text(field(block, "storage_class")).or(String::new())?;
        if ARCHIVES.contains(&&*class) {
            let days = number(field(block, "days")).or(0.0)?;
            archived = Some(archived.map_or(days, |other| other.min(days)));
        }
    }
    let conditions = ["tag", "object_size_greater_than", "object_size_less_than"];
    let told = |block: Option<&Node>| -> String {
        let block = block.map(|block| {
            conditions
                .iter()
                .chain(&["tags"])
                .filter_map(|name| field(block, name))
                .filter(|node| !node.is_empty() && !matches!(node, Node::Unknown(_)))
                .map(|node| format!("{node:?}"))
                .collect::<Vec<_>>()
                .concat()
        });
        block.unwrap_or_default()
    };
    Ok(Effect {
        prefix,
        condition: told(filter) + &told(both) + &told(Some(rule)),
        at,
        expires: days("expiration", "days")?,
        old_expires: match days("noncurrent_version_expiration", "noncurrent_days")? {
            None => days("noncurrent_version_expiration", "days")?,
            found => found,
        },
        archived,
    })
}

fn field<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match node {
        Node::Object(nodes) => nodes.get(name),
        _ => None,
    }
}

fn elements(node: Option<&Node>) -> &[Node] {
    match node {
        Some(Node::List(nodes) | Node::Set(nodes)) => nodes,
        _ => &[],
    }
}

fn first(node: Option<&Node>) -> Option<&Node> {
    elements(node).first()
}
