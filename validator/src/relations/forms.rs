//! Two ways to write one thing, and arguments without effect.

use super::Row;
use super::blocks::Both;
use crate::inventory::{Instance, Node, Path};
use crate::mirror::steps;
use crate::symbol::PathStep;

/// Whether an argument changes nothing, whatever it says: application load balancers always balance across zones.
pub(super) fn has_no_effect(one: &Instance, other: &Instance, row: &Row) -> bool {
    let application = |instance: &Instance| match instance.values.get("load_balancer_type") {
        None => true,
        Some(node) => node.as_str() == Some("application"),
    };
    matches!(&*one.ty, "aws_lb" | "aws_alb")
        && row.path == "enable_cross_zone_load_balancing"
        && application(one)
        && application(other)
}

/// Actions of listeners forward to one group by an argument or by a block: either form is read as the argument.
pub(super) fn united<'n>(
    one: &'n Instance,
    other: &'n Instance,
    row: &Row,
    found: Vec<Both<'n>>,
) -> Vec<Both<'n>> {
    match &*row.path {
        "default_action.target_group_arn" | "action.target_group_arn" => found
            .into_iter()
            .map(|((at, p), (at_s, s))| {
                let p = p.or_else(|| only_group(one, &at));
                let s = s.or_else(|| only_group(other, &at_s));
                ((at, p), (at_s, s))
            })
            .collect(),
        "default_action.forward.target_group" => found
            .into_iter()
            .filter(|((at, _), (at_s, _))| !(is_plain(one, at) && is_plain(other, at_s)))
            .collect(),
        _ => found,
    }
}

/// The action that a path leads into.
fn action(at: &Path) -> Path {
    at.iter().take(2).cloned().collect()
}

/// The group of a block that names one only.
fn only_group<'n>(instance: &'n Instance, at: &Path) -> Option<&'n Node> {
    let mut path = action(at);
    let name = |name: &str| PathStep::Name(name.into());
    path.extend([name("forward"), PathStep::Index(0), name("target_group")]);
    let (Node::List(groups) | Node::Set(groups)) = steps(instance, &path)? else {
        return None;
    };
    match groups.iter().as_slice() {
        [Node::Object(group)] => group.get("arn"),
        _ => None,
    }
}

/// Whether an action forwards to one group, in either form.
fn is_plain(instance: &Instance, at: &Path) -> bool {
    let mut path = action(at);
    path.push(PathStep::Name("target_group_arn".into()));
    let has_argument =
        steps(instance, &path).is_some_and(|node| !super::judge::is_unset(Some(node)));
    has_argument || only_group(instance, at).is_some()
}
