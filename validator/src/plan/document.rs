//! Walks through the document of a plan, one change after the other.

use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::changes::{Change, Reading};
use super::head::state_values;
use crate::documents::values::Sink;

/// Reads resources of the state before a plan.
pub(super) fn prior<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
    sink: &mut Sink<'_>,
) -> Result<(), D::Error> {
    struct Prior<'s, 'x>(&'s mut Sink<'x>);
    impl<'de> Visitor<'de> for Prior<'_, '_> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a state")
        }
        fn visit_unit<E>(self) -> Result<(), E> {
            Ok(())
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
            state_values(map, self.0)
        }
    }
    deserializer.deserialize_any(Prior(sink))
}

/// The document: changes, and data sources of the state before.
pub(super) struct Document<'r, 'a>(pub(super) &'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plan as JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "resource_changes" => map.next_value_seed(Changes(self.0, false))?,
                "resource_drift" => map.next_value_seed(Changes(self.0, true))?,
                "prior_state" => map.next_value_seed(Data(self.0))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

struct Data<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for Data<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let data = &mut self.0.data;
        prior(deserializer, &mut |module, shown| {
            if shown.mode == "data" {
                data.push((module.to_owned(), shown));
            }
        })
    }
}

/// Changes, or what was done outside of Terraform.
struct Changes<'r, 'a>(&'r mut Reading<'a>, bool);

impl<'de> DeserializeSeed<'de> for Changes<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Changes<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of changes")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(change) = seq.next_element::<Change>()? {
            if self.1 {
                self.0.drift(&change);
            } else {
                self.0.change(&change);
            }
        }
        Ok(())
    }
}
