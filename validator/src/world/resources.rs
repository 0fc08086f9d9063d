//! Resources and data sources: their instances, and what a reference to one of their attributes gives.

use std::rc::Rc;
use std::sync::Arc;

use cty::{Type, Value};

use super::bodies::Body;
use super::expansion::{Expansion, Keys, Repetition, index_of};
use super::memo::Memo;
use super::{ModuleInstance, World, names};
use crate::eval::{Evaluated, Failure, Reference, Resolved, Step};
use crate::load::config::{Argument, Mode, Name, Resource, ResourceKey};
use crate::schema::{self, Attribute, Block, NestedBlock};
use crate::symbol::{self, PathStep, Symbol};

/// A resource with its instances, and what was evaluated of them.
#[derive(Debug)]
pub(crate) struct ResourceState {
    pub(crate) key: ResourceKey,
    pub(crate) schema: Option<Arc<Block>>,
    pub(crate) expansion: Expansion,
    /// Configured arguments of the first level, converted, by position of the instance.
    arguments: Memo<(usize, Name), Configured>,
    /// What references to attributes give.
    attributes: Memo<(usize, Name), Value>,
    whole: Memo<usize, Value>,
}

/// What an argument says.
#[derive(Clone, Debug)]
pub(crate) enum Configured {
    /// It is not there.
    Absent,
    /// A value, which may be null or unknown.
    Value(Value),
    /// It is there, but cannot be evaluated; that was reported.
    Failed(Value),
}

/// One instance of a resource.
#[derive(Clone, Copy)]
pub(crate) struct Instance<'a> {
    pub(crate) module: &'a Rc<ModuleInstance>,
    pub(crate) state: &'a ResourceState,
    pub(crate) resource: &'a Resource,
    pub(crate) at: usize,
}

impl Instance<'_> {
    pub(crate) fn repetition(&self) -> &Repetition {
        &self.state.expansion.instances[self.at].1
    }

    pub(crate) fn address(&self) -> Name {
        let local = names::resource(&self.state.key);
        let index = self.state.expansion.instances[self.at].0.as_ref();
        self.module.absolute(&names::indexed(&local, index))
    }

    pub(crate) fn body(&self) -> Body<'_> {
        Body::Merged(&self.resource.content)
    }
}

impl<'c> World<'c> {
    /// The state of a declared resource.
    pub(crate) fn resource(
        &self,
        module: &Rc<ModuleInstance>,
        key: &ResourceKey,
    ) -> Option<(Rc<ResourceState>, &'c Resource)> {
        let resource = self.configuration.module(module.id).resources.get(key)?;
        let made = module.resources.get(key, || {
            let what = module.absolute(&names::resource(key));
            let scope = self.scope(module);
            let expansion = self.expand(
                resource.count.as_ref(),
                resource.for_each.as_ref(),
                &scope,
                &what,
            );
            Rc::new(ResourceState::new(key.clone(), expansion))
        });
        let state = made.unwrap_or_else(|_| {
            let what = module.absolute(&names::resource(key));
            self.cycle(&what, resource.place);
            Rc::new(ResourceState::new(key.clone(), Expansion::single()))
        });
        Some((state, resource))
    }

    /// A reference to a resource; `used` steps have named it.
    pub(crate) fn resource_reference(
        &self,
        module: &Rc<ModuleInstance>,
        key: &ResourceKey,
        reference: &Reference<'_>,
        used: usize,
    ) -> Result<Resolved, Box<Failure>> {
        let what = module.absolute(&names::resource(key));
        let Some((state, resource)) = self.resource(module, key) else {
            return Err(Failure::new(
                reference.place,
                "reference to an undeclared resource",
                what.to_string(),
            ));
        };
        let instance = |at| Instance {
            module,
            state: &state,
            resource,
            at,
        };
        let next = reference.steps.get(used);
        let (at, used) = match (state.expansion.keys, next) {
            (Keys::Single, _) => (0, used),
            (Keys::Unknown, Some(Step::Index(..))) => (0, used + 1),
            (Keys::Unknown, _) => {
                let address = format!("{what}[*]").into();
                let symbol = Symbol::Resource {
                    address,
                    path: Vec::new(),
                };
                return Ok(Resolved {
                    value: symbol::with(Value::dynamic_unknown(), symbol),
                    used,
                });
            }
            (keys, Some(Step::Index(key, place))) => {
                let (bare, _) = key.clone().unmark();
                let index = index_of(&bare, keys)
                    .map_err(|e| Failure::new(*place, "invalid index", format!("{e}.")))?;
                let Some(index) = index else {
                    return Ok(Self::some_instance(&what, key, used + 1));
                };
                let at = state.expansion.position(&index).ok_or_else(|| {
                    let detail = format!("There is no {}.", names::indexed(&what, Some(&index)));
                    Failure::new(*place, "invalid index", detail)
                })?;
                (at, used + 1)
            }
            _ => {
                return Ok(Resolved {
                    value: self.all_instances(&instance, &state),
                    used,
                });
            }
        };
        let instance = instance(at);
        Ok(match reference.steps.get(used) {
            Some(Step::Attribute(name, _)) => Resolved {
                value: self.attribute(&instance, name),
                used: used + 1,
            },
            _ => Resolved {
                value: self.whole(&instance),
                used,
            },
        })
    }

    /// One of the instances, by a key that is not known.
    fn some_instance(what: &str, key: &Value, used: usize) -> Resolved {
        let whole = Symbol::Resource {
            address: what.into(),
            path: Vec::new(),
        };
        let symbol = Symbol::Index {
            of: symbol::with(Value::dynamic_unknown(), whole),
            key: key.clone(),
        };
        Resolved {
            value: symbol::with(Value::dynamic_unknown(), symbol),
            used,
        }
    }

