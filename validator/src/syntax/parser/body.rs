//! Bodies: arguments and blocks.

use std::collections::HashSet;

use super::{MOST_ERRORS, Parsed, Parser, offset};
use crate::source::Span;
use crate::syntax::ast::{Attribute, Block, Body, ExprId, ExprKind, Label, List};
use crate::syntax::lexer::{TokenKind, at_line_start, begins_block};
use crate::syntax::literal;

/// Arguments below which a name is looked up by going through them.
const FEW: usize = 12;

impl Parser<'_> {
    /// Items up to `}` or the end of the file; the closing brace is left to the caller.
    pub(super) fn body(&mut self, top: bool) -> Body {
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut blocks: Vec<Block> = Vec::new();
        loop {
            let token = self.peek();
            match token.kind {
                TokenKind::Newline => {
                    self.take();
                    continue;
                }
                TokenKind::End => break,
                _ if self.ast.errors.len() >= MOST_ERRORS => {
                    self.jump(self.source.len());
                    break;
                }
                TokenKind::CloseBrace if !top => break,
                TokenKind::Word if self.guessing && !top && self.at_block_start(token.start) => {
                    break;
                }
                _ => {}
            }
            let (depth, pending) = (self.depth, self.pending.len());
            if self.item(&mut attributes, &mut blocks).is_err() {
                if top && token.kind == TokenKind::CloseBrace {
                    self.mark_damaged(&mut blocks);
                }
                self.depth = depth;
                self.pending.truncate(pending);
                self.newlines = true;
                self.peeked = None;
                if self.recover(token.start, top) {
                    break;
                }
            }
        }
        self.check_duplicates(&attributes);
        self.body_of(attributes, blocks)
    }

    fn at_block_start(&self, at: usize) -> bool {
        at_line_start(self.source, at) && begins_block(self.source, at)
    }

    /// A stray `}`: the blocks before it, back to the last one that begins at the top, probably ended too early.
    fn mark_damaged(&self, blocks: &mut [Block]) {
        for block in blocks.iter_mut().rev() {
            block.damaged = true;
            if begins_block(self.source, block.name.start as usize) {
                break;
            }
        }
    }

    pub(in crate::syntax) fn body_of(
        &mut self,
        attributes: Vec<Attribute>,
        blocks: Vec<Block>,
    ) -> Body {
        let body = Body {
            attributes: List {
                at: offset(self.ast.attributes.len()),
                len: offset(attributes.len()),
            },
            blocks: List {
                at: offset(self.ast.blocks.len()),
                len: offset(blocks.len()),
            },
            ..Body::default()
        };
        self.ast.attributes.extend(attributes);
        self.ast.blocks.extend(blocks);
        body
    }

    fn check_duplicates(&mut self, attributes: &[Attribute]) {
        let name = |attribute: &Attribute| {
            let Span { start, end } = attribute.name;
            self.source.get(start as usize..end as usize)
        };
        let mut twice = Vec::new();
        if attributes.len() <= FEW {
            for (at, attribute) in attributes.iter().enumerate() {
                if attributes[..at]
                    .iter()
                    .any(|before| name(before) == name(attribute))
                {
                    twice.push(attribute.name);
                }
            }
        } else {
            let mut seen = HashSet::new();
            twice.extend(
                attributes
                    .iter()
                    .filter(|attribute| !seen.insert(name(attribute)))
                    .map(|a| a.name),
            );
        }
        for span in twice {
            self.note(
                span.start as usize,
                span.end as usize,
                "this argument is already set in this block",
            );
        }
    }

    fn item(&mut self, attributes: &mut Vec<Attribute>, blocks: &mut Vec<Block>) -> Parsed<()> {
        let token = self.take();
        if token.kind == TokenKind::Quote {
            return self.fail(
                token.start,
                token.end,
                "argument names are written without quotes",
            );
        }
        if token.kind != TokenKind::Word {
            let message = format!(
                "expected an argument or a block, found {}",
                self.found(token)
            );
            return self.fail(token.start, token.end, message);
        }
        let name = Self::between(token.start, token.end);
        match self.peek().kind {
            TokenKind::Assign => {
                self.take();
                match self.expression() {
                    Ok(value) => {
                        let value = self.settled(value);
                        attributes.push(Attribute { name, value });
                    }
                    Err(broken) => {
                        // The name stays known: set to something unreadable is not the same as not set.
                        let value = self.push(ExprKind::Bad, name);
                        attributes.push(Attribute { name, value });
                        return Err(broken);
                    }
                }
                self.end_of_item("argument")
            }
            TokenKind::OpenBrace | TokenKind::Quote | TokenKind::Word => self.block(name, blocks),
            _ => self.expected("`=` or `{` after the name"),
        }
    }

    /// What a value is worth, by what stands behind it: where it goes on in a way that cannot be read, it is no value.
    fn settled(&mut self, value: ExprId) -> ExprId {
        let token = self.peek();
        let ends = match token.kind {
            TokenKind::Newline | TokenKind::End | TokenKind::Comma | TokenKind::CloseBrace => true,
            _ => self.bytes(token) == b";",
        };
        if ends {
            return value;
        }
        let span = self.span(value);
        self.push(ExprKind::Bad, span)
    }

    fn end_of_item(&mut self, what: &str) -> Parsed<()> {
        match self.peek().kind {
            TokenKind::Newline => {
                self.take();
                Ok(())
            }
            TokenKind::End => Ok(()),
            _ => self.expected(&format!("a line break after this {what}")),
        }
    }

    fn block(&mut self, name: Span, blocks: &mut Vec<Block>) -> Parsed<()> {
        let labels = self.labels()?;
        let open = self.take().start;
        self.deeper()?;
        let errors = self.ast.errors.len();
        let several_lines = matches!(self.peek().kind, TokenKind::Newline | TokenKind::End);
        let mut body = if several_lines {
            self.lines_of_block()
        } else if self.peek().kind == TokenKind::Word {
            self.line_of_block()?
        } else {
            Body::default()
        };
        self.depth -= 1;
        let closed = if self.eat(TokenKind::CloseBrace) {
            Ok(())
        } else if self.ast.errors.len() > errors {
            Err(super::Broken)
        } else {
            let token = self.peek();
            let (found, line) = (self.found(token), self.line(token.start));
            self.fail(
                open,
                open + 1,
                format!("this block is not closed before {found} on line {line}"),
            )
        };
        body.span = self.since(open);
        blocks.push(Block {
            name,
            labels,
            body,
            span: self.since(name.start as usize),
            damaged: self.ast.errors.len() > errors,
        });
        closed?;
        self.end_of_item("block")
    }

    fn labels(&mut self) -> Parsed<List> {
        let mut labels: Vec<Label> = Vec::new();
        loop {
            let token = self.peek();
            match token.kind {
                TokenKind::Word => {
                    self.take();
                    labels.push(Label {
                        text: Self::borrowed(token.start, token.end),
                        span: Self::between(token.start, token.end),
                    });
                }
                TokenKind::Quote => {
                    self.take();
                    labels.push(self.label(token.start)?);
                }
                TokenKind::OpenBrace => break,
                _ => return self.expected("a label or `{`"),
            }
        }
        let list = List {
            at: offset(self.ast.labels.len()),
            len: offset(labels.len()),
        };
        self.ast.labels.extend(labels);
        Ok(list)
    }

    fn label(&mut self, quote: usize) -> Parsed<Label> {
        let run = literal::quoted(self.source, quote + 1);
        self.jump(run.end);
        match self.source.get(run.end) {
            Some(b'"') => {}
            Some(b'$' | b'%') => {
                return self.fail(run.end, run.end + 2, "a label cannot contain `${` or `%{`");
            }
            _ => return self.unfinished(quote),
        }
        self.at += 1;
        let text = self.decoded(quote + 1, run)?;
        Ok(Label {
            text,
            span: self.since(quote),
        })
    }

    fn lines_of_block(&mut self) -> Body {
        let (mark, at) = (self.mark(), self.at);
        let body = self.body(false);
        if self.peek().kind != TokenKind::End || self.guessing {
            return body;
        }
        // No end in sight: read it again, and stop where the next top-level block seems to begin.
        self.take_back(&mark);
        self.jump(at);
        self.guessing = true;
        self.body(false)
    }

    /// `name { a = 1 }`: one argument, no block, no second line.
    fn line_of_block(&mut self) -> Parsed<Body> {
        let token = self.take();
        if !self.eat(TokenKind::Assign) {
            return self.expected("`=` (a block on one line holds a single argument)");
        }
        let value = self.expression()?;
        let value = self.settled(value);
        let mut all = vec![Attribute {
            name: Self::between(token.start, token.end),
            value,
        }];
        if self.peek().kind != TokenKind::CloseBrace {
            let _: Parsed<()> = self.expected("`}` (a block on one line holds a single argument)");
            self.rest_of_line(&mut all);
        }
        Ok(self.body_of(all, Vec::new()))
    }

    /// The error is noted; `b = 2, c = 3` up to `}` is read so that these arguments are known.
    fn rest_of_line(&mut self, all: &mut Vec<Attribute>) {
        let errors = self.ast.errors.len();
        loop {
            loop {
                let token = self.peek();
                let semicolon = token.kind == TokenKind::Unknown && self.bytes(token) == b";";
                if !semicolon && !matches!(token.kind, TokenKind::Comma | TokenKind::Newline) {
                    break;
                }
                self.take();
            }
            let token = self.peek();
            if token.kind != TokenKind::Word || self.at_block_start(token.start) {
                break;
            }
            self.take();
            if !self.eat(TokenKind::Assign) {
                break;
            }
            let name = Self::between(token.start, token.end);
            let parsed = self.expression();
            let broken = parsed.is_err();
            let value = match parsed {
                Ok(value) => self.settled(value),
                Err(_) => self.push(ExprKind::Bad, name),
            };
            all.push(Attribute { name, value });
            if broken {
                break;
            }
        }
        self.ast.errors.truncate(errors);
    }
}
