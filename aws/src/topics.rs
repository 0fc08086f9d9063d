//! SNS topics.

use async_trait::async_trait;

use crate::Error;

/// Topics of a region.
#[async_trait]
pub trait Topics: Send + Sync {
    /// Publishes a message; its id. Cannot be taken back, never retried here.
    async fn publish(&self, topic: &str, subject: &str, text: &str) -> Result<String, Error>;
}
