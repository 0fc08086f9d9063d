//! Actions: the event-shaped twins of the role resources, one file each.

pub(crate) mod moves;
pub(crate) mod promote_replica;
pub(crate) mod reprotect;
#[cfg(test)]
mod tests;
