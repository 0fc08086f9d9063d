//! Functions that count, choose and summarise: length, coalesce, alltrue, sum …

use cty::conversion::{convert, unify_unsafe};
use cty::{Type, Value};
use unicode_segmentation::UnicodeSegmentation as _;

use super::support::{is_sequence, length, length_value};
use super::{Environment, Function, FunctionError, Kind, Parameter, bool, number};

const ANY: Kind = Kind::Any;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "length",
        &[Parameter::new("value", ANY)
            .sees_dynamic()
            .sees_unknown()
            .sees_marks()],
        length_type,
        length_of,
    ),
    Function::new(
        "alltrue",
        &[Parameter::new("list", Kind::BoolList)],
        bool,
        all_true,
    ),
    Function::new(
        "anytrue",
        &[Parameter::new("list", Kind::BoolList)],
        bool,
        any_true,
    ),
    Function::new("coalesce", &[], coalesce_type, coalesce).with_more(
        Parameter::new("vals", ANY)
            .sees_unknown()
            .sees_dynamic()
            .nullable(),
    ),
    Function::new("coalescelist", &[], coalesce_list_type, coalesce_list).with_more(
        Parameter::new("vals", ANY)
            .sees_unknown()
            .sees_dynamic()
            .nullable(),
    ),
    Function::new("one", &[Parameter::new("list", ANY)], one_type, one).maybe_null(),
    Function::new("sum", &[Parameter::new("list", ANY)], number, sum),
    Function::new(
        "index",
        &[Parameter::new("list", ANY), Parameter::new("value", ANY)],
        number,
        index,
    ),
    Function::new(
        "contains",
        &[Parameter::new("list", ANY), Parameter::new("value", ANY)],
        bool,
        contains,
    ),
];

fn length_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::Number | Type::Bool => Err(FunctionError::argument(
            0,
            "a string, a collection or a structure is required",
        )),
        _ => Ok(Type::Number),
    }
}

fn length_of(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (value, marks) = arguments[0].clone().unmark();
    let counted = match value.ty() {
        Type::String => match value.as_str() {
            Some(text) => Value::number(characters(text)),
            None => at_least(prefix_length(&value)),
        },
        Type::Dynamic => Value::unknown(Type::Number),
        _ => length_value(&value),
    };
    Ok(counted.with_marks(&marks))
}

/// Characters with which a string begins that is not known otherwise.
fn prefix_length(value: &Value) -> usize {
    let refinements = value.unknown_info().and_then(cty::Unknown::refinements);
    let prefix = refinements.and_then(|promised| promised.prefix.as_deref());
    prefix.map_or(0, |prefix| prefix.graphemes(true).count())
}

fn at_least(least: usize) -> Value {
    Value::unknown(Type::Number).with_refinements(cty::Refinements {
        null: Some(false),
        min: Some(cty::Bound {
            value: cty::Number::from(least),
            inclusive: true,
        }),
        ..cty::Refinements::default()
    })
}

fn all_true(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    for element in arguments[0].elements().unwrap_or_default() {
        if !element.is_known() {
            return Ok(Value::unknown(Type::Bool));
        }
        if element.as_bool() != Some(true) {
            return Ok(Value::bool(false));
        }
    }
    Ok(Value::bool(true))
}

fn any_true(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let elements = arguments[0].elements().unwrap_or_default();
    if elements
        .iter()
        .any(|element| element.as_bool() == Some(true))
    {
        return Ok(Value::bool(true));
    }
    let open = elements.iter().any(|element| !element.is_known());
    Ok(if open {
        Value::unknown(Type::Bool)
    } else {
        Value::bool(false)
    })
}

fn coalesce_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let types: Vec<Type> = arguments
        .iter()
        .map(|argument| argument.ty().clone())
        .collect();
    unify_unsafe(&types).ok_or_else(|| FunctionError::new("all arguments must have the same type"))
}

fn coalesce(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    for argument in arguments {
        // What has no value of the common type is passed over like null.
        let Ok(value) = convert(argument, ty) else {
            continue;
        };
        if !value.is_known() {
            return Ok(Value::unknown(ty.clone()));
        }
        if !value.is_null() && value.as_str() != Some("") {
            return Ok(value);
        }
    }
    Err(FunctionError::new(
        "all arguments are null or empty strings",
    ))
}

