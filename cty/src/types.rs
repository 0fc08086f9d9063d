//! Types: what a value may be, and how Terraform writes types in JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

/// Deepest nesting of a type or a value that is read from outside. Terraform's own values stay far below.
pub const MAX_DEPTH: usize = 512;

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

    /// The type without marks of optional attributes, as it is used on the wire and in comparisons.
    #[must_use]
    pub fn without_optional(&self) -> Type {
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
        crate::json::check_depth(text).map_err(TypeError)?;
        let json = serde_json::from_slice(text).map_err(|e| TypeError(e.to_string()))?;
        from_json(&json)
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
    let parts = json.as_array().ok_or_else(refuse)?;
    let (kind, of) = match parts.as_slice() {
        [kind, of] | [kind, of, _] => (kind.as_str().ok_or_else(refuse)?, of),
        _ => return Err(refuse()),
    };
    match (kind, parts.get(2)) {
        ("list", None) => Ok(Type::list(from_json(of)?)),
        ("set", None) => Ok(Type::set(from_json(of)?)),
        ("map", None) => Ok(Type::map(from_json(of)?)),
        ("tuple", None) => {
            let elements: Result<Vec<_>, _> = of
                .as_array()
                .ok_or_else(refuse)?
                .iter()
                .map(from_json)
                .collect();
            Ok(Type::tuple(elements?))
        }
        ("object", optional) => {
            let mut attributes = BTreeMap::new();
            for (name, ty) in of.as_object().ok_or_else(refuse)? {
                attributes.insert(crate::value::nfc(name), from_json(ty)?);
            }
            let mut names = Vec::new();
            if let Some(optional) = optional {
                for name in optional.as_array().ok_or_else(refuse)? {
                    names.push(crate::value::nfc(name.as_str().ok_or_else(refuse)?));
                }
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
