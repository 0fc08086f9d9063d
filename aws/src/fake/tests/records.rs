//! Records of Route 53: one control plane, whatever region asks.

use super::{Estate, east, west};
use crate::route53::{RecordSet, Routing};
use crate::{Aws, Error, ErrorKind};

const ZONE: &str = "Z1";
const NAME: &str = "shop.example.com.";

fn set(identifier: &str, weight: u32) -> RecordSet {
    RecordSet {
        name: NAME.to_owned(),
        kind: "A".to_owned(),
        set_identifier: identifier.to_owned(),
        routing: Routing::Weighted(weight),
        ttl: Some(60),
        values: vec!["192.0.2.1".to_owned()],
        alias: None,
        health_check: None,
    }
}

fn estate() -> Estate {
    let estate = Estate::new();
    estate.aws.add_record(ZONE, set("east", 100));
    estate.aws.add_record(ZONE, set("west", 0));
    let mut other = set("east", 100);
    other.kind = "AAAA".to_owned();
    estate.aws.add_record(ZONE, other);
    estate
}

fn weights(estate: &Estate) -> Vec<(String, Routing)> {
    let records = estate.aws.records(&west()).unwrap();
    let sets = estate.clock.drive(records.list(ZONE, NAME, "A")).unwrap();
    let mut weights: Vec<_> = sets
        .unwrap()
        .into_iter()
        .map(|set| (set.set_identifier, set.routing))
        .collect();
    weights.sort_by(|a, b| a.0.cmp(&b.0));
    weights
}

fn upsert(estate: &Estate, zone: &str, sets: &[RecordSet]) -> Result<String, Error> {
    let records = estate.aws.records(&east()).unwrap();
    estate.clock.drive(records.upsert(zone, sets)).unwrap()
}

fn in_sync(estate: &Estate, change: &str) -> Result<bool, Error> {
    let records = estate.aws.records(&west()).unwrap();
    estate.clock.drive(records.in_sync(change)).unwrap()
}

#[test]
fn a_change_shows_at_once_in_every_region_and_is_in_sync_later() {
    let estate = estate();
    let change = upsert(&estate, ZONE, &[set("east", 0), set("west", 100)]).unwrap();
    let expected = [
        ("east".to_owned(), Routing::Weighted(0)),
        ("west".to_owned(), Routing::Weighted(100)),
    ];
    assert_eq!(weights(&estate), expected);
    assert!(!in_sync(&estate, &change).unwrap());
    estate.pass(40);
    assert!(in_sync(&estate, &change).unwrap());
}

#[test]
fn the_same_change_again_is_a_change_of_its_own_without_effect() {
    let estate = estate();
    let sets = [set("east", 0), set("west", 100)];
    let first = upsert(&estate, ZONE, &sets).unwrap();
    estate.pass(40);
    let again = upsert(&estate, ZONE, &sets).unwrap();
    assert_ne!(first, again);
    assert!(in_sync(&estate, &first).unwrap());
    assert!(!in_sync(&estate, &again).unwrap());
    assert_eq!(estate.aws.effects("ChangeResourceRecordSets"), 1);
    assert_eq!(weights(&estate).len(), 2, "sets are replaced, not added");
}

#[test]
fn an_unknown_zone_or_change_is_not_found() {
    let estate = estate();
    for answer in [
        upsert(&estate, "Z2", &[set("east", 0)]).map(|_| ()),
        in_sync(&estate, "/change/C1").map(|_| ()),
        in_sync(&estate, "/change/C0").map(|_| ()),
    ] {
        assert_eq!(answer.unwrap_err().kind, ErrorKind::NotFound);
    }
}
