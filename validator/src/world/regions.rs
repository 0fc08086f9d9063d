//! The region of an instance as a proved fact, with its derivation.

use std::rc::Rc;

use cty::Value;

use super::resources::{Configured, Instance};
use super::{ModuleInstance, World};
use crate::inventory::Fact;
use crate::load::config::{Name, ProviderBlock};
use crate::symbol;

impl World<'_> {
    /// The region of an instance: its own `region` argument, else that of the provider configuration that serves it.
    pub(crate) fn region(&self, instance: &Instance<'_>) -> Fact {
        let served = self.served(instance.module, &instance.state.key, instance.resource);
        if !instance.state.key.ty.starts_with("aws_") {
            return Fact::unknown("not a resource of AWS");
        }
        // A bucket's region was an attribute long before; in version 6 of the provider every regional resource has one.
        match self.configured(instance, "region") {
            Configured::Value(value) if !value.is_null() => {
                let place = instance
                    .resource
                    .content
                    .arguments
                    .get("region")
                    .map(super::super::load::config::Argument::place);
                let at = place.map(|place| self.configuration.sources.location(place));
                let step: Name = match at {
                    Some(at) => {
                        format!("its own region argument at {}:{}", at.file, at.line).into()
                    }
                    None => "its own region argument".into(),
                };
                fact(&value, vec![step])
            }
            Configured::Failed(value) => fact(&value, vec!["its own region argument".into()]),
            _ => served.region.clone(),
        }
    }

    /// The region that a provider block names.
    pub(crate) fn provider_region(
        &self,
        module: &Rc<ModuleInstance>,
        block: &ProviderBlock,
        key: &str,
        trail: Vec<Name>,
    ) -> Fact {
        let Some(argument) = block.content.arguments.get("region") else {
            if block.content.damaged {
                return Fact::unknown_after(trail, "the provider block has a syntax error");
            }
            return self.environment_region(key, trail);
        };
        let scope = self.scope(module);
        let what = module.absolute(&format!("provider.{key}.region"));
        let value = self.or_unknown(self.evaluate(argument.value, &scope, None), &what);
        if value.is_null() {
            return self.environment_region(key, trail);
        }
        fact(&value, trail)
    }

    /// The region where the configuration names none.
    pub(crate) fn environment_region(&self, key: &str, mut trail: Vec<Name>) -> Fact {
        if let Some(region) = &self.configuration.default_region {
            trail.push("AWS_REGION".into());
            return Fact {
                value: Some(region.clone()),
                because: trail,
            };
        }
        let why = format!(
            "provider {key} names no region, so that the environment or a profile decides: set region in the provider block, \
             or pass --use-aws-region"
        );
        Fact::unknown_after(trail, &why)
    }
}

/// A region from a value.
fn fact(value: &Value, mut trail: Vec<Name>) -> Fact {
    let (bare, _) = value.clone().unmark();
    if let Some(region) = bare.as_str() {
        Fact {
            value: Some(region.into()),
            because: trail,
        }
    } else {
        trail.extend(symbol::because(value));
        Fact {
            value: None,
            because: trail,
        }
    }
}
