//! Rules that are rows of the relations table: the rows say what is compared, the rules what it means.

mod diverted;
mod lifecycle;
mod listeners;
mod resolvers;

use super::{Check, Rule};
use crate::mirror::Mirror;
use crate::verdict::{Family, Severity, Sink, Strategies};

const fn table(
    name: &'static str,
    family: Family,
    severity: Severity,
    title: &'static str,
    impact: &'static str,
    doc: &'static str,
) -> Rule {
    Rule {
        name,
        family,
        severity,
        on: Strategies::ALL,
        title,
        impact,
        doc,
        check: Check::Table,
    }
}

fn balancers(mirror: &Mirror<'_>, sink: &mut Sink) {
    listeners::check(mirror, sink);
    diverted::check(mirror, sink);
}

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::Both(resolvers::check),
        ..table(
        "dns-options-differ",
        Family::Network,
        Severity::Breaks,
        "A VPC of the secondary region resolves names otherwise than that of production.",
        "Private zones and private endpoint names do not resolve after a failover.",
        "\
## What it asks
`enable_dns_support` and `enable_dns_hostnames` of paired VPCs; the provider's default for hostnames is `false`. And the name
servers of their DHCP options: without options, a VPC uses the resolver of AWS.

## Why it breaks a failover
Private hosted zones and private names of endpoints need both attributes, and are known to the resolver of AWS only.

## How to fix it
Set all as in the primary region.

Source: Amazon Route 53 developer guide, considerations for private hosted zones; Amazon VPC user guide, DHCP option sets.
",
        )
    },
    table(
        "class-cannot-carry",
        Family::Data,
        Severity::Breaks,
        "The class of a replica carries less than that of its primary.",
        "The promoted database cannot carry production's load; a resize after promotion takes minutes and a restart.",
        "\
## What it asks
The instance class of a paired database, cache or warehouse: virtual processors and memory must be at least the primary's.

## Why it breaks a failover
All writes and reads arrive at once. For PostgreSQL a smaller class alone can also stop replication, because defaults of
parameters are formulas over memory.

## How to fix it
Use the primary's class. A smaller one with a step of the failover plan that scales it is accepted with its value.

Source: Amazon RDS user guide, working with read replicas in another region.
",
    ),
    table(
        "storage-cannot-grow",
        Family::Data,
        Severity::Breaks,
        "The storage of a replica cannot grow as far as that of its primary.",
        "The source grows by itself, the replica fills up, and replication stops.",
        "\
## What it asks
`max_allocated_storage` of paired databases. It is not inherited: 0 means no growth.

## How to fix it
Set the same maximum on the replica.

Source: Amazon RDS user guide, storage autoscaling.
",
    ),
    table(
        "replica-unencrypted",
        Family::Data,
        Severity::Breaks,
        "A copy is not encrypted where its primary is.",
        "AWS refuses the copy, or data at rest loses its protection.",
        "\
## What it asks
Encryption of paired stores must not be weaker than the primary's.

## How to fix it
Encrypt the copy with a key of its own region.
",
    ),
    table(
        "logs-not-exported",
        Family::Data,
        Severity::Degrades,
        "Logs that the primary exports are not exported by its counterpart.",
        "After a promotion there are no logs of what is then production.",
        "\
## What it asks
Log exports of paired databases, clusters and caches. They are not inherited by replicas.

## How to fix it
Export the same logs.

Source: Amazon RDS API reference, CreateDBInstanceReadReplica.
",
    ),
    table(
        "deletion-unprotected",
        Family::Data,
        Severity::Degrades,
        "A counterpart is not protected against deletion where its primary is.",
        "The only remaining copy of the data can be deleted by one call.",
        "\
## What it asks
`deletion_protection` of paired stores. It is not inherited by replicas.

## How to fix it
Set it on the counterpart too.
",
    ),
    Rule {
        check: Check::Both(lifecycle::check),
        ..table(
        "lifecycle-differs",
        Family::Objects,
        Severity::Degrades,
        "Lifecycle rules of a replica bucket differ from those of its source.",
        "Objects expire earlier, or move to a class that takes hours to read, in the only region that is left.",
        "\
## What it asks
Lifecycle actions are not replicated. For each prefix: objects and old versions of the copy must not expire, nor go into an
archive, earlier than those of the source. A rule that is missing for the copy only costs: a drift.

## How to fix it
Declare the same rules for both buckets.

Source: Amazon S3 user guide, what is replicated.
",
        )
    },
    table(
        "log-retention-differs",
        Family::Observability,
        Severity::Degrades,
        "A log group of the secondary region keeps logs for less time than that of the primary.",
        "Logs of the time after the failover are gone earlier than production promises.",
        "\
## What it asks
`retention_in_days` of paired log groups must be at least the primary's; 0 keeps logs for ever.

## How to fix it
Set the primary's retention.
",
    ),
    Rule {
        check: Check::Both(balancers),
        ..table(
        "balancer-differs",
        Family::Compute,
        Severity::Degrades,
        "A load balancer of the secondary region behaves differently from that of the primary.",
        "Clients that work today are refused, cut off or treated otherwise after a failover.",
        "\
## What it asks
Scheme, address type, idle timeout, header handling, listeners and target groups of paired load balancers; and the order in
which rules of a listener are tried, whatever their numbers. A rule that only the secondary's listener has must not be tried
before one of production, nor before the default, and answer the same requests otherwise.

## How to fix it
Use the primary's settings.
",
        )
    },
    table(
        "reference-not-translated",
        Family::General,
        Severity::Breaks,
        "A reference of the secondary region does not lead to the counterpart of what the primary's leads to.",
        "The counterpart works with something else than it should, or with something of the lost region.",
        "\
## What it asks
Where a row of the relations table demands the counterpart of what the primary refers to, and the secondary refers to
something else: an instance of the primary region, or the counterpart of another instance.

## Why it breaks a failover
What is attached, routed to or encrypted with is not what production uses.

## Example
```terraform
resource \"aws_lb\" \"primary\" { security_groups = [aws_security_group.lb_primary.id] }
resource \"aws_lb\" \"secondary\" { security_groups = [aws_security_group.app_secondary.id] }
```

## How to fix it
Refer to the counterpart that the finding names.
",
    ),
    table(
        "attribute-differs",
        Family::General,
        Severity::Degrades,
        "An attribute of a counterpart is not what that of the primary demands.",
        "The counterpart behaves differently after a failover.",
        "\
## What it asks
Each row of the relations table that no rule of its own reports: for a resource type and attribute what the counterpart's
value must be to the primary's: equal, its translation, the same elements, at least as much, not weaker. The finding names
type and attribute, and the row's reason.

## How to fix it
Use the primary's value, or its counterpart in the secondary region. Where the difference is meant, change the relation in
`dr.hcl` for the whole estate, or accept the finding with its value:
```hcl
relation \"aws_ecs_service\" \"health_check_grace_period_seconds\" { must = \"ignored\" }
```
",
    ),
];
