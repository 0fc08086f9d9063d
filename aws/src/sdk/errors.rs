//! What the SDK's errors mean.

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_rds::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_types::request_id::RequestId;

use super::codes::answered;
use super::watch::HeldBack;
use crate::{Error, ErrorKind, Region};

/// Which call failed.
pub(super) struct Call<'a> {
    pub(super) service: &'static str,
    pub(super) operation: &'static str,
    pub(super) region: &'a Region,
}

impl Call<'_> {
    /// A failure that is not AWS's own.
    pub(super) fn failed(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error {
            kind,
            service: self.service.to_owned(),
            operation: self.operation.to_owned(),
            region: self.region.to_string(),
            code: None,
            message: message.into(),
            request_id: None,
        }
    }
}

/// Turns the SDK's error into ours; nothing that AWS said is lost.
pub(super) fn error<E>(call: &Call<'_>, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let status = error.raw_response().map(|r| r.status().as_u16());
    let code = error.code().map(str::to_owned);
    let kind = match error {
        SdkError::TimeoutError(_) => ErrorKind::Timeout,
        SdkError::DispatchFailure(_) => unsent_or_unanswered(error),
        // The request never came about, such as for an empty name in its path.
        SdkError::ConstructionFailure(_) => match unsent_or_unanswered(error) {
            ErrorKind::Timeout => ErrorKind::Other,
            kind => kind,
        },
        SdkError::ServiceError(_) | SdkError::ResponseError(_) => answered(code.as_deref(), status),
        _ => ErrorKind::Other,
    };
    let held_back = chain(error).find_map(|cause| cause.downcast_ref::<HeldBack>());
    let kind = held_back.map_or(kind, HeldBack::kind);
    let unsent = held_back.filter(|_| kind == ErrorKind::Unreachable);
    let code = code.or_else(|| unsent.map(|_| Error::HELD_BACK.to_owned()));
    let message = match (error.message(), kind) {
        (Some(message), _) => message.to_owned(),
        (None, ErrorKind::Timeout) if held_back.is_none() => "no answer in time".to_owned(),
        (None, _) => innermost(error),
    };
    let request_id = error.request_id().map(str::to_owned);
    Error {
        kind,
        service: call.service.to_owned(),
        operation: call.operation.to_owned(),
        region: call.region.to_string(),
        code: code.or_else(|| status.map(|s| format!("HTTP {s}"))),
        message,
        request_id,
    }
}

/// A call that got no answer. What failed before a byte was sent cannot have changed anything.
pub(super) fn unsent_or_unanswered(error: &Cause) -> ErrorKind {
    if chain(error).any(is_of_credentials) {
        ErrorKind::Credentials
    } else if chain(error).any(is_before_sending) {
        ErrorKind::Unreachable
    } else {
        // The connection broke in the middle: the request may have arrived.
        ErrorKind::Timeout
    }
}

pub(super) type Cause = dyn std::error::Error + 'static;

/// There were no credentials, or their source took too long; of the latter only the words reach us.
fn is_of_credentials(cause: &Cause) -> bool {
    cause.is::<CredentialsError>() || cause.to_string().contains("identity resolver timed out")
}

/// No connection came about. The types of these errors are the HTTP client's own; only their words reach us.
fn is_before_sending(cause: &Cause) -> bool {
    let words = cause.to_string();
    [
        "client error (Connect)",
        "dns error",
        "HTTP connect timeout",
    ]
    .iter()
    .any(|sign| words.contains(sign))
}

/// The error and its causes.
fn chain(error: &Cause) -> impl Iterator<Item = &Cause> {
    std::iter::successors(Some(error), |cause| cause.source())
}

/// The cause at the bottom, which is the one that says something.
pub(super) fn innermost(error: &Cause) -> String {
    chain(error).last().unwrap_or(error).to_string()
}
