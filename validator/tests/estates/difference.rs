//! What two instances say differently: value by value, with what is unknown or hidden in its place.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

const UNKNOWN: &str = "$unknown";
const DIGEST: &str = "$digest";

/// How a value differs between a first and a second source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Both know it, and not as the same.
    Differs,
    /// Only the first knows it; the second knows that it does not.
    Forgotten,
    /// It is set in the first only.
    Gone,
    /// Only the second knows it; the first knows that it does not.
    Settled,
    /// It is set in the second only.
    Added,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Differs => "differs",
            Kind::Forgotten => "forgotten",
            Kind::Gone => "gone",
            Kind::Settled => "settled",
            Kind::Added => "added",
        }
    }
}

/// One difference; positions in its path are stars.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    pub(crate) kind: Kind,
    pub(crate) path: String,
    pub(crate) seen: String,
}

/// Everything that two instances say differently.
pub(crate) fn between(first: &Json, second: &Json) -> Vec<Difference> {
    let mut found = Found(Vec::new());
    found.compare(&whole(first), &whole(second), &mut Vec::new());
    found.0
}

/// The values with markers where something is unknown or hidden.
pub(crate) fn whole(instance: &Json) -> Json {
    let mut values = instance["values"].clone();
    for note in instance["unknown"].as_array().expect("a list") {
        put(
            &mut values,
            &note["path"],
            json!({ UNKNOWN: note["because"] }),
        );
    }
    for note in instance["sensitive"].as_array().expect("a list") {
        let marker = if note["digest"].is_null() {
            json!({ UNKNOWN: note["because"] })
        } else {
            json!({ DIGEST: note["digest"] })
        };
        put(&mut values, &note["path"], marker);
    }
    values
}

fn put(values: &mut Json, path: &Json, marker: Json) {
    let mut at = values;
    for step in path.as_array().expect("a path") {
        if at.is_null() {
            *at = Json::Object(Map::new());
        }
        at = match step.as_u64() {
            Some(position) => &mut at[usize::try_from(position).expect("a small position")],
            None => &mut at[step.as_str().expect("a name")],
        };
    }
    *at = marker;
}

fn is_unknown(value: &Json) -> bool {
    value.get(UNKNOWN).is_some()
}

/// Whether there is anything to know in it.
fn says_something(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Array(all) => all.iter().any(says_something),
        Json::Object(_) if is_unknown(value) => false,
        Json::Object(all) => all.values().any(says_something),
        _ => true,
    }
}

struct Found(Vec<Difference>);

impl Found {
    fn note(&mut self, kind: Kind, path: &[String], seen: String) {
        self.0.push(Difference {
            kind,
            path: path.join("."),
            seen,
        });
    }

    fn compare(&mut self, first: &Json, second: &Json, path: &mut Vec<String>) {
        match (first, second) {
            // Known emptiness and the unknown agree: neither says anything.
            (first, second)
                if is_unknown(second) && (is_unknown(first) || !says_something(first)) => {}
            (first, second) if is_unknown(first) => {
                self.note(Kind::Settled, path, format!("{first} became {second}"));
            }
            (first, second) if is_unknown(second) => {
                self.note(Kind::Forgotten, path, format!("{first} became {second}"));
            }
            (Json::Object(one), Json::Object(other)) => {
                let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
                for name in names {
                    self.step(
                        name,
                        one.get(name).unwrap_or(&Json::Null),
                        other.get(name).unwrap_or(&Json::Null),
                        path,
                    );
                }
            }
            (Json::Array(one), Json::Array(other)) => {
                let mut rest: Vec<&Json> = other.iter().collect();
                for (position, element) in one.iter().enumerate() {
                    let twin = nearest(element, position, &mut rest, one.len() == other.len());
                    self.step("*", element, twin, path);
                }
                for element in rest {
                    self.step("*", &Json::Null, element, path);
                }
            }
            (Json::Null, second) => self.leaves(Kind::Added, second, path),
            (first, Json::Null) => self.leaves(Kind::Gone, first, path),
            (first, second) if first != second => {
                self.note(Kind::Differs, path, format!("{first} became {second}"));
            }
            _ => {}
        }
    }

    fn step(&mut self, name: &str, first: &Json, second: &Json, path: &mut Vec<String>) {
        path.push(name.to_owned());
        self.compare(first, second, path);
        path.pop();
    }

    /// Everything known in a value that stands on one side only.
    fn leaves(&mut self, kind: Kind, value: &Json, path: &mut Vec<String>) {
        match value {
            Json::Object(_) if is_unknown(value) => {}
            Json::Object(all) if !all.is_empty() => {
                for (name, value) in all {
                    path.push(name.clone());
                    self.leaves(kind, value, path);
                    path.pop();
                }
            }
            Json::Array(all) if !all.is_empty() => {
                for value in all {
                    path.push("*".into());
                    self.leaves(kind, value, path);
                    path.pop();
                }
            }
            Json::Null => {}
            value => self.note(kind, path, value.to_string()),
        }
    }
}

/// Takes the counterpart of an element: blocks without order stand where their values put them, so of objects it is the one
/// that says most of the same.
fn nearest<'a>(
    element: &Json,
    position: usize,
    rest: &mut Vec<&'a Json>,
    same_length: bool,
) -> &'a Json {
    static NOTHING: Json = Json::Null;
    if rest.is_empty() {
        return &NOTHING;
    }
    let in_place = |rest: &Vec<&Json>| rest.iter().position(|other| *other == element);
    let best = if element.is_object() {
        let score = |other: &Json| agreement(element, other);
        let mut best = 0;
        for (at, other) in rest.iter().enumerate() {
            if score(other) > score(rest[best]) {
                best = at;
            }
        }
        best
    } else if same_length && position == 0 {
        0
    } else {
        match in_place(rest) {
            Some(at) => at,
            None if same_length => 0,
            None => return &NOTHING,
        }
    };
    rest.remove(best)
}

fn agreement(first: &Json, second: &Json) -> usize {
    match (first, second) {
        (Json::Object(one), Json::Object(other)) => one
            .iter()
            .filter_map(|(name, value)| Some(agreement(value, other.get(name)?)))
            .sum(),
        (Json::Array(one), Json::Array(other)) => one
            .iter()
            .zip(other)
            .map(|(one, other)| agreement(one, other))
            .sum(),
        (first, second) => usize::from(first == second),
    }
}

#[test]
fn each_kind_of_difference_is_seen() {
    let instance = |values: Json, unknown: Json| json!({ "values": values, "unknown": unknown, "sensitive": [] });
    let first = instance(
        json!({ "a": 1, "b": [{ "x": 1, "y": 2 }, { "x": 3, "y": 4 }], "gone": "g", "known": "k" }),
        json!([{ "path": ["late"], "because": ["aws"] }]),
    );
    let second = instance(
        json!({ "a": 2, "b": [{ "x": 3, "y": 5 }, { "x": 1, "y": 2 }], "late": "l", "new": ["n"] }),
        json!([{ "path": ["known"], "because": ["aws"] }]),
    );
    let found: Vec<(Kind, String)> = between(&first, &second)
        .into_iter()
        .map(|difference| (difference.kind, difference.path))
        .collect();
    let expected = [
        (Kind::Differs, "a"),
        (Kind::Differs, "b.*.y"),
        (Kind::Gone, "gone"),
        (Kind::Forgotten, "known"),
        (Kind::Settled, "late"),
        (Kind::Added, "new.*"),
    ];
    let expected: Vec<(Kind, String)> = expected.map(|(kind, path)| (kind, path.into())).into();
    assert_eq!(found, expected);
    assert!(between(&first, &first).is_empty());
}
