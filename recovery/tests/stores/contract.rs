//! What every store does, whatever it is made of.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use aws::clock::{SystemClock, VirtualClock};
use aws::fake::FakeAws;
use aws::objects::{BucketFacts, ReplicationRule};
use aws::{Aws as _, ErrorKind, Region};
use recovery::document::StorePlace;
use recovery::store::{BucketStore, DirectoryStore, Store};

use crate::world::{START, region, settled};

/// A store of each sort, with what it lives in.
struct Subject {
    name: &'static str,
    store: Arc<dyn Store>,
    tags_are_new: bool,
    _home: Option<tempfile::TempDir>,
}

fn bucket(kms_key: Option<&str>) -> Arc<dyn Store> {
    let clock = VirtualClock::starting_at(START.parse().unwrap());
    let aws = FakeAws::new(Arc::new(clock));
    let home = region("us-west-2");
    aws.add_bucket(&home, "dr");
    aws.set_object(&home, "dr", "other/lock", Some(b"not ours".to_vec()));
    let objects = aws.objects(&home).unwrap();
    let key = kms_key.map(str::to_owned);
    Arc::new(BucketStore::new(
        home,
        objects,
        "dr".into(),
        "plans/orders".into(),
        key,
    ))
}

fn subjects() -> Vec<Subject> {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("made/by/the/first/write");
    let directory = DirectoryStore::new(region("us-west-2"), root, Arc::new(SystemClock::new()));
    let bucket = |name, kms_key, tags_are_new| Subject {
        name,
        store: bucket(kms_key),
        tags_are_new,
        _home: None,
    };
    vec![
        bucket("bucket", None, false),
        bucket("bucket with a key", Some("alias/dr"), true),
        Subject {
            name: "directory",
            store: Arc::new(directory),
            tags_are_new: true,
            _home: Some(home),
        },
    ]
}

fn refused<T>(answer: Result<T, aws::Error>) -> ErrorKind {
    answer.err().expect("a refusal").kind
}

#[test]
fn what_is_created_is_read_and_nothing_is_created_twice() {
    for Subject { name, store, .. } in subjects() {
        assert_eq!(settled(store.get("lock")).unwrap(), None, "{name}");
        let kept = settled(store.create("lock", b"mine")).unwrap();
        let second = refused(settled(store.create("lock", b"theirs")));
        assert_eq!(second, ErrorKind::PreconditionFailed, "{name}");
        let there = settled(store.get("lock")).unwrap().unwrap();
        assert_eq!(there.body, b"mine", "{name}");
        assert_eq!(there.etag, kept.etag, "{name}");
        assert!(kept.date.is_some() && there.date.is_some(), "{name}");
    }
}

#[test]
fn a_replacement_holds_only_while_nothing_changed() {
    for Subject { name, store, .. } in subjects() {
        let absent = refused(settled(store.replace("epoch", b"1", "\"x\"")));
        assert_eq!(absent, ErrorKind::PreconditionFailed, "{name}");
        let first = settled(store.put("epoch", b"1")).unwrap();
        let second = settled(store.replace("epoch", b"2", &first.etag)).unwrap();
        assert_ne!(first.etag, second.etag, "{name}");
        let late = refused(settled(store.replace("epoch", b"3", &first.etag)));
        assert_eq!(late, ErrorKind::PreconditionFailed, "{name}");
        settled(store.put("epoch", b"4")).unwrap();
        let after_put = refused(settled(store.replace("epoch", b"5", &second.etag)));
        assert_eq!(after_put, ErrorKind::PreconditionFailed, "{name}");
        assert_eq!(
            settled(store.get("epoch")).unwrap().unwrap().body,
            b"4",
            "{name}"
        );
    }
}

#[test]
fn a_removal_holds_only_while_nothing_changed_and_what_is_gone_can_be_created() {
    for Subject { name, store, .. } in subjects() {
        settled(store.remove("lock", "\"x\"")).unwrap();
        let first = settled(store.create("lock", b"1")).unwrap();
        let second = settled(store.replace("lock", b"2", &first.etag)).unwrap();
        let late = refused(settled(store.remove("lock", &first.etag)));
        assert_eq!(late, ErrorKind::PreconditionFailed, "{name}");
        settled(store.remove("lock", &second.etag)).unwrap();
        settled(store.remove("lock", &second.etag)).unwrap();
        assert_eq!(settled(store.get("lock")).unwrap(), None, "{name}");
        settled(store.create("lock", b"3")).unwrap();
    }
}

