//! References, attributes and indexes.

use std::fmt::Write as _;

use cty::conversion::convert;
use cty::{Number, Type, Value};

use super::machine::{Machine, Names};
use super::outcome::{Outcome, Problem};
use super::{Failure, Reference, Step};
use crate::source::Span;
use crate::symbol::{self, Symbol};
use crate::syntax::ast::{ExprId, ExprKind};

impl Machine<'_> {
    /// A chain of attributes and indexes, down to a name or another expression. Goes along the chain in a loop: chains may
    /// be long.
    pub(super) fn access(&self, id: ExprId, names: Names<'_>) -> Outcome {
        let mut chain = Vec::new();
        let mut at = id;
        while let ExprKind::Attribute { of, .. }
        | ExprKind::Index { of, .. }
        | ExprKind::LegacyIndex { of, .. } = self.expr(at).kind
        {
            chain.push(at);
            at = of;
        }
        chain.reverse();
        let mut failure = None;
        let mut steps = Vec::with_capacity(chain.len());
        for id in chain {
            steps.push(self.step(id, names, &mut failure));
        }
        let base = self.expr(at);
        if base.kind != ExprKind::Variable {
            let base = self.value(at, names);
            let failure = base.failure.or(failure);
            return follow(base.value, &steps).after(failure);
        }
        let root = self.text(base.span);
        if let Some(value) = names.and_then(|names| names.find(root)) {
            return follow(value.clone(), &steps).after(failure);
        }
        if failure.is_some() {
            return Outcome::ok(Value::dynamic_unknown()).after(failure);
        }
        let reference = Reference {
            root,
            steps: &steps,
            place: self.place(id),
        };
        match self.scope.resolve(&reference) {
            Ok(resolved) => follow(
                resolved.value,
                steps.get(resolved.used..).unwrap_or_default(),
            ),
            Err(failure) => Outcome::failed(failure),
        }
    }

    fn step(&self, id: ExprId, names: Names<'_>, failure: &mut Option<Box<Failure>>) -> Step<'_> {
        let expr = self.expr(id);
        let behind = |of: ExprId| {
            let start = self.expr(of).span.end;
            self.at(Span {
                start,
                end: expr.span.end.max(start),
            })
        };
        match expr.kind {
            ExprKind::Attribute { of, name } => Step::Attribute(self.text(name), behind(of)),
            ExprKind::Index { of, key } => {
                let key = self.value(key, names);
                if failure.is_none() {
                    *failure = key.failure;
                }
                Step::Index(key.value, behind(of))
            }
            ExprKind::LegacyIndex { of, number } => {
                let number = Number::parse(self.text(number)).unwrap_or_else(|_| Number::zero());
                Step::Index(Value::number(number), behind(of))
            }
            // The chain holds nothing else.
            _ => Step::Index(Value::dynamic_unknown(), self.place(id)),
        }
    }
}

