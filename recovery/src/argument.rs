//! Arguments of steps, declared once: documents are read by these declarations, and schemas and docs are rendered from
//! them.

use std::time::Duration;

use aws::Region;
use serde_json::{Map, Value};

/// What an argument holds, in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentType {
    /// A string, not empty.
    Text,
    /// A whole number within bounds, both included.
    Integer {
        /// The least.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// `true` or `false`.
    Flag,
    /// A duration such as `90s`, `5m` or `1h30m`; canonical form: the shortest such text.
    Duration,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of strings, none empty.
    TextList,
    /// Strings by string.
    TextMap,
    /// An object that has a value of this type for every region of the plan, and for no other.
    ByRegion(&'static ArgumentType),
    /// An object with these members.
    Object(&'static [Argument]),
    /// A list of objects with these members.
    ObjectList(&'static [Argument]),
}

/// One argument of a step kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name in documents: lower case with underscores.
    pub name: &'static str,
    /// What it holds.
    pub of: ArgumentType,
    /// Whether it has to be given.
    pub required: bool,
    /// What counts when it is not given, as JSON text; `None` where nothing counts then.
    pub default: Option<&'static str>,
    /// Meaning, unit and examples, in one or two sentences.
    pub doc: &'static str,
}

impl Argument {
    /// An argument that has to be given.
    pub const fn required(name: &'static str, of: ArgumentType, doc: &'static str) -> Self {
        Argument {
            name,
            of,
            required: true,
            default: None,
            doc,
        }
    }

    /// An argument that may be left out.
    pub const fn optional(name: &'static str, of: ArgumentType, doc: &'static str) -> Self {
        Argument {
            name,
            of,
            required: false,
            default: None,
            doc,
        }
    }

    /// An argument with a default, given as JSON text.
    pub const fn defaulted(
        name: &'static str,
        of: ArgumentType,
        default: &'static str,
        doc: &'static str,
    ) -> Self {
        Argument {
            name,
            of,
            required: false,
            default: Some(default),
            doc,
        }
    }
}

/// Arguments that were read by their declarations: of the right types, with defaults written out. The getters answer
/// `None` for what is absent, and never panic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments(pub(crate) Map<String, Value>);

impl Arguments {
    /// Takes members that were checked by the declarations.
    pub(crate) fn new(members: Map<String, Value>) -> Self {
        Arguments(members)
    }

    /// The arguments as JSON, with defaults written out.
    pub fn as_json(&self) -> &Map<String, Value> {
        &self.0
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// A flag; absent is false.
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A duration.
    pub fn duration(&self, name: &str) -> Option<Duration> {
        crate::duration::parse(self.text(name)?).ok()
    }

    /// A list of texts; absent is empty.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// The text for a region of an argument that has one for each.
    pub fn text_in(&self, name: &str, region: &Region) -> Option<&str> {
        self.in_region(name, region)?.as_str()
    }

    /// The members for a region of an argument that has an object for each.
    pub fn object_in(&self, name: &str, region: &Region) -> Option<Arguments> {
        let members = self.in_region(name, region)?.as_object()?;
        Some(Arguments(members.clone()))
    }

    /// The texts for a region of an argument that has a list for each; absent is empty.
    pub fn texts_in(&self, name: &str, region: &Region) -> Vec<&str> {
        let list = self.in_region(name, region).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// The value for a region of an argument that has one for each.
    pub fn in_region(&self, name: &str, region: &Region) -> Option<&Value> {
        self.0.get(name)?.get(region.as_str())
    }

    /// The members of an object.
    pub fn object(&self, name: &str) -> Option<Arguments> {
        Some(Arguments(self.0.get(name)?.as_object()?.clone()))
    }

    /// The members of each object of a list; absent is empty.
    pub fn objects(&self, name: &str) -> Vec<Arguments> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .map(|members| Arguments(members.clone()))
            .collect()
    }

    /// The members of a map of texts.
    pub fn texts_by_name(&self, name: &str) -> Vec<(&str, &str)> {
        let map = self.0.get(name).and_then(Value::as_object);
        map.into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
            .collect()
    }
}
