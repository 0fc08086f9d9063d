//! Module calls and their outputs.

use std::rc::Rc;

use cty::{Mark, Value};

use super::expansion::{Expansion, Keys, Repetition, index_of};
use super::module::CallState;
use super::scope::name_at;
use super::{ModuleInstance, World, names};
use crate::eval::{Failure, Reference, Resolved, Step};
use crate::load::config::{Name, Target};
use crate::symbol::{self, Symbol};

/// Modules below modules; the loader follows no deeper either.
const DEEPEST: u32 = 256;

impl World<'_> {
    /// The instances of a module call; `None` where there is no such call.
    pub(crate) fn call(&self, module: &Rc<ModuleInstance>, name: &str) -> Option<Rc<CallState>> {
        let call = self.configuration.module(module.id).calls.get(name)?;
        let what = module.absolute(&format!("module.{name}"));
        let key: Name = name.into();
        let made = module.calls.get(&key, || {
            let scope = self.scope(module);
            let expansion = self.expand(call.count.as_ref(), call.for_each.as_ref(), &scope, &what);
            let hangs_on = expansion.hanging(&module.hangs_on);
            let modules = match &call.target {
                // Calls that call others twice double with each level: each module that is made counts.
                Target::Module(id)
                    if module.depth < DEEPEST
                        && self.make(
                            u64::try_from(expansion.instances.len()).unwrap_or(u64::MAX),
                            &what,
                        ) =>
                {
                    let child = |(index, repetition): &(Option<_>, Repetition)| {
                        Rc::new(ModuleInstance::new(
                            *id,
                            names::indexed(&what, index.as_ref()),
                            Some((module.clone(), key.clone())),
                            repetition.clone(),
                            hangs_on.clone(),
                            module.depth + 1,
                        ))
                    };
                    expansion.instances.iter().map(child).collect()
                }
                _ => Vec::new(),
            };
            Rc::new(CallState { expansion, modules })
        });
        Some(made.unwrap_or_else(|_| {
            self.cycle(&what, call.place);
            Rc::new(CallState {
                expansion: Expansion::single(),
                modules: Vec::new(),
            })
        }))
    }

    /// `module.name`, with as many steps behind it as say which output of which instance is meant.
    pub(crate) fn module_reference(
        &self,
        module: &Rc<ModuleInstance>,
        reference: &Reference<'_>,
    ) -> Result<Resolved, Box<Failure>> {
        let name = name_at(reference, 0, "a module call")?;
        let Some(state) = self.call(module, name) else {
            if self.configuration.module(module.id).incomplete {
                return Ok(opaque(&format!("module.{name}"), reference, 1));
            }
            return Err(Failure::new(
                reference.place,
                "reference to an undeclared module",
                format!("There is no module call {name:?} here."),
            ));
        };
        let what = module.absolute(&format!("module.{name}"));
        if state.modules.is_empty() && !state.expansion.instances.is_empty() {
            return Ok(opaque(&what, reference, 1));
        }
        let (at, used) = match state.expansion.keys {
            Keys::Single => (0, 1),
            Keys::Unknown => match reference.steps.get(1) {
                Some(Step::Index(..)) => (0, 2),
                _ => return Ok(opaque(&format!("{what}[*]"), reference, 1)),
            },
            keys => match reference.steps.get(1) {
                Some(Step::Index(key, place)) => {
                    let key = key.clone().unmark().0;
                    let index = index_of(&key, keys)
                        .map_err(|e| Failure::new(*place, "invalid index", format!("{e}.")))?;
                    let Some(index) = index else {
                        return Ok(opaque(&format!("{what}[*]"), reference, 2));
                    };
                    let at = state.expansion.position(&index).ok_or_else(|| {
                        Failure::new(
                            *place,
                            "invalid index",
                            format!("There is no {}.", names::indexed(&what, Some(&index))),
                        )
                    })?;
                    (at, 2)
                }
                _ => return Ok(self.all_modules(&state)),
            },
        };
        let child = &state.modules[at];
        match reference.steps.get(used) {
            Some(Step::Attribute(output, place)) => {
                let Some(value) = self.known_output(child, output) else {
                    return Err(Failure::new(
                        *place,
                        "unsupported attribute",
                        format!("{} has no output {output:?}.", child.address),
                    ));
                };
                Ok(Resolved {
                    value,
                    used: used + 1,
                })
            }
            _ => Ok(Resolved {
                value: self.all_outputs(child),
                used,
            }),
        }
    }

    fn all_modules(&self, state: &CallState) -> Resolved {
        let values = state.modules.iter().map(|child| self.all_outputs(child));
        let value = if state.expansion.keys == Keys::Count {
            Value::tuple(values.collect())
        } else {
            let keys = state.modules.iter().map(|child| match &child.repetition {
                Repetition::Each { key, .. } => key.as_str().unwrap_or_default().to_owned(),
                _ => String::new(),
            });
            Value::object(keys.zip(values))
        };
        Resolved {
            value: value.with_marks(&state.expansion.marks),
            used: 1,
        }
    }

    fn all_outputs(&self, child: &Rc<ModuleInstance>) -> Value {
        let module = self.configuration.module(child.id);
        if module.incomplete {
            let why = format!("{} has files that could not be parsed", child.address);
            return symbol::with(Value::dynamic_unknown(), Symbol::Opaque(why.into()));
        }
        let outputs = module
            .outputs
            .keys()
            .map(|name| (name.clone(), self.output(child, name)));
        Value::object(outputs.collect::<Vec<_>>())
    }

    fn known_output(&self, child: &Rc<ModuleInstance>, name: &str) -> Option<Value> {
        let module = self.configuration.module(child.id);
        if module.outputs.contains_key(name) {
            return Some(self.output(child, name));
        }
        let why = format!(
            "{}.{name} is not declared in what could be parsed of the module",
            child.address
        );
        let lost = symbol::with(Value::dynamic_unknown(), Symbol::Opaque(why.into()));
        module.incomplete.then_some(lost)
    }

    /// The value of a declared output.
    pub(crate) fn output(&self, module: &Rc<ModuleInstance>, name: &str) -> Value {
        let what = module.absolute(&format!("output.{name}"));
        let Some(output) = self.configuration.module(module.id).outputs.get(name) else {
            return super::failed(&what);
        };
        let key: Name = name.into();
        let made = module.outputs.get(&key, || {
            let Some(argument) = &output.value else {
                return super::failed(&what);
            };
            let scope = self.scope(module);
            let value = self.or_unknown(self.evaluate(argument.value, &scope, None), &what);
            if output.sensitive {
                value.mark(Mark::Sensitive)
            } else {
                value
            }
        });
        made.unwrap_or_else(|_| self.cycle(&what, output.place))
    }
}

/// Something of a module that cannot be looked into: names as far as they go.
fn opaque(what: &str, reference: &Reference<'_>, from: usize) -> Resolved {
    let mut text = what.to_owned();
    let mut used = from;
    while let Some(Step::Attribute(name, _)) = reference.steps.get(used) {
        text.push('.');
        text.push_str(name);
        used += 1;
    }
    Resolved {
        value: symbol::with(Value::dynamic_unknown(), Symbol::Input(text.into())),
        used,
    }
}
