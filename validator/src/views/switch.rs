//! Whether a plan is made after a switch: the secondary region serves, and the code still calls the other one primary.

use crate::inventory::{Action, Change, Name, Node, Scope};
use crate::mirror::{Mirror, Standing};
use crate::schema::{self, Role};

/// The switch that took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Switch {
    /// The region that serves, by position among the secondary ones.
    pub(crate) active: usize,
    /// How that is known, as a clause.
    pub(crate) because: String,
}

/// The switch, as `dr.hcl` tells it, else as the state shows it. Nothing where nothing says that one took place.
pub(crate) fn switch(mirror: &Mirror<'_>) -> Option<Switch> {
    if let Some(active) = &mirror.settings.active {
        let at = mirror
            .roles
            .secondary
            .iter()
            .position(|region| region == active)?;
        return Some(Switch {
            active: at,
            because: format!("dr.hcl says that {active} is active"),
        });
    }
    mirror
        .inventory
        .changes
        .iter()
        .find_map(|change| promoted(mirror, change).or_else(|| writes(mirror, change)))
}

/// A copy of the secondary region that stands alone: the code makes it a replica again, or it was one until somebody promoted
/// it outside of Terraform.
fn promoted(mirror: &Mirror<'_>, change: &Change) -> Option<Switch> {
    let Standing::Secondary(active) = standing(mirror, change) else {
        return None;
    };
    for (argument, role) in schema::roles(&change.ty) {
        // A cluster may belong to a global one and write; only what replicates shows by standing alone that it was promoted.
        if role != Role::Arrow || argument.starts_with("global_") {
            continue;
        }
        let alone = if change.outside {
            change.before.contains_key(argument) && !change.after.contains_key(argument)
        } else {
            changes(change.action)
                && !change.before.contains_key(argument)
                && planned(mirror, change, argument).is_some()
        };
        if alone && change.action != Action::Delete {
            return Some(Switch {
                active,
                because: if change.outside {
                    format!("{} was promoted outside of Terraform", change.address)
                } else {
                    format!(
                        "{} stands alone in the state, and the code calls it a replica",
                        change.address
                    )
                },
            });
        }
    }
    None
}

/// A global cluster whose writer lies in a secondary region.
fn writes(mirror: &Mirror<'_>, change: &Change) -> Option<Switch> {
    let (argument, _) = schema::roles(&change.ty).find(|(_, role)| *role == Role::Writer)?;
    let values = if change.outside {
        &change.after
    } else {
        &change.before
    };
    let writer = match values.get(argument)? {
        Node::String(text) => mirror
            .graph
            .identity(text, None)
            .map(|(id, _)| mirror.standing(id)),
        Node::List(members) | Node::Set(members) => members.iter().find_map(|member| {
            let Node::Object(member) = member else {
                return None;
            };
            let writes = member.get("is_writer") == Some(&Node::Bool(true));
            let arn = member.get("db_cluster_arn")?.as_str().filter(|_| writes)?;
            let region = arn.split(':').nth(3)?;
            Some(of_region(mirror, region))
        }),
        _ => None,
    };
    match writer? {
        Standing::Secondary(active) => Some(Switch {
            active,
            because: format!(
                "the writer of {} lies in {}",
                change.address, mirror.roles.secondary[active]
            ),
        }),
        _ => None,
    }
}

/// Whether an action leaves an instance with other values.
pub(crate) fn changes(action: Action) -> bool {
    matches!(
        action,
        Action::Update | Action::Replace | Action::ReplaceAfter
    )
}

/// What a plan makes of an argument.
pub(crate) fn planned<'m>(
    mirror: &'m Mirror<'_>,
    change: &Change,
    argument: &str,
) -> Option<&'m Node> {
    let id = mirror.graph.find(change.root.as_ref(), &change.address)?;
    let node = mirror.instance(id).values.get(argument)?;
    // An optional argument that AWS fills is no statement of the code.
    let decided =
        matches!(node, Node::Unknown(unknown) if unknown.because.iter().all(|why| &**why == "aws"));
    (!decided && !node.is_empty()).then_some(node)
}

/// Where the instance of a change stands, or stood.
pub(crate) fn standing(mirror: &Mirror<'_>, change: &Change) -> Standing {
    if !change.ty.starts_with("aws_") {
        return Standing::Other;
    }
    // The code beside the plan may tell more of an instance than the plan does.
    if let Some(id) = mirror.graph.find(change.root.as_ref(), &change.address) {
        return mirror.standing(id);
    }
    match (&change.scope, &change.region.value) {
        (Scope::Global, _) => Standing::Global,
        (_, None) => Standing::Unknown,
        (_, Some(region)) => of_region(mirror, region),
    }
}

pub(crate) fn of_region(mirror: &Mirror<'_>, region: &str) -> Standing {
    if *region == *mirror.roles.primary {
        return Standing::Primary;
    }
    let same = |secondary: &Name| **secondary == *region;
    mirror
        .roles
        .secondary
        .iter()
        .position(same)
        .map_or(Standing::Other, Standing::Secondary)
}
