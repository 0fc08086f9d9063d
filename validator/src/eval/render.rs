//! `templatefile` and `templatestring`: templates that are parsed while evaluating.

use std::cell::RefCell;
use std::sync::Arc;

use cty::conversion::convert;
use cty::{Type, Value};

use super::access::is_reference;
use super::call::{Argument, Called};
use super::machine::Machine;
use super::outcome::Outcome;
use super::{Failure, Reference, Resolved, Scope};
use crate::functions::{Environment, Found};
use crate::source::{Place, SourceFile, Sources};
use crate::symbol::{self, Symbol};
use crate::syntax;

/// The names inside of a template: its variables and nothing else.
struct Variables<'a> {
    values: &'a Value,
    around: &'a dyn Scope,
    /// The first name that was asked for and is not there.
    missing: RefCell<Option<String>>,
}

impl Scope for Variables<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        if let Some(value) = self.values.attribute(reference.root) {
            return Ok(Resolved {
                value: value.clone(),
                used: 0,
            });
        }
        self.missing
            .borrow_mut()
            .get_or_insert_with(|| reference.root.to_owned());
        Err(Failure::new(
            reference.place,
            "Unknown template variable",
            format!(
                "The template refers to {:?}, which is not among the variables that it is given.",
                reference.root
            ),
        ))
    }

    fn environment(&self) -> &Environment {
        self.around.environment()
    }

    fn provider_function(&self, name: &str, arguments: &[Value]) -> Option<Value> {
        self.around.provider_function(name, arguments)
    }
}

