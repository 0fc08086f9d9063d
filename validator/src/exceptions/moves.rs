//! Addresses that changed: entries that name old ones mean the new ones.

use std::collections::BTreeSet;

use crate::inventory::{Inventory, Move, Name};
use crate::settings::Settings;

/// Lets all that settings name follow `moved` blocks.
pub fn follow(settings: &mut Settings, inventory: &Inventory) {
    if inventory.moved.is_empty() {
        return;
    }
    let there: BTreeSet<&str> = inventory
        .instances
        .iter()
        .map(|instance| &*instance.address)
        .collect();
    let update = |address: &mut Name| {
        if !there.contains(&**address)
            && let Some(now) = latest(&inventory.moved, address)
        {
            *address = now;
        }
    };
    for accept in &mut settings.accepts {
        update(&mut accept.pair);
    }
    for single in &mut settings.singles {
        update(&mut single.address);
    }
    for told in &mut settings.uses {
        update(&mut told.address);
    }
    for pair in &mut settings.pairs {
        update(&mut pair.primary);
        update(&mut pair.secondary);
    }
}

/// The address that another one has now, if it changed.
fn latest(moved: &[Move], address: &str) -> Option<Name> {
    let mut seen = BTreeSet::from([Name::from(address)]);
    let mut now: Option<Name> = None;
    loop {
        let from = now.as_deref().unwrap_or(address);
        let next = moved
            .iter()
            .find_map(|moved| replaced(&moved.from, &moved.to, from));
        match next {
            Some(next) if seen.insert(next.clone()) => now = Some(next),
            _ => return now,
        }
    }
}

/// An address and all that it had before.
pub(super) fn earlier(moved: &[Move], address: &str) -> Vec<Name> {
    let mut all = vec![Name::from(address)];
    let mut at = 0;
    while let Some(now) = all.get(at).cloned() {
        for moved in moved {
            if let Some(before) = replaced(&moved.to, &moved.from, &now)
                && !all.contains(&before)
            {
                all.push(before);
            }
        }
        at += 1;
    }
    all
}

/// The address with its beginning replaced, where it begins with a resource, instance or module.
fn replaced(from: &str, to: &str, address: &str) -> Option<Name> {
    let rest = address.strip_prefix(from)?;
    let fits = match rest.bytes().next() {
        None | Some(b'.') => true,
        // A resource that got a key cannot take another one along.
        Some(b'[') => !to.ends_with(']'),
        Some(_) => false,
    };
    fits.then(|| format!("{to}{rest}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moves(pairs: &[(&str, &str)]) -> Vec<Move> {
        pairs
            .iter()
            .map(|(from, to)| Move {
                from: (*from).into(),
                to: (*to).into(),
            })
            .collect()
    }

    #[test]
    fn addresses_follow_resources_keys_and_modules() {
        let moved = moves(&[
            ("aws_sqs_queue.old", "aws_sqs_queue.jobs"),
            ("aws_sqs_queue.jobs", "module.queues.aws_sqs_queue.jobs"),
            ("module.network", "module.network_primary"),
            ("aws_vpc.one", "aws_vpc.one[0]"),
        ]);
        let now = |address| latest(&moved, address).map(|name| name.to_string());
        assert_eq!(
            now("aws_sqs_queue.old[1]").as_deref(),
            Some("module.queues.aws_sqs_queue.jobs[1]")
        );
        assert_eq!(
            now("module.network.aws_vpc.main").as_deref(),
            Some("module.network_primary.aws_vpc.main")
        );
        assert_eq!(now("module.network_other.aws_vpc.main"), None);
        assert_eq!(now("aws_vpc.one").as_deref(), Some("aws_vpc.one[0]"));
        assert_eq!(now("aws_sqs_queue.older"), None);
    }

    #[test]
    fn a_circle_of_moves_ends() {
        let moved = moves(&[("aws_vpc.a", "aws_vpc.b"), ("aws_vpc.b", "aws_vpc.a")]);
        assert_eq!(latest(&moved, "aws_vpc.a").as_deref(), Some("aws_vpc.b"));
        assert_eq!(earlier(&moved, "aws_vpc.a").len(), 2);
    }
}
