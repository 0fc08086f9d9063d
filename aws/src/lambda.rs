//! Lambda: event source mappings, and functions that are called.

use async_trait::async_trait;

use crate::Error;

/// An event source mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Its id.
    pub uuid: String,
    /// `Enabled`, `Disabled`, `Enabling`, `Disabling`, `Creating`, `Updating`, `Deleting`.
    pub state: String,
    /// ARN of the function.
    pub function: String,
}

/// What a function answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoked {
    /// The HTTP status.
    pub status: u16,
    /// `Handled` or `Unhandled` where the function failed.
    pub function_error: Option<String>,
    /// The answer, at most 4 KiB of it.
    pub payload: String,
    /// AWS's id of the request.
    pub request_id: Option<String>,
}

/// Functions and mappings of a region.
#[async_trait]
pub trait Functions: Send + Sync {
    /// The mapping; [`NotFound`](crate::ErrorKind::NotFound) where there is none. Harmless, retried.
    async fn mapping(&self, uuid: &str) -> Result<Mapping, Error>;

    /// Enables or disables a mapping. Reversible, harmless to repeat, never retried here.
    async fn set_enabled(&self, uuid: &str, enabled: bool) -> Result<(), Error>;

    /// Calls a function and waits for its answer. Never retried here.
    async fn invoke(&self, function: &str, payload: &str) -> Result<Invoked, Error>;
}
