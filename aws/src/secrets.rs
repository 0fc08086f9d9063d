//! Secrets Manager: replicas of secrets, and their values.

use std::fmt;

use async_trait::async_trait;

use crate::{Error, Region};

/// A secret as `DescribeSecret` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The region of the secret that this one is a replica of; `None` for a standalone one or the original.
    pub primary_region: Option<Region>,
    /// Its replicas with their status (`InSync`, `InProgress`, `Failed`); of an original only.
    pub replicas: Vec<(Region, String)>,
    /// When it was last changed in any way (`LastChangedDate`); `None` where AWS does not say.
    pub changed_at: Option<jiff::Timestamp>,
}

/// The value of a secret. It never shows in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue(pub String);

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretValue(…)")
    }
}

/// Secrets of a region.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The secret; [`NotFound`](crate::ErrorKind::NotFound) where there is none. Harmless, retried.
    async fn describe(&self, id: &str) -> Result<Secret, Error>;

    /// Its current value. Harmless, retried.
    async fn value(&self, id: &str) -> Result<SecretValue, Error>;

    /// Writes a new version; `token` makes a repetition harmless. Never retried here.
    async fn put_value(&self, id: &str, value: &SecretValue, token: &str) -> Result<(), Error>;

    /// Makes the replica of this region a standalone secret. One-way, never retried here.
    async fn stop_replication(&self, id: &str) -> Result<(), Error>;

    /// Replicates it to these regions, over secrets of the same name there. Never retried here.
    async fn replicate(&self, id: &str, regions: &[Region]) -> Result<(), Error>;
}
