//! Types: what a value may be, and how Terraform writes types in JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

/// Deepest nesting of a type or a value that is read from outside. Terraform's own values stay far below, and at this depth
/// every walk over a value fits a thread's stack of 2 MiB even where nothing is optimised.
pub const MAX_DEPTH: usize = 128;

/// A type of Terraform's type system.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Type {
    /// Not decided yet: any value fits. A known value never has this type itself.
    Dynamic,
    /// Unicode text, NFC normalised.
    String,
    /// An exact number.
    Number,
    /// `true` or `false`.
    Bool,
    /// Elements of one type, in order.
    List(Arc<Type>),
    /// Distinct elements of one type, without order.
    Set(Arc<Type>),
    /// Values of one type by string keys.
    Map(Arc<Type>),
    /// A fixed number of elements, each with its own type.
    Tuple(Arc<[Type]>),
    /// Named attributes, each with its own type.
    Object(Arc<ObjectType>),
}

/// The attributes of an object type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ObjectType {
    attributes: BTreeMap<Arc<str>, Type>,
    optional: BTreeSet<Arc<str>>,
}

impl ObjectType {
    /// An object type with these attributes, all required.
    pub fn new<N: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (N, Type)>) -> Self {
        let attributes = attributes
            .into_iter()
            .map(|(name, ty)| (name.into(), ty))
            .collect();
        ObjectType {
            attributes,
            optional: BTreeSet::new(),
        }
    }

    /// The same type with these attributes optional (`optional()` in a variable's type). Names it does not have are ignored.
    #[must_use]
    pub fn with_optional<N: Into<Arc<str>>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        let names: BTreeSet<Arc<str>> = names.into_iter().map(Into::into).collect();
        self.optional.extend(
            names
                .into_iter()
                .filter(|name| self.attributes.contains_key(name)),
        );
        self
    }

    /// Attributes by name.
    pub fn attributes(&self) -> &BTreeMap<Arc<str>, Type> {
        &self.attributes
    }

    /// Whether a conversion to this type may leave the attribute out.
    pub fn is_optional(&self, name: &str) -> bool {
        self.optional.contains(name)
    }
}

/// A type in JSON could not be read.
#[derive(Debug, thiserror::Error)]
#[error("not a type: {0}")]
pub struct TypeError(String);

impl Type {
    /// `list(element)`
    pub fn list(element: Type) -> Self {
        Type::List(Arc::new(element))
    }

    /// `set(element)`
    pub fn set(element: Type) -> Self {
        Type::Set(Arc::new(element))
    }

    /// `map(element)`
    pub fn map(element: Type) -> Self {
        Type::Map(Arc::new(element))
    }

    /// `tuple([…])`
    pub fn tuple(elements: impl Into<Arc<[Type]>>) -> Self {
        Type::Tuple(elements.into())
    }

    /// `object({…})` with all attributes required.
    pub fn object<N: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (N, Type)>) -> Self {
        Type::Object(Arc::new(ObjectType::new(attributes)))
    }

    /// The element type of a list, set or map.
    pub fn element(&self) -> Option<&Type> {
        match self {
            Type::List(element) | Type::Set(element) | Type::Map(element) => Some(element),
            _ => None,
        }
    }

    /// Whether it is a string, number or bool.
    pub fn is_primitive(&self) -> bool {
        matches!(self, Type::String | Type::Number | Type::Bool)
    }

    /// Whether a part of it is not decided.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Type::Dynamic => true,
            Type::String | Type::Number | Type::Bool => false,
            Type::List(element) | Type::Set(element) | Type::Map(element) => element.has_dynamic(),
            Type::Tuple(elements) => elements.iter().any(Type::has_dynamic),
            Type::Object(object) => object.attributes.values().any(Type::has_dynamic),
        }
    }

    /// Whether values of this type can stand where the other is asked for as they are: the same type, but anything where
    /// the other is open.
    pub fn conforms_to(&self, wanted: &Type) -> bool {
        match (self, wanted) {
            (_, Type::Dynamic) => true,
            (Type::List(a), Type::List(b))
            | (Type::Set(a), Type::Set(b))
            | (Type::Map(a), Type::Map(b)) => a.conforms_to(b),
            (Type::Tuple(a), Type::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.conforms_to(b))
            }
            (Type::Object(a), Type::Object(b)) => {
                a.attributes.keys().eq(b.attributes.keys())
                    && a.attributes
                        .values()
                        .zip(b.attributes.values())
                        .all(|(a, b)| a.conforms_to(b))
            }
            (a, b) => a == b,
        }
    }

    /// Whether somewhere in it attributes are optional.
    pub fn has_optional(&self) -> bool {
        match self {
            Type::Dynamic | Type::String | Type::Number | Type::Bool => false,
            Type::List(element) | Type::Set(element) | Type::Map(element) => element.has_optional(),
            Type::Tuple(elements) => elements.iter().any(Type::has_optional),
            Type::Object(object) => {
                !object.optional.is_empty() || object.attributes.values().any(Type::has_optional)
            }
        }
    }

    /// The type without marks of optional attributes, as it is used on the wire and in comparisons.
    #[must_use]
    pub fn without_optional(&self) -> Type {
        if !self.has_optional() {
            return self.clone();
        }
        match self {
            Type::Dynamic | Type::String | Type::Number | Type::Bool => self.clone(),
            Type::List(element) => Type::list(element.without_optional()),
            Type::Set(element) => Type::set(element.without_optional()),
            Type::Map(element) => Type::map(element.without_optional()),
            Type::Tuple(elements) => Type::tuple(
                elements
                    .iter()
                    .map(Type::without_optional)
                    .collect::<Vec<_>>(),
            ),
            Type::Object(object) => Type::object(
                object
                    .attributes
                    .iter()
                    .map(|(name, ty)| (name.clone(), ty.without_optional())),
            ),
        }
    }

    /// Reads Terraform's type JSON: `"string"`, `["list","string"]`, `["object",{…},["optional names"]]`.
    ///
    /// # Errors
    /// When the text is not JSON, not a type, or nested past [`MAX_DEPTH`].
    pub fn from_json(text: &[u8]) -> Result<Self, TypeError> {
        from_json(&crate::json_codec::parse(text).map_err(TypeError)?)
    }

    /// Reads type JSON that has been parsed already.
    pub(crate) fn from_parsed(json: &Json) -> Result<Self, TypeError> {
        from_json(json)
    }

    /// Writes Terraform's type JSON.
    pub fn to_json(&self) -> String {
        to_json(self).to_string()
    }
}

