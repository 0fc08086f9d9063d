//! What an expression becomes where something is assumed: which value a choice takes, or that an instance is not there.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use cty::{Type, Value};

use super::{Symbol, because, of, operands, parts, template, text, with};

/// Most values that one choice is looked at with.
const MOST_OPTIONS: usize = 8;
/// Deepest nesting that is read.
const DEEPEST: u32 = 64;
/// The longest condition that is told apart from others.
const LONGEST: usize = 1000;

/// What an unknown may be, and what it waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    /// All that it may be: `true` and `false`, the keys that it may name, `set` and `null`.
    pub(crate) options: BTreeSet<Arc<str>>,
    /// What would settle it.
    pub(crate) because: BTreeSet<Arc<str>>,
}

/// Choices that hang on something unknown, by the expression that decides.
#[derive(Debug, Default)]
pub(crate) struct Choices {
    /// By the text of the expression that decides.
    pub(crate) found: BTreeMap<Arc<str>, Choice>,
}

impl Choices {
    /// Adds those of a symbol; returns what decides them.
    pub(crate) fn read(&mut self, symbol: &Symbol) -> BTreeSet<Arc<str>> {
        let mut walk = Walk {
            choices: self,
            seen: HashSet::new(),
            here: BTreeSet::new(),
        };
        walk.symbol(symbol, 0);
        walk.here
    }
}

struct Walk<'a> {
    choices: &'a mut Choices,
    seen: HashSet<*const Symbol>,
    here: BTreeSet<Arc<str>>,
}

impl Walk<'_> {
    fn symbol(&mut self, symbol: &Symbol, depth: u32) {
        if depth > DEEPEST || !self.seen.insert(std::ptr::from_ref(symbol)) {
            return;
        }
        if let Some(found) = choice(symbol) {
            let known = self.choices.found.entry(found.by.clone()).or_default();
            known.options.extend(found.options);
            known.because.extend(because(found.decides));
            self.here.insert(found.by);
        }
        for value in operands(symbol) {
            self.value(value, depth + 1);
        }
    }

    fn value(&mut self, value: &Value, depth: u32) {
        if let Some(symbol) = of(value) {
            return self.symbol(symbol, depth);
        }
        if depth > DEEPEST || value.is_wholly_known() {
            return;
        }
        let elements = value.elements().unwrap_or_default().iter();
        let entries = value.entries().into_iter().flat_map(|all| all.values());
        elements
            .chain(entries)
            .for_each(|part| self.value(part, depth + 1));
    }
}

/// A choice as it stands in a symbol.
struct Found<'a> {
    by: Arc<str>,
    decides: &'a Value,
    options: Vec<Arc<str>>,
}

/// The choice that a symbol makes itself.
fn choice(symbol: &Symbol) -> Option<Found<'_>> {
    let (decides, options): (&Value, Vec<Arc<str>>) = match symbol {
        Symbol::Conditional {
            condition,
            then: Some(_),
            otherwise: Some(_),
        } => (positive(condition).0, vec!["true".into(), "false".into()]),
        Symbol::Index { of, key } => (key, keys(of)?),
        Symbol::Call {
            function,
            arguments,
        } => match (&**function, arguments.as_slice()) {
            ("lookup", [of, key, ..]) => (key, keys(of)?),
            ("coalesce", [first, _, ..]) => (first, vec!["set".into(), "null".into()]),
            _ => return None,
        },
        _ => return None,
    };
    let by = decider(decides)?;
    Some(Found {
        by,
        decides,
        options,
    })
}

/// The text of an expression that decides, where it is one value wherever it stands.
fn decider(value: &Value) -> Option<Arc<str>> {
    let symbol = of(value)?;
    // Whether something is there that AWS tells of is no question: it is there once its instance is.
    let asked = |reason: &Arc<str>| reason.contains("var.") || reason.contains("data.");
    if value.is_marked() || !because(value).iter().all(asked) {
        return None;
    }
    let text = text(symbol);
    let one = text.len() <= LONGEST
        && !["each.", "count.index", "…", "(sensitive)", "unknown("]
            .iter()
            .any(|part| text.contains(part));
    one.then(|| text.into())
}

/// A condition without `!`, and whether there was one.
fn positive(condition: &Value) -> (&Value, bool) {
    match of(condition).map(|symbol| &**symbol) {
        Some(Symbol::Operation {
            operator: "!",
            operands,
        }) if operands.len() == 1 => {
            let (inner, negated) = positive(&operands[0]);
            (inner, !negated)
        }
        _ => (condition, false),
    }
}

/// Keys of a collection of which it is known what it holds.
fn keys(of: &Value) -> Option<Vec<Arc<str>>> {
    let keys: Vec<Arc<str>> = match (of.entries(), of.elements()) {
        (Some(entries), _) => entries.keys().cloned().collect(),
        (None, Some(elements)) => (0..elements.len())
            .map(|at| at.to_string().into())
            .collect(),
        _ => return None,
    };
    (2..=MOST_OPTIONS).contains(&keys.len()).then_some(keys)
}

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
            Symbol::Over { what, collection } => {
                if self.is_absent(collection) {
                    return Some(Value::tuple(Vec::new()));
                }
                let collection = self.value(collection, depth)?;
                Some(unknown(Symbol::Over { what, collection }))
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
                if only.is_wholly_known() =>
            {
                return only.clone();
            }
            ("tostring" | "tonumber" | "tobool", None) if only.is_wholly_known() => {
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
