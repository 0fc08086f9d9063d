//! Sorts changes of arguments that carry a role: what replicates, how much serves, how safe it is.

use super::sort::{Case, Sorted};
use super::traffic;
use crate::inventory::Node;
use crate::mirror::{Standing, number, truth};
use crate::schema::Role;

/// How a changed argument is sorted; nothing where it stays.
pub(super) fn sort(
    case: &Case<'_, '_>,
    standing: Standing,
    argument: &'static str,
    role: Role,
) -> Option<Sorted> {
    case.argument(standing, argument, role)
}

impl Case<'_, '_> {
    /// How a changed argument is sorted; nothing where it stays.
    fn argument(&self, standing: Standing, argument: &'static str, role: Role) -> Option<Sorted> {
        let before = self.change.before.get(argument);
        let after = self.planned(argument);
        if same(before, after) || self.is_filled(argument) {
            return None;
        }
        let active = standing == self.active();
        Some(match role {
            Role::Writer => return None,
            Role::Arrow => self.arrow(active, argument, before, after),
            Role::Copies => self.copies(argument, before, after),
            Role::Capacity if active => self.capacity(argument, before, after),
            Role::Guard if active => guard(argument, before, after),
            Role::Capacity | Role::Guard => Sorted::Swap,
            Role::Switch => self.works(standing, argument, before, after),
            Role::Traffic => traffic::sort(self, argument),
        })
    }

    /// Whether AWS decides what the argument will be.
    fn is_filled(&self, argument: &str) -> bool {
        let value = self
            .id
            .and_then(|id| self.mirror.instance(id).values.get(argument));
        matches!(value, Some(Node::Unknown(unknown)) if unknown.because.iter().all(|why| &**why == "aws"))
    }

    fn arrow(
        &self,
        active: bool,
        argument: &'static str,
        before: Option<&Node>,
        after: Option<&Node>,
    ) -> Sorted {
        let code = format!(
            "Do not apply it. Take {argument} out of the code, or leave it to who switches: lifecycle {{ ignore_changes = [{argument}] }}."
        );
        let group = argument.starts_with("global_");
        match (before, after) {
            _ if !active => Sorted::Swap,
            (None, Some(_)) => Sorted::destructive(
                argument,
                format!(
                    "makes the promoted {} a copy of {} again: the provider refuses it in the middle of the apply, or replaces what production writes to",
                    self.change.ty.trim_start_matches("aws_").replace('_', " "),
                    self.left()
                ),
                code,
            ),
            (Some(_), None) if group => Sorted::destructive(
                argument,
                "detaches it from its global cluster: nothing replicates from it any more",
                code,
            ),
            (Some(_), None) => Sorted::Swap,
            _ => Sorted::destructive(
                argument,
                "makes it a copy of another source: its data is replaced",
                code,
            ),
        }
    }

    /// Copies that go with their blocks.
    fn copies(
        &self,
        argument: &'static str,
        before: Option<&Node>,
        after: Option<&Node>,
    ) -> Sorted {
        let serving = self.serving();
        let has = |node: Option<&Node>| match node {
            Some(Node::List(blocks) | Node::Set(blocks)) => blocks.iter().any(|block| {
                let Node::Object(block) = block else {
                    return false;
                };
                ["region_name", "region"]
                    .iter()
                    .any(|name| block.get(*name).and_then(Node::as_str) == Some(serving))
            }),
            _ => false,
        };
        if has(before) && matches!(after, Some(Node::Unknown(_))) {
            return Sorted::open(
                argument,
                format!("whether the copy in {serving} stays is not known"),
            );
        }
        if has(before) && !has(after) {
            return Sorted::destructive(
                argument,
                format!("removes the copy in {serving}, which serves"),
                format!("Do not apply it: keep the {argument} block of {serving}."),
            );
        }
        Sorted::Swap
    }

