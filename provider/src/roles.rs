//! What resources that hold a role have in common: what stands beside the role, consents, timeouts, findings, lost regions.

pub(crate) mod consents;
pub(crate) mod finding;
pub(crate) mod lost;
pub(crate) mod risk;
pub(crate) mod shape;
pub(crate) mod timeouts;

use terraform_framework::private::Private;

use crate::contract::Prior;

/// Set in the private state by an import, until the first apply.
pub(crate) const IMPORTED: &str = "imported";

/// Why an import sees nothing while a part of the provider block is unknown, and what to do.
pub(crate) const NOT_CONFIGURED: (&str, &str) = (
    "The provider is not configured yet",
    "Seen: a part of the provider block is known only at apply.\nExpected: all of it now: an import has to look.\nNext: write it as a value, such as region = \"us-west-2\", or apply first what it comes from, with -target.",
);

/// What a state tells the contract: the role applied last, and whether it came from an import.
pub(crate) fn prior<'a>(last_applied: Option<&'a str>, private: &Private) -> Option<Prior<'a>> {
    last_applied.map(|last_applied| Prior {
        last_applied,
        imported: private.flag(IMPORTED),
    })
}
