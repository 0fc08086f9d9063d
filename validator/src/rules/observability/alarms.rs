//! Alarms and topics that the new production would be without.

use crate::mirror::{End, InstanceId, Maybe, Mirror, Standing, text};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const MISSING: Rule = Rule {
    name: "alarm-missing",
    family: Family::Observability,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "An alarm of the primary region has no counterpart in the secondary region.",
    impact: "Nobody is told when the new production fails.",
    doc: "\
## What it asks
Every metric, composite or log alarm of the primary region must exist in each secondary region. Alarms on metrics that live
in one region only (Route 53 health checks, CloudFront, billing) are not asked.

## Why it breaks a failover
The hours after a failover are those in which alarms matter most.

## Example
```terraform
resource \"aws_cloudwatch_metric_alarm\" \"lb_5xx\" {
  count = var.role == \"primary\" ? 1 : 0
}
```

## How to fix it
Declare the alarm in both regions; `treat_missing_data = \"notBreaching\"` keeps it quiet while the secondary is idle.
",
    check: Check::Code(missing),
};

/// Namespaces whose metrics exist in one region only.
const GLOBAL_METRICS: [&str; 4] = [
    "AWS/Route53",
    "AWS/CloudFront",
    "AWS/Billing",
    "AWS/GlobalAccelerator",
];

fn missing(mirror: &Mirror<'_>, sink: &mut Sink) {
    let types = [
        "aws_cloudwatch_metric_alarm",
        "aws_cloudwatch_composite_alarm",
        "aws_cloudwatch_log_metric_filter",
    ];
    missing::counterparts(mirror, sink, MISSING.name, &types, &|id| {
        !is_about_one_region(mirror, id)
    });
}

/// Whether an alarm is about what lives in one region only: metrics of global services, or what is single.
pub(in crate::rules) fn is_about_one_region(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    if &*mirror.instance(id).ty != "aws_cloudwatch_metric_alarm" {
        return false;
    }
    let namespace = text(mirror.value(id, "namespace"));
    let global = matches!(namespace, Maybe::Known(name) if GLOBAL_METRICS.contains(&name.as_str()));
    global || about_single(mirror, id)
}

/// Whether an alarm watches something that lives once on purpose.
fn about_single(mirror: &Mirror<'_>, alarm: InstanceId) -> bool {
    mirror.targets(alarm, "dimensions").iter().any(|id| {
        mirror
            .pairing
            .strays
            .iter()
            .any(|stray| stray.instance == *id && stray.single.is_some())
    })
}

pub(super) const WATCHES: Rule = Rule {
    name: "alarm-watches-primary",
    family: Family::Observability,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "An alarm of the secondary region watches, or tells, something of the primary region.",
    impact: "The alarm is silent about the new production, or its message goes to the lost region.",
    doc: "\
## What it asks
Dimensions and actions of alarms in the secondary region must lead to the secondary region.

## Why it breaks a failover
Metrics and topics are regional: an alarm sees only metrics of its own region, and an action elsewhere is refused or lost.

## Example
```terraform
resource \"aws_cloudwatch_metric_alarm\" \"db\" {     # provider of us-west-2
  dimensions    = { DBInstanceIdentifier = aws_db_instance.primary.identifier }
  alarm_actions = [aws_sns_topic.primary.arn]
}
```

## How to fix it
Use the counterpart in the secondary region.
",
    check: Check::Code(watches),
};

const ACTIONS: [&str; 4] = [
    "dimensions",
    "alarm_actions",
    "ok_actions",
    "insufficient_data_actions",
];

