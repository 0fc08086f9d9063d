//! Whether two meanings are the same: yes, no, or it cannot be told.

mod reasons;

use std::collections::{BTreeMap, BTreeSet};

use super::super::InstanceId;
use super::{Key, Meaning, Part};
use crate::inventory::Name;
use reasons::{reasons, text_reasons};

/// What two values are to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Proved the same.
    Same,
    /// Proved different.
    Differs(Difference),
    /// It cannot be told, and what is not known.
    Unknown(Vec<Name>),
}

/// How two values differ.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Difference {
    /// Instances without counterpart that the primary's value names and the secondary's cannot.
    pub strays: Vec<InstanceId>,
    /// Whether the values differ in nothing but these.
    pub only_strays: bool,
}

impl Outcome {
    fn differs() -> Self {
        Outcome::Differs(Difference::default())
    }

    /// Whether it is proved that they are the same.
    pub fn is_same(&self) -> bool {
        matches!(self, Outcome::Same)
    }

    /// Whether it is proved that they differ.
    pub fn is_different(&self) -> bool {
        matches!(self, Outcome::Differs(_))
    }

    /// Both: one difference is enough; without one, one unknown is enough.
    #[must_use]
    pub fn and(self, other: Outcome) -> Outcome {
        match (self, other) {
            (Outcome::Differs(mut one), Outcome::Differs(other)) => {
                one.only_strays &= other.only_strays;
                one.strays.extend(other.strays);
                Outcome::Differs(one)
            }
            (Outcome::Differs(one), _) | (_, Outcome::Differs(one)) => Outcome::Differs(one),
            (Outcome::Unknown(mut one), Outcome::Unknown(other)) => {
                one.extend(other);
                one.sort();
                one.dedup();
                Outcome::Unknown(one)
            }
            (Outcome::Unknown(one), _) | (_, Outcome::Unknown(one)) => Outcome::Unknown(one),
            (Outcome::Same, Outcome::Same) => Outcome::Same,
        }
    }
}

/// Functions that give another text for another argument, and never nothing.
const ENCODINGS: [&str; 3] = ["jsonencode", "base64encode", "urlencode"];

/// Compares a primary meaning with a secondary one.
pub(crate) fn compare(one: &Meaning, other: &Meaning) -> Outcome {
    use Meaning as M;
    if let (M::Unknown(because), _) | (_, M::Unknown(because)) = (one, other) {
        let mut all = because.clone();
        if let (M::Unknown(_), M::Unknown(more)) = (one, other) {
            all.extend(more.iter().cloned());
            all.sort();
            all.dedup();
        }
        return Outcome::Unknown(all);
    }
    match (one, other) {
        (M::Absent | M::Aws, M::Absent | M::Aws) => Outcome::Same,
        (M::Aws, _) | (_, M::Aws) => Outcome::Unknown(vec!["aws".into()]),
        (M::Text(one), M::Text(other)) => texts(one, other),
        (M::Plain(a), M::Text(parts)) | (M::Text(parts), M::Plain(a)) => {
            texts(&[Part::Letters(a.clone())], parts)
        }
        // Different texts have different encodings.
        (M::Expression(f, a), M::Expression(g, b))
            if f == g && ENCODINGS.contains(&&**f) && a.len() == 1 && b.len() == 1 =>
        {
            compare(&a[0], &b[0])
        }
        (M::Expression(f, _), M::Absent) | (M::Absent, M::Expression(f, _))
            if ENCODINGS.contains(&&**f) =>
        {
            with_strays(one)
        }
        (M::Expression(..), _) | (_, M::Expression(..)) => {
            if one == other && decided(one) {
                Outcome::Same
            } else {
                Outcome::Unknown(reasons(one, other))
            }
        }
        (M::List(a), M::List(b)) => lists(a, b),
        (M::Set(a), M::Set(b) | M::List(b)) | (M::List(a), M::Set(b)) => sets(a, b),
        (M::Map(a), M::Map(b)) => maps(a, b),
        // One element is the same with and without a list around it, in documents.
        (M::Set(parts) | M::List(parts), single) if parts.len() == 1 && *single != M::Absent => {
            compare(&parts[0], single)
        }
        (single, M::Set(parts) | M::List(parts)) if parts.len() == 1 && *single != M::Absent => {
            compare(single, &parts[0])
        }
        (M::Set(parts) | M::List(parts), M::Absent)
        | (M::Absent, M::Set(parts) | M::List(parts))
            if parts.is_empty() =>
        {
            Outcome::Same
        }
        (M::Map(parts), M::Absent) | (M::Absent, M::Map(parts)) if parts.is_empty() => {
            Outcome::Same
        }
        // What is sealed may be what stands beside it.
        (M::Sealed(_), b) | (b, M::Sealed(_)) if !matches!(b, M::Absent | M::Sealed(_)) => {
            Outcome::Unknown(vec!["a sensitive value".into()])
        }
        (one, other) if one == other => Outcome::Same,
        (M::Set(parts) | M::List(parts), M::Absent) => {
            let strays: Vec<InstanceId> = parts.iter().flat_map(strays).collect();
            let only_strays = !strays.is_empty() && strays.len() >= parts.len();
            Outcome::Differs(Difference {
                strays,
                only_strays,
            })
        }
        (one, _) => with_strays(one),
    }
}

