//! The framework under real Terraform: the example `conformance` as a provider, item by item of the protocol's
//! conformance list.

#[path = "terraform/failures.rs"]
mod failures;
#[path = "terraform/root.rs"]
mod root;
#[path = "terraform/values.rs"]
mod values;
