//! Input variables: what the caller or the user gives, converted and filled with defaults.

use std::rc::Rc;

use cty::{Mark, Type, Value};

use super::{ModuleInstance, World, failed};
use crate::eval::type_constraint::{self, Constraint};
use crate::eval::{Evaluated, Failure, Scope};
use crate::load::config::{Argument, Given, Name, Variable};
use crate::source::Place;
use crate::symbol::{self, Symbol};

impl World<'_> {
    /// The value of a variable; `None` where it is not declared.
    pub(crate) fn variable(&self, module: &Rc<ModuleInstance>, name: &str) -> Option<Value> {
        let declared = self.configuration.module(module.id);
        let what = module.absolute(&format!("var.{name}"));
        let Some(variable) = declared.variables.get(name) else {
            let why = format!("{what} is not declared in what could be parsed of its module");
            let lost = symbol::with(Value::dynamic_unknown(), Symbol::Opaque(why.into()));
            return declared.incomplete.then_some(lost);
        };
        let key: Name = name.into();
        let made = module.variables.get(&key, || {
            let value = self.given(module, name, variable, &what);
            if variable.sensitive { value.mark(Mark::Sensitive) } else { value }
        });
        Some(made.unwrap_or_else(|_| self.cycle(&what, variable.place)))
    }

    fn given(&self, module: &Rc<ModuleInstance>, name: &str, variable: &Variable, what: &str) -> Value {
        let constraint = self.constraint(variable, what);
        if variable.ephemeral {
            return symbol::with(
                Value::unknown(constraint.ty.without_optional()),
                Symbol::Opaque(format!("{what} is ephemeral").into()),
            );
        }
        let given = match &module.parent {
            None => self.given_to_root(name, &constraint),
            Some((parent, call)) => self.given_by_call(module, parent, call, name),
        };
        let prepared = match given {
            Some((value, place)) => value.and_then(|value| self.prepare(value, variable, &constraint, place)),
            None => match &variable.default {
                Some(default) => self.default(default, &constraint),
                None => return self.missing(module, variable, &constraint, what),
            },
        };
        match prepared {
            Ok(value) => value,
            Err(failure) => {
                self.report_failure(&failure, what);
                let failed = failed(what);
                cty::conversion::convert(&failed, &constraint.ty).unwrap_or(failed)
            }
        }
    }

    fn constraint(&self, variable: &Variable, what: &str) -> Constraint {
        let Some(ty) = variable.ty else {
            return Constraint::any();
        };
        type_constraint::read(&self.file(ty.file), ty.id).unwrap_or_else(|failure| {
            self.report_failure(&failure, what);
            Constraint::any()
        })
    }

    fn given_to_root(&self, name: &str, constraint: &Constraint) -> Option<(Evaluated, Option<Place>)> {
        Some(match self.configuration.inputs.get(name)? {
            Given::Text { text, origin } => {
                (type_constraint::from_text(text, constraint, origin, &self.configuration.sources), None)
            }
            Given::File(argument) => {
                let nothing = Nothing(self);
                (self.evaluate(argument.value, &nothing, None), Some(argument.place()))
            }
            Given::Value(value) => (Ok(value.clone()), None),
        })
    }

    fn given_by_call(
        &self,
        module: &Rc<ModuleInstance>,
        parent: &Rc<ModuleInstance>,
        call: &Name,
        name: &str,
    ) -> Option<(Evaluated, Option<Place>)> {
        let call = self.configuration.module(parent.id).calls.get(call)?;
        let argument = call.arguments.get(name)?;
        let scope = self.scope_in(parent, &module.repetition);
        Some((self.evaluate(argument.value, &scope, None), Some(argument.place())))
    }

    fn default(&self, default: &Argument, constraint: &Constraint) -> Evaluated {
        let value = self.evaluate(default.value, &Nothing(self), None)?;
        constraint.apply(&value).map_err(|e| {
            Failure::new(default.place(), "the default does not fit the type", format!("{e}."))
        })
    }

    /// Converts a value, and puts the default where null may not stand.
    fn prepare(
        &self,
        value: Value,
        variable: &Variable,
        constraint: &Constraint,
        place: Option<Place>,
    ) -> Evaluated {
        let place = place.unwrap_or(variable.place);
        if value.is_null() && !variable.nullable {
            return match &variable.default {
                Some(default) => self.default(default, constraint),
                None => Err(Failure::new(
                    place,
                    "required variable set to null",
                    "The variable has no default and its declaration says nullable = false: give it a value.",
                )),
            };
        }
        constraint
            .apply(&value)
            .map_err(|e| Failure::new(place, "the value does not fit the variable's type", format!("{e}.")))
    }

    fn missing(
        &self,
        module: &Rc<ModuleInstance>,
        variable: &Variable,
        constraint: &Constraint,
        what: &str,
    ) -> Value {
        let ty = constraint.ty.without_optional();
        let mut unknown = Value::unknown(ty);
        if !variable.nullable && *unknown.ty() != Type::Dynamic {
            unknown = unknown.not_null();
        }
        if let Some((parent, call)) = &module.parent {
            let call = &self.configuration.module(parent.id).calls.get(call);
            if call.is_some_and(|call| !call.damaged) {
                let place = call.map_or(variable.place, |call| call.place);
                let failure = Failure {
                    summary: "a required argument is missing".into(),
                    detail: format!("The module needs a value for {what}, which has no default."),
                    place: Some(place),
                };
                self.report_failure(&failure, what);
            }
        }
        symbol::with(unknown, Symbol::Input(what.into()))
    }
}

/// Where values may not refer to anything: tfvars and defaults.
struct Nothing<'w, 'c>(&'w World<'c>);

impl Scope for Nothing<'_, '_> {
    fn resolve(
        &self,
        reference: &crate::eval::Reference<'_>,
    ) -> Result<crate::eval::Resolved, Box<Failure>> {
        Err(Failure::new(
            reference.place,
            "variables are not allowed here",
            format!(
                "Defaults and values of variables are plain values; {:?} would be a reference. Text needs quotes.",
                reference.root
            ),
        ))
    }

    fn environment(&self) -> &crate::functions::Environment {
        &self.0.configuration.environment
    }
}
