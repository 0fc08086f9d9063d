//! Roles of which the secondary region's may do less.

use std::collections::BTreeSet;

use crate::inventory::{Mode, Name, Node};
use crate::mirror::{End, InstanceId, Maybe, Meaning, Mirror, text};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::policies::{self, Statement, means};

pub(super) const RULE: Rule = Rule {
    name: "role-permissions-missing",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A role of the secondary region may not do what the primary's may.",
    impact: "What runs under the role is denied after the failover.",
    doc: "\
## What it asks
Where each region has a role of its own, all policies of both are united: inline, separate, attached. Every action that the
primary's allows must be allowed by the secondary's, within its permissions boundary, and every policy of AWS or of another
estate that is attached must be attached there too. Which resources an action is for is asked by `policy-names-primary-arn` and `role-locked-to-region`.

## Example
```terraform
resource \"aws_iam_role_policy_attachment\" \"execution\" {
  count = var.role == \"primary\" ? 1 : 0     # the secondary's tasks cannot pull images
}
```

## How to fix it
Give both roles the same policies.

Source: AWS IAM user guide, policy evaluation logic.
",
    check: Check::Code(check),
};

/// What a role may do.
#[derive(Default)]
struct Permissions {
    /// Patterns of actions, lower case.
    actions: BTreeSet<String>,
    /// Patterns of actions that are denied on everything, whatever the circumstances.
    denied: BTreeSet<String>,
    /// Attached policies that are not managed here.
    attached: BTreeSet<String>,
    /// Patterns of actions that its boundary leaves, where it has one that is known.
    bounds: Option<BTreeSet<String>>,
    /// What is not known.
    open: BTreeSet<Name>,
    /// Boundaries that are not known: they can only take.
    cut: BTreeSet<Name>,
}

impl Permissions {
    fn allows(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| means(pattern, action))
            && !self.denies(action)
            && self.leaves(action)
    }

    /// Whether the boundary leaves an action.
    fn leaves(&self, action: &str) -> bool {
        self.bounds
            .as_ref()
            .is_none_or(|bounds| bounds.iter().any(|pattern| means(pattern, action)))
    }

    /// Whether a statement is about something that is allowed.
    fn touches(&self, statement: &Statement) -> bool {
        statement.actions.iter().any(|one| {
            let same = |other: &String| means(one, other) || means(other, one);
            self.actions.iter().any(same)
        })
    }

    fn denies(&self, action: &str) -> bool {
        self.denied.iter().any(|pattern| means(pattern, action))
    }
}

/// Whether a statement denies its actions on everything, whatever the circumstances.
pub(super) fn denies_all(statement: &Statement) -> bool {
    let everything = |resource: &Meaning| resource.letters() == Some("*");
    !statement.allows
        && !statement.inverted
        && statement.conditions.is_empty()
        && statement.resources.iter().any(everything)
}

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_iam_role") {
        let mut one = permissions(mirror, pair.primary, End::Primary);
        let mut other = permissions(mirror, secondary, End::Secondary(pair.secondary));
        let managed = |id| boundary(mirror, id).is_some();
        // The same boundary that nobody can read leaves the same.
        if managed(pair.primary) || managed(secondary) || !mirror.same(pair, secondary, BOUNDARY) {
            bound(mirror, pair.primary, End::Primary, &mut one);
            bound(
                mirror,
                secondary,
                End::Secondary(pair.secondary),
                &mut other,
            );
        }
        let name = &mirror.instance(secondary).address;
        let actions = one
            .actions
            .iter()
            .filter(|action| !one.denies(action) && one.leaves(action) && !other.allows(action));
        let attached = one.attached.difference(&other.attached);
        let lacking: Vec<&str> = actions.chain(attached).map(String::as_str).collect();
        let asked = Asked::new(RULE.name, Spot::at(pair.primary), Spot::at(secondary));
        let asked = asked.keyed("permissions");
        // What the primary's boundary may take is not lacking for certain.
        let cut: Vec<Name> = one.cut.union(&other.cut).cloned().collect();
        let alike = same_boundaries(mirror, pair.primary, secondary);
        let sure = other.open.is_empty() && one.cut.is_empty() && mirror.complete();
        if lacking.is_empty() && one.open.is_empty() && (alike || other.cut.is_empty()) {
            sink.holds();
        } else if lacking.is_empty() || !sure {
            let mut because: Vec<Name> = one.open.union(&other.open).cloned().collect();
            let same = (alike || cut.is_empty()) && same_policies(mirror, pair.primary, secondary);
            because.extend(cut);
            if !because.is_empty() && !same {
                sink.unsure(asked.unsure(
                    format!("whether {name} may do all that production's role may is not known"),
                    because,
                ));
            } else {
                sink.holds();
            }
        } else {
            let more = lacking.len().saturating_sub(5);
            let mut words = lacking
                .iter()
                .take(5)
                .copied()
                .collect::<Vec<_>>()
                .join(", ");
            if more > 0 {
                words = format!("{words} and {more} more");
            }
            sink.broken(
                asked
                    .broken(format!("{name} lacks {words}"))
                    .covers(holders(mirror, pair.primary).into_iter().map(Spot::at))
                    .fix(format!("Allow {words} to {name}.")),
            );
        }
    }
}