/// Goes along steps from a value.
fn follow(mut value: Value, steps: &[Step<'_>]) -> Outcome {
    for step in steps {
        let (next, place) = match step {
            Step::Attribute(name, place) => (attribute(&value, name), place),
            Step::Index(key, place) => (index(&value, key), place),
        };
        match next {
            Ok(next) => value = next,
            Err(problem) => return Outcome::failed(problem.at(*place)),
        }
    }
    Outcome::ok(value)
}

/// The marks of a whole on a part of it.
fn of_whole(part: Value, whole: &Value) -> Value {
    match whole.marks() {
        Some(marks) => part.with_marks(marks),
        None => part,
    }
}

fn unknown_attribute(of: &Value, name: &str, ty: Type) -> Value {
    of_whole(
        symbol::with(Value::unknown(ty), symbol::attribute(of, name)),
        of,
    )
}

fn unknown_element(of: &Value, key: &Value, ty: Type) -> Value {
    of_whole(symbol::with(Value::unknown(ty), symbol::index(of, key)), of)
}

/// `value.name`
pub(super) fn attribute(value: &Value, name: &str) -> Result<Value, Problem> {
    const UNSUPPORTED: &str = "Unsupported attribute";
    if value.is_null() {
        return Err(Problem::new(
            "Attempt to get attribute from null value",
            format!("This value is null, so it has no attribute {name:?}."),
        ));
    }
    match value.ty() {
        Type::Object(object) => {
            let key = Value::string(name);
            let name = key.as_str().unwrap_or(name);
            match object.attributes().get(name) {
                None => Err(Problem::new(UNSUPPORTED, missing_attribute(value, name))),
                Some(ty) => Ok(match value.attribute(name) {
                    Some(part) => of_whole(part.clone(), value),
                    None => unknown_attribute(value, name, ty.clone()),
                }),
            }
        }
        Type::Map(element) => {
            if !value.is_known() {
                return Ok(unknown_attribute(value, name, (**element).clone()));
            }
            let key = Value::string(name);
            match value.attribute(key.as_str().unwrap_or(name)) {
                Some(part) => Ok(of_whole(part.clone(), value)),
                None => Err(Problem::new(
                    "Missing map element",
                    format!("This map has no element with the key {name:?}."),
                )),
            }
        }
        Type::Dynamic => Ok(unknown_attribute(value, name, Type::Dynamic)),
        Type::List(element) if matches!(**element, Type::Object(_)) => Err(Problem::new(
            UNSUPPORTED,
            format!(
                "This is a list of objects, which has no attribute {name:?} itself. Select one element, such as [0].{name}, or \
                 all of them with [*].{name}."
            ),
        )),
        Type::Set(element) if matches!(**element, Type::Object(_)) => Err(Problem::new(
            UNSUPPORTED,
            format!(
                "This is a set of objects, which has no attribute {name:?} itself. Select it from all elements with \
                 [*].{name}."
            ),
        )),
        ty => Err(Problem::new(
            UNSUPPORTED,
            format!("A value of type {ty} has no attributes, so there is no {name:?}."),
        )),
    }
}

fn missing_attribute(value: &Value, name: &str) -> String {
    let mut detail = format!("This object has no attribute named {name:?}.");
    if let Type::Object(object) = value.ty()
        && let Some(near) =
            super::call::nearest(name, object.attributes().keys().map(AsRef::as_ref))
    {
        let _ = write!(detail, " Did you mean {near:?}?");
    }
    detail
}

/// `value[key]`
pub(super) fn index(value: &Value, key: &Value) -> Result<Value, Problem> {
    if value.is_null() {
        return Err(Problem::new(
            "Attempt to index null value",
            "This value is null, so it has no elements.",
        ));
    }
    if key.is_null() {
        return Err(invalid("null cannot be used as a key."));
    }
    if *value.ty() == Type::Dynamic || *key.ty() == Type::Dynamic {
        return Ok(unknown_element(value, key, Type::Dynamic));
    }
    match value.ty() {
        Type::List(_) | Type::Tuple(_) => position(value, &converted(key, &Type::Number)?),
        Type::Map(element) => {
            let key = converted(key, &Type::String)?;
            let Some(name) = key.as_str().filter(|_| value.is_known()) else {
                return Ok(unknown_element(value, &key, (**element).clone()));
            };
            match value.attribute(name) {
                Some(part) => Ok(of_whole(of_whole(part.clone(), value), &key)),
                None => Err(invalid(missing_key(&key, name))),
            }
        }
        Type::Object(object) => {
            let number = *key.ty() == Type::Number;
            let key = converted(key, &Type::String)?;
            let Some(name) = key.as_str() else {
                return Ok(unknown_element(value, &key, Type::Dynamic));
            };
            match (object.attributes().get(name), value.attribute(name)) {
                (None, _) if number => Err(invalid(
                    "the key is a number, but the attributes of an object are looked up by name.",
                )),
                (None, _) => Err(invalid(missing_key(&key, name))),
                (_, Some(part)) => Ok(of_whole(part.clone(), value)),
                (Some(ty), None) => Ok(unknown_attribute(value, name, ty.clone())),
            }
        }
        Type::Set(_) => Err(invalid(
            "elements of a set have no keys or positions. Convert it with tolist, or go through all of them with for.",
        )),
        ty => Err(invalid(format!("a value of type {ty} has no elements."))),
    }
}

fn invalid(why: impl AsRef<str>) -> Problem {
    Problem::new(
        "Invalid index",
        format!(
            "The given key selects no element of this value: {}",
            why.as_ref()
        ),
    )
}

fn missing_key(key: &Value, name: &str) -> String {
    if key.is_marked() {
        "there is none with this key.".to_owned()
    } else {
        format!("there is none with the key {name:?}.")
    }
}

fn converted(key: &Value, ty: &Type) -> Result<Value, Problem> {
    convert(key, ty).map_err(|error| invalid(format!("{error}.")))
}

/// An element of a list or tuple.
fn position(value: &Value, key: &Value) -> Result<Value, Problem> {
    let element = |i: usize| match value.ty() {
        Type::Tuple(types) => types.get(i).cloned(),
        ty => ty.element().cloned(),
    };
    let Some(number) = key.as_number() else {
        let ty = match value.ty() {
            Type::List(element) => (**element).clone(),
            _ => Type::Dynamic,
        };
        return Ok(unknown_element(value, key, ty));
    };
    let length = match (value.elements(), value.ty()) {
        (Some(elements), _) => elements.len(),
        (None, Type::Tuple(types)) => types.len(),
        // How long it will be nobody knows.
        (None, _) => {
            return Ok(unknown_element(
                value,
                key,
                element(0).unwrap_or(Type::Dynamic),
            ));
        }
    };
    let at = number
        .to_u64()
        .and_then(|at| usize::try_from(at).ok())
        .filter(|at| *at < length);
    match at {
        Some(at) => {
            let part = value.elements().and_then(|elements| elements.get(at));
            let part = part.cloned().unwrap_or_else(|| {
                unknown_element(value, key, element(at).unwrap_or(Type::Dynamic))
            });
            Ok(of_whole(of_whole(part, value), key))
        }
        None if !number.is_integer() => Err(invalid("a position must be a whole number.")),
        None if number.is_negative() => Err(invalid("a position must not be negative.")),
        None if length == 0 => Err(invalid("it has no elements.")),
        None => Err(invalid(format!(
            "it has {length} element{}, counted from 0.",
            if length == 1 { "" } else { "s" }
        ))),
    }
}

/// Whether an expression is a plain reference: names, attributes and indexes down to a root name.
pub(super) fn is_reference(machine: &Machine<'_>, mut id: ExprId) -> bool {
    loop {
        match machine.expr(id).kind {
            ExprKind::Variable => return true,
            ExprKind::Attribute { of, .. }
            | ExprKind::Index { of, .. }
            | ExprKind::LegacyIndex { of, .. } => id = of,
            _ => return false,
        }
    }
}

/// The symbol of an operation, for those who make unknowns.
pub(super) fn operation(operator: &'static str, operands: Vec<Value>) -> Symbol {
    Symbol::Operation { operator, operands }
}