fn from_json(json: &Json) -> Result<Type, TypeError> {
    let refuse = || {
        TypeError(format!(
            "{json} (expected a name such as \"string\" or a pair such as [\"list\",\"string\"])"
        ))
    };
    if let Some(name) = json.as_str() {
        return match name {
            "dynamic" => Ok(Type::Dynamic),
            "string" => Ok(Type::String),
            "number" => Ok(Type::Number),
            "bool" => Ok(Type::Bool),
            _ => Err(refuse()),
        };
    }
    let (kind, of, optional) = match json.as_array().map(Vec::as_slice) {
        Some([kind, of]) => (kind.as_str(), of, None),
        Some([kind, of, optional]) => (kind.as_str(), of, Some(optional)),
        _ => return Err(refuse()),
    };
    match (kind, optional) {
        (Some("list"), None) => Ok(Type::list(from_json(of)?)),
        (Some("set"), None) => Ok(Type::set(from_json(of)?)),
        (Some("map"), None) => Ok(Type::map(from_json(of)?)),
        // Go writes an empty list or map that was never made as null.
        (Some("tuple"), None) if of.is_null() => Ok(Type::tuple([])),
        (Some("tuple"), None) => {
            let elements: Result<Vec<_>, _> = of
                .as_array()
                .ok_or_else(refuse)?
                .iter()
                .map(from_json)
                .collect();
            Ok(Type::tuple(elements?))
        }
        (Some("object"), _) => {
            let mut attributes = BTreeMap::new();
            for (name, ty) in of.as_object().into_iter().flatten() {
                attributes.insert(crate::value::nfc(name), from_json(ty)?);
            }
            if !of.is_object() && !of.is_null() {
                return Err(refuse());
            }
            let mut names = Vec::new();
            for name in optional.and_then(Json::as_array).into_iter().flatten() {
                names.push(crate::value::nfc(name.as_str().ok_or_else(refuse)?));
            }
            if optional.is_some_and(|optional| !optional.is_array()) {
                return Err(refuse());
            }
            Ok(Type::Object(Arc::new(
                ObjectType::new(attributes).with_optional(names),
            )))
        }
        _ => Err(refuse()),
    }
}

fn to_json(ty: &Type) -> Json {
    match ty {
        Type::Dynamic => "dynamic".into(),
        Type::String => "string".into(),
        Type::Number => "number".into(),
        Type::Bool => "bool".into(),
        Type::List(element) => vec![Json::from("list"), to_json(element)].into(),
        Type::Set(element) => vec![Json::from("set"), to_json(element)].into(),
        Type::Map(element) => vec![Json::from("map"), to_json(element)].into(),
        Type::Tuple(elements) => {
            vec![Json::from("tuple"), elements.iter().map(to_json).collect()].into()
        }
        Type::Object(object) => {
            let attributes: serde_json::Map<String, Json> = object
                .attributes
                .iter()
                .map(|(name, ty)| (name.to_string(), to_json(ty)))
                .collect();
            let mut parts = vec![Json::from("object"), Json::Object(attributes)];
            if !object.optional.is_empty() {
                parts.push(
                    object
                        .optional
                        .iter()
                        .map(|name| Json::from(name.as_ref()))
                        .collect(),
                );
            }
            parts.into()
        }
    }
}

/// As Terraform names types in messages: `string`, `list of string`, `object`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Dynamic => f.write_str("dynamic"),
            Type::String => f.write_str("string"),
            Type::Number => f.write_str("number"),
            Type::Bool => f.write_str("bool"),
            Type::List(element) => write!(f, "list of {element}"),
            Type::Set(element) => write!(f, "set of {element}"),
            Type::Map(element) => write!(f, "map of {element}"),
            Type::Tuple(_) => f.write_str("tuple"),
            Type::Object(_) => f.write_str("object"),
        }
    }
}
