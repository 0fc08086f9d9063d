//! Terraform's language as drcheck reads it, held to recorded verdicts of Terraform and to a second parser.

mod broken;
mod hostile;
mod json;
mod shown;
mod trees;
mod verdicts;

use std::path::PathBuf;

use drcheck::source::{Location, SourceFile, Sources};
use drcheck::syntax::ast::Ast;

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/syntax")
        .join(name)
}

/// Where the errors of a tree are, and what they say.
fn errors(ast: Ast) -> Vec<(Location, String)> {
    let sources = Sources::new();
    let file = sources.add("main.tf", ast);
    located(&file)
}

fn located(file: &SourceFile) -> Vec<(Location, String)> {
    let located = |error: &drcheck::syntax::SyntaxError| {
        (file.location(error.span.start), error.message.clone())
    };
    file.ast.errors.iter().map(located).collect()
}

/// A recorded snippet.
struct Snippet {
    trap: String,
    /// Line and column of Terraform's first error; `None` where Terraform takes it.
    rejected: Option<(u32, u32)>,
    /// As it is recorded.
    shown: String,
    bytes: Vec<u8>,
}

fn snippets() -> Vec<Snippet> {
    let text = std::fs::read_to_string(data("snippets.tsv")).expect("the snippets are there");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(snippet).collect()
}

fn snippet(line: &str) -> Snippet {
    let mut columns = line.splitn(3, '\t');
    let mut column = || columns.next().expect("three columns").to_owned();
    let (trap, verdict, shown) = (column(), column(), column());
    let rejected = verdict.strip_prefix("no ").map(|place| {
        let (line, column) = place.split_once(':').expect("line:column");
        (
            line.parse().expect("a line"),
            column.parse().expect("a column"),
        )
    });
    assert!(
        rejected.is_some() || verdict == "ok",
        "verdict {verdict:?} of {shown}"
    );
    Snippet {
        trap,
        rejected,
        bytes: decode(&shown),
        shown,
    }
}

/// `⏎` is a line feed, `␍` a carriage return, `‹FF›` a byte.
fn decode(shown: &str) -> Vec<u8> {
    let text = shown.replace('⏎', "\n").replace('␍', "\r");
    let mut bytes = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('‹') {
        bytes.extend_from_slice(before.as_bytes());
        let (hex, behind) = after.split_once('›').expect("a closed byte");
        bytes.push(u8::from_str_radix(hex, 16).expect("two hexadecimal digits"));
        rest = behind;
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
