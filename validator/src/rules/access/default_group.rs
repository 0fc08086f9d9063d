//! Default security groups where production has groups of its own.

use crate::inventory::Node;
use crate::mirror::{InstanceId, Mirror};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const DEFAULT_GROUP: Rule = Rule {
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
    check: Check::Code(default_group),
};

fn default_group(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, path) in [
        ("aws_db_instance", "vpc_security_group_ids"),
        ("aws_rds_cluster", "vpc_security_group_ids"),
        ("aws_docdb_cluster", "vpc_security_group_ids"),
        ("aws_neptune_cluster", "vpc_security_group_ids"),
        ("aws_elasticache_replication_group", "security_group_ids"),
        ("aws_elasticache_cluster", "security_group_ids"),
        ("aws_lb", "security_groups"),
        (
            "aws_ecs_service",
            "network_configuration[0].security_groups",
        ),
        ("aws_launch_template", "vpc_security_group_ids"),
        ("aws_efs_mount_target", "security_groups"),
        ("aws_vpc_endpoint", "security_group_ids"),
    ] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let groups = |id| mirror.targets(id, path);
            let is_default =
                |id: &InstanceId| &*mirror.instance(*id).ty == "aws_default_security_group";
            let (one, other) = (groups(pair.primary), groups(secondary));
            if one.is_empty() || one.iter().any(is_default) {
                continue;
            }
            let asked = Asked::new(
                DEFAULT_GROUP.name,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            );
            let name = &mirror.instance(secondary).address;
            let nothing = match mirror.value(secondary, path) {
                None => true,
                Some(Node::Unknown(unknown)) => {
                    unknown.because.iter().all(|reason| &**reason == "aws")
                }
                Some(node) => node.is_empty(),
            };
            if other.iter().any(is_default) && other.iter().all(is_default) {
                sink.broken(asked.broken(format!(
                    "{name} is in the default security group of its VPC"
                )));
            } else if nothing {
                sink.broken(asked.broken(format!(
                    "{name} names no security group: it gets the default one"
                )));
            } else {
                sink.holds();
            }
        }
    }
}
