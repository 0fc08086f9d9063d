//! A plan or state joined to its configuration: values from the one, places and references from the other.

use crate::inventory::Inventory;

/// Joins by address.
pub(super) fn join(configuration: Inventory, documents: Inventory) -> Inventory {
    let mut joined = documents;
    joined.sources.splice(0..0, configuration.sources);
    joined
}
