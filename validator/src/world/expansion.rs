//! `count` and `for_each`: which instances there are.

use cty::{Mark, Marks, Refinements, Type, Value};

use super::World;
use crate::eval::{Failure, Scope};
use crate::inventory::Index;
use crate::load::config::{Argument, Name};
use crate::symbol::{self, Symbol};

/// Instances that one `count` or `for_each` may make.
const MOST: u64 = 100_000;

/// What `each` and `count` mean inside of one instance.
#[derive(Clone, Debug)]
pub(crate) enum Repetition {
    /// Neither is there.
    None,
    /// `count.index`
    Count(Value),
    /// `each.key` and `each.value`
    Each { key: Value, value: Value },
}

/// How instances are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// There is one, without a key.
    Single,
    /// By number.
    Count,
    /// By text.
    ForEach,
    /// `count` or `for_each` is not known: one instance stands for all.
    Unknown,
}

/// The instances of a resource or module call.
#[derive(Debug)]
pub(crate) struct Expansion {
    pub(crate) keys: Keys,
    pub(crate) instances: Vec<(Option<Index>, Repetition)>,
    /// What clings to the keys: that they follow from something assumed, say.
    pub(crate) marks: Marks,
    /// The `count` or `for_each` that is not known.
    pub(crate) because: Option<Value>,
}

impl Expansion {
    pub(crate) fn single() -> Self {
        Expansion {
            keys: Keys::Single,
            instances: vec![(None, Repetition::None)],
            marks: Marks::new(),
            because: None,
        }
    }

    /// What instances hang on whose module hangs on this already.
    pub(crate) fn hanging(&self, module: &[Value]) -> Vec<Value> {
        module.iter().chain(&self.because).cloned().collect()
    }

    fn unknown(because: &Value, repetition: Repetition) -> Self {
        let (because, marks) = because.clone().unmark();
        Expansion {
            keys: Keys::Unknown,
            instances: vec![(Some(Index::Any), repetition)],
            marks,
            because: Some(because),
        }
    }

    /// The position of the instance with this key.
    pub(crate) fn position(&self, index: &Index) -> Option<usize> {
        match (self.keys, index) {
            (Keys::Count, Index::Number(number)) => usize::try_from(*number)
                .ok()
                .filter(|at| *at < self.instances.len()),
            // Keys of a map stand in order.
            (Keys::ForEach, Index::Key(key)) => self
                .instances
                .binary_search_by(|(candidate, _)| match candidate {
                    Some(Index::Key(candidate)) => candidate.as_ref().cmp(key),
                    _ => std::cmp::Ordering::Less,
                })
                .ok(),
            _ => None,
        }
    }
}

impl World<'_> {
    /// Evaluates `count` or `for_each` of `what`.
    pub(crate) fn expand(
        &self,
        count: Option<&Argument>,
        for_each: Option<&Argument>,
        scope: &dyn Scope,
        what: &str,
    ) -> Expansion {
        if let Some(count) = count {
            let value = self.evaluate(count.value, scope, None);
            let numbered = value.and_then(|value| counted(value, count));
            return self.or_unknown_expansion(numbered, what, || {
                let index = Value::unknown(Type::Number).not_null();
                Repetition::Count(symbol::with(
                    index,
                    Symbol::Input(format!("{what}.count.index").into()),
                ))
            });
        }
        if let Some(for_each) = for_each {
            let value = self.evaluate(for_each.value, scope, None);
            let keyed = value.and_then(|value| keyed(value, for_each));
            return self.or_unknown_expansion(keyed, what, || {
                let key = Value::unknown(Type::String).with_refinements(Refinements::not_null());
                let input = |name: &str| Symbol::Input(format!("{what}.each.{name}").into());
                Repetition::Each {
                    key: symbol::with(key, input("key")),
                    value: symbol::with(Value::dynamic_unknown(), input("value")),
                }
            });
        }
        Expansion::single()
    }

    fn or_unknown_expansion(
        &self,
        result: Result<Result<Expansion, Value>, Box<Failure>>,
        what: &str,
        repetition: impl FnOnce() -> Repetition,
    ) -> Expansion {
        match result {
            Ok(Ok(expansion)) => {
                let count = u64::try_from(expansion.instances.len()).unwrap_or(u64::MAX);
                if self.make(count, what) {
                    return expansion;
                }
                let why = format!("{what} expands to more instances than are looked at");
                let because = symbol::with(Value::dynamic_unknown(), Symbol::Opaque(why.into()));
                Expansion::unknown(&because, repetition())
            }
            Ok(Err(because)) => Expansion::unknown(&because, repetition()),
            Err(failure) => {
                self.report_failure(&failure, what);
                Expansion::unknown(&super::failed(what), repetition())
            }
        }
    }
}