/// All that holds policies of a role.
fn holders(mirror: &Mirror<'_>, role: InstanceId) -> Vec<InstanceId> {
    let owned = |ty: &str| mirror.graph.owned(role, mirror.inventory, ty, "role");
    let mut found = owned("aws_iam_role_policy_attachment");
    found.extend(owned("aws_iam_role_policy"));
    found
}

fn permissions(mirror: &Mirror<'_>, role: InstanceId, end: End) -> Permissions {
    let mut found = Permissions::default();
    for (policy, path) in policies::of_role(mirror, role) {
        match policies::statements(mirror, policy, mirror.value(policy, path), end) {
            Ok(statements) => {
                let denied = statements.iter().filter(|statement| denies_all(statement));
                let denied = denied.flat_map(|statement| statement.actions.iter().cloned());
                found.denied.extend(denied);
                for statement in statements.into_iter().filter(|statement| statement.allows) {
                    if statement.inverted {
                        found.open.insert("what a NotAction leaves".into());
                    }
                    found.actions.extend(statement.actions);
                    found.open.extend(statement.open);
                }
            }
            Err(because) => found.open.extend(because),
        }
    }
    for id in mirror.graph.owned(
        role,
        mirror.inventory,
        "aws_iam_role_policy_attachment",
        "role",
    ) {
        let is_here = mirror
            .targets(id, "policy_arn")
            .iter()
            .any(|policy| mirror.instance(*policy).mode == Mode::Managed);
        match text(mirror.value(id, "policy_arn")) {
            // What one of several is attached for may lead to all of them.
            Maybe::Known(arn) if arn.contains(":iam::aws:policy/") => {
                found.attached.insert(arn);
            }
            _ if is_here => {}
            Maybe::Known(arn) => {
                found.attached.insert(arn);
            }
            Maybe::Unset => {}
            Maybe::Unknown(because) => found.open.extend(because),
        }
    }
    let standing = mirror.standing(role);
    for ty in ["aws_iam_role_policy_attachment", "aws_iam_role_policy"] {
        found.open.extend(mirror.adrift(ty, "role", standing));
    }
    if let Some(Node::Unknown(unknown)) = mirror.value(role, "inline_policy") {
        let open = unknown.because.iter().filter(|reason| &***reason != "aws");
        found.open.extend(open.cloned());
    }
    found
}

const BOUNDARY: &str = "permissions_boundary";

/// The policy of the estate that bounds a role.
fn boundary(mirror: &Mirror<'_>, role: InstanceId) -> Option<InstanceId> {
    let mut targets = mirror.targets(role, BOUNDARY).into_iter();
    targets.find(|id| &*mirror.instance(*id).ty == "aws_iam_policy")
}

/// What the boundary of a role leaves of its permissions.
fn bound(mirror: &Mirror<'_>, role: InstanceId, end: End, found: &mut Permissions) {
    let Some(policy) = boundary(mirror, role) else {
        match text(mirror.value(role, BOUNDARY)) {
            Maybe::Known(arn) => drop(found.cut.insert(format!("what {arn} leaves").into())),
            Maybe::Unset => {}
            Maybe::Unknown(because) => {
                let told = because.into_iter().filter(|reason| &**reason != "aws");
                found.cut.extend(told);
            }
        }
        return;
    };
    match policies::statements(mirror, policy, mirror.value(policy, "policy"), end) {
        Ok(statements) => {
            let name = &mirror.instance(policy).address;
            let (allows, denies): (Vec<_>, Vec<_>) = statements
                .into_iter()
                .partition(|statement| statement.allows);
            for denial in denies {
                if denies_all(&denial) && denial.open.is_empty() {
                    found.denied.extend(denial.actions);
                } else if denial.inverted || !denial.open.is_empty() || found.touches(&denial) {
                    found.cut.insert(format!("what {name} denies").into());
                }
            }
            // What a boundary says of all but some actions is not read.
            let is_read = |statement: &Statement| !statement.inverted && statement.open.is_empty();
            if allows.iter().all(is_read) {
                let actions = allows.into_iter().flat_map(|statement| statement.actions);
                found.bounds = Some(actions.collect());
            } else {
                found.cut.insert(format!("what {name} leaves").into());
            }
        }
        Err(because) => found.cut.extend(because),
    }
}

/// Whether policies of the estate bound both, and say the same.
fn same_boundaries(mirror: &Mirror<'_>, one: InstanceId, other: InstanceId) -> bool {
    let (Some(first), Some(second)) = (boundary(mirror, one), boundary(mirror, other)) else {
        return false;
    };
    let value = |id| mirror.value(id, "policy");
    first == second
        || mirror.pairing.pair_of(first, None).is_some_and(|id| {
            mirror.pairing.pairs[id.index()].instance() == Some(second)
                && mirror.compare(id, value(first), value(second)).is_same()
        })
}

/// Whether all policies of both are the same, whatever they are.
fn same_policies(mirror: &Mirror<'_>, one: InstanceId, other: InstanceId) -> bool {
    let (left, right) = (
        policies::of_role(mirror, one),
        policies::of_role(mirror, other),
    );
    left.len() == right.len()
        && left.iter().all(|(policy, path)| {
            let Some(id) = mirror.pairing.pair_of(*policy, None) else {
                return right.contains(&(*policy, path));
            };
            let Some(twin) = mirror.pairing.pairs[id.index()].instance() else {
                return false;
            };
            right.contains(&(twin, path))
                && mirror
                    .compare(id, mirror.value(*policy, path), mirror.value(twin, path))
                    .is_same()
        })
}
