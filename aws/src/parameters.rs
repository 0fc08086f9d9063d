//! Parameters of Systems Manager.

use async_trait::async_trait;

use crate::Error;

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `String`, `StringList` or `SecureString`.
    pub kind: String,
    /// Its value; for `SecureString` empty, since nothing here needs to know it.
    pub value: String,
    /// Its version.
    pub version: i64,
    /// When that version was written (`LastModifiedDate`); `None` where AWS does not say.
    pub changed_at: Option<jiff::Timestamp>,
}

/// Parameters of a region.
#[async_trait]
pub trait Parameters: Send + Sync {
    /// The parameter; [`NotFound`](crate::ErrorKind::NotFound) where there is none. Harmless, retried.
    async fn get(&self, name: &str) -> Result<Parameter, Error>;

    /// Writes the value of a `String`. Reversible, harmless to repeat, never retried here.
    async fn put(&self, name: &str, value: &str) -> Result<(), Error>;
}
