//! Roles that serve both regions: what they allow on something of the primary they must allow on its counterpart too.

use std::collections::BTreeSet;

use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Key, Maybe, Meaning, Mirror, Part, Standing, text};
use crate::verdict::{Asked, Sink, Spot};
use crate::views::policies::{self, Held, Statement, means, names_peer};

/// Asks each role without a twin for what runs in a secondary region with it.
pub(super) fn check(mirror: &Mirror<'_>, rule: &'static str, sink: &mut Sink) {
    for role in mirror.of_type("aws_iam_role") {
        if mirror.pairing.pair_of(*role, None).is_some() {
            continue;
        }
        for at in 0..mirror.roles.secondary.len() {
            if serves(mirror, *role, Standing::Secondary(at)) {
                ask(mirror, rule, (*role, at), sink);
            }
        }
    }
}

/// Whether something that stands there uses a role, itself or by an instance profile.
fn serves(mirror: &Mirror<'_>, role: InstanceId, standing: Standing) -> bool {
    let users = |id| mirror.graph.referring(id).map(|(from, _)| from);
    users(role).any(|user| {
        let is_profile = &*mirror.instance(user).ty == "aws_iam_instance_profile";
        mirror.standing(user) == standing
            || is_profile && users(user).any(|user| mirror.standing(user) == standing)
    })
}

fn ask(mirror: &Mirror<'_>, rule: &'static str, (role, at): (InstanceId, usize), sink: &mut Sink) {
    let mut all: Vec<Held> = Vec::new();
    let mut open: Vec<Name> = attached_elsewhere(mirror, role);
    for (policy, path) in policies::of_role(mirror, role) {
        let value = mirror.value(policy, path);
        match policies::statements(mirror, policy, value, End::Secondary(at)) {
            Ok(statements) => {
                all.extend(statements.into_iter().map(|told| (policy, path, told)));
            }
            Err(because) => open.extend(because),
        }
    }
    let mut said = BTreeSet::new();
    for (policy, path, statement) in &all {
        let lacks = statement.resources.iter().find(|resource| {
            statement.allows
                && !statement.inverted
                && names_peer(resource)
                && here(resource).is_some_and(|own| !is_allowed(&all, statement, &own))
        });
        let Some(resource) = lacks else {
            continue;
        };
        if !said.insert((*policy, *path)) {
            continue;
        }
        let region = &mirror.roles.secondary[at];
        let key = match at {
            0 => format!("{path} resource"),
            _ => format!("{path} resource {region}"),
        };
        let asked = Asked::new(rule, Spot::missing(), Spot::of(*policy, path)).keyed(key);
        let (name, role) = (
            &mirror.instance(*policy).address,
            &mirror.instance(role).address,
        );
        if open.is_empty() {
            sink.broken(
                asked
                    .broken(format!(
                        "{name} allows on {} of the primary region only, and {role} serves {region} too",
                        super::policies::shown(mirror, resource)
                    ))
                    .fix(format!("Name the counterpart in {region} too, or a wildcard for the region.")),
            );
        } else {
            let message = format!(
                "whether {role} may do in {region} what {name} allows in the primary region is not known"
            );
            sink.unsure(asked.unsure(message, open.clone()));
        }
    }
    if said.is_empty() && !all.is_empty() {
        sink.holds();
    }
}

/// Policies that are attached and not at hand.
fn attached_elsewhere(mirror: &Mirror<'_>, role: InstanceId) -> Vec<Name> {
    let ty = "aws_iam_role_policy_attachment";
    let attachments = mirror.graph.owned(role, mirror.inventory, ty, "role");
    let lost = attachments.into_iter().filter_map(|id| {
        if !mirror.targets(id, "policy_arn").is_empty() {
            return None;
        }
        match text(mirror.value(id, "policy_arn")) {
            Maybe::Known(arn) => Some(format!("what {arn} allows").into()),
            _ => Some(format!("what {} attaches", mirror.instance(id).address).into()),
        }
    });
    lost.collect()
}

/// The counterpart of a resource of the primary region; none where it has none, or where not all of it is known.
fn here(resource: &Meaning) -> Option<Meaning> {
    let Meaning::Text(parts) = resource else {
        return None;
    };
    let moved = parts.iter().map(|part| match part {
        Part::Letters(text) => Some(Part::Letters(text.replace("{peer}", "{region}"))),
        Part::Reference(Key::Other(pair), name) => {
            Some(Part::Reference(Key::Own(*pair), name.clone()))
        }
        Part::Reference(Key::Foreign(_), _) | Part::Hole(_) => None,
        part @ Part::Reference(..) => Some(part.clone()),
    });
    Some(Meaning::Text(moved.collect::<Option<Vec<_>>>()?))
}

/// Whether any statement allows the same on a resource of the own region.
fn is_allowed(all: &[Held], wanted: &Statement, own: &Meaning) -> bool {
    all.iter().any(|(_, _, told)| {
        let actions = wanted
            .actions
            .iter()
            .all(|action| told.actions.iter().any(|offered| means(offered, action)));
        told.allows
            && (told.inverted || actions)
            && (told.inverted || told.resources.iter().any(|offered| covers(offered, own)))
    })
}

/// Whether a resource of a statement means another one. A pattern that names no region may mean it.
fn covers(offered: &Meaning, own: &Meaning) -> bool {
    if offered == own {
        return true;
    }
    match (offered.letters(), own.letters()) {
        (Some(pattern), Some(text)) => crate::settings::glob(pattern, text),
        (Some(pattern), None) => pattern.contains('*') && !pattern.contains("{peer}"),
        // What is not known of it may be what is asked for.
        _ => !offered.open().is_empty() || starts_alike(offered, own),
    }
}

/// Whether a resource begins with the same instance: `bucket` and `bucket/*`.
fn starts_alike(offered: &Meaning, own: &Meaning) -> bool {
    match (offered, own) {
        (Meaning::Text(a), Meaning::Text(b)) => {
            matches!((a.first(), b.first()), (Some(a @ Part::Reference(..)), Some(b)) if a == b)
        }
        _ => false,
    }
}