/// The instances that a `count` makes; the inner error is the value that is not known.
fn counted(value: Value, at: &Argument) -> Result<Result<Expansion, Value>, Box<Failure>> {
    let invalid = |detail: &str| Failure::new(at.place(), "invalid count", detail);
    let (value, marks) = value.unmark();
    if value.is_null() {
        return Err(invalid(
            "The count is null; a whole number is needed, 0 for no instances.",
        ));
    }
    let number = cty::conversion::convert(&value, &Type::Number)
        .map_err(|_| invalid("The count must be a whole number."))?;
    let Some(count) = number.as_number() else {
        return Ok(Err(number.with_marks(&marks)));
    };
    let Some(count) = count.to_u64() else {
        return Err(invalid(&format!(
            "The count is {count}; it must be a whole number, not below zero."
        )));
    };
    if count > MOST {
        return Err(invalid(&format!(
            "The count is {count}; up to {MOST} instances of one resource are looked at."
        )));
    }
    let instances = (0..count)
        .map(|i| {
            (
                Some(Index::Number(i)),
                Repetition::Count(Value::number(i).with_marks(&marks)),
            )
        })
        .collect();
    Ok(Ok(Expansion {
        keys: Keys::Count,
        instances,
        marks,
        because: None,
    }))
}

/// The instances that a `for_each` makes; the inner error is the value that is not known.
fn keyed(value: Value, at: &Argument) -> Result<Result<Expansion, Value>, Box<Failure>> {
    let invalid = |detail: &str| Failure::new(at.place(), "invalid for_each", detail);
    let (value, marks) = value.unmark();
    if marks.contains(&Mark::Sensitive) {
        return Err(invalid(
            "The value is sensitive, and keys of instances are shown; use nonsensitive() on keys that may be seen.",
        ));
    }
    if value.is_null() {
        return Err(invalid(
            "The value is null; a map or a set of strings is needed.",
        ));
    }
    match value.ty() {
        Type::Map(_) | Type::Object(_) | Type::Dynamic => {}
        Type::Set(element) if **element == Type::String || **element == Type::Dynamic => {}
        Type::Set(element) => {
            return Err(invalid(&format!(
                "A set must be one of strings, but this is a set of {element}."
            )));
        }
        other => {
            return Err(invalid(&format!(
                "A map or a set of strings is needed, but this is a {other}; toset() makes a set of a list."
            )));
        }
    }
    if let Some(entries) = value.entries() {
        let instances = entries
            .iter()
            .map(|(key, element)| each(key, element.clone(), &marks));
        return within(instances.collect(), marks, at);
    }
    let Some(elements) = value.elements() else {
        return Ok(Err(value.with_marks(&marks)));
    };
    let mut keys: Vec<Name> = Vec::with_capacity(elements.len());
    for element in elements {
        match element.as_str() {
            Some(text) => keys.push(text.into()),
            None if element.is_null() => {
                return Err(invalid("The set holds null, which is no key."));
            }
            None => return Ok(Err(keys_of(elements).with_marks(&marks))),
        }
    }
    keys.sort_unstable();
    let instances = keys
        .iter()
        .map(|key| each(key, Value::string(key), &marks))
        .collect();
    within(instances, marks, at)
}

/// A set some of whose keys are not known.
fn keys_of(elements: &[Value]) -> Value {
    let symbol = Symbol::Call {
        function: "toset".into(),
        arguments: vec![Value::tuple(elements.to_vec())],
    };
    symbol::with(Value::dynamic_unknown(), symbol)
}

type Instance = (Option<Index>, Repetition);

fn each(key: &Name, value: Value, marks: &Marks) -> Instance {
    let repetition = Repetition::Each {
        key: Value::string(key).with_marks(marks),
        value: value.with_marks(marks),
    };
    (Some(Index::Key(key.clone())), repetition)
}

fn within(
    instances: Vec<Instance>,
    marks: Marks,
    at: &Argument,
) -> Result<Result<Expansion, Value>, Box<Failure>> {
    if u64::try_from(instances.len()).is_ok_and(|count| count > MOST) {
        let detail = format!(
            "It has {} elements; up to {MOST} instances of one resource are looked at.",
            instances.len()
        );
        return Err(Failure::new(at.place(), "invalid for_each", detail));
    }
    Ok(Ok(Expansion {
        keys: Keys::ForEach,
        instances,
        marks,
        because: None,
    }))
}

/// The key that a value names, converted as Terraform does; `None` where it is not known.
pub(crate) fn index_of(value: &Value, keys: Keys) -> Result<Option<Index>, String> {
    let wanted = if keys == Keys::Count {
        Type::Number
    } else {
        Type::String
    };
    let converted = cty::conversion::convert(value, &wanted).map_err(|e| e.to_string())?;
    if converted.is_null() {
        return Err("the key is null".into());
    }
    Ok(converted
        .as_number()
        .and_then(cty::Number::to_u64)
        .map(Index::Number)
        .or_else(|| converted.as_str().map(|key| Index::Key(key.into()))))
}
