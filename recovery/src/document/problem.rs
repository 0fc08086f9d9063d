//! What is wrong with a document, or worth to know about it: where, and in three parts.

use std::fmt;

use super::json::{Json, Node};
use crate::message::Message;

/// So many problems are told; a document with more of them is not one of ours.
const MOST_TOLD: usize = 200;

/// Line and column of a text, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character within it.
    pub column: usize,
}

impl Place {
    /// The place of a byte.
    pub(crate) fn of(text: &str, at: usize) -> Place {
        let before = text.get(..at).unwrap_or(text);
        let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
        Place {
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a document is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, such as `steps[2].after[0]`; empty for the document as a whole.
    pub path: String,
    /// Where in the text, when it was read from one.
    pub place: Option<Place>,
    /// Seen, expected, next move.
    pub message: Message,
}

/// What somebody should know about a document although it is not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where, such as `tiers.critical.rto`; empty for the document as a whole.
    pub path: String,
    /// Where in the text, when it was read from one.
    pub place: Option<Place>,
    /// Seen, expected, next move.
    pub message: Message,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &self.path, self.place, &self.message)
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &self.path, self.place, &self.message)
    }
}

fn write(
    f: &mut fmt::Formatter<'_>,
    path: &str,
    place: Option<Place>,
    message: &Message,
) -> fmt::Result {
    f.write_str(if path.is_empty() {
        "the document"
    } else {
        path
    })?;
    if let Some(place) = place {
        write!(f, " ({place})")?;
    }
    write!(f, "\n{message}")
}

/// Names and positions that lead to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Key(String),
    Index(usize),
}

impl Path {
    /// The path of a member.
    pub(crate) fn key(&self, key: impl Into<String>) -> Path {
        self.with(Segment::Key(key.into()))
    }

    /// The path of an element.
    pub(crate) fn index(&self, index: usize) -> Path {
        self.with(Segment::Index(index))
    }

    fn with(&self, segment: Segment) -> Path {
        let mut path = self.clone();
        path.0.push(segment);
        path
    }

    /// The path that a text such as `instance.us-east-1[0]` leads on to.
    pub(crate) fn join(&self, text: &str) -> Path {
        let mut path = self.clone();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            let (name, rest) = part.split_once('[').unwrap_or((part, ""));
            if !name.is_empty() {
                path = path.key(name);
            }
            for index in rest.split('[').filter_map(|text| text.strip_suffix(']')) {
                path = match index.parse() {
                    Ok(index) => path.index(index),
                    Err(_) => path.key(index),
                };
            }
        }
        path
    }

    /// Where the value begins, or the last one on the way that is there.
    fn at(&self, root: &Node) -> usize {
        let mut node = root;
        for segment in &self.0 {
            let next = match (segment, &node.value) {
                (Segment::Key(key), _) => node.get(key),
                (Segment::Index(index), Json::List(list)) => list.get(*index),
                (Segment::Index(_), _) => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node.at
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => {
                    if position > 0 {
                        f.write_str(".")?;
                    }
                    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
                    if !key.is_empty() && key.chars().all(plain) {
                        f.write_str(key)?;
                    } else {
                        write!(f, "{:?}", super::json::clip(key))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// What reading has found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    problems: Vec<Found>,
    warnings: Vec<Found>,
    untold: usize,
}

#[derive(Debug)]
struct Found {
    path: Path,
    at: Option<usize>,
    message: Message,
}

impl Findings {
    /// A problem.
    pub(crate) fn refuse(
        &mut self,
        path: &Path,
        seen: impl Into<String>,
        expected: impl Into<String>,
        next: impl Into<String>,
    ) {
        self.add(path, None, Message::new(seen, expected, next));
    }

    /// A problem with a message that is there already.
    pub(crate) fn add(&mut self, path: &Path, at: Option<usize>, message: Message) {
        if self.full() {
            self.untold += 1;
            return;
        }
        let path = path.clone();
        self.problems.push(Found { path, at, message });
    }

    /// Something to know.
    pub(crate) fn warn(
        &mut self,
        path: &Path,
        seen: impl Into<String>,
        expected: impl Into<String>,
        next: impl Into<String>,
    ) {
        let (path, message) = (path.clone(), Message::new(seen, expected, next));
        let at = None;
        self.warnings.push(Found { path, at, message });
    }

    /// Whether no further problem will be told, so that looking for good advice is in vain.
    pub(crate) fn full(&self) -> bool {
        self.problems.len() == MOST_TOLD
    }

    /// Whether a problem was found.
    pub(crate) fn refused(&self) -> bool {
        !self.problems.is_empty()
    }

    /// What was found, each with its place in the text, in the order of the text.
    pub(crate) fn told(self, text: &str, root: &Node) -> (Vec<Problem>, Vec<Warning>) {
        let sorted = |found: Vec<Found>| {
            let mut found: Vec<_> = found
                .into_iter()
                .map(|found| (found.at.unwrap_or_else(|| found.path.at(root)), found))
                .collect();
            found.sort_by_key(|(at, _)| *at);
            found
        };
        let problems = sorted(self.problems)
            .into_iter()
            .map(|(at, found)| Problem {
                path: found.path.to_string(),
                place: Some(Place::of(text, at)),
                message: found.message,
            });
        let warnings = sorted(self.warnings)
            .into_iter()
            .map(|(at, found)| Warning {
                path: found.path.to_string(),
                place: Some(Place::of(text, at)),
                message: found.message,
            });
        let mut problems: Vec<_> = problems.collect();
        if self.untold > 0 {
            problems.push(Problem {
                path: String::new(),
                place: None,
                message: Message::new(
                    format!("{} more problems", self.untold),
                    "a failover plan",
                    "settle the ones above, then read it again",
                ),
            });
        }
        (problems, warnings.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_as_people_write_them() {
        let path = Path::default().key("steps").index(2).key("after").index(0);
        assert_eq!(path.to_string(), "steps[2].after[0]");
        assert_eq!(
            Path::default().key("tiers").key("a b").to_string(),
            "tiers.\"a b\""
        );
        let joined = Path::default()
            .key("x")
            .join("map.us-east-1.list[3][1].last");
        assert_eq!(joined.to_string(), "x.map.us-east-1.list[3][1].last");
    }

    #[test]
    fn columns_count_characters() {
        let text = "{\n\"é\": x";
        assert_eq!(
            Place::of(text, text.find('x').unwrap()),
            Place { line: 2, column: 6 }
        );
        assert_eq!(Place::of("", 0), Place { line: 1, column: 1 });
    }
}
