//! Inventories as JSON: `format_version` 1.2, one instance after the other, so that no large one is built in memory twice.

mod changes;
mod graft;
mod notes;
mod read;
mod reasons;
mod write;

pub use read::read;
pub use write::write;

/// The version that is written. A higher minor version adds keys; a higher major one is refused when it is read.
pub const FORMAT_VERSION: &str = "1.2";
