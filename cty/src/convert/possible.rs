//! Which types convert to which, and what to say where they do not.

use crate::path::{PathError, Trail};
use crate::unify::common;
use crate::{ObjectType, Type};

/// Whether a conversion must succeed for every value of its type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Safety {
    Safe,
    Unsafe,
}

/// Whether there is a conversion from one type to another, different one.
pub(crate) fn converts(from: &Type, to: &Type, safety: Safety) -> bool {
    let allowed = safety == Safety::Unsafe;
    let part = |from: &Type, to: &Type| from == to || converts(from, to, safety);
    match (from, to) {
        (_, Type::Dynamic) | (Type::Number | Type::Bool, Type::String) => true,
        (Type::Dynamic, _) | (Type::String, Type::Number | Type::Bool) => allowed,
        (Type::Object(a), Type::Object(b)) => {
            b.attributes()
                .iter()
                .all(|(name, b_ty)| match a.attributes().get(name) {
                    Some(a_ty) => part(a_ty, b_ty),
                    None => b.is_optional(name),
                })
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| part(a, b))
        }
        (Type::List(a) | Type::Set(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => part(a, b),
        // Order and duplicates get lost.
        (Type::List(a), Type::Set(b)) => allowed && part(a, b),
        (Type::Tuple(parts), Type::List(element) | Type::Set(element)) => {
            let mixed =
                |ty: &Type| *ty == Type::Dynamic && parts.iter().any(|part| *part != Type::Dynamic);
            collects(parts.iter(), element, safety, mixed)
        }
        (Type::Object(object), Type::Map(element)) => {
            collects(object.attributes().values(), element, safety, |_| false)
        }
        // The keys may be others than the attributes.
        (Type::Map(element), Type::Object(object)) => {
            allowed && has_attributes(element, object, safety)
        }
        _ => false,
    }
}

fn collects<'a>(
    parts: impl Iterator<Item = &'a Type> + Clone,
    element: &Type,
    safety: Safety,
    refused: impl Fn(&Type) -> bool,
) -> bool {
    if parts.clone().next().is_none() {
        return true;
    }
    let element = if *element == Type::Dynamic {
        let types: Vec<Type> = parts.clone().cloned().collect();
        match common(&types, safety) {
            Some(ty) if !refused(&ty) => ty,
            _ => return false,
        }
    } else {
        element.clone()
    };
    let mut parts = parts;
    parts.all(|part| *part == element || converts(part, &element, safety))
}

fn has_attributes(element: &Type, object: &ObjectType, safety: Safety) -> bool {
    object.attributes().iter().all(|(name, ty)| {
        element == ty || converts(element, ty, safety) || object.is_optional(name)
    })
}

/// What does not fit between two types without a conversion, at the innermost place where it shows.
pub(super) fn mismatch(from: &Type, to: &Type, trail: &Trail<'_>) -> PathError {
    let misfit = |from: &&Type, to: &Type| {
        **from != to.without_optional() && !converts(from, to, Safety::Unsafe)
    };
    match (from, to) {
        (Type::Object(a), Type::Object(b)) => {
            for (name, wanted) in b.attributes() {
                let below = Trail::Attribute(trail, name);
                match a.attributes().get(name) {
                    None if !b.is_optional(name) => return missing(a, b, trail),
                    Some(found) if misfit(&found, wanted) => {
                        return mismatch(found, wanted, &below);
                    }
                    _ => {}
                }
            }
        }
        (Type::Tuple(parts), Type::List(element) | Type::Set(element))
            if **element != Type::Dynamic =>
        {
            if let Some((i, found)) = parts
                .iter()
                .enumerate()
                .find(|(_, found)| misfit(found, element))
            {
                return mismatch(found, element, &Trail::Index(trail, i));
            }
        }
        (Type::Object(object), Type::Map(element)) if **element != Type::Dynamic => {
            if let Some((name, found)) = object
                .attributes()
                .iter()
                .find(|(_, found)| misfit(found, element))
            {
                return mismatch(found, element, &Trail::Key(trail, name));
            }
        }
        (Type::Tuple(_), Type::List(_) | Type::Set(_)) | (Type::Object(_), Type::Map(_)) => {
            return trail.error(format!(
                "{to} required, but the elements have no type in common"
            ));
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() != b.len() => {
            return trail.error(format!(
                "tuple of {} required, but this is one of {}",
                b.len(),
                a.len()
            ));
        }
        _ => {}
    }
    trail.error(format!("{to} required, but this is {from}"))
}

fn missing(from: &ObjectType, to: &ObjectType, trail: &Trail<'_>) -> PathError {
    let absent = |name: &&std::sync::Arc<str>| {
        !from.attributes().contains_key(*name) && !to.is_optional(name)
    };
    let names: Vec<String> = to
        .attributes()
        .keys()
        .filter(absent)
        .map(|name| format!("{name:?}"))
        .collect();
    match names.as_slice() {
        [name] => trail.error(format!("attribute {name} is required, but it is not there")),
        names => trail.error(format!(
            "attributes {} are required, but they are not there",
            names.join(", ")
        )),
    }
}
