//! What names mean inside of a module instance.

use std::rc::Rc;

use cty::{Type, Value};

use super::expansion::Repetition;
use super::{ModuleInstance, World, failed};
use crate::eval::{Failure, Reference, Resolved, Scope, Step};
use crate::functions::Environment;
use crate::load::config::{Mode, Name, ResourceKey};
use crate::symbol::{self, Symbol};

/// A place in a module instance: in the module at large, or inside of one instance of a resource or call.
pub(crate) struct ModuleScope<'w, 'c> {
    pub(crate) world: &'w World<'c>,
    pub(crate) module: Rc<ModuleInstance>,
    pub(crate) repetition: Repetition,
}

impl<'c> World<'c> {
    /// The scope of the module at large.
    pub(crate) fn scope<'w>(&'w self, module: &Rc<ModuleInstance>) -> ModuleScope<'w, 'c> {
        self.scope_in(module, &Repetition::None)
    }

    /// The scope inside of an instance.
    pub(crate) fn scope_in<'w>(
        &'w self,
        module: &Rc<ModuleInstance>,
        repetition: &Repetition,
    ) -> ModuleScope<'w, 'c> {
        ModuleScope {
            world: self,
            module: module.clone(),
            repetition: repetition.clone(),
        }
    }
}

impl Scope for ModuleScope<'_, '_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        match reference.root {
            "var" => self.variable(reference),
            "local" => self.local(reference),
            "module" => self.world.module_reference(&self.module, reference),
            "path" => self.path(reference),
            "terraform" | "tofu" => self.terraform(reference),
            "count" => self.count(reference),
            "each" => self.each(reference),
            "self" => Err(Failure::new(
                reference.place,
                "self is not available here",
                "\"self\" stands only in provisioners, connections and postconditions.",
            )),
            "data" => self.resource(reference, Mode::Data, 0),
            "ephemeral" => self.resource(reference, Mode::Ephemeral, 0),
            "resource" => self.resource(reference, Mode::Managed, 0),
            _ => self.resource_by_type(reference),
        }
    }

    fn environment(&self) -> &Environment {
        &self.world.configuration.environment
    }

    fn knows_provider(&self, name: &str) -> bool {
        let module = self.world.configuration.module(self.module.id);
        module.incomplete || module.required_providers.contains_key(name)
    }
}

/// The name that the step at this position gives.
pub(crate) fn name_at<'a>(
    reference: &Reference<'a>,
    at: usize,
    what: &str,
) -> Result<&'a str, Box<Failure>> {
    match reference.steps.get(at) {
        Some(Step::Attribute(name, _)) => Ok(name),
        Some(Step::Index(_, place)) => Err(Failure::new(
            *place,
            "invalid reference",
            format!("{what} is named after a dot, not in brackets."),
        )),
        None => Err(Failure::new(
            reference.place,
            "invalid reference",
            format!(
                "\"{}\" alone is no value: {what} has to follow.",
                reference.root
            ),
        )),
    }
}

impl ModuleScope<'_, '_> {
    fn variable(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        let name = name_at(reference, 0, "a variable")?;
        let value = self.world.variable(&self.module, name).ok_or_else(|| {
            self.undeclared(
                reference,
                "input variable",
                &format!("variable {name:?} {{}}"),
                name,
            )
        })?;
        Ok(Resolved { value, used: 1 })
    }

    fn local(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        let name = name_at(reference, 0, "a local value")?;
        let module = self.world.configuration.module(self.module.id);
        let Some(argument) = module.locals.get(name) else {
            if module.incomplete {
                return Ok(lost(&format!("local.{name}"), 1));
            }
            return Err(self.undeclared(reference, "local value", "a locals block", name));
        };
        let what = self.module.absolute(&format!("local.{name}"));
        let key: Name = name.into();
        let made = self.module.locals.get(&key, || {
            let scope = self.world.scope(&self.module);
            self.world
                .or_unknown(self.world.evaluate(argument.value, &scope, None), &what)
        });
        let value = made.unwrap_or_else(|_| self.world.cycle(&what, argument.place()));
        Ok(Resolved { value, used: 1 })
    }

    #[allow(clippy::unnecessary_box_returns, reason = "failures travel boxed")]
    fn undeclared(
        &self,
        reference: &Reference<'_>,
        what: &str,
        how: &str,
        name: &str,
    ) -> Box<Failure> {
        let module = if self.module.address.is_empty() {
            "the root module".to_owned()
        } else {
            self.module.address.to_string()
        };
        Failure::new(
            reference.place,
            format!("reference to an undeclared {what}"),
            format!("There is no {what} {name:?} in {module}; declare it with {how}."),
        )
        .fatal()
    }

