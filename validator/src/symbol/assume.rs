//! What an expression becomes where something is assumed: which value a choice takes, or that an instance is not there.

mod choice;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use cty::{Type, Value};

pub(crate) use self::choice::Choices;
use self::choice::{choice, positive};
use super::{Symbol, of, parts, template, with};

/// Deepest nesting that is read.
const DEEPEST: u32 = 64;

/// What is assumed.
#[derive(Debug, Default)]
pub(crate) struct Assumption {
    /// The expression that decides, and what it is.
    pub(crate) choices: BTreeMap<Arc<str>, Arc<str>>,
    /// Addresses of instances that are not there.
    pub(crate) absent: BTreeSet<Arc<str>>,
    /// What shared symbols become: each is looked at once.
    seen: RefCell<HashMap<usize, Option<Value>>>,
    kept: RefCell<Vec<Value>>,
}

impl Assumption {
    /// What a symbol becomes; `None` where nothing that is assumed stands in it.
    pub(crate) fn symbol(&self, symbol: &Symbol, depth: u32) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let key = std::ptr::from_ref(symbol).addr();
        if let Some(known) = self.seen.borrow().get(&key) {
            return known.clone();
        }
        let made = self.made(symbol, depth + 1);
        self.seen.borrow_mut().insert(key, made.clone());
        made
    }

    fn value(&self, value: &Value, depth: u32) -> Option<Value> {
        if let Some(symbol) = of(value) {
            let made = self.symbol(symbol, depth)?;
            return Some(match value.marks() {
                Some(marks) => made.with_marks(marks),
                None => made,
            });
        }
        if depth > DEEPEST || value.is_wholly_known() {
            return None;
        }
        let made = match (value.entries(), value.elements()) {
            (Some(entries), _) => {
                let changed = |part: &Value| self.value(part, depth + 1);
                entries
                    .values()
                    .any(|part| changed(part).is_some())
                    .then(|| {
                        Value::object(entries.iter().map(|(key, part)| {
                            (key.clone(), changed(part).unwrap_or_else(|| part.clone()))
                        }))
                    })?
            }
            (None, Some(elements)) => Value::tuple(self.all(elements, depth)?),
            _ => return None,
        };
        Some(match value.marks() {
            Some(marks) => made.with_marks(marks),
            None => made,
        })
    }

    /// The same values, where one of them changes.
    fn all(&self, values: &[Value], depth: u32) -> Option<Vec<Value>> {
        let made: Vec<Option<Value>> = values
            .iter()
            .map(|value| self.value(value, depth + 1))
            .collect();
        made.iter().any(Option::is_some).then(|| {
            let both = made.into_iter().zip(values);
            both.map(|(made, value)| made.unwrap_or_else(|| value.clone()))
                .collect()
        })
    }

    fn chosen(&self, symbol: &Symbol) -> Option<Value> {
        let found = choice(symbol)?;
        let option = self.choices.get(&found.by)?;
        match symbol {
            Symbol::Conditional {
                condition,
                then,
                otherwise,
            } => {
                let is_true = (&**option == "true") != positive(condition).1;
                if is_true {
                    then.clone()
                } else {
                    otherwise.clone()
                }
            }
            Symbol::Index { of, .. } => element(of, option),
            Symbol::Call {
                function,
                arguments,
            } if &**function == "lookup" => {
                element(arguments.first()?, option).or_else(|| arguments.get(2).cloned())
            }
            Symbol::Call {
                function,
                arguments,
            } => match (&**option, arguments.as_slice()) {
                ("set", [first, ..]) => Some(first.clone()),
                (_, [_, only]) => Some(only.clone()),
                (_, [_, rest @ ..]) => Some(unknown(Symbol::Call {
                    function: function.clone(),
                    arguments: rest.to_vec(),
                })),
                _ => None,
            },
            _ => None,
        }
    }

    fn made(&self, symbol: &Symbol, depth: u32) -> Option<Value> {
        if let Some(chosen) = self.chosen(symbol) {
            // Symbols are told apart by where they lie: what was looked at must not go.
            self.kept.borrow_mut().push(chosen.clone());
            return Some(self.value(&chosen, depth).unwrap_or(chosen));
        }
        match symbol {
            Symbol::Resource { .. } | Symbol::Input(_) | Symbol::Opaque(_) | Symbol::Aws { .. } => {
                None
            }
            Symbol::Over {
                what,
                collection,
                made,
            } => {
                if self.is_absent(collection) {
                    return Some(Value::tuple(Vec::new()));
                }
                let collection = self.value(collection, depth)?;
                let made = made
                    .as_ref()
                    .map(|made| self.value(made, depth).unwrap_or_else(|| made.clone()));
                Some(unknown(Symbol::Over {
                    what,
                    collection,
                    made,
                }))
            }
            Symbol::Template(values) => Some(joined(self.all(values, depth)?)),
            Symbol::Call {
                function,
                arguments,
            } => Some(called(function, self.all(arguments, depth)?)),
            Symbol::Operation { operator, operands } => Some(unknown(Symbol::Operation {
                operator,
                operands: self.all(operands, depth)?,
            })),
            Symbol::Conditional {
                condition,
                then,
                otherwise,
            } => self.conditional(condition, then.as_ref(), otherwise.as_ref(), depth),
            Symbol::Attribute { of, name } => {
                let of = self.value(of, depth)?;
                let taken = element(&of, name);
                Some(taken.unwrap_or_else(|| unknown(parts::attribute(&of, name))))
            }
            Symbol::Index { of, key } => {
                let (new, other) = (self.value(of, depth), self.value(key, depth));
                if new.is_none() && other.is_none() {
                    return None;
                }
                let of = new.unwrap_or_else(|| of.clone());
                let key = other.unwrap_or_else(|| key.clone());
                let name = match (key.as_str(), key.as_number()) {
                    (Some(name), _) => Some(name.to_owned()),
                    (None, number) => number.map(ToString::to_string),
                };
                let taken = name.and_then(|name| element(&of, &name));
                Some(taken.unwrap_or_else(|| unknown(parts::index(&of, &key))))
            }
        }
    }

    fn conditional(
        &self,
        condition: &Value,
        then: Option<&Value>,
        otherwise: Option<&Value>,
        depth: u32,
    ) -> Option<Value> {
        let made = [Some(condition), then, otherwise]
            .map(|value| value.and_then(|value| self.value(value, depth)));
        if made.iter().all(Option::is_none) {
            return None;
        }
        let [new, then_new, otherwise_new] = made;
        let condition = new.unwrap_or_else(|| condition.clone());
        let then = then_new.or_else(|| then.cloned());
        let otherwise = otherwise_new.or_else(|| otherwise.cloned());
        let taken = match condition.as_bool() {
            Some(true) => then.clone(),
            Some(false) => otherwise.clone(),
            None => None,
        };
        Some(taken.unwrap_or_else(|| {
            unknown(Symbol::Conditional {
                condition,
                then,
                otherwise,
            })
        }))
    }

    /// Whether a value is a resource whose instances are not there.
    fn is_absent(&self, value: &Value) -> bool {
        matches!(
            of(value).map(|symbol| &**symbol),
            Some(Symbol::Resource { address, path }) if path.is_empty() && self.absent.contains(address)
        )
    }
}

