//! Templates and expressions that stand in strings of the JSON form.

use super::{Parser, template};
use crate::source::Span;
use crate::syntax::ast::{ExprId, ExprKind};
use crate::syntax::lexer::{Token, TokenKind};

impl<'a> Parser<'a> {
    /// Goes on in text that begins at `start` and ends where `source` ends.
    fn enter(&mut self, source: &'a [u8], start: usize, depth: u32) {
        self.source = source;
        self.newlines = false;
        self.depth = depth;
        self.jump(start);
    }

    /// A template that is all of the text; `span` is where the string stands, `depth` what it is nested in.
    pub(in crate::syntax) fn template_at(
        &mut self,
        source: &'a [u8],
        start: usize,
        span: Span,
        depth: u32,
    ) -> ExprId {
        self.enter(source, start, depth);
        let pending = self.pending.len();
        let whole = Token {
            kind: TokenKind::Quote,
            start,
            end: start,
        };
        let Ok(id) = self.template(whole, template::Mode::File) else {
            self.pending.truncate(pending);
            return self.push(ExprKind::Bad, span);
        };
        self.ast.exprs[id.0 as usize].span = span;
        id
    }

    /// An expression that is all of the text; `span` is where the string stands, `depth` what it is nested in.
    pub(in crate::syntax) fn expression_at(
        &mut self,
        source: &'a [u8],
        start: usize,
        span: Span,
        depth: u32,
    ) -> ExprId {
        self.enter(source, start, depth);
        let pending = self.pending.len();
        let text = source.get(start..).unwrap_or_default();
        let parsed = if text.trim_ascii_start().starts_with(b"${") {
            self.fail(
                start,
                start + 2,
                "this text is an expression of its own, which is written without `${ }`",
            )
        } else {
            self.whole_expression()
        };
        parsed.unwrap_or_else(|super::Broken| {
            self.pending.truncate(pending);
            self.push(ExprKind::Bad, span)
        })
    }
}
