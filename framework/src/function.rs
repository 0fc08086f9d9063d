//! Functions: pure, typed, clear about which argument is wrong.

use std::fmt;

use cty::{Path, Type, Value};

use crate::model::Content;

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Markdown.
    pub description: &'static str,
    /// Its type.
    pub ty: Type,
    /// Whether the function takes null for it.
    pub null: bool,
}

/// Why a function refuses its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// What was seen and what was expected.
    pub text: String,
    /// The argument at fault, from 0; `None` when it is not one alone.
    pub argument: Option<usize>,
}

impl FunctionError {
    /// An error about one argument, counted from 0.
    pub fn at(argument: usize, text: impl Into<String>) -> Self {
        FunctionError {
            text: text.into(),
            argument: Some(argument),
        }
    }
}

type Body = Box<dyn Fn(&[Value]) -> Result<Value, FunctionError> + Send + Sync>;

/// A function of the provider.
pub struct Function {
    /// Its name, without the provider.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Markdown.
    pub description: &'static str,
    /// Parameters in order.
    pub parameters: Vec<Parameter>,
    /// The type of the result.
    pub result: Type,
    body: Body,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({:?}) -> {}", self.name, self.parameters, self.result)
    }
}

impl Function {
    /// Begins a function.
    #[allow(
        clippy::new_ret_no_self,
        reason = "a function is complete once `returns` is called"
    )]
    pub fn new(
        name: &'static str,
        summary: &'static str,
        description: &'static str,
    ) -> Builder<()> {
        Builder {
            name,
            summary,
            description,
            parameters: Vec::new(),
            types: std::marker::PhantomData,
        }
    }

    /// Calls it with arguments that are known. A null for a parameter that does not take one gives null.
    ///
    /// # Errors
    /// What the function refuses, or an argument of another type.
    pub fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        if arguments.len() != self.parameters.len() {
            let text = format!(
                "{} takes {} arguments, but got {}",
                self.name,
                self.parameters.len(),
                arguments.len()
            );
            return Err(FunctionError {
                text,
                argument: None,
            });
        }
        if arguments.iter().any(|a| !a.is_wholly_known()) {
            return Ok(Value::unknown(self.result.clone()));
        }
        if self
            .parameters
            .iter()
            .zip(arguments)
            .any(|(p, a)| !p.null && a.is_null())
        {
            return Ok(Value::null(self.result.clone()));
        }
        (self.body)(arguments)
    }
}

/// A function in the making; each parameter adds its Rust type to `T`.
pub struct Builder<T> {
    name: &'static str,
    summary: &'static str,
    description: &'static str,
    parameters: Vec<Parameter>,
    types: std::marker::PhantomData<T>,
}

/// A Rust type that an argument is read into: a [`Content`], or an `Option` of one for a parameter that takes null.
pub trait Argument: Sized {
    /// Its Terraform type.
    fn ty() -> Type;
    /// Whether it takes null.
    const NULL: bool;
    /// Reads it.
    ///
    /// # Errors
    /// When the value is of another type.
    fn read(value: &Value) -> Result<Self, String>;
}

impl<T: Content> Argument for T {
    fn ty() -> Type {
        T::ty()
    }

    const NULL: bool = false;

    fn read(value: &Value) -> Result<Self, String> {
        if value.is_null() {
            return Err("the value is null".to_owned());
        }
        Content::read(value, &Path::root()).map_err(|e| e.to_string())
    }
}

impl<T: Content> Argument for Option<T> {
    fn ty() -> Type {
        T::ty()
    }

    const NULL: bool = true;

    fn read(value: &Value) -> Result<Self, String> {
        if value.is_null() {
            Ok(None)
        } else {
            <T as Argument>::read(value).map(Some)
        }
    }
}

/// Text of each element of a list of strings; nulls among them are refused.
#[derive(Clone, Debug)]
pub struct Texts(pub Vec<String>);

impl Content for Texts {
    fn ty() -> Type {
        Type::list(Type::String)
    }

