//! `DynamoDB` global tables.

use async_trait::async_trait;

use crate::{Error, Region};

/// A table as `DescribeTable` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// `ACTIVE`, `UPDATING`, …
    pub status: String,
    /// Replicas in other regions with their status.
    pub replicas: Vec<(Region, String)>,
}

/// Tables of a region.
#[async_trait]
pub trait Tables: Send + Sync {
    /// The table; [`NotFound`](crate::ErrorKind::NotFound) where there is none. Harmless, retried.
    async fn describe(&self, name: &str) -> Result<Table, Error>;
}
