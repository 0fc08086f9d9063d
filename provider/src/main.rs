//! The provider's binary: what Terraform starts.

use std::process::ExitCode;

use terraform_framework::plugin::{Options, serve};
use terraform_provider_dr::{ADDRESS, DrProvider};

fn main() -> ExitCode {
    serve(
        DrProvider,
        Options {
            address: ADDRESS,
            version: env!("CARGO_PKG_VERSION"),
        },
    )
}
