//! Text with holes, and the `for` directive.

use cty::conversion::convert;
use cty::{Marks, Refinements, Type, Value};

use super::Failure;
use super::machine::{Machine, Names, union};
use super::outcome::Outcome;
use crate::symbol;
use crate::syntax::ast::{ExprId, List};

const SUMMARY: &str = "Invalid template interpolation value";

/// Longest beginning that an unknown text promises, in bytes.
const LONGEST_PREFIX: usize = 128;

impl Machine<'_> {
    pub(super) fn template(&self, id: ExprId, parts: List, names: Names<'_>) -> Outcome {
        let mut text = String::new();
        let mut pieces = Vec::with_capacity(parts.len());
        let mut marks = Marks::new();
        let mut known = true;
        let mut failure: Option<Box<Failure>> = None;
        for part in self.file.ast.items(parts) {
            let outcome = self.value(part, names);
            failure = failure.or(outcome.failure);
            let value = outcome.value;
            if value.is_null() {
                failure = failure.or_else(|| {
                    Some(Failure::new(
                        self.place(part),
                        SUMMARY,
                        "This part of a text is null, which cannot be written as text. Give it a value, or use coalesce or a \
                         condition.",
                    ))
                });
                continue;
            }
            union(&mut marks, &value);
            known &= value.is_known();
            if !value.is_known() {
                pieces.push(value);
                continue;
            }
            // Of numbers, few digits can stand for many.
            if value.as_number().is_some()
                && let Err(over) = self.budget.weigh(&value, self.place(part))
            {
                failure = Some(over);
                continue;
            }
            match convert(&value, &Type::String) {
                Ok(value) => {
                    if known && failure.is_none() {
                        text.push_str(value.as_str().unwrap_or_default());
                    }
                    pieces.push(value);
                }
                Err(error) => {
                    failure = failure.or_else(|| {
                        Some(Failure::new(
                            self.place(part),
                            SUMMARY,
                            format!("This part of a text cannot be written as text: {error}."),
                        ))
                    });
                }
            }
        }
        if let Err(over) = self.budget.bytes(text.len(), self.place(id)) {
            failure = Some(over);
        }
        let value = if known {
            Value::string(text)
        } else {
            let prefix = if failure.is_none() { &text } else { "" };
            symbol::with(unknown_text(prefix), symbol::template(pieces))
        };
        Outcome::ok(value.with_marks(&marks)).after(failure)
    }

    /// `%{ for }`: the texts of all rounds, joined.
    pub(super) fn template_for(&self, id: ExprId, at: u32, names: Names<'_>) -> Outcome {
        let rounds = self.for_expr(id, self.file.ast.template_for(at), names);
        let mut failure = rounds.failure;
        let mut marks = Marks::new();
        union(&mut marks, &rounds.value);
        let Some(pieces) = rounds.value.elements() else {
            let over = symbol::of(&rounds.value).cloned();
            let unknown = Value::unknown(Type::String).not_null();
            let value = over.map_or(unknown.clone(), |over| symbol::with(unknown, over));
            return Outcome::ok(value.with_marks(&marks)).after(failure);
        };
        let mut text = String::new();
        for piece in pieces {
            let Some(known) = piece.as_str() else {
                let unknown = Value::unknown(Type::String).not_null();
                let value = symbol::with(unknown, symbol::template(pieces.to_vec()));
                return Outcome::ok(value.with_marks(&marks)).after(failure);
            };
            union(&mut marks, piece);
            text.push_str(known);
        }
        if let Err(over) = self.budget.bytes(text.len(), self.place(id)) {
            failure = Some(over);
        }
        Outcome::ok(Value::string(text).with_marks(&marks)).after(failure)
    }
}

/// Text that begins like this and goes on with something unknown.
fn unknown_text(prefix: &str) -> Value {
    let unknown = Value::unknown(Type::String).not_null();
    if prefix.is_empty() {
        return unknown;
    }
    let cut = prefix.floor_char_boundary(LONGEST_PREFIX);
    unknown.with_refinements(Refinements::prefix(&prefix[..cut]))
}
