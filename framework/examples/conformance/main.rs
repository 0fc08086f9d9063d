//! A provider of every kind of attribute, block and trouble, for tests against Terraform itself.

mod provider;

use std::process::ExitCode;

use terraform_framework::plugin;

fn main() -> ExitCode {
    let options = plugin::Options {
        address: "registry.terraform.io/examples/conf",
        version: "0.1.0",
    };
    plugin::serve(provider::Conformance, options)
}
