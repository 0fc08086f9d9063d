//! The derive that makes one Rust struct both the model and the schema.
