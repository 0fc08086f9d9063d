//! A whole instance as one value.

use cty::Value;

use super::World;
use super::resources::Instance;
use crate::load::config::{Mode, Name};
use crate::symbol::{self, Symbol};

impl World<'_> {
    pub(super) fn make_whole(&self, instance: &Instance<'_>) -> Value {
        let whole = Symbol::Resource {
            address: instance.address(),
            path: Vec::new(),
        };
        let Some(names) = Self::attribute_names(instance) else {
            return symbol::with(Value::dynamic_unknown().not_null(), whole);
        };
        let parts = names.into_iter().map(|name| {
            let value = self.attribute(instance, &name);
            (name, value)
        });
        Value::object(parts.collect::<Vec<_>>())
    }

    /// Names of all attributes and blocks; `None` where they are not known.
    fn attribute_names(instance: &Instance<'_>) -> Option<Vec<Name>> {
        if instance.state.key.mode == Mode::Ephemeral {
            return None;
        }
        if *instance.state.key.ty == *"terraform_data" && instance.state.key.mode == Mode::Managed {
            return Some(
                ["id", "input", "output", "triggers_replace"]
                    .map(Name::from)
                    .to_vec(),
            );
        }
        let schema = instance.state.schema.as_deref()?;
        Some(
            schema
                .attributes
                .keys()
                .chain(schema.blocks.keys())
                .cloned()
                .collect(),
        )
    }
}
