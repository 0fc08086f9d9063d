//! `a.*.b` and `a[*].b`

use cty::{Refinements, Type, Value};

use super::conditional::{lengths, never_null};
use super::machine::{ITEM, Machine, Names};
use super::outcome::Outcome;
use super::{Failure, Frame};
use crate::symbol::{self, Symbol};
use crate::syntax::ast::ExprId;

impl Machine<'_> {
    pub(super) fn splat(&self, id: ExprId, of: ExprId, each: ExprId, names: Names<'_>) -> Outcome {
        let source = self.value(of, names);
        if source.failure.is_some() {
            return Outcome::ok(Value::dynamic_unknown()).after(source.failure);
        }
        let (value, marks) = source.value.unmark();
        let sequence = matches!(value.ty(), Type::Tuple(_) | Type::List(_) | Type::Set(_));
        let over = || Symbol::Over {
            what: "splat",
            collection: value.clone(),
            made: None,
        };
        if value.is_null() && !sequence {
            return Outcome::ok(Value::tuple(Vec::new()).with_marks(&marks));
        }
        if value.is_null() {
            return Outcome::failed(Failure::new(
                self.place(of),
                "Splat of null value",
                "A list, set or tuple that is null has no elements to go through.",
            ));
        }
        if *value.ty() == Type::Dynamic {
            let unknown = symbol::with(Value::dynamic_unknown(), over());
            return Outcome::ok(unknown.with_marks(&marks));
        }
        // Something that is no sequence stands for a sequence of one; whether it is null then decides how many there are.
        let undecided = !sequence && !value.is_known() && !never_null(&value);
        let outcome = if !sequence {
            // The marks go onto the element as well.
            let element = value.clone().with_marks(&marks);
            self.rounds(
                id,
                each,
                &[element],
                &Type::tuple([value.ty().clone()]),
                names,
            )
        } else if let Some(elements) = value.elements() {
            self.rounds(id, each, elements, value.ty(), names)
        } else {
            self.unknown_splat(each, &value, names)
        };
        if undecided {
            let unknown = symbol::with(Value::dynamic_unknown(), over());
            return Outcome::ok(unknown.with_marks(&marks)).after(outcome.failure);
        }
        Outcome {
            value: outcome.value.with_marks(&marks),
            ..outcome
        }
    }

    fn each(&self, each: ExprId, item: &Value, names: Names<'_>) -> Outcome {
        let frame = Frame {
            name: ITEM,
            value: item,
            outer: names,
        };
        self.value(each, Some(&frame))
    }

    /// The result for known elements: a tuple for a tuple, a list for a list or set.
    fn rounds(
        &self,
        id: ExprId,
        each: ExprId,
        elements: &[Value],
        ty: &Type,
        names: Names<'_>,
    ) -> Outcome {
        let mut failure = self.budget.elements(elements.len(), self.place(id)).err();
        let mut results = Vec::with_capacity(elements.len());
        for element in elements {
            let result = self.each(each, element, names);
            failure = failure.or(result.failure);
            results.push(result.value);
        }
        if failure.is_some() {
            let (ty, _) = self.splat_type(each, ty, names);
            return Outcome::ok(Value::unknown(ty)).after(failure);
        }
        let Some(element) = ty.element() else {
            return Outcome::ok(Value::tuple(results));
        };
        if results.is_empty() {
            let item = self.each(each, &Value::unknown(element.clone()), names);
            let ty = item.value.ty().clone();
            let empty = Value::list(ty, Vec::new()).unwrap_or_else(|_| Value::dynamic_unknown());
            return Outcome::ok(empty).after(item.failure);
        }
        match Value::list(Type::Dynamic, results) {
            Ok(list) => Outcome::ok(list),
            Err(error) => Outcome::failed(Failure::new(
                self.place(each),
                "Invalid nested splat expressions",
                format!(
                    "The elements of the result have different types ({error}), so they make no list. Use a for expression \
                     instead."
                ),
            )),
        }
    }

    /// The result for a list, set or tuple that is not known: unknown, of the type that it will have.
    fn unknown_splat(&self, each: ExprId, value: &Value, names: Names<'_>) -> Outcome {
        let (ty, failure) = self.splat_type(each, value.ty(), names);
        let mut promised = Refinements::not_null();
        if matches!(ty, Type::List(_)) {
            let (least, most) = lengths(value);
            promised.min_length = Some(least);
            promised.max_length = most;
        }
        let over = Symbol::Over {
            what: "splat",
            collection: value.clone(),
            made: None,
        };
        let unknown = symbol::with(Value::unknown(ty), over);
        let origin = symbol::of(&unknown).cloned();
        let refined = unknown.with_refinements(promised);
        let value = match origin {
            Some(origin) => symbol::fill(refined, &origin),
            None => refined,
        };
        Outcome::ok(value).after(failure)
    }

    fn splat_type(
        &self,
        each: ExprId,
        ty: &Type,
        names: Names<'_>,
    ) -> (Type, Option<Box<Failure>>) {
        let mut failure = None;
        let mut one = |ty: &Type| {
            let result = self.each(each, &Value::unknown(ty.clone()), names);
            if failure.is_none() {
                failure = result.failure;
            }
            result.value.ty().clone()
        };
        let ty = match ty {
            Type::List(element) | Type::Set(element) => Type::list(one(element)),
            Type::Tuple(elements) => Type::tuple(elements.iter().map(&mut one).collect::<Vec<_>>()),
            _ => Type::Dynamic,
        };
        (ty, failure)
    }
}
