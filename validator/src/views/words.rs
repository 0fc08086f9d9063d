//! Instances in words that are the same from both ends.

use crate::mirror::{Key, Mirror};

/// An instance by the address of its primary.
pub(crate) fn of_key(mirror: &Mirror<'_>, key: &Key) -> String {
    match key {
        Key::Own(pair) | Key::Other(pair) => mirror
            .instance(mirror.pairing.pairs[pair.index()].primary)
            .address
            .to_string(),
        Key::Alone(id) | Key::Stray(id) | Key::Foreign(id) => {
            mirror.instance(*id).address.to_string()
        }
        Key::Resource(name) => name.clone(),
    }
}
