//! Function calls.

use std::fmt::Write as _;
use std::sync::Arc;

use cty::{Type, Value};

use super::Failure;
use super::machine::{Machine, Names};
use super::outcome::Outcome;
use crate::functions::{self, FunctionError};
use crate::source::Place;
use crate::symbol::{self, Symbol};
use crate::syntax::ast::ExprId;

/// An argument: an expression still, or an element of a last argument that was spread with `...`.
pub(super) enum Argument {
    Expression(ExprId),
    Spread(Value, Place),
}

/// A call, taken apart.
pub(super) struct Called<'a> {
    pub(super) name: &'a str,
    /// Where the call stands.
    pub(super) place: Place,
    pub(super) arguments: Vec<Argument>,
}

/// Functions that see expressions.
pub(super) const SPECIAL: [&str; 5] = ["can", "convert", "templatefile", "templatestring", "try"];

impl Machine<'_> {
    pub(super) fn call(&self, id: ExprId, at: u32, names: Names<'_>) -> Outcome {
        let call = self.file.ast.call(at);
        let name: String = self
            .text(call.name)
            .split("::")
            .map(str::trim)
            .collect::<Vec<_>>()
            .join("::");
        if self.constant {
            return Outcome::failed(Failure::new(
                self.place(id),
                "Function calls not allowed",
                format!("No function can be called here, so {name:?} cannot either."),
            ));
        }
        let bare = name.strip_prefix("core::").unwrap_or(&name);
        let foreign = bare.starts_with("provider::");
        if !foreign && !SPECIAL.contains(&bare) && functions::find(bare).is_none() {
            return Outcome::failed(unknown_function(self.at(call.name), &name));
        }
        let mut called = Called {
            name: bare,
            place: self.place(id),
            arguments: call
                .arguments
                .iter()
                .map(|id| Argument::Expression(ExprId(*id)))
                .collect(),
        };
        if call.expand
            && let Some(ended) = self.spread(&mut called, names)
        {
            return ended;
        }
        match bare {
            "try" => return self.try_all(&called, names),
            "can" => return self.can(&called, names),
            "convert" => return self.convert_to(&called, names),
            _ => {}
        }
        let mut failure = None;
        let mut values = Vec::with_capacity(called.arguments.len());
        for argument in &called.arguments {
            let value = self.argument(argument, names);
            failure = failure.or(value.failure);
            values.push(value.value);
        }
        if failure.is_some() {
            return Outcome::ok(Value::dynamic_unknown()).after(failure);
        }
        if let "templatefile" | "templatestring" = bare {
            return self.render(&called, &values).discreet(bare, &values);
        }
        self.run(&called, values)
    }

    pub(super) fn argument(&self, argument: &Argument, names: Names<'_>) -> Outcome {
        match argument {
            Argument::Expression(id) => self.value(*id, names),
            Argument::Spread(value, _) => Outcome::ok(value.clone()),
        }
    }

    pub(super) fn argument_place(&self, argument: &Argument) -> Place {
        match argument {
            Argument::Expression(id) => self.place(*id),
            Argument::Spread(_, place) => *place,
        }
    }

    /// Replaces a last argument with `...` by its elements. Answers the result where the call ends with that.
    fn spread(&self, called: &mut Called<'_>, names: Names<'_>) -> Option<Outcome> {
        let last = called.arguments.pop()?;
        let place = self.argument_place(&last);
        let outcome = self.argument(&last, names);
        if outcome.failure.is_some() {
            return Some(Outcome::ok(Value::dynamic_unknown()).after(outcome.failure));
        }
        let wrong = |detail: &str| {
            let summary = "Invalid expanding argument value";
            Some(Outcome::failed(Failure::new(place, summary, detail)))
        };
        let (value, marks) = outcome.value.unmark();
        if !matches!(
            value.ty(),
            Type::Dynamic | Type::Tuple(_) | Type::List(_) | Type::Set(_)
        ) {
            return wrong(&format!(
                "What stands before ... must be a list, set or tuple, but this is {}.",
                value.ty()
            ));
        }
        if value.is_null() {
            return wrong("What stands before ... must not be null.");
        }
        let Some(elements) = value.elements() else {
            let symbol = Symbol::Call {
                function: called.name.into(),
                arguments: vec![value.clone()],
            };
            return Some(Outcome::ok(symbol::with(Value::dynamic_unknown(), symbol)));
        };
        if let Err(failure) = self.budget.elements(elements.len(), place) {
            return Some(Outcome::failed(failure));
        }
        let spread = elements
            .iter()
            .map(|element| element.clone().with_marks(&marks));
        called
            .arguments
            .extend(spread.map(|element| Argument::Spread(element, place)));
        None
    }

    /// Runs a function that sees values only.
    fn run(&self, called: &Called<'_>, values: Vec<Value>) -> Outcome {
        let symbol = |arguments: Vec<Value>| {
            Arc::new(Symbol::Call {
                function: called.name.into(),
                arguments,
            })
        };
        let Some(function) = functions::find(called.name) else {
            let provider = called.name.split("::").nth(1).unwrap_or_default();
            if !self.scope.knows_provider(provider) {
                let detail = format!(
                    "There is no provider {provider:?} in required_providers of this module, so that {} is no function.",
                    called.name
                );
                return Outcome::failed(
                    Failure::new(called.place, "Unknown provider function", detail).fatal(),
                );
            }
            let answer = self.scope.provider_function(called.name, &values);
            let answer = answer.unwrap_or_else(Value::dynamic_unknown);
            return Outcome::ok(symbol::fill_with(answer, || symbol(values)));
        };
        for value in &values {
            if let Err(failure) = self.budget.weigh(value, called.place) {
                return Outcome::failed(failure);
            }
        }
        let value = match function.call(&values, self.scope.environment()) {
            Ok(value) => value,
            Err(error) => {
                return Outcome::failed(self.refused(called, function, error))
                    .discreet(called.name, &values);
            }
        };
        if let Err(failure) = self.budget.made(&value, called.place) {
            return Outcome::failed(failure);
        }
        Outcome::ok(symbol::fill_with(value, || symbol(values)))
    }

    fn refused(
        &self,
        called: &Called<'_>,
        function: &functions::Function,
        error: FunctionError,
    ) -> Box<Failure> {
        let parameter = |index: usize| {
            let fixed = function.parameters.get(index);
            fixed.or(function.variadic.as_ref()).map(|p| p.name)
        };
        let at = error.argument.and_then(|index| {
            let argument = called.arguments.get(index)?;
            Some((self.argument_place(argument), parameter(index)?))
        });
        match at {
            Some((place, name)) => Failure::new(
                place,
                "Invalid function argument",
                format!(
                    "{} refuses its argument {name:?}: {}.",
                    called.name, error.message
                ),
            ),
            None => Failure::new(
                called.place,
                "Error in function call",
                format!("{} failed: {}.", called.name, error.message),
            ),
        }
    }
}

fn unknown_function(place: Place, name: &str) -> Box<Failure> {
    if name.contains("::") && !name.starts_with("core::") {
        return Failure::new(
            place,
            "Unknown provider function",
            format!(
                "{name:?} is in no namespace that there is. Functions of providers are called provider::name::function."
            ),
        );
    }
    let mut detail = format!("There is no function named {name:?}.");
    let bare = name.strip_prefix("core::").unwrap_or(name);
    if let Some(near) = nearest(bare, functions::names().chain(SPECIAL)) {
        let _ = write!(detail, " Did you mean {near:?}?");
    }
    Failure::new(place, "Call to unknown function", detail)
}

/// The name that is spelled almost like this one.
pub(super) fn nearest<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const FARTHEST: usize = 2;
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    all.filter(|other| other.len().abs_diff(name.len()) <= FARTHEST)
        .map(|other| (distance(name, other), other))
        .filter(|(distance, other)| *distance <= FARTHEST && *distance < other.len())
        .min()
        .map(|(_, other)| other)
}

/// How many bytes must be changed, added or taken away to get from one name to the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
