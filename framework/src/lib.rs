//! Everything a Terraform provider in Rust needs, and nothing about AWS.
//!
//! A provider is plain Rust: a struct per resource whose fields are the schema (`#[derive(Model)]`), a trait
//! implementation that says what plan and apply do, and one explicit list. See `examples/greeting.rs`.

#[allow(
    unused_extern_crates,
    reason = "the derive names this crate from inside as from outside"
)]
extern crate self as terraform_framework;

pub mod action;
pub mod data_source;
pub mod diagnostics;
pub mod docs;
pub mod duration;
pub mod function;
pub mod identity;
pub mod model;
mod plan;
pub mod plugin;
pub mod private;
pub mod provider;
pub mod resource;
pub mod schema;
pub mod server;
pub mod testing;
pub mod timeouts;
pub mod validate;
mod value;
mod wire;

pub use async_trait::async_trait;
pub use cty;
pub use diagnostics::{Diagnostic, Diagnostics};
pub use model::{Blocks, Group, MapBlocks, Model, Nested, Set, SetBlocks};
pub use provider::{About, Cx, Provider};
pub use terraform_framework_derive::Model;
pub use tokio_util::sync::CancellationToken;
pub use value::Value;
