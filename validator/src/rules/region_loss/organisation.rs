//! Policies that deny the secondary region to all that they are for: those of the organisation among them.

use super::policies::REGION_KEYS;
use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Meaning, Mirror, text};
use crate::symbol::PathStep;
use crate::verdict::{Asked, Sink};
use crate::views::policies::{Statement, names_own, names_peer};

const POLICY: &str = "aws_organizations_policy";
const ATTACHMENT: &str = "aws_organizations_policy_attachment";
const ORGANISATION: &str = "aws_organizations_organization";

/// Services whose calls belong to no region that can be lost: a denial of all but these denies the region.
const GLOBAL: [&str; 20] = [
    "account",
    "artifact",
    "aws-portal",
    "billing",
    "budgets",
    "ce",
    "cloudfront",
    "cur",
    "globalaccelerator",
    "health",
    "iam",
    "organizations",
    "pricing",
    "route53",
    "route53domains",
    "shield",
    "sts",
    "support",
    "trustedadvisor",
    "waf",
];

/// Whether it is a policy of the organisation.
fn is_policy(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    &*mirror.instance(id).ty == POLICY
}

/// Whether a statement denies something in the own region by name, and in no other.
pub(super) fn denies_own(statement: &Statement) -> bool {
    !statement.allows
        && statement.conditions.iter().any(|(operator, key, values)| {
            REGION_KEYS[..2].contains(&key.to_ascii_lowercase().as_str())
                && !operator.to_ascii_lowercase().contains("not")
                && values.iter().any(names_own)
                && !values.iter().any(names_peer)
        })
}

/// Says what a policy that serves both regions denies in the secondary one: all of it, or a part that may not be needed.
pub(super) fn denied_there(
    mirror: &Mirror<'_>,
    (id, end): (InstanceId, End),
    denial: &Statement,
    asked: Asked,
    sink: &mut Sink,
) {
    let name = &mirror.instance(id).address;
    let at = match end {
        End::Secondary(at) => at,
        End::Primary => 0,
    };
    let region = &mirror.roles.secondary[at];
    let open = open(mirror, id, denial);
    if open.is_empty() {
        let broken = asked.broken(format!("{name} denies what is asked of {region}"));
        sink.broken(broken.fix("Remove the secondary region from the condition's values."));
    } else {
        let message =
            format!("whether {name} denies in {region} what production needs is not known");
        sink.unsure(asked.unsure(message, open));
    }
}

/// Says that a policy is met in the other region only: one of the organisation where it denies all there, to all.
pub(super) fn locked(
    mirror: &Mirror<'_>,
    id: InstanceId,
    statement: &Statement,
    (asked, seen): (Asked, String),
    sink: &mut Sink,
) {
    let because = match is_policy(mirror, id) {
        false => Vec::new(),
        true if statement.allows => vec!["what other policies allow there".into()],
        true => open(mirror, id, statement),
    };
    if because.is_empty() {
        let broken = asked.broken(seen);
        sink.broken(broken.fix("Add the secondary region to the condition's values."));
        return;
    }
    let name = &mirror.instance(id).address;
    let message =
        format!("whether {name} keeps production out of the secondary region is not known");
    sink.unsure(asked.unsure(message, because));
}

/// Why it is not known whether what a statement denies is all, to all.
fn open(mirror: &Mirror<'_>, id: InstanceId, denial: &Statement) -> Vec<Name> {
    let mut open = denial.open.clone();
    if !is_whole(denial) {
        let name = &mirror.instance(id).address;
        open.push(format!("whether production needs what {name} denies there").into());
    }
    if is_policy(mirror, id) {
        open.extend(unattached(mirror, id));
    }
    open
}

/// Whether a statement is for all services of regions, on everything, and asks for nothing but the region.
fn is_whole(statement: &Statement) -> bool {
    let is_all = |meaning: &Meaning| meaning.letters() == Some("*");
    let actions = match statement.whole.get("NotAction") {
        Some(left) => left.items().into_iter().all(is_global),
        None => statement.actions.iter().any(|action| action == "*"),
    };
    // A policy of trust has no resource.
    let resources = statement.resources.is_empty() || statement.resources.iter().any(is_all);
    actions
        && resources
        && statement.whole.get("NotResource").is_none()
        && statement.conditions.len() == 1
}

fn is_global(action: &Meaning) -> bool {
    let service = action.letters().and_then(|text| text.split_once(':'));
    service.is_some_and(|(service, _)| GLOBAL.contains(&service.to_ascii_lowercase().as_str()))
}

/// Why it is not known whether a policy of the organisation is for the accounts of production. Where nothing is attached
/// here at all, it is done elsewhere, and one that is written is taken for one that is used.
fn unattached(mirror: &Mirror<'_>, policy: InstanceId) -> Option<Name> {
    if mirror.of_type(ATTACHMENT).is_empty() {
        return None;
    }
    let attached = mirror
        .graph
        .owned(policy, mirror.inventory, ATTACHMENT, "policy_id");
    if attached.iter().any(|id| is_at_root(mirror, *id)) {
        return None;
    }
    let name = &mirror.instance(policy).address;
    Some(format!("to which accounts {name} is attached").into())
}

/// Whether an attachment is to the root of the organisation.
fn is_at_root(mirror: &Mirror<'_>, attachment: InstanceId) -> bool {
    let path = "target_id";
    let literal = text(mirror.value(attachment, path)).known();
    literal.is_some_and(|target| target.starts_with("r-"))
        || mirror.graph.out(attachment).iter().any(|edge| {
            matches!(edge.path.first(), Some(PathStep::Name(first)) if &**first == path)
                && &*edge.attribute == "roots"
                && &*mirror.instance(edge.to).ty == ORGANISATION
        })
}
