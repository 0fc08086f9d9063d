//! Templates: quoted strings, heredocs and template files, read into parts.

mod build;

use super::{Parsed, Parser};
use crate::source::Span;
use crate::syntax::ast::{ExprId, ExprKind, Text};
use crate::syntax::lexer::{Token, TokenKind};
use crate::syntax::literal::{self, Literal, Run, Wrong};

/// What kind of text a template stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::syntax) enum Mode {
    Quoted,
    Heredoc,
    File,
}

/// A part of a template, in order. Directives know where they begin.
enum Part {
    Text(Literal),
    Hole(ExprId),
    If(ExprId, usize),
    Else(usize),
    EndIf(usize),
    For(Span, Span, ExprId, usize),
    EndFor(usize),
}

/// Where reading a template stands.
struct Reading {
    mode: Mode,
    /// Where the template begins, for messages.
    start: usize,
    /// Where its text begins.
    text: usize,
    /// The name that ends a heredoc.
    marker: (usize, usize),
    at: usize,
    at_line_start: bool,
    /// The last hole or directive ended in `~}`.
    trim: bool,
    parts: Vec<Part>,
}

impl Parser<'_> {
    /// A string that is not closed on its line.
    pub(super) fn unfinished<T>(&mut self, quote: usize) -> Parsed<T> {
        let end = crate::syntax::lexer::line_end(self.source, quote);
        self.jump(end);
        self.fail(quote, end, "this string is not closed on its line")
    }

    fn wrong<T>(&mut self, (at, message): Wrong) -> Parsed<T> {
        self.fail(at, at + 1, message)
    }

    /// The value of a quoted run.
    pub(super) fn decoded(&mut self, start: usize, run: Run) -> Parsed<Text> {
        if run.plain {
            let bytes = self.source.get(start..run.end).unwrap_or_default();
            return match std::str::from_utf8(bytes) {
                Ok(_) => Ok(Self::borrowed(start, run.end)),
                Err(error) => {
                    let at = start + error.valid_up_to();
                    self.fail(at, at + 1, "bytes that are not UTF-8")
                }
            };
        }
        match literal::decode(self.source, start, run.end, true) {
            Ok(text) => Ok(self.own(&text)),
            Err(wrong) => self.wrong(wrong),
        }
    }

    /// A template whose opening token has been read.
    pub(super) fn template(&mut self, open: Token, mode: Mode) -> Parsed<ExprId> {
        if mode == Mode::Quoted {
            let run = literal::quoted(self.source, open.end);
            // Most strings have nothing special in them.
            if self.source.get(run.end) == Some(&b'"') {
                self.jump(run.end + 1);
                let text = self.decoded(open.end, run)?;
                let span = self.since(open.start);
                return Ok(self.push(ExprKind::String(text), span));
            }
        }
        self.deeper()?;
        let newlines = self.set_newlines(false);
        let mut reading = self.reading(open, mode);
        while !self.step(&mut reading)? {}
        self.peeked = None;
        self.set_newlines(newlines);
        self.depth -= 1;
        let mut parts = reading.parts;
        if mode == Mode::Heredoc && self.source.get(open.start + 2) == Some(&b'-') {
            build::dedent(self.source, &mut parts);
        }
        let span = self.since(open.start);
        self.build(parts, span)
    }

    fn reading(&self, open: Token, mode: Mode) -> Reading {
        let dash = usize::from(self.source.get(open.start + 2) == Some(&b'-'));
        let mut at = open.end;
        if mode == Mode::Heredoc {
            at += if self.source.get(at) == Some(&b'\r') {
                2
            } else {
                1
            };
        }
        Reading {
            mode,
            start: open.start,
            text: at,
            marker: (open.start + 2 + dash, open.end),
            at,
            at_line_start: mode != Mode::Quoted,
            trim: false,
            parts: Vec::new(),
        }
    }

    /// Reads a run of text and the hole or directive behind it. True at the end.
    fn step(&mut self, reading: &mut Reading) -> Parsed<bool> {
        let source = self.source;
        let lines = reading.mode != Mode::Quoted;
        if reading.mode == Mode::Heredoc && reading.at_line_start {
            let marker = source
                .get(reading.marker.0..reading.marker.1)
                .unwrap_or_default();
            if let Some(end) = literal::closing_line(source, reading.at, marker) {
                self.at = end;
                return Ok(true);
            }
        }
        let run = if lines {
            literal::heredoc_line(source, reading.at, reading.mode == Mode::File)
        } else {
            literal::quoted(source, reading.at)
        };
        if run.end > reading.at {
            let mut text = match Literal::new(source, reading.at, run, !lines) {
                Ok(text) => text,
                Err(wrong) => return self.wrong(wrong),
            };
            if reading.trim {
                text.trim_start(source);
            }
            reading.parts.push(Part::Text(text));
            reading.trim = false;
            reading.at_line_start = lines && source.get(run.end - 1) == Some(&b'\n');
            reading.at = run.end;
            let rest = source.get(run.end..).unwrap_or_default();
            if reading.at_line_start
                || lines && (rest.starts_with(b"\n") || rest.starts_with(b"\r\n"))
            {
                return Ok(false);
            }
        }
        self.hole(reading)
    }

    /// What stands where a run of text ends. True at the end of the template.
    fn hole(&mut self, reading: &mut Reading) -> Parsed<bool> {
        let source = self.source;
        let at = reading.at;
        let byte = source.get(at).copied();
        match (reading.mode, byte) {
            (Mode::Quoted, Some(b'"')) => {
                self.at = at + 1;
                return Ok(true);
            }
            (Mode::File, None) => {
                self.at = at;
                return Ok(true);
            }
            (_, Some(b'$' | b'%')) => {}
            (_, Some(b'\r')) => {
                return self.fail(at, at + 1, "a carriage return without a line feed");
            }
            (Mode::Quoted, _) => return self.unfinished(reading.start),
            _ => {
                let end = reading.text.saturating_sub(1).max(reading.start);
                return self.fail(reading.start, end, "this heredoc has no closing line");
            }
        }
        self.jump(at + 2);
        if source.get(self.at) == Some(&b'~') {
            self.at += 1;
            if let Some(Part::Text(text)) = reading.parts.last_mut() {
                text.trim_end(source);
            }
        }
        let part = if byte == Some(b'$') {
            Part::Hole(self.expression()?)
        } else {
            self.directive(at)?
        };
        reading.parts.push(part);
        match self.peek().kind {
            TokenKind::CloseBrace => reading.trim = false,
            TokenKind::TildeBrace => reading.trim = true,
            _ => self.close(TokenKind::CloseBrace, "`}`", at)?,
        }
        self.take();
        reading.at = self.at;
        reading.at_line_start = false;
        Ok(false)
    }

    fn directive(&mut self, at: usize) -> Parsed<Part> {
        let token = self.peek();
        let word = if token.kind == TokenKind::Word {
            self.bytes(token).to_vec()
        } else {
            Vec::new()
        };
        match word.as_slice() {
            b"if" => {
                self.take();
                Ok(Part::If(self.expression()?, at))
            }
            b"for" => {
                self.take();
                let (key, value) = self.for_names()?;
                Ok(Part::For(key, value, self.expression()?, at))
            }
            b"else" => {
                self.take();
                Ok(Part::Else(at))
            }
            b"endif" => {
                self.take();
                Ok(Part::EndIf(at))
            }
            b"endfor" => {
                self.take();
                Ok(Part::EndFor(at))
            }
            _ => self.expected("`if`, `else`, `endif`, `for` or `endfor`"),
        }
    }
}
