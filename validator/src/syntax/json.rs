//! The JSON form: `.tf.json` and `.tfvars.json`.
//!
//! What Terraform itself knows becomes the same tree that native syntax gives: blocks with labels (also `lifecycle`,
//! `precondition`, `provisioner`, `required_providers`, `backend`, …), written as objects or as lists of objects.
//! What only a provider's schema knows stays a property: bodies that may hold such properties have `Body::json` set, all
//! of them are attributes, and where a block is meant, nested blocks and `dynamic` too, the value is an object or a tuple
//! of objects. A property that is written twice in such a body arrives once, with the values as one tuple. `//` is left
//! out of bodies; in the objects below it is still there, since only the schema tells bodies from maps.
//!
//! How strings arrive:
//! - templates as in native syntax: `"a"` is a string, `"${x}"` keeps the type of x ([`super::ast::ExprKind::Wrap`]);
//! - what is read as an expression is one, as if it were written without quotes: `type` of a variable, `provider`,
//!   `depends_on`, the keys and values of `providers`, `ignore_changes`, `replace_triggered_by`, `configuration_aliases`,
//!   `from` and `to` of `moved`, `import`, `removed`, `when` and `on_failure` of a provisioner. In lists each item is;
//! - what Terraform reads as it stands, `${` and all, is a plain string: `default` of a variable, descriptions,
//!   `required_version`, `required_providers`, settings of a backend, everything in `.tfvars.json`.
//!
//! Properties at the top that are no block are attributes of the root, as in native syntax.

mod blocks;
mod reader;
mod shape;
mod strings;
mod values;

use std::sync::Arc;

use super::SyntaxError;
use super::ast::{Ast, OWNED};
use super::parser::{MOST_ERRORS, Parser};
use crate::source::Span;
use reader::{Document, Json, Kind};
use shape::{FILE, Shape, VALUES};

/// Reads a configuration in the JSON form.
pub(super) fn configuration(source: Arc<[u8]>) -> Ast {
    parse(source, &FILE)
}

/// Reads values of variables in the JSON form.
pub(super) fn values(source: Arc<[u8]>) -> Ast {
    parse(source, &VALUES)
}

fn parse(source: Arc<[u8]>, shape: &'static Shape) -> Ast {
    let Document {
        root,
        decoded,
        runs,
        errors,
    } = reader::read(&source);
    let own = source.len();
    let text: Arc<[u8]> = if decoded.is_empty() {
        source
    } else {
        // A byte between the two keeps the end of the file apart from the start of what follows.
        [&source[..], b"\n", &decoded].concat().into()
    };
    if text.len() >= OWNED as usize {
        return super::too_long();
    }
    let mut parser = Parser::new(&text, false);
    parser.ast.file_length = reader::offset(own);
    parser.ast.appended = runs;
    let mut builder = Builder {
        text: &text,
        wrong: errors.iter().map(|error| error.span.start).collect(),
        parser,
        depth: 0,
    };
    builder.wrong.sort_unstable();
    builder.root(&root, shape, own);
    let mut ast = builder.parser.finish();
    ast.errors.extend(errors);
    let at = |error: &SyntaxError, ast: &Ast| ast.real_offset(error.span.start);
    let mut all = std::mem::take(&mut ast.errors);
    all.sort_by_key(|error| at(error, &ast));
    all.truncate(MOST_ERRORS);
    ast.errors = all;
    ast.source = text;
    ast
}

/// Makes the tree out of what was read.
struct Builder<'a> {
    /// The file and the decoded text behind it.
    text: &'a [u8],
    /// Where reading found errors, in order.
    wrong: Vec<u32>,
    parser: Parser<'a>,
    /// Lists and objects around what is looked at.
    depth: u32,
}

impl<'a> Builder<'a> {
    fn root(&mut self, root: &Json, shape: &'static Shape, length: usize) {
        let mut members = Vec::new();
        match &root.kind {
            Kind::Object(all) => members.extend(all),
            Kind::Array(items) if shape.takes_lists() => {
                for item in items {
                    match &item.kind {
                        Kind::Object(all) => members.extend(all),
                        Kind::Bad => {}
                        _ => self.note(
                            item.span,
                            format!(
                                "expected an object in the list at the top, found {}",
                                item.name()
                            ),
                        ),
                    }
                }
            }
            Kind::Bad => {}
            _ => self.note(
                root.span,
                format!(
                    "expected an object as the whole file, found {}",
                    root.name()
                ),
            ),
        }
        let mut body = self.body(&members, shape);
        body.span = reader::between(0, length);
        self.parser.ast.root = body;
    }

    fn note(&mut self, span: Span, message: impl Into<String>) {
        if self.parser.ast.errors.len() < MOST_ERRORS {
            self.parser
                .note(span.start as usize, span.end as usize, message);
        }
    }

    /// Text of the file, or decoded text behind it.
    fn slice(&self, span: Span) -> &'a str {
        let bytes = self
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or("\u{fffd}")
    }
}

impl Json {
    /// What it is, for messages.
    fn name(&self) -> &'static str {
        match self.kind {
            Kind::Bad => "something that cannot be read",
            Kind::Null => "null",
            Kind::True => "true",
            Kind::False => "false",
            Kind::Number => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "a list",
            Kind::Object(_) => "an object",
        }
    }
}
