//! `condition ? then : otherwise`, also as `%{ if }`.

use cty::conversion::{convert, unify_unsafe};
use cty::{Bound, Marks, Refinements, Type, Value};

use super::Failure;
use super::machine::{Machine, Names, union};
use super::outcome::Outcome;
use crate::source::Place;
use crate::symbol::{self, Symbol};
use crate::syntax::ast::ExprId;

impl Machine<'_> {
    /// Both arms are evaluated, since the type of the result follows from both; the failure of the arm that is not chosen
    /// is dropped.
    pub(super) fn conditional(
        &self,
        id: ExprId,
        (condition, then, otherwise): (ExprId, ExprId, Option<ExprId>),
        names: Names<'_>,
    ) -> Outcome {
        let yes = self.value(then, names);
        let no = match otherwise {
            Some(otherwise) => self.value(otherwise, names),
            None => Outcome::ok(Value::string("")),
        };
        let Some(ty) = result_type(&yes.value, &no.value) else {
            let place = self.place(id);
            return Outcome::failed(inconsistent(place, yes.value.ty(), no.value.ty()));
        };
        let asked = self.value(condition, names);
        let wrong = |summary: &str, detail: &str| {
            let failure = asked
                .failure
                .clone()
                .unwrap_or_else(|| Failure::new(self.place(condition), summary, detail));
            Outcome::failed_as(ty.clone(), failure)
        };
        if asked.value.is_null() {
            return wrong(
                "Null condition",
                "The condition is null; it must be true or false.",
            );
        }
        let mut marks = Marks::new();
        for value in [&asked.value, &yes.value, &no.value] {
            union(&mut marks, value);
        }
        if !asked.value.is_known() {
            let value = undecided(&asked.value, &yes, &no, &ty);
            return Outcome::ok(value.with_marks(&marks)).after(asked.failure);
        }
        let Some(truth) = convert(&asked.value, &Type::Bool)
            .ok()
            .and_then(|truth| truth.as_bool())
        else {
            return wrong(
                "Incorrect condition type",
                &format!(
                    "The condition must be true or false, but this is {}.",
                    asked.value.ty()
                ),
            );
        };
        let (chosen, arm) = if truth {
            (yes, then)
        } else {
            (no, otherwise.unwrap_or(then))
        };
        self.chosen(chosen, arm, ty, &marks).after(asked.failure)
    }

    /// The arm that is chosen, as the type that both have in common.
    fn chosen(&self, chosen: Outcome, arm: ExprId, ty: Type, marks: &Marks) -> Outcome {
        match convert(&chosen.value, &ty) {
            Ok(value) => Outcome::ok(value.with_marks(marks)).after(chosen.failure),
            Err(error) => Outcome::failed_as(
                ty,
                Failure::new(
                    self.place(arm),
                    "Inconsistent conditional result types",
                    format!("The result of the condition has the wrong type: {error}."),
                ),
            )
            .after(chosen.failure),
        }
    }
}

fn inconsistent(place: Place, yes: &Type, no: &Type) -> Box<Failure> {
    Failure::new(
        place,
        "Inconsistent conditional result types",
        format!(
            "Both results of a condition must be of one type, or convert to one. {}.",
            mismatch(yes, no)
        ),
    )
}

/// The type of the result; `None` where the arms have none in common.
fn result_type(yes: &Value, no: &Value) -> Option<Type> {
    let plain_null =
        |value: &Value| value.is_null() && *value.ty() == Type::Dynamic && !value.is_marked();
    if plain_null(yes) {
        Some(no.ty().clone())
    } else if plain_null(no) {
        Some(yes.ty().clone())
    } else if *yes.ty() == Type::Dynamic || *no.ty() == Type::Dynamic {
        Some(Type::Dynamic)
    } else if yes.ty() == no.ty() {
        Some(yes.ty().clone())
    } else {
        unify_unsafe(&[yes.ty().clone(), no.ty().clone()])
    }
}

