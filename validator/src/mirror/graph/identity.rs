//! Texts that name an instance everywhere: ids and ARNs, alone or inside of longer texts.

use super::super::read::steps;
use crate::inventory::{Instance, Name, Node, Reference};
use crate::symbol::PathStep;

/// Whether an instance has its id from another one: settings of a bucket, a replication of a file system.
pub(super) fn is_borrowed(instance: &Instance, id: &Name) -> bool {
    instance.values.iter().any(|(name, node)| {
        name.ends_with("_id")
            && !name.ends_with("owner_id")
            && matches!(node, Node::String(text) if text == id)
    })
}

/// Positions of words that may be identities: runs without blanks, quotes and separators of lists.
pub(super) fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let word = c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '*');
        match (start, word) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        found.push((from, text.len()));
    }
    found.retain(|(from, to)| to - from > 8);
    found
}

/// Whether a text looks like an id that AWS gave: `subnet-0123456789abcdef0`, a UUID, `mrk-…`.
pub(super) fn is_id(text: &str) -> bool {
    let long_hex = |part: &str| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let mut parts = text.rsplit('-');
    parts.next().is_some_and(long_hex) && text.contains('-')
        || text.len() >= 13
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Whether a traced reference says what the value is. The trace of an expression names all that was looked at; a symbol says
/// what was taken of it, and nothing was taken where nothing is set.
pub(super) fn counts(instance: &Instance, reference: &Reference) -> bool {
    if matches!(reference.path.first(), Some(PathStep::Name(name)) if matches!(&**name, "for_each" | "count"))
    {
        return true;
    }
    steps(instance, &reference.path).is_some_and(|node| !has_symbol(node))
}

fn has_symbol(node: &Node) -> bool {
    match node {
        Node::Unknown(unknown) => unknown.symbol.is_some(),
        Node::List(nodes) | Node::Set(nodes) => nodes.iter().any(has_symbol),
        Node::Map(nodes) | Node::Object(nodes) => nodes.values().any(has_symbol),
        _ => false,
    }
}
