//! Where a plan's documents, observations, journal and lock are kept: one store in every region.
//!
//! Keys are relative to the store: `documents/<digest>.json`, `current`, `observations/<time>.json`,
//! `executions/<id>/NNNN.json`, `commands/<id>/<ulid>.json`, `epoch`, `lock`. Nothing here decides; conditional writes
//! are what the lock and the journal are built from.

mod bucket;
mod directory;
mod set;

use std::sync::Arc;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::{Aws, Error, Region};
use jiff::Timestamp;

pub use bucket::BucketStore;
pub use directory::DirectoryStore;
pub(crate) use set::{Retry, StoreTime, bounded, together};
pub use set::{StaleStore, Stores, Times};

use crate::document::StorePlace;

/// What is kept under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The body.
    pub body: Vec<u8>,
    /// Changes with every write of other bytes. In a bucket the same bytes may have the same tag again, so whoever
    /// relies on it writes something unique each time.
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

/// The store at a place.
///
/// # Errors
/// When no client can be made, for example for a region that is declared lost.
#[allow(
    clippy::result_large_err,
    reason = "a failed call is rare; the error is as large everywhere"
)]
pub fn open(
    region: &Region,
    place: &StorePlace,
    aws: &dyn Aws,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn Store>, Error> {
    Ok(match place {
        StorePlace::Bucket {
            bucket,
            prefix,
            kms_key,
        } => {
            let objects = aws.objects(region)?;
            let (region, bucket, prefix) = (region.clone(), bucket.clone(), prefix.clone());
            Arc::new(BucketStore::new(
                region,
                objects,
                bucket,
                prefix,
                kms_key.clone(),
            ))
        }
        StorePlace::Directory(path) => Arc::new(DirectoryStore::new(region.clone(), path, clock)),
    })
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
