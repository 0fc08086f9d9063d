//! What several groups of functions need.

use cty::{Number, Refinements, Type, Value};

use super::FunctionError;

/// Elements that one function may make: more is hostile.
pub(super) const MOST_ELEMENTS: usize = 1_000_000;

/// A whole number that fits a machine word, as Go's `int`.
pub(super) fn whole(value: &Value, argument: usize) -> Result<i64, FunctionError> {
    let number = value
        .as_number()
        .ok_or_else(|| FunctionError::argument(argument, "a number is required"))?;
    number.to_i64().ok_or_else(|| {
        FunctionError::argument(
            argument,
            format!("a whole number is required, but this is {number}"),
        )
    })
}

/// A list of elements that are of one type already.
pub(super) fn list(element: &Type, elements: Vec<Value>) -> Result<Value, FunctionError> {
    Value::list(element.clone(), elements).map_err(|e| FunctionError::new(e.to_string()))
}

/// The element type of a collection; anything where there is none.
pub(super) fn element_of(ty: &Type) -> Type {
    ty.element().cloned().unwrap_or(Type::Dynamic)
}

/// Whether a type is a list, tuple or set.
pub(super) fn is_sequence(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Tuple(_) | Type::Set(_))
}

/// How many elements a value has, where that is known: parts of a set that are not known may fall together.
pub(super) fn length(value: &Value) -> Option<usize> {
    let ty = value.ty();
    match ty {
        Type::Tuple(parts) => return Some(parts.len()),
        Type::Object(object) => return Some(object.attributes().len()),
        _ => {}
    }
    let length = value
        .elements()
        .map(<[Value]>::len)
        .or_else(|| value.entries().map(std::collections::BTreeMap::len))?;
    let open = matches!(ty, Type::Set(_)) && length > 1 && !value.is_wholly_known();
    (!open).then_some(length)
}

/// The number of elements as a value: unknown within bounds where it is not known.
pub(super) fn length_value(value: &Value) -> Value {
    if let Some(length) = length(value) {
        return Value::number(length);
    }
    let promised = value
        .unknown_info()
        .and_then(|unknown| unknown.refinements().cloned())
        .unwrap_or_default();
    let known = value
        .elements()
        .map(|elements| u64::try_from(elements.len()).unwrap_or(u64::MAX));
    let bound = |value: u64| {
        Some(cty::Bound {
            value: Number::from(value),
            inclusive: true,
        })
    };
    let (least, most) = match known {
        Some(most) => (1, Some(most)),
        None => (promised.min_length.unwrap_or(0), promised.max_length),
    };
    Value::unknown(Type::Number).with_refinements(Refinements {
        null: Some(false),
        min: bound(least),
        max: most.and_then(bound),
        ..Refinements::default()
    })
}

/// An element by its position in a list or tuple.
pub(super) fn at(value: &Value, index: usize) -> Option<Value> {
    value.elements()?.get(index).cloned()
}

/// Refuses results past the bound on elements.
pub(super) fn bounded(count: usize) -> Result<(), FunctionError> {
    if count > MOST_ELEMENTS {
        return Err(FunctionError::new(format!(
            "the result would have {count} elements; up to {MOST_ELEMENTS} are made"
        )));
    }
    Ok(())
}