fn coalesce_list_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let Some(first) = arguments.first() else {
        return Err(FunctionError::new("at least one argument is required"));
    };
    for (i, argument) in arguments.iter().enumerate() {
        if !argument.is_known() {
            return Ok(Type::Dynamic);
        }
        if !matches!(argument.ty(), Type::List(_) | Type::Tuple(_)) {
            return Err(FunctionError::argument(i, "a list or tuple is required"));
        }
    }
    let same = arguments.iter().all(|argument| argument.ty() == first.ty());
    Ok(if same {
        first.ty().clone()
    } else {
        Type::Dynamic
    })
}

fn coalesce_list(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    for argument in arguments {
        if !argument.is_known() {
            return Ok(Value::unknown(ty.clone()));
        }
        if !argument.is_null() && length(argument).is_some_and(|length| length > 0) {
            return Ok(argument.clone());
        }
    }
    Err(FunctionError::new("all arguments are null or empty"))
}

const NOT_ONE: &str = "a list, set or tuple with no or one element is required";

fn one_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::List(element) | Type::Set(element) => Ok((**element).clone()),
        Type::Tuple(parts) => match &**parts {
            [] => Ok(Type::Dynamic),
            [only] => Ok(only.clone()),
            _ => Err(FunctionError::argument(0, NOT_ONE)),
        },
        _ => Err(FunctionError::argument(0, NOT_ONE)),
    }
}

fn one(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let Some(length) = length(&arguments[0]) else {
        return Ok(Value::unknown(ty.clone()));
    };
    match (length, arguments[0].elements()) {
        (0, _) => Ok(Value::null(ty.clone())),
        (1, Some([only])) => Ok(only.clone()),
        _ => Err(FunctionError::argument(0, NOT_ONE)),
    }
}

fn sum(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let value = &arguments[0];
    if !is_sequence(value.ty()) {
        return Err(FunctionError::argument(
            0,
            format!(
                "a list, set or tuple is required, but this is a {}",
                value.ty()
            ),
        ));
    }
    let elements = value.elements().unwrap_or_default();
    if elements.is_empty() {
        return Err(FunctionError::argument(0, "an empty list has no sum"));
    }
    if !value.is_wholly_known() {
        return Ok(Value::unknown(Type::Number));
    }
    let wrong = || FunctionError::argument(0, "all elements must be numbers");
    let mut total: Option<cty::Number> = None;
    for element in elements {
        if element.is_null() {
            return Err(wrong());
        }
        let element = convert(element, &Type::Number).map_err(|_| wrong())?;
        let number = element.as_number().ok_or_else(wrong)?;
        total = Some(match total {
            None => number.clone(),
            Some(total) => total
                .add(number)
                .ok_or_else(|| FunctionError::new("opposing infinities have no sum"))?,
        });
    }
    Ok(Value::number(total.unwrap_or_else(cty::Number::zero)))
}

fn index(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if !matches!(arguments[0].ty(), Type::List(_) | Type::Tuple(_)) {
        return Err(FunctionError::argument(0, "a list or tuple is required"));
    }
    let elements = arguments[0].elements().unwrap_or_default();
    if elements.is_empty() {
        return Err(FunctionError::argument(0, "an empty list holds nothing"));
    }
    for (at, element) in elements.iter().enumerate() {
        match element.equals(&arguments[1]).as_bool() {
            None => return Ok(Value::unknown(Type::Number)),
            Some(true) => return Ok(Value::number(at)),
            Some(false) => {}
        }
    }
    Err(FunctionError::argument(
        1,
        "the list does not hold this value",
    ))
}

fn contains(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if !is_sequence(arguments[0].ty()) {
        return Err(FunctionError::argument(
            0,
            "a list, tuple or set is required",
        ));
    }
    let mut open = false;
    for element in arguments[0].elements().unwrap_or_default() {
        match arguments[1].equals(element).as_bool() {
            Some(true) => return Ok(Value::bool(true)),
            Some(false) => {}
            None => open = true,
        }
    }
    Ok(if open {
        Value::unknown(Type::Bool)
    } else {
        Value::bool(false)
    })
}

/// Characters as people count them.
fn characters(text: &str) -> usize {
    // In plain text only a line break can be two bytes in one.
    if text.is_ascii() && !text.contains('\r') {
        return text.len();
    }
    text.graphemes(true).count()
}
