//! Expressions: operators, references, literals.

use super::{Parsed, Parser};
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind};
use crate::syntax::lexer::{Token, TokenKind, is_number};

/// How tightly an operator binds; higher binds tighter.
fn binding(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Equal | BinaryOp::NotEqual => 3,
        BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => 4,
        BinaryOp::Add | BinaryOp::Subtract => 5,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => 6,
    }
}

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed<ExprId> {
        self.deeper()?;
        let condition = self.binary(1)?;
        let mut parsed = condition;
        if self.eat(TokenKind::Question) {
            let then = self.expression()?;
            if !self.eat(TokenKind::Colon) {
                return self.expected("`:` and the value for the false case");
            }
            let otherwise = self.expression()?;
            let span = self.span(condition).to(self.span(otherwise));
            let kind = ExprKind::Conditional {
                condition,
                then,
                otherwise,
            };
            parsed = self.push(kind, span);
        }
        self.depth -= 1;
        Ok(parsed)
    }

    /// Operators that bind at least so tightly.
    fn binary(&mut self, least: u8) -> Parsed<ExprId> {
        let mut left = self.operand()?;
        loop {
            let TokenKind::Operator(op) = self.peek().kind else {
                return Ok(left);
            };
            if binding(op) < least {
                return Ok(left);
            }
            self.take();
            let right = self.binary(binding(op) + 1)?;
            let span = self.span(left).to(self.span(right));
            left = self.push(ExprKind::Binary { op, left, right }, span);
        }
    }

    fn operand(&mut self) -> Parsed<ExprId> {
        let term = self.term()?;
        self.accesses(term)
    }

    /// What follows an operand: attributes, indexes, splats.
    fn accesses(&mut self, mut of: ExprId) -> Parsed<ExprId> {
        let start = self.span(of).start as usize;
        loop {
            match self.peek().kind {
                TokenKind::Dot => {
                    self.take();
                    of = self.after_dot(of, start)?;
                }
                TokenKind::OpenBracket => {
                    let open = self.take().start;
                    of = self.after_bracket(of, start, open)?;
                }
                _ => return Ok(of),
            }
        }
    }

    fn after_dot(&mut self, of: ExprId, start: usize) -> Parsed<ExprId> {
        let token = self.peek();
        match token.kind {
            TokenKind::Word => Ok(self.attribute(of, start)),
            TokenKind::Number => self.legacy_index(of, start),
            TokenKind::Operator(BinaryOp::Multiply) => {
                self.take();
                let mut each =
                    self.push(ExprKind::SplatItem, Self::between(token.start, token.end));
                // Only names and legacy indexes belong to this kind of splat.
                while self.eat(TokenKind::Dot) {
                    each = match self.peek().kind {
                        TokenKind::Word => self.attribute(each, start),
                        TokenKind::Number => self.legacy_index(each, start)?,
                        _ => return self.expected("an attribute name"),
                    };
                }
                let span = self.since(start);
                Ok(self.push(ExprKind::AttributeSplat { of, each }, span))
            }
            _ => self.expected("an attribute name after `.`"),
        }
    }

    fn attribute(&mut self, of: ExprId, start: usize) -> ExprId {
        let token = self.take();
        let name = Self::between(token.start, token.end);
        self.push(
            ExprKind::Attribute { of, name },
            Self::between(start, token.end),
        )
    }

    fn legacy_index(&mut self, of: ExprId, start: usize) -> Parsed<ExprId> {
        let token = self.take();
        if self.bytes(token).contains(&b'.') {
            return self.fail(
                token.start,
                token.end,
                "use brackets for this index, as in `a[0][1]`",
            );
        }
        let number = Self::between(token.start, token.end);
        Ok(self.push(
            ExprKind::LegacyIndex { of, number },
            Self::between(start, token.end),
        ))
    }

    fn after_bracket(&mut self, of: ExprId, start: usize, open: usize) -> Parsed<ExprId> {
        let token = self.peek();
        if token.kind == TokenKind::Operator(BinaryOp::Multiply) {
            self.take();
            self.close(TokenKind::CloseBracket, "`]`", open)?;
            let item = self.push(ExprKind::SplatItem, Self::between(token.start, token.end));
            self.deeper()?;
            let each = self.accesses(item)?;
            self.depth -= 1;
            let span = self.since(start);
            return Ok(self.push(ExprKind::FullSplat { of, each }, span));
        }
        let newlines = self.set_newlines(false);
        let key = self.expression()?;
        self.close(TokenKind::CloseBracket, "`]`", open)?;
        self.set_newlines(newlines);
        let span = self.since(start);
        Ok(self.push(ExprKind::Index { of, key }, span))
    }

    fn term(&mut self) -> Parsed<ExprId> {
        let token = self.peek();
        match token.kind {
            TokenKind::Word => self.word(),
            TokenKind::Number => self.number(),
            TokenKind::Quote => {
                self.take();
                self.template(token, super::template::Mode::Quoted)
            }
            TokenKind::Heredoc => {
                self.take();
                self.template(token, super::template::Mode::Heredoc)
            }
            TokenKind::OpenBracket => self.tuple(),
            TokenKind::OpenBrace => self.object(),
            TokenKind::OpenParen => self.parentheses(),
            TokenKind::Operator(BinaryOp::Subtract) | TokenKind::Bang => self.unary(token),
            _ => self.expected("a value"),
        }
    }

    fn word(&mut self) -> Parsed<ExprId> {
        let token = self.take();
        if matches!(
            self.peek().kind,
            TokenKind::OpenParen | TokenKind::DoubleColon
        ) {
            return self.call(token);
        }
        let kind = match self.bytes(token) {
            b"true" => ExprKind::True,
            b"false" => ExprKind::False,
            b"null" => ExprKind::Null,
            _ => ExprKind::Variable,
        };
        Ok(self.push(kind, Self::between(token.start, token.end)))
    }

    fn number(&mut self) -> Parsed<ExprId> {
        let token = self.take();
        if !is_number(self.bytes(token)) {
            return self.fail(token.start, token.end, "this is not a number");
        }
        Ok(self.push(ExprKind::Number, Self::between(token.start, token.end)))
    }

    fn parentheses(&mut self) -> Parsed<ExprId> {
        let open = self.take().start;
        let newlines = self.set_newlines(false);
        let inner = self.expression()?;
        self.close(TokenKind::CloseParen, "`)`", open)?;
        self.set_newlines(newlines);
        let span = self.since(open);
        Ok(self.push(ExprKind::Parentheses(inner), span))
    }

    /// The operator takes the whole chain behind it: `-x.y[0]`.
    fn unary(&mut self, token: Token) -> Parsed<ExprId> {
        self.take();
        self.deeper()?;
        let operand = self.operand()?;
        self.depth -= 1;
        let kind = match token.kind {
            TokenKind::Bang => ExprKind::Not(operand),
            _ => ExprKind::Negate(operand),
        };
        let span = self.since(token.start);
        Ok(self.push(kind, span))
    }
}
