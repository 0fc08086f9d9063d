//! S3 objects with conditional writes, and what a bucket says about itself.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::Error;

/// An object with its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The body.
    pub body: Vec<u8>,
    /// The entity tag, as S3 writes it, with quotes.
    pub etag: String,
    /// The time of the answer, by the server (`Date`).
    pub date: Option<Timestamp>,
}

/// Under which condition an object is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// None.
    Always,
    /// Only where there is no such object (`If-None-Match: *`).
    Absent,
    /// Only while the object still has this entity tag (`If-Match`).
    Unchanged(String),
}

/// A write that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The new entity tag.
    pub etag: String,
    /// The time of the answer, by the server (`Date`).
    pub date: Option<Timestamp>,
}

/// What a bucket says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BucketFacts {
    /// Whether versioning is enabled.
    pub versioned: bool,
    /// Its replication rules.
    pub rules: Vec<ReplicationRule>,
    /// Days that Object Lock keeps a new object by default; `None` without a default retention.
    pub lock_days: Option<u32>,
}

/// One replication rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicationRule {
    /// Its id.
    pub id: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Keys it covers; empty for all.
    pub prefix: String,
    /// ARN of the bucket that it replicates to.
    pub destination: String,
    /// Whether delete markers are replicated.
    pub delete_markers: bool,
}

/// S3 in a region.
///
/// A conditional write whose condition does not hold is
/// [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed); one that met another writer is
/// [`Conflict`](crate::ErrorKind::Conflict). Writes are never retried here: a retried conditional write may meet
/// itself.
#[async_trait]
pub trait Objects: Send + Sync {
    /// The object; `None` where there is none. Harmless, retried.
    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Object>, Error>;

    /// Writes it.
    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Vec<u8>,
        condition: Condition,
        kms_key: Option<&str>,
    ) -> Result<Written, Error>;

    /// Deletes it; harmless where there is none. With an entity tag only while it still has that one.
    async fn delete(&self, bucket: &str, key: &str, etag: Option<&str>) -> Result<(), Error>;

    /// All keys under a prefix in order, however many pages. Harmless, retried.
    async fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<String>, Error>;

    /// What the bucket says about itself. Harmless, retried.
    async fn bucket(&self, bucket: &str) -> Result<BucketFacts, Error>;
}
