//! Functions of lists and tuples: concat, element, slice, flatten.

use cty::conversion::unify_unsafe;
use cty::{Marks, Type, Value};

use super::support::{at, bounded, element_of, length, list, whole};
use super::{Environment, Function, FunctionError, Kind, Parameter};

const ANY: Kind = Kind::Any;
const NUMBER: Kind = Kind::Number;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("concat", &[], concat_type, concat)
        .with_more(Parameter::new("seqs", ANY).sees_marks()),
    Function::new(
        "element",
        &[
            Parameter::new("list", ANY).sees_marks(),
            Parameter::new("index", NUMBER),
        ],
        element_type,
        element,
    )
    .maybe_null(),
    Function::new(
        "slice",
        &[
            Parameter::new("list", ANY).sees_marks(),
            Parameter::new("start_index", NUMBER),
            Parameter::new("end_index", NUMBER),
        ],
        slice_type,
        slice,
    ),
    Function::new(
        "reverse",
        &[Parameter::new("list", ANY).sees_marks()],
        reverse_type,
        reverse,
    ),
    Function::new(
        "chunklist",
        &[
            Parameter::new("list", Kind::List).sees_marks(),
            Parameter::new("size", NUMBER).sees_marks(),
        ],
        chunklist_type,
        chunklist,
    ),
    Function::new(
        "flatten",
        &[Parameter::new("list", ANY).sees_marks()],
        flatten_type,
        flatten,
    ),
];

fn concat_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    if arguments.is_empty() {
        return Err(FunctionError::new("at least one argument is required"));
    }
    if arguments
        .iter()
        .all(|argument| matches!(argument.ty(), Type::List(_)))
    {
        let types: Vec<Type> = arguments
            .iter()
            .map(|argument| argument.ty().clone())
            .collect();
        if let Some(common) = unify_unsafe(&types) {
            return Ok(common);
        }
    }
    let mut parts = Vec::new();
    for (i, argument) in arguments.iter().enumerate() {
        match argument.ty() {
            Type::Tuple(types) => parts.extend(types.iter().cloned()),
            Type::List(element) => {
                let (bare, _) = argument.clone().unmark();
                match bare.elements() {
                    Some(elements) => {
                        parts.extend(std::iter::repeat_n((**element).clone(), elements.len()));
                    }
                    None => return Ok(Type::Dynamic),
                }
            }
            other => {
                return Err(FunctionError::argument(
                    i,
                    format!("a list or tuple is required, but this is a {other}"),
                ));
            }
        }
        bounded(parts.len())?;
    }
    Ok(Type::tuple(parts))
}

fn concat(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let mut all = Vec::new();
    let mut marks = Marks::new();
    for argument in arguments {
        let converted = match ty {
            Type::List(_) => cty::conversion::convert(argument, ty)
                .map_err(|e| FunctionError::new(e.to_string()))?,
            _ => argument.clone(),
        };
        let (bare, own) = converted.unmark();
        marks.extend(own);
        all.extend(bare.elements().unwrap_or_default().iter().cloned());
        bounded(all.len())?;
    }
    let made = match ty {
        Type::List(element) => list(element, all)?,
        _ => Value::tuple(all),
    };
    Ok(made.with_marks(&marks))
}

const EMPTY: &str = "an empty list has no elements";

/// The position that an index of `element` means: it wraps around on both sides.
fn wrapped(index: &Value, length: usize) -> Result<usize, FunctionError> {
    let index = whole(index, 1)?;
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    if length == 0 {
        return Err(FunctionError::argument(0, EMPTY));
    }
    Ok(usize::try_from(index.rem_euclid(length)).unwrap_or(0))
}

fn element_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::List(element) => Ok((**element).clone()),
        Type::Tuple(parts) => {
            if !arguments[1].is_known() {
                return Ok(Type::Dynamic);
            }
            Ok(parts[wrapped(&arguments[1], parts.len())?].clone())
        }
        other => Err(FunctionError::argument(
            0,
            format!("a list or tuple is required, but this is a {other}"),
        )),
    }
}

fn element(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (bare, marks) = arguments[0].clone().unmark();
    let elements = bare.elements().unwrap_or_default();
    let position = wrapped(&arguments[1], elements.len())?;
    let found = at(&bare, position).ok_or_else(|| FunctionError::argument(0, EMPTY))?;
    Ok(found.with_marks(&marks))
}

/// Start and end of a slice, as far as they are known.
fn bounds(arguments: &[Value]) -> Result<Option<(usize, usize)>, FunctionError> {
    let (bare, _) = arguments[0].clone().unmark();
    let length = length(&bare);
    let read = |i: usize, what: &str| -> Result<Option<usize>, FunctionError> {
        if !arguments[i].is_known() {
            return Ok(None);
        }
        let position = usize::try_from(whole(&arguments[i], i)?).map_err(|_| {
            FunctionError::argument(i, format!("the {what} index must not be less than zero"))
        })?;
        if length.is_some_and(|length| position > length) {
            let message =
                format!("the {what} index must not be greater than the length of the list");
            return Err(FunctionError::argument(i, message));
        }
        Ok(Some(position))
    };
    match (read(1, "start")?, read(2, "end")?) {
        (Some(start), Some(end)) if start > end => Err(FunctionError::argument(
            1,
            "the start index must not be greater than the end index",
        )),
        (Some(start), Some(end)) => Ok(Some((start, end))),
        _ => Ok(None),
    }
}

