//! Prints every syntax error of the files named on stdin, one path a line: `file:line:column: message`. The name says how
//! a file is read: `.tfvars.json`, `.json`, `.tpl` and `.expr` as what they are, everything else as native syntax.

use std::io::{BufRead as _, Write as _};

use drcheck::source::Sources;
use drcheck::syntax;

fn main() -> std::io::Result<()> {
    let sources = Sources::new();
    let mut out = std::io::stdout().lock();
    for name in std::io::stdin().lock().lines() {
        let name = name?;
        let text = std::fs::read(&name)?;
        let ast = match name.rsplit_once('.') {
            Some((rest, "json")) if rest.ends_with(".tfvars") => syntax::parse_json_values(text),
            Some((_, "json")) => syntax::parse_json(text),
            Some((_, "tpl")) => syntax::parse_template(text),
            Some((_, "expr")) => syntax::parse_expression(text),
            _ => syntax::parse(text),
        };
        let file = sources.add(name.as_str(), ast);
        for error in &file.ast.errors {
            let at = file.location(error.span.start);
            writeln!(out, "{name}:{}:{}: {}", at.line, at.column, error.message)?;
        }
    }
    Ok(())
}
