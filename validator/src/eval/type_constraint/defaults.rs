//! Defaults of optional attributes: where they stand in a type, and how they get into a value.

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::conversion::{convert, unify_unsafe};
use cty::{Type, Value};

/// Defaults of optional attributes, by their places in a type.
#[derive(Clone, Debug, Default)]
pub struct Defaults(Option<Arc<Kind>>);

#[derive(Debug)]
enum Kind {
    /// The same for every element of a list, set or map.
    Elements(Defaults),
    /// For each element of a tuple its own.
    Tuple(Vec<Defaults>),
    /// Values of attributes that are missing or null, and what lies inside of attributes.
    Object {
        values: BTreeMap<Arc<str>, Value>,
        below: BTreeMap<Arc<str>, Defaults>,
    },
}

impl Defaults {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn of_elements(below: Defaults) -> Self {
        if below.is_empty() {
            return below;
        }
        Defaults(Some(Arc::new(Kind::Elements(below))))
    }

    pub(super) fn of_tuple(below: Vec<Defaults>) -> Self {
        if below.iter().all(Defaults::is_empty) {
            return Defaults::default();
        }
        Defaults(Some(Arc::new(Kind::Tuple(below))))
    }

    pub(super) fn of_object(
        values: BTreeMap<Arc<str>, Value>,
        below: BTreeMap<Arc<str>, Defaults>,
    ) -> Self {
        if values.is_empty() && below.is_empty() {
            return Defaults::default();
        }
        Defaults(Some(Arc::new(Kind::Object { values, below })))
    }

    fn element(&self, at: usize) -> Defaults {
        match self.0.as_deref() {
            Some(Kind::Elements(below)) => below.clone(),
            Some(Kind::Tuple(below)) => below.get(at).cloned().unwrap_or_default(),
            _ => Defaults::default(),
        }
    }

    fn entry(&self, name: &str) -> Defaults {
        match self.0.as_deref() {
            Some(Kind::Elements(below)) => below.clone(),
            Some(Kind::Object { below, .. }) => below.get(name).cloned().unwrap_or_default(),
            _ => Defaults::default(),
        }
    }
}

/// Puts defaults where attributes are missing or null. The type of the result may be another than before: convert it to
/// the constraint's type next.
#[must_use]
pub fn apply(value: &Value, defaults: &Defaults) -> Value {
    if !value.is_known() || value.is_null() || defaults.is_empty() {
        return value.clone();
    }
    let made = if let Some(elements) = value.elements() {
        sequence(value, elements, defaults)
    } else if value.entries().is_some() {
        entries(value, defaults)
    } else {
        return value.clone();
    };
    match value.marks() {
        Some(marks) => made.with_marks(marks),
        None => made,
    }
}

fn sequence(value: &Value, elements: &[Value], defaults: &Defaults) -> Value {
    let parts: Vec<Value> = elements
        .iter()
        .enumerate()
        .map(|(at, part)| apply(part, &defaults.element(at)))
        .collect();
    let (Type::List(element) | Type::Set(element)) = value.ty() else {
        return Value::tuple(parts);
    };
    if parts.is_empty() {
        return value.clone().unmark().0;
    }
    let Some(parts) = alike(&parts, element) else {
        return Value::tuple(parts);
    };
    let made = if matches!(value.ty(), Type::Set(_)) {
        Value::set(Type::Dynamic, parts.clone())
    } else {
        Value::list(Type::Dynamic, parts.clone())
    };
    made.unwrap_or_else(|_| Value::tuple(parts))
}

fn entries(value: &Value, defaults: &Defaults) -> Value {
    let mut parts: BTreeMap<Arc<str>, Value> = value
        .entries()
        .into_iter()
        .flatten()
        .map(|(name, part)| (name.clone(), apply(part, &defaults.entry(name))))
        .collect();
    if let Some(Kind::Object { values, below }) = defaults.0.as_deref() {
        for (name, default) in values {
            let given = parts.remove(name).filter(|given| !given.is_null());
            let part = match given {
                Some(given) if default.is_known() && !default.is_null() => given.not_null(),
                Some(given) => given,
                None => match below.get(name) {
                    Some(below) => apply(default, below),
                    None => default.clone(),
                },
            };
            parts.insert(name.clone(), part);
        }
    }
    let Type::Map(element) = value.ty() else {
        return Value::object(parts);
    };
    if parts.is_empty() {
        return value.clone().unmark().0;
    }
    let (names, values): (Vec<_>, Vec<_>) = parts.clone().into_iter().unzip();
    match alike(&values, element) {
        Some(values) => Value::map(Type::Dynamic, names.into_iter().zip(values))
            .unwrap_or_else(|_| Value::object(parts)),
        None => Value::object(parts),
    }
}

/// All parts as one type, if there is one.
fn alike(parts: &[Value], element: &Type) -> Option<Vec<Value>> {
    if parts.iter().all(|part| part.ty() == element) {
        return Some(parts.to_vec());
    }
    let types: Vec<Type> = parts.iter().map(|part| part.ty().clone()).collect();
    let ty = unify_unsafe(&types)?;
    parts.iter().map(|part| convert(part, &ty).ok()).collect()
}
