//! `terraform show -json` of a state: modules with resources in them. It does not tell providers.

use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};

use super::{HOW, Told, WHAT};
use crate::documents;
use crate::documents::values::{Shown, Values};
use crate::inventory::{DocumentError, Mode};

/// All instances of the document.
pub(super) fn read(text: &[u8], shown: &str) -> Result<Vec<Told>, DocumentError> {
    let mut told = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(text);
    Document(&mut told)
        .deserialize(&mut reader)
        .map_err(|cause| documents::json_error(&cause, shown, WHAT, HOW))?;
    Ok(told)
}

struct Document<'t>(&'t mut Vec<Told>);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a state")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let told = self.0;
        while let Some(key) = map.next_key::<String>()? {
            if key == "values" {
                map.next_value_seed(Values(&mut |module, shown| {
                    told.extend(instance(module, shown));
                }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

fn instance(module: &str, shown: Shown) -> Option<Told> {
    let mode = match shown.mode.as_str() {
        "managed" => Mode::Managed,
        "data" => Mode::Data,
        _ => return None,
    };
    // An object that waits to be destroyed is no instance.
    if shown.deposed_key.is_some() {
        return None;
    }
    Some(Told {
        address: shown.address,
        module: module.to_owned(),
        mode,
        ty: shown.ty,
        name: shown.name,
        index: shown.index,
        values: shown.values,
        sensitive: shown.sensitive_values,
        provider_key: None,
    })
}
