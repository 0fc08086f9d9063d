//! Tests of the resource in process.
