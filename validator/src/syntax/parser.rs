//! Recursive descent from text straight into the compact tree.

mod body;
mod collection;
mod embedded;
mod expression;
mod recovery;
mod template;

use super::SyntaxError;
use super::ast::{Ast, Expr, ExprId, ExprKind, List, OWNED, Text};
use super::lexer::{self, Token, TokenKind};
use crate::source::Span;

/// Nesting that is read; Terraform itself reads deeper, but no real file does.
pub const MAX_NESTING: u32 = 512;
/// Errors of one file before the rest is left alone: every error may cost a look at all of the rest.
pub(super) const MOST_ERRORS: usize = 50;

/// The error has been noted; whoever called decides where to go on.
pub(super) struct Broken;

type Parsed<T> = Result<T, Broken>;

/// A file while it is parsed.
pub(super) struct Parser<'a> {
    source: &'a [u8],
    at: usize,
    /// Line breaks are tokens (bodies, object constructors), or blanks (parentheses, lists, `for`, holes).
    newlines: bool,
    depth: u32,
    peeked: Option<Token>,
    /// Ids of lists that are not finished yet.
    pub(super) pending: Vec<u32>,
    /// A block turned out to have no end: from there on a top-level word at the start of a line ends it.
    guessing: bool,
    /// From here on nothing was found that ends damage.
    hopeless: usize,
    /// Heredocs in damaged code that are never closed.
    open_heredocs: u32,
    pub(super) ast: Ast,
}

/// Sizes of a tree, for taking a part of it back.
struct Mark {
    exprs: usize,
    extra: usize,
    attributes: usize,
    blocks: usize,
    labels: usize,
    strings: usize,
    errors: usize,
}

