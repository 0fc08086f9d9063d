//! Instances without the region they stand in, as seen from an end.

use super::super::{InstanceId, Mirror, PairId, Standing, is_of_region, is_thing};
use super::{End, Key, Root};
use crate::symbol::PathStep;

impl Mirror<'_> {
    pub(super) fn key_of(&self, address: &str, end: End, root: Root<'_>) -> Option<Key> {
        if let Some(id) = self.graph.find(root, address) {
            return Some(self.key(id, end));
        }
        let bare = address.strip_suffix("[*]").unwrap_or(address);
        match self.graph.resource(root, bare) {
            [] => None,
            // Which one it is hangs on the key of the instance that asks: the same for both sides of a pair.
            [first, ..] => Some(match self.key(*first, end) {
                Key::Own(_) | Key::Stray(_) => {
                    Key::Resource(format!("own {}", self.bare_address(bare)))
                }
                Key::Other(_) | Key::Foreign(_) => {
                    Key::Resource(format!("other {}", self.bare_address(bare)))
                }
                _ => Key::Resource(bare.to_owned()),
            }),
        }
    }

    /// What an attribute is of. A stored value that was read in the other region is no thing of it.
    pub(super) fn answer(
        &self,
        address: &str,
        path: &[PathStep],
        end: End,
        root: Root<'_>,
    ) -> Option<Key> {
        let key = self.key_of(address, end, root)?;
        match (&key, self.graph.find(root, address)) {
            (Key::Other(_) | Key::Foreign(_), Some(id))
                if is_of_region(self.instance(id)) && !is_thing(self.instance(id), path) =>
            {
                Some(Key::Alone(id))
            }
            _ => Some(key),
        }
    }

    pub(super) fn bare_address(&self, address: &str) -> String {
        let parts: Vec<String> = crate::documents::address::parts(address)
            .into_iter()
            .map(|part| self.roles.bare(part))
            .collect();
        parts.join(".")
    }

    /// An instance as seen from an end.
    pub(crate) fn key(&self, id: InstanceId, end: End) -> Key {
        let position = match end {
            End::Primary => None,
            End::Secondary(at) => Some(at),
        };
        // Who asks for the same gets the same.
        let id = self.found.first(id);
        let pair = self.pairing.pair_of(id, position);
        let pair = pair.filter(|_| !self.found.is_unlike(id));
        let pair = pair.map(|pair| self.pairing.first(pair));
        if pair.is_none() && self.instance(id).mode == crate::inventory::Mode::Data {
            // What is looked up is of the region that is asked; nothing has to stand there for it in the other one.
            let is_foreign = is_of_region(self.instance(id))
                && matches!(
                    (self.standing(id), end),
                    (Standing::Primary, End::Secondary(_)) | (Standing::Secondary(_), End::Primary)
                );
            return if is_foreign {
                Key::Foreign(id)
            } else {
                Key::Alone(id)
            };
        }
        match (self.standing(id), end) {
            (Standing::Global | Standing::Other | Standing::Unknown, _) => match pair {
                Some(pair) => self.side_key(pair, id, end),
                None => Key::Alone(id),
            },
            (Standing::Primary, End::Primary) | (Standing::Secondary(_), End::Secondary(_)) => {
                pair.map_or(Key::Stray(id), Key::Own)
            }
            (Standing::Primary, End::Secondary(_)) | (Standing::Secondary(_), End::Primary) => {
                pair.map_or(Key::Foreign(id), Key::Other)
            }
        }
    }

    /// The copy side of a pair whose counterpart is a block, as seen from an end.
    pub(super) fn pair_key(&self, pair: PairId, end: End) -> Key {
        let first = self.pairing.first(pair);
        match end {
            End::Primary => Key::Other(first),
            End::Secondary(at) if self.pairing.pairs[pair.index()].secondary == at => {
                Key::Own(first)
            }
            // The copy of another secondary region.
            End::Secondary(_) => Key::Own(pair),
        }
    }

    /// The pair whose counterpart is the block that a path leads into.
    pub(super) fn copy_of(
        &self,
        address: &str,
        path: &[PathStep],
        root: Root<'_>,
    ) -> Option<PairId> {
        let holder = self.graph.find(root, address)?;
        self.pairing.copy_at(holder, path)
    }

    fn side_key(&self, pair: PairId, id: InstanceId, end: End) -> Key {
        let is_primary = self.pairing.pairs[pair.index()].primary == id;
        match end {
            End::Primary if is_primary => Key::Own(pair),
            End::Secondary(_) if !is_primary => Key::Own(pair),
            _ => Key::Other(pair),
        }
    }
}
