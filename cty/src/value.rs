//! Values: known, null or unknown, always with a type, possibly with marks.

mod marks;
mod order;

use std::collections::BTreeMap;
use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::path::{Path, PathStep};
use crate::refinement::{self, Origin, Refinements, Unknown};
use crate::{Number, Type};
pub use marks::{Mark, Marks};

/// A value of Terraform's type system. Cloning is cheap.
///
/// A known value always has a concrete type; only nulls and unknowns can be of type [`Type::Dynamic`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    ty: Type,
    data: Data,
    /// Never an empty set.
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

    /// A list; elements must be of the element type. Where that is open, they must have one type in common, which the list
    /// then has: nulls and unknowns of open type take it.
    ///
    /// # Errors
    /// When an element is of another type.
    pub fn list(element: Type, mut elements: Vec<Value>) -> Result<Self, ValueError> {
        let element = common(element, elements.iter_mut())?;
        Ok(Value::new(
            Type::list(element),
            Data::Elements(elements.into()),
        ))
    }

    /// A set: duplicates fall together, the order is canonical, marks of elements become those of the set. For the element
    /// type see [`Value::list`].
    ///
    /// # Errors
    /// When an element is of another type.
    pub fn set(element: Type, mut elements: Vec<Value>) -> Result<Self, ValueError> {
        let element = common(element, elements.iter_mut())?;
        let mut marks = Marks::new();
        for value in elements.iter_mut().filter(|value| value.is_marked_deep()) {
            let (bare, found) = value.unmark_deep();
            marks.extend(found.into_iter().flat_map(|(_, marks)| marks));
            *value = bare;
        }
        let set = Value::new(
            Type::set(element),
            Data::Elements(order::canonical(elements).into()),
        );
        Ok(set.with_marks(&marks))
    }

    /// A map; keys are brought into NFC, the last of equal keys counts. For the element type see [`Value::list`].
    ///
    /// # Errors
    /// When a value is of another type.
    pub fn map<K: AsRef<str>>(
        element: Type,
        entries: impl IntoIterator<Item = (K, Value)>,
    ) -> Result<Self, ValueError> {
        let mut entries: BTreeMap<Arc<str>, Value> = entries
            .into_iter()
            .map(|(key, value)| (nfc(key.as_ref()), value))
            .collect();
        let element = common(element, entries.values_mut())?;
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

    /// A tuple for a place of this type.
    pub(crate) fn tuple_for(ty: &Type, elements: Vec<Value>) -> Self {
        if ty.has_dynamic() {
            Value::tuple(elements)
        } else {
            Value::new(ty.clone(), Data::Elements(elements.into()))
        }
    }

    /// An object for a place of this type.
    pub(crate) fn object_for(ty: &Type, attributes: BTreeMap<Arc<str>, Value>) -> Self {
        if ty.has_dynamic() {
            Value::object(attributes)
        } else {
            Value::new(ty.clone(), Data::Entries(Arc::new(attributes)))
        }
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

    /// Least and greatest length of a known collection, tuple or object: elements of a set that are not wholly known may
    /// still fall together.
    pub(crate) fn length_range(&self) -> (u64, u64) {
        let length = match &self.data {
            Data::Elements(elements) => elements.len(),
            Data::Entries(entries) => entries.len(),
            _ => 0,
        };
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        let open = matches!(self.ty, Type::Set(_)) && length > 1 && !self.is_wholly_known();
        (if open { 1 } else { length }, length)
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

    /// The part at a place, if it is there: attributes, map keys, indexes of lists and tuples, elements of sets.
    pub fn at(&self, path: &Path) -> Option<&Value> {
        path.steps()
            .iter()
            .try_fold(self, |value, step| match (step, &value.ty) {
                (PathStep::Attribute(name), Type::Object(_)) => value.attribute(name),
                (PathStep::Index(key), Type::Map(_)) => value.attribute(key.as_str()?),
                (PathStep::Index(element), Type::Set(_)) => {
                    value.elements()?.iter().find(|e| *e == element)
                }
                (PathStep::Index(index), _) => value
                    .elements()?
                    .get(usize::try_from(index.as_number()?.to_u64()?).ok()?),
                (PathStep::Attribute(_), _) => None,
            })
    }

    /// Promises something more about an unknown value; other values stay as they are. Promises that settle the value make
    /// it known: certain null, equal bounds of a number that is not null, a length of zero, the length of a list. Promises
    /// that do not go with the type are dropped.
    #[must_use]
    pub fn with_refinements(self, refinements: Refinements) -> Self {
        let Data::Unknown(unknown) = &self.data else {
            return self;
        };
        let refinements = unknown
            .refinements()
            .cloned()
            .unwrap_or_default()
            .and(refinements);
        let refined = refinement::settle(
            &self.ty,
            refinements,
            unknown.origin(),
            refinement::LONGEST_LIST,
        );
        Value {
            marks: self.marks,
            ..refined
        }
    }

    /// Promises that an unknown value is not null; other values stay as they are.
    #[must_use]
    pub fn not_null(self) -> Self {
        self.with_refinements(Refinements::not_null())
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
}

/// The type that the elements of a collection have, given what was asked for.
fn common<'a>(
    wanted: Type,
    values: impl Iterator<Item = &'a mut Value>,
) -> Result<Type, ValueError> {
    let wrong = |expected: &Type, value: &Value| ValueError {
        expected: expected.clone(),
        found: value.ty.clone(),
    };
    let wanted = wanted.without_optional();
    if !wanted.has_dynamic() {
        let mut values = values;
        return match values.find(|value| value.ty != wanted) {
            None => Ok(wanted),
            Some(value) => Err(wrong(&wanted, value)),
        };
    }
    let mut values: Vec<&mut Value> = values.collect();
    if values.is_empty() {
        return Ok(wanted);
    }
    let Some(found) = values
        .iter()
        .map(|value| &value.ty)
        .find(|ty| **ty != Type::Dynamic)
        .cloned()
    else {
        return Ok(Type::Dynamic);
    };
    for value in &mut values {
        if value.ty == Type::Dynamic {
            value.ty = found.clone();
        } else if value.ty != found {
            return Err(wrong(&found, value));
        } else if !value.ty.conforms_to(&wanted) {
            return Err(wrong(&wanted, value));
        }
    }
    Ok(found)
}
