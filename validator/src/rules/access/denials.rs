//! Denials that only policies of the secondary region hold, and that stop what production does.

use super::denied::{Realm, Taken, When, Whom, answers, when};
use super::endpoint_policies;
use super::role_permissions::denies_all;
use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Meaning, Mirror, Pair, Standing};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::policies::{self, Held};

pub(super) const RULE: Rule = Rule {
    name: "denied-in-secondary",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A policy of the secondary region denies what production does, and the primary's does not.",
    impact: "A denial wins over every permission: the call fails in the region that is left.",
    doc: "\
## What it asks
Every `Deny` in the policies of a secondary role, bucket, queue, topic, secret, repository, vault, bus, table, file system or
endpoint must stand in the policies of its counterpart too, unless it takes nothing that is allowed there: by the role's own
policies, by the same document, or by a role of the estate. A denial of calls without encryption takes nothing. One that hangs
on another condition, or that takes a part of a wildcard, leaves a question. A policy of an endpoint that does not allow what a role
allows, and the primary's endpoint lets through, denies it too. Policies of keys are compared by
`key-policy-differs`, denials of regions by `role-locked-to-region`.

## Why it breaks a failover
Nobody writes to the copy in the secondary region until production moves there. A statement that keeps the copy read-only then
stops production.

## Example
```terraform
{
  Effect    = \"Deny\"
  Principal = \"*\"
  Action    = \"s3:PutObject\"
  Resource  = \"${aws_s3_bucket.copy.arn}/*\"     # and nothing like it for the primary's bucket
}
```

## How to fix it
Remove the denial, or limit it by a condition that production's roles do not meet.

Source: AWS IAM user guide, policy evaluation logic.
",
    check: Check::Code(check),
};

/// One side's statements.
pub(super) struct Side {
    pub(super) held: Vec<Held>,
    /// Documents that cannot be read, and why.
    unread: Vec<(InstanceId, &'static str, Vec<Name>)>,
    /// Why there may be more of them.
    open: Vec<Name>,
}

impl Side {
    fn read(mirror: &Mirror<'_>, documents: Vec<(InstanceId, &'static str)>, end: End) -> Self {
        let mut side = Side {
            held: Vec::new(),
            unread: Vec::new(),
            open: Vec::new(),
        };
        for (id, path) in documents {
            match policies::statements(mirror, id, mirror.value(id, path), end) {
                Ok(statements) => side
                    .held
                    .extend(statements.into_iter().map(|told| (id, path, told))),
                Err(because) if crate::mirror::decided_by_aws(&because) => {}
                Err(because) => side.unread.push((id, path, because)),
            }
        }
        side
    }
}

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for at in 0..mirror.roles.secondary.len() {
        let end = End::Secondary(at);
        let roles: Vec<(InstanceId, Side)> = serving(mirror, at)
            .into_iter()
            .map(|role| {
                (
                    role,
                    Side::read(mirror, policies::of_role(mirror, role), end),
                )
            })
            .collect();
        let pairs = mirror.pairs().iter().filter(|pair| pair.secondary == at);
        for pair in pairs {
            let Some(secondary) = pair.instance() else {
                continue;
            };
            let ty = &*mirror.instance(secondary).ty;
            if ty == "aws_iam_role" {
                of_role(mirror, pair, secondary, sink);
            } else if let Some(service) = policies::service(ty) {
                let realm = Realm {
                    service,
                    owner: (ty != "aws_vpc_endpoint").then(|| mirror.key(secondary, end)),
                };
                of_resource(mirror, pair, secondary, (&realm, &roles), sink);
                if ty == "aws_vpc_endpoint" {
                    endpoint_policies::check(mirror, (pair, secondary), &roles, sink);
                }
            }
        }
    }
}

/// Roles that serve a secondary region.
fn serving(mirror: &Mirror<'_>, at: usize) -> Vec<InstanceId> {
    let serves = |id: &InstanceId| match policies::secondary_end(mirror, *id) {
        Some(End::Secondary(own)) => own == at,
        Some(End::Primary) => false,
        None => {
            mirror.standing(*id) == Standing::Global && mirror.pairing.pair_of(*id, None).is_none()
        }
    };
    let roles = mirror.of_type("aws_iam_role").iter().copied();
    roles.filter(serves).collect()
}

