//! Rules of network ACLs as AWS reads them: by number, the first match decides; and where two sets of them differ.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

#[cfg(test)]
use crate::inventory::Node;
use crate::verdict::Spot;

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) number: u32,
    pub(crate) allows: bool,
    pub(crate) protocol: String,
    pub(crate) ports: (u32, u32),
    pub(crate) range: IpNet,
    pub(crate) spot: Spot,
    pub(crate) separate: bool,
}

/// A kind of packet that the two sides treat differently.
pub(crate) struct Found {
    pub(crate) protocol: String,
    pub(crate) port: u32,
    pub(crate) range: IpNet,
    /// Whether the primary lets it through.
    pub(crate) allowed: bool,
}

pub(crate) fn first_match<'e>(
    entries: &'e [Entry],
    protocol: &str,
    port: u32,
    range: &IpNet,
) -> Option<&'e Entry> {
    entries.iter().find(|entry| {
        (entry.protocol == "-1" || entry.protocol == protocol)
            && (protocol == "-1" && entry.protocol == "-1"
                || entry.ports.0 <= port && port <= entry.ports.1)
            && entry.range.contains(range)
    })
}

/// The first difference, asked at all places where an answer may change: each protocol, each edge of ports, each range.
pub(crate) fn difference(one: &[Entry], other: &[Entry]) -> Option<Found> {
    let all = || one.iter().chain(other);
    let mut protocols: BTreeSet<&str> = all().map(|entry| entry.protocol.as_str()).collect();
    // What is let through by "all" is asked for a protocol that no rule names.
    protocols.remove("-1");
    protocols.insert("tcp");
    protocols.insert("another protocol");
    let ranges = pieces(&all().map(|entry| entry.range).collect::<Vec<_>>());
    for protocol in protocols {
        let mut ports: BTreeSet<u32> = BTreeSet::from([0]);
        for entry in all().filter(|entry| entry.protocol == protocol) {
            ports.insert(entry.ports.0);
            ports.insert((entry.ports.1 + 1).min(65_535));
        }
        for port in &ports {
            for range in &ranges {
                let allows = |entries: &[Entry]| {
                    first_match(entries, protocol, *port, range).is_some_and(|entry| entry.allows)
                };
                let (a, b) = (allows(one), allows(other));
                if a != b {
                    return Some(Found {
                        protocol: protocol.into(),
                        port: *port,
                        range: *range,
                        allowed: a,
                    });
                }
            }
        }
    }
    None
}

/// Ranges cut so that each rule matches a piece as a whole or not at all: the smallest ones, and what is left of larger ones.
fn pieces(ranges: &[IpNet]) -> Vec<IpNet> {
    let mut found: BTreeMap<String, IpNet> = BTreeMap::new();
    for range in ranges {
        let inner: Vec<&IpNet> = ranges
            .iter()
            .filter(|other| range.contains(*other) && *other != range)
            .collect();
        let mut waiting = vec![*range];
        let mut cuts = 0;
        while let Some(piece) = waiting.pop() {
            let touched = inner
                .iter()
                .any(|inner| piece.contains(*inner) && piece != **inner);
            // What is deeper than the ranges themselves needs no cut; a bound keeps odd input cheap.
            cuts += 1;
            if touched
                && cuts < 4_096
                && let Ok(halves) = piece.subnets(piece.prefix_len() + 1)
            {
                waiting.extend(halves);
                continue;
            }
            found.insert(piece.to_string(), piece);
        }
    }
    found.into_values().collect()
}

/// Keeps the range type of nodes in one place for tests.
#[cfg(test)]
fn range_of(text: &str) -> IpNet {
    crate::mirror::net(&Node::String(text.into()))
        .unwrap_or_else(|| unreachable!("test ranges are ranges"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u32, allows: bool, ports: (u32, u32), range: &str) -> Entry {
        Entry {
            number,
            allows,
            protocol: if ports == (0, 65_535) {
                "-1".into()
            } else {
                "tcp".into()
            },
            ports,
            range: range_of(range),
            spot: Spot::missing(),
            separate: false,
        }
    }

    #[test]
    fn a_deny_behind_an_allow_has_no_effect() {
        let one = [entry(100, true, (0, 65_535), "0.0.0.0/0")];
        let shadowed = [
            entry(100, true, (0, 65_535), "0.0.0.0/0"),
            entry(110, false, (0, 65_535), "192.0.2.0/24"),
        ];
        assert!(difference(&one, &shadowed).is_none());
        let before = [
            entry(90, false, (0, 65_535), "192.0.2.0/24"),
            entry(100, true, (0, 65_535), "0.0.0.0/0"),
        ];
        let found = difference(&one, &before).expect("a difference");
        assert!(found.allowed);
    }

    #[test]
    fn numbers_and_merged_ranges_are_no_difference() {
        let one = [entry(100, true, (80, 443), "10.0.0.0/8")];
        let two = [
            entry(1, true, (80, 200), "10.0.0.0/8"),
            entry(7, true, (201, 443), "10.0.0.0/9"),
            entry(8, true, (201, 443), "10.128.0.0/9"),
        ];
        assert!(difference(&one, &two).is_none());
        let less = [entry(1, true, (80, 442), "10.0.0.0/8")];
        assert!(difference(&one, &less).is_some());
    }
}
