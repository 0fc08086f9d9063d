//! What of a permission others do not let through: intervals of ports, ranges of addresses.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::{Peer, Permit};

/// The parts of a permission that a set of others does not let through, as port ranges. Empty where all is let through.
pub(crate) fn uncovered(
    wanted: &Permit,
    offered: &[Permit],
    own_ranges: &[IpNet],
) -> Vec<(u32, u32)> {
    let usable: Vec<&Permit> = offered
        .iter()
        .filter(|permit| permit.protocol == "-1" || permit.protocol == wanted.protocol)
        .filter(|permit| permit.ports.0 <= wanted.ports.1 && wanted.ports.0 <= permit.ports.1)
        .collect();
    // Where something begins or ends, the answer may change.
    let mut edges: BTreeSet<u32> = BTreeSet::from([wanted.ports.0]);
    for permit in &usable {
        edges.insert(permit.ports.0.max(wanted.ports.0));
        if permit.ports.1 < wanted.ports.1 {
            edges.insert(permit.ports.1 + 1);
        }
    }
    let edges: Vec<u32> = edges.into_iter().collect();
    let mut missing: Vec<(u32, u32)> = Vec::new();
    for (at, from) in edges.iter().enumerate() {
        let to = edges.get(at + 1).map_or(wanted.ports.1, |next| next - 1);
        let peers: Vec<&Peer> = usable
            .iter()
            .filter(|permit| permit.ports.0 <= *from && to <= permit.ports.1)
            .map(|permit| &permit.peer)
            .collect();
        if !reaches(&wanted.peer, &peers, own_ranges) {
            match missing.last_mut() {
                Some(last) if last.1 + 1 == *from => last.1 = to,
                _ => missing.push((*from, to)),
            }
        }
    }
    missing
}

/// Whether a peer is among others, or covered by their ranges together.
fn reaches(wanted: &Peer, peers: &[&Peer], own_ranges: &[IpNet]) -> bool {
    if peers.contains(&wanted) {
        return true;
    }
    let ranges: Vec<IpNet> = peers
        .iter()
        .filter_map(|peer| match peer {
            Peer::Range(range) => Some(*range),
            _ => None,
        })
        .collect();
    let ranges = IpNet::aggregate(&ranges);
    match wanted {
        Peer::Range(range) => ranges.iter().any(|outer| outer.contains(range)),
        // Members of a group have addresses of the VPC.
        Peer::Group(_) | Peer::Own => {
            !own_ranges.is_empty()
                && own_ranges
                    .iter()
                    .all(|own| ranges.iter().any(|outer| outer.contains(own)))
        }
        Peer::Other(_) => false,
    }
}
