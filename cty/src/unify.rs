//! The one type that several types convert to.

use std::collections::BTreeSet;

use crate::Type;
use crate::convert::can_convert;

/// Finds the type to which values of all these types can be converted, as for the elements of a list written out, or
/// the two arms of a conditional. No types at all, or an open one among them, leave it open.
pub fn unify(types: &[Type]) -> Option<Type> {
    let mut distinct: Vec<&Type> = types.iter().collect::<BTreeSet<_>>().into_iter().collect();
    if distinct.iter().any(|ty| **ty == Type::Dynamic) || distinct.is_empty() {
        return Some(Type::Dynamic);
    }
    if distinct.len() == 1 {
        return distinct.pop().cloned();
    }
    structural(&distinct).or_else(|| {
        let fits_all = |candidate: &&Type| distinct.iter().all(|ty| can_convert(ty, candidate));
        // Prefer the safe direction: a string can hold a number, not every string is one.
        let string = Type::String;
        if distinct.iter().all(|ty| ty.is_primitive()) {
            return distinct.contains(&&string).then_some(string);
        }
        distinct.iter().copied().find(fits_all).cloned()
    })
}

/// Collections, tuples and objects unify part by part.
fn structural(types: &[&Type]) -> Option<Type> {
    if let Some(elements) = each(types, |ty| {
        if let Type::List(e) = ty {
            Some((**e).clone())
        } else {
            None
        }
    }) {
        return Some(Type::list(unify(&elements)?));
    }
    if let Some(elements) = each(types, |ty| {
        if let Type::Set(e) = ty {
            Some((**e).clone())
        } else {
            None
        }
    }) {
        return Some(Type::set(unify(&elements)?));
    }
    if let Some(elements) = each(types, |ty| {
        if let Type::Map(e) = ty {
            Some((**e).clone())
        } else {
            None
        }
    }) {
        return Some(Type::map(unify(&elements)?));
    }
    if types
        .iter()
        .all(|ty| matches!(ty, Type::Tuple(_) | Type::List(_)))
    {
        return tuples(types);
    }
    if types
        .iter()
        .all(|ty| matches!(ty, Type::Object(_) | Type::Map(_)))
    {
        return objects(types);
    }
    None
}

fn each<T>(types: &[&Type], part: impl Fn(&Type) -> Option<T>) -> Option<Vec<T>> {
    types.iter().map(|ty| part(ty)).collect()
}

fn tuples(types: &[&Type]) -> Option<Type> {
    let all = each(types, |ty| {
        if let Type::Tuple(e) = ty {
            Some(e.clone())
        } else {
            None
        }
    });
    if let Some(all) = &all
        && all.iter().all(|tuple| tuple.len() == all[0].len())
    {
        let parts: Option<Vec<Type>> = (0..all[0].len())
            .map(|i| unify(&all.iter().map(|tuple| tuple[i].clone()).collect::<Vec<_>>()))
            .collect();
        return parts.map(Type::tuple);
    }
    let elements: Vec<Type> = types
        .iter()
        .flat_map(|ty| match ty {
            Type::Tuple(elements) => elements.to_vec(),
            Type::List(element) => vec![(**element).clone()],
            _ => Vec::new(),
        })
        .collect();
    Some(Type::list(unify(&elements)?))
}

fn objects(types: &[&Type]) -> Option<Type> {
    let all = each(types, |ty| {
        if let Type::Object(o) = ty {
            Some(o.clone())
        } else {
            None
        }
    });
    if let Some(all) = &all
        && all
            .iter()
            .all(|object| object.attributes().keys().eq(all[0].attributes().keys()))
    {
        let parts: Option<Vec<_>> = all[0]
            .attributes()
            .keys()
            .map(|name| {
                Some((
                    name.clone(),
                    unify(
                        &all.iter()
                            .map(|object| object.attributes()[name].clone())
                            .collect::<Vec<_>>(),
                    )?,
                ))
            })
            .collect();
        return parts.map(Type::object);
    }
    let values: Vec<Type> = types
        .iter()
        .flat_map(|ty| match ty {
            Type::Object(object) => object.attributes().values().cloned().collect(),
            Type::Map(element) => vec![(**element).clone()],
            _ => Vec::new(),
        })
        .collect();
    Some(Type::map(unify(&values)?))
}
