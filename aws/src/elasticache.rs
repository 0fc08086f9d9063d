//! `ElastiCache` global datastores.

use async_trait::async_trait;

use crate::{Error, Region};

/// A member of a global datastore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatastoreMember {
    /// The replication group.
    pub group: String,
    /// Its region.
    pub region: Region,
    /// Whether it takes writes (`PRIMARY`).
    pub primary: bool,
    /// Its status, such as `associated`.
    pub status: String,
}

/// A global datastore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlobalDatastore {
    /// Its id.
    pub id: String,
    /// `available`, `modifying`, `primary-only`, …
    pub status: String,
    /// Its members.
    pub members: Vec<DatastoreMember>,
}

/// Global datastores, asked in a region.
#[async_trait]
pub trait GlobalDatastores: Send + Sync {
    /// The datastore; [`NotFound`](crate::ErrorKind::NotFound) where there is none. Harmless, retried.
    async fn describe(&self, id: &str) -> Result<GlobalDatastore, Error>;

    /// Makes the group of this region the primary one. One-way, never retried here.
    async fn failover(&self, id: &str, region: &Region, group: &str) -> Result<(), Error>;
}
