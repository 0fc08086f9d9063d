//! `{ key = value }`

use cty::conversion::convert;
use cty::{Marks, Type, Value};

use super::Failure;
use super::access::is_reference;
use super::machine::{Machine, Names, union};
use super::outcome::Outcome;
use crate::symbol::{self, Symbol};
use crate::syntax::ast::{ExprId, ExprKind, List};

impl Machine<'_> {
    pub(super) fn object(&self, id: ExprId, pairs: List, names: Names<'_>) -> Outcome {
        let mut failure = None;
        let mut marks = Marks::new();
        let mut open: Option<Value> = None;
        let mut complete = true;
        let mut entries = Vec::with_capacity(pairs.len() / 2);
        for (key_id, value_id) in self.file.ast.pairs(pairs) {
            let key = self.key(key_id, names);
            let value = self.value(value_id, names);
            let failed = key.failure.is_some();
            failure = failure.or(key.failure).or(value.failure);
            if failed {
                complete = false;
                continue;
            }
            union(&mut marks, &key.value);
            match key.value.as_str() {
                Some(name) => entries.push((name.to_owned(), value.value)),
                None => open = open.or(Some(key.value)),
            }
        }
        if let Some(key) = open {
            let over = Symbol::Over {
                what: "for",
                collection: key,
                made: None,
            };
            return Outcome::ok(symbol::with(Value::dynamic_unknown(), over)).after(failure);
        }
        if !complete {
            return Outcome::ok(Value::dynamic_unknown()).after(failure);
        }
        self.built(id, Value::object(entries).with_marks(&marks))
            .after(failure)
    }

    /// A key as a string, possibly unknown.
    fn key(&self, id: ExprId, names: Names<'_>) -> Outcome {
        if self.is_ambiguous(id) {
            return Outcome::failed(Failure::new(
                self.place(id),
                "Ambiguous attribute key",
                "This can be meant as a reference, then it needs parentheses around it, or as a name with dots, then it needs \
                 quotes.",
            ));
        }
        let key = self.value(id, names);
        if key.failure.is_some() {
            return key;
        }
        if key.value.is_null() {
            return Outcome::failed(Failure::new(
                self.place(id),
                "Null value as key",
                "A key of an object must not be null.",
            ));
        }
        match convert(&key.value, &Type::String) {
            Ok(value) => Outcome::ok(value),
            Err(error) => Outcome::failed(Failure::new(
                self.place(id),
                "Incorrect key type",
                format!("This value cannot be a key of an object: {error}."),
            )),
        }
    }

    /// Whether a key without parentheses reads like a reference with more than a root.
    fn is_ambiguous(&self, id: ExprId) -> bool {
        if self.expr(id).kind == ExprKind::Variable || !is_reference(self, id) {
            return false;
        }
        let mut at = id;
        loop {
            match self.expr(at).kind {
                ExprKind::Attribute { of, .. } | ExprKind::LegacyIndex { of, .. } => at = of,
                ExprKind::Index { of, key } => match self.expr(key).kind {
                    ExprKind::Number | ExprKind::String(_) => at = of,
                    _ => return false,
                },
                _ => return true,
            }
        }
    }
}
