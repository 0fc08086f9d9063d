//! Terraform's language as text: native syntax, templates and the JSON form, into one compact tree.
//!
//! Parsing never fails as a whole: a broken argument or block becomes a [`SyntaxError`], the argument keeps its name with
//! the value [`ast::ExprKind::Bad`], the block is marked as damaged, and the rest of the file is still there.

pub mod ast;
mod json;
mod lexer;
mod literal;
mod parser;

use std::sync::Arc;

use crate::source::Span;
use ast::Ast;
pub use parser::MAX_NESTING;
use parser::Parser;

/// Something that is not Terraform's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What was expected and what was found, without a final dot.
    pub message: String,
}

/// Reads a file in native syntax.
pub fn parse(source: impl Into<Arc<[u8]>>) -> Ast {
    with_text(source.into(), |text| Parser::new(text, true).file())
}

/// Reads a template file, as for `templatefile`: its expression is [`Ast::template`].
pub fn parse_template(source: impl Into<Arc<[u8]>>) -> Ast {
    with_text(source.into(), |text| {
        Parser::new(text, false).template_file()
    })
}

/// Reads a single expression, in which line breaks are blanks: it is [`Ast::template`].
pub fn parse_expression(source: impl Into<Arc<[u8]>>) -> Ast {
    with_text(source.into(), |text| Parser::new(text, false).single())
}

/// Reads a configuration in the JSON form, `.tf.json`; the documentation of the module `json` says how each thing arrives.
pub fn parse_json(source: impl Into<Arc<[u8]>>) -> Ast {
    let source = source.into();
    if source.len() >= ast::OWNED as usize {
        too_long()
    } else {
        json::configuration(source)
    }
}

/// Reads values of variables in the JSON form, `.tfvars.json`: attributes of the root, whose strings are no templates.
pub fn parse_json_values(source: impl Into<Arc<[u8]>>) -> Ast {
    let source = source.into();
    if source.len() >= ast::OWNED as usize {
        too_long()
    } else {
        json::values(source)
    }
}

fn with_text(source: Arc<[u8]>, parse: impl FnOnce(&[u8]) -> Ast) -> Ast {
    if source.len() >= ast::OWNED as usize {
        return too_long();
    }
    let mut ast = parse(&source);
    ast.source = source;
    ast
}

/// Offsets have 31 bits.
fn too_long() -> Ast {
    Ast {
        errors: vec![SyntaxError {
            span: Span::default(),
            message: "a file of 2 GiB or more is not read".into(),
        }],
        ..Ast::default()
    }
}
