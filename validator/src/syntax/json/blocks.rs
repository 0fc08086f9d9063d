//! Objects into bodies: properties that are blocks, with labels, and properties that are arguments.

use std::collections::HashMap;

use super::Builder;
use super::reader::{Json, Kind, Member, Name, offset};
use super::shape::Shape;
use crate::source::Span;
use crate::syntax::ast::{Attribute, Block, Body, Label, List, Text};

/// A block that is being looked for: its name and how many labels it has.
struct Head {
    name: Name,
    labels: usize,
    shape: &'static Shape,
}

/// The values of one argument, in the order in which they stand.
struct Argument<'j> {
    name: Name,
    values: Vec<&'j Json>,
}

impl Builder<'_> {
    /// The body that these properties make.
    pub(super) fn body(&mut self, members: &[&Member], shape: &'static Shape) -> Body {
        let mut blocks = Vec::new();
        let mut arguments: Vec<Argument<'_>> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for member in members {
            let name = self.slice(member.name.text);
            if name == "//" {
                continue;
            }
            if let Some((labels, shape)) = shape.block(name) {
                let head = Head {
                    name: member.name,
                    labels,
                    shape,
                };
                self.blocks(&head, &member.value, &mut Vec::new(), &mut blocks);
                continue;
            }
            match known.get(name) {
                Some(_) if !shape.open => self.note(
                    member.name.span,
                    "this argument is already set in this block",
                ),
                Some(at) => arguments[*at].values.push(&member.value),
                None => {
                    known.insert(name, arguments.len());
                    arguments.push(Argument {
                        name: member.name,
                        values: vec![&member.value],
                    });
                }
            }
        }
        let attributes: Vec<Attribute> = arguments
            .iter()
            .map(|argument| self.argument(argument, shape))
            .collect();
        let mut body = self.parser.body_of(attributes, blocks);
        body.json = shape.open;
        body
    }

    fn argument(&mut self, argument: &Argument<'_>, shape: &'static Shape) -> Attribute {
        let reading = shape.reading(self.slice(argument.name.text));
        let value = match argument.values.as_slice() {
            [single] => self.value(single, reading, shape.open),
            several => {
                // Twice the same block; were it an argument, Terraform would refuse it.
                let flat = several.iter().flat_map(|value| match &value.kind {
                    Kind::Array(items) => items.as_slice(),
                    _ => std::slice::from_ref(*value),
                });
                let flat: Vec<&Json> = flat.collect();
                let first = argument
                    .values
                    .first()
                    .map_or(argument.name.span, |value| value.span);
                let last = argument.values.last().map_or(first, |value| value.span);
                self.tuple(&flat, first.to(last), reading, shape.open)
            }
        };
        Attribute {
            name: argument.name.text,
            value,
        }
    }

    /// The blocks below a property: first its labels, one level each, then objects.
    fn blocks(&mut self, head: &Head, value: &Json, labels: &mut Vec<Name>, out: &mut Vec<Block>) {
        if labels.len() == head.labels {
            match &value.kind {
                Kind::Null => {}
                Kind::Array(items) => {
                    for item in items {
                        self.block(head, item, labels, out);
                    }
                }
                _ => self.block(head, value, labels, out),
            }
            return;
        }
        let mut members = Vec::new();
        let errors = self.parser.ast.errors.len();
        self.members(value, &mut members);
        if members.is_empty()
            && self.parser.ast.errors.len() == errors
            && !self.is_wrong(value.span)
        {
            let name = self.slice(head.name.text);
            let which = ["first", "second"]
                .get(labels.len())
                .copied()
                .unwrap_or("next");
            let message = format!(
                "expected properties here, whose names are the {which} label of each `{name}` block"
            );
            self.note(value.span, message);
        }
        for member in members {
            labels.push(member.name);
            self.blocks(head, &member.value, labels, out);
            labels.pop();
        }
    }

    /// The properties of an object, or of the objects of a list.
    fn members<'j>(&mut self, value: &'j Json, into: &mut Vec<&'j Member>) {
        match &value.kind {
            Kind::Object(members) => into.extend(members),
            Kind::Array(items) => {
                for item in items {
                    match &item.kind {
                        Kind::Object(members) => into.extend(members),
                        Kind::Bad => {}
                        _ => self.note(
                            item.span,
                            format!("expected an object, found {}", item.name()),
                        ),
                    }
                }
            }
            Kind::Null | Kind::Bad => {}
            _ => {
                let message = format!(
                    "expected an object or a list of objects, found {}",
                    value.name()
                );
                self.note(value.span, message);
            }
        }
    }

    fn block(&mut self, head: &Head, value: &Json, labels: &[Name], out: &mut Vec<Block>) {
        let errors = self.parser.ast.errors.len();
        let mut members = Vec::new();
        self.members(value, &mut members);
        let mut body = self.body(&members, head.shape);
        body.span = value.span;
        let labels = self.labels(labels);
        let start = match self.parser.ast.labels.last() {
            Some(label) if !labels.is_empty() => label.span.start,
            _ => value.span.start,
        };
        let span = Span {
            start,
            end: value.span.end,
        };
        let damaged = self.parser.ast.errors.len() > errors
            || self.is_wrong(span)
            || matches!(value.kind, Kind::Bad);
        out.push(Block {
            name: head.name.text,
            labels,
            body,
            span,
            damaged,
        });
    }

    fn labels(&mut self, names: &[Name]) -> List {
        let labels = &mut self.parser.ast.labels;
        let list = List {
            at: offset(labels.len()),
            len: offset(names.len()),
        };
        labels.extend(names.iter().map(|name| Label {
            text: Text {
                at: name.text.start,
                len: name.text.end - name.text.start,
            },
            span: name.span,
        }));
        list
    }

    /// Whether reading found an error in a part of the file.
    pub(super) fn is_wrong(&self, span: Span) -> bool {
        let next = self.wrong.partition_point(|at| *at < span.start);
        self.wrong.get(next).is_some_and(|at| *at <= span.end)
    }
}