#[test]
fn the_same_bytes_again_are_noticed_where_tags_are_new() {
    for subject in subjects() {
        let (name, store) = (subject.name, subject.store);
        let first = settled(store.create("x", b"A")).unwrap();
        let second = settled(store.replace("x", b"B", &first.etag)).unwrap();
        let third = settled(store.replace("x", b"A", &second.etag)).unwrap();
        settled(store.remove("x", &third.etag)).unwrap();
        let fourth = settled(store.create("x", b"A")).unwrap();
        let tags = [first.etag, third.etag, fourth.etag];
        let new = tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2];
        assert_eq!(new, subject.tags_are_new, "{name}: {tags:?}");
    }
}

#[test]
fn keys_are_listed_in_order_and_only_those_of_the_store() {
    for Subject { name, store, .. } in subjects() {
        assert_eq!(
            settled(store.list("")).unwrap(),
            Vec::<String>::new(),
            "{name}"
        );
        for key in [
            "executions/e1/0002.json",
            "executions/e1/0001.json",
            "executions/e10/0001.json",
            "lock",
        ] {
            settled(store.create(key, b"x")).unwrap();
        }
        settled(store.put("lock", b"changed")).unwrap();
        let all = [
            "executions/e1/0001.json",
            "executions/e1/0002.json",
            "executions/e10/0001.json",
            "lock",
        ];
        assert_eq!(settled(store.list("")).unwrap(), all, "{name}");
        assert_eq!(
            settled(store.list("executions/e1/")).unwrap(),
            all[..2],
            "{name}"
        );
        assert_eq!(
            settled(store.list("executions/e1")).unwrap(),
            all[..3],
            "{name}"
        );
        assert_eq!(settled(store.list("exec")).unwrap(), all[..3], "{name}");
        assert_eq!(
            settled(store.list("nothing/")).unwrap(),
            Vec::<String>::new(),
            "{name}"
        );
    }
}

#[test]
fn of_many_threads_that_create_exactly_one_wins() {
    for Subject { name, store, .. } in subjects() {
        let start = Arc::new(Barrier::new(16));
        let threads: Vec<_> = (0..16_u8)
            .map(|number| {
                let (store, start) = (store.clone(), start.clone());
                std::thread::spawn(move || {
                    start.wait();
                    settled(store.create("lock", &[number]))
                        .is_ok()
                        .then_some(number)
                })
            })
            .collect();
        let winners: Vec<u8> = threads
            .into_iter()
            .filter_map(|it| it.join().unwrap())
            .collect();
        assert_eq!(winners.len(), 1, "{name}: {winners:?}");
        let body = settled(store.get("lock")).unwrap().unwrap().body;
        assert_eq!(body, winners, "{name}");
    }
}