fn slice_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::List(_) => bounds(arguments).map(|_| arguments[0].ty().clone()),
        Type::Tuple(parts) => Ok(match bounds(arguments)? {
            Some((start, end)) => Type::tuple(parts[start..end].to_vec()),
            None => Type::Dynamic,
        }),
        Type::Set(_) => Err(FunctionError::argument(
            0,
            "a set has no order, so that it cannot be sliced; make a list of it where the order does not matter",
        )),
        other => Err(FunctionError::argument(
            0,
            format!("a list or tuple is required, but this is a {other}"),
        )),
    }
}

fn slice(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (bare, marks) = arguments[0].clone().unmark();
    let Some((start, end)) = bounds(arguments)? else {
        return Ok(Value::unknown(ty.clone()));
    };
    let elements = bare
        .elements()
        .unwrap_or_default()
        .get(start..end)
        .unwrap_or_default()
        .to_vec();
    let made = match ty {
        Type::List(element) => list(element, elements)?,
        _ => Value::tuple(elements),
    };
    Ok(made.with_marks(&marks))
}

fn reverse_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::Tuple(parts) => Ok(Type::tuple(parts.iter().rev().cloned().collect::<Vec<_>>())),
        Type::List(element) | Type::Set(element) => Ok(Type::List(element.clone())),
        other => Err(FunctionError::argument(
            0,
            format!("a list or tuple is required, but this is a {other}"),
        )),
    }
}

fn reverse(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (bare, marks) = arguments[0].clone().unmark();
    let reversed = bare
        .elements()
        .unwrap_or_default()
        .iter()
        .rev()
        .cloned()
        .collect();
    let made = match ty {
        Type::List(element) => list(element, reversed)?,
        _ => Value::tuple(reversed),
    };
    Ok(made.with_marks(&marks))
}

fn chunklist_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    Ok(Type::list(arguments[0].ty().clone()))
}

fn chunklist(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (bare, mut marks) = arguments[0].clone().unmark();
    let (size, more) = arguments[1].clone().unmark();
    marks.extend(more);
    let chunk_type = element_of(ty);
    let elements = bare.elements().unwrap_or_default();
    let size = usize::try_from(whole(&size, 1)?)
        .map_err(|_| FunctionError::argument(1, "the size must not be negative"))?;
    if elements.is_empty() {
        return Ok(list(&chunk_type, Vec::new())?.with_marks(&marks));
    }
    let size = if size == 0 { elements.len() } else { size };
    let element = element_of(&chunk_type);
    let chunks: Result<Vec<Value>, FunctionError> = elements
        .chunks(size)
        .map(|chunk| list(&element, chunk.to_vec()))
        .collect();
    Ok(list(&chunk_type, chunks?)?.with_marks(&marks))
}

/// The elements of a sequence with those of sequences in it in their place; `None` where it is not known how many there are.
fn flat(
    value: &Value,
    out: &mut Vec<Value>,
    marks: &mut Marks,
) -> Result<Option<()>, FunctionError> {
    let (bare, own) = value.clone().unmark();
    marks.extend(own);
    if bare.is_null() || length(&bare).is_none() {
        return Ok(None);
    }
    let Some(elements) = bare.elements() else {
        return Ok(None);
    };
    for element in elements {
        match element.ty() {
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                // Null is an element of its own.
                if element.is_null() {
                    out.push(element.clone());
                } else if flat(element, out, marks)?.is_none() {
                    return Ok(None);
                }
            }
            // What it will be is not known: it may be a list.
            Type::Dynamic if !element.is_known() => return Ok(None),
            _ => out.push(element.clone()),
        }
        bounded(out.len())?;
    }
    Ok(Some(()))
}

fn flatten_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    // What is not known is not looked at, of whatever type it is.
    if !arguments[0].clone().unmark().0.is_known() {
        return Ok(Type::Dynamic);
    }
    if !matches!(
        arguments[0].ty(),
        Type::List(_) | Type::Set(_) | Type::Tuple(_)
    ) {
        return Err(FunctionError::argument(
            0,
            "only lists, sets and tuples can be flattened",
        ));
    }
    let mut out = Vec::new();
    Ok(match flat(&arguments[0], &mut out, &mut Marks::new())? {
        Some(()) => Type::tuple(
            out.iter()
                .map(|value| value.ty().clone())
                .collect::<Vec<_>>(),
        ),
        None => Type::Dynamic,
    })
}

fn flatten(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let (mut out, mut marks) = (Vec::new(), Marks::new());
    let made = match flat(&arguments[0], &mut out, &mut marks)? {
        Some(()) => Value::tuple(out),
        None => Value::unknown(ty.clone()),
    };
    Ok(made.with_marks(&marks))
}
