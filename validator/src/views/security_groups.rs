//! Security groups by what they let through: rules of all forms as one set, and whether one set reaches what another does.

mod cover;
mod peers;
#[cfg(test)]
mod properties;
mod together;

pub(crate) use cover::uncovered;
pub(crate) use peers::{Direction, Peer};
pub(crate) use together::unions;

use std::collections::BTreeSet;

use super::elements::{at_end, entry, of};
use super::services;
use crate::inventory::{Name, Node};
use crate::mirror::{End, InstanceId, Key, Maybe, Meaning, Mirror, Part, parse_range, text, truth};
use crate::verdict::Spot;

/// One permission.
#[derive(Clone, Debug)]
pub(crate) struct Permit {
    /// Protocol number or name in lower case; `-1` for all.
    pub(crate) protocol: String,
    /// First and last port; type and code of ICMP as one number.
    pub(crate) ports: (u32, u32),
    /// Who.
    pub(crate) peer: Peer,
    /// Where it stands.
    pub(crate) spot: Spot,
    /// Whether it is a resource of its own.
    pub(crate) separate: bool,
}

/// All that a group lets through in one direction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Access {
    pub(crate) permits: Vec<Permit>,
    /// What is not known of it.
    pub(crate) open: BTreeSet<Name>,
}

/// What a group lets through, as seen from its end.
pub(crate) fn access(
    mirror: &Mirror<'_>,
    group: InstanceId,
    end: End,
    direction: Direction,
) -> Access {
    let mut reader = Reader {
        mirror,
        group,
        end,
        access: Access::default(),
    };
    let (rules, word) = match direction {
        Direction::In => ("aws_vpc_security_group_ingress_rule", "ingress"),
        Direction::Out => ("aws_vpc_security_group_egress_rule", "egress"),
    };
    for id in mirror
        .graph
        .owned(group, mirror.inventory, rules, "security_group_id")
    {
        reader.rule(id);
    }
    for id in mirror.graph.owned(
        group,
        mirror.inventory,
        "aws_security_group_rule",
        "security_group_id",
    ) {
        match text(mirror.value(id, "type")) {
            Maybe::Known(own) if own == word => reader.older_rule(id),
            Maybe::Known(_) | Maybe::Unset => {}
            Maybe::Unknown(because) => reader.open(because),
        }
    }
    // A rule of a group that is not known may be of this one.
    let standing = mirror.standing(group);
    for ty in [rules, "aws_security_group_rule"] {
        reader.open(mirror.adrift(ty, "security_group_id", standing));
    }
    reader.inline(word);
    reader.access
}

struct Reader<'r, 'a> {
    mirror: &'r Mirror<'a>,
    group: InstanceId,
    end: End,
    access: Access,
}

impl Reader<'_, '_> {
    fn add(&mut self, protocol: &str, ports: (u32, u32), peer: Peer, spot: Spot, separate: bool) {
        self.access.permits.push(Permit {
            protocol: protocol.into(),
            ports,
            peer,
            spot,
            separate,
        });
    }

    fn open(&mut self, because: impl IntoIterator<Item = Name>) {
        self.access.open.extend(because);
    }

    /// Protocol and ports of a rule.
    fn service(
        &mut self,
        protocol: Option<&Node>,
        from: Option<&Node>,
        to: Option<&Node>,
    ) -> Option<(String, (u32, u32))> {
        let protocol = match text(protocol) {
            Maybe::Known(text) => services::protocol(&text),
            Maybe::Unset => "-1".into(),
            Maybe::Unknown(because) => {
                self.open(because);
                return None;
            }
        };
        match services::interval(&protocol, from, to) {
            Ok(ports) => Some((protocol, ports)),
            Err(because) => {
                self.open(because);
                None
            }
        }
    }

