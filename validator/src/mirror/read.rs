//! Reading values of instances with three answers: known, not set, not known.

use crate::inventory::{Instance, Name, Node};
use crate::symbol::PathStep;
use crate::verdict::Spot;

/// A value that may not be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maybe<T> {
    /// Known.
    Known(T),
    /// Nothing is set: the default of AWS or of the provider holds.
    Unset,
    /// Not known, and why; `aws` for what AWS decides.
    Unknown(Vec<Name>),
}

impl<T> Maybe<T> {
    /// The known value.
    pub fn known(self) -> Option<T> {
        match self {
            Maybe::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The value, with the default where nothing is set; or why it is not known. What AWS decides counts as not set: that
    /// is what an unset argument with a computed value looks like.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn or(self, default: T) -> Result<T, Vec<Name>> {
        match self {
            Maybe::Known(value) => Ok(value),
            Maybe::Unset => Ok(default),
            Maybe::Unknown(because) if decided_by_aws(&because) => Ok(default),
            Maybe::Unknown(because) => Err(because),
        }
    }

    /// Another value from a known one.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Maybe<U> {
        match self {
            Maybe::Known(value) => Maybe::Known(make(value)),
            Maybe::Unset => Maybe::Unset,
            Maybe::Unknown(because) => Maybe::Unknown(because),
        }
    }
}

/// Whether only AWS decides it.
pub(crate) fn decided_by_aws(because: &[Name]) -> bool {
    because.iter().all(|reason| &**reason == "aws")
}

/// The node at a path, as `a.b[0].c`. `None` where nothing is set; the unknown or sensitive node that covers the path where
/// there is one.
pub fn at<'a>(instance: &'a Instance, path: &str) -> Option<&'a Node> {
    steps(instance, &Spot::of(crate::mirror::InstanceId(0), path).path)
}

/// The node at a path.
pub(crate) fn steps<'a>(instance: &'a Instance, path: &[PathStep]) -> Option<&'a Node> {
    let Some((PathStep::Name(first), rest)) = path.split_first() else {
        return None;
    };
    inside(instance.values.get(&**first)?, rest)
}

/// The node at a path inside of another.
pub(crate) fn inside<'a>(node: &'a Node, path: &[PathStep]) -> Option<&'a Node> {
    let Some((step, rest)) = path.split_first() else {
        return Some(node);
    };
    let next = match (node, step) {
        (Node::Unknown(_) | Node::Sensitive(_), _) => return Some(node),
        (Node::Object(nodes) | Node::Map(nodes), PathStep::Name(name)) => nodes.get(&**name)?,
        (Node::List(nodes) | Node::Set(nodes), PathStep::Index(index)) => {
            nodes.get(usize::try_from(*index).ok()?)?
        }
        _ => return None,
    };
    inside(next, rest)
}

/// A known text. Numbers and bools count as their text.
pub fn text(node: Option<&Node>) -> Maybe<String> {
    scalar(node, |node| match node {
        Node::String(text) => Some(text.to_string()),
        Node::Number(number) => Some(number.to_string()),
        Node::Bool(truth) => Some(truth.to_string()),
        _ => None,
    })
}

/// A known number; text that is one counts.
pub fn number(node: Option<&Node>) -> Maybe<f64> {
    scalar(node, |node| match node {
        Node::Number(number) => number.to_string().parse().ok(),
        Node::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// A number as a whole one that is not negative.
pub(crate) fn whole(number: f64) -> Option<u32> {
    format!("{number:.0}").parse().ok()
}

/// A known truth; the texts `true` and `false`, 1 and 0 count.
pub fn truth(node: Option<&Node>) -> Maybe<bool> {
    scalar(node, |node| match node {
        Node::Bool(truth) => Some(*truth),
        Node::String(text) => match &**text {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    })
}

fn scalar<T>(node: Option<&Node>, read: impl FnOnce(&Node) -> Option<T>) -> Maybe<T> {
    match node {
        None | Some(Node::Null) => Maybe::Unset,
        Some(Node::Unknown(unknown)) => Maybe::Unknown(unknown.because.clone()),
        Some(Node::Sensitive(sealed)) => Maybe::Unknown(if sealed.because.is_empty() {
            vec!["a sensitive value".into()]
        } else {
            sealed.because.clone()
        }),
        // An empty text says as much as none.
        Some(Node::String(text)) if text.is_empty() => Maybe::Unset,
        Some(node) => match read(node) {
            Some(value) => Maybe::Known(value),
            None => Maybe::Unknown(vec!["a value of another type".into()]),
        },
    }
}

/// The elements of a list, set, or of blocks. No element where nothing is set.
pub fn list(node: Option<&Node>) -> Maybe<&[Node]> {
    match node {
        None | Some(Node::Null) => Maybe::Unset,
        Some(Node::List(nodes) | Node::Set(nodes)) => Maybe::Known(nodes),
        Some(Node::Unknown(unknown)) => Maybe::Unknown(unknown.because.clone()),
        Some(Node::Sensitive(sealed)) => Maybe::Unknown(sealed.because.clone()),
        Some(_) => Maybe::Unknown(vec!["a value of another type".into()]),
    }
}
