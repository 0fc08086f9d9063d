//! What one statement that denies takes from one that allows.

use crate::mirror::{Key, Meaning, Part};
use crate::views::policies::{Statement, means, names_own};

/// How much of what is allowed a denial takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Taken {
    /// Nothing.
    None,
    /// A part, or all of it under a condition: it hangs on what is used.
    Some,
    /// All of one action on what it is allowed on.
    All,
}

/// When a denial counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// In every call.
    Always,
    /// In calls that nobody makes who speaks to AWS as its tools do.
    Guard,
    /// Under a condition.
    Perhaps,
}

/// Conditions that every call of the tools of AWS passes: an encrypted connection.
const GUARDS: [&str; 2] = ["aws:securetransport", "s3:tlsversion"];

/// Conditions on the region, judged by `role-locked-to-region`.
const REGIONS: [&str; 2] = ["aws:requestedregion", "ec2:region"];

/// When a denial counts in the region that it serves.
pub(super) fn when(denial: &Statement) -> When {
    let mut always = true;
    for (operator, key, values) in &denial.conditions {
        let (operator, key) = (operator.to_ascii_lowercase(), key.to_ascii_lowercase());
        if GUARDS.contains(&key.as_str()) {
            return When::Guard;
        }
        if REGIONS.contains(&key.as_str()) && operator.starts_with("stringnot") {
            return When::Guard;
        }
        always &= REGIONS.contains(&key.as_str()) && values.iter().any(names_own);
    }
    if always { When::Always } else { When::Perhaps }
}

/// What a denial is of: a service, or one resource of it; of a role everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Realm {
    /// The service, as in actions.
    pub(super) service: &'static str,
    /// The resource that holds the policy.
    pub(super) owner: Option<Key>,
}

impl Realm {
    /// How much of what is allowed a denial takes, whoever it is.
    pub(super) fn taken(&self, denial: &Statement, allow: &Statement) -> Taken {
        let actions = allow
            .actions
            .iter()
            .filter(|action| self.is_of_service(action))
            .map(|action| of_action(denial, action))
            .max();
        let (Some(actions), false) = (actions, allow.inverted) else {
            // What an allow leaves out by name says little about what it lets do.
            return if allow.inverted {
                Taken::Some
            } else {
                Taken::None
            };
        };
        actions.min(self.of_resources(denial, allow))
    }

    fn is_of_service(&self, action: &str) -> bool {
        self.service.is_empty()
            || action == "*"
            || action
                .split_once(':')
                .is_some_and(|(service, _)| service == self.service)
    }

    fn of_resources(&self, denial: &Statement, allow: &Statement) -> Taken {
        if denial.whole.get("NotResource").is_some() {
            return Taken::Some;
        }
        if let Some(owner) = &self.owner {
            let here = |resource: &Meaning| is_pattern(resource) || begins(resource, owner);
            let allowed: Vec<&Meaning> = allow.resources.iter().filter(|one| here(one)).collect();
            // The policies of some resources name none: they are of all of it.
            if allowed.is_empty() && !allow.resources.is_empty() {
                return Taken::None;
            }
            let is_all = |resource: &Meaning| self.is_all(resource);
            if denial.resources.is_empty() || denial.resources.iter().any(is_all) {
                return Taken::All;
            }
            return most(&denial.resources, &allowed);
        }
        let allowed: Vec<&Meaning> = allow.resources.iter().collect();
        most(&denial.resources, &allowed)
    }

    /// Whether a resource is all of the owner: itself, or all that is in it.
    fn is_all(&self, resource: &Meaning) -> bool {
        let Meaning::Text(parts) = resource else {
            return false;
        };
        match parts.as_slice() {
            [Part::Letters(text)] => text == "*",
            [Part::Reference(key, _)] => self.owner.as_ref() == Some(key),
            [Part::Reference(key, _), Part::Letters(rest)] => {
                self.owner.as_ref() == Some(key) && rest.trim_start_matches([':', '/']) == "*"
            }
            _ => false,
        }
    }
}

/// How much of an allowed action, which may be a pattern, a denial takes.
fn of_action(denial: &Statement, action: &str) -> Taken {
    if let Some(spared) = denial.whole.get("NotAction") {
        let patterns = spared.items();
        let spared = patterns
            .iter()
            .filter_map(|pattern| Some(pattern.letters()?.to_ascii_lowercase()))
            .any(|pattern| means(&pattern, action) || means(action, &pattern));
        return if spared { Taken::Some } else { Taken::All };
    }
    let taken = denial.actions.iter().map(|denied| {
        if means(denied, action) {
            Taken::All
        } else if means(action, denied) {
            Taken::Some
        } else {
            Taken::None
        }
    });
    taken.max().unwrap_or(Taken::None)
}