    fn rule(&mut self, id: InstanceId) {
        let value = |name: &str| self.mirror.value(id, name);
        let (protocol, from, to) = (value("ip_protocol"), value("from_port"), value("to_port"));
        let peers = [value("cidr_ipv4"), value("cidr_ipv6")];
        let (group, list) = (
            value("referenced_security_group_id"),
            value("prefix_list_id"),
        );
        let Some((protocol, ports)) = self.service(protocol, from, to) else {
            return;
        };
        for node in peers.into_iter().flatten() {
            self.range(node, &protocol, ports, Spot::at(id), true);
        }
        if let Some(node) = group {
            self.member(node, &protocol, ports, Spot::at(id), true);
        }
        if let Some(node) = list {
            self.list(node, &protocol, ports, Spot::at(id), true);
        }
    }

    fn older_rule(&mut self, id: InstanceId) {
        let value = |name: &str| self.mirror.value(id, name);
        let (protocol, from, to) = (value("protocol"), value("from_port"), value("to_port"));
        let Some((protocol, ports)) = self.service(protocol, from, to) else {
            return;
        };
        let value = |name: &str| self.mirror.value(id, name);
        let (v4, v6, lists) = (
            value("cidr_blocks"),
            value("ipv6_cidr_blocks"),
            value("prefix_list_ids"),
        );
        let (group, own) = (value("source_security_group_id"), truth(value("self")));
        for node in [v4, v6] {
            self.ranges(node, &protocol, ports, &Spot::at(id), true);
        }
        match of(lists) {
            Ok(nodes) => nodes
                .iter()
                .for_each(|node| self.list(node, &protocol, ports, Spot::at(id), true)),
            Err(because) => self.open(because),
        }
        if let Some(node) = group {
            self.member(node, &protocol, ports, Spot::at(id), true);
        }
        if own == Maybe::Known(true) {
            self.add(&protocol, ports, Peer::Own, Spot::at(id), true);
        }
    }

    fn inline(&mut self, word: &str) {
        let rules = match of(self.mirror.value(self.group, word)) {
            Ok(rules) => rules,
            Err(because) => return self.open(because),
        };
        for (at, rule) in rules.iter().enumerate() {
            let spot = match self.mirror.value(self.group, word) {
                Some(Node::Unknown(_)) => Spot::of(self.group, word),
                _ => Spot::of(self.group, &format!("{word}[{at}]")),
            };
            let field = |name: &str| entry(rule, name);
            let Some((protocol, ports)) =
                self.service(field("protocol"), field("from_port"), field("to_port"))
            else {
                continue;
            };
            for name in ["cidr_blocks", "ipv6_cidr_blocks"] {
                self.ranges(field(name), &protocol, ports, &spot, false);
            }
            for (name, group) in [("security_groups", true), ("prefix_list_ids", false)] {
                match of(field(name)) {
                    Ok(nodes) => {
                        for node in &nodes {
                            if group {
                                self.member(node, &protocol, ports, spot.clone(), false);
                            } else {
                                self.list(node, &protocol, ports, spot.clone(), false);
                            }
                        }
                    }
                    Err(because) => self.open(because),
                }
            }
            if truth(field("self")) == Maybe::Known(true) {
                self.add(&protocol, ports, Peer::Own, spot, false);
            }
        }
    }

    fn ranges(
        &mut self,
        node: Option<&Node>,
        protocol: &str,
        ports: (u32, u32),
        spot: &Spot,
        separate: bool,
    ) {
        match of(node) {
            Ok(nodes) => nodes
                .iter()
                .for_each(|node| self.range(node, protocol, ports, spot.clone(), separate)),
            // The same expression over the same things is the same list, whatever it holds.
            Err(because) => match node.map(|node| self.meaning(node)) {
                Some(meaning @ Meaning::Expression(..)) => {
                    self.add(
                        protocol,
                        ports,
                        Peer::Other(meaning),
                        spot.clone(),
                        separate,
                    );
                }
                _ => self.open(because),
            },
        }
    }

    fn range(
        &mut self,
        node: &Node,
        protocol: &str,
        ports: (u32, u32),
        spot: Spot,
        separate: bool,
    ) {
        if let Node::String(text) = node {
            if text.is_empty() {
                return;
            }
            if let Some(range) = parse_range(text) {
                let placed = match self.end {
                    End::Primary => Some(range),
                    End::Secondary(at) => self.mirror.range_in_primary(&range, at),
                };
                match placed {
                    Some(range) => self.add(protocol, ports, Peer::Range(range), spot, separate),
                    None => {
                        self.open([format!("which range of the primary {text} mirrors").into()]);
                    }
                }
                return;
            }
        }
        let meaning = self.meaning(node);
        match &meaning {
            Meaning::Absent | Meaning::Aws => {}
            Meaning::Unknown(because) => self.open(because.clone()),
            _ => self.add(protocol, ports, Peer::Other(meaning), spot, separate),
        }
    }

