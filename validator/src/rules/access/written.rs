//! The rule that a security group lacks, written in the style of the group: a block where it has blocks, a resource of its
//! own where it has none. Nothing where it cannot be said in the group's own module.

use crate::inventory::Instance;
use crate::mirror::{InstanceId, Key, Mirror, Standing};
use crate::verdict::Edit;
use crate::views::security_groups::{Direction, Peer, Permit};
use crate::views::services::ALL;

/// Who is let through, as it is written.
enum Written {
    Ipv4(String),
    Ipv6(String),
    /// Members of the same group.
    Own,
    /// Another group, by a reference to its resource.
    Group(String),
}

/// The edit that lets a group of a secondary region let through what its counterpart does; `None` where it cannot be written
/// safely: several intervals of ports, kinds of ICMP, a peer that has no plain name in the group's module, or a block that
/// makes other instances too.
pub(super) fn rule(
    mirror: &Mirror<'_>,
    group: InstanceId,
    direction: Direction,
    wanted: &Permit,
    ports: &[(u32, u32)],
) -> Option<Edit> {
    let instance = mirror.instance(group);
    let source = instance.source.as_ref()?;
    let shared = mirror
        .instances()
        .any(|(id, other)| id != group && other.source.as_ref() == Some(source));
    let ([ports], false) = (ports, shared) else {
        return None;
    };
    let known = matches!(&*wanted.protocol, "tcp" | "udp") || wanted.protocol == "-1";
    let Standing::Secondary(region) = mirror.standing(group) else {
        return None;
    };
    let peer = peer(mirror, (instance, region), &wanted.peer).filter(|_| known)?;
    let service = Service {
        protocol: &wanted.protocol,
        ports: *ports,
    };
    let word = match direction {
        Direction::In => "ingress",
        Direction::Out => "egress",
    };
    let address = instance.address.clone();
    let at = |path: &str| instance.places.get(path).and_then(|links| links.first());
    let first = at(&format!("{word}[0]"));
    if first.is_some_and(|link| &*link.what == "block") {
        let block = block(word, &service.inline(&peer));
        return Some(Edit::Insert {
            address,
            path: Vec::new(),
            block,
        });
    }
    // A list as an argument, or blocks that something makes.
    let otherwise = first.is_some() || at(word).is_some();
    if otherwise || instance.index.is_some() {
        return None;
    }
    let older = wanted
        .spot
        .instance
        .is_some_and(|id| &*mirror.instance(id).ty == "aws_security_group_rule");
    let own = format!("{}.{}.id", instance.ty, instance.name);
    let (ty, arguments) = if older {
        (
            "aws_security_group_rule".to_owned(),
            service.older(word, &own, &peer),
        )
    } else {
        (
            format!("aws_vpc_security_group_{word}_rule"),
            service.newer(&own, &peer),
        )
    };
    let name = name(mirror, instance, &ty, &service);
    Some(Edit::Add {
        after: address,
        block: block(&format!("resource \"{ty}\" \"{name}\""), &arguments),
    })
}

/// How the peer is written in the module of a group.
fn peer(mirror: &Mirror<'_>, (group, region): (&Instance, usize), peer: &Peer) -> Option<Written> {
    match peer {
        Peer::Range(range @ ipnet::IpNet::V4(_)) => Some(Written::Ipv4(format!("\"{range}\""))),
        Peer::Range(range @ ipnet::IpNet::V6(_)) => Some(Written::Ipv6(format!("\"{range}\""))),
        Peer::Own => Some(Written::Own),
        Peer::Group(Key::Own(pair)) => {
            let other = mirror.instance(mirror.pairing.twin(*pair, region)?);
            let plain =
                other.module == group.module && other.root == group.root && other.index.is_none();
            plain.then(|| Written::Group(format!("{}.{}.id", other.ty, other.name)))
        }
        Peer::Group(_) | Peer::Other(_) => None,
    }
}

/// A name that no resource of the type has in the module yet.
fn name(mirror: &Mirror<'_>, group: &Instance, ty: &str, service: &Service<'_>) -> String {
    let (from, to) = service.ports;
    let protocol = if service.protocol == "-1" {
        "all"
    } else {
        service.protocol
    };
    let ports = match (service.ports == ALL, from == to) {
        (true, _) => String::new(),
        (false, true) => format!("_{from}"),
        (false, false) => format!("_{from}_{to}"),
    };
    let first = format!("{}_{protocol}{ports}", group.name);
    let taken = |name: &str| {
        mirror.instances().any(|(_, other)| {
            &*other.ty == ty && other.module == group.module && &*other.name == name
        })
    };
    let numbered = (2_u32..).map(|number| format!("{first}_{number}"));
    std::iter::once(first.clone())
        .chain(numbered)
        .find(|name| !taken(name))
        .unwrap_or(first)
}

/// Protocol and ports.
struct Service<'p> {
    protocol: &'p str,
    ports: (u32, u32),
}

type Arguments = Vec<(&'static str, String)>;

impl Service<'_> {
    /// Ports as blocks and older rules want them: 0 for all traffic.
    fn always(&self) -> Arguments {
        let (from, to) = if self.protocol == "-1" {
            (0, 0)
        } else {
            self.ports
        };
        vec![
            ("from_port", from.to_string()),
            ("to_port", to.to_string()),
            ("protocol", format!("\"{}\"", self.protocol)),
        ]
    }

    fn inline(&self, peer: &Written) -> Arguments {
        let mut arguments = self.always();
        arguments.push(match peer {
            Written::Ipv4(range) => ("cidr_blocks", format!("[{range}]")),
            Written::Ipv6(range) => ("ipv6_cidr_blocks", format!("[{range}]")),
            Written::Own => ("self", "true".into()),
            Written::Group(id) => ("security_groups", format!("[{id}]")),
        });
        arguments
    }

    fn older(&self, word: &str, own: &str, peer: &Written) -> Arguments {
        let mut arguments = vec![
            ("type", format!("\"{word}\"")),
            ("security_group_id", own.to_owned()),
        ];
        arguments.extend(self.always());
        arguments.push(match peer {
            Written::Ipv4(range) => ("cidr_blocks", format!("[{range}]")),
            Written::Ipv6(range) => ("ipv6_cidr_blocks", format!("[{range}]")),
            Written::Own => ("self", "true".into()),
            Written::Group(id) => ("source_security_group_id", id.clone()),
        });
        arguments
    }

    fn newer(&self, own: &str, peer: &Written) -> Arguments {
        let mut arguments = vec![
            ("security_group_id", own.to_owned()),
            ("ip_protocol", format!("\"{}\"", self.protocol)),
        ];
        if self.protocol != "-1" {
            arguments.push(("from_port", self.ports.0.to_string()));
            arguments.push(("to_port", self.ports.1.to_string()));
        }
        arguments.push(match peer {
            Written::Ipv4(range) => ("cidr_ipv4", range.clone()),
            Written::Ipv6(range) => ("cidr_ipv6", range.clone()),
            Written::Own => ("referenced_security_group_id", own.to_owned()),
            Written::Group(id) => ("referenced_security_group_id", id.clone()),
        });
        arguments
    }
}

/// A block with aligned arguments.
fn block(head: &str, arguments: &[(&str, String)]) -> String {
    let width = arguments
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0);
    let lines = arguments
        .iter()
        .map(|(name, value)| format!("  {name:width$} = {value}\n"));
    format!("{head} {{\n{}}}", lines.collect::<String>())
}