fn of_role(mirror: &Mirror<'_>, pair: &Pair, secondary: InstanceId, sink: &mut Sink) {
    let end = mirror.end(pair.id);
    let one = Side::read(
        mirror,
        policies::of_role(mirror, pair.primary),
        End::Primary,
    );
    let other = Side::read(mirror, policies::of_role(mirror, secondary), end);
    let realm = Realm::default();
    let takes = |denial: &Held| {
        // What is denied on everything is asked with what the role may do.
        if denies_all(&denial.2) {
            return None;
        }
        let allowed = other.held.iter().filter(|(.., told)| told.allows);
        let most = allowed
            .map(|held| (realm.taken(&denial.2, &held.2), held.0))
            .max_by_key(|(taken, _)| *taken)?;
        Some((most.0, Some(most.1)))
    };
    judge((mirror, pair, secondary), (&one, &other), &takes, sink);
}

fn of_resource(
    mirror: &Mirror<'_>,
    pair: &Pair,
    secondary: InstanceId,
    (realm, roles): (&Realm, &[(InstanceId, Side)]),
    sink: &mut Sink,
) {
    let end = mirror.end(pair.id);
    let side = |id: InstanceId, end| {
        let (documents, open) = policies::of_resource(mirror, id);
        let mut side = Side::read(mirror, documents, end);
        side.open.extend(open);
        side
    };
    let (one, other) = (side(pair.primary, End::Primary), side(secondary, end));
    if other.held.is_empty() && other.unread.is_empty() && other.open.is_empty() {
        return;
    }
    let takes = |denial: &Held| {
        let whom = Whom::of(&denial.2);
        let own = other
            .held
            .iter()
            .filter(|(.., told)| told.allows)
            .map(|held| {
                let taken = realm.taken(&denial.2, &held.2);
                (taken.min(whom.of_statement(&held.2)), held.0)
            });
        let by_roles = roles.iter().flat_map(|(role, side)| {
            let whom = whom.of_role(&mirror.key(*role, end));
            let allowed = side.held.iter().filter(|(.., told)| told.allows);
            allowed.map(move |held| (realm.taken(&denial.2, &held.2).min(whom), held.0))
        });
        let most = own.chain(by_roles).max_by_key(|(taken, _)| *taken);
        match most {
            Some((taken, by)) if taken > Taken::None => Some((taken, Some(by))),
            // Who uses it may stand in another estate.
            _ if whom == Whom::Everybody && denial.2.actions.iter().any(|it| is_use(it)) => {
                Some((Taken::Some, None))
            }
            _ => None,
        }
    };
    judge((mirror, pair, secondary), (&one, &other), &takes, sink);
}

/// Whether an action is one of use, not of administration.
fn is_use(action: &str) -> bool {
    const ADMINISTRATION: [&str; 12] = [
        "bypass",
        "create",
        "delete",
        "disable",
        "modify",
        "purge",
        "putbucket",
        "putlifecycle",
        "remove",
        "schedule",
        "set",
        "update",
    ];
    let name = action.split_once(':').map_or(action, |(_, name)| name);
    !ADMINISTRATION.iter().any(|word| name.starts_with(word)) && !name.ends_with("policy")
}

/// What a denial takes, and from whom.
type Takes<'t> = &'t dyn Fn(&Held) -> Option<(Taken, Option<InstanceId>)>;

