//! How AWS refuses: codes and sentences by kind.

use crate::{Error, ErrorKind, Region};

/// A refusal as AWS words it, with a request id that names the call.
pub(super) struct Refusal {
    pub(super) kind: ErrorKind,
    service: &'static str,
    code: &'static str,
    message: String,
}

impl Refusal {
    /// Any refusal of a service.
    pub(super) fn of(
        kind: ErrorKind,
        service: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Refusal {
            kind,
            service,
            code,
            message: message.into(),
        }
    }

    /// `DBInstanceNotFound` (HTTP 404).
    pub(super) fn not_found(id: &str) -> Self {
        Refusal {
            kind: ErrorKind::NotFound,
            service: "rds",
            code: "DBInstanceNotFound",
            message: format!("DBInstance {id} not found."),
        }
    }

    /// `DBInstanceAlreadyExists` (HTTP 400).
    pub(super) fn exists(id: &str) -> Self {
        let message = format!("DB instance {id} already exists");
        Refusal::of(ErrorKind::Other, "rds", "DBInstanceAlreadyExists", message)
    }

    /// `InvalidDBInstanceState` (HTTP 400).
    pub(super) fn state(message: impl Into<String>) -> Self {
        Refusal {
            kind: ErrorKind::InvalidState,
            service: "rds",
            code: "InvalidDBInstanceState",
            message: message.into(),
        }
    }

    /// `InvalidParameterValue` (HTTP 400).
    pub(super) fn value(message: impl Into<String>) -> Self {
        Refusal {
            kind: ErrorKind::Other,
            service: "rds",
            code: "InvalidParameterValue",
            message: message.into(),
        }
    }

    /// `InvalidParameterCombination` (HTTP 400): one answer of `CloudWatch` holds 1,440 datapoints at most.
    pub(super) fn too_many_datapoints(count: i64) -> Self {
        Refusal {
            kind: ErrorKind::Other,
            service: "cloudwatch",
            code: "InvalidParameterCombination",
            message: format!(
                "You have requested up to {count} datapoints, which exceeds the limit of 1,440."
            ),
        }
    }

    pub(super) fn into_error(self, operation: &str, region: &Region, number: usize) -> Error {
        Error {
            kind: self.kind,
            service: self.service.to_owned(),
            operation: operation.to_owned(),
            region: region.to_string(),
            code: Some(self.code.to_owned()),
            message: self.message,
            request_id: Some(format!("fake-{number}")),
        }
    }
}
