//! Making symbols from others, and giving them to the parts of a value.

use std::sync::Arc;

use cty::{Type, Value};

use super::{PathStep, Symbol, held, of, with};

/// Most parts of a template that are taken over one by one when it stands in another.
const MOST_PARTS: usize = 64;

/// Values that stand in a symbol.
pub fn operands(symbol: &Symbol) -> Vec<&Value> {
    match symbol {
        Symbol::Resource { .. } | Symbol::Input(_) | Symbol::Opaque(_) | Symbol::Aws { .. } => {
            Vec::new()
        }
        Symbol::Template(values)
        | Symbol::Call {
            arguments: values, ..
        }
        | Symbol::Operation {
            operands: values, ..
        } => values.iter().collect(),
        Symbol::Conditional {
            condition,
            then,
            otherwise,
        } => [Some(condition), then.as_ref(), otherwise.as_ref()]
            .into_iter()
            .flatten()
            .collect(),
        Symbol::Attribute { of, .. } => vec![of],
        Symbol::Index { of, key } => vec![of, key],
        Symbol::Over { collection, .. } => vec![collection],
    }
}

/// How deep a symbol is nested, itself included.
pub(super) fn depth(symbol: &Symbol) -> u32 {
    let made = match symbol {
        Symbol::Over { made, .. } => made.as_ref(),
        _ => None,
    };
    let below = operands(symbol).into_iter().chain(made).map(depth_of).max();
    below.unwrap_or(0).saturating_add(1)
}

fn depth_of(value: &Value) -> u32 {
    if let Some(held) = held(value) {
        return held.depth;
    }
    let elements = value.elements().unwrap_or_default().iter();
    let entries = value.entries().into_iter().flat_map(|e| e.values());
    elements.chain(entries).map(depth_of).max().unwrap_or(0)
}

/// The symbol of `of.name`.
pub fn attribute(value: &Value, name: &str) -> Symbol {
    extended(value, || Some(PathStep::Name(name.into()))).unwrap_or_else(|| Symbol::Attribute {
        of: value.clone(),
        name: name.into(),
    })
}

/// The symbol of `of[key]`.
pub fn index(value: &Value, key: &Value) -> Symbol {
    let step = || {
        if key.is_marked() {
            return None;
        }
        let position = key.as_number().and_then(cty::Number::to_u64);
        let name = key.as_str().map(|name| PathStep::Name(name.into()));
        name.or(position.map(PathStep::Index))
    };
    extended(value, step).unwrap_or_else(|| Symbol::Index {
        of: value.clone(),
        key: key.clone(),
    })
}

/// The symbol of a part of something in a resource instance: its path, one step longer.
fn extended(value: &Value, step: impl FnOnce() -> Option<PathStep>) -> Option<Symbol> {
    let longer = |path: &[PathStep], step: PathStep| {
        let mut path = path.to_vec();
        path.push(step);
        path
    };
    match &**of(value)? {
        Symbol::Resource { address, path } => Some(Symbol::Resource {
            address: address.clone(),
            path: longer(path, step()?),
        }),
        Symbol::Aws { address, path } => Some(Symbol::Aws {
            address: address.clone(),
            path: longer(path, step()?),
        }),
        _ => None,
    }
}

/// The symbol of text with holes. Holes that are such texts themselves are taken apart; neighbouring texts are joined.
pub fn template(parts: Vec<Value>) -> Symbol {
    let mut all: Vec<Value> = Vec::with_capacity(parts.len());
    for part in parts {
        let inner = match of(&part).map(|symbol| &**symbol) {
            Some(Symbol::Template(inner))
                if !part.is_marked() && inner.len() + all.len() <= MOST_PARTS =>
            {
                inner.clone()
            }
            _ => vec![part],
        };
        for part in inner {
            let joined = all.last().and_then(|last| joined(last, &part));
            match (joined, all.last_mut()) {
                (Some(joined), Some(last)) => *last = joined,
                _ => all.push(part),
            }
        }
    }
    Symbol::Template(all)
}

fn joined(a: &Value, b: &Value) -> Option<Value> {
    if a.is_marked() || b.is_marked() {
        return None;
    }
    Some(Value::string(format!("{}{}", a.as_str()?, b.as_str()?)))
}

/// The value with this symbol on all of its unknown parts that have none.
#[must_use]
pub fn fill(value: Value, symbol: &Arc<Symbol>) -> Value {
    fill_with(value, || symbol.clone())
}

/// Like [`fill`], where the symbol is made only if a part needs it.
#[must_use]
pub fn fill_with(value: Value, symbol: impl FnOnce() -> Arc<Symbol>) -> Value {
    if !has_bare(&value) {
        return value;
    }
    // Made once: all parts share it.
    let model = with(Value::dynamic_unknown(), symbol());
    match of(&model) {
        Some(symbol) => filled(&value, symbol),
        None => value,
    }
}

fn has_bare(value: &Value) -> bool {
    if !value.is_known() {
        return of(value).is_none();
    }
    value.elements().unwrap_or_default().iter().any(has_bare)
        || value
            .entries()
            .is_some_and(|entries| entries.values().any(has_bare))
}

fn filled(value: &Value, symbol: &Arc<Symbol>) -> Value {
    if !value.is_known() {
        return match of(value) {
            Some(_) => value.clone(),
            None => with(value.clone(), symbol.clone()),
        };
    }
    let each = |values: &[Value]| -> Vec<Value> {
        values.iter().map(|part| filled(part, symbol)).collect()
    };
    let entries = || {
        value
            .entries()
            .into_iter()
            .flatten()
            .map(|(key, part)| (key.clone(), filled(part, symbol)))
    };
    let made = match (value.ty(), value.elements()) {
        (Type::List(element), Some(parts)) => Value::list((**element).clone(), each(parts)),
        (Type::Set(element), Some(parts)) => Value::set((**element).clone(), each(parts)),
        (Type::Tuple(_), Some(parts)) => Ok(Value::tuple(each(parts))),
        (Type::Map(element), _) => Value::map((**element).clone(), entries()),
        (Type::Object(_), _) if value.entries().is_some() => Ok(Value::object(entries())),
        _ => return value.clone(),
    };
    // Symbols change no types, so that the parts fit as they did before.
    let made = made.unwrap_or_else(|_| value.clone());
    match value.marks() {
        Some(marks) => made.with_marks(marks),
        None => made,
    }
}