    fn read(value: &Value, path: &Path) -> Result<Self, cty::PathError> {
        let elements = value.elements().unwrap_or_default().iter().enumerate();
        elements
            .map(|(i, e)| {
                e.as_str()
                    .map(str::to_owned)
                    .ok_or_else(|| cty::PathError::new(&path.index(i), "a string is required"))
            })
            .collect::<Result<_, _>>()
            .map(Texts)
    }

    fn write(&self) -> Value {
        let elements = self.0.iter().map(Value::string).collect();
        Value::list(Type::String, elements).expect("all are strings")
    }
}

fn argument<T: Argument>(arguments: &[Value], position: usize) -> Result<T, FunctionError> {
    let value = arguments
        .get(position)
        .ok_or_else(|| FunctionError::at(position, "the argument is missing"))?;
    T::read(value).map_err(|text| FunctionError::at(position, text))
}

impl<T> Builder<T> {
    fn with<U>(mut self, parameter: Parameter) -> Builder<U> {
        self.parameters.push(parameter);
        Builder {
            name: self.name,
            summary: self.summary,
            description: self.description,
            parameters: self.parameters,
            types: std::marker::PhantomData,
        }
    }

    fn build<R: Content>(
        self,
        body: impl Fn(&[Value]) -> Result<Option<R>, FunctionError> + Send + Sync + 'static,
    ) -> Function {
        let body: Body = Box::new(move |arguments| {
            Ok(body(arguments)?.map_or_else(|| Value::null(R::ty()), |result| result.write()))
        });
        Function {
            name: self.name,
            summary: self.summary,
            description: self.description,
            parameters: self.parameters,
            result: R::ty(),
            body,
        }
    }
}

fn parameter<A: Argument>(name: &'static str, description: &'static str) -> Parameter {
    Parameter {
        name,
        description,
        ty: A::ty(),
        null: A::NULL,
    }
}

impl Builder<()> {
    /// The first parameter.
    pub fn parameter<A: Argument>(
        self,
        name: &'static str,
        description: &'static str,
    ) -> Builder<(A,)> {
        self.with(parameter::<A>(name, description))
    }
}

impl Builder<()> {
    /// What a function without parameters gives; `None` is null.
    pub fn returns<R: Content>(
        self,
        body: impl Fn() -> Result<Option<R>, FunctionError> + Send + Sync + 'static,
    ) -> Function {
        self.build(move |_| body())
    }
}

impl<A: Argument> Builder<(A,)> {
    /// The second parameter.
    pub fn parameter<B: Argument>(
        self,
        name: &'static str,
        description: &'static str,
    ) -> Builder<(A, B)> {
        self.with(parameter::<B>(name, description))
    }

    /// What the function does; `None` is null.
    pub fn returns<R: Content>(
        self,
        body: impl Fn(A) -> Result<Option<R>, FunctionError> + Send + Sync + 'static,
    ) -> Function {
        self.build(move |a| body(argument(a, 0)?))
    }
}

impl<A: Argument, B: Argument> Builder<(A, B)> {
    /// The third parameter.
    pub fn parameter<C: Argument>(
        self,
        name: &'static str,
        description: &'static str,
    ) -> Builder<(A, B, C)> {
        self.with(parameter::<C>(name, description))
    }

    /// What the function does; `None` is null.
    pub fn returns<R: Content>(
        self,
        body: impl Fn(A, B) -> Result<Option<R>, FunctionError> + Send + Sync + 'static,
    ) -> Function {
        self.build(move |a| body(argument(a, 0)?, argument(a, 1)?))
    }
}

impl<A: Argument, B: Argument, C: Argument> Builder<(A, B, C)> {
    /// What the function does; `None` is null.
    pub fn returns<R: Content>(
        self,
        body: impl Fn(A, B, C) -> Result<Option<R>, FunctionError> + Send + Sync + 'static,
    ) -> Function {
        self.build(move |a| body(argument(a, 0)?, argument(a, 1)?, argument(a, 2)?))
    }
}