impl Machine<'_> {
    pub(super) fn render(&self, called: &Called<'_>, values: &[Value]) -> Outcome {
        let (file, values, variables) = match self.prepare(called, values) {
            Ok(prepared) => prepared,
            Err(ended) => return *ended,
        };
        let symbol = || {
            Arc::new(Symbol::Call {
                function: called.name.into(),
                arguments: values.to_vec(),
            })
        };
        let (Some(source), true) = (file.as_str(), variables.is_known()) else {
            let ty = if called.name == "templatestring" {
                Type::String
            } else {
                Type::Dynamic
            };
            return Outcome::ok(symbol::fill_with(Value::unknown(ty), symbol));
        };
        let (name, text) = if called.name == "templatestring" {
            (Arc::from("template"), Arc::from(source.as_bytes()))
        } else {
            match self.scope.environment().files.read(source) {
                Found::Here(text) => (Arc::from(source), text),
                Found::Missing(why) => {
                    return Outcome::failed(self.wrong(called, 0, format!("{why}.")));
                }
                Found::Outside(why) => {
                    let mut marks = cty::Marks::new();
                    super::machine::union(&mut marks, &file);
                    let unknown =
                        symbol::with(Value::dynamic_unknown(), Symbol::Opaque(why.into()));
                    let unknown = crate::functions::discreet(unknown, called.name, &marks);
                    return Outcome::ok(unknown.with_marks(&marks));
                }
            }
        };
        if std::str::from_utf8(&text).is_err() {
            let what = format!("{name:?} is not text in UTF-8.");
            return Outcome::failed(self.wrong(called, 0, what));
        }
        let mut marks = cty::Marks::new();
        super::machine::union(&mut marks, &file);
        super::machine::union(&mut marks, &variables);
        match self.rendered(called, name, text, &variables) {
            Ok(value) => Outcome::ok(symbol::fill_with(value, symbol).with_marks(&marks)),
            Err(failure) => Outcome::failed(failure),
        }
    }

    /// Checks the arguments: the path or text, both values, the variables.
    #[allow(clippy::type_complexity)]
    fn prepare<'v>(
        &self,
        called: &Called<'_>,
        values: &'v [Value],
    ) -> Result<(Value, &'v [Value], Value), Box<Outcome>> {
        let fail = |failure: Box<Failure>| Box::new(Outcome::failed(failure));
        let [source, variables] = values else {
            return Err(fail(Failure::new(
                called.place,
                "Error in function call",
                format!(
                    "{} needs 2 arguments, but {} were given.",
                    called.name,
                    values.len()
                ),
            )));
        };
        if let Some(around) = self.rendering {
            return Err(fail(Failure::new(
                called.place,
                "Error in function call",
                format!(
                    "{} cannot be called inside of a template that {around} renders.",
                    called.name
                ),
            )));
        }
        if called.name == "templatestring"
            && let Some(Argument::Expression(id)) = called.arguments.first()
            && !is_reference(self, *id)
        {
            return Err(fail(self.wrong(
                called,
                0,
                "templatestring takes a reference to a template, such as local.x. Write a text with holes in place instead."
                    .to_owned(),
            )));
        }
        if called.name == "templatestring" && !matches!(source.ty(), Type::String | Type::Dynamic) {
            let what = format!("a string is required, but this is {}.", source.ty());
            return Err(fail(self.wrong(called, 0, what)));
        }
        let source = convert(source, &Type::String)
            .map_err(|error| fail(self.wrong(called, 0, format!("{error}."))))?;
        for (i, value) in [&source, variables].into_iter().enumerate() {
            if value.is_null() {
                return Err(fail(self.wrong(
                    called,
                    i,
                    "it must not be null.".to_owned(),
                )));
            }
        }
        self.check_variables(called, variables).map_err(fail)?;
        Ok((source, values, variables.clone()))
    }

    /// Variables stand in a map or object, by names that can be written.
    fn check_variables(&self, called: &Called<'_>, variables: &Value) -> Result<(), Box<Failure>> {
        let known = !matches!(
            variables.ty(),
            Type::Object(_) | Type::Map(_) | Type::Dynamic
        );
        if known {
            let what = format!(
                "variables stand in a map or object, but this is {}.",
                variables.ty()
            );
            return Err(self.wrong(called, 1, what));
        }
        if let Some(entries) = variables.entries()
            && let Some(name) = entries.keys().find(|name| !is_name(name))
        {
            let what = format!(
                "{name:?} cannot be the name of a variable: it must begin with a letter and go on with letters, digits and \
                 underscores."
            );
            return Err(self.wrong(called, 1, what));
        }
        Ok(())
    }

    fn wrong(&self, called: &Called<'_>, index: usize, what: String) -> Box<Failure> {
        let place = called
            .arguments
            .get(index)
            .map_or(called.place, |argument| self.argument_place(argument));
        Failure::new(
            place,
            "Invalid function argument",
            format!("{} refuses argument {}: {what}", called.name, index + 1),
        )
    }

    fn rendered(
        &self,
        called: &Called<'_>,
        name: Arc<str>,
        text: Arc<[u8]>,
        variables: &Value,
    ) -> Result<Value, Box<Failure>> {
        let file = Sources::new().add(name, syntax::parse_template(text));
        if let Some(error) = file.ast.errors.first() {
            let where_ = place_text(&file, error.span.start);
            return Err(self.wrong(called, 0, format!("{where_}: {}.", error.message)));
        }
        let Some(root) = file.ast.template else {
            return Ok(Value::string(""));
        };
        let scope = Variables {
            values: variables,
            around: self.scope,
            missing: RefCell::new(None),
        };
        let machine = Machine {
            file: &file,
            scope: &scope,
            budget: self.budget,
            rendering: Some(called.name),
            constant: false,
        };
        let outcome = machine.value(root, None);
        if let Some(name) = scope.missing.borrow().as_deref() {
            let what = format!("the template uses {name:?}, which is not given to it.");
            return Err(self.wrong(called, 1, what));
        }
        let value = outcome
            .into_evaluated()
            .map_err(|failure| here(called.place, &file, *failure))?;
        if value.is_null() {
            let what = "What the template makes is null, which is no text.";
            return Err(Failure::new(called.place, "Error in function call", what));
        }
        if called.name == "templatefile" {
            return Ok(value);
        }
        convert(&value, &Type::String).map_err(|error| {
            Failure::new(
                called.place,
                "Error in function call",
                format!("What the template makes is no text: {error}."),
            )
        })
    }
}

/// A failure inside of a template, as one of the call: the template is no file of the configuration.
fn here(place: Place, file: &SourceFile, failure: Failure) -> Box<Failure> {
    let inside = failure.place.map_or_else(String::new, |at| {
        format!("{}: ", place_text(file, at.span.start))
    });
    Failure::new(
        place,
        failure.summary,
        format!("{inside}{}", failure.detail),
    )
}

fn place_text(file: &SourceFile, offset: u32) -> String {
    let at = file.location(offset);
    format!("{}:{}:{}", at.file, at.line, at.column)
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}
