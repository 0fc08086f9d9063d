//! `[for …]` and `{for …}`.

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::conversion::convert;
use cty::{Marks, Type, Value};

use super::machine::{Machine, Names, union};
use super::outcome::{Outcome, is_secret};
use super::{Failure, Frame};
use crate::symbol::{self, Symbol};
use crate::syntax::ast::{ExprId, For};

/// What all rounds of one expression gather.
struct Rounds {
    marks: Marks,
    /// What leaves open which elements or keys there will be.
    open: Option<Value>,
    /// A round could not say whether or under which key it belongs to the result.
    broken: bool,
    failure: Option<Box<Failure>>,
    values: Vec<Value>,
    entries: BTreeMap<Arc<str>, Vec<Value>>,
}

impl Rounds {
    /// Says what is wrong with a key or a condition, unless the result is not known anyway.
    fn refuse(&mut self, failure: Box<Failure>) {
        if self.open.is_none() && !self.broken {
            self.fail(Some(failure));
        }
        self.broken = true;
    }

    fn fail(&mut self, failure: Option<Box<Failure>>) {
        if self.failure.is_none() {
            self.failure = failure;
        }
    }
}

const CONDITION: &str = "Invalid 'for' condition";

impl Machine<'_> {
    pub(super) fn for_expr(&self, id: ExprId, parts: For, names: Names<'_>) -> Outcome {
        let collection = self.value(parts.collection, names);
        let fail =
            |failure: Box<Failure>| Outcome::failed(failure).after(collection.failure.clone());
        let place = self.place(parts.collection);
        if collection.value.is_null() {
            return fail(Failure::new(
                place,
                "Iteration over null value",
                "A null value has no elements to go through.",
            ));
        }
        if *collection.value.ty() == Type::Dynamic {
            return Outcome::ok(over(&collection.value)).after(collection.failure);
        }
        let (value, mut marks) = collection.value.clone().unmark();
        if value.ty().is_primitive() {
            return fail(Failure::new(
                place,
                "Iteration over non-iterable value",
                format!(
                    "A value of type {} has no elements to go through.",
                    value.ty()
                ),
            ));
        }
        let checked = self.check_condition(&parts, names);
        if checked.failure.is_some() {
            return Outcome::ok(Value::dynamic_unknown())
                .after(checked.failure)
                .after(collection.failure);
        }
        if !value.is_known() {
            union(&mut marks, &checked.value);
            return Outcome::ok(over(&value).with_marks(&marks)).after(collection.failure);
        }
        let mut rounds = Rounds {
            marks,
            open: None,
            broken: false,
            failure: collection.failure,
            values: Vec::new(),
            entries: BTreeMap::new(),
        };
        self.all_rounds(id, &parts, &value, names, &mut rounds);
        let outcome = result(&parts, rounds);
        self.built(id, outcome.value).after(outcome.failure)
    }

    /// The condition is tried once with nothing known, so that what is wrong with it shows even without elements.
    fn check_condition(&self, parts: &For, names: Names<'_>) -> Outcome {
        let Some(condition) = parts.condition else {
            return Outcome::ok(Value::bool(true));
        };
        let unknown = Value::dynamic_unknown();
        let outcome = self.inside(parts, (&unknown, &unknown), condition, names);
        if outcome.failure.is_some() {
            return outcome;
        }
        match self.truth(condition, &outcome.value) {
            Ok(_) => outcome,
            Err(failure) => Outcome::failed(failure),
        }
    }

    /// Whether a condition holds; `None` where it is not known.
    fn truth(&self, condition: ExprId, value: &Value) -> Result<Option<bool>, Box<Failure>> {
        let wrong = |detail: String| Failure::new(self.place(condition), CONDITION, detail);
        if value.is_null() {
            return Err(wrong("The 'if' clause must not be null.".to_owned()));
        }
        convert(value, &Type::Bool)
            .map(|truth| truth.as_bool())
            .map_err(|error| wrong(format!("The 'if' clause must be true or false: {error}.")))
    }

    /// Evaluates something with the names of one round.
    fn inside(
        &self,
        parts: &For,
        (key, value): (&Value, &Value),
        id: ExprId,
        names: Names<'_>,
    ) -> Outcome {
        let value = Frame {
            name: self.text(parts.value_name),
            value,
            outer: names,
        };
        let Some(key_name) = parts.key_name else {
            return self.value(id, Some(&value));
        };
        // Where both have one name it is that of the value.
        let key = Frame {
            name: self.text(key_name),
            value: key,
            outer: names,
        };
        let value = Frame {
            outer: Some(&key),
            ..value
        };
        self.value(id, Some(&value))
    }

    fn all_rounds(
        &self,
        id: ExprId,
        parts: &For,
        collection: &Value,
        names: Names<'_>,
        rounds: &mut Rounds,
    ) {
        let place = self.place(id);
        let mut round = |key: Value, value: &Value| {
            if let Err(failure) = self.budget.elements(1, place) {
                rounds.failure = Some(failure);
                return false;
            }
            self.round(parts, (&key, value), names, rounds);
            !self.budget.is_reached()
        };
        if let Some(entries) = collection.entries() {
            for (key, value) in entries {
                if !round(Value::string(key), value) {
                    return;
                }
            }
        }
        let set = matches!(collection.ty(), Type::Set(_));
        for (i, value) in collection.elements().unwrap_or_default().iter().enumerate() {
            let key = if set { value.clone() } else { Value::number(i) };
            if !round(key, value) {
                return;
            }
        }
    }

    fn round(&self, parts: &For, item: (&Value, &Value), names: Names<'_>, rounds: &mut Rounds) {
        if let Some(condition) = parts.condition
            && !self.is_included(parts, condition, item, names, rounds)
        {
            return;
        }
        let Some(key) = parts.key else {
            let value = self.inside(parts, item, parts.value, names);
            rounds.fail(value.failure);
            rounds.values.push(value.value);
            return;
        };
        let Some(name) = self.round_key(parts, key, item, names, rounds) else {
            return;
        };
        let value = self.inside(parts, item, parts.value, names);
        rounds.fail(value.failure);
        let values = rounds.entries.entry(name.clone()).or_default();
        if values.is_empty() || parts.group {
            values.push(value.value);
            return;
        }
        let which = if is_secret(&rounds.marks) {
            "one key, which is sensitive".to_owned()
        } else {
            format!("the key {name:?}")
        };
        rounds.fail(Some(Failure::new(
            self.place(key),
            "Duplicate object key",
            format!(
                "Two elements gave {which}. If that is meant to be, write ... behind the value: all values of a key become a \
                 list then."
            ),
        )));
    }

    fn is_included(
        &self,
        parts: &For,
        condition: ExprId,
        item: (&Value, &Value),
        names: Names<'_>,
        rounds: &mut Rounds,
    ) -> bool {
        let include = self.inside(parts, item, condition, names);
        rounds.fail(include.failure);
        union(&mut rounds.marks, &include.value);
        if parts.key.is_none() && !include.value.is_known() {
            rounds.open.get_or_insert(include.value);
            return false;
        }
        match self.truth(condition, &include.value) {
            Ok(Some(truth)) => truth,
            Ok(None) => {
                rounds.open.get_or_insert(include.value);
                false
            }
            Err(failure) => {
                rounds.refuse(failure);
                false
            }
        }
    }

    fn round_key(
        &self,
        parts: &For,
        key: ExprId,
        item: (&Value, &Value),
        names: Names<'_>,
        rounds: &mut Rounds,
    ) -> Option<Arc<str>> {
        const SUMMARY: &str = "Invalid object key";
        let outcome = self.inside(parts, item, key, names);
        rounds.fail(outcome.failure);
        let problem = if outcome.value.is_null() {
            "A key of an object must not be null.".to_owned()
        } else {
            union(&mut rounds.marks, &outcome.value);
            if !outcome.value.is_known() {
                rounds.open.get_or_insert(outcome.value);
                return None;
            }
            match convert(&outcome.value, &Type::String) {
                Ok(name) => return name.as_str().map(Arc::from),
                Err(error) => format!("This value cannot be a key of an object: {error}."),
            }
        };
        rounds.refuse(Failure::new(self.place(key), SUMMARY, problem));
        None
    }
}

/// What comes of something that cannot be gone through yet.
fn over(collection: &Value) -> Value {
    let (bare, marks) = collection.clone().unmark();
    let symbol = Symbol::Over {
        what: "for",
        collection: bare,
        made: None,
    };
    symbol::with(Value::dynamic_unknown(), symbol).with_marks(&marks)
}

fn result(parts: &For, rounds: Rounds) -> Outcome {
    let value = if let Some(open) = &rounds.open {
        over(open)
    } else if rounds.broken {
        Value::dynamic_unknown()
    } else if parts.key.is_none() {
        Value::tuple(rounds.values)
    } else if parts.group {
        let entries = rounds.entries.into_iter();
        Value::object(entries.map(|(key, values)| (key, Value::tuple(values))))
    } else {
        let entries = rounds.entries.into_iter();
        Value::object(entries.filter_map(|(key, values)| Some((key, values.into_iter().next()?))))
    };
    let failure = rounds.failure.map(|mut failure| {
        // Keys carry no marks of their own, but what they were made of may.
        if is_secret(&rounds.marks) && !failure.fatal {
            failure.detail = "Why is not shown: what this goes through is sensitive.".into();
        }
        failure
    });
    Outcome::ok(value.with_marks(&rounds.marks)).after(failure)
}
