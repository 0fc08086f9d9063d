//! What can be said in an argument and by resources of their own: both together count.

use std::collections::BTreeSet;

use crate::mirror::{Difference, InstanceId, Mirror, Outcome, Pair};

/// Type and argument; the other type, its argument of the owner, and that of the same thing.
const FORMS: [(&str, &str, &str, &str, &str); 8] = [
    (
        "aws_autoscaling_group",
        "target_group_arns",
        "aws_autoscaling_attachment",
        "autoscaling_group_name",
        "lb_target_group_arn",
    ),
    (
        "aws_vpc_endpoint",
        "route_table_ids",
        "aws_vpc_endpoint_route_table_association",
        "vpc_endpoint_id",
        "route_table_id",
    ),
    (
        "aws_vpc_endpoint",
        "subnet_ids",
        "aws_vpc_endpoint_subnet_association",
        "vpc_endpoint_id",
        "subnet_id",
    ),
    (
        "aws_vpc_endpoint",
        "security_group_ids",
        "aws_vpc_endpoint_security_group_association",
        "vpc_endpoint_id",
        "security_group_id",
    ),
    (
        "aws_network_acl",
        "subnet_ids",
        "aws_network_acl_association",
        "network_acl_id",
        "subnet_id",
    ),
    (
        "aws_rds_cluster",
        "iam_roles",
        "aws_rds_cluster_role_association",
        "db_cluster_identifier",
        "role_arn",
    ),
    (
        "aws_iam_role",
        "managed_policy_arns",
        "aws_iam_role_policy_attachment",
        "role",
        "policy_arn",
    ),
    (
        "aws_route53_zone",
        "vpc",
        "aws_route53_zone_association",
        "zone_id",
        "vpc_id",
    ),
];

/// Whether an argument and its other form agree; `None` where only the argument is used.
pub(super) fn holds(mirror: &Mirror<'_>, pair: &Pair, path: &str) -> Option<Outcome> {
    let ty = &*mirror.instance(pair.primary).ty;
    let form = FORMS.iter().find(|form| form.0 == ty && form.1 == path)?;
    let secondary = pair.instance()?;
    let owned = |id: InstanceId| mirror.graph.owned(id, mirror.inventory, form.2, form.3);
    let (ours, theirs) = (owned(pair.primary), owned(secondary));
    if ours.is_empty() && theirs.is_empty() {
        return None;
    }
    let all = |id: InstanceId, owned: &[InstanceId]| -> BTreeSet<InstanceId> {
        let inline = mirror.targets(id, form.1);
        let apart = owned.iter().flat_map(|id| mirror.targets(*id, form.4));
        inline.into_iter().chain(apart).collect()
    };
    let (ours, theirs) = (all(pair.primary, &ours), all(secondary, &theirs));
    let mut strays = Vec::new();
    for id in &ours {
        let there = mirror
            .pairing
            .pair_of(*id, Some(pair.secondary))
            .and_then(|pair| mirror.pairs().get(pair.index())?.instance());
        match there {
            Some(there) if theirs.contains(&there) || theirs.contains(id) => {}
            Some(_) => return Some(Outcome::Differs(Difference::default())),
            None if theirs.contains(id) => {}
            None => strays.push(*id),
        }
    }
    Some(if strays.is_empty() {
        Outcome::Same
    } else {
        Outcome::Differs(Difference {
            strays,
            only_strays: true,
        })
    })
}

/// Whether a resource of its own says what the counterpart of its owner says in an argument.
pub(crate) fn is_said_inline(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    let ty = &*mirror.instance(id).ty;
    FORMS.iter().filter(|form| form.2 == ty).any(|form| {
        let owners = mirror.targets(id, form.3);
        owners.iter().any(|owner| {
            mirror.pairing.pair_of(*owner, None).is_some_and(|pair| {
                mirror.pairs().get(pair.index()).is_some_and(|pair| {
                    holds(mirror, pair, form.1).is_some_and(|verdict| verdict.is_same())
                })
            })
        })
    })
}
