//! Secrets: an original, its replicas, and what a replica does not allow.

use super::{Estate, east, west};
use crate::secrets::{Secret, SecretValue};
use crate::{Aws, Error, ErrorKind, Region};

const NAME: &str = "shop/database";

/// An original in the east with a replica in the west.
fn estate() -> Estate {
    let estate = Estate::new();
    estate.aws.add_secret(&east(), NAME, "old", None);
    estate.aws.add_secret(&west(), NAME, "old", Some(&east()));
    estate
}

fn shown(estate: &Estate, region: &Region) -> Secret {
    let secrets = estate.aws.secrets(region).unwrap();
    estate.clock.drive(secrets.describe(NAME)).unwrap().unwrap()
}

fn write(estate: &Estate, region: &Region, value: &str, token: &str) -> Result<(), Error> {
    let secrets = estate.aws.secrets(region).unwrap();
    let value = SecretValue(value.to_owned());
    estate
        .clock
        .drive(secrets.put_value(NAME, &value, token))
        .unwrap()
}

fn stop(estate: &Estate, region: &Region) -> Result<(), Error> {
    let secrets = estate.aws.secrets(region).unwrap();
    estate.clock.drive(secrets.stop_replication(NAME)).unwrap()
}

fn replicate(estate: &Estate, region: &Region, to: &Region) -> Result<(), Error> {
    let secrets = estate.aws.secrets(region).unwrap();
    let to = std::slice::from_ref(to);
    estate.clock.drive(secrets.replicate(NAME, to)).unwrap()
}

fn is_invalid(answer: Result<(), Error>) -> bool {
    answer.is_err_and(|error| error.kind == ErrorKind::InvalidState)
}

#[test]
fn a_replica_is_neither_written_nor_replicated() {
    let estate = estate();
    assert!(is_invalid(write(&estate, &west(), "new", "t")));
    assert!(is_invalid(replicate(&estate, &west(), &east())));
    let value = estate.aws.secret_value(&west(), NAME);
    assert_eq!(value.as_deref(), Some("old"));
}

#[test]
fn a_replica_stands_alone_a_while_after_replication_was_stopped() {
    let estate = estate();
    stop(&estate, &west()).unwrap();
    assert_eq!(
        shown(&estate, &west()).primary_region,
        Some(east()),
        "as if nothing had happened"
    );
    assert!(is_invalid(stop(&estate, &west())), "not twice");
    estate.pass(15);
    assert_eq!(shown(&estate, &west()).primary_region, None);
    write(&estate, &west(), "new", "t").unwrap();
    let value = estate.aws.secret_value(&west(), NAME);
    assert_eq!(value.as_deref(), Some("new"));
    assert!(is_invalid(stop(&estate, &east())), "the original is none");
}

#[test]
fn a_token_makes_a_repetition_harmless_and_is_for_one_value() {
    let estate = estate();
    write(&estate, &east(), "new", "t").unwrap();
    write(&estate, &east(), "newer", "u").unwrap();
    write(&estate, &east(), "new", "t").unwrap();
    let value = estate.aws.secret_value(&east(), NAME);
    assert_eq!(
        value.as_deref(),
        Some("newer"),
        "a repetition writes nothing"
    );
    assert_eq!(estate.aws.effects("PutSecretValue"), 2);
    assert!(is_invalid(write(&estate, &east(), "another", "t")));
}

#[test]
fn replication_takes_a_while_and_replaces_what_stands_there() {
    let estate = Estate::new();
    estate.aws.add_secret(&west(), NAME, "west", None);
    estate.aws.add_secret(&east(), NAME, "east", None);
    replicate(&estate, &west(), &east()).unwrap();
    let under_way = shown(&estate, &west()).replicas;
    assert_eq!(under_way, [(east(), "InProgress".to_owned())]);
    let before = estate.aws.secret_value(&east(), NAME);
    assert_eq!(before.as_deref(), Some("east"));
    estate.pass(30);
    let done = shown(&estate, &west()).replicas;
    assert_eq!(done, [(east(), "InSync".to_owned())]);
    assert_eq!(shown(&estate, &east()).primary_region, Some(west()));
    let after = estate.aws.secret_value(&east(), NAME);
    assert_eq!(after.as_deref(), Some("west"));
}

#[test]
fn a_value_never_shows() {
    let value = SecretValue("hunter2".to_owned());
    assert!(!format!("{value:?}").contains("hunter2"));
}
