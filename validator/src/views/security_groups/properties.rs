//! Coverage of permissions against a count of every port and address of a small world.

use ipnet::IpNet;
use proptest::prelude::*;

use super::{Peer, Permit, uncovered};
use crate::verdict::Spot;
use crate::views::services::ALL;

/// Ports that are looked at one by one.
const PORTS: [u32; 11] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65_535];

fn range() -> impl Strategy<Value = IpNet> {
    let four = (0_u32..8, 29_u8..=32).prop_map(|(host, length)| format!("10.0.0.{host}/{length}"));
    let six =
        (0_u32..4, 126_u8..=128).prop_map(|(host, length)| format!("2001:db8::{host}/{length}"));
    prop_oneof![3 => four, 1 => six, 1 => Just("0.0.0.0/0".to_owned())]
        .prop_map(|text| text.parse::<IpNet>().expect("a range").trunc())
}

fn peer() -> impl Strategy<Value = Peer> {
    prop_oneof![6 => range().prop_map(Peer::Range), 1 => Just(Peer::Own)]
}

fn permit() -> impl Strategy<Value = Permit> {
    let ports = (0_u32..10, 0_u32..10).prop_map(|(one, other)| (one.min(other), one.max(other)));
    let ports = prop_oneof![4 => ports, 1 => Just(ALL)];
    (
        prop::sample::select(vec!["tcp", "udp", "-1"]),
        ports,
        peer(),
    )
        .prop_map(|(protocol, ports, peer)| Permit {
            protocol: protocol.into(),
            ports: if protocol == "-1" { ALL } else { ports },
            peer,
            spot: Spot::missing(),
            separate: false,
        })
}

/// All addresses of the small world that lie in a range.
fn addresses(range: &IpNet) -> Vec<IpNet> {
    let four = (0..8).map(|host| format!("10.0.0.{host}/32"));
    let more = ["192.0.2.1/32".to_owned()];
    let six = (0..4).map(|host| format!("2001:db8::{host}/128"));
    four.chain(more)
        .chain(six)
        .map(|text| text.parse().expect("an address"))
        .filter(|address| range.contains(address))
        .collect()
}

/// Whether each address of a range is admitted at a port by some permission.
fn admitted(protocol: &str, port: u32, range: &IpNet, offered: &[Permit]) -> bool {
    addresses(range).iter().all(|address| {
        offered.iter().any(|permit| {
            (permit.protocol == "-1" || permit.protocol == protocol)
                && permit.ports.0 <= port
                && port <= permit.ports.1
                && matches!(&permit.peer, Peer::Range(range) if range.contains(address))
        })
    })
}

/// The same question, counted.
fn lacks(wanted: &Permit, port: u32, offered: &[Permit], own: &[IpNet]) -> bool {
    let by_name = offered.iter().any(|permit| {
        permit.peer == wanted.peer
            && (permit.protocol == "-1" || permit.protocol == wanted.protocol)
            && permit.ports.0 <= port
            && port <= permit.ports.1
    });
    let all = |ranges: &[IpNet]| {
        !ranges.is_empty()
            && ranges
                .iter()
                .all(|range| admitted(&wanted.protocol, port, range, offered))
    };
    !by_name
        && match &wanted.peer {
            Peer::Range(range) => !all(&[*range]),
            _ => !all(own),
        }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn coverage_is_what_counting_says(
        wanted in permit(),
        offered in prop::collection::vec(permit(), 0..7),
        own in prop::collection::vec(range(), 0..2),
    ) {
        let missing = uncovered(&wanted, &offered, &own);
        for port in PORTS {
            let inside = wanted.ports.0 <= port && port <= wanted.ports.1;
            let said = missing.iter().any(|(from, to)| *from <= port && port <= *to);
            // The whole of IPv4 holds more addresses than the small world: only parts that are counted can be compared.
            let whole = |range: &IpNet| range.prefix_len() == 0;
            let countable = !matches!(&wanted.peer, Peer::Range(range) if whole(range))
                && (!matches!(wanted.peer, Peer::Own) || !own.iter().any(whole));
            if countable {
                prop_assert_eq!(said, inside && lacks(&wanted, port, &offered, &own), "port {}", port);
            }
        }
    }

    #[test]
    fn a_set_covers_itself(offered in prop::collection::vec(permit(), 1..7)) {
        for permit in &offered {
            prop_assert!(uncovered(permit, &offered, &[]).is_empty());
        }
    }
}
