//! Route 53 records. Reading and changing them is control plane, in us-east-1, whatever region asks.

use async_trait::async_trait;

use crate::Error;

/// What sets a record apart from others of its name and type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Routing {
    /// Alone.
    Simple,
    /// `PRIMARY` or `SECONDARY`.
    Failover(String),
    /// Chosen in proportion to its weight.
    Weighted(u32),
    /// Any other policy, by name.
    Other(String),
}

/// One record set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSet {
    /// Its name, with the dot at the end.
    pub name: String,
    /// Its type, such as `A`.
    pub kind: String,
    /// What tells it from others of its name and type; empty for a simple one.
    pub set_identifier: String,
    /// How it is chosen.
    pub routing: Routing,
    /// Seconds that resolvers keep it; `None` for an alias.
    pub ttl: Option<u32>,
    /// Its values; empty for an alias.
    pub values: Vec<String>,
    /// Target of an alias: zone, name, and whether the target's health counts.
    pub alias: Option<(String, String, bool)>,
    /// The health check that it follows.
    pub health_check: Option<String>,
}

/// Records of hosted zones.
#[async_trait]
pub trait Records: Send + Sync {
    /// All sets of a name and type. Harmless, retried.
    async fn list(&self, zone: &str, name: &str, kind: &str) -> Result<Vec<RecordSet>, Error>;

    /// Writes these sets in one change (`UPSERT`), all or none; the id of the change. Reversible, harmless to repeat,
    /// never retried here.
    async fn upsert(&self, zone: &str, sets: &[RecordSet]) -> Result<String, Error>;

    /// Whether a change has reached all name servers (`INSYNC`). Harmless, retried.
    async fn in_sync(&self, change: &str) -> Result<bool, Error>;
}