    fn all_instances<'a>(
        &self,
        instance: &dyn Fn(usize) -> Instance<'a>,
        state: &ResourceState,
    ) -> Value {
        let count = state.expansion.instances.len();
        let values = (0..count).map(|at| self.whole(&instance(at)));
        let value = if state.expansion.keys == Keys::Count {
            Value::tuple(values.collect())
        } else {
            let keys = state
                .expansion
                .instances
                .iter()
                .map(|(index, _)| match index {
                    Some(crate::inventory::Index::Key(key)) => key.clone(),
                    _ => "".into(),
                });
            Value::object(keys.zip(values))
        };
        value.with_marks(&state.expansion.marks)
    }

    /// The whole object of an instance, as a reference to it gives.
    pub(crate) fn whole(&self, instance: &Instance<'_>) -> Value {
        let made = instance
            .state
            .whole
            .get(&instance.at, || self.make_whole(instance));
        made.unwrap_or_else(|_| self.cycle(&instance.address(), instance.resource.place))
    }

    /// What a reference to an attribute or block of an instance gives.
    pub(crate) fn attribute(&self, instance: &Instance<'_>, name: &str) -> Value {
        let key = (instance.at, Name::from(name));
        let made = instance
            .state
            .attributes
            .get(&key, || self.make_attribute(instance, name));
        made.unwrap_or_else(|_| {
            let what = format!("{}.{name}", instance.address());
            self.cycle(&what, instance.resource.place)
        })
    }

    fn make_attribute(&self, instance: &Instance<'_>, name: &str) -> Value {
        if instance.state.key.mode == Mode::Ephemeral {
            let why = format!(
                "{} is ephemeral: it exists only while Terraform runs",
                instance.address()
            );
            return symbol::with(Value::dynamic_unknown(), Symbol::Opaque(why.into()))
                .mark(cty::Mark::Ephemeral);
        }
        if let Some(value) = self.modelled(instance, name) {
            return value;
        }
        let schema = instance.state.schema.as_deref();
        if let Some(nested) = schema.and_then(|block| block.blocks.get(name)) {
            return self.block_reference(instance, name, nested);
        }
        let attribute = schema.and_then(|block| block.attributes.get(name));
        if let Some(nested) =
            attribute.and_then(|attribute| self.written_as_blocks(instance, name, attribute))
        {
            return self.block_reference(instance, name, &nested);
        }
        let referred = |ty: Type| {
            let symbol = Symbol::Resource {
                address: instance.address(),
                path: vec![PathStep::Name(name.into())],
            };
            symbol::with(Value::unknown(ty), symbol)
        };
        // Whatever else a type outside of the schema has: its id is text.
        let is_id = schema.is_none() && name == "id" && instance.state.key.ty.starts_with("aws_");
        let unlisted = if is_id { Type::String } else { Type::Dynamic };
        let ty = attribute.map_or(unlisted, |attribute| attribute.ty.clone());
        match self.configured(instance, name) {
            Configured::Value(value) if !value.is_null() => value,
            Configured::Failed(value) => value,
            // A null that the provider may fill, and what is not set, is decided by somebody else.
            _ => referred(ty),
        }
    }

    /// The shape of an attribute that is written as blocks here.
    pub(crate) fn written_as_blocks(
        &self,
        instance: &Instance<'_>,
        name: &str,
        attribute: &Attribute,
    ) -> Option<NestedBlock> {
        let nested = attribute.as_block()?;
        let native = !instance.resource.content.arguments.contains_key(name);
        (native && !instance.body().blocks(name, self).is_empty()).then_some(nested)
    }

    /// What the configuration says of an argument, converted to the schema's type.
    pub(crate) fn configured(&self, instance: &Instance<'_>, name: &str) -> Configured {
        let Some(argument) = instance.resource.content.arguments.get(name) else {
            return Configured::Absent;
        };
        let key = (instance.at, Name::from(name));
        let made = instance.state.arguments.get(&key, || {
            let what = format!("{}.{name}", instance.address());
            let scope = self.scope_in(instance.module, instance.repetition());
            let value = self.evaluate(argument.value, &scope, None);
            let schema = instance.state.schema.as_deref();
            let ty = schema
                .and_then(|block| block.attributes.get(name))
                .map(|attribute| &attribute.ty);
            match value.and_then(|value| convert_argument(value, ty, argument)) {
                Ok(value) => Configured::Value(value),
                Err(failure) => {
                    self.report_failure(&failure, &what);
                    Configured::Failed(super::failed(&what))
                }
            }
        });
        made.unwrap_or_else(|_| {
            let what = format!("{}.{name}", instance.address());
            Configured::Failed(self.cycle(&what, argument.place()))
        })
    }
}

/// Converts an argument to the type that the schema asks for.
pub(crate) fn convert_argument(value: Value, ty: Option<&Type>, argument: &Argument) -> Evaluated {
    let Some(ty) = ty else {
        return Ok(value);
    };
    cty::conversion::convert(&value, ty).map_err(|e| {
        Failure::new(
            argument.place(),
            "the value does not fit the argument's type",
            format!("{e}."),
        )
    })
}

impl ResourceState {
    fn new(key: ResourceKey, expansion: Expansion) -> Self {
        let schema = match key.mode {
            Mode::Managed => schema::resource(&key.ty),
            Mode::Data => schema::data_source(&key.ty),
            Mode::Ephemeral => None,
        };
        ResourceState {
            key,
            schema,
            expansion,
            arguments: Memo::default(),
            attributes: Memo::default(),
            whole: Memo::default(),
        }
    }
}
