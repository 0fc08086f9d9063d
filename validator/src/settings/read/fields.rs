//! The arguments of one block: each known by name, of the right kind, or a problem with its place.

use std::collections::BTreeMap;

use cty::Value;

use super::super::nearest;
use super::{Problem, problem};
use crate::eval;
use crate::inventory::Name;
use crate::source::{Location, SourceFile, Span};
use crate::syntax::ast::Block;

/// One block's arguments.
pub(super) struct Fields<'f> {
    file: &'f SourceFile,
    block: &'f Block,
    values: BTreeMap<&'f str, (Span, Value)>,
}

impl<'f> Fields<'f> {
    /// Reads all arguments; those outside of the list are problems, unless the list ends with `*`.
    pub(super) fn new(
        file: &'f SourceFile,
        block: &'f Block,
        known: &[&str],
        problems: &mut Vec<Problem>,
    ) -> Self {
        let ast = &file.ast;
        let ty = ast.slice(block.name);
        let mut values = BTreeMap::new();
        for attribute in ast.attributes(block.body) {
            let name = ast.slice(attribute.name);
            if !known.contains(&name) && known.last() != Some(&"*") {
                let hint = nearest(name, known.iter().copied())
                    .map_or_else(|| ".".to_owned(), |near| format!("; did you mean {near}?"));
                let message = format!(
                    "{name:?} means nothing in {ty}{hint} There are: {}.",
                    known.join(", ")
                );
                problems.push(problem(file, attribute.name, message));
                continue;
            }
            match eval::constant(
                file,
                attribute.value,
                &eval::Budget::new(&eval::Limits::default()),
            ) {
                Ok(value) => {
                    values.insert(name, (ast.expr(attribute.value).span, value));
                }
                Err(failure) => {
                    let span = ast.expr(attribute.value).span;
                    problems.push(problem(file, span, failure.to_string()));
                }
            }
        }
        for inner in ast.blocks(block.body) {
            let message = format!("a block means nothing in {ty}");
            problems.push(problem(file, inner.name, message));
        }
        Fields {
            file,
            block,
            values,
        }
    }

    /// Where the block stands.
    pub(super) fn place(&self) -> Location {
        self.file.location(self.block.name.start)
    }

    /// The labels.
    pub(super) fn labels(&self) -> Vec<&'f str> {
        self.file.ast.label_texts(self.block)
    }

    /// A problem about the block.
    pub(super) fn refuse(&self, message: impl Into<String>) -> Problem {
        problem(self.file, self.block.name, message)
    }

    /// A problem about an argument.
    pub(super) fn refuse_at(&self, name: &str, message: impl Into<String>) -> Problem {
        let span = self
            .values
            .get(name)
            .map_or(self.block.name, |(span, _)| *span);
        problem(self.file, span, message)
    }

    /// A problem about the name of an argument.
    pub(super) fn refuse_name(&self, name: &str, message: impl Into<String>) -> Problem {
        let ast = &self.file.ast;
        let named = ast
            .attributes(self.block.body)
            .iter()
            .find(|attribute| ast.slice(attribute.name) == name);
        let span = named.map_or(self.block.name, |attribute| attribute.name);
        problem(self.file, span, message)
    }

    /// Names of all arguments.
    pub(super) fn names(&self) -> impl Iterator<Item = &'f str> {
        self.values.keys().copied()
    }

    /// A text; numbers and bools count as their text.
    pub(super) fn text(&self, name: &str, problems: &mut Vec<Problem>) -> Option<Name> {
        let (_, value) = self.values.get(name)?;
        if let Some(text) = value.as_str() {
            return Some(text.into());
        }
        if let Some(number) = value.as_number() {
            return Some(number.to_string().into());
        }
        if let Some(truth) = value.as_bool() {
            return Some(truth.to_string().into());
        }
        problems.push(self.refuse_at(name, format!("{name} must be text")));
        None
    }

    /// A text that must be there.
    pub(super) fn required(&self, name: &str, problems: &mut Vec<Problem>) -> Name {
        let count = problems.len();
        match self.text(name, problems) {
            Some(text) if !text.is_empty() => return text,
            _ if problems.len() == count => {
                let ty = self.file.ast.slice(self.block.name);
                problems.push(self.refuse(format!("{ty} needs {name} = \"…\"")));
            }
            _ => {}
        }
        Name::from("")
    }

    /// A word of a list, read by its own function.
    pub(super) fn word<T>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        expected: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let text = self.text(name, problems)?;
        let value = read(&text);
        if value.is_none() {
            problems.push(self.refuse_at(name, format!("{name} is {text:?}; expected {expected}")));
        }
        value
    }

    /// A bool.
    pub(super) fn truth(&self, name: &str, problems: &mut Vec<Problem>) -> Option<bool> {
        let (_, value) = self.values.get(name)?;
        let truth = value.as_bool();
        if truth.is_none() {
            problems.push(self.refuse_at(name, format!("{name} must be true or false")));
        }
        truth
    }

    /// A list of texts; a single text counts as a list of one.
    pub(super) fn list(&self, name: &str, problems: &mut Vec<Problem>) -> Vec<Name> {
        let Some((_, value)) = self.values.get(name) else {
            return Vec::new();
        };
        if let Some(text) = value.as_str() {
            return vec![text.into()];
        }
        let elements = value.elements().map(<[Value]>::to_vec).unwrap_or_default();
        let texts: Vec<Name> = elements
            .iter()
            .filter_map(|element| element.as_str().map(Name::from))
            .collect();
        if value.elements().is_none() || texts.len() != elements.len() {
            problems.push(self.refuse_at(name, format!("{name} must be a list of text")));
        }
        texts
    }
}
