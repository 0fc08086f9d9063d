//! Functions that see expressions instead of values: `try`, `can`, `convert`.

use cty::conversion;
use cty::{Type, Value};

use super::Failure;
use super::call::{Argument, Called};
use super::machine::{Machine, Names};
use super::outcome::Outcome;
use super::type_constraint;
use crate::symbol::{self, Symbol};

impl Machine<'_> {
    /// The first argument that can be evaluated. One that is not wholly known leaves everything open: it may still turn out
    /// to fail, or to be of another type.
    pub(super) fn try_all(&self, called: &Called<'_>, names: Names<'_>) -> Outcome {
        let mut reasons = Vec::new();
        for argument in &called.arguments {
            let outcome = self.argument(argument, names);
            match outcome.failure {
                Some(failure) if failure.fatal || self.budget.is_reached() => {
                    return Outcome::failed(failure);
                }
                Some(failure) => reasons.push(failure),
                None if self.is_settled(argument, &outcome.value) => return outcome,
                None => return Outcome::ok(settled("try", outcome.value, Type::Dynamic)),
            }
        }
        let detail = if reasons.is_empty() {
            "try needs at least one argument.".to_owned()
        } else {
            let all: Vec<String> = reasons
                .iter()
                .map(|reason| format!("{}: {}", reason.summary, reason.detail))
                .collect();
            format!(
                "None of the arguments of try can be evaluated. {}",
                all.join(" ")
            )
        };
        Outcome::failed(Failure::new(called.place, "Error in function call", detail))
    }

    /// Whether its argument can be evaluated; not known while the argument is not.
    pub(super) fn can(&self, called: &Called<'_>, names: Names<'_>) -> Outcome {
        let [argument] = called.arguments.as_slice() else {
            return Outcome::failed(count(called, "can", 1));
        };
        let outcome = self.argument(argument, names);
        match outcome.failure {
            Some(failure) if failure.fatal || self.budget.is_reached() => Outcome::failed(failure),
            Some(_) => Outcome::ok(Value::bool(false)),
            None if outcome.value.is_wholly_known()
                || self.is_settled(argument, &outcome.value) =>
            {
                Outcome::ok(Value::bool(true))
            }
            None => Outcome::ok(settled("can", outcome.value, Type::Bool)),
        }
    }

    /// `convert(value, type)`: its second argument is a type as in a variable.
    pub(super) fn convert_to(&self, called: &Called<'_>, names: Names<'_>) -> Outcome {
        let [value, ty] = called.arguments.as_slice() else {
            return Outcome::failed(count(called, "convert", 2));
        };
        let value_place = self.argument_place(value);
        let value = self.argument(value, names);
        let ty = match ty {
            Argument::Expression(id) => type_constraint::exact(self.file, *id),
            Argument::Spread(_, place) => Err(Failure::new(
                *place,
                "Invalid type specification",
                "The second argument of convert must be a type, such as list(string).",
            )),
        };
        let wanted = match ty {
            Ok(wanted) => wanted,
            Err(failure) => return Outcome::failed(value.failure.unwrap_or(failure)),
        };
        if let Some(failure) = value.failure {
            return Outcome::failed(failure);
        }
        if !value.value.is_known() {
            return Outcome::ok(unknown_as(&value.value, &wanted.ty));
        }
        let filled = type_constraint::apply(&value.value, &wanted.defaults);
        match conversion::convert(&filled, &wanted.ty) {
            Ok(value) => Outcome::ok(value),
            Err(error) => Outcome::failed(Failure::new(
                value_place,
                "Invalid function argument",
                format!("The value cannot be converted: {error}."),
            )),
        }
    }
}

/// An unknown value as one of another type. Nothing that was promised about it is kept, and whether it can be converted
/// only the value itself will show: so does Terraform.
fn unknown_as(value: &Value, ty: &Type) -> Value {
    let unknown = Value::unknown(ty.without_optional());
    let unknown = match symbol::of(value) {
        Some(symbol) => symbol::with(unknown, symbol.clone()),
        None => unknown,
    };
    unknown.with_marks(&value.marks().cloned().unwrap_or_default())
}

fn count(called: &Called<'_>, name: &str, needed: usize) -> Box<Failure> {
    Failure::new(
        called.place,
        "Error in function call",
        format!(
            "{name} needs {needed} argument{}, but {} were given.",
            if needed == 1 { "" } else { "s" },
            called.arguments.len()
        ),
    )
}

/// A value of `try` or `can`, unknown as a whole where a part of it is.
fn settled(function: &'static str, value: Value, ty: Type) -> Value {
    if value.is_wholly_known() {
        return value;
    }
    let symbol = Symbol::Call {
        function: function.into(),
        arguments: vec![value],
    };
    symbol::with(Value::unknown(ty), symbol)
}
