//! Conversion functions, and those of marks.

use cty::conversion::convert;
use cty::{Mark, Type, Value};

use super::{Environment, Function, FunctionError, Kind, Parameter, bool};

const ANY: Kind = Kind::Any;
const VALUE: &[Parameter] = &[Parameter::new("v", ANY)
    .sees_unknown()
    .sees_dynamic()
    .nullable()
    .sees_marks()];
const MARKED: &[Parameter] = &[Parameter::new("value", ANY)
    .sees_unknown()
    .sees_dynamic()
    .nullable()
    .sees_marks()];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("tobool", VALUE, |a| to_type(a, Type::Bool), to).maybe_null(),
    Function::new("tonumber", VALUE, |a| to_type(a, Type::Number), to).maybe_null(),
    Function::new("tostring", VALUE, |a| to_type(a, Type::String), to).maybe_null(),
    Function::new(
        "tolist",
        VALUE,
        |a| to_type(a, Type::list(Type::Dynamic)),
        to,
    )
    .maybe_null(),
    Function::new("toset", VALUE, |a| to_type(a, Type::set(Type::Dynamic)), to).maybe_null(),
    Function::new("tomap", VALUE, |a| to_type(a, Type::map(Type::Dynamic)), to).maybe_null(),
    Function::new("sensitive", MARKED, same, sensitive).maybe_null(),
    Function::new("nonsensitive", MARKED, same, nonsensitive).maybe_null(),
    Function::new("issensitive", MARKED, bool, is_sensitive),
    Function::new("ephemeralasnull", MARKED, same, ephemeral_as_null).maybe_null(),
];

fn same(arguments: &[Value]) -> Result<Type, FunctionError> {
    Ok(arguments[0].ty().clone())
}

/// The type that the argument gets, or why it cannot have the wanted one.
fn to_type(arguments: &[Value], wanted: Type) -> Result<Type, FunctionError> {
    let given = arguments[0].ty();
    if *given == wanted || *given == Type::Dynamic {
        return Ok(wanted);
    }
    let (bare, _) = arguments[0].unmark_deep();
    match convert(&bare, &wanted) {
        Ok(converted) => Ok(converted.ty().clone()),
        Err(error) => {
            // A secret is not quoted; what the type alone says may be.
            let shown = if arguments[0].is_marked_deep() {
                String::new()
            } else {
                format!(": {error}")
            };
            Err(FunctionError::argument(
                0,
                format!("cannot convert {given} to {wanted}{shown}"),
            ))
        }
    }
}

fn to(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if !arguments[0].is_known() {
        // What was promised of the value is not kept.
        let (_, marks) = arguments[0].clone().unmark();
        return Ok(Value::unknown(ty.clone()).with_marks(&marks));
    }
    convert(&arguments[0], ty).map_err(|e| FunctionError::argument(0, e.to_string()))
}

fn sensitive(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    Ok(arguments[0].clone().mark(Mark::Sensitive))
}

fn nonsensitive(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (bare, mut marks) = arguments[0].clone().unmark();
    marks.remove(&Mark::Sensitive);
    Ok(bare.with_marks(&marks))
}

fn is_sensitive(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let marked = arguments[0]
        .marks()
        .is_some_and(|marks| marks.contains(&Mark::Sensitive));
    // What is not known yet may still become sensitive.
    if !marked && !arguments[0].is_known() {
        return Ok(Value::unknown(Type::Bool));
    }
    Ok(Value::bool(marked))
}

fn ephemeral_as_null(
    arguments: &[Value],
    _: &Type,
    _: &Environment,
) -> Result<Value, FunctionError> {
    if !arguments[0].is_marked_deep() {
        return Ok(arguments[0].clone());
    }
    Ok(without_ephemeral(&arguments[0]))
}

fn without_ephemeral(value: &Value) -> Value {
    let (bare, marks) = value.clone().unmark();
    if marks.contains(&Mark::Ephemeral) {
        return Value::null(value.ty().clone());
    }
    let built = match (bare.ty(), bare.elements(), bare.entries()) {
        (Type::Tuple(_), Some(elements), _) => {
            Value::tuple(elements.iter().map(without_ephemeral).collect())
        }
        (Type::List(element), Some(elements), _) => {
            let elements = elements.iter().map(without_ephemeral).collect();
            Value::list((**element).clone(), elements).unwrap_or(bare)
        }
        (Type::Map(element), _, Some(entries)) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.clone(), without_ephemeral(value)));
            Value::map((**element).clone(), entries.collect::<Vec<_>>()).unwrap_or(bare)
        }
        (Type::Object(_), _, Some(entries)) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.clone(), without_ephemeral(value)));
            Value::object(entries.collect::<Vec<_>>())
        }
        _ => bare,
    };
    built.with_marks(&marks)
}
