//! Reads an AWS estate from Terraform configuration, plans and states into one inventory, in which both regions can be
//! compared.
//!
//! Sources -> inventory: [`load`] finds and parses files ([`syntax`]), [`world`] expands modules and resources and evaluates
//! them ([`eval`], [`functions`]), [`plan`] and [`state`] read what Terraform wrote; [`schema`] brings all of it into one
//! normal form, so that whoever reads an [`inventory`] cannot tell where it came from.
//!
//! Nothing here runs a program, opens a socket or reads a file outside of the boundary that [`load`] draws.

pub mod check;
pub mod cli;
pub mod diagnostic;
mod documents;
pub mod eval;
pub mod exceptions;
pub mod fix;
pub mod functions;
pub mod inventory;
pub mod load;
pub mod mirror;
pub mod plan;
mod printable;
pub mod relations;
pub mod report;
pub mod rules;
pub mod schema;
pub mod settings;
pub mod source;
pub mod sources;
pub mod state;
pub mod symbol;
pub mod syntax;
pub mod verdict;
mod views;
pub mod world;
