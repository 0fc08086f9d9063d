//! The recovery engine: observe, decide, gate, perform, verify.
