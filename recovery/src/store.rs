//! Where a plan's documents, observations, journal and lock are kept: one store in every region.
//!
//! Keys are relative to the store: `documents/<digest>.json`, `current`, `observations/<time>.json`,
//! `executions/<id>/NNNN.json`, `commands/<id>/<ulid>.json`, `epoch`, `lock`. Nothing here decides; conditional writes
//! are what the lock and the journal are built from.

use async_trait::async_trait;
use aws::{Error, Region};
use jiff::Timestamp;

/// What is kept under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The body.
    pub body: Vec<u8>,
    /// Changes with every write.
    pub etag: String,
    /// The store's own time of the answer; `None` where it does not tell.
    pub date: Option<Timestamp>,
}

/// A write that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The new entity tag.
    pub etag: String,
    /// The store's own time of the answer; `None` where it does not tell.
    pub date: Option<Timestamp>,
}

/// One store.
///
/// A condition that does not hold is [`PreconditionFailed`](aws::ErrorKind::PreconditionFailed), which may be the
/// caller's own earlier success; a write that met another is [`Conflict`](aws::ErrorKind::Conflict), and is tried
/// again. Nothing is retried inside.
#[async_trait]
pub trait Store: Send + Sync {
    /// The region that it is in.
    fn region(&self) -> &Region;

    /// Where it is, as an operator would write it: `s3://bucket/prefix`, or a directory.
    fn place(&self) -> String;

    /// What is kept under a key.
    async fn get(&self, key: &str) -> Result<Option<Stored>, Error>;

    /// Writes only where there is nothing yet.
    async fn create(&self, key: &str, body: &[u8]) -> Result<Kept, Error>;

    /// Writes only while the entity tag is still this.
    async fn replace(&self, key: &str, body: &[u8], etag: &str) -> Result<Kept, Error>;

    /// Writes whatever is there.
    async fn put(&self, key: &str, body: &[u8]) -> Result<Kept, Error>;

    /// Deletes while the entity tag is still this; harmless where there is nothing.
    async fn remove(&self, key: &str, etag: &str) -> Result<(), Error>;

    /// The keys that begin with a prefix, in order.
    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error>;

    /// Why this store must not be used, if so: no versioning, or its prefix is replicated.
    async fn unfit(&self) -> Result<Option<String>, Error>;
}
