//! Marks on values: what clings to a value and to all that is made of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Data;
use crate::path::Path;
use crate::{Type, Value};

/// Something that clings to a value and to what is made of it. Marks never travel on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Must not be shown.
    Sensitive,
    /// Exists only while Terraform runs.
    Ephemeral,
    /// Any other, by name.
    Named(Arc<str>),
}

/// The marks of one value.
pub type Marks = BTreeSet<Mark>;

impl Value {
    /// The marks of the value itself, not of its parts.
    pub fn marks(&self) -> Option<&Marks> {
        self.marks.as_deref()
    }

    /// Whether the value itself is marked.
    pub fn is_marked(&self) -> bool {
        self.marks.is_some()
    }

    /// Whether the value or a part of it is marked.
    pub fn is_marked_deep(&self) -> bool {
        self.is_marked()
            || match &self.data {
                Data::Elements(elements) => elements.iter().any(Value::is_marked_deep),
                Data::Entries(entries) => entries.values().any(Value::is_marked_deep),
                _ => false,
            }
    }

    /// Adds a mark.
    #[must_use]
    pub fn mark(self, mark: Mark) -> Self {
        self.with_marks(&BTreeSet::from([mark]))
    }

    /// Adds all of these marks.
    #[must_use]
    pub fn with_marks(mut self, marks: &Marks) -> Self {
        if !marks.is_empty() {
            let mut all = self.marks.as_deref().cloned().unwrap_or_default();
            all.extend(marks.iter().cloned());
            self.marks = Some(Arc::new(all));
        }
        self
    }

    /// The value without its own marks, and the marks.
    pub fn unmark(mut self) -> (Value, Marks) {
        let marks = self.marks.take().map(|m| (*m).clone()).unwrap_or_default();
        (self, marks)
    }

    /// The value without any marks, and each marked place.
    pub fn unmark_deep(&self) -> (Value, Vec<(Path, Marks)>) {
        let mut found = Vec::new();
        if !self.is_marked_deep() {
            return (self.clone(), found);
        }
        let value = strip(self, &Path::root(), &mut found);
        (value, found)
    }

    /// All marks of the value and its parts.
    pub fn marks_deep(&self) -> Marks {
        self.unmark_deep()
            .1
            .into_iter()
            .flat_map(|(_, marks)| marks)
            .collect()
    }

    /// Puts marks back where [`Value::unmark_deep`] found them; places that are gone are passed over.
    #[must_use]
    pub fn with_marks_at(self, places: &[(Path, Marks)]) -> Self {
        if places.is_empty() {
            return self;
        }
        put_back(self, &Path::root(), places)
    }
}

fn below(ty: &Type, path: &Path, key: &Arc<str>) -> Path {
    if matches!(ty, Type::Map(_)) {
        path.key(key)
    } else {
        path.attribute(key.clone())
    }
}

fn strip(value: &Value, path: &Path, found: &mut Vec<(Path, Marks)>) -> Value {
    if let Some(marks) = value.marks() {
        found.push((path.clone(), marks.clone()));
    }
    let data = match &value.data {
        // Elements of a set have no marks of their own: those stand on the set.
        Data::Elements(elements) if !matches!(value.ty, Type::Set(_)) => Data::Elements(
            elements
                .iter()
                .enumerate()
                .map(|(i, e)| strip(e, &path.index(i), found))
                .collect(),
        ),
        Data::Entries(entries) => {
            let stripped = entries
                .iter()
                .map(|(key, e)| (key.clone(), strip(e, &below(&value.ty, path, key), found)));
            Data::Entries(Arc::new(stripped.collect()))
        }
        data => data.clone(),
    };
    Value::new(value.ty.clone(), data)
}

fn put_back(value: Value, path: &Path, places: &[(Path, Marks)]) -> Value {
    let data = match &value.data {
        Data::Elements(elements) if !matches!(value.ty, Type::Set(_)) => {
            let marked = elements
                .iter()
                .enumerate()
                .map(|(i, e)| put_back(e.clone(), &path.index(i), places));
            Data::Elements(marked.collect())
        }
        Data::Entries(entries) => {
            let marked = entries.iter().map(|(key, e)| {
                (
                    key.clone(),
                    put_back(e.clone(), &below(&value.ty, path, key), places),
                )
            });
            Data::Entries(Arc::new(marked.collect()))
        }
        data => data.clone(),
    };
    let out = Value { data, ..value };
    places
        .iter()
        .filter(|(place, _)| place == path)
        .fold(out, |out, (_, marks)| out.with_marks(marks))
}
