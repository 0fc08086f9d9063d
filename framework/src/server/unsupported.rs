//! What this provider does not offer. The schema names none of it, so Terraform does not ask; whoever asks all the same
//! gets an answer instead of a closed door.

use tfplugin6::v6;

use crate::diagnostics::Diagnostics;
use crate::wire;

/// The one diagnostic of everything that is not offered.
pub(super) fn unsupported(what: &str) -> Vec<v6::Diagnostic> {
    let mut diags = Diagnostics::new();
    diags.error(
        format!("{what} are not supported"),
        "This provider does not offer them, and its schema does not name any.",
    );
    wire::diagnostics(diags)
}
