//! Function calls, lists, objects and `for` expressions.

use super::{Parsed, Parser, offset};
use crate::source::Span;
use crate::syntax::ast::{EXPAND, ExprId, ExprKind, FOR_GROUP, NONE};
use crate::syntax::lexer::{Token, TokenKind};

const NO_NAME: Span = Span {
    start: NONE,
    end: NONE,
};

impl Parser<'_> {
    /// A call whose first word has been read.
    pub(super) fn call(&mut self, name: Token) -> Parsed<ExprId> {
        let mut name_end = name.end;
        while self.eat(TokenKind::DoubleColon) {
            if self.peek().kind != TokenKind::Word {
                return self.expected("a function name after `::`");
            }
            name_end = self.take().end;
        }
        let open = self.peek().start;
        if !self.eat(TokenKind::OpenParen) {
            return self.expected("`(` after the function name");
        }
        let newlines = self.set_newlines(false);
        let mark = self.pending.len();
        let mut expand = 0;
        while !self.eat(TokenKind::CloseParen) {
            let argument = self.expression()?;
            self.pending.push(argument.0);
            if self.eat(TokenKind::Ellipsis) {
                expand = EXPAND;
                self.close(TokenKind::CloseParen, "`)`", open)?;
                break;
            }
            if self.eat(TokenKind::CloseParen) {
                break;
            }
            if !self.eat(TokenKind::Comma) {
                return self.expected("`,` or `)` in this function call");
            }
        }
        self.set_newlines(newlines);
        let count = offset(self.pending.len() - mark);
        let at = offset(self.ast.extra.len());
        self.ast
            .extra
            .extend([offset(name.start), offset(name_end), count | expand]);
        self.ast.extra.extend(self.pending.drain(mark..));
        let span = self.since(name.start);
        Ok(self.push(ExprKind::Call(at), span))
    }

    pub(super) fn tuple(&mut self) -> Parsed<ExprId> {
        let open = self.take().start;
        let newlines = self.set_newlines(false);
        if self.is_word(b"for") {
            return self.for_expression(open, false, newlines);
        }
        let mark = self.pending.len();
        while !self.eat(TokenKind::CloseBracket) {
            let item = self.expression()?;
            self.pending.push(item.0);
            if self.eat(TokenKind::CloseBracket) {
                break;
            }
            if !self.eat(TokenKind::Comma) {
                return self.expected("`,` or `]` in this list");
            }
        }
        self.set_newlines(newlines);
        let list = self.list_since(mark);
        let span = self.since(open);
        Ok(self.push(ExprKind::Tuple(list), span))
    }

    pub(super) fn object(&mut self) -> Parsed<ExprId> {
        let open = self.take().start;
        let newlines = self.set_newlines(false);
        if self.is_word(b"for") {
            return self.for_expression(open, true, newlines);
        }
        self.set_newlines(true);
        let mark = self.pending.len();
        loop {
            if self.eat(TokenKind::Newline) {
                continue;
            }
            if self.eat(TokenKind::CloseBrace) {
                break;
            }
            let key = self.key()?;
            let value = self.expression()?;
            self.pending.extend([key.0, value.0]);
            if self.eat(TokenKind::CloseBrace) {
                break;
            }
            if !self.eat(TokenKind::Comma) && !self.eat(TokenKind::Newline) {
                return self.expected("a line break, `,` or `}` after this value");
            }
        }
        self.set_newlines(newlines);
        let list = self.list_since(mark);
        let span = self.since(open);
        Ok(self.push(ExprKind::Object(list), span))
    }

    /// A key of an object and what separates it from its value. A lone word is the key itself, also `true` and `null`.
    fn key(&mut self) -> Parsed<ExprId> {
        let key = self.expression()?;
        let expr = self.ast.expr(key);
        if matches!(
            expr.kind,
            ExprKind::Variable | ExprKind::True | ExprKind::False | ExprKind::Null
        ) {
            let text = Self::borrowed(expr.span.start as usize, expr.span.end as usize);
            self.ast.exprs[key.0 as usize].kind = ExprKind::String(text);
        }
        if !self.eat(TokenKind::Assign) && !self.eat(TokenKind::Colon) {
            return self.expected("`=` or `:` after this key");
        }
        Ok(key)
    }

    /// Behind the opening bracket, where line breaks are blanks already; `newlines` is what to go back to.
    fn for_expression(&mut self, open: usize, object: bool, newlines: bool) -> Parsed<ExprId> {
        self.take();
        let (key_name, value_name) = self.for_names()?;
        let collection = self.expression()?;
        if !self.eat(TokenKind::Colon) {
            return self.expected("`:` after the collection");
        }
        let (mut key, mut value) = (NONE, self.expression()?);
        let mut group = 0;
        if object {
            if !self.eat(TokenKind::Arrow) {
                return self.expected("`=>` and the value");
            }
            key = value.0;
            value = self.expression()?;
            if self.eat(TokenKind::Ellipsis) {
                group = FOR_GROUP;
            }
        } else if self.peek().kind == TokenKind::Arrow {
            return self.expected("`]` (a key needs `{ for ... }`)");
        }
        let condition = if self.is_word(b"if") {
            self.take();
            self.expression()?.0
        } else {
            NONE
        };
        if object {
            self.close(TokenKind::CloseBrace, "`}`", open)?;
        } else {
            self.close(TokenKind::CloseBracket, "`]`", open)?;
        }
        self.set_newlines(newlines);
        let at = offset(self.ast.extra.len());
        let [k, v] = [key_name, value_name];
        self.ast.extra.extend([
            k.start,
            k.end,
            v.start,
            v.end,
            collection.0,
            key,
            value.0,
            condition,
            group,
        ]);
        let span = self.since(open);
        Ok(self.push(ExprKind::For(at), span))
    }

    /// `k, v in`: names of key and value; that of the key may be missing.
    pub(super) fn for_names(&mut self) -> Parsed<(Span, Span)> {
        let first = self.peek();
        if first.kind != TokenKind::Word {
            return self.expected("a name after `for`");
        }
        self.take();
        let (mut key, mut value) = (NO_NAME, Self::between(first.start, first.end));
        if self.eat(TokenKind::Comma) {
            let second = self.peek();
            if second.kind != TokenKind::Word {
                return self.expected("a second name after `,`");
            }
            self.take();
            (key, value) = (value, Self::between(second.start, second.end));
        }
        if !self.is_word(b"in") {
            return self.expected("`in`");
        }
        self.take();
        Ok((key, value))
    }
}
