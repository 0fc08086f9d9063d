//! Prints every syntax error of the files named on stdin, one path a line: `file:line:column: message`.

use std::io::{BufRead as _, Write as _};

use drcheck::source::Sources;
use drcheck::syntax;

fn main() -> std::io::Result<()> {
    let sources = Sources::new();
    let mut out = std::io::stdout().lock();
    for name in std::io::stdin().lock().lines() {
        let name = name?;
        let text = std::fs::read(&name)?;
        let file = sources.add(name.as_str(), syntax::parse(text));
        for error in &file.ast.errors {
            let at = file.location(error.span.start);
            writeln!(out, "{name}:{}:{}: {}", at.line, at.column, error.message)?;
        }
    }
    Ok(())
}
