//! Elements of lists and sets, also of a set that is unknown as a whole because one of its elements is.

use crate::inventory::{Name, Node, Sealer};
use crate::mirror::{End, InstanceId, Key, Meaning, Mirror, Pair, PairId, Part};
use crate::symbol::Symbol;

/// The elements.
///
/// # Errors
/// Why they are not known.
pub(crate) fn of(node: Option<&Node>) -> Result<Vec<Node>, Vec<Name>> {
    match node {
        None | Some(Node::Null) => Ok(Vec::new()),
        Some(Node::List(nodes) | Node::Set(nodes)) => Ok(nodes.to_vec()),
        Some(Node::Unknown(unknown)) => {
            if unknown.because.iter().all(|reason| &**reason == "aws") {
                return Ok(Vec::new());
            }
            let Some(Symbol::Call {
                function,
                arguments,
            }) = unknown.symbol.as_deref()
            else {
                return Err(unknown.because.clone());
            };
            let elements = match arguments.as_slice() {
                [only] if matches!(&**function, "toset" | "tolist" | "distinct" | "compact") => {
                    only.elements()
                }
                _ => None,
            };
            let Some(elements) = elements else {
                return Err(unknown.because.clone());
            };
            // What is secret is no element that anybody compares here.
            let sealer = Sealer::with_key(Vec::new());
            Ok(elements
                .iter()
                .map(|value| Node::from_value(value, &sealer).unwrap_or(Node::Null))
                .collect())
        }
        Some(Node::Sensitive(_)) => Err(vec!["a sensitive value".into()]),
        Some(_) => Err(vec!["a value of another type".into()]),
    }
}

/// The instances that the elements of a value are ids of; `None` where it is not known of each.
pub(crate) fn instances(
    mirror: &Mirror<'_>,
    id: InstanceId,
    path: &str,
    end: End,
) -> Option<Vec<InstanceId>> {
    let root = mirror.instance(id).root.as_ref();
    let nodes = of(mirror.value(id, path)).ok()?;
    let one = |node: &Node| {
        let Meaning::Text(parts) = mirror.meaning(Some(node), end, root) else {
            return None;
        };
        let [Part::Reference(key, _)] = parts.as_slice() else {
            return None;
        };
        at_end(mirror, key, end)
    };
    nodes.iter().map(one).collect()
}

/// The instance that a key means at an end.
pub(crate) fn at_end(mirror: &Mirror<'_>, key: &Key, end: End) -> Option<InstanceId> {
    match (key, end) {
        (Key::Own(pair), End::Primary) | (Key::Other(pair), End::Secondary(_)) => {
            Some(mirror.pairing.pairs[pair.index()].primary)
        }
        (Key::Own(pair), End::Secondary(at)) => mirror.pairing.twin(*pair, at),
        (Key::Other(pair), End::Primary) => mirror.pairing.pairs[pair.index()].instance(),
        (Key::Alone(id) | Key::Stray(id) | Key::Foreign(id), _) => Some(*id),
        (Key::Resource(_), _) => None,
    }
}

/// The entry of an object.
pub(crate) fn entry<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match node {
        Node::Object(nodes) | Node::Map(nodes) => nodes.get(name),
        Node::Unknown(_) => Some(node),
        _ => None,
    }
}

/// Whether two instances hold the same, part by part, whatever the parts are: the inline value and each instance of its
/// own that belongs to them, `separate` by type and the argument that names the owner.
pub(crate) fn proved_same(
    mirror: &Mirror<'_>,
    pair: &Pair,
    secondary: InstanceId,
    inline: &str,
    separate: &[(&str, &str)],
) -> bool {
    let inline = mirror.compare(
        pair.id,
        mirror.value(pair.primary, inline),
        mirror.value(secondary, inline),
    );
    inline.is_same()
        && separate.iter().all(|(ty, owner)| {
            // What may belong to either counts for both.
            let owned = |id| {
                let mut all = mirror.graph.owned(id, mirror.inventory, ty, owner);
                all.extend(mirror.loose(ty, owner, mirror.standing(id)));
                all
            };
            let (one, other) = (owned(pair.primary), owned(secondary));
            one.len() == other.len()
                && one.iter().all(|id| {
                    let found = mirror.pairing.pair_of(*id, Some(pair.secondary));
                    found.is_some_and(|found| {
                        let twin = mirror.pairing.pairs[found.index()].instance();
                        twin.is_some_and(|twin| {
                            let known = !mirror.targets(*id, owner).is_empty();
                            let owner = Some(*owner).filter(|_| known);
                            other.contains(&twin) && same_values(mirror, found, *id, twin, owner)
                        })
                    })
                })
        })
}

fn same_values(
    mirror: &Mirror<'_>,
    pair: PairId,
    one: InstanceId,
    other: InstanceId,
    owner: Option<&str>,
) -> bool {
    let (left, right) = (&mirror.instance(one).values, &mirror.instance(other).values);
    let names: std::collections::BTreeSet<&Name> = left.keys().chain(right.keys()).collect();
    names
        .into_iter()
        .filter(|name| {
            !name.starts_with("tags")
                && !matches!(&***name, "id" | "arn")
                && Some(&***name) != owner
        })
        .all(|name| {
            mirror
                .compare(pair, left.get(name), right.get(name))
                .is_same()
        })
}