/// A byte-order mark may stand at the very start.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// An offset as the tree keeps it. Sources stay below 2 GiB.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<'a> Parser<'a> {
    /// For a source that is not too long for the tree; its text is given to the tree by the caller.
    pub(super) fn new(source: &'a [u8], newlines: bool) -> Self {
        let mut ast = Ast {
            file_length: offset(source.len()),
            ..Ast::default()
        };
        // About one expression for 24 bytes of real code.
        ast.exprs.reserve(source.len() / 24);
        ast.extra.reserve(source.len() / 24);
        Parser {
            at: if source.starts_with(BOM) {
                BOM.len()
            } else {
                0
            },
            source,
            newlines,
            depth: 0,
            peeked: None,
            pending: Vec::new(),
            guessing: false,
            hopeless: usize::MAX,
            open_heredocs: 0,
            ast,
        }
    }

    /// A whole file of arguments and blocks.
    pub(super) fn file(mut self) -> Ast {
        let length = self.source.len();
        let mut root = self.body(true);
        root.span = Self::between(0, length);
        self.ast.root = root;
        self.finish()
    }

    /// A single expression, with line breaks as blanks.
    pub(super) fn single(mut self) -> Ast {
        self.ast.template = self.whole_expression().ok();
        self.finish()
    }

    /// An expression and the end of the text behind it.
    fn whole_expression(&mut self) -> Parsed<ExprId> {
        let parsed = self.expression()?;
        match self.peek().kind {
            TokenKind::End => Ok(parsed),
            _ => self.expected("the end of the expression"),
        }
    }

    /// A whole template file.
    pub(super) fn template_file(mut self) -> Ast {
        let start = self.at;
        let whole = Token {
            kind: TokenKind::Quote,
            start,
            end: start,
        };
        self.ast.template = self.template(whole, template::Mode::File).ok();
        self.finish()
    }

    pub(super) fn finish(mut self) -> Ast {
        self.ast.exprs.shrink_to_fit();
        self.ast.extra.shrink_to_fit();
        self.ast.errors.truncate(MOST_ERRORS);
        self.ast
    }

    fn between(start: usize, end: usize) -> Span {
        Span {
            start: offset(start),
            end: offset(end),
        }
    }

    /// From `start` up to where parsing stands.
    fn since(&self, start: usize) -> Span {
        Self::between(start, self.at)
    }

    fn peek(&mut self) -> Token {
        if let Some(token) = self.peeked {
            return token;
        }
        let token = lexer::next(self.source, self.at, self.newlines);
        self.peeked = Some(token);
        token
    }

    fn take(&mut self) -> Token {
        let token = self.peek();
        self.at = token.end;
        self.peeked = None;
        token
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.peek().kind == kind;
        if found {
            self.take();
        }
        found
    }

    /// Goes on at another place.
    fn jump(&mut self, at: usize) {
        self.at = at;
        self.peeked = None;
    }

    /// Switches what a line break is. A token that was only looked at is looked at again.
    fn set_newlines(&mut self, newlines: bool) -> bool {
        let before = self.newlines;
        if before != newlines {
            self.newlines = newlines;
            self.peeked = None;
        }
        before
    }

    fn bytes(&self, token: Token) -> &[u8] {
        self.source.get(token.start..token.end).unwrap_or_default()
    }

    fn is_word(&mut self, word: &[u8]) -> bool {
        let token = self.peek();
        token.kind == TokenKind::Word && self.bytes(token) == word
    }

    pub(super) fn note(&mut self, start: usize, end: usize, message: impl Into<String>) {
        self.ast.errors.push(SyntaxError {
            span: Self::between(start, end),
            message: message.into(),
        });
    }

    fn fail<T>(&mut self, start: usize, end: usize, message: impl Into<String>) -> Parsed<T> {
        self.note(start, end, message);
        Err(Broken)
    }

    /// What a token is called in messages.
    fn found(&self, token: Token) -> String {
        match token.kind {
            TokenKind::End => "the end of the file".into(),
            TokenKind::Newline => "the end of the line".into(),
            TokenKind::Unknown => match self.source.get(token.start) {
                Some(b'\'') => "a single quote (strings need double quotes)".into(),
                Some(b';') => "`;` (items are separated by line breaks)".into(),
                Some(b'/') => "an unfinished `/*` comment".into(),
                Some(byte @ (b'&' | b'|' | b'^' | b'~')) => {
                    format!("`{}` (there are no bitwise operators)", char::from(*byte))
                }
                _ => match lexer::char_at(self.source, token.start) {
                    Some(c) => format!("the character {c:?}"),
                    None => "bytes that are not UTF-8".into(),
                },
            },
            _ => {
                let end = token.end.min(token.start + 24);
                let bytes = self.source.get(token.start..end).unwrap_or_default();
                format!("`{}`", String::from_utf8_lossy(bytes))
            }
        }
    }

    fn expected<T>(&mut self, what: &str) -> Parsed<T> {
        let token = self.peek();
        let message = format!("expected {what}, found {}", self.found(token));
        self.fail(token.start, token.end, message)
    }

    /// The closing bracket of what was opened at `open`.
    fn close(&mut self, kind: TokenKind, what: &str, open: usize) -> Parsed<()> {
        if self.eat(kind) {
            return Ok(());
        }
        if self.peek().kind == TokenKind::End {
            // The end of the file says nothing; where it began does.
            return self.fail(
                open,
                open + 1,
                format!("expected {what} to close this before the end of the file"),
            );
        }
        let line = self.line(open);
        self.expected(&format!("{what} to close the one opened on line {line}"))
    }

    fn line(&self, at: usize) -> usize {
        let at = self.ast.real_offset(offset(at));
        let before = self.source.get(..at as usize).unwrap_or_default();
        before.split(|byte| *byte == b'\n').count()
    }

    fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth <= MAX_NESTING {
            return Ok(());
        }
        let token = self.peek();
        self.fail(
            token.start,
            token.end,
            format!("nested deeper than {MAX_NESTING} levels"),
        )
    }

    pub(super) fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        let id = ExprId(offset(self.ast.exprs.len()));
        self.ast.exprs.push(Expr { kind, span });
        id
    }

    fn span(&self, id: ExprId) -> Span {
        self.ast.expr(id).span
    }

    /// The ids that are pending since `mark`, as a list of the tree.
    pub(super) fn list_since(&mut self, mark: usize) -> List {
        let list = List {
            at: offset(self.ast.extra.len()),
            len: offset(self.pending.len() - mark),
        };
        self.ast.extra.extend(self.pending.drain(mark..));
        list
    }

    fn own(&mut self, text: &str) -> Text {
        let at = offset(self.ast.strings.len()) | OWNED;
        self.ast.strings.push_str(text);
        Text {
            at,
            len: offset(text.len()),
        }
    }

    fn borrowed(start: usize, end: usize) -> Text {
        Text {
            at: offset(start),
            len: offset(end - start),
        }
    }

    fn mark(&self) -> Mark {
        Mark {
            exprs: self.ast.exprs.len(),
            extra: self.ast.extra.len(),
            attributes: self.ast.attributes.len(),
            blocks: self.ast.blocks.len(),
            labels: self.ast.labels.len(),
            strings: self.ast.strings.len(),
            errors: self.ast.errors.len(),
        }
    }

    fn take_back(&mut self, mark: &Mark) {
        self.ast.exprs.truncate(mark.exprs);
        self.ast.extra.truncate(mark.extra);
        self.ast.attributes.truncate(mark.attributes);
        self.ast.blocks.truncate(mark.blocks);
        self.ast.labels.truncate(mark.labels);
        self.ast.strings.truncate(mark.strings);
        self.ast.errors.truncate(mark.errors);
    }
}
