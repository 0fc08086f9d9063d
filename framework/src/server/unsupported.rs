//! What this provider does not offer. The schema names none of it, so Terraform does not ask; whoever asks all the same
//! gets an answer instead of a closed door.

use tonic::Response;

use super::refusal::Refusal;
use crate::diagnostics::Diagnostics;

/// The answer of everything that is not offered: one diagnostic.
pub(super) fn unsupported<T: Refusal>(what: &str) -> Response<T> {
    let mut diags = Diagnostics::new();
    diags.error(
        format!("{what} are not supported"),
        "This provider does not offer them, and its schema does not name any.",
    );
    Response::new(T::with(diags))
}
