//! Fingerprints: the same finding has the same one from every source and on every day, whatever the values are.

use sha2::{Digest as _, Sha256};

use crate::inventory::Name;

/// The version of what goes into a fingerprint.
const VERSION: &str = "drcheck fingerprint 1";

/// The fingerprint of a rule's verdict on two instances, or on one and a region.
pub(crate) fn fingerprint(
    rule: &str,
    sub: Option<&str>,
    primary: &str,
    secondary: &str,
    key: &str,
) -> Name {
    let mut hasher = Sha256::new();
    for part in [
        VERSION,
        rule,
        sub.unwrap_or_default(),
        primary,
        secondary,
        key,
    ] {
        // Lengths keep parts apart.
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    crate::functions::hex(&hasher.finalize()).into()
}
