//! Who is calling.

use async_trait::async_trait;

use crate::Error;

/// The caller as STS sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account, twelve digits.
    pub account: String,
    /// The ARN of the user or assumed role.
    pub arn: String,
}

/// Tells who is calling.
#[async_trait]
pub trait CallerIdentity: Send + Sync {
    /// `GetCallerIdentity`: needs no permission, so it only fails without usable credentials or connection.
    async fn caller(&self) -> Result<Caller, Error>;
}