fn most(denied: &[Meaning], allowed: &[&Meaning]) -> Taken {
    let pairs = denied
        .iter()
        .flat_map(|denied| allowed.iter().map(move |allowed| (denied, *allowed)));
    let taken = pairs.map(|(denied, allowed)| {
        if covers(denied, allowed) {
            Taken::All
        } else if covers(allowed, denied) || !denied.open().is_empty() || !allowed.open().is_empty()
        {
            Taken::Some
        } else {
            Taken::None
        }
    });
    taken.max().unwrap_or(Taken::None)
}

/// Whether a resource of a statement means another one, which may be a pattern itself.
pub(super) fn covers(outer: &Meaning, inner: &Meaning) -> bool {
    if outer == inner || outer.letters() == Some("*") {
        return true;
    }
    if let (Some(outer), Some(inner)) = (outer.letters(), inner.letters()) {
        return crate::settings::glob(outer, inner);
    }
    let (Meaning::Text(outer), Meaning::Text(inner)) = (outer, inner) else {
        return false;
    };
    let Some((Part::Letters(last), before)) = outer.split_last() else {
        return false;
    };
    let Some(prefix) = last.strip_suffix('*') else {
        return false;
    };
    inner.starts_with(before)
        && match inner.get(before.len()) {
            Some(Part::Letters(text)) => text.starts_with(prefix),
            Some(_) => prefix.is_empty(),
            None => false,
        }
}

/// Whether a resource is a text that names no instance: it may mean any.
fn is_pattern(resource: &Meaning) -> bool {
    resource.letters().is_some_and(|text| text.contains('*'))
}

fn begins(resource: &Meaning, owner: &Key) -> bool {
    match resource {
        Meaning::Text(parts) => {
            matches!(parts.first(), Some(Part::Reference(key, _)) if key == owner)
        }
        _ => false,
    }
}

/// Whether one denial denies all that another one denies.
pub(super) fn answers(offered: &Statement, denial: &Statement) -> bool {
    let plain = |statement: &Statement| {
        ["NotAction", "NotResource", "NotPrincipal"]
            .iter()
            .all(|name| statement.whole.get(name).is_none())
    };
    let who = |statement: &Statement| statement.whole.get("Principal").cloned();
    let everybody = |statement: &Statement| statement.principals.iter().any(is_everybody);
    plain(offered)
        && plain(denial)
        && denial
            .actions
            .iter()
            .all(|action| offered.actions.iter().any(|other| means(other, action)))
        && denial
            .resources
            .iter()
            .all(|one| offered.resources.iter().any(|other| covers(other, one)))
        && (who(offered).map(Meaning::loose) == who(denial).map(Meaning::loose)
            || everybody(offered))
        && (offered.conditions.is_empty()
            || offered.whole.get("Condition") == denial.whole.get("Condition"))
}

/// Whether a principal is everybody: `*`, or `{ AWS = "*" }`.
pub(super) fn is_everybody(principal: &Meaning) -> bool {
    match principal {
        Meaning::Map(kinds) => kinds
            .values()
            .any(|names| names.items().iter().any(|name| name.letters() == Some("*"))),
        other => other.letters() == Some("*"),
    }
}

/// Whom a denial of a resource means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whom {
    Everybody,
    These(Vec<Meaning>),
    /// All but some.
    Others,
}

impl Whom {
    pub(super) fn of(denial: &Statement) -> Self {
        if denial.whole.get("NotPrincipal").is_some() {
            Whom::Others
        } else if denial.principals.iter().any(is_everybody) {
            Whom::Everybody
        } else {
            Whom::These(denial.principals.clone())
        }
    }

    /// Whether a role is meant.
    pub(super) fn of_role(&self, role: &Key) -> Taken {
        match self {
            Whom::Everybody => Taken::All,
            Whom::Others => Taken::Some,
            Whom::These(principals) => {
                let (mut named, mut open) = (false, false);
                for principal in principals {
                    principal.walk(&mut |part| match part {
                        Part::Reference(key, _) => named |= key == role,
                        Part::Hole(_) => open = true,
                        Part::Letters(_) => {}
                    });
                    open |= !principal.open().is_empty();
                }
                match (named, open) {
                    (true, _) => Taken::All,
                    (false, true) => Taken::Some,
                    (false, false) => Taken::None,
                }
            }
        }
    }

    /// Whether those are meant that another statement of the same document allows.
    pub(super) fn of_statement(&self, allow: &Statement) -> Taken {
        match self {
            Whom::Everybody => Taken::All,
            Whom::These(principals) if *principals == allow.principals => Taken::All,
            Whom::These(_) | Whom::Others => Taken::Some,
        }
    }
}