fn judge(
    (mirror, pair, secondary): (&Mirror<'_>, &Pair, InstanceId),
    (one, other): (&Side, &Side),
    takes: Takes<'_>,
    sink: &mut Sink,
) {
    let name = &mirror.instance(secondary).address;
    let asked = |id: InstanceId, path: &str| {
        let twin = mirror.counterpart(id).filter(|twin| *twin != id);
        let primary = twin.map_or_else(|| Spot::at(pair.primary), |twin| Spot::of(twin, path));
        Asked::new(RULE.name, primary, Spot::of(id, path)).keyed(format!("{path} denials"))
    };
    for (id, path, because) in &other.unread {
        let twin = one
            .unread
            .iter()
            .find(|(twin, ..)| twin == id || mirror.counterpart(*id) == Some(*twin));
        let same = twin.is_some_and(|(twin, path, _)| {
            twin == id
                || mirror.pairing.pair_of(*id, None).is_some_and(|of| {
                    mirror
                        .compare(of, mirror.value(*twin, path), mirror.value(*id, path))
                        .is_same()
                })
        });
        if same {
            sink.holds();
        } else {
            let message = format!("what the policy of {name} denies is not known");
            sink.unsure(asked(*id, path).unsure(message, because.clone()));
        }
    }
    if !other.open.is_empty() && other.open != one.open {
        let message = format!("which policies {name} has is not known");
        let asked = asked(secondary, "policy").keyed("denials of all policies");
        sink.unsure(asked.unsure(message, other.open.clone()));
    }
    let mut holders: Vec<(InstanceId, &'static str)> = other
        .held
        .iter()
        .map(|(id, path, _)| (*id, *path))
        .collect();
    holders.dedup();
    for (id, path) in holders {
        let denials = other
            .held
            .iter()
            .filter(|held| (held.0, held.1) == (id, path) && !held.2.allows);
        let worst = denials
            .filter_map(|denial| verdict((mirror, one), denial, takes))
            .max_by_key(|verdict| verdict.stops);
        match worst {
            None => sink.holds(),
            Some(verdict) if verdict.stops && mirror.complete() => {
                sink.broken(asked(id, path).broken(verdict.message));
            }
            Some(verdict) => {
                sink.unsure(asked(id, path).unsure(verdict.message, verdict.because));
            }
        }
    }
}

/// What a denial does that the primary does not answer.
struct Verdict {
    /// Whether it is proved that it stops something.
    stops: bool,
    message: String,
    because: Vec<Name>,
}

fn verdict(
    (mirror, one): (&Mirror<'_>, &Side),
    denial: &Held,
    takes: Takes<'_>,
) -> Option<Verdict> {
    let (id, _, statement) = denial;
    let when = when(statement);
    if when == When::Guard {
        return None;
    }
    let same = |held: &&Held| {
        let bare = |statement: &policies::Statement| match statement.whole.clone() {
            Meaning::Map(mut entries) => {
                entries.remove("Sid");
                Meaning::Map(entries).loose()
            }
            other => other,
        };
        !held.2.allows
            && (held.0 == *id
                || answers(&held.2, statement)
                || mirror
                    .compare_meanings(&bare(&held.2), &bare(statement))
                    .is_same())
    };
    if one.held.iter().any(|held| same(&held)) {
        return None;
    }
    let (taken, by) = takes(denial)?;
    let what = match statement.actions.as_slice() {
        [] => "all but some actions".to_owned(),
        actions => actions.join(", "),
    };
    let name = &mirror.instance(*id).address;
    let allowed = by.map(|by| format!(", which {} allows", mirror.instance(by).address));
    let allowed = allowed.unwrap_or_default();
    // Documents that are not known may deny the same.
    let mut because: Vec<Name> = one
        .unread
        .iter()
        .flat_map(|(.., why)| why.clone())
        .collect();
    because.extend(one.open.iter().cloned());
    because.extend(statement.open.iter().cloned());
    match (taken, when) {
        (Taken::None, _) => None,
        (Taken::All, When::Always) if because.is_empty() => Some(Verdict {
            stops: true,
            message: format!("{name} denies {what}{allowed}, and nothing of the primary does"),
            because,
        }),
        _ => {
            if because.is_empty() {
                because.push(format!("whether production needs what {name} denies").into());
            }
            Some(Verdict {
                stops: false,
                message: format!(
                    "{name} denies {what}{allowed}, and nothing of the primary does: whether production needs it is not known"
                ),
                because,
            })
        }
    }
}
