//! Conformance of the framework, through its testing module; the numbers are those of the conformance list.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../examples/conformance"]
mod conformance {
    pub(crate) mod provider;
}
#[path = "../examples/greeting.rs"]
#[allow(dead_code, reason = "its main is another program's")]
mod greeting;

#[path = "core"]
mod tests {
    mod actions;
    mod apply;
    mod diagnostics;
    mod docs;
    mod functions;
    mod plan;
    mod read;
    mod schema;
    mod state;
    mod values;
}

use conformance::provider::Conformance;
use terraform_framework::Diagnostics;
use terraform_framework::testing::{Harness, json};

/// The demanding provider, its objects in the state alone.
async fn demanding() -> Harness<Conformance> {
    Harness::configured(Conformance, json!({})).await
}

/// The demanding provider, its objects in a directory.
async fn with_store(directory: &tempfile::TempDir) -> Harness<Conformance> {
    Harness::configured(Conformance, json!({ "store": directory.path().to_str() })).await
}

/// Errors as `path: summary`.
fn errors(diags: &Diagnostics) -> Vec<String> {
    let errors = diags.iter().filter(|d| d.error);
    errors
        .map(|d| format!("{}: {}", d.path, d.summary))
        .collect()
}