/// The result where the condition is not known: what is true of both arms holds.
fn undecided(condition: &Value, yes: &Outcome, no: &Outcome, ty: &Type) -> Value {
    let (a, b) = (&yes.value, &no.value);
    if a.is_null() && b.is_null() {
        return Value::null(ty.clone());
    }
    let mut promised = Refinements::default();
    if never_null(a) && never_null(b) {
        promised.null = Some(false);
    }
    if *a.ty() == Type::Number && *b.ty() == Type::Number {
        let ((low_a, high_a), (low_b, high_b)) = (bounds(a), bounds(b));
        promised.min = outer(low_a, low_b, std::cmp::Ordering::Less);
        promised.max = outer(high_a, high_b, std::cmp::Ordering::Greater);
    } else if a.ty() == b.ty() && matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_)) {
        let ((least_a, most_a), (least_b, most_b)) = (lengths(a), lengths(b));
        promised.min_length = Some(least_a.min(least_b));
        promised.max_length = most_a.zip(most_b).map(|(a, b)| a.max(b));
    }
    let arm = |outcome: &Outcome| outcome.is_ok().then(|| outcome.value.clone());
    let symbol = Symbol::Conditional {
        condition: condition.clone(),
        then: arm(yes),
        otherwise: arm(no),
    };
    let unknown = symbol::with(Value::unknown(ty.clone()), symbol);
    let origin = symbol::of(&unknown).cloned();
    let refined = unknown.with_refinements(promised);
    // A promise may settle the length of a list: its elements are unknown for the same reason.
    match origin {
        Some(origin) => symbol::fill(refined, &origin),
        None => refined,
    }
}

pub(super) fn never_null(value: &Value) -> bool {
    match value.unknown_info() {
        Some(info) => info.is_not_null(),
        None => !value.is_null(),
    }
}

/// Least and greatest number that a value can become.
pub(super) fn bounds(value: &Value) -> (Option<Bound>, Option<Bound>) {
    if let Some(number) = value.as_number() {
        let bound = Bound {
            value: number.clone(),
            inclusive: true,
        };
        return (Some(bound.clone()), Some(bound));
    }
    let refinements = value.unknown_info().and_then(|info| info.refinements());
    refinements.map_or((None, None), |r| (r.min.clone(), r.max.clone()))
}

/// The bound further out, if both sides have one.
fn outer(a: Option<Bound>, b: Option<Bound>, wanted: std::cmp::Ordering) -> Option<Bound> {
    let (a, b) = a.zip(b)?;
    Some(match a.value.cmp(&b.value) {
        std::cmp::Ordering::Equal => Bound {
            inclusive: a.inclusive || b.inclusive,
            value: a.value,
        },
        order if order == wanted => a,
        _ => b,
    })
}

/// Least and greatest length that a collection can have.
pub(super) fn lengths(value: &Value) -> (u64, Option<u64>) {
    if let Some(info) = value.unknown_info() {
        return info
            .refinements()
            .map_or((0, None), |r| (r.min_length.unwrap_or(0), r.max_length));
    }
    let length = value
        .elements()
        .map(<[Value]>::len)
        .or_else(|| value.entries().map(std::collections::BTreeMap::len))
        .unwrap_or(0);
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    // Unknown elements of a set may fall together.
    let open = matches!(value.ty(), Type::Set(_)) && length > 1 && !value.is_wholly_known();
    (if open { 1 } else { length }, Some(length))
}

/// Where two types differ, in words.
fn mismatch(yes: &Type, no: &Type) -> String {
    match (yes, no) {
        (Type::Object(a), Type::Object(b)) => {
            let (a, b) = (a.attributes(), b.attributes());
            if let Some(name) = a.keys().find(|name| !b.contains_key(*name)) {
                return format!("Only the value where it is true has an attribute {name:?}");
            }
            if let Some(name) = b.keys().find(|name| !a.contains_key(*name)) {
                return format!("Only the value where it is false has an attribute {name:?}");
            }
            if let Some((name, (x, y))) = a
                .iter()
                .filter_map(|(name, x)| Some((name, (x, b.get(name)?))))
                .find(|(_, (x, y))| x != y)
            {
                return format!("In attribute {name:?}: {}", mismatch(x, y));
            }
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() != b.len() => {
            return format!(
                "The tuple where it is true has {} elements, the one where it is false has {}",
                a.len(),
                b.len()
            );
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            if let Some(at) = a.iter().zip(b.iter()).position(|(x, y)| x != y) {
                return format!("In element {at}: {}", mismatch(&a[at], &b[at]));
            }
        }
        (Type::List(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b))
            if a != b && !a.is_primitive() =>
        {
            return format!("In the elements: {}", mismatch(a, b));
        }
        _ => {}
    }
    format!("Where it is true the value is {yes}, where it is false it is {no}")
}
