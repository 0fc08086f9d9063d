//! Differences of ACLs against a count of every packet of a small world.

use ipnet::IpNet;
use proptest::prelude::*;

use super::{Entry, OTHER, difference};
use crate::verdict::Spot;
use crate::views::services::ALL;

/// Ports that are looked at one by one.
const PORTS: [u32; 9] = [0, 1, 2, 3, 4, 5, 6, 7, 65_535];

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let four = (0_u32..8, 29_u8..=32).prop_map(|(host, length)| format!("10.0.0.{host}/{length}"));
    let all = prop_oneof![Just("0.0.0.0/0".to_owned()), Just("::/0".to_owned())];
    let range = prop_oneof![3 => four, 2 => all]
        .prop_map(|text| text.parse::<IpNet>().expect("a range").trunc());
    let ports = (0_u32..8, 0_u32..8).prop_map(|(one, other)| (one.min(other), one.max(other)));
    let protocol = prop::sample::select(vec!["tcp", "udp", "-1"]);
    let entry =
        (any::<bool>(), protocol, ports, range).prop_map(|(allows, protocol, ports, range)| {
            Entry {
                number: 0,
                allows,
                protocol: protocol.into(),
                ports: if protocol == "-1" { ALL } else { ports },
                range,
                spot: Spot::missing(),
                separate: false,
            }
        });
    prop::collection::vec(entry, 0..5)
}

fn world() -> Vec<IpNet> {
    let four = (0..8).map(|host| format!("10.0.0.{host}/32"));
    let more = ["192.0.2.1/32", "2001:db8::1/128"].map(str::to_owned);
    four.chain(more)
        .map(|text| text.parse().expect("an address"))
        .collect()
}

/// What AWS does with one packet.
fn lets_through(entries: &[Entry], protocol: &str, port: u32, address: &IpNet) -> bool {
    for entry in entries {
        let service = entry.protocol == "-1"
            || entry.protocol == protocol && entry.ports.0 <= port && port <= entry.ports.1;
        if service && entry.range.contains(address) {
            return entry.allows;
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_difference_is_one_that_counting_finds(one in entries(), other in entries()) {
        let mut differs = false;
        for protocol in ["tcp", "udp", OTHER] {
            for port in PORTS {
                for address in world() {
                    differs |= lets_through(&one, protocol, port, &address)
                        != lets_through(&other, protocol, port, &address);
                }
            }
        }
        let found = difference(&one, &other, true);
        prop_assert_eq!(found.is_some(), differs);
        if let Some(found) = found {
            let first = IpNet::from(found.range.network());
            let allows = |entries: &[Entry]| lets_through(entries, &found.protocol, found.port, &first);
            prop_assert_eq!(allows(&one), found.allowed);
            prop_assert_ne!(allows(&one), allows(&other));
        }
    }

    #[test]
    fn without_six_only_four_counts(one in entries(), other in entries()) {
        let four = |entries: &[Entry]| -> Vec<Entry> {
            let four = |entry: &&Entry| matches!(entry.range, IpNet::V4(_));
            entries.iter().filter(four).cloned().collect()
        };
        prop_assert_eq!(
            difference(&one, &other, false).is_some(),
            difference(&four(&one), &four(&other), true).is_some()
        );
    }
}
