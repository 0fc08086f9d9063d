//! Parses the files named on stdin once, for `validator/bench/peers.py` to time: `parse_bench drcheck` with the parser of
//! drcheck, `parse_bench hcl-edit` with another one. Prints the names of those that the parser does not take.

use std::hint::black_box;
use std::io::{BufRead as _, Write as _};

use drcheck::syntax;
use hcl::edit::parser::parse_body;

fn main() -> std::io::Result<()> {
    let name = std::env::args().nth(1).unwrap_or_default();
    let takes: fn(&[u8]) -> bool = match name.as_str() {
        "drcheck" => |text| black_box(syntax::parse(text)).errors.is_empty(),
        "hcl-edit" => {
            |text| std::str::from_utf8(text).is_ok_and(|text| black_box(parse_body(text)).is_ok())
        }
        _ => return Err(std::io::Error::other("name a parser: drcheck or hcl-edit")),
    };
    let mut out = std::io::stdout().lock();
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        if !takes(&std::fs::read(&path)?) {
            writeln!(out, "{path}")?;
        }
    }
    Ok(())
}