    fn member(
        &mut self,
        node: &Node,
        protocol: &str,
        ports: (u32, u32),
        spot: Spot,
        separate: bool,
    ) {
        match self.meaning(node) {
            Meaning::Absent | Meaning::Aws => {}
            Meaning::Text(parts) => match parts.as_slice() {
                [Part::Reference(key, _)] if *key == self.mirror.key(self.group, self.end) => {
                    self.add(protocol, ports, Peer::Own, spot, separate);
                }
                // What mirrors it is not known.
                [Part::Reference(Key::Alone(id) | Key::Stray(id) | Key::Foreign(id), _)]
                    if let open @ [_, ..] = self.mirror.pairing.open(*id) =>
                {
                    self.open(open.to_vec());
                }
                [Part::Reference(key, _)] => {
                    self.add(protocol, ports, Peer::Group(key.clone()), spot, separate);
                }
                [Part::Letters(text)] if text.is_empty() => {}
                // Ids of groups outside of the estate: two of them may mirror each other, or not.
                [Part::Letters(text)] if crate::mirror::is_regional_id(text) => {
                    let what = format!("which group {text} mirrors");
                    let meaning = Meaning::Expression(what.into(), Vec::new());
                    self.add(protocol, ports, Peer::Other(meaning), spot, separate);
                }
                _ => self.add(
                    protocol,
                    ports,
                    Peer::Other(Meaning::Text(parts)),
                    spot,
                    separate,
                ),
            },
            Meaning::Unknown(because) => self.open(because),
            other => self.add(protocol, ports, Peer::Other(other), spot, separate),
        }
    }

    fn list(&mut self, node: &Node, protocol: &str, ports: (u32, u32), spot: Spot, separate: bool) {
        match self.meaning(node) {
            Meaning::Absent | Meaning::Aws => {}
            Meaning::Unknown(because) => self.open(because),
            other if other.letters() == Some("") => {}
            // Lists of AWS have another id in each region: which service they stand for is not in the id.
            other if other.letters().is_some_and(|text| text.starts_with("pl-")) => {
                self.open(["which service a prefix list of AWS stands for".into()]);
            }
            other => match self.entries(&other) {
                Some(ranges) => {
                    for node in &ranges {
                        self.range(node, protocol, ports, spot.clone(), separate);
                    }
                }
                None => self.add(protocol, ports, Peer::Other(other), spot, separate),
            },
        }
    }

    /// The ranges of a prefix list that is declared here.
    fn entries(&self, list: &Meaning) -> Option<Vec<Node>> {
        let Meaning::Text(parts) = list else {
            return None;
        };
        let [Part::Reference(key, _)] = parts.as_slice() else {
            return None;
        };
        let id = at_end(self.mirror, key, self.end)?;
        let ty = "aws_ec2_managed_prefix_list";
        let instance = self.mirror.instance(id);
        if &*instance.ty != ty || instance.mode != crate::inventory::Mode::Managed {
            return None;
        }
        let inline = of(self.mirror.value(id, "entry")).ok()?;
        let mut ranges: Vec<Node> = inline
            .iter()
            .filter_map(|node| entry(node, "cidr").cloned())
            .collect();
        let inventory = self.mirror.inventory;
        let (ty, list) = ("aws_ec2_managed_prefix_list_entry", "prefix_list_id");
        let owned = self.mirror.graph.owned(id, inventory, ty, list);
        ranges.extend(
            owned
                .into_iter()
                .filter_map(|id| self.mirror.value(id, "cidr").cloned()),
        );
        (!ranges.is_empty()).then_some(ranges)
    }

    fn meaning(&self, node: &Node) -> Meaning {
        let root = self.mirror.instance(self.group).root.as_ref();
        self.mirror.meaning(Some(node), self.end, root)
    }
}