#[test]
fn counting_by_many_threads_loses_no_count() {
    for Subject { name, store, .. } in subjects() {
        settled(store.create("count", b"0")).unwrap();
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                std::thread::spawn(move || {
                    for _ in 0..10 {
                        loop {
                            let there = settled(store.get("count")).unwrap().unwrap();
                            let count: u32 =
                                String::from_utf8(there.body).unwrap().parse().unwrap();
                            let next = (count + 1).to_string();
                            if settled(store.replace("count", next.as_bytes(), &there.etag)).is_ok()
                            {
                                break;
                            }
                        }
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(
            settled(store.get("count")).unwrap().unwrap().body,
            b"80",
            "{name}"
        );
    }
}

#[test]
fn two_directory_stores_of_one_place_see_each_other_like_two_processes() {
    let home = tempfile::tempdir().unwrap();
    let clock = Arc::new(SystemClock::new());
    let open = || DirectoryStore::new(region("us-west-2"), home.path(), clock.clone());
    let (one, other) = (open(), open());
    let first = settled(one.create("lock", b"1")).unwrap();
    settled(other.replace("lock", b"2", &first.etag)).unwrap();
    let late = refused(settled(one.replace("lock", b"3", &first.etag)));
    assert_eq!(late, ErrorKind::PreconditionFailed);
}

#[test]
fn keys_that_lead_out_of_the_directory_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("store");
    let store = DirectoryStore::new(region("us-west-2"), &root, Arc::new(SystemClock::new()));
    settled(store.create("lock", b"x")).unwrap();
    for key in [
        "../lock",
        "/etc/passwd",
        "a//b",
        "a/../b",
        ".changes/lock",
        "",
        "a\0b",
    ] {
        assert!(settled(store.create(key, b"x")).is_err(), "{key:?}");
        assert!(settled(store.get(key)).is_err(), "{key:?}");
    }
    assert!(settled(store.list("../")).is_err());
    assert!(!home.path().join("lock").exists());
}

#[test]
fn a_place_that_cannot_be_written_is_told_readably_and_is_unfit() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("a-file");
    std::fs::write(&file, "x").unwrap();
    let store = DirectoryStore::new(
        region("us-west-2"),
        file.join("store"),
        Arc::new(SystemClock::new()),
    );
    let error = settled(store.create("lock", b"x")).unwrap_err();
    assert!(
        error.message.contains("a-file/store") && error.message.contains("may write"),
        "{error}"
    );
    assert!(
        settled(store.unfit())
            .unwrap()
            .unwrap()
            .contains("a-file/store")
    );
}

#[test]
fn a_bucket_is_unfit_without_versions_or_with_its_prefix_replicated() {
    let clock = Arc::new(VirtualClock::starting_at(START.parse().unwrap()));
    let aws = FakeAws::new(clock.clone());
    let home = region("us-west-2");
    let rule = |prefix: &str, enabled| ReplicationRule {
        id: "copy".into(),
        enabled,
        prefix: prefix.into(),
        destination: "arn:aws:s3:::elsewhere".into(),
        delete_markers: false,
    };
    let cases: [(bool, Vec<ReplicationRule>, Option<&str>); 8] = [
        (true, vec![], None),
        (false, vec![], Some("versioning")),
        (
            true,
            vec![rule("", true)],
            Some("replication rule \"copy\""),
        ),
        (true, vec![rule("plans/", true)], Some("elsewhere")),
        (
            true,
            vec![rule("plans/orders/executions/", true)],
            Some("elsewhere"),
        ),
        (true, vec![rule("plans/orders", true)], Some("elsewhere")),
        (true, vec![rule("plans/", false)], None),
        (true, vec![rule("plans/billing/", true)], None),
    ];
    for (versioned, rules, why) in cases {
        let facts = BucketFacts {
            versioned,
            rules,
            lock_days: None,
        };
        aws.set_bucket(&home, "dr", facts.clone());
        let place = StorePlace::Bucket {
            bucket: "dr".into(),
            prefix: "plans/orders/".into(),
            kms_key: None,
        };
        let store = recovery::store::open(&home, &place, &aws, clock.clone()).unwrap();
        assert_eq!(store.place(), "s3://dr/plans/orders/");
        let unfit = settled(store.unfit()).unwrap();
        match why {
            None => assert_eq!(unfit, None, "{facts:?}"),
            Some(why) => assert!(
                unfit.as_ref().is_some_and(|it| it.contains(why)),
                "{unfit:?} {facts:?}"
            ),
        }
    }
}

#[test]
fn a_missing_bucket_is_an_error_and_not_an_absent_key() {
    let clock = VirtualClock::starting_at(START.parse().unwrap());
    let aws = FakeAws::new(Arc::new(clock));
    let home: Region = region("us-west-2");
    let objects = aws.objects(&home).unwrap();
    let store = BucketStore::new(home, objects, "none".into(), String::new(), None);
    assert_eq!(refused(settled(store.get("lock"))), ErrorKind::NotFound);
    assert_eq!(
        refused(settled(store.replace("lock", b"", "\"x\""))),
        ErrorKind::NotFound
    );
    assert_eq!(
        refused(settled(store.remove("lock", "\"x\""))),
        ErrorKind::NotFound
    );
}

#[test]
fn the_dates_of_a_directory_are_the_clocks() {
    let clock = VirtualClock::starting_at(START.parse().unwrap());
    let home = tempfile::tempdir().unwrap();
    let store = DirectoryStore::new(region("us-west-2"), home.path(), Arc::new(clock.clone()));
    clock.advance(Duration::from_secs(5));
    let kept = settled(store.create("lock", b"x")).unwrap();
    assert_eq!(kept.date, Some("2026-08-01T12:00:05Z".parse().unwrap()));
}
