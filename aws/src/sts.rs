//! Who is calling, and sessions of roles.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

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

/// A role to enter, perhaps with the code of a device.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRequest {
    /// ARN of the role.
    pub role_arn: String,
    /// Name of the session, as it stands in audit logs.
    pub session_name: String,
    /// How long it lasts; the role's default otherwise.
    pub duration: Option<Duration>,
    /// Serial number or ARN of the device, and its code, which is good once.
    pub mfa: Option<(String, String)>,
}

impl fmt::Debug for SessionRequest {
    /// Without the code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SessionRequest");
        shown
            .field("role_arn", &self.role_arn)
            .finish_non_exhaustive()
    }
}

/// Credentials of a session.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// The access key's id.
    pub access_key_id: String,
    /// The access key.
    pub secret_access_key: String,
    /// The session's token.
    pub session_token: String,
    /// When they end.
    pub expires: Timestamp,
}

impl fmt::Debug for Session {
    /// Without what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Session");
        shown
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Enters roles.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// `AssumeRole`, sent once: a code is good for one call.
    async fn assume_role(&self, request: &SessionRequest) -> Result<Session, Error>;
}
