//! A provider of every kind of attribute, block and trouble, for tests against Terraform itself.

mod provider;

fn main() {}
