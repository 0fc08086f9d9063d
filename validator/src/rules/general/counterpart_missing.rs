//! A primary instance that nothing mirrors, where no rule of its type says more.

use crate::inventory::{Instance, Mode, Name, Node};
use crate::mirror::{InstanceId, Mirror, Standing};
use crate::relations::{self, CounterpartKind};
use crate::rules::{Check, Rule, missing, observability};
use crate::settings::matches;
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::effects;

pub(super) const RULE: Rule = Rule {
    name: "counterpart-missing",
    family: Family::General,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A resource of the primary region has no counterpart in the secondary region.",
    impact: "What this resource does in production is not there after a failover.",
    doc: "\
## What it asks
Every managed, regional resource of the primary region that a failover needs must have a counterpart in each secondary
region: a resource of its own, a replica, or a block that makes the copy.

## Why it breaks a failover
What exists only in the primary region is gone with it.

## Example
```terraform
resource \"aws_sqs_queue\" \"jobs\" {        # provider of us-east-1
  name = \"jobs\"
}
# and none with the provider of us-west-2
```

## How to fix it
Declare the counterpart. If the resource is meant to live once, say so in `dr.hcl`:
```hcl
single \"aws_sqs_queue.jobs\" { reason = \"only used by builds in the primary region\" }
```
If it has a counterpart that was not found, name it: `pair { primary = \"…\" secondary = \"…\" }`.
",
    check: Check::Code(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for pair in mirror.pairs() {
        if mirror.instance(pair.primary).mode != Mode::Managed {
            continue;
        }
        match missing::doubt(mirror, pair).filter(|_| is_needed(mirror, pair.primary)) {
            Some(why) => {
                let about = (pair.primary, pair.secondary);
                sink.unsure(missing::open(mirror, RULE.name, about, &[why]));
            }
            None => sink.holds(),
        }
    }
    for ambiguity in &mirror.pairing.ambiguities {
        let (Some(first), Some(other)) = (ambiguity.primary.first(), ambiguity.secondary.first())
        else {
            continue;
        };
        let names = |ids: &[InstanceId]| {
            let names: Vec<&str> = ids
                .iter()
                .take(6)
                .map(|id| &*mirror.instance(*id).address)
                .collect();
            names.join(", ")
        };
        let (left, right) = (names(&ambiguity.primary), names(&ambiguity.secondary));
        let asked = Asked::new(RULE.name, Spot::at(*first), Spot::at(*other)).keyed("pair");
        sink.unsure(
            asked
                .unsure(
                    format!("it cannot be told which of {left} is mirrored by which of {right}"),
                    vec!["which instances are a pair".into()],
                )
                .settle("Name the pairs in dr.hcl: pair { primary = \"…\" secondary = \"…\" }"),
        );
    }
    let ambiguous: std::collections::BTreeSet<InstanceId> = mirror
        .pairing
        .ambiguities
        .iter()
        .flat_map(|ambiguity| ambiguity.primary.iter().copied())
        .collect();
    for stray in &mirror.pairing.strays {
        if stray.single.is_some() || ambiguous.contains(&stray.instance) {
            continue;
        }
        let instance = mirror.instance(stray.instance);
        if !is_needed(mirror, stray.instance) {
            continue;
        }
        let region = &mirror.roles.secondary[stray.secondary];
        // What a type is for that the table does not hold is not known.
        let severity = if relations::find(&instance.ty).is_some() {
            RULE.severity
        } else {
            Severity::Degrades
        };
        let about = (stray.instance, stray.secondary);
        if stray.open.is_empty() {
            let asked = missing::asked(mirror, RULE.name, about).severe(severity);
            sink.broken(asked.broken(format!(
                "{} has no counterpart in {region}{}",
                instance.address,
                unknown_type(&instance.ty)
            )));
        } else {
            let mut open = missing::open(mirror, RULE.name, about, &stray.open);
            open.asked = open.asked.severe(severity);
            sink.unsure(open);
        }
    }
    for (id, _) in mirror.instances() {
        if mirror.standing(id) == Standing::Unknown {
            somewhere(mirror, id, sink);
        }
    }
}

/// Asks where an instance lies whose region is not known: it may need a counterpart, and it may be one.
fn somewhere(mirror: &Mirror<'_>, id: InstanceId, sink: &mut Sink) {
    let instance = mirror.instance(id);
    let singles = &mirror.settings.singles;
    // A state often does not say where a part of something lies: only what code declares is asked.
    if instance.mode != Mode::Managed
        || instance.source.is_none()
        || singles
            .iter()
            .any(|single| matches(&single.address, &instance.address, &instance.ty))
    {
        return;
    }
    // What belongs to something whose region is not known either goes with it.
    let goes_along = relations::owner(&instance.ty).is_some_and(|argument| {
        let owners = mirror.targets(id, argument);
        owners
            .iter()
            .any(|owner| mirror.standing(*owner) == Standing::Unknown)
    });
    let kind = relations::find(&instance.ty).map(|rows| rows.counterpart);
    if goes_along
        || matches!(
            kind,
            Some(CounterpartKind::Global | CounterpartKind::Single)
        )
    {
        return;
    }
    let because = why_unknown(instance);
    let asked = Asked::new(RULE.name, Spot::at(id), Spot::missing()).keyed("region");
    sink.unsure(asked.alone().unsure(
        format!(
            "the region of {} is not known: it cannot be told whether it needs a counterpart, or is one",
            instance.address
        ),
        because,
    ));
}

/// What would settle an instance's region: the inputs that it is made of, else the end of its derivation.
fn why_unknown(instance: &Instance) -> Vec<Name> {
    let trail = &instance.region.because;
    let inputs: Vec<Name> = trail
        .iter()
        .filter(|step| step.starts_with("var."))
        .cloned()
        .collect();
    if !inputs.is_empty() {
        return inputs;
    }
    let own = || format!("the region of {}", instance.address).into();
    vec![trail.last().cloned().unwrap_or_else(own)]
}

/// Whether the type needs a counterpart under the instance's strategy.
fn is_needed(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    let ty = &*mirror.instance(id).ty;
    let rows = relations::find(ty);
    if rows.is_some_and(|rows| rows.shared) {
        return false;
    }
    // What belongs to something that is replicated, or missing itself, goes with it.
    if let Some(argument) = relations::owner(ty) {
        return mirror.targets(id, argument).is_empty() && !mirror.complete();
    }
    if relations::united::is_said_inline(mirror, id)
        || is_replicated(mirror, id)
        || effects::are_judged(mirror, id)
        || observability::is_about_one_region(mirror, id)
    {
        return false;
    }
    match rows {
        Some(rows) => {
            !matches!(
                rows.counterpart,
                CounterpartKind::Global | CounterpartKind::Single
            ) && rows.needed.contains(mirror.strategy(id))
        }
        // What only adds to a copy that is a block of its source cannot be declared for that copy.
        // Whether a type that nothing is known of needs one is not known either.
        None => {
            mirror.instance(id).in_schema
                && !mirror.graph.out(id).iter().any(|edge| {
                    mirror
                        .pairing
                        .pair_of(edge.to, None)
                        .and_then(|pair| mirror.pairs().get(pair.index()))
                        .is_some_and(|pair| pair.primary == edge.to && pair.instance().is_none())
                })
        }
    }
}

/// Says that of a type nothing is known.
fn unknown_type(ty: &str) -> &'static str {
    if relations::find(ty).is_some() {
        ""
    } else {
        "; what a failover needs of its type is not in the table"
    }
}

/// Whether AWS makes the counterpart: of repositories, where images are replicated to the secondary.
fn is_replicated(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    let instance = mirror.instance(id);
    if &*instance.ty != "aws_ecr_repository" {
        return false;
    }
    mirror
        .of_type("aws_ecr_replication_configuration")
        .iter()
        .filter(|other| mirror.standing(**other) == mirror.standing(id))
        .any(|other| has_region(mirror, *other))
}

fn has_region(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    fn any(node: &Node, regions: &[crate::inventory::Name]) -> bool {
        match node {
            Node::String(text) => regions.contains(text),
            Node::List(nodes) | Node::Set(nodes) => nodes.iter().any(|node| any(node, regions)),
            Node::Object(nodes) | Node::Map(nodes) => nodes.values().any(|node| any(node, regions)),
            // Where it leads is not known: the rule of images says so.
            Node::Unknown(_) => true,
            _ => false,
        }
    }
    let value = mirror.value(id, "replication_configuration");
    value.is_some_and(|node| any(node, &mirror.roles.secondary))
}
