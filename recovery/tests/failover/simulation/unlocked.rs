//! A store for an engine that takes the lock in one region alone.

use std::sync::Arc;

use async_trait::async_trait;
use aws::{Error, Region};
use recovery::store::{Kept, Store, Stored};

/// A store in which the lock is not really taken.
pub(crate) struct Unlocked(pub(crate) Arc<dyn Store>);

fn kept() -> Kept {
    Kept {
        etag: "\"mine\"".to_owned(),
        date: None,
    }
}

#[async_trait]
impl Store for Unlocked {
    fn region(&self) -> &Region {
        self.0.region()
    }

    fn place(&self) -> String {
        self.0.place()
    }

    async fn get(&self, key: &str) -> Result<Option<Stored>, Error> {
        if key == "lock" {
            return Ok(None);
        }
        self.0.get(key).await
    }

    async fn create(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        if key == "lock" {
            return Ok(kept());
        }
        self.0.create(key, body).await
    }

    async fn replace(&self, key: &str, body: &[u8], etag: &str) -> Result<Kept, Error> {
        if key == "lock" {
            return Ok(kept());
        }
        self.0.replace(key, body, etag).await
    }

    async fn put(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        self.0.put(key, body).await
    }

    async fn remove(&self, key: &str, etag: &str) -> Result<(), Error> {
        if key == "lock" {
            return Ok(());
        }
        self.0.remove(key, etag).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        self.0.list(prefix).await
    }

    async fn unfit(&self) -> Result<Option<String>, Error> {
        self.0.unfit().await
    }
}
