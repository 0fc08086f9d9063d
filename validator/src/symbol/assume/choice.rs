//! Choices between values that hang on something unknown: which there are in an expression, and what decides them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use cty::Value;

use crate::symbol::{Symbol, because, of, operands, text};

/// Most values that one choice is looked at with.
const MOST_OPTIONS: usize = 8;
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
        // Most symbols are references, which choose nothing.
        if operands(symbol).is_empty() {
            return BTreeSet::new();
        }
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
        if depth > super::DEEPEST || !self.seen.insert(std::ptr::from_ref(symbol)) {
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
        if depth > super::DEEPEST || value.is_wholly_known() {
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
pub(super) struct Found<'a> {
    /// The expression that decides, as text.
    pub(super) by: Arc<str>,
    decides: &'a Value,
    options: Vec<Arc<str>>,
}

/// The choice that a symbol makes itself.
pub(super) fn choice(symbol: &Symbol) -> Option<Found<'_>> {
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
pub(super) fn positive(condition: &Value) -> (&Value, bool) {
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
