//! Input variables: what the caller or the user gives, converted and filled with defaults.

use std::rc::Rc;

use cty::{Mark, Value};

use super::{ModuleInstance, World, failed};
use crate::eval::type_constraint::{self, Constraint};
use crate::eval::variable::{self, Declared};
use crate::eval::{Evaluated, Failure, Reference, Resolved, Scope};
use crate::functions::Environment;
use crate::load::config::{Given, Name, Variable};
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
        let made = module
            .variables
            .get(&key, || self.make_variable(module, name, variable, &what));
        Some(made.unwrap_or_else(|_| self.cycle(&what, variable.place)))
    }

    fn make_variable(
        &self,
        module: &Rc<ModuleInstance>,
        name: &str,
        variable: &Variable,
        what: &str,
    ) -> Value {
        let constraint = self.constraint(variable, what);
        let default = variable.default.map(|default| {
            let value = self.evaluate(default.value, &Nothing(self), None);
            self.or_unknown(value, what)
        });
        let declared = Declared {
            name,
            constraint: &constraint,
            default: default.as_ref(),
            nullable: variable.nullable,
            sensitive: variable.sensitive,
            ephemeral: variable.ephemeral,
        };
        if variable.ephemeral {
            let why = format!("{what} is ephemeral: its value is never stored");
            return symbol::with(variable::missing(&declared), Symbol::Opaque(why.into()));
        }
        let given = match &module.parent {
            None => self.given_to_root(name, variable, &constraint),
            Some((parent, call)) => self.given_by_call(module, parent, call, name),
        };
        let prepared = match given {
            Some((value, place)) => value.and_then(|value| {
                variable::prepare(&declared, Some(&value), place.unwrap_or(variable.place))
            }),
            None if default.is_some() => variable::prepare(&declared, None, variable.place),
            None => return self.missing(module, variable, &declared, what),
        };
        prepared.unwrap_or_else(|mut failure| {
            if variable.sensitive {
                self.hide(&mut failure, variable);
            }
            self.report_failure(&failure, what);
            let failed = failed(what);
            let typed = cty::conversion::convert(&failed, &constraint.ty).unwrap_or(failed);
            if variable.sensitive {
                typed.mark(Mark::Sensitive)
            } else {
                typed
            }
        })
    }

    /// Moves a failure away from the value that it is about: the lines around a place are shown.
    fn hide(&self, failure: &mut Failure, variable: &Variable) {
        use std::fmt::Write as _;
        let given = failure.place.replace(variable.place);
        if let Some(place) = given.filter(|place| *place != variable.place) {
            let at = self.configuration.sources.location(place);
            let _ = write!(
                failure.detail,
                " The value stands in {}:{}; it is sensitive and not shown.",
                at.file, at.line
            );
        }
    }

    fn constraint(&self, variable: &Variable, what: &str) -> Constraint {
        let Some(ty) = variable.ty else {
            return Constraint::any();
        };
        type_constraint::constraint(&self.file(ty.file), ty.id).unwrap_or_else(|failure| {
            self.report_failure(&failure, what);
            Constraint::any()
        })
    }

    fn given_to_root(
        &self,
        name: &str,
        variable: &Variable,
        constraint: &Constraint,
    ) -> Option<(Evaluated, Option<Place>)> {
        Some(match self.configuration.inputs.get(name)? {
            Given::Text { text, origin } => {
                let declared = variable.ty.is_some().then_some(constraint);
                let value = variable::from_text(text, declared, origin);
                let discreet = |mut failure: Box<Failure>| {
                    if variable.sensitive {
                        failure.detail = format!(
                            "{origin} holds no value of type {}; it is sensitive and not shown. Text needs quotes inside of it.",
                            constraint.ty
                        );
                    }
                    failure
                };
                (value.map_err(discreet), None)
            }
            Given::File(argument) => {
                // A word without quotes may be a secret that lacks them.
                let discreet = |mut failure: Box<Failure>| {
                    failure.detail =
                        "Files of values hold plain values, and text needs quotes. What stands there is not shown.".into();
                    failure
                };
                let value = self.evaluate(argument.value, &Nothing(self), None);
                (value.map_err(discreet), Some(argument.place()))
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
        Some((
            self.evaluate(argument.value, &scope, None),
            Some(argument.place()),
        ))
    }

    /// A variable that nobody gave a value: unknown. At the root that is told once by the loader; a module call has to
    /// give one.
    fn missing(
        &self,
        module: &Rc<ModuleInstance>,
        variable: &Variable,
        declared: &Declared<'_>,
        what: &str,
    ) -> Value {
        if let Some((parent, call)) = &module.parent {
            let call = self.configuration.module(parent.id).calls.get(call);
            if let Some(call) = call.filter(|call| !call.damaged) {
                let failure = Failure {
                    summary: "a required argument is missing".into(),
                    detail: format!("The module needs a value for {what}, which has no default."),
                    place: Some(call.place),
                    fatal: false,
                };
                self.report_failure(&failure, what);
            }
        }
        let mut unknown = variable::missing(declared);
        if variable.sensitive {
            unknown = unknown.mark(Mark::Sensitive);
        }
        symbol::with(unknown, Symbol::Input(what.into()))
    }
}

/// Where values may not refer to anything: tfvars and defaults.
struct Nothing<'w, 'c>(&'w World<'c>);

impl Scope for Nothing<'_, '_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        Err(Failure::new(
            reference.place,
            "variables are not allowed here",
            format!(
                "Defaults and values of variables are plain values; {:?} would be a reference. Text needs quotes.",
                reference.root
            ),
        ))
    }

    fn environment(&self) -> &Environment {
        &self.0.configuration.environment
    }
}
