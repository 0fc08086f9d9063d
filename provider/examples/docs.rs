//! Writes the registry pages of the provider from its schemas and `examples/`; with `--check` only compares.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use terraform_framework::docs::render;
use terraform_provider_dr::DrProvider;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pages = root.join("docs");
    let check = std::env::args().any(|argument| argument == "--check");
    let result = render(&DrProvider, &root.join("examples")).and_then(|docs| {
        if check {
            return docs.check(&pages);
        }
        docs.write(&pages).map(|()| Vec::new())
    });
    let mut errors = std::io::stderr();
    match result {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            for problem in problems {
                let _ = writeln!(errors, "{problem}");
            }
            let _ = writeln!(errors, "write the pages anew with: make docs");
            ExitCode::FAILURE
        }
        Err(error) => {
            let _ = writeln!(errors, "docs: {error}");
            ExitCode::FAILURE
        }
    }
}
