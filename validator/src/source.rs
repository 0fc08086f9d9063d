//! Source files and places in them: bytes to lines and columns, as Terraform counts them.

use std::sync::{Arc, RwLock};

use unicode_segmentation::UnicodeSegmentation;

use crate::syntax::ast::Ast;

/// A file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Behind the last byte.
    pub end: u32,
}

impl Span {
    /// From here up to the end of the other.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span {
            start: self.start,
            end: other.end,
        }
    }
}

/// A range of bytes in a file that is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
}

/// A place as people read it, which outlives the file's text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file's name as shown: relative to the root, with forward slashes.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in grapheme clusters.
    pub column: u32,
}

/// One parsed file.
#[derive(Debug)]
pub struct SourceFile {
    /// Its number.
    pub id: FileId,
    /// Its name as shown: relative to the root, with forward slashes.
    pub name: Arc<str>,
    /// What stands in it; also holds the text.
    pub ast: Ast,
    /// Whether it holds values only, as a `.tfvars` does: any of them may be a secret, so that no line of it is shown.
    pub values: bool,
    /// Offset of the first byte of each line.
    lines: Vec<u32>,
}

impl SourceFile {
    /// Line and column of an offset into the file's own text.
    pub fn location(&self, offset: u32) -> Location {
        let offset = self.ast.real_offset(offset);
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let before = self
            .ast
            .source
            .get(start as usize..offset as usize)
            .unwrap_or_default();
        // A byte-order mark is no character of the first line.
        let before = match before.strip_prefix("\u{feff}".as_bytes()) {
            Some(rest) if start == 0 => rest,
            _ => before,
        };
        let column = String::from_utf8_lossy(before).graphemes(true).count() + 1;
        Location {
            file: self.name.clone(),
            line: u32::try_from(line.max(1)).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// All files that were read, by number. Files can be added while others are in use: templates are found during evaluation.
#[derive(Debug, Default)]
pub struct Sources {
    files: RwLock<Vec<Arc<SourceFile>>>,
}

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Sources::default()
    }

    /// Adds a parsed file under the name that is shown.
    pub fn add(&self, name: impl Into<Arc<str>>, ast: Ast) -> Arc<SourceFile> {
        self.put(name.into(), ast, false)
    }

    /// Adds a parsed file of values, of which no line is ever shown.
    pub fn add_values(&self, name: impl Into<Arc<str>>, ast: Ast) -> Arc<SourceFile> {
        self.put(name.into(), ast, true)
    }

    fn put(&self, name: Arc<str>, ast: Ast, values: bool) -> Arc<SourceFile> {
        let mut lines = vec![0];
        let text = ast.own_text();
        lines.extend(
            text.iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'\n')
                .map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)),
        );
        let mut files = self
            .files
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let file = Arc::new(SourceFile {
            id: FileId(u32::try_from(files.len()).unwrap_or(u32::MAX)),
            name,
            ast,
            values,
            lines,
        });
        files.push(file.clone());
        file
    }

    /// The file with this number.
    ///
    /// # Panics
    /// When the number is not one that [`Sources::add`] gave.
    pub fn get(&self, id: FileId) -> Arc<SourceFile> {
        let files = self
            .files
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        files[id.0 as usize].clone()
    }

    /// All files, in the order in which they were added.
    pub fn all(&self) -> Vec<Arc<SourceFile>> {
        self.files
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// Line and column where a place begins.
    pub fn location(&self, place: Place) -> Location {
        self.get(place.file).location(place.span.start)
    }
}
