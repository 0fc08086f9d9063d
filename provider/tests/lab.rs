//! Real Terraform, our binary, emulated AWS over HTTP: what a user sees, black box. Starts the lab by itself.

#[path = "lab/harness.rs"]
mod harness;

#[path = "lab/bad_input.rs"]
mod bad_input;
#[path = "lab/conformance.rs"]
mod conformance;
#[path = "lab/conformance_more.rs"]
mod conformance_more;
#[path = "lab/data_sources.rs"]
mod data_sources;
#[path = "lab/failover.rs"]
mod failover;
#[path = "lab/failover_estate.rs"]
mod failover_estate;
#[path = "lab/failover_rows.rs"]
mod failover_rows;
#[path = "lab/failover_together.rs"]
mod failover_together;
#[path = "lab/functions.rs"]
mod functions;
#[path = "lab/global_rows.rs"]
mod global_rows;
#[path = "lab/global_writer.rs"]
mod global_writer;
#[path = "lab/imports.rs"]
mod imports;
#[path = "lab/interruptions.rs"]
mod interruptions;
#[path = "lab/matrix.rs"]
mod matrix;
#[path = "lab/matrix_global.rs"]
mod matrix_global;
#[path = "lab/modules.rs"]
mod modules;
#[path = "lab/rows.rs"]
mod rows;
