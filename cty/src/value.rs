//! Values: known, null or unknown, always with a type, possibly with marks.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::refinement::{Origin, Refinements, Unknown};
use crate::{Number, Path, Type};

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

/// A value of Terraform's type system. Cloning is cheap.
///
/// A known value always has a concrete type; only nulls and unknowns can be of type [`Type::Dynamic`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    ty: Type,
    data: Data,
    marks: Option<Arc<Marks>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    Null,
    Unknown(Unknown),
    String(Arc<str>),
    Number(Number),
    Bool(bool),
    /// List, tuple, and set (in canonical order, without duplicates).
    Elements(Arc<[Value]>),
    /// Map and object.
    Entries(Arc<BTreeMap<Arc<str>, Value>>),
}

/// A collection cannot hold a value of another type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a collection of {expected} cannot hold a {found}")]
pub struct ValueError {
    /// The element type.
    pub expected: Type,
    /// The type of the value that does not fit.
    pub found: Type,
}

/// Text in Unicode normal form C, as Terraform keeps all strings.
pub(crate) fn nfc(text: &str) -> Arc<str> {
    if is_nfc(text) {
        text.into()
    } else {
        text.nfc().collect::<String>().into()
    }
}

impl Value {
    pub(crate) fn new(ty: Type, data: Data) -> Self {
        Value {
            ty,
            data,
            marks: None,
        }
    }

    pub(crate) fn data(&self) -> &Data {
        &self.data
    }

    /// Null of a type.
    pub fn null(ty: Type) -> Self {
        Value::new(ty, Data::Null)
    }

    /// Not known yet, of a type.
    pub fn unknown(ty: Type) -> Self {
        Value::new(ty, Data::Unknown(Unknown::default()))
    }

    /// Nothing known, not even the type.
    pub fn dynamic_unknown() -> Self {
        Value::unknown(Type::Dynamic)
    }

    /// A string, brought into NFC.
    pub fn string(text: impl AsRef<str>) -> Self {
        Value::new(Type::String, Data::String(nfc(text.as_ref())))
    }

    /// A number.
    pub fn number(number: impl Into<Number>) -> Self {
        Value::new(Type::Number, Data::Number(number.into()))
    }

    /// A bool.
    pub fn bool(value: bool) -> Self {
        Value::new(Type::Bool, Data::Bool(value))
    }

    /// A list; elements must be of the element type (any type where that is dynamic).
    ///
    /// # Errors
    /// When an element is of another type.
    pub fn list(element: Type, elements: Vec<Value>) -> Result<Self, ValueError> {
        fits(&element, &elements)?;
        Ok(Value::new(
            Type::list(element),
            Data::Elements(elements.into()),
        ))
    }

    /// A set: duplicates fall together, the order is canonical.
    ///
    /// # Errors
    /// When an element is of another type.
    pub fn set(element: Type, elements: Vec<Value>) -> Result<Self, ValueError> {
        fits(&element, &elements)?;
        Ok(Value::new(
            Type::set(element),
            Data::Elements(canonical(elements).into()),
        ))
    }

    /// A map; keys are brought into NFC.
    ///
    /// # Errors
    /// When a value is of another type.
    pub fn map<K: AsRef<str>>(
        element: Type,
        entries: impl IntoIterator<Item = (K, Value)>,
    ) -> Result<Self, ValueError> {
        let entries: BTreeMap<Arc<str>, Value> = entries
            .into_iter()
            .map(|(key, value)| (nfc(key.as_ref()), value))
            .collect();
        fits(&element, entries.values())?;
        Ok(Value::new(
            Type::map(element),
            Data::Entries(Arc::new(entries)),
        ))
    }

    /// A tuple; its type follows from its elements.
    pub fn tuple(elements: Vec<Value>) -> Self {
        let ty = Type::tuple(elements.iter().map(|e| e.ty.clone()).collect::<Vec<_>>());
        Value::new(ty, Data::Elements(elements.into()))
    }

    /// An object; its type follows from its attributes.
    pub fn object<K: AsRef<str>>(attributes: impl IntoIterator<Item = (K, Value)>) -> Self {
        let entries: BTreeMap<Arc<str>, Value> = attributes
            .into_iter()
            .map(|(key, value)| (nfc(key.as_ref()), value))
            .collect();
        let ty = Type::object(
            entries
                .iter()
                .map(|(name, value)| (name.clone(), value.ty.clone())),
        );
        Value::new(ty, Data::Entries(Arc::new(entries)))
    }

    /// The same value under the type that a codec was asked for: below an open type the parts keep their own.
    pub(crate) fn retyped(mut self, ty: &Type) -> Self {
        if !ty.has_dynamic() {
            self.ty = ty.clone();
        }
        self
    }

    /// The type.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// Whether it is known itself, null included; parts of it may still be unknown.
    pub fn is_known(&self) -> bool {
        !matches!(self.data, Data::Unknown(_))
    }

    /// Whether it and all of its parts are known.
    pub fn is_wholly_known(&self) -> bool {
        match &self.data {
            Data::Unknown(_) => false,
            Data::Elements(elements) => elements.iter().all(Value::is_wholly_known),
            Data::Entries(entries) => entries.values().all(Value::is_wholly_known),
            _ => true,
        }
    }

