//! Network ACLs by what they let through: rules in order, the first match decides.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Maybe, Mirror, Pair, number, parse_range, text, truth};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::elements::{entry, of};

pub(super) const RULE: Rule = Rule {
    name: "acl-differs",
    family: Family::Network,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A network ACL of the secondary region lets through less, or more, than that of the primary.",
    impact: "Traffic of whole subnets is dropped, in one direction or for some clients only, which is hard to find under pressure.",
    doc: "\
## What it asks
Rules of both ACLs, inline and separate, are evaluated as AWS does: by ascending number, the first match decides, what no rule
matches is denied. Addresses are translated. Numbers, merged ranges and denies that never match are no difference.

## Example
```terraform
resource \"aws_network_acl_rule\" \"deny\" {
  rule_number = 90              # before the rule 100 that allows it
  rule_action = \"deny\"
  from_port   = 5432
}
```

## How to fix it
Use the primary's rules.

Source: Amazon VPC user guide, network ACLs.
",
    check: Check::Code(check),
};

/// One rule.
#[derive(Clone, Debug)]
struct Entry {
    number: u32,
    allows: bool,
    protocol: String,
    ports: (u32, u32),
    range: IpNet,
    spot: Spot,
    separate: bool,
}

#[derive(Default)]
struct Rules {
    entries: Vec<Entry>,
    open: BTreeSet<Name>,
}

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for ty in ["aws_network_acl", "aws_default_network_acl"] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            for egress in [false, true] {
                direction(mirror, pair, secondary, egress, sink);
            }
        }
    }
}

fn direction(
    mirror: &Mirror<'_>,
    pair: &Pair,
    secondary: InstanceId,
    egress: bool,
    sink: &mut Sink,
) {
    let word = if egress { "egress" } else { "ingress" };
    let one = rules(mirror, pair.primary, egress, None);
    let other = rules(mirror, secondary, egress, Some(pair.secondary));
    let name = &mirror.instance(secondary).address;
    let covers = [Spot::of(secondary, word), Spot::of(pair.primary, word)];
    if !one.open.is_empty() || !other.open.is_empty() {
        let same = mirror
            .compare(
                pair.id,
                mirror.value(pair.primary, word),
                mirror.value(secondary, word),
            )
            .is_same();
        if same && one.entries.is_empty() && other.entries.is_empty() {
            return sink.holds();
        }
        let asked = Asked::new(
            RULE.name,
            Spot::of(pair.primary, word),
            Spot::of(secondary, word),
        );
        let because: Vec<Name> = one.open.union(&other.open).cloned().collect();
        return sink
            .unsure(asked.unsure(format!("what {name} lets through is not known"), because));
    }
    match difference(&one.entries, &other.entries) {
        None => sink.holds(),
        Some(found) => {
            let strays = strays(mirror, &one.entries, &other.entries);
            let (first, second) = spots(
                mirror,
                &found,
                &one.entries,
                &other.entries,
                pair.primary,
                secondary,
                word,
            );
            let asked = Asked::new(RULE.name, first, second).keyed(word);
            let verb = if found.allowed { "denies" } else { "admits" };
            let ports = if found.protocol == "-1" {
                "all traffic".to_owned()
            } else {
                format!("{} {}", found.protocol, found.port)
            };
            sink.broken(
                asked
                    .broken(format!(
                        "{name} {verb} {word} {ports} of {}, production does not",
                        found.range
                    ))
                    .covers(covers.into_iter().chain(strays)),
            );
        }
    }
}

/// Separate rules of either side without counterpart: they are what differs.
fn strays(mirror: &Mirror<'_>, one: &[Entry], other: &[Entry]) -> Vec<Spot> {
    one.iter()
        .chain(other)
        .filter(|entry| entry.separate)
        .filter_map(|entry| entry.spot.instance)
        .filter(|id| mirror.counterpart(*id).is_none())
        .map(Spot::at)
        .collect()
}

/// The rules that decide differently on both sides, where they can be named.
fn spots(
    mirror: &Mirror<'_>,
    found: &Found,
    one: &[Entry],
    other: &[Entry],
    primary: InstanceId,
    secondary: InstanceId,
    word: &str,
) -> (Spot, Spot) {
    let decider = |entries: &[Entry]| {
        first_match(entries, &found.protocol, found.port, &found.range)
            .map(|entry| entry.spot.clone())
    };
    let first = decider(one).unwrap_or_else(|| Spot::of(primary, word));
    let second = decider(other).unwrap_or_else(|| Spot::of(secondary, word));
    // A rule of its own that nothing mirrors is shown against the ACL.
    let lone = |spot: &Spot| {
        spot.path.is_empty()
            && spot
                .instance
                .is_some_and(|id| mirror.counterpart(id).is_none())
    };
    let first = if lone(&second) {
        Spot::of(primary, word)
    } else {
        first
    };
    (first, second)
}

fn rules(mirror: &Mirror<'_>, acl: InstanceId, egress: bool, region: Option<usize>) -> Rules {
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
    let protocol = match protocol.to_ascii_lowercase().as_str() {
        "6" => "tcp".into(),
        "17" => "udp".into(),
        "1" => "icmp".into(),
        "all" | "-1" | "" => "-1".into(),
        other => other.to_owned(),
    };
    let port = |name: &str, default: u32| {
        let number = number(get(name))
            .or(f64::from(default))
            .unwrap_or(f64::from(default));
        if (0.0..=65_535.0).contains(&number) {
            number as u32
        } else {
            default
        }
    };
    let ports = if protocol == "-1" {
        (0, 65_535)
    } else {
        (port("from_port", 0), port("to_port", 65_535))
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
                rules.open.extend(because)
            }
            _ => {}
        }
    }
}

/// A kind of packet that the two sides treat differently.
struct Found {
    protocol: String,
    port: u32,
    range: IpNet,
    /// Whether the primary lets it through.
    allowed: bool,
}

fn first_match<'e>(
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
fn difference(one: &[Entry], other: &[Entry]) -> Option<Found> {
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
            if touched && cuts < 4_096 {
                if let Ok(halves) = piece.subnets(piece.prefix_len() + 1) {
                    waiting.extend(halves);
                    continue;
                }
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
