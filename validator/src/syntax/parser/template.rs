//! Templates: quoted strings, heredocs and template files, read into parts and built into a tree.

use super::{Parsed, Parser, offset};
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

/// A part of a template, in order.
enum Part {
    Text(Literal),
    Hole(ExprId),
    If(ExprId),
    Else,
    EndIf,
    For(Span, Span, ExprId),
    EndFor,
}

/// Directives inside of directives.
const DEEPEST: u32 = 200;

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
            dedent(self.source, &mut parts);
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
            self.directive()?
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

    fn directive(&mut self) -> Parsed<Part> {
        let token = self.peek();
        let word = if token.kind == TokenKind::Word {
            self.bytes(token).to_vec()
        } else {
            Vec::new()
        };
        match word.as_slice() {
            b"if" => {
                self.take();
                Ok(Part::If(self.expression()?))
            }
            b"for" => {
                self.take();
                let (key, value) = self.for_names()?;
                Ok(Part::For(key, value, self.expression()?))
            }
            b"else" => {
                self.take();
                Ok(Part::Else)
            }
            b"endif" => {
                self.take();
                Ok(Part::EndIf)
            }
            b"endfor" => {
                self.take();
                Ok(Part::EndFor)
            }
            _ => self.expected("`if`, `else`, `endif`, `for` or `endfor`"),
        }
    }

    /// Turns the parts into a tree.
    fn build(&mut self, parts: Vec<Part>, span: Span) -> Parsed<ExprId> {
        if let [Part::Hole(inner)] = parts.as_slice() {
            return Ok(self.push(ExprKind::Wrap(*inner), span));
        }
        let mut parts = parts.into_iter().peekable();
        match self.sequence(&mut parts, span, 0) {
            Ok(built) => match parts.next() {
                None => Ok(built),
                Some(part) => {
                    let message = format!("`{}` without its beginning", part.word());
                    self.fail(span.start as usize, span.end as usize, message)
                }
            },
            Err(message) => self.fail(span.start as usize, span.end as usize, message),
        }
    }

    /// Parts up to one that ends a directive.
    fn sequence(&mut self, parts: &mut Parts, span: Span, depth: u32) -> Result<ExprId, String> {
        if depth > DEEPEST {
            return Err(format!("directives nested deeper than {DEEPEST} levels"));
        }
        let mark = self.pending.len();
        while let Some(part) = parts.next_if(|part| !part.ends_something()) {
            let id = match part {
                Part::Text(first) => self.text(first, parts),
                Part::Hole(inner) => inner,
                Part::If(condition) => self.condition(condition, parts, span, depth)?,
                Part::For(key, value, collection) => {
                    let body = self.sequence(parts, span, depth + 1)?;
                    ends(parts.next(), "endfor", "for")?;
                    let at = offset(self.ast.extra.len());
                    self.ast.extra.extend([
                        key.start,
                        key.end,
                        value.start,
                        value.end,
                        collection.0,
                        body.0,
                    ]);
                    self.push(ExprKind::TemplateFor(at), span)
                }
                Part::Else | Part::EndIf | Part::EndFor => {
                    return Err(format!("`{}` without its beginning", part.word()));
                }
            };
            self.pending.push(id.0);
        }
        Ok(self.joined(mark, span, depth))
    }

    /// What is pending since `mark`, as one template.
    fn joined(&mut self, mark: usize, span: Span, depth: u32) -> ExprId {
        match self.pending[mark..] {
            [] => self.push(ExprKind::String(Text::default()), span),
            [only]
                if matches!(self.ast.expr(ExprId(only)).kind, ExprKind::String(_))
                    && self.is_own_text(only) =>
            {
                self.pending.truncate(mark);
                if depth == 0 {
                    self.ast.exprs[only as usize].span = span;
                }
                ExprId(only)
            }
            _ => {
                let list = self.list_since(mark);
                self.push(ExprKind::Template(list), span)
            }
        }
    }

    /// Whether a string is text of this template, which was pushed last, not a string inside of a hole.
    fn is_own_text(&self, id: u32) -> bool {
        id as usize + 1 == self.ast.exprs.len()
    }

    fn condition(
        &mut self,
        condition: ExprId,
        parts: &mut Parts,
        span: Span,
        depth: u32,
    ) -> Result<ExprId, String> {
        let then = self.sequence(parts, span, depth + 1)?;
        let mut otherwise = None;
        if parts.next_if(|part| matches!(part, Part::Else)).is_some() {
            otherwise = Some(self.sequence(parts, span, depth + 1)?);
        }
        ends(parts.next(), "endif", "if")?;
        let kind = ExprKind::TemplateIf {
            condition,
            then,
            otherwise,
        };
        Ok(self.push(kind, span))
    }

    /// Neighbouring runs of text as one string, which stays a slice of the source where nothing was decoded or cut.
    fn text(&mut self, first: Literal, parts: &mut Parts) -> ExprId {
        let source = self.source;
        let (start, mut end) = (first.start, first.end);
        let mut owned = first.decoded;
        while let Some(Part::Text(next)) = parts.next_if(|part| matches!(part, Part::Text(_))) {
            if owned.is_none() && (next.decoded.is_some() || next.start != end) {
                let bytes = source.get(start..end).unwrap_or_default();
                owned = Some(String::from_utf8_lossy(bytes).into_owned());
            }
            if let Some(text) = &mut owned {
                text.push_str(next.text(source));
            }
            end = next.end;
        }
        let text = match owned {
            Some(text) => self.own(&text),
            None => Self::borrowed(start, end),
        };
        self.push(ExprKind::String(text), Self::between(start, end))
    }
}

type Parts = std::iter::Peekable<std::vec::IntoIter<Part>>;

/// The part that has to end a directive.
fn ends(part: Option<Part>, wanted: &str, began: &str) -> Result<(), String> {
    match part {
        Some(part) if part.word() == wanted => Ok(()),
        Some(part) => Err(format!("expected `{wanted}`, found `{}`", part.word())),
        None => Err(format!("`%{{ {began} }}` without `{wanted}`")),
    }
}

impl Part {
    fn ends_something(&self) -> bool {
        matches!(self, Part::Else | Part::EndIf | Part::EndFor)
    }

    fn word(&self) -> &'static str {
        match self {
            Part::Else => "else",
            Part::EndIf => "endif",
            Part::EndFor => "endfor",
            Part::Text(_) | Part::Hole(_) | Part::If(_) | Part::For(..) => "",
        }
    }
}

/// `<<-`: takes the smallest indentation away, after `~` has trimmed. So an indentation that was trimmed counts as none, a
/// line whose break was trimmed begins no line, and lines of white space only are neither counted nor changed.
fn dedent(source: &[u8], parts: &mut [Part]) {
    let mut least: Option<usize> = None;
    let mut at_line_start = true;
    let mut begins = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let Part::Text(literal) = part else {
            if at_line_start {
                least = Some(0);
            }
            at_line_start = false;
            continue;
        };
        let text = literal.text(source);
        let blank = text.ends_with('\n') && text.trim().is_empty();
        if at_line_start && !blank {
            let indentation = text.chars().take_while(|c| c.is_whitespace()).count();
            least = Some(least.map_or(indentation, |least| least.min(indentation)));
            begins.push(at);
        }
        at_line_start = text.ends_with('\n');
    }
    let Some(characters) = least.filter(|least| *least > 0) else {
        return;
    };
    for at in begins {
        if let Part::Text(literal) = &mut parts[at] {
            literal.dedent(source, characters);
        }
    }
}