    fn path(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        let value = match name_at(reference, 0, "module, root or cwd")? {
            "module" => Value::string(&self.world.configuration.module(self.module.id).directory),
            "root" => Value::string("."),
            // Where Terraform would run is not part of the configuration.
            "cwd" => machine("path.cwd"),
            other => {
                return Err(Failure::new(
                    reference.place,
                    "invalid path attribute",
                    format!("path has module, root and cwd, but not {other:?}."),
                ));
            }
        };
        Ok(Resolved { value, used: 1 })
    }

    fn terraform(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        let value = match name_at(reference, 0, "workspace")? {
            "workspace" => Value::string(&self.world.configuration.workspace),
            "applying" => {
                let applying = Value::unknown(Type::Bool).not_null();
                symbol::with(applying, Symbol::Input("terraform.applying".into()))
            }
            other => {
                return Err(Failure::new(
                    reference.place,
                    "invalid terraform attribute",
                    format!("terraform has workspace and applying, but not {other:?}."),
                ));
            }
        };
        Ok(Resolved { value, used: 1 })
    }

    fn count(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        match (&self.repetition, name_at(reference, 0, "index")?) {
            (Repetition::Count(index), "index") => Ok(Resolved {
                value: index.clone(),
                used: 1,
            }),
            _ => Err(Failure::new(
                reference.place,
                "count.index is not available here",
                "\"count.index\" stands only where the block has a \"count\".",
            )),
        }
    }

    fn each(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        let Repetition::Each { key, value } = &self.repetition else {
            return Err(Failure::new(
                reference.place,
                "each is not available here",
                "\"each\" stands only where the block has a \"for_each\".",
            ));
        };
        let value = match name_at(reference, 0, "key or value")? {
            "key" => key.clone(),
            "value" => value.clone(),
            other => {
                return Err(Failure::new(
                    reference.place,
                    "invalid each attribute",
                    format!("each has key and value, but not {other:?}."),
                ));
            }
        };
        Ok(Resolved { value, used: 1 })
    }

    fn resource_by_type(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        let name = match reference.steps.first() {
            Some(Step::Attribute(name, _)) => *name,
            _ => {
                return Err(Failure::new(
                    reference.place,
                    "invalid reference",
                    format!(
                        "{:?} is neither a resource (TYPE.NAME) nor one of var, local, module, data, path, terraform, \
                         each, count.",
                        reference.root
                    ),
                )
                .fatal());
            }
        };
        let key = ResourceKey {
            mode: Mode::Managed,
            ty: reference.root.into(),
            name: name.into(),
        };
        self.declared_resource(reference, &key, 1)
    }

    fn resource(
        &self,
        reference: &Reference<'_>,
        mode: Mode,
        from: usize,
    ) -> Result<Resolved, Box<Failure>> {
        let ty = name_at(reference, from, "a type")?;
        let name = name_at(reference, from + 1, "a type and a name")?;
        let key = ResourceKey {
            mode,
            ty: ty.into(),
            name: name.into(),
        };
        self.declared_resource(reference, &key, from + 2)
    }

    fn declared_resource(
        &self,
        reference: &Reference<'_>,
        key: &ResourceKey,
        used: usize,
    ) -> Result<Resolved, Box<Failure>> {
        let module = self.world.configuration.module(self.module.id);
        if module.resources.contains_key(key) {
            return self
                .world
                .resource_reference(&self.module, key, reference, used);
        }
        let address = super::names::resource(key);
        if module.incomplete {
            return Ok(lost(&address, used));
        }
        Err(self.undeclared(
            reference,
            "resource",
            &format!("a block for {address}"),
            &address,
        ))
    }
}

/// Something that is not declared where a file is broken: it may have been.
fn lost(what: &str, used: usize) -> Resolved {
    let why = format!("{what} is not declared in what could be parsed of its module");
    Resolved {
        value: symbol::with(Value::dynamic_unknown(), Symbol::Opaque(why.into())),
        used,
    }
}

/// Text that depends on the machine.
fn machine(what: &str) -> Value {
    symbol::with(
        Value::unknown(Type::String).not_null(),
        Symbol::Input(what.into()),
    )
}

impl World<'_> {
    /// Says that something depends on itself, and stands in for it.
    pub(crate) fn cycle(&self, what: &str, place: crate::source::Place) -> Value {
        let failure = Failure {
            summary: "a value depends on itself".into(),
            detail: format!(
                "{what} is needed to evaluate {what}; break the circle at one of its references."
            ),
            place: Some(place),
            fatal: false,
        };
        self.report_failure(&failure, what);
        failed(what)
    }
}
