//! Values into expressions.

use std::collections::HashSet;

use super::Builder;
use super::reader::{Json, Kind, Member, Name};
use super::shape::Reading;
use crate::source::Span;
use crate::syntax::ast::{ExprId, ExprKind, Text};
use crate::syntax::parser::MOST_ERRORS;

fn borrowed(span: Span) -> ExprKind {
    ExprKind::String(Text {
        at: span.start,
        len: span.end - span.start,
    })
}

impl Builder<'_> {
    /// The expression that a value is. `open`: objects in it may be blocks, whose properties may stand twice.
    pub(super) fn value(&mut self, json: &Json, reading: Reading, open: bool) -> ExprId {
        let kind = match &json.kind {
            Kind::Bad => ExprKind::Bad,
            Kind::Null => ExprKind::Null,
            Kind::True => ExprKind::True,
            Kind::False => ExprKind::False,
            Kind::Number => return self.number(json.span),
            Kind::String(text) => return self.string(*text, json.span, reading),
            Kind::Array(items) => {
                let items: Vec<&Json> = items.iter().collect();
                return self.tuple(&items, json.span, reading, open);
            }
            Kind::Object(members) => return self.object(members, json.span, reading, open),
        };
        self.parser.push(kind, json.span)
    }

    fn number(&mut self, span: Span) -> ExprId {
        if !self.slice(span).starts_with('-') {
            return self.parser.push(ExprKind::Number, span);
        }
        let digits = Span {
            start: span.start + 1,
            end: span.end,
        };
        let number = self.parser.push(ExprKind::Number, digits);
        self.parser.push(ExprKind::Negate(number), span)
    }

    /// A string; `span` is where it stands with its quotes.
    fn string(&mut self, text: Span, span: Span, reading: Reading) -> ExprId {
        let source = self.text.get(..text.end as usize).unwrap_or_default();
        let start = text.start as usize;
        match reading {
            // Each error may cost a look at all of the file.
            _ if self.parser.ast.errors.len() >= MOST_ERRORS || self.ends_wrong(span) => {
                self.parser.push(ExprKind::Bad, span)
            }
            Reading::Expression => self.parser.expression_at(source, start, span, self.depth),
            Reading::Template if has_marks(self.slice(text)) => {
                self.parser.template_at(source, start, span, self.depth)
            }
            _ => self.parser.push(borrowed(text), span),
        }
    }

    /// Whether reading found an error right behind a string: it probably ended at a quote that should have been escaped.
    fn ends_wrong(&self, span: Span) -> bool {
        self.wrong.binary_search(&span.end).is_ok()
    }

    pub(super) fn tuple(
        &mut self,
        items: &[&Json],
        span: Span,
        reading: Reading,
        open: bool,
    ) -> ExprId {
        let mark = self.parser.pending.len();
        self.depth += 1;
        for item in items {
            let id = self.value(item, reading, open);
            self.parser.pending.push(id.0);
        }
        self.depth -= 1;
        let list = self.parser.list_since(mark);
        self.parser.push(ExprKind::Tuple(list), span)
    }

    fn object(&mut self, members: &[Member], span: Span, reading: Reading, open: bool) -> ExprId {
        let mark = self.parser.pending.len();
        self.depth += 1;
        let mut seen = HashSet::new();
        for member in members {
            let name = self.slice(member.name.text);
            if !open && !seen.insert(name) {
                self.note(
                    member.name.span,
                    "this property is already set in this object",
                );
            }
            let inner = match (reading, name) {
                (Reading::Requirement, "configuration_aliases") => Reading::Expression,
                _ => reading,
            };
            let key = self.key(member.name, reading);
            let value = self.value(&member.value, inner, open);
            self.parser.pending.extend([key.0, value.0]);
        }
        self.depth -= 1;
        let list = self.parser.list_since(mark);
        self.parser.push(ExprKind::Object(list), span)
    }

    /// The name of a property. As an expression it is a reference such as `aws.west`; a lone word is its own name.
    fn key(&mut self, name: Name, reading: Reading) -> ExprId {
        let plain = reading == Reading::Expression && !self.slice(name.text).contains('.');
        if plain {
            return self.parser.push(borrowed(name.text), name.span);
        }
        self.string(name.text, name.span, reading)
    }
}

fn has_marks(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}
