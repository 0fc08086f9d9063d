//! Resolvers that only the secondary's VPC is told to use.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::inventory::{Mode, Name};
use crate::mirror::{InstanceId, Maybe, Mirror, list, text};
use crate::verdict::{Asked, Sink, Spot};

const RULE: &str = "dns-options-differ";
const ASSOCIATION: &str = "aws_vpc_dhcp_options_association";

/// The resolver that every VPC has where it is told nothing.
const OF_AWS: &str = "AmazonProvidedDNS";

/// Its addresses in every VPC.
const OF_AWS_V4: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 253);
const OF_AWS_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253);

/// What a server of the secondary is to those of the primary.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Server {
    /// One of them, or its counterpart in the own range.
    Known,
    /// Another one, of which it is not known what it answers.
    Foreign,
    /// One that does not know what the primary's know: of the lost region, or in place of the resolver of AWS.
    Wrong,
}

pub(super) fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_vpc") {
        let Some(other) = options(mirror, secondary) else {
            continue;
        };
        let one = options(mirror, pair.primary);
        let path = "domain_name_servers";
        let first = one.map_or_else(|| Spot::at(pair.primary), |one| Spot::of(one, path));
        let asked = Asked::new(RULE, first, Spot::of(other, path)).keyed(path);
        let name = &mirror.instance(secondary).address;
        let unknown = format!("whether {name} resolves names as its primary is not known");
        let same = one.is_some_and(|one| {
            let value = |id| mirror.value(id, path);
            mirror.compare(pair.id, value(one), value(other)).is_same()
        });
        if same {
            sink.holds();
            continue;
        }
        let of_primary = one.map_or_else(
            || Ok(vec![OF_AWS.to_owned()]),
            |one| servers(mirror, one, pair.primary),
        );
        let (theirs, ours) = match (of_primary, servers(mirror, other, secondary)) {
            (Ok(theirs), Ok(ours)) => (theirs, ours),
            (Err(because), _) | (_, Err(because)) => {
                sink.unsure(asked.unsure(unknown, because));
                continue;
            }
        };
        let mut open: Vec<Name> = Vec::new();
        if one.is_none() {
            open.extend(mirror.adrift(ASSOCIATION, "vpc_id", mirror.standing(pair.primary)));
            // Options that do not stand here say what nobody knows.
            let told = mirror
                .graph
                .owned(pair.primary, mirror.inventory, ASSOCIATION, "vpc_id");
            open.extend(told.into_iter().map(|id| {
                Name::from(format!(
                    "the options that {} names",
                    mirror.instance(id).address
                ))
            }));
        }
        let judged = |server: &String| judge(mirror, server, &theirs, pair.secondary);
        match ours.iter().map(|server| (judged(server), server)).max() {
            Some((Server::Wrong, server)) if open.is_empty() && mirror.complete() => sink.broken(
                asked
                    .broken(format!(
                        "{name} resolves names by {server}, its primary by {}",
                        theirs.join(", ")
                    ))
                    .fix("Name the servers that answer as the primary's do."),
            ),
            None | Some((Server::Known, _)) => sink.holds(),
            Some((_, server)) => {
                if open.is_empty() {
                    open.push(
                        format!("whether {server} answers as the primary's servers do").into(),
                    );
                }
                sink.unsure(asked.unsure(unknown, open));
            }
        }
    }
}

/// The options that a VPC is told to use.
fn options(mirror: &Mirror<'_>, vpc: InstanceId) -> Option<InstanceId> {
    let associations = mirror
        .graph
        .owned(vpc, mirror.inventory, ASSOCIATION, "vpc_id");
    let mut options = associations
        .into_iter()
        .flat_map(|id| mirror.targets(id, "dhcp_options_id"));
    options.find(|id| {
        matches!(
            &*mirror.instance(*id).ty,
            "aws_vpc_dhcp_options" | "aws_default_vpc_dhcp_options"
        )
    })
}

fn judge(mirror: &Mirror<'_>, server: &str, theirs: &[String], at: usize) -> Server {
    if server == OF_AWS || theirs.iter().any(|their| their == server) {
        return Server::Known;
    }
    if !theirs.is_empty() && theirs.iter().all(|their| their == OF_AWS) {
        return Server::Wrong;
    }
    let range = |text: &str| crate::mirror::parse_range(&format!("{text}/32"));
    let placed = range(server).and_then(|range| mirror.range_in_primary(&range, at));
    let counterpart = theirs
        .iter()
        .any(|their| placed.is_some() && range(their) == placed);
    if counterpart {
        Server::Known
    } else {
        Server::Foreign
    }
}

/// The servers that options name, the resolver of AWS by its one name.
fn servers(
    mirror: &Mirror<'_>,
    options: InstanceId,
    vpc: InstanceId,
) -> Result<Vec<String>, Vec<Name>> {
    let instance = mirror.instance(options);
    let nodes = match list(mirror.value(options, "domain_name_servers")) {
        Maybe::Known(nodes) => nodes,
        Maybe::Unknown(because) if !crate::mirror::decided_by_aws(&because) => return Err(because),
        _ if instance.mode == Mode::Data => {
            return Err(vec![format!("what {} names", instance.address).into()]);
        }
        _ if &*instance.ty == "aws_default_vpc_dhcp_options" => {
            return Ok(vec![OF_AWS.to_owned()]);
        }
        _ => &[],
    };
    nodes
        .iter()
        .map(|node| {
            let server = text(Some(node)).or(OF_AWS.into())?;
            Ok(if is_of_aws(mirror, &server, vpc)? {
                OF_AWS.to_owned()
            } else {
                server
            })
        })
        .collect()
}

/// Whether a server is the resolver of AWS: by its name, its own addresses, or the third address of the VPC.
fn is_of_aws(mirror: &Mirror<'_>, server: &str, vpc: InstanceId) -> Result<bool, Vec<Name>> {
    if server.eq_ignore_ascii_case(OF_AWS) {
        return Ok(true);
    }
    let address = match server.trim().parse() {
        Ok(IpAddr::V4(address)) => address,
        Ok(IpAddr::V6(address)) => return Ok(address == OF_AWS_V6),
        Err(_) => return Ok(false),
    };
    // No range of a VPC is smaller than 16 addresses.
    if address == OF_AWS_V4 || address.octets()[3] % 16 != 2 {
        return Ok(address == OF_AWS_V4);
    }
    match mirror.value(vpc, "cidr_block").and_then(crate::mirror::net) {
        Some(IpNet::V4(range)) => {
            Ok(u32::from(address) == u32::from(range.network()).saturating_add(2))
        }
        _ => Err(vec![
            format!("the range of {}", mirror.instance(vpc).address).into(),
        ]),
    }
}
