//! Replicas that follow another database than the one they stand for.

use crate::inventory::{Name, Node};
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
`replicate_source_db` and `replication_source_identifier` of a counterpart must lead to the primary that it stands for. A
literal ARN is read: region, account and name must be those of the primary.

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
    let targets = mirror.targets(secondary, arrow);
    let kin = |id: &&InstanceId| mirror.instance(**id).ty == mirror.instance(secondary).ty;
    match targets.iter().filter(kin).collect::<Vec<_>>().as_slice() {
        [] => {}
        found if found.contains(&&pair.primary) => return Ok(Some(Source::Primary)),
        // A chain of replicas begins with the primary too.
        [other] => {
            let before = mirror.targets(**other, arrow);
            return Ok(Some(if before.contains(&pair.primary) {
                Source::Primary
            } else {
                Source::Other(mirror.instance(**other).address.to_string())
            }));
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
    let primary = mirror.instance(pair.primary);
    let other = || Ok(Some(Source::Other(written.to_string())));
    if primary
        .region
        .value
        .as_deref()
        .is_some_and(|own| own != *region)
    {
        return other();
    }
    let own_account = primary.account.value.as_deref();
    if own_account.is_some_and(|own| own != *account) {
        return other();
    }
    match text(mirror.value(pair.primary, name)) {
        Maybe::Known(own) if own == *its_name => Ok(Some(Source::Primary)),
        Maybe::Known(_) => other(),
        Maybe::Unknown(because) if !decided_by_aws(&because) => Err(because),
        _ => Err(vec![format!("the {name} of {}", primary.address).into()]),
    }
}
