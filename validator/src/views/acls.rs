//! Network ACLs by what they let through: rules in order, the first match decides.

mod of_subnets;
#[cfg(test)]
mod properties;

pub(crate) use self::of_subnets::{Under, of_subnets};

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Maybe, Mirror, parse_range, text, truth};

use super::elements::{entry, of};
use super::services;
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

/// Rules of one direction; and what is not known of them.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) entries: Vec<Entry>,
    pub(crate) open: BTreeSet<Name>,
}

/// What the default ACL of a VPC lets through as AWS makes it: everything.
pub(crate) fn untouched() -> Rules {
    let all = ["0.0.0.0/0", "::/0"];
    let entries = all.into_iter().filter_map(parse_range);
    Rules {
        entries: entries
            .map(|range| Entry {
                number: 100,
                allows: true,
                protocol: "-1".into(),
                ports: services::ALL,
                range,
                spot: Spot::missing(),
                separate: false,
            })
            .collect(),
        open: BTreeSet::new(),
    }
}

/// Rules of an ACL in one direction, in their order; ranges as they would be in the primary region.
pub(crate) fn rules(
    mirror: &Mirror<'_>,
    acl: InstanceId,
    egress: bool,
    region: Option<usize>,
) -> Rules {
    let mut rules = Rules::default();
    for id in mirror.graph.owned(
        acl,
        mirror.inventory,
        "aws_network_acl_rule",
        "network_acl_id",
    ) {
        match truth(mirror.value(id, "egress")).or(false) {
            Ok(way) if way == egress => {
                let get = |name: &str| mirror.value(id, name);
                let names = ["rule_number", "rule_action"];
                read(mirror, &mut rules, &get, names, Spot::at(id), true, region);
            }
            Ok(_) => {}
            Err(because) => rules.open.extend(because),
        }
    }
    let word = if egress { "egress" } else { "ingress" };
    // A rule of an ACL that is not known may be of this one.
    let (ty, argument) = ("aws_network_acl_rule", "network_acl_id");
    for id in mirror.loose(ty, argument, mirror.standing(acl)) {
        if truth(mirror.value(id, "egress")).or(false) != Ok(!egress)
            && let Maybe::Unknown(because) = text(mirror.value(id, argument))
        {
            rules.open.extend(because);
        }
    }
    match of(mirror.value(acl, word)) {
        Ok(nodes) => {
            for (at, node) in nodes.iter().enumerate() {
                let get = |name: &str| entry(node, name);
                read(
                    mirror,
                    &mut rules,
                    &get,
                    ["rule_no", "action"],
                    Spot::of(acl, &format!("{word}[{at}]")),
                    false,
                    region,
                );
            }
        }
        Err(because) => rules.open.extend(because),
    }
    rules.entries.sort_by_key(|entry| entry.number);
    // In a state the ACL lists the separate rules too.
    rules.entries.dedup_by(|a, b| {
        a.number == b.number && a.range == b.range && a.ports == b.ports && a.allows == b.allows
    });
    rules
}

fn read<'n>(
    mirror: &Mirror<'_>,
    rules: &mut Rules,
    get: &dyn Fn(&str) -> Option<&'n Node>,
    names: [&str; 2],
    spot: Spot,
    separate: bool,
    region: Option<usize>,
) {
    let mut known = |name: &str| match text(get(name)) {
        Maybe::Known(text) => Some(text),
        Maybe::Unset => Some(String::new()),
        Maybe::Unknown(because) if because.iter().all(|reason| &**reason == "aws") => {
            Some(String::new())
        }
        Maybe::Unknown(because) => {
            rules.open.extend(because);
            None
        }
    };
    let all = (known(names[0]), known(names[1]), known("protocol"));
    let (Some(order), Some(action), Some(protocol)) = all else {
        return;
    };
    let protocol = services::protocol(&protocol);
    let (from, to) = if protocol.starts_with("icmp") {
        (get("icmp_type"), get("icmp_code"))
    } else {
        (get("from_port"), get("to_port"))
    };
    let ports = match services::interval(&protocol, from, to) {
        Ok(ports) => ports,
        Err(because) => return rules.open.extend(because),
    };
    for name in ["cidr_block", "ipv6_cidr_block"] {
        let node = get(name);
        match text(node) {
            Maybe::Known(text) => {
                let range = parse_range(&text).and_then(|range| match region {
                    Some(at) => mirror.range_in_primary(&range, at),
                    None => Some(range),
                });
                match range {
                    Some(range) => rules.entries.push(Entry {
                        number: order.parse().unwrap_or(32_767),
                        allows: action.eq_ignore_ascii_case("allow"),
                        protocol: protocol.clone(),
                        ports,
                        range,
                        spot: spot.clone(),
                        separate,
                    }),
                    None => {
                        rules
                            .open
                            .insert(format!("which range of the primary {text} mirrors").into());
                    }
                }
            }
            Maybe::Unknown(because) if because.iter().any(|reason| &**reason != "aws") => {
                rules.open.extend(because);
            }
            _ => {}
        }
    }
}

/// Protocols that no rule names.
pub(crate) const OTHER: &str = "protocols that no rule names";

/// A kind of packet that the two sides treat differently.
pub(crate) struct Found {
    pub(crate) protocol: String,
    pub(crate) port: u32,
    pub(crate) range: IpNet,
    /// Whether the primary lets it through.
    pub(crate) allowed: bool,
}

/// The rule that decides about a packet.
pub(crate) fn first_match<'e>(
    entries: &'e [Entry],
    protocol: &str,
    port: u32,
    range: &IpNet,
) -> Option<&'e Entry> {
    entries.iter().find(|entry| {
        (entry.protocol == "-1" || entry.protocol == protocol)
            && entry.ports.0 <= port
            && port <= entry.ports.1
            && entry.range.contains(range)
    })
}

/// The first difference, asked at all places where an answer may change: each protocol, each edge of ports, each range.
/// Without IPv6 in the VPCs, rules about it have no effect.
pub(crate) fn difference(one: &[Entry], other: &[Entry], six: bool) -> Option<Found> {
    let counts = |entry: &&Entry| six || matches!(entry.range, IpNet::V4(_));
    let all = || one.iter().chain(other).filter(counts);
    let mut protocols: BTreeSet<&str> = all().map(|entry| entry.protocol.as_str()).collect();
    // What is let through by "all" is asked for a protocol that no rule names.
    protocols.remove("-1");
    protocols.insert("tcp");
    protocols.insert(OTHER);
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
        assert!(difference(&one, &shadowed, true).is_none());
        let before = [
            entry(90, false, (0, 65_535), "192.0.2.0/24"),
            entry(100, true, (0, 65_535), "0.0.0.0/0"),
        ];
        let found = difference(&one, &before, true).expect("a difference");
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
        assert!(difference(&one, &two, true).is_none());
        let less = [entry(1, true, (80, 442), "10.0.0.0/8")];
        assert!(difference(&one, &less, true).is_some());
    }
}