/// Different: because the primary names what has no counterpart, or for other reasons.
fn with_strays(one: &Meaning) -> Outcome {
    let strays = strays(one);
    let only_strays = !strays.is_empty();
    Outcome::Differs(Difference {
        strays,
        only_strays,
    })
}

fn texts(one: &[Part], other: &[Part]) -> Outcome {
    if one == other && one.iter().all(part_decided) {
        return Outcome::Same;
    }
    if let ([a], [b]) = (one, other) {
        return match (a, b) {
            (Part::Letters(_), Part::Letters(_)) => Outcome::differs(),
            (Part::Reference(a, name), Part::Reference(b, other)) => references(a, name, b, other),
            (Part::Hole(a), Part::Hole(b)) => compare(a, b),
            (Part::Reference(key, _), Part::Letters(_)) => match key {
                Key::Stray(id) => Outcome::Differs(Difference {
                    strays: vec![*id],
                    only_strays: true,
                }),
                _ => Outcome::Unknown(vec!["a literal beside a reference".into()]),
            },
            _ => Outcome::Unknown(text_reasons(one, other)),
        };
    }
    if one.len() == other.len() && same_shape(one, other) {
        let mut outcome = Outcome::Same;
        for (a, b) in one.iter().zip(other) {
            let next = texts(std::slice::from_ref(a), std::slice::from_ref(b));
            outcome = outcome.and(next);
        }
        // Letters that differ around holes that may differ prove nothing.
        let holes = one.iter().chain(other).any(|part| !part_decided(part));
        return match outcome {
            Outcome::Differs(_) if holes => Outcome::Unknown(text_reasons(one, other)),
            outcome => outcome,
        };
    }
    if ends_differ(one, other) {
        return Outcome::differs();
    }
    let strays: Vec<InstanceId> = one.iter().flat_map(part_strays).collect();
    if !strays.is_empty() {
        return Outcome::Differs(Difference {
            strays,
            only_strays: true,
        });
    }
    Outcome::Unknown(text_reasons(one, other))
}

fn references(one: &Key, name: &Name, other: &Key, other_name: &Name) -> Outcome {
    if one == other {
        return if name == other_name {
            Outcome::Same
        } else {
            Outcome::Unknown(vec![
                format!("whether {name} and {other_name} are the same").into(),
            ])
        };
    }
    match one {
        Key::Stray(id) => Outcome::Differs(Difference {
            strays: vec![*id],
            only_strays: true,
        }),
        // Which instance of a resource is meant hangs on a key that a plan does not show.
        Key::Resource(_) => Outcome::Unknown(vec!["which instance is meant".into()]),
        _ if matches!(other, Key::Resource(_)) => {
            Outcome::Unknown(vec!["which instance is meant".into()])
        }
        _ => Outcome::differs(),
    }
}

fn same_shape(one: &[Part], other: &[Part]) -> bool {
    one.iter().zip(other).all(|(a, b)| {
        matches!(
            (a, b),
            (Part::Letters(_), Part::Letters(_))
                | (Part::Reference(..), Part::Reference(..))
                | (Part::Hole(_), Part::Hole(_))
        )
    })
}

