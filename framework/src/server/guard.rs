//! Catches panics in handlers.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tfplugin6::v6;
use tonic::{Response, Status};

use super::refusal::Refusal;
use crate::diagnostics::Diagnostics;
use crate::wire;

/// Runs a handler; a panic becomes an error diagnostic that names the operation, in an otherwise empty answer.
pub(super) async fn guarded<T: Refusal>(
    operation: &str,
    handler: impl Future<Output = T>,
) -> Result<Response<T>, Status> {
    guarded_with(operation, handler, T::of).await
}

/// Runs a handler whose answer to a panic holds more than the diagnostic: what must not be forgotten.
pub(super) async fn guarded_with<T>(
    operation: &str,
    handler: impl Future<Output = T>,
    on_panic: impl FnOnce(Vec<v6::Diagnostic>) -> T,
) -> Result<Response<T>, Status> {
    let answer = match AssertUnwindSafe(handler).catch_unwind().await {
        Ok(answer) => answer,
        Err(panic) => on_panic(wire::diagnostics(panicked(operation, panic.as_ref()))),
    };
    Ok(Response::new(answer))
}

/// What a user is told of a panic.
pub(super) fn panicked(operation: &str, panic: &(dyn Any + Send)) -> Diagnostics {
    let text = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "no message".to_owned());
    tracing::error!(operation, panic = %text, "panic in a handler");
    let mut diags = Diagnostics::new();
    diags.error(
        format!("The provider failed in {operation}"),
        format!("This is a bug in the provider; nothing was recorded for this operation. Please report it with this text: {text}"),
    );
    diags
}
