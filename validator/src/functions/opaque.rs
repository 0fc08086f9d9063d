//! Functions whose result cannot be told: it is random, hangs on the time, or needs a private key.

use cty::{Type, Value};

use super::support::whole;
use super::{Environment, Function, FunctionError, Kind, Parameter, string};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("timestamp", &[], string, unknown),
    Function::new("plantimestamp", &[], string, unknown),
    Function::new("uuid", &[], string, unknown),
    // The bytes depend on one implementation of deflate; equal inputs give equal results, which the symbol tells.
    Function::new(
        "base64gzip",
        &[Parameter::new("str", Kind::String)],
        string,
        unknown,
    ),
    Function::new(
        "bcrypt",
        &[Parameter::new("str", Kind::String)],
        string,
        bcrypt,
    )
    .with_more(Parameter::new("cost", Kind::Number)),
    Function::new(
        "rsadecrypt",
        &[
            Parameter::new("ciphertext", Kind::String),
            Parameter::new("privatekey", Kind::String),
        ],
        string,
        rsadecrypt,
    ),
];

fn unknown(_: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    Ok(Value::unknown(ty.clone()))
}

fn bcrypt(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if arguments.len() > 2 {
        return Err(FunctionError::new("bcrypt takes one or two arguments"));
    }
    if let Some(cost) = arguments.get(1) {
        let cost = whole(cost, 1)?;
        if cost > 31 {
            return Err(FunctionError::argument(
                1,
                format!("the cost must not be above 31, but it is {cost}"),
            ));
        }
    }
    if arguments[0].as_str().is_some_and(|text| text.len() > 72) {
        return Err(FunctionError::argument(0, "bcrypt takes up to 72 bytes"));
    }
    unknown(arguments, ty, &Environment::none())
}

fn rsadecrypt(
    arguments: &[Value],
    ty: &Type,
    environment: &Environment,
) -> Result<Value, FunctionError> {
    super::encoding::bytes_of(arguments[0].as_str().unwrap_or_default())?;
    unknown(arguments, ty, environment)
}