/// Whether the known beginnings or ends contradict each other.
fn ends_differ(one: &[Part], other: &[Part]) -> bool {
    let starts = match (one.first(), other.first()) {
        (Some(Part::Letters(a)), Some(Part::Letters(b))) => {
            !(a.starts_with(b.as_str()) || b.starts_with(a.as_str()))
        }
        _ => false,
    };
    let stops = match (one.last(), other.last()) {
        (Some(Part::Letters(a)), Some(Part::Letters(b))) => {
            !(a.ends_with(b.as_str()) || b.ends_with(a.as_str()))
        }
        _ => false,
    };
    starts || stops
}

fn lists(one: &[Meaning], other: &[Meaning]) -> Outcome {
    if one.len() != other.len() {
        return sets(one, other).and(Outcome::differs_unless_strays(one));
    }
    one.iter()
        .zip(other)
        .map(|(a, b)| compare(a, b))
        .fold(Outcome::Same, Outcome::and)
}

impl Outcome {
    /// For lists of different length: they differ, at least by the strays of the longer one.
    fn differs_unless_strays(one: &[Meaning]) -> Outcome {
        let strays: Vec<InstanceId> = one.iter().flat_map(strays).collect();
        let only_strays = !strays.is_empty();
        Outcome::Differs(Difference {
            strays,
            only_strays,
        })
    }
}

fn sets(one: &[Meaning], other: &[Meaning]) -> Outcome {
    let mut left: Vec<&Meaning> = other.iter().collect();
    let mut missing: Vec<&Meaning> = Vec::new();
    for meaning in one {
        let same = left
            .iter()
            .position(|other| compare(meaning, other).is_same());
        match same {
            Some(at) => drop(left.swap_remove(at)),
            None => missing.push(meaning),
        }
    }
    if missing.is_empty() && left.is_empty() {
        return Outcome::Same;
    }
    // Elements that may be equal: nothing is proved while some may still match.
    let mut because = BTreeSet::new();
    for a in &missing {
        for b in &left {
            if let Outcome::Unknown(reasons) = compare(a, b) {
                because.extend(reasons);
            }
        }
    }
    let open = |meaning: &&Meaning| !decided(meaning);
    if !because.is_empty() && (missing.len() == left.len() || missing.iter().chain(&left).any(open))
    {
        return Outcome::Unknown(because.into_iter().collect());
    }
    let strays: Vec<InstanceId> = missing.iter().flat_map(|meaning| strays(meaning)).collect();
    let only_strays = left.is_empty()
        && !missing.is_empty()
        && missing
            .iter()
            .all(|meaning| !self::strays(meaning).is_empty());
    Outcome::Differs(Difference {
        strays,
        only_strays,
    })
}

fn maps(one: &BTreeMap<Name, Meaning>, other: &BTreeMap<Name, Meaning>) -> Outcome {
    let names: BTreeSet<&Name> = one.keys().chain(other.keys()).collect();
    names
        .into_iter()
        .map(|name| {
            let a = one.get(name).unwrap_or(&Meaning::Absent);
            let b = other.get(name).unwrap_or(&Meaning::Absent);
            compare(a, b)
        })
        .fold(Outcome::Same, Outcome::and)
}

/// Whether a meaning says all that there is: no unknown in it, and no expression over one.
fn decided(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Unknown(_) => false,
        Meaning::Text(parts) => parts.iter().all(part_decided),
        Meaning::List(parts) | Meaning::Set(parts) | Meaning::Expression(_, parts) => {
            parts.iter().all(decided)
        }
        Meaning::Map(parts) => parts.values().all(decided),
        _ => true,
    }
}

fn part_decided(part: &Part) -> bool {
    match part {
        Part::Hole(meaning) => decided(meaning),
        _ => true,
    }
}

fn strays(meaning: &Meaning) -> Vec<InstanceId> {
    match meaning {
        Meaning::Text(parts) => parts.iter().flat_map(part_strays).collect(),
        Meaning::List(parts) | Meaning::Set(parts) | Meaning::Expression(_, parts) => {
            parts.iter().flat_map(strays).collect()
        }
        Meaning::Map(parts) => parts.values().flat_map(strays).collect(),
        _ => Vec::new(),
    }
}

fn part_strays(part: &Part) -> Vec<InstanceId> {
    match part {
        Part::Reference(Key::Stray(id), _) => vec![*id],
        Part::Hole(meaning) => strays(meaning),
        _ => Vec::new(),
    }
}
