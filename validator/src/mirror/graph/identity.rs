//! Texts that name an instance everywhere: ids and ARNs, alone or inside of longer texts.

use rustc_hash::FxHashMap;

use super::super::InstanceId;
use super::super::read::{decided_by_aws, steps};
use crate::inventory::{Instance, Name, Node, Reference};
use crate::symbol::PathStep;

/// Attributes whose value names the instance everywhere.
const IDENTITIES: [&str; 13] = [
    "arn",
    "arn_suffix",
    "id",
    "key_id",
    "dns_name",
    "endpoint",
    "address",
    "repository_url",
    "invoke_arn",
    "bucket_regional_domain_name",
    "bucket_domain_name",
    "resource_id",
    "unique_id",
];

/// Known ids and ARNs, and whose they are.
#[derive(Debug, Default)]
pub(super) struct Identities {
    by_text: FxHashMap<Name, Vec<Owner>>,
}

#[derive(Debug)]
struct Owner {
    id: InstanceId,
    attribute: Name,
    region: Option<Name>,
    /// It may have the id from another instance, which goes first.
    borrowed: bool,
}

impl Identities {
    pub(super) fn add(&mut self, id: InstanceId, instance: &Instance) {
        for name in IDENTITIES {
            let Some(Node::String(text)) = instance.values.get(name) else {
                continue;
            };
            // Others are names, which several may have.
            let telling = match name {
                "arn" => text.starts_with("arn:"),
                "id" | "key_id" => is_id(text) || text.starts_with("arn:"),
                "resource_id" => text.starts_with("db-") || text.starts_with("cluster-"),
                "arn_suffix" => text.contains('/'),
                "unique_id" => text.len() > 12,
                _ => text.contains(".amazonaws.com"),
            };
            if telling {
                self.by_text.entry(text.clone()).or_default().push(Owner {
                    id,
                    attribute: name.into(),
                    region: instance.region.value.clone(),
                    borrowed: name == "id" && is_borrowed(instance, text),
                });
            }
        }
    }

    /// The instance that a text names, seen from a region: copies of a key have the same id in each.
    pub(super) fn find(&self, text: &str, region: Option<&str>) -> Option<(InstanceId, &Name)> {
        let owners = self.by_text.get(text)?;
        let rank = |owner: &&Owner| {
            (
                owner.borrowed,
                region.is_none() || owner.region.as_deref() != region,
            )
        };
        let best = owners.iter().min_by_key(rank)?;
        Some((best.id, &best.attribute))
    }

    /// All identities that stand in a text, as the whole of it or as words: where each begins and ends, and whose it is.
    pub(super) fn in_text<'t>(
        &'t self,
        text: &'t str,
        region: Option<&'t str>,
    ) -> impl Iterator<Item = (usize, usize, InstanceId, &'t Name)> + 't {
        let words = if self.by_text.is_empty() || text.len() < 8 {
            Vec::new()
        } else if self.by_text.contains_key(text) {
            vec![(0, text.len())]
        } else {
            tokens(text)
        };
        words.into_iter().filter_map(move |(start, end)| {
            let mut word = text.get(start..end)?;
            loop {
                if let Some((id, attribute)) = self.find(word, region) {
                    return Some((start, start + word.len(), id, attribute));
                }
                // ARNs go on with paths and wildcards.
                word = word.get(..word.rfind(['/', ':'])?)?;
            }
        })
    }
}

/// Whether an instance has its id from another one: settings of a bucket, a replication of a file system.
fn is_borrowed(instance: &Instance, id: &Name) -> bool {
    instance.values.iter().any(|(name, node)| {
        name.ends_with("_id")
            && !name.ends_with("owner_id")
            && matches!(node, Node::String(text) if text == id)
    })
}

/// Positions of words that may be identities: runs without blanks, quotes and separators of lists.
fn tokens(text: &str) -> Vec<(usize, usize)> {
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
fn is_id(text: &str) -> bool {
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
    steps(instance, &reference.path).is_some_and(|node| !has_symbol(node) && !left_to_aws(node))
}

/// Whether nothing is said: an arm of a condition that was not taken may have said something.
fn left_to_aws(node: &Node) -> bool {
    matches!(node, Node::Unknown(unknown) if !unknown.because.is_empty() && decided_by_aws(&unknown.because))
}

fn has_symbol(node: &Node) -> bool {
    match node {
        Node::Unknown(unknown) => unknown.symbol.is_some(),
        Node::List(nodes) | Node::Set(nodes) => nodes.iter().any(has_symbol),
        Node::Map(nodes) | Node::Object(nodes) => nodes.values().any(has_symbol),
        _ => false,
    }
}
