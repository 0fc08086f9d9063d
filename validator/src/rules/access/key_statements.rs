//! Whether one key policy lets do what another does, however its statements are cut.

use std::collections::BTreeSet;

use crate::mirror::{Meaning, Part};
use crate::views::policies::means;

/// One principal with one action under the same conditions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Grant {
    allows: bool,
    kind: String,
    principal: Meaning,
    action: String,
    resource: Meaning,
    condition: Meaning,
}

/// Whether a policy allows all that another one allows, and denies the same. `None` where that cannot be read off: actions or
/// principals that are said by what they are not, or that are not known.
pub(super) fn carries(one: &Meaning, other: &Meaning) -> Option<bool> {
    let (one, other) = (grants(one)?, grants(other)?);
    let held =
        |grant: &Grant, by: &BTreeSet<Grant>| by.iter().any(|offered| covers(offered, grant));
    let kind = |grants: &BTreeSet<Grant>, allows: bool| -> BTreeSet<Grant> {
        grants
            .iter()
            .filter(|grant| grant.allows == allows)
            .cloned()
            .collect()
    };
    let allowed = kind(&other, true);
    let (denied, denies) = (kind(&one, false), kind(&other, false));
    Some(
        kind(&one, true).iter().all(|grant| held(grant, &allowed))
            && denied.iter().all(|grant| held(grant, &denies))
            && denies.iter().all(|grant| held(grant, &denied)),
    )
}

fn covers(offered: &Grant, wanted: &Grant) -> bool {
    offered.kind == wanted.kind
        && offered.principal == wanted.principal
        && offered.resource == wanted.resource
        && offered.condition == wanted.condition
        && means(&offered.action, &wanted.action)
}

fn grants(document: &Meaning) -> Option<BTreeSet<Grant>> {
    let mut found = BTreeSet::new();
    for statement in document.get("Statement").map(Meaning::items)? {
        let Meaning::Map(entries) = statement else {
            return None;
        };
        let known = [
            "Sid",
            "Effect",
            "Principal",
            "Action",
            "Resource",
            "Condition",
        ];
        if entries.keys().any(|name| !known.contains(&&**name)) {
            return None;
        }
        let get = |name: &str| entries.get(name).cloned().unwrap_or(Meaning::Absent);
        let allows = get("Effect").letters()? != "Deny";
        for (kind, principal) in principals(&get("Principal"))? {
            for action in get("Action").items() {
                for resource in get("Resource").items() {
                    found.insert(Grant {
                        allows,
                        kind: kind.clone(),
                        principal: principal.clone(),
                        action: action.letters()?.to_ascii_lowercase(),
                        resource: resource.clone(),
                        condition: get("Condition").loose(),
                    });
                }
            }
        }
    }
    Some(found)
}

/// Who is meant: kind and name, one by one.
fn principals(principal: &Meaning) -> Option<Vec<(String, Meaning)>> {
    let Meaning::Map(kinds) = principal else {
        // `*` alone is everybody.
        return (principal.letters() == Some("*")).then(|| vec![("AWS".into(), principal.clone())]);
    };
    let mut found = Vec::new();
    for (kind, names) in kinds {
        found.extend(
            names
                .items()
                .into_iter()
                .map(|name| (kind.to_string(), account(name))),
        );
    }
    Some(found)
}

/// An account by its number is the same as its root.
fn account(name: &Meaning) -> Meaning {
    let number = name.letters().and_then(|text| {
        let inner = text.strip_prefix("arn:aws:iam::")?.strip_suffix(":root")?;
        Some(inner.to_owned())
    });
    match number {
        Some(number) => Meaning::Text(vec![Part::Letters(number)]),
        // Numbers in documents may be written without quotes.
        None => match name {
            Meaning::Plain(text) => Meaning::Text(vec![Part::Letters(text.clone())]),
            other => other.clone(),
        },
    }
}
