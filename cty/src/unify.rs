//! The one type that several types convert to, as for the elements of a list written out or the arms of a conditional.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::Type;
use crate::convert::{Safety, converts};

/// The type to which all of these convert without any value being refused, if there is one: numbers and bools become
/// strings, tuples lists, objects maps. No types at all leave it open.
pub fn unify(types: &[Type]) -> Option<Type> {
    if types.is_empty() {
        Some(Type::Dynamic)
    } else {
        common(types, Safety::Safe)
    }
}

/// Like [`unify`], but also where some values may be refused in the end, such as a string that shall become a number.
pub fn unify_unsafe(types: &[Type]) -> Option<Type> {
    if types.is_empty() {
        Some(Type::Dynamic)
    } else {
        common(types, Safety::Unsafe)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Set,
    Map,
    Tuple,
    Object,
    Dynamic,
    Primitive,
}

fn kind(ty: &Type) -> Kind {
    match ty {
        Type::List(_) => Kind::List,
        Type::Set(_) => Kind::Set,
        Type::Map(_) => Kind::Map,
        Type::Tuple(_) => Kind::Tuple,
        Type::Object(_) => Kind::Object,
        Type::Dynamic => Kind::Dynamic,
        Type::String | Type::Number | Type::Bool => Kind::Primitive,
    }
}

pub(crate) fn common(types: &[Type], safety: Safety) -> Option<Type> {
    // Long lists have few types: each counts once.
    let mut seen = BTreeSet::new();
    let types: Vec<Type> = types
        .iter()
        .filter(|ty| seen.insert(*ty))
        .cloned()
        .collect();
    if let [only] = types.as_slice()
        && !only.has_optional()
    {
        return Some(only.clone());
    }
    distinct(&types, safety)
}

fn distinct(types: &[Type], safety: Safety) -> Option<Type> {
    let has = |wanted: Kind| types.iter().any(|ty| kind(ty) == wanted);
    let only = |kinds: &[Kind]| {
        types
            .iter()
            .all(|ty| kind(ty) == Kind::Dynamic || kinds.contains(&kind(ty)))
    };
    // One kind alone is built up from its parts. Among them an open type leaves all open: what it becomes decides.
    let alone = [Kind::Map, Kind::List, Kind::Set, Kind::Object, Kind::Tuple]
        .into_iter()
        .find(|k| has(*k) && only(&[*k]));
    if let Some(alone) = alone {
        if has(Kind::Dynamic) {
            return Some(Type::Dynamic);
        }
        return match alone {
            Kind::Map => Some(Type::map(common(&elements(types), safety)?)),
            Kind::List => Some(Type::list(common(&elements(types), safety)?)),
            Kind::Set => Some(Type::set(common(&elements(types), safety)?)),
            Kind::Object => objects(types, safety),
            _ => tuples(types, safety),
        };
    }
    if has(Kind::Map) && has(Kind::Object) && only(&[Kind::Map, Kind::Object]) {
        // Objects among maps are maps in disguise, tuples among lists are lists.
        let unified = disguised(types, Kind::Object, safety).filter(|ty| kind(ty) == Kind::Map);
        if unified.is_some() {
            return unified;
        }
    } else if has(Kind::List) && has(Kind::Tuple) && only(&[Kind::List, Kind::Tuple]) {
        let unified = disguised(types, Kind::Tuple, safety).filter(|ty| kind(ty) == Kind::List);
        if unified.is_some() {
            return unified;
        }
    } else if has(Kind::Object) && has(Kind::Tuple) {
        return None;
    }
    let fits = |wanted: &&Type| {
        types
            .iter()
            .all(|ty| ty == *wanted || converts(ty, wanted, safety))
    };
    preference(types)
        .into_iter()
        .map(|i| &types[i])
        .find(fits)
        .cloned()
}

/// Element types of collections.
fn elements(types: &[Type]) -> Vec<Type> {
    types
        .iter()
        .filter_map(|ty| ty.element().cloned())
        .collect()
}

/// Types of all parts of tuples and objects.
fn parts(types: &[Type]) -> Vec<Type> {
    let parts = types.iter().flat_map(|ty| match ty {
        Type::Tuple(elements) => elements.to_vec(),
        Type::Object(object) => object.attributes().values().cloned().collect(),
        _ => Vec::new(),
    });
    parts.collect()
}

/// Unifies with all types of one kind replaced by the collection that they make together.
fn disguised(types: &[Type], of: Kind, safety: Safety) -> Option<Type> {
    let those: Vec<Type> = types.iter().filter(|ty| kind(ty) == of).cloned().collect();
    let collection = collected(&those, of, safety)?;
    let replaced: Vec<Type> = types
        .iter()
        .map(|ty| {
            if kind(ty) == of {
                collection.clone()
            } else {
                ty.clone()
            }
        })
        .collect();
    common(&replaced, safety)
}

/// The map that objects, or the list that tuples can become.
fn collected(types: &[Type], of: Kind, safety: Safety) -> Option<Type> {
    let element = common(&parts(types), safety)?;
    let collection = if of == Kind::Object {
        Type::map(element)
    } else {
        Type::list(element)
    };
    types
        .iter()
        .all(|ty| converts(ty, &collection, safety))
        .then_some(collection)
}

fn objects(types: &[Type], safety: Safety) -> Option<Type> {
    let all: Vec<_> = types
        .iter()
        .filter_map(|ty| {
            if let Type::Object(object) = ty {
                Some(object.attributes())
            } else {
                None
            }
        })
        .collect();
    let names = all.first()?;
    if !all
        .iter()
        .all(|attributes| attributes.keys().eq(names.keys()))
    {
        return collected(types, Kind::Object, safety);
    }
    let mut unified = Vec::new();
    for name in names.keys() {
        let across: Vec<Type> = all
            .iter()
            .filter_map(|attributes| attributes.get(name).cloned())
            .collect();
        unified.push((name.clone(), common(&across, safety)?));
    }
    let unified = Type::object(unified);
    if types
        .iter()
        .all(|ty| *ty == unified || converts(ty, &unified, safety))
    {
        Some(unified)
    } else {
        collected(types, Kind::Object, safety)
    }
}

fn tuples(types: &[Type], safety: Safety) -> Option<Type> {
    let all: Vec<_> = types
        .iter()
        .filter_map(|ty| {
            if let Type::Tuple(elements) = ty {
                Some(elements)
            } else {
                None
            }
        })
        .collect();
    let length = all.first()?.len();
    if !all.iter().all(|elements| elements.len() == length) {
        return collected(types, Kind::Tuple, safety);
    }
    let mut unified = Vec::new();
    for i in 0..length {
        let across: Vec<Type> = all
            .iter()
            .filter_map(|elements| elements.get(i).cloned())
            .collect();
        unified.push(common(&across, safety)?);
    }
    let unified = Type::tuple(unified);
    if types
        .iter()
        .all(|ty| *ty == unified || converts(ty, &unified, safety))
    {
        Some(unified)
    } else {
        collected(types, Kind::Tuple, safety)
    }
}

/// Indexes of the types, the more general before the less general, otherwise in their order.
fn preference(types: &[Type]) -> Vec<usize> {
    let mut waiting: Vec<usize> = vec![0; types.len()];
    let below = |general: usize, special: usize| {
        generality(&types[general], &types[special]) == Ordering::Less
    };
    for (i, count) in waiting.iter_mut().enumerate() {
        *count = (0..types.len()).filter(|j| *j != i && below(*j, i)).count();
    }
    let mut order: Vec<usize> = (0..types.len()).filter(|i| waiting[*i] == 0).collect();
    let mut next = 0;
    while let Some(&i) = order.get(next) {
        next += 1;
        for (j, count) in waiting.iter_mut().enumerate() {
            if j != i && below(i, j) {
                *count -= 1;
                if *count == 0 {
                    order.push(j);
                }
            }
        }
    }
    order
}

/// `Less` when the first type is the more general one, as far as one look at them tells.
fn generality(a: &Type, b: &Type) -> Ordering {
    let whole = |orders: Vec<Ordering>| match (
        orders.contains(&Ordering::Less),
        orders.contains(&Ordering::Greater),
    ) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => Ordering::Equal,
    };
    match (a, b) {
        (Type::Dynamic, Type::Dynamic) => Ordering::Equal,
        (Type::List(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => generality(a, b),
        // An open type takes the shape of its neighbours, whatever they are.
        (_, Type::Dynamic)
        | (Type::String, Type::Number | Type::Bool)
        | (Type::Tuple(_) | Type::List(_), Type::Set(_))
        | (Type::List(_), Type::Tuple(_))
        | (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Dynamic, _)
        | (Type::Number | Type::Bool, Type::String)
        | (Type::Set(_), Type::Tuple(_) | Type::List(_))
        | (Type::Tuple(_), Type::List(_))
        | (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => whole(
            a.iter()
                .zip(b.iter())
                .map(|(a, b)| generality(a, b))
                .collect(),
        ),
        (Type::Object(a), Type::Object(b)) if a.attributes().keys().eq(b.attributes().keys()) => {
            whole(
                a.attributes()
                    .values()
                    .zip(b.attributes().values())
                    .map(|(a, b)| generality(a, b))
                    .collect(),
            )
        }
        _ => Ordering::Equal,
    }
}
