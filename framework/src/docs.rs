//! The documentation generator.
