//! Everything a Terraform provider in Rust needs, and nothing about AWS.
