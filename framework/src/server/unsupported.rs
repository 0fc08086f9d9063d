//! What this provider does not offer. The schema names none of it, so Terraform does not ask; whoever asks all the same
//! gets an answer instead of a closed door.

use tfplugin6::v6;
use tonic::Response;

use crate::diagnostics::Diagnostics;
use crate::wire;

/// The answer of everything that is not offered: one diagnostic.
pub(super) fn unsupported<T>(
    what: &str,
    answer: impl FnOnce(Vec<v6::Diagnostic>) -> T,
) -> Response<T> {
    let mut diags = Diagnostics::new();
    diags.error(
        format!("{what} are not supported"),
        "This provider does not offer them, and its schema does not name any.",
    );
    Response::new(answer(wire::diagnostics(diags)))
}
