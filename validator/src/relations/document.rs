//! Rows about what stands inside of a JSON document: a list of objects with names, as the containers of a task.

use std::collections::BTreeMap;

use super::report::{self, Place};
use super::{Must, Row};
use crate::inventory::{Name, Node};
use crate::mirror::{Difference, End, Meaning, Mirror, Outcome, Pair, Part};
use crate::symbol::PathStep;
use crate::verdict::Sink;

/// Asks one row of each object that both sides have.
pub(super) fn ask(mirror: &Mirror<'_>, pair: &Pair, row: &Row, sink: &mut Sink) {
    let (Some(inside), Some(secondary)) = (row.inside, pair.instance()) else {
        return;
    };
    let Some(first) = row.names.first() else {
        return;
    };
    if row.must == Must::Special {
        return;
    }
    let (one, other) = (mirror.instance(pair.primary), mirror.instance(secondary));
    let nodes: (Option<&Node>, Option<&Node>) = (one.values.get(first), other.values.get(first));
    let p = objects(mirror.meaning(nodes.0, End::Primary, one.root.as_ref()));
    let s = objects(mirror.meaning(nodes.1, mirror.end(pair.id), other.root.as_ref()));
    // What is not a list of objects with names is asked as a whole, by a rule.
    let (Some(p), Some(s)) = (p, s) else {
        return;
    };
    let path = vec![PathStep::Name(first.clone())];
    for (name, one) in &p {
        let Some(other) = s.get(name).or(single(&p, &s)) else {
            continue;
        };
        let (one, other) = (inner(one, inside), inner(other, inside));
        if one == Meaning::Absent && other == Meaning::Absent {
            continue;
        }
        let verdict = judge(mirror, row, &one, &other);
        let place = Place {
            mirror,
            pair,
            holder: secondary,
            at: &path,
            at_s: &path,
            values: nodes,
            element: Some(name.clone()),
        };
        report::say(&place, row, row.must, None, verdict, sink);
    }
}

/// With one object on each side names do not matter.
fn single<'m>(p: &BTreeMap<Name, Meaning>, s: &'m BTreeMap<Name, Meaning>) -> Option<&'m Meaning> {
    (p.len() == 1 && s.len() == 1)
        .then(|| s.values().next())
        .flatten()
}

/// The objects of a document by name.
fn objects(meaning: Meaning) -> Option<BTreeMap<Name, Meaning>> {
    let parts = match meaning {
        Meaning::Expression(function, mut arguments)
            if &*function == "jsonencode" && arguments.len() == 1 =>
        {
            return objects(arguments.remove(0));
        }
        Meaning::List(parts) | Meaning::Set(parts) => parts,
        single @ Meaning::Map(_) => vec![single],
        _ => return None,
    };
    let mut named = BTreeMap::new();
    for part in parts {
        let Meaning::Map(entries) = &part else {
            return None;
        };
        let name: Name = match entries.get("name") {
            Some(Meaning::Text(parts)) => match parts.as_slice() {
                [Part::Letters(text)] => text.as_str().into(),
                _ => return None,
            },
            _ => return None,
        };
        named.insert(name, part);
    }
    Some(named)
}

/// The part at a path of an object; of lists that of each element.
fn inner(meaning: &Meaning, path: &str) -> Meaning {
    let mut at = meaning.clone();
    for name in path.split('.') {
        at = match at {
            Meaning::Map(mut entries) => entries.remove(name).unwrap_or(Meaning::Absent),
            Meaning::List(parts) | Meaning::Set(parts) => {
                let parts = parts.iter().map(|part| inner(part, name));
                let mut parts: Vec<Meaning> = parts.collect();
                parts.sort();
                Meaning::Set(parts)
            }
            Meaning::Unknown(because) => return Meaning::Unknown(because),
            _ => Meaning::Absent,
        };
    }
    at
}

fn judge(mirror: &Mirror<'_>, row: &Row, one: &Meaning, other: &Meaning) -> Outcome {
    if row.must != Must::AtLeast {
        return mirror.compare_meanings(one, other);
    }
    let number = |meaning: &Meaning| match meaning {
        Meaning::Plain(text) => text.parse::<f64>().ok(),
        Meaning::Absent => Some(0.0),
        _ => None,
    };
    match (number(one), number(other)) {
        (Some(one), Some(other)) if other >= one => Outcome::Same,
        (Some(_), Some(_)) => Outcome::Differs(Difference::default()),
        _ => match mirror.compare_meanings(one, other) {
            Outcome::Differs(_) => Outcome::Unknown(vec!["which of the two is larger".into()]),
            outcome => outcome,
        },
    }
}
