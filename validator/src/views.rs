//! Facts derived from instances that more than one rule needs: pure functions over a mirror.

pub(crate) mod acls;
pub(crate) mod buckets;
pub(crate) mod certificates;
pub(crate) mod containers;
pub(crate) mod dns;
pub(crate) mod effects;
pub(crate) mod elements;
pub(crate) mod permissions;
pub(crate) mod policies;
pub(crate) mod routes;
pub(crate) mod schedules;
pub(crate) mod security_groups;
pub(crate) mod services;
pub(crate) mod switch;
pub(crate) mod words;
