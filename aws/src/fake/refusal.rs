//! How AWS refuses: codes and sentences by kind.

use crate::{Error, ErrorKind, Region};

/// A refusal as AWS words it, with a request id that names the call.
pub(super) struct Refusal {
    pub(super) kind: ErrorKind,
    code: &'static str,
    message: String,
}

impl Refusal {
    /// `DBInstanceNotFound` (HTTP 404).
    pub(super) fn not_found(id: &str) -> Self {
        Refusal {
            kind: ErrorKind::NotFound,
            code: "DBInstanceNotFound",
            message: format!("DBInstance {id} not found."),
        }
    }

    /// `InvalidDBInstanceState` (HTTP 400).
    pub(super) fn state(message: impl Into<String>) -> Self {
        Refusal {
            kind: ErrorKind::InvalidState,
            code: "InvalidDBInstanceState",
            message: message.into(),
        }
    }

    /// `InvalidParameterValue` (HTTP 400).
    pub(super) fn value(message: impl Into<String>) -> Self {
        Refusal {
            kind: ErrorKind::Other,
            code: "InvalidParameterValue",
            message: message.into(),
        }
    }

    pub(super) fn into_error(self, operation: &str, region: &Region, number: usize) -> Error {
        Error {
            kind: self.kind,
            service: "rds".to_owned(),
            operation: operation.to_owned(),
            region: region.to_string(),
            code: Some(self.code.to_owned()),
            message: self.message,
            request_id: Some(format!("fake-{number}")),
        }
    }
}
