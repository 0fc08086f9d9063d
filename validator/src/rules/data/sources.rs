//! Replicas that follow another database than the one they stand for.

use crate::inventory::{Mode, Name, Node};
use crate::mirror::{InstanceId, Maybe, Mirror, Pair, decided_by_aws, text};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "replica-source-differs",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "The replica of a database follows another database.",
    impact: "What is promoted holds other data than production.",
    doc: "\
## What it asks
`replicate_source_db` and `replication_source_identifier` of a counterpart must lead to the primary that it stands for, to
what that follows itself, or to a counterpart of either; through other replicas too. A literal ARN is read: region, account and
name must be those of one of them.

## Why it breaks a failover
The replica is healthy, and its lag is small: nothing shows that it copies something else.

## Example
```terraform
resource \"aws_db_instance\" \"orders_replica\" {
  provider            = aws.secondary
  replicate_source_db = \"arn:aws:rds:us-east-1:123456789012:db:orders-staging\"   # production is \"orders\"
}
```

## How to fix it
Refer to the ARN of the primary: `aws_db_instance.orders.arn`.

Source: Amazon RDS user guide, creating a read replica in a different region.
",
    check: Check::Code(check),
};

/// Types with the argument that names the source, and the argument by which AWS knows them.
const ARROWS: [(&str, &str, &str); 3] = [
    ("aws_db_instance", "replicate_source_db", "identifier"),
    (
        "aws_rds_cluster",
        "replication_source_identifier",
        "cluster_identifier",
    ),
    (
        "aws_neptune_cluster",
        "replication_source_identifier",
        "cluster_identifier",
    ),
];

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, arrow, name) in ARROWS {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let asked = Asked::new(
                RULE.name,
                Spot::of(pair.primary, name),
                Spot::of(secondary, arrow),
            )
            .keyed(arrow);
            match source(mirror, pair, secondary, (arrow, name)) {
                Ok(None) => {}
                Ok(Some(Source::Primary)) => sink.holds(),
                Ok(Some(Source::Other(seen))) => sink.broken(
                    asked
                        .broken(format!(
                            "{} follows {seen}, not {}",
                            mirror.instance(secondary).address,
                            mirror.instance(pair.primary).address
                        ))
                        .fix(format!("Set {arrow} to the ARN of the primary.")),
                ),
                Err(because) => {
                    let name = &mirror.instance(secondary).address;
                    let message = format!("whether {name} follows its primary is not known");
                    sink.unsure(asked.unsure(message, because));
                }
            }
        }
    }
}

enum Source {
    Primary,
    /// Another one, in words.
    Other(String),
}

/// What a counterpart follows; nothing where it follows nothing, or where it is no ARN, or where it is not known: other rules ask.
fn source(
    mirror: &Mirror<'_>,
    pair: &Pair,
    secondary: InstanceId,
    (arrow, name): (&str, &str),
) -> Result<Option<Source>, Vec<Name>> {
    let (mut same, mut open) = line(mirror, pair.primary, arrow);
    // A replica beside production has its counterpart beside that of its source.
    let twins: Vec<InstanceId> = same
        .iter()
        .filter_map(|id| {
            let found = mirror.pairing.pair_of(*id, Some(pair.secondary))?;
            mirror.pairing.pairs[found.index()].instance()
        })
        .filter(|twin| *twin != secondary)
        .collect();
    same.extend(twins);
    let reaches = |line: &[InstanceId]| line.iter().any(|id| same.contains(id));
    match kin(mirror, secondary, arrow).as_slice() {
        [] => {}
        found if reaches(found) => return Ok(Some(Source::Primary)),
        // A chain of replicas begins with the primary too.
        [other] => {
            let (before, more) = line(mirror, *other, arrow);
            if reaches(&before) {
                return Ok(Some(Source::Primary));
            }
            open.extend(more);
            return if open.is_empty() {
                Ok(Some(Source::Other(
                    mirror.instance(*other).address.to_string(),
                )))
            } else {
                Err(open)
            };
        }
        _ => return Ok(None),
    }
    let Some(Node::String(written)) = mirror.value(secondary, arrow) else {
        return Ok(None);
    };
    let parts: Vec<&str> = written.splitn(7, ':').collect();
    let ["arn", _, "rds", region, account, "db" | "cluster", its_name] = parts.as_slice() else {
        return Ok(None);
    };
    let follows = |id: &InstanceId| reaches(&line(mirror, *id, arrow).0);
    let all = mirror.of_type(&mirror.instance(secondary).ty).iter();
    for id in all.filter(|id| **id != secondary && follows(id)) {
        match is_named(mirror, *id, name, (region, account, its_name)) {
            Ok(true) => return Ok(Some(Source::Primary)),
            Ok(false) => {}
            Err(because) => open.extend(because),
        }
    }
    if open.is_empty() {
        Ok(Some(Source::Other(written.to_string())))
    } else {
        Err(open)
    }
}

/// Whether a database has the region, account and name of an ARN.
fn is_named(
    mirror: &Mirror<'_>,
    id: InstanceId,
    name: &str,
    (region, account, its_name): (&str, &str, &str),
) -> Result<bool, Vec<Name>> {
    let instance = mirror.instance(id);
    let is_other = |own: Option<&str>, named: &str| own.is_some_and(|own| own != named);
    if is_other(instance.region.value.as_deref(), region)
        || is_other(instance.account.value.as_deref(), account)
    {
        return Ok(false);
    }
    match text(mirror.value(id, name)) {
        Maybe::Known(own) => Ok(own == its_name),
        Maybe::Unknown(because) if !decided_by_aws(&because) => Err(because),
        _ => Err(vec![format!("the {name} of {}", instance.address).into()]),
    }
}

/// Databases of its own type that one follows.
fn kin(mirror: &Mirror<'_>, id: InstanceId, arrow: &str) -> Vec<InstanceId> {
    let mut found = mirror.targets(id, arrow);
    found.retain(|other| mirror.instance(*other).ty == mirror.instance(id).ty);
    found
}

/// The longest chain of replicas that is read; AWS allows three in a row.
const LONGEST: usize = 8;

/// A database, what it follows, what that follows; and why it is not known what the last one follows.
fn line(mirror: &Mirror<'_>, id: InstanceId, arrow: &str) -> (Vec<InstanceId>, Vec<Name>) {
    let mut line = vec![id];
    let mut last = id;
    while line.len() < LONGEST {
        match kin(mirror, last, arrow).as_slice() {
            [next] if !line.contains(next) => {
                line.push(*next);
                last = *next;
            }
            [] if mirror.instance(last).mode == Mode::Managed
                && text(mirror.value(last, arrow)).or(String::new()) == Ok(String::new()) =>
            {
                return (line, Vec::new());
            }
            _ => break,
        }
    }
    let why = format!("what {} follows", mirror.instance(last).address);
    (line, vec![why.into()])
}
