//! What is in the default security group of its VPC.

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Mirror};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "default-group-used",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "Something of the secondary region is in the default security group where production has groups of its own.",
    impact: "The default group admits only itself, or nothing: nobody can connect after the failover.",
    doc: "\
## What it asks
Security groups of paired databases, clusters, caches, balancers and services. Groups are not inherited by replicas: without
the argument they get the default group of the VPC.

## Example
```terraform
resource \"aws_db_instance\" \"replica\" {
  replicate_source_db = aws_db_instance.main.arn   # and no vpc_security_group_ids
}
```

## How to fix it
Name the counterparts of the primary's groups.

Source: Amazon RDS API reference, CreateDBInstanceReadReplica.
",
    check: Check::Code(check),
};

/// What stands in groups, and the argument that names them.
const MEMBERS: [(&str, &str); 15] = [
    ("aws_db_instance", "vpc_security_group_ids"),
    ("aws_rds_cluster", "vpc_security_group_ids"),
    ("aws_docdb_cluster", "vpc_security_group_ids"),
    ("aws_neptune_cluster", "vpc_security_group_ids"),
    ("aws_redshift_cluster", "vpc_security_group_ids"),
    ("aws_elasticache_replication_group", "security_group_ids"),
    ("aws_elasticache_cluster", "security_group_ids"),
    ("aws_memorydb_cluster", "security_group_ids"),
    ("aws_lb", "security_groups"),
    (
        "aws_ecs_service",
        "network_configuration[0].security_groups",
    ),
    ("aws_instance", "vpc_security_group_ids"),
    ("aws_launch_template", "vpc_security_group_ids"),
    (
        "aws_launch_template",
        "network_interfaces[0].security_groups",
    ),
    ("aws_efs_mount_target", "security_groups"),
    ("aws_vpc_endpoint", "security_group_ids"),
];

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, path) in MEMBERS {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let (one, other) = (
                groups(mirror, pair.primary, path),
                groups(mirror, secondary, path),
            );
            if one.own {
                ask(mirror, sink, (pair.primary, secondary), path, &other);
            }
        }
    }
}

/// What kinds of groups a value names.
struct Groups {
    /// The default group of a VPC.
    default: bool,
    /// Others.
    own: bool,
    /// None, and AWS takes the default one.
    nothing: bool,
    /// What is not known of it.
    open: Vec<Name>,
}

fn groups(mirror: &Mirror<'_>, id: InstanceId, path: &str) -> Groups {
    let wanted = Spot::of(id, path).path;
    let edges = mirror.graph.out(id).iter();
    let mut groups = Groups {
        default: false,
        own: false,
        nothing: false,
        open: Vec::new(),
    };
    match mirror.value(id, path) {
        None => groups.nothing = true,
        Some(Node::Unknown(unknown)) => {
            groups.nothing = unknown.because.iter().all(|reason| &**reason == "aws");
            groups.open.clone_from(&unknown.because);
        }
        Some(node) => {
            groups.nothing = node.is_empty();
        }
    }
    // What an expression mentions is no group where it gives none.
    if groups.nothing {
        return groups;
    }
    for edge in edges.filter(|edge| edge.path.starts_with(&wanted)) {
        let is_default = &*mirror.instance(edge.to).ty == "aws_default_security_group"
            || &*edge.attribute == "default_security_group_id";
        groups.default |= is_default;
        groups.own |= !is_default;
    }
    // Groups by id that are not managed here.
    groups.own |= !groups.default && groups.open.is_empty();
    groups
}

fn ask(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    (primary, secondary): (InstanceId, InstanceId),
    path: &str,
    groups: &Groups,
) {
    let asked = Asked::new(
        RULE.name,
        Spot::of(primary, path),
        Spot::of(secondary, path),
    );
    let name = &mirror.instance(secondary).address;
    // A plan names what an expression looks at, not what it takes of it.
    let traced = matches!(mirror.value(secondary, path), Some(Node::Unknown(unknown)) if unknown.symbol.is_none());
    if groups.own && groups.default && traced {
        sink.unsure(asked.unsure(
            format!("whether {name} is in the default security group is not known"),
            groups.open.clone(),
        ));
    } else if groups.own {
        sink.holds();
    } else if groups.default {
        sink.broken(asked.broken(format!(
            "{name} is in the default security group of its VPC"
        )));
    } else if groups.nothing {
        sink.broken(asked.broken(format!(
            "{name} names no security group: it gets the default one"
        )));
    } else {
        sink.unsure(asked.unsure(
            format!("which security groups {name} is in is not known"),
            groups.open.clone(),
        ));
    }
}
