//! What resources that hold a role have in common: what stands beside the role, consents, timeouts, findings.

pub(crate) mod consents;
pub(crate) mod finding;
pub(crate) mod risk;
pub(crate) mod shape;
pub(crate) mod timeouts;

use terraform_framework::private::Private;

use crate::contract::Prior;

/// Set in the private state by an import, until the first apply.
pub(crate) const IMPORTED: &str = "imported";

/// What a state tells the contract: the role applied last, and whether it came from an import.
pub(crate) fn prior<'a>(last_applied: Option<&'a str>, private: &Private) -> Option<Prior<'a>> {
    last_applied.map(|last_applied| Prior {
        last_applied,
        imported: private.flag(IMPORTED),
    })
}
