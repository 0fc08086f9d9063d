//! Conditional writes of S3.

use super::{Estate, east, west};
use crate::objects::{Condition, Written};
use crate::{Aws, Error, ErrorKind};

const BUCKET: &str = "dr-west";

fn estate() -> Estate {
    let estate = Estate::new();
    estate.aws.add_bucket(&west(), BUCKET);
    estate
}

fn put(estate: &Estate, body: &str, condition: Condition) -> Result<Written, Error> {
    keyed(estate, body, condition, None)
}

fn keyed(
    estate: &Estate,
    body: &str,
    condition: Condition,
    key: Option<&str>,
) -> Result<Written, Error> {
    let objects = estate.aws.objects(&west()).unwrap();
    let write = objects.put(BUCKET, "lock", body.into(), condition, key);
    estate.clock.drive(write).unwrap()
}

fn delete(estate: &Estate, etag: Option<&str>) -> Result<(), Error> {
    let objects = estate.aws.objects(&west()).unwrap();
    estate
        .clock
        .drive(objects.delete(BUCKET, "lock", etag))
        .unwrap()
}

fn body(estate: &Estate) -> Option<String> {
    let body = estate.aws.object(&west(), BUCKET, "lock")?;
    Some(String::from_utf8(body).unwrap())
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> (ErrorKind, String) {
    let error = answer.expect_err("it must be refused");
    (error.kind, error.code.unwrap_or_default())
}

#[test]
fn a_write_whose_condition_does_not_hold_changes_nothing() {
    let estate = estate();
    let first = put(&estate, "one", Condition::Absent).unwrap();
    let precondition = (
        ErrorKind::PreconditionFailed,
        "PreconditionFailed".to_owned(),
    );
    assert_eq!(
        refused(put(&estate, "two", Condition::Absent)),
        precondition
    );
    let other = Condition::Unchanged("\"other\"".to_owned());
    assert_eq!(refused(put(&estate, "two", other)), precondition);
    assert_eq!(refused(delete(&estate, Some("\"other\""))), precondition);
    assert_eq!(body(&estate).as_deref(), Some("one"));

    put(&estate, "two", Condition::Unchanged(first.etag.clone())).unwrap();
    assert_eq!(body(&estate).as_deref(), Some("two"));
    assert_eq!(
        refused(put(&estate, "three", Condition::Unchanged(first.etag))),
        precondition,
        "its tag is used up"
    );
}

#[test]
fn a_write_over_an_object_that_is_gone_finds_none() {
    let estate = estate();
    let gone = (ErrorKind::NotFound, "NoSuchKey".to_owned());
    let unchanged = Condition::Unchanged("\"any\"".to_owned());
    assert_eq!(refused(put(&estate, "one", unchanged)), gone);
    assert_eq!(refused(delete(&estate, Some("\"any\""))), gone);
    delete(&estate, None).expect("deleting nothing is no error");
    assert_eq!(body(&estate), None);
}

#[test]
fn the_same_bytes_have_the_same_tag_unless_they_are_encrypted_with_a_key() {
    let estate = estate();
    let tag = |key| keyed(&estate, "same", Condition::Always, key).unwrap().etag;
    assert_eq!(tag(None), tag(None));
    assert_ne!(tag(Some("key")), tag(Some("key")));
}

#[test]
fn conflicts_hit_conditional_writes_only_and_write_nothing() {
    let estate = estate();
    estate.aws.set_conflicts(100, 1);
    let conflict = (ErrorKind::Conflict, "ConditionalRequestConflict".to_owned());
    assert_eq!(refused(put(&estate, "one", Condition::Absent)), conflict);
    assert_eq!(body(&estate), None);
    put(&estate, "one", Condition::Always).unwrap();
    assert_eq!(body(&estate).as_deref(), Some("one"));
}

#[test]
fn a_bucket_lies_in_one_region_and_its_clock_has_whole_seconds() {
    let estate = estate();
    estate.clock.advance(std::time::Duration::from_millis(1500));
    let written = put(&estate, "one", Condition::Always).unwrap();
    assert_eq!(written.date, Some(super::at("12:00:01")));
    let elsewhere = estate.aws.objects(&east()).unwrap();
    let read = estate.clock.drive(elsewhere.get(BUCKET, "lock")).unwrap();
    assert_eq!(refused(read).1, "NoSuchBucket");
}

#[test]
fn keys_under_a_prefix_come_in_order() {
    let estate = estate();
    for key in ["a/2", "b/1", "a/10", "a"] {
        estate
            .aws
            .set_object(&west(), BUCKET, key, Some(Vec::new()));
    }
    let objects = estate.aws.objects(&west()).unwrap();
    let keys = estate.clock.drive(objects.list(BUCKET, "a/")).unwrap();
    assert_eq!(keys.unwrap(), ["a/10", "a/2"]);
}