fn unknown(symbol: Symbol) -> Value {
    with(Value::dynamic_unknown(), symbol)
}

/// A part of a collection that is known to be there.
fn element(of: &Value, key: &str) -> Option<Value> {
    match (of.entries(), of.elements()) {
        (Some(entries), _) => entries.get(key).cloned(),
        (None, Some(elements)) => elements.get(key.parse::<usize>().ok()?).cloned(),
        _ => None,
    }
}

/// Text, known where all of its parts are.
fn joined(values: Vec<Value>) -> Value {
    let symbol = template(values);
    if let Symbol::Template(all) = &symbol {
        match all.as_slice() {
            [] => return Value::string(""),
            [only] if !only.is_marked() && only.as_str().is_some() => return only.clone(),
            _ => {}
        }
    }
    with(Value::unknown(Type::String), symbol)
}

/// A call of which arguments have changed: the value where it is plain, else the call.
fn called(function: &Arc<str>, arguments: Vec<Value>) -> Value {
    if let [only] = arguments.as_slice() {
        let elements = only.elements();
        match (&**function, elements) {
            ("one", Some([])) => return Value::null(Type::Dynamic),
            ("one", Some([element])) => return element.clone(),
            ("toset" | "tolist" | "compact" | "distinct" | "flatten", Some(_))
            | ("tostring" | "tonumber" | "tobool", None)
                if only.is_wholly_known() =>
            {
                return only.clone();
            }
            _ => {}
        }
    }
    unknown(Symbol::Call {
        function: function.clone(),
        arguments,
    })
}
