//! Conversion of values that are not known: what was promised about them holds where it speaks of the new type too.

use crate::convert::Safety;
use crate::refinement::{LONGEST_LIST, Refinements, Unknown, settle};
use crate::unify::common;
use crate::{Type, Value};

/// An unknown of the other type, with its origin and what is still true of it.
pub(super) fn convert(from: &Type, info: &Unknown, to: &Type) -> Value {
    let to = closed(from, to);
    let promised = info.refinements().cloned().unwrap_or_default();
    let mut kept = Refinements {
        null: promised.null,
        ..Refinements::default()
    };
    let length = |n: usize| u64::try_from(n).ok();
    match (from, &to) {
        (Type::Object(object), Type::Map(_)) => {
            (kept.min_length, kept.max_length) = (
                length(object.attributes().len()),
                length(object.attributes().len()),
            );
        }
        (Type::Tuple(parts), Type::List(_)) => {
            (kept.min_length, kept.max_length) = (length(parts.len()), length(parts.len()));
        }
        // Elements may fall together, but one remains.
        (Type::Tuple(parts), Type::Set(_)) => {
            (kept.min_length, kept.max_length) = (length(parts.len().min(1)), length(parts.len()));
        }
        (Type::List(_) | Type::Set(_) | Type::Map(_), Type::Set(_)) => {
            (kept.min_length, kept.max_length) = (
                promised.min_length.map(|least| least.min(1)),
                promised.max_length,
            );
        }
        (Type::List(_) | Type::Set(_) | Type::Map(_), Type::List(_) | Type::Map(_)) => {
            (kept.min_length, kept.max_length) = (promised.min_length, promised.max_length);
        }
        _ => {}
    }
    settle(&to, kept, info.origin(), LONGEST_LIST)
}

/// The type asked for with what is open in it taken from the type at hand.
pub(super) fn closed(from: &Type, to: &Type) -> Type {
    if *from == Type::Dynamic || !to.has_dynamic() {
        return to.clone();
    }
    let together = |parts: &[Type], element: &Type| match common(parts, Safety::Unsafe) {
        Some(found) => closed(&found, element),
        None => element.clone(),
    };
    match (from, to) {
        (_, Type::Dynamic) => from.clone(),
        (Type::Map(a), Type::Map(b)) => Type::map(closed(a, b)),
        (Type::Object(a), Type::Map(b)) => Type::map(together(
            &a.attributes().values().cloned().collect::<Vec<_>>(),
            b,
        )),
        (Type::Map(a), Type::Object(b)) => Type::object(
            b.attributes()
                .iter()
                .map(|(name, ty)| (name.clone(), closed(a, ty))),
        ),
        (Type::Object(a), Type::Object(b)) => {
            Type::object(b.attributes().iter().map(|(name, ty)| {
                let found = a
                    .attributes()
                    .get(name)
                    .map_or_else(|| ty.clone(), |found| closed(found, ty));
                (name.clone(), found)
            }))
        }
        (Type::List(a) | Type::Set(a), Type::Set(b)) => Type::set(closed(a, b)),
        (Type::Tuple(a), Type::Set(b)) => Type::set(together(a, b)),
        (Type::List(a) | Type::Set(a), Type::List(b)) => Type::list(closed(a, b)),
        (Type::Tuple(a), Type::List(b)) => Type::list(together(a, b)),
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => Type::tuple(
            a.iter()
                .zip(b.iter())
                .map(|(a, b)| closed(a, b))
                .collect::<Vec<_>>(),
        ),
        _ => to.clone(),
    }
}