    /// What is known about an unknown value.
    pub fn unknown_info(&self) -> Option<&Unknown> {
        match &self.data {
            Data::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// The text of a known string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a known number.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.data {
            Data::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The truth of a known bool.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Elements of a known list, set (in canonical order) or tuple.
    pub fn elements(&self) -> Option<&[Value]> {
        match &self.data {
            Data::Elements(elements) => Some(elements),
            _ => None,
        }
    }

    /// Entries of a known map or object, by key.
    pub fn entries(&self) -> Option<&BTreeMap<Arc<str>, Value>> {
        match &self.data {
            Data::Entries(entries) => Some(entries),
            _ => None,
        }
    }

    /// One attribute of a known object, or one value of a known map.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.entries()?.get(name)
    }

    /// Promises something about an unknown value; other values stay as they are.
    #[must_use]
    pub fn with_refinements(mut self, refinements: Refinements) -> Self {
        if let Data::Unknown(unknown) = &self.data {
            self.data = Data::Unknown(Unknown::new(refinements, unknown.origin().cloned()));
        }
        self
    }

    /// Says where an unknown value comes from; other values stay as they are.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        if let Data::Unknown(unknown) = &self.data {
            self.data = Data::Unknown(Unknown::new(
                unknown.refinements().cloned().unwrap_or_default(),
                Some(origin),
            ));
        }
        self
    }

    /// The marks of the value itself, not of its parts.
    pub fn marks(&self) -> Option<&Marks> {
        self.marks.as_deref()
    }

    /// Whether the value itself is marked.
    pub fn is_marked(&self) -> bool {
        self.marks.is_some()
    }

    /// Adds a mark.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        let mut marks = self.marks.as_deref().cloned().unwrap_or_default();
        marks.insert(mark);
        self.marks = Some(Arc::new(marks));
        self
    }

    /// Adds all of these marks.
    #[must_use]
    pub fn with_marks(self, marks: &Marks) -> Self {
        marks
            .iter()
            .fold(self, |value, mark| value.mark(mark.clone()))
    }

    /// The value without its own marks, and the marks.
    pub fn unmark(mut self) -> (Value, Marks) {
        let marks = self.marks.take().map(|m| (*m).clone()).unwrap_or_default();
        (self, marks)
    }

    /// The value without any marks, and each marked place.
    pub fn unmark_deep(&self) -> (Value, Vec<(Path, Marks)>) {
        let mut found = Vec::new();
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
}

fn fits<'a>(element: &Type, values: impl IntoIterator<Item = &'a Value>) -> Result<(), ValueError> {
    if *element == Type::Dynamic {
        return Ok(());
    }
    match values.into_iter().find(|value| value.ty != *element) {
        None => Ok(()),
        Some(value) => Err(ValueError {
            expected: element.clone(),
            found: value.ty.clone(),
        }),
    }
}

fn strip(value: &Value, path: &Path, found: &mut Vec<(Path, Marks)>) -> Value {
    if let Some(marks) = value.marks() {
        found.push((path.clone(), marks.clone()));
    }
    let data = match &value.data {
        Data::Elements(elements) if matches!(value.ty, Type::Set(_)) => {
            let stripped = elements
                .iter()
                .map(|e| strip(e, &path.element(e.clone()), found))
                .collect();
            Data::Elements(canonical(stripped).into())
        }
        Data::Elements(elements) => Data::Elements(
            elements
                .iter()
                .enumerate()
                .map(|(i, e)| strip(e, &path.index(i), found))
                .collect(),
        ),
        Data::Entries(entries) => {
            let is_map = matches!(value.ty, Type::Map(_));
            let below = |key: &Arc<str>| {
                if is_map {
                    path.key(key)
                } else {
                    path.attribute(key.clone())
                }
            };
            Data::Entries(Arc::new(
                entries
                    .iter()
                    .map(|(key, e)| (key.clone(), strip(e, &below(key), found)))
                    .collect(),
            ))
        }
        data => data.clone(),
    };
    Value::new(value.ty.clone(), data)
}

/// Elements of a set: sorted, equal ones once. Unknown elements stay apart, since each may become anything.
fn canonical(mut elements: Vec<Value>) -> Vec<Value> {
    elements.sort();
    elements.dedup_by(|a, b| a.is_wholly_known() && a == b);
    elements
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The canonical order of set elements: strings and numbers by size, `false` before `true`, nulls after what is known,
/// unknowns last, everything else by a fixed order of its parts.
impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        self.data
            .cmp(&other.data)
            .then_with(|| self.ty.cmp(&other.ty))
            .then_with(|| self.marks.cmp(&other.marks))
    }
}

impl Data {
    fn rank(&self) -> u8 {
        match self {
            Data::Bool(_) => 0,
            Data::Number(_) => 1,
            Data::String(_) => 2,
            Data::Elements(_) => 3,
            Data::Entries(_) => 4,
            Data::Null => 5,
            Data::Unknown(_) => 6,
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
            (Data::Number(a), Data::Number(b)) => a.cmp(b),
            (Data::String(a), Data::String(b)) => a.cmp(b),
            (Data::Elements(a), Data::Elements(b)) => a.cmp(b),
            (Data::Entries(a), Data::Entries(b)) => a.cmp(b),
            (Data::Unknown(a), Data::Unknown(b)) => a.refinements().cmp(&b.refinements()),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}
