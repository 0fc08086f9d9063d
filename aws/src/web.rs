//! Health questions over HTTP; not AWS, but answered through the same client.

use std::time::Duration;

use async_trait::async_trait;

use crate::Error;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body, at most 64 KiB of it.
    pub body: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// Asks URLs.
#[async_trait]
pub trait Web: Send + Sync {
    /// `GET`, without following redirects, bounded by `timeout`.
    async fn get(&self, url: &str, timeout: Duration) -> Result<WebAnswer, Error>;
}
