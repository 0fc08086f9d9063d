//! Reading members and plain values: each reader answers `None` after it has told what is wrong.

use std::time::Duration;

use aws::Region;

use super::json::{Json, Member, Node};
use super::problem::{Findings, Path};
use crate::duration;
use crate::nearest::did_you_mean;

/// The largest whole number that every reader of JSON keeps exact (RFC 8785 appendix D, RFC 7493 section 2.2).
pub(super) const LARGEST_EXACT: i64 = 9_007_199_254_740_991;

/// An object that is read member by member.
pub(super) struct Fields<'n> {
    members: &'n [Member],
    path: Path,
}

impl<'n> Fields<'n> {
    /// The members of an object.
    pub(super) fn open(node: &'n Node, path: &Path, findings: &mut Findings) -> Option<Self> {
        let Some(members) = node.members() else {
            findings.refuse(path, node.value.to_string(), "an object", "write { … }");
            return None;
        };
        Some(Fields {
            members,
            path: path.clone(),
        })
    }

    /// A member that may be missing.
    pub(super) fn get(&self, name: &str) -> Option<(&'n Node, Path)> {
        let member = self.members.iter().find(|member| member.key == name)?;
        Some((&member.node, self.path.key(name)))
    }

    /// A member that has to be there; `what` says what it holds.
    pub(super) fn need(
        &self,
        name: &str,
        what: &str,
        findings: &mut Findings,
    ) -> Option<(&'n Node, Path)> {
        let found = self.get(name);
        if found.is_none() {
            findings.refuse(
                &self.path,
                format!("no {name:?}"),
                format!("{name:?}: {what}"),
                format!("add {name:?}"),
            );
        }
        found
    }

    /// Tells about every member that is none of these.
    pub(super) fn only(&self, known: &[&str], findings: &mut Findings) {
        for member in self.unknown(known) {
            unknown_field(&self.path, member, known, findings);
        }
    }

    /// The members that are none of these.
    pub(super) fn unknown(&self, known: &[&str]) -> impl Iterator<Item = &'n Member> {
        let known: Vec<String> = known.iter().map(|&name| name.to_owned()).collect();
        let members = self.members.iter();
        members.filter(move |member| !known.contains(&member.key))
    }

    /// All of them.
    pub(super) fn members(&self) -> &'n [Member] {
        self.members
    }

    /// Where the object is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Tells about a member that nothing reads.
pub(super) fn unknown_field(path: &Path, member: &Member, known: &[&str], findings: &mut Findings) {
    let next = did_you_mean(&member.key, known.iter().copied(), "take it out");
    findings.refuse(
        &path.key(&member.key),
        format!("an unknown field {:?}", super::json::clip(&member.key)),
        one_of(known),
        next,
    );
}

/// `one of "a", "b"`.
pub(super) fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [word] => word.clone(),
        _ => format!("one of {}", words.join(", ")),
    }
}

/// A string that is not empty.
pub(super) fn text(node: &Node, path: &Path, findings: &mut Findings) -> Option<String> {
    match &node.value {
        Json::Text(text) if !text.is_empty() => Some(text.clone()),
        other => {
            findings.refuse(
                path,
                other.to_string(),
                "a string that is not empty",
                if *other == Json::Null {
                    "write a value, or leave the field out"
                } else {
                    "write a string in double quotes"
                },
            );
            None
        }
    }
}

/// A name: 1 to 64 of `[a-z0-9-]`. One of another shape is told and still answered, so that what refers to it is not
/// told to be missing too.
pub(super) fn name(node: &Node, path: &Path, findings: &mut Findings) -> Option<String> {
    let name = text(node, path, findings)?;
    check_name(&name, path, findings);
    Some(name)
}

/// Tells when a name has another shape.
pub(super) fn check_name(name: &str, path: &Path, findings: &mut Findings) {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
        findings.refuse(
            path,
            format!("the name {:?}", super::json::clip(name)),
            "1 to 64 of a-z, 0-9 and -",
            "choose another name",
        );
    }
}

/// `true` or `false`.
pub(super) fn flag(node: &Node, path: &Path, findings: &mut Findings) -> Option<bool> {
    match &node.value {
        Json::Flag(flag) => Some(*flag),
        other => {
            let seen = other.to_string();
            findings.refuse(
                path,
                seen,
                "true or false",
                "write true or false, without quotes",
            );
            None
        }
    }
}

/// A whole number within bounds.
pub(super) fn whole(
    node: &Node,
    path: &Path,
    (min, max): (i64, i64),
    findings: &mut Findings,
) -> Option<i64> {
    let (min, max) = (min.max(-LARGEST_EXACT), max.min(LARGEST_EXACT));
    let number = match &node.value {
        Json::Number(number) => number.parse::<i64>().ok(),
        _ => None,
    };
    let fits = number.filter(|number| (min..=max).contains(number));
    if fits.is_none() {
        findings.refuse(
            path,
            node.value.to_string(),
            format!("a whole number from {min} to {max}"),
            "write such a number, with neither quotes, fraction nor exponent",
        );
    }
    fits
}

/// A duration; `least` is the shortest that makes sense.
pub(super) fn time(
    node: &Node,
    path: &Path,
    least: Duration,
    findings: &mut Findings,
) -> Option<Duration> {
    let read = match &node.value {
        Json::Text(text) => duration::parse(text).ok(),
        _ => None,
    };
    let fits = read.filter(|read| *read >= least);
    if fits.is_none() {
        let expected = match least {
            Duration::ZERO => "a duration of at most 366d".to_owned(),
            _ => format!("a duration from {} to 366d", duration::text(least)),
        };
        findings.refuse(
            path,
            node.value.to_string(),
            expected,
            "write days, hours, minutes and seconds in this order, such as \"90s\", \"5m\", \"1h30m\" or \"2d\"",
        );
    }
    fits
}

/// One of these words.
pub(super) fn choice(
    node: &Node,
    path: &Path,
    words: &[&str],
    findings: &mut Findings,
) -> Option<String> {
    let word = match &node.value {
        Json::Text(word) => word.as_str(),
        _ => "",
    };
    if words.contains(&word) {
        return Some(word.to_owned());
    }
    let next = did_you_mean(word, words.iter().copied(), "write one of these words");
    findings.refuse(path, node.value.to_string(), one_of(words), next);
    None
}

/// The elements of a list, with their paths.
pub(super) fn list<'n>(
    node: &'n Node,
    path: &Path,
    findings: &mut Findings,
) -> Option<Vec<(&'n Node, Path)>> {
    match &node.value {
        Json::List(list) => {
            let elements = list.iter().enumerate();
            Some(
                elements
                    .map(|(index, node)| (node, path.index(index)))
                    .collect(),
            )
        }
        other => {
            findings.refuse(path, other.to_string(), "a list", "write [ … ]");
            None
        }
    }
}

/// A list of strings, none empty.
pub(super) fn texts(node: &Node, path: &Path, findings: &mut Findings) -> Option<Vec<String>> {
    let elements = list(node, path, findings)?;
    let read: Vec<Option<String>> = elements
        .iter()
        .map(|(node, path)| text(node, path, findings))
        .collect();
    read.into_iter().collect()
}

/// A region by a text that stands at a path.
pub(super) fn region(text: &str, path: &Path, findings: &mut Findings) -> Option<Region> {
    let region = Region::new(text).ok();
    if region.is_none() {
        findings.refuse(
            path,
            format!("{:?}", super::json::clip(text)),
            "the name of a region, such as us-east-1 or ap-southeast-2",
            "write the region's code, not a zone and not its long name",
        );
    }
    region
}
