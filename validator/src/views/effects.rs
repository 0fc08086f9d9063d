//! Parts that count by what they do together: entries of ACLs, rules of groups, routes, and who is under them. One without a
//! counterpart of its own is no loss where the whole does the same; the rules about the whole say so where it does not.

use super::certificates;
use crate::mirror::{InstanceId, Mirror};

/// Types, and the argument that names the whole that they are a part of.
const PARTS: [(&str, &str); 7] = [
    ("aws_network_acl_rule", "network_acl_id"),
    ("aws_network_acl_association", "subnet_id"),
    ("aws_route", "route_table_id"),
    ("aws_route_table_association", "subnet_id"),
    ("aws_security_group_rule", "security_group_id"),
    ("aws_vpc_security_group_egress_rule", "security_group_id"),
    ("aws_vpc_security_group_ingress_rule", "security_group_id"),
];

/// Whether rules about what it belongs to, or about what is under it, judge what it does.
pub(crate) fn are_judged(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    let ty = &*mirror.instance(id).ty;
    let owned = |ty, argument| mirror.graph.owned(id, mirror.inventory, ty, argument);
    let paired = |id: &InstanceId| mirror.counterpart(*id).is_some();
    let all_paired = |ids: Vec<InstanceId>| !ids.is_empty() && ids.iter().all(paired);
    match ty {
        "aws_acm_certificate" => certificates::is_covered(mirror, id),
        "aws_network_acl" => {
            let apart = owned("aws_network_acl_association", "network_acl_id");
            let apart = apart.iter().flat_map(|id| mirror.targets(*id, "subnet_id"));
            all_paired(
                mirror
                    .targets(id, "subnet_ids")
                    .into_iter()
                    .chain(apart)
                    .collect(),
            )
        }
        "aws_route_table" => {
            let apart = owned("aws_route_table_association", "route_table_id");
            all_paired(
                apart
                    .iter()
                    .flat_map(|id| mirror.targets(*id, "subnet_id"))
                    .collect(),
            )
        }
        _ => PARTS
            .iter()
            .filter(|(part, _)| *part == ty)
            .any(|(_, argument)| {
                let wholes = mirror.targets(id, argument);
                !wholes.is_empty()
                    && wholes
                        .iter()
                        .all(|whole| paired(whole) || are_judged(mirror, *whole))
            }),
    }
}
