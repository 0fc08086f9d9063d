//! Policies of endpoints that let less through than those of production: what no statement allows is denied.

use super::denials::{RULE, Side};
use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Maybe, Mirror, Pair, text};
use crate::verdict::{Asked, Sink, Spot};
use crate::views::policies::{self, means};

/// Endpoints whose service has another name in actions.
const SERVICES: [(&str, &str); 5] = [
    ("monitoring", "cloudwatch"),
    ("ecs-agent", "ecs"),
    ("ecs-telemetry", "ecs"),
    ("email-smtp", "ses"),
    ("elasticfilesystem-fips", "elasticfilesystem"),
];

/// What an endpoint lets through.
struct Lets {
    /// Patterns of actions; everything where there are none.
    actions: Option<Vec<String>>,
    open: Vec<Name>,
    /// Where that is written.
    at: Option<(InstanceId, &'static str)>,
}

impl Lets {
    fn of(mirror: &Mirror<'_>, endpoint: InstanceId, end: End) -> Self {
        let (documents, open) = policies::of_resource(mirror, endpoint);
        let mut lets = Lets {
            actions: None,
            open,
            at: None,
        };
        for (id, path) in documents {
            match policies::statements(mirror, id, mirror.value(id, path), end) {
                Ok(statements) => {
                    lets.at = Some((id, path));
                    let actions = lets.actions.get_or_insert_default();
                    for told in statements.into_iter().filter(|told| told.allows) {
                        lets.open.extend(told.open);
                        if told.inverted {
                            lets.open.push("what a NotAction leaves".into());
                        }
                        actions.extend(told.actions);
                    }
                }
                Err(because) if crate::mirror::decided_by_aws(&because) => {}
                Err(because) => {
                    lets.at = Some((id, path));
                    lets.open.extend(because);
                }
            }
        }
        lets
    }

    fn lets(&self, action: &str) -> bool {
        let all = self.actions.as_ref();
        all.is_none_or(|all| all.iter().any(|pattern| means(pattern, action)))
    }

    /// Whether a part of what a pattern means is let through.
    fn lets_some(&self, action: &str) -> bool {
        let all = self.actions.as_ref();
        all.is_none_or(|all| all.iter().any(|pattern| means(action, pattern)))
    }
}

pub(super) fn check(
    mirror: &Mirror<'_>,
    (pair, secondary): (&Pair, InstanceId),
    roles: &[(InstanceId, Side)],
    sink: &mut Sink,
) {
    let other = Lets::of(mirror, secondary, mirror.end(pair.id));
    let (Some((id, path)), Some(service)) = (other.at, service(mirror, secondary)) else {
        return;
    };
    let one = Lets::of(mirror, pair.primary, End::Primary);
    let same = mirror.same(pair, secondary, "policy") && (id, path) == (secondary, "policy");
    let prefix = format!("{service}:");
    let wanted: Vec<(&str, InstanceId)> = roles
        .iter()
        .flat_map(|(_, side)| &side.held)
        .filter(|held| held.2.allows)
        .flat_map(|held| {
            held.2
                .actions
                .iter()
                .map(|action| (action.as_str(), held.0))
        })
        .filter(|(action, _)| action.starts_with(&prefix) && one.lets(action))
        .collect();
    let lost: Vec<&(&str, InstanceId)> = wanted
        .iter()
        .filter(|(action, _)| !other.lets(action))
        .collect();
    let Some((action, role)) = lost
        .iter()
        .find(|(action, _)| !other.lets_some(action))
        .or(lost.first())
    else {
        return;
    };
    let primary = one
        .at
        .map_or_else(|| Spot::at(pair.primary), |(id, path)| Spot::of(id, path));
    let asked = Asked::new(RULE.name, primary, Spot::of(id, path)).keyed(format!("{path} allows"));
    let (name, by) = (
        &mirror.instance(secondary).address,
        &mirror.instance(*role).address,
    );
    let mut open: Vec<Name> = one.open.iter().chain(&other.open).cloned().collect();
    if same {
        return sink.holds();
    }
    if other.lets_some(action) && open.is_empty() {
        open.push(format!("which of {action} production needs").into());
    }
    if open.is_empty() && mirror.complete() {
        sink.broken(asked.broken(format!(
            "the policy of {name} does not let {action} through, which {by} allows; in production it passes"
        )));
    } else {
        let message = format!(
            "whether {name} lets all of {action} through that production needs is not known"
        );
        sink.unsure(asked.unsure(message, open));
    }
}

/// The service of an endpoint, as in actions.
fn service(mirror: &Mirror<'_>, endpoint: InstanceId) -> Option<String> {
    let Maybe::Known(name) = text(mirror.value(endpoint, "service_name")) else {
        return None;
    };
    let label = name
        .strip_prefix("com.amazonaws.")?
        .split('.')
        .nth(1)?
        .to_owned();
    let told = SERVICES.iter().find(|(of, _)| *of == label);
    Some(told.map_or(label, |(_, service)| (*service).to_owned()))
}