fn watches(mirror: &Mirror<'_>, sink: &mut Sink) {
    for ty in [
        "aws_cloudwatch_metric_alarm",
        "aws_cloudwatch_composite_alarm",
    ] {
        for id in mirror.of_type(ty) {
            if !matches!(mirror.standing(*id), Standing::Secondary(_)) {
                continue;
            }
            for path in ACTIONS {
                if mirror.value(*id, path).is_none() {
                    continue;
                }
                let wrong = mirror
                    .targets(*id, path)
                    .into_iter()
                    .find(|target| mirror.standing(*target) == Standing::Primary);
                let primary = mirror
                    .counterpart(*id)
                    .map_or_else(Spot::missing, |twin| Spot::of(twin, path));
                match wrong {
                    None => match literal(mirror, *id, path) {
                        Some(value) => sink.broken(question(primary, *id, path).broken(format!(
                            "{} of {} is {value}, in the primary region",
                            path,
                            mirror.instance(*id).address
                        ))),
                        None => answered(mirror, question(primary, *id, path), sink),
                    },
                    Some(target) => sink.broken(question(primary, *id, path).broken(format!(
                        "{path} of {} leads to {} in the primary region",
                        mirror.instance(*id).address,
                        mirror.instance(target).address
                    ))),
                }
            }
        }
    }
}

fn question(primary: Spot, id: InstanceId, path: &str) -> Asked {
    Asked::new(WATCHES.name, primary, Spot::of(id, path)).keyed(path)
}

/// Nothing of the primary region was seen: that holds only where all of the value is known.
fn answered(mirror: &Mirror<'_>, asked: Asked, sink: &mut Sink) {
    let spot = &asked.secondary;
    let node = spot.instance.map(|id| {
        let instance = mirror.instance(id);
        let end = match mirror.standing(id) {
            Standing::Secondary(at) => End::Secondary(at),
            _ => End::Primary,
        };
        let value = crate::mirror::steps(instance, &spot.path);
        (instance, mirror.meaning(value, end, instance.root.as_ref()))
    });
    match node {
        Some((instance, meaning)) if !meaning.open().is_empty() => {
            let message = format!(
                "whether {} of {} stays in its region is not known",
                crate::mirror::schema_path(&spot.path),
                instance.address
            );
            sink.unsure(asked.unsure(message, meaning.open()));
        }
        _ => sink.holds(),
    }
}

/// A literal ARN of the primary region among the actions.
fn literal(mirror: &Mirror<'_>, id: InstanceId, path: &str) -> Option<String> {
    if let Some(crate::inventory::Node::Map(entries)) = mirror.value(id, path) {
        return entries.values().find_map(|node| match node {
            crate::inventory::Node::String(text) if mirror.names_primary(text) => {
                Some(format!("{text:?}, the name of something"))
            }
            _ => None,
        });
    }
    let nodes = crate::mirror::list(mirror.value(id, path)).known()?;
    let region = format!(":{}:", mirror.roles.primary);
    nodes
        .iter()
        .filter_map(|node| node.as_str())
        .find(|text| text.starts_with("arn:") && text.contains(&region))
        .map(str::to_owned)
}

pub(super) const TOPIC: Rule = Rule {
    name: "topic-missing",
    family: Family::Observability,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A topic, queue or event bus of the primary region has no counterpart in the secondary region.",
    impact: "Messages and alarms of the new production have nowhere to go.",
    doc: "\
## What it asks
SNS topics, SQS queues, event buses and rules of the primary region must exist in each secondary region: none of them is
replicated.

## Why it breaks a failover
Publishers in the secondary fail, and subscribers are never called. Subscriptions by e-mail must be confirmed in each region
beforehand.

## Example
```terraform
resource \"aws_sns_topic\" \"alerts\" {   # provider of us-east-1, and none in us-west-2
  name = \"alerts\"
}
```

## How to fix it
Declare it, with its subscriptions, in both regions.
",
    check: Check::Code(topic),
};

fn topic(mirror: &Mirror<'_>, sink: &mut Sink) {
    let types = [
        "aws_sns_topic",
        "aws_sns_topic_subscription",
        "aws_sqs_queue",
        "aws_cloudwatch_event_bus",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
    ];
    missing::counterparts(mirror, sink, TOPIC.name, &types, &|_| true);
}
