//! What can be said in an argument and by resources of their own: both together count.

use super::Row;
use super::judge::Judge;
use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Mirror, Outcome, Pair};
use crate::views::elements;

/// Type and argument; the other type, its argument of the owner, and that of the same thing.
const FORMS: [(&str, &str, &str, &str, &str); 7] = [
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
];

/// Whether an argument has another form.
pub(super) fn has_form(ty: &str, path: &str) -> bool {
    FORMS.iter().any(|form| form.0 == ty && form.1 == path)
}

/// Whether an argument and its other form agree; `None` where only the argument is used.
pub(super) fn holds(mirror: &Mirror<'_>, pair: &Pair, row: &Row) -> Option<Outcome> {
    let ty = &*mirror.instance(pair.primary).ty;
    let form = FORMS
        .iter()
        .find(|form| form.0 == ty && form.1 == row.path)?;
    let secondary = pair.instance()?;
    let owned = |id: InstanceId| mirror.graph.owned(id, mirror.inventory, form.2, form.3);
    let (ours, theirs) = (owned(pair.primary), owned(secondary));
    if ours.is_empty() && theirs.is_empty() {
        return None;
    }
    let judge = Judge { mirror, pair };
    let apart = |owned: &[InstanceId]| -> Vec<Node> {
        let values = owned.iter().filter_map(|id| mirror.value(*id, form.4));
        values.cloned().collect()
    };
    let (mut one, mut other) = (apart(&ours), apart(&theirs));
    let (p, s) = (
        mirror.value(pair.primary, form.1),
        mirror.value(secondary, form.1),
    );
    match (elements::of(p), elements::of(s)) {
        (Ok(p), Ok(s)) => {
            one.extend(p);
            other.extend(s);
        }
        // The same unknown argument on both sides is the same; what stands apart is left.
        (Err(_), Err(_)) if mirror.compare(pair.id, p, s).is_same() => {}
        (Err(because), _) | (_, Err(because)) => return Some(Outcome::Unknown(because)),
    }
    let (one, other) = (Node::List(one.into()), Node::List(other.into()));
    let outcome = judge.superset(row, Some(&one), Some(&other));
    // One whose owner is not known may be the one that is missing.
    let open = open(mirror, form.2, form.3);
    Some(if outcome.is_different() && !open.is_empty() {
        Outcome::Unknown(open)
    } else {
        outcome
    })
}

/// Why owners of a type are not known.
fn open(mirror: &Mirror<'_>, ty: &str, owner: &str) -> Vec<Name> {
    let mut open: Vec<Name> = mirror
        .of_type(ty)
        .iter()
        .filter(|id| mirror.targets(**id, owner).is_empty())
        .filter_map(|id| match mirror.value(*id, owner) {
            Some(Node::Unknown(unknown)) => Some(unknown.because.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    open.sort();
    open.dedup();
    open
}

/// Whether a resource of its own says what the counterpart of its owner says in an argument.
pub(crate) fn is_said_inline(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    let ty = &*mirror.instance(id).ty;
    FORMS.iter().filter(|form| form.2 == ty).any(|form| {
        let Some(row) = super::row(form.0, form.1) else {
            return false;
        };
        let owners = mirror.targets(id, form.3);
        owners.iter().any(|owner| {
            mirror.pairing.pair_of(*owner, None).is_some_and(|pair| {
                mirror.pairs().get(pair.index()).is_some_and(|pair| {
                    holds(mirror, pair, row).is_some_and(|verdict| verdict.is_same())
                })
            })
        })
    })
}
