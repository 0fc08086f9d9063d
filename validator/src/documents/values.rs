//! The tree of modules with resources in it, as plans and states show it: read one resource at a time.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

/// A resource with its values.
#[derive(Debug, Deserialize)]
pub(crate) struct Shown {
    pub(crate) address: String,
    pub(crate) mode: String,
    #[serde(rename = "type")]
    pub(crate) ty: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) index: Json,
    #[serde(default)]
    pub(crate) values: Json,
    #[serde(default)]
    pub(crate) sensitive_values: Json,
    #[serde(default)]
    pub(crate) deposed_key: Option<String>,
}

/// Where resources go, with the address of their module.
pub(crate) type Sink<'s> = dyn FnMut(&str, Shown) + 's;

/// `values`: an object with a root module.
pub(crate) struct Values<'s, 'x>(pub(crate) &'s mut Sink<'x>);

/// A module: resources and modules below.
struct Module<'s, 'x>(&'s mut Sink<'x>);

struct Modules<'s, 'x>(&'s mut Sink<'x>);

struct Resources<'s, 'x> {
    sink: &'s mut Sink<'x>,
    held: &'s mut Vec<Shown>,
}

impl<'de> DeserializeSeed<'de> for Values<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Values<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("values with a root module")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "root_module" {
                map.next_value_seed(Module(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Module<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Module<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a module")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // The address of the module may stand behind its resources.
        let mut address = String::new();
        let mut held = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "address" => address = map.next_value()?,
                "resources" => map.next_value_seed(Resources {
                    sink: self.0,
                    held: &mut held,
                })?,
                "child_modules" => map.next_value_seed(Modules(self.0))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        for shown in held {
            (self.0)(&address, shown);
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Modules<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Modules<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of modules")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Module(self.0))?.is_some() {}
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Resources<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Resources<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of resources")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(shown) = seq.next_element::<Shown>()? {
            // The resource's own address tells its module; nothing has to be held back for most.
            match module_of(&shown) {
                Some(module) => {
                    let module = module.to_owned();
                    (self.sink)(&module, shown);
                }
                None => self.held.push(shown),
            }
        }
        Ok(())
    }
}

/// The module in front of a resource's address.
fn module_of(shown: &Shown) -> Option<&str> {
    let parts = super::address::parts(&shown.address);
    let own = if shown.mode == "data" { 3 } else { 2 };
    let before = parts.get(..parts.len().checked_sub(own)?)?;
    // Each part is followed by a dot.
    let length: usize = before.iter().map(|part| part.len() + 1).sum();
    shown.address.get(..length.saturating_sub(1))
}
