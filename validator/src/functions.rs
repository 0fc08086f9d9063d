//! Terraform's functions: signatures, and the wrapper that treats nulls, unknowns, marks and conversions alike for all.
//!
//! `try`, `can`, `templatefile` and `templatestring` need expressions and live in [`crate::eval`]; all others are here, one
//! list in [`find`].

// All functions share one signature, also those that cannot fail.
#![allow(clippy::unnecessary_wraps)]

mod choosing;
mod cidr;
mod date;
mod encoding;
mod environment;
mod files;
mod format;
mod json;
mod mapping;
mod numeric;
mod opaque;
mod ordering;
mod pairing;
mod regex;
mod sequence;
mod sets;
#[cfg(test)]
mod stories;
mod support;
mod table;
mod tables;
mod text;
mod types;
mod yaml;

use std::fmt;

use cty::{Marks, Type, Value};

pub use environment::{Environment, Files, Found, NoFiles};
pub(crate) use files::hex;
pub use table::{find, names};

/// Why a function refuses its arguments.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FunctionError {
    /// The argument that is wrong, from 0; none where it is the call as a whole.
    pub argument: Option<usize>,
    /// What is wrong, without a final dot.
    pub message: String,
}

impl FunctionError {
    /// The call as a whole is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        FunctionError {
            argument: None,
            message: message.into(),
        }
    }

    /// One argument is wrong.
    pub fn argument(index: usize, message: impl Into<String>) -> Self {
        FunctionError {
            argument: Some(index),
            message: message.into(),
        }
    }
}

/// The type that a parameter asks for; arguments are converted to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Any,
    /// A string.
    String,
    /// A number.
    Number,
    /// A bool.
    Bool,
    /// A list of anything.
    List,
    /// A list of strings.
    StringList,
    /// A list of numbers.
    NumberList,
    /// A list of bools.
    BoolList,
    /// A set of anything.
    Set,
    /// A map of anything.
    Map,
    /// A map of lists of strings.
    StringListMap,
}

impl Kind {
    /// As a type; anything is [`Type::Dynamic`].
    pub fn ty(self) -> Type {
        match self {
            Kind::Any => Type::Dynamic,
            Kind::String => Type::String,
            Kind::Number => Type::Number,
            Kind::Bool => Type::Bool,
            Kind::List => Type::list(Type::Dynamic),
            Kind::StringList => Type::list(Type::String),
            Kind::NumberList => Type::list(Type::Number),
            Kind::BoolList => Type::list(Type::Bool),
            Kind::Set => Type::set(Type::Dynamic),
            Kind::Map => Type::map(Type::Dynamic),
            Kind::StringListMap => Type::map(Type::list(Type::String)),
        }
    }
}

/// A parameter, with what the function itself wants to see of arguments. Where a flag is off, the wrapper deals with it.
#[derive(Clone, Copy, Debug)]
// Independent flags, not states of one machine.
#[allow(clippy::struct_excessive_bools)]
pub struct Parameter {
    /// Its name, as in Terraform's documentation.
    pub name: &'static str,
    /// What it asks for.
    pub kind: Kind,
    /// Null may stand here.
    pub null: bool,
    /// The function treats unknown arguments itself; else its result is unknown.
    pub unknown: bool,
    /// The function treats arguments of unknown type itself; else its result is of unknown type.
    pub dynamic: bool,
    /// The function treats marks itself; else they are taken off and put onto the result.
    pub marked: bool,
}

impl Parameter {
    /// A parameter for which the wrapper does everything.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Parameter {
            name,
            kind,
            null: false,
            unknown: false,
            dynamic: false,
            marked: false,
        }
    }

    /// Null may stand here.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.null = true;
        self
    }

    /// The function treats unknown arguments itself.
    #[must_use]
    pub const fn sees_unknown(mut self) -> Self {
        self.unknown = true;
        self
    }

    /// The function treats arguments of unknown type itself.
    #[must_use]
    pub const fn sees_dynamic(mut self) -> Self {
        self.dynamic = true;
        self
    }

    /// The function treats marks itself.
    #[must_use]
    pub const fn sees_marks(mut self) -> Self {
        self.marked = true;
        self
    }
}

/// The type of a function's result for some arguments, which may be unknown.
pub(crate) type TypeOf = fn(&[Value]) -> Result<Type, FunctionError>;

/// A function's result; the type is what its [`TypeOf`] answered.
pub(crate) type Run = fn(&[Value], &Type, &Environment) -> Result<Value, FunctionError>;

/// A function.
#[derive(Clone, Copy)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Parameters that must be given.
    pub parameters: &'static [Parameter],
    /// A parameter for any number of further arguments.
    pub variadic: Option<Parameter>,
    /// The type of the result for these arguments, which may be unknown.
    pub ty: fn(&[Value]) -> Result<Type, FunctionError>,
    /// The result. The second argument is what `ty` answered.
    pub run: fn(&[Value], &Type, &Environment) -> Result<Value, FunctionError>,
    /// Whether its result is never null: an unknown result is then promised not to be.
    pub never_null: bool,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Function({})", self.name)
    }
}

