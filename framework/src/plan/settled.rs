//! What is kept of a state after an error: nothing in it may be unknown.

use cty::{Type, Value};

/// Parts are rewritten into parts of the same type, so they fit where they came from.
const FITS: &str = "settling keeps the type of every part";

/// The value with what is still unknown replaced by what the prior state knows there, or null: a state that is kept after
/// an error holds nothing unknown.
pub(crate) fn settled(value: &Value, prior: &Value) -> Value {
    let null = Value::null(Type::Dynamic);
    if !value.is_known() {
        let known = prior.is_wholly_known() && prior.ty() == value.ty();
        return if known {
            prior.clone()
        } else {
            Value::null(value.ty().clone())
        };
    }
    if value.is_wholly_known() {
        return value.clone();
    }
    let elements = || {
        value
            .elements()
            .unwrap_or_default()
            .iter()
            .map(|e| settled(e, &null))
            .collect::<Vec<_>>()
    };
    let entries = |at: &Value| {
        let entries = value.entries().into_iter().flatten();
        entries
            .map(|(key, e)| (key.clone(), settled(e, at.attribute(key).unwrap_or(&null))))
            .collect::<Vec<_>>()
    };
    match value.ty() {
        Type::Object(_) => Value::object(entries(prior)),
        Type::Map(element) => Value::map((**element).clone(), entries(prior)).expect(FITS),
        Type::List(element) => Value::list((**element).clone(), elements()).expect(FITS),
        Type::Set(element) => Value::set((**element).clone(), elements()).expect(FITS),
        Type::Tuple(_) => Value::tuple(elements()),
        _ => value.clone(),
    }
}
