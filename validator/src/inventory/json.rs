//! Inventories as JSON.

use std::io;

use super::Inventory;

/// Writes an inventory.
pub fn write(_inventory: &Inventory, _out: &mut impl io::Write) -> io::Result<()> {
    Ok(())
}