impl Function {
    /// A function with these parameters whose result is never null.
    pub(crate) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        ty: TypeOf,
        run: Run,
    ) -> Self {
        Function {
            name,
            parameters,
            variadic: None,
            ty,
            run,
            never_null: true,
        }
    }

    /// Any number of further arguments.
    pub(crate) const fn with_more(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    /// Its result is never null either, but Terraform does not say so of one that is not known.
    pub(crate) const fn promising_nothing(self) -> Self {
        self.maybe_null()
    }

    /// Its result may be null.
    pub(crate) const fn maybe_null(mut self) -> Self {
        self.never_null = false;
        self
    }

    /// Calls the function: counts and converts arguments, answers for nulls, unknowns and marks, then runs it.
    ///
    /// # Errors
    /// When Terraform would refuse the call.
    pub fn call(
        &self,
        arguments: &[Value],
        environment: &Environment,
    ) -> Result<Value, FunctionError> {
        self.count(arguments.len())?;
        let mut arguments = arguments.to_vec();
        for (i, argument) in arguments.iter_mut().enumerate() {
            let parameter = self.parameter(i);
            if parameter.kind != Kind::Any {
                *argument = cty::conversion::convert(argument, &parameter.kind.ty())
                    .map_err(|e| FunctionError::argument(i, e.to_string()))?;
            }
        }
        let Some(ty) = self.result_type(&arguments)? else {
            return Ok(Value::dynamic_unknown());
        };
        let mut marks = Marks::new();
        let mut open = false;
        for (i, argument) in arguments.iter_mut().enumerate() {
            let parameter = self.parameter(i);
            if !parameter.marked && argument.is_marked_deep() {
                let (bare, found) = argument.unmark_deep();
                marks.extend(found.into_iter().flat_map(|(_, marks)| marks));
                *argument = bare;
            }
            open |= !parameter.unknown && !argument.is_known();
        }
        let result = if open {
            Value::unknown(ty)
        } else {
            (self.run)(&arguments, &ty, environment)?
        };
        let result = discreet(result, self.name, &marks);
        let result = if self.never_null && *result.ty() != Type::Dynamic {
            result.not_null()
        } else {
            result
        };
        Ok(result.with_marks(&marks))
    }

    /// The type of the result; `None` where an argument of unknown type leaves it open.
    fn result_type(&self, arguments: &[Value]) -> Result<Option<Type>, FunctionError> {
        let mut bare = arguments.to_vec();
        for (i, argument) in bare.iter_mut().enumerate() {
            let parameter = self.parameter(i);
            if !parameter.marked && argument.is_marked_deep() {
                *argument = argument.unmark_deep().0;
            }
            if argument.is_null() && !parameter.null {
                return Err(FunctionError::argument(i, "argument must not be null"));
            }
            if *argument.ty() == Type::Dynamic && !parameter.dynamic {
                return Ok(None);
            }
        }
        (self.ty)(&bare).map(Some)
    }

    fn parameter(&self, index: usize) -> Parameter {
        let last = self.variadic.or(self.parameters.last().copied());
        self.parameters
            .get(index)
            .copied()
            .or(last)
            .unwrap_or(Parameter::new("", Kind::Any))
    }

    fn count(&self, given: usize) -> Result<(), FunctionError> {
        let needed = self.parameters.len();
        if given < needed {
            let missing = self.parameters[given].name;
            return Err(FunctionError::new(format!(
                "{} needs {}{needed} argument{}, but {given} {} given: {missing:?} is missing",
                self.name,
                if self.variadic.is_some() {
                    "at least "
                } else {
                    ""
                },
                if needed == 1 { "" } else { "s" },
                if given == 1 { "was" } else { "were" },
            )));
        }
        if given > needed && self.variadic.is_none() {
            return Err(FunctionError::argument(
                needed,
                format!(
                    "{} takes {needed} argument{}, but {given} were given",
                    self.name,
                    if needed == 1 { "" } else { "s" },
                ),
            ));
        }
        Ok(())
    }
}

/// A result that is not known without the reason that the function gave, where an argument is marked: it was made of the
/// bare argument, and would show it.
pub(crate) fn discreet(result: Value, function: &str, marks: &Marks) -> Value {
    if marks.is_empty() || crate::symbol::of(&result).is_none() {
        return result;
    }
    let why = format!("{function}() of a sensitive value");
    crate::symbol::with(result, crate::symbol::Symbol::Opaque(why.into()))
}

/// The type function of those whose result always has one type.
pub(crate) fn string(_: &[Value]) -> Result<Type, FunctionError> {
    Ok(Type::String)
}

/// The type function of those whose result always has one type.
pub(crate) fn number(_: &[Value]) -> Result<Type, FunctionError> {
    Ok(Type::Number)
}

/// The type function of those whose result always has one type.
pub(crate) fn bool(_: &[Value]) -> Result<Type, FunctionError> {
    Ok(Type::Bool)
}

/// The type function of those whose result always has one type.
pub(crate) fn string_list(_: &[Value]) -> Result<Type, FunctionError> {
    Ok(Type::list(Type::String))
}
