//! The one error of this crate: what AWS said, where, and to which request.

use std::fmt;

/// What kind of failure it is; decides whether to look again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The thing does not exist there.
    NotFound,
    /// The caller may not do it.
    AccessDenied,
    /// The thing is in a state that does not allow it now.
    InvalidState,
    /// The condition of a conditional write did not hold (412). The write that a caller made before may be why.
    PreconditionFailed,
    /// A conditional write met another one (409); passes.
    Conflict,
    /// Too many calls; passes.
    Throttled,
    /// The service failed (5xx), or its answer broke off; passes. A change may have taken effect.
    Unavailable,
    /// No answer in time, or the connection broke after the request was sent. A change may have taken effect.
    Timeout,
    /// No connection to the endpoint: name, route or TLS. Nothing was sent.
    Unreachable,
    /// No usable credentials. Nothing was sent.
    Credentials,
    /// The request was refused as it is.
    Other,
}

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// The service, such as `rds`.
    pub service: String,
    /// The operation, such as `DescribeDBInstances`.
    pub operation: String,
    /// The region that was called.
    pub region: String,
    /// AWS's error code, where there was one.
    pub code: Option<String>,
    /// AWS's message, or what failed on the way there.
    pub message: String,
    /// AWS's id of the request, for its support and its logs.
    pub request_id: Option<String>,
}

impl Error {
    /// Whether the same call can succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Throttled
                | ErrorKind::Conflict
                | ErrorKind::Unavailable
                | ErrorKind::Timeout
                | ErrorKind::Unreachable
        )
    }

    /// The code of a call that was not sent, because its region or service had just not answered twice in a row.
    pub const HELD_BACK: &str = "HeldBack";

    /// Whether the call was not sent, because its region or service had just not answered twice in a row: trying again
    /// within seconds asks nobody.
    pub fn was_held_back(&self) -> bool {
        self.kind == ErrorKind::Unreachable && self.code.as_deref() == Some(Error::HELD_BACK)
    }

    /// Whether a change may have been made although the call failed.
    pub fn may_have_taken_effect(&self) -> bool {
        matches!(self.kind, ErrorKind::Unavailable | ErrorKind::Timeout)
    }

    /// The permission that is missing, such as `rds:PromoteReadReplica`, where AWS named it. A role that may not be
    /// assumed is a matter of credentials, and misses `sts:AssumeRole`.
    pub fn missing_permission(&self) -> Option<&str> {
        let (_, rest) = self
            .message
            .split_once("not authorized to perform: ")
            .filter(|_| matches!(self.kind, ErrorKind::AccessDenied | ErrorKind::Credentials))?;
        rest.split([' ', ',']).next()
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} in {}: ",
            self.service, self.operation, self.region
        )?;
        if let Some(code) = &self.code {
            write!(f, "{code}: ")?;
        }
        f.write_str(self.message.trim_end_matches('.'))?;
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};

    fn denied(message: &str) -> Error {
        Error {
            kind: ErrorKind::AccessDenied,
            service: "rds".into(),
            operation: "PromoteReadReplica".into(),
            region: "us-west-2".into(),
            code: Some("AccessDenied".into()),
            message: message.into(),
            request_id: Some("r-1".into()),
        }
    }

    #[test]
    fn names_the_missing_permission() {
        let error = denied(
            "User: arn:aws:iam::1:user/x is not authorized to perform: rds:PromoteReadReplica on resource: y",
        );
        assert_eq!(error.missing_permission(), Some("rds:PromoteReadReplica"));
        assert_eq!(denied("no").missing_permission(), None);
    }

    #[test]
    fn says_where_what_and_which_request() {
        assert_eq!(
            denied("not allowed.").to_string(),
            "rds PromoteReadReplica in us-west-2: AccessDenied: not allowed (request r-1)"
        );
    }
}