    fn capacity(
        &self,
        argument: &'static str,
        before: Option<&Node>,
        after: Option<&Node>,
    ) -> Sorted {
        if after.is_some_and(|node| !node.is_wholly_known()) {
            return Sorted::open(argument, "whether it takes capacity away is not known");
        }
        let (was, becomes) = (
            before.map_or_else(Vec::new, numbers),
            after.map_or_else(Vec::new, numbers),
        );
        // What is not set counts as none.
        let less = was
            .iter()
            .enumerate()
            .any(|(at, was)| becomes.get(at).copied().unwrap_or_default() < *was);
        if !less {
            return Sorted::Swap;
        }
        let all = was.iter().any(|was| *was > 0.0) && becomes.iter().all(|becomes| *becomes == 0.0);
        let serves = argument.starts_with("desired") || argument.starts_with("max");
        let what = format!("{argument} of {} to {}", shown(before), shown(after));
        let adopt = adopt(argument, before);
        if all && serves {
            return Sorted::destructive(
                argument,
                format!("stops what serves in {}: {what}", self.serving()),
                adopt,
            );
        }
        Sorted::tooling(
            argument,
            format!(
                "takes capacity from {}, which serves: {what}",
                self.serving()
            ),
            adopt,
        )
    }

    /// Sources of events and schedules that are turned on or off.
    fn works(
        &self,
        standing: Standing,
        argument: &'static str,
        before: Option<&Node>,
        after: Option<&Node>,
    ) -> Sorted {
        let on = |node: Option<&Node>| match node {
            None => Some(true),
            Some(Node::String(text)) => Some(&**text != "DISABLED"),
            Some(node) => truth(Some(node)).known(),
        };
        let what = format!("{argument} of {} to {}", shown(before), shown(after));
        match (on(before), on(after), standing) {
            (Some(true), Some(false), standing) if standing == self.active() => {
                Sorted::destructive(
                    argument,
                    format!("stops it in {}, which serves: {what}", self.serving()),
                    adopt(argument, before),
                )
            }
            (Some(false), Some(true), Standing::Primary) => Sorted::tooling(
                argument,
                format!(
                    "starts it in {}, which was left: both regions would work on the same: {what}",
                    self.left()
                ),
                adopt(argument, before),
            ),
            (Some(_), Some(_), Standing::Unknown) | (None, _, _) | (_, None, _) => Sorted::open(
                argument,
                "whether it goes on working where it should is not known",
            ),
            _ => Sorted::Swap,
        }
    }
}

/// Backups, protection and spare zones of what serves.
fn guard(argument: &'static str, before: Option<&Node>, after: Option<&Node>) -> Sorted {
    let value = |node: Option<&Node>| match node {
        None => Some(0.0),
        Some(Node::Bool(truth)) => Some(f64::from(u8::from(*truth))),
        Some(node) => number(Some(node)).known(),
    };
    let what = format!("{argument} of {} to {}", shown(before), shown(after));
    match (value(before), value(after)) {
        (Some(was), Some(0.0)) if was > 0.0 && argument == "backup_retention_period" => {
            Sorted::destructive(
                argument,
                format!("turns backups off, which deletes those that there are: {what}"),
                adopt(argument, before),
            )
        }
        (Some(was), Some(becomes)) if becomes < was => Sorted::tooling(
            argument,
            format!("makes the serving one less safe: {what}"),
            adopt(argument, before),
        ),
        (Some(_), Some(_)) => Sorted::Swap,
        _ => Sorted::open(argument, "whether it becomes less safe is not known"),
    }
}

/// How the code takes over what tooling did.
fn adopt(argument: &str, now: Option<&Node>) -> String {
    let now = match now {
        Some(node) if node.is_wholly_known() && !matches!(node, Node::List(_) | Node::Set(_)) => {
            format!(
                "Write what stands there now into the code ({argument} = {}), or leave",
                crate::check::shown(node)
            )
        }
        _ => "Write what stands there now into the code, or leave".into(),
    };
    format!("{now} it to the tooling: lifecycle {{ ignore_changes = [{argument}] }}.")
}

/// Whether two values are one; zero and false are what unset means too.
fn same(before: Option<&Node>, after: Option<&Node>) -> bool {
    let zero = |node: Option<&Node>| match node {
        None | Some(Node::Null | Node::Bool(false)) => true,
        Some(Node::Number(number)) => number.to_string() == "0",
        Some(_) => false,
    };
    before == after || zero(before) && zero(after)
}

/// All numbers in a value, in order.
pub(super) fn numbers(node: &Node) -> Vec<f64> {
    match node {
        Node::Number(_) => number(Some(node)).known().into_iter().collect(),
        Node::List(nodes) | Node::Set(nodes) => nodes.iter().flat_map(numbers).collect(),
        Node::Map(nodes) | Node::Object(nodes) => nodes.values().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}

/// A value for people.
pub(super) fn shown(node: Option<&Node>) -> String {
    node.map_or_else(|| "nothing".into(), crate::check::shown)
}
