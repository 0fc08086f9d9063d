//! Journals as looks read them: one listing of each store, the longest journal alone, and what came to an end once.

use std::collections::BTreeSet;

use aws::fake::Call;
use aws::faults::Schedule;
use recovery::engine::Surroundings;

use crate::estate::{Estate, east, west};

/// An estate in which an execution came to its end while every region answered, and its id.
fn executed() -> (Estate, String) {
    // A call takes a while, so that looks at once meet.
    let estate = Estate::new(Schedule {
        latency_millis: 20..=20,
        ..Schedule::calm()
    });
    estate.prepare();
    let order = recovery::engine::Order {
        lost: BTreeSet::new(),
        lost_at: None,
        ..estate.failover()
    };
    let done = estate.run(&order).expect("it begins");
    assert!(done.stale_stores.is_empty(), "{done:#?}");
    (estate, done.id)
}

/// The journal of an execution as these surroundings read it, and the calls that it took.
fn read(estate: &Estate, around: &Surroundings, id: &str) -> (Vec<String>, Vec<Call>) {
    let before = estate.fake.calls().len();
    let record = estate.clock.drive(around.record(id)).expect("it ends");
    let entries = record.expect("it is there").entries;
    let texts = entries.into_iter();
    let texts = texts.map(|it| String::from_utf8(it.bytes).expect("text"));
    (texts.collect(), estate.fake.calls_since(before))
}

fn gets(calls: &[Call]) -> Vec<(String, String)> {
    let gets = calls.iter().filter(|call| call.operation == "GetObject");
    gets.map(|call| (call.region.to_string(), call.id.clone()))
        .collect()
}

/// Takes entries out of a store, from this number on.
fn cut(estate: &Estate, region: &aws::Region, id: &str, from: u32) {
    let bucket = format!("moleculeflow-dr-{region}");
    for number in from..100 {
        let key = format!("failover/executions/{id}/{number:04}.json");
        estate.fake.set_object(region, &bucket, &key, None);
    }
}

#[test]
fn of_two_copies_the_longer_one_is_read_and_no_other() {
    let (estate, id) = executed();
    let around = estate.around(&BTreeSet::new());
    let (whole, _) = read(&estate, &around, &id);
    for (short, long) in [(east(), west()), (west(), east())] {
        let (estate, id) = executed();
        cut(&estate, &short, &id, 3);
        let around = estate.around(&BTreeSet::new());
        let (entries, calls) = read(&estate, &around, &id);
        assert_eq!(entries.len(), whole.len());
        let from: BTreeSet<String> = gets(&calls).into_iter().map(|(region, _)| region).collect();
        assert_eq!(from, BTreeSet::from([long.to_string()]));
        let lists = calls.iter().filter(|it| it.operation == "ListObjectsV2");
        assert_eq!(lists.count(), 2, "one for each store");
    }
}

#[test]
fn what_came_to_an_end_is_read_once_and_what_was_cut_off_or_added_shows() {
    let (estate, id) = executed();
    let around = estate.around(&BTreeSet::new());
    let (first, calls) = read(&estate, &around, &id);
    assert_eq!(gets(&calls).len(), first.len());
    let (again, calls) = read(&estate, &around, &id);
    assert_eq!((again, gets(&calls)), (first.clone(), Vec::new()));
    // Somebody cuts its end off everywhere: it is no longer what was read before.
    for region in [east(), west()] {
        cut(&estate, &region, &id, 3);
    }
    let (cut_off, calls) = read(&estate, &around, &id);
    assert_eq!((cut_off.len(), gets(&calls).len()), (2, 2));
    // Without an end it is under way, and read anew each time.
    let (_, calls) = read(&estate, &around, &id);
    assert_eq!(gets(&calls).len(), 2);
}

#[test]
fn two_looks_at_once_read_it_once() {
    let (estate, id) = executed();
    let around = estate.around(&BTreeSet::new());
    let before = estate.fake.calls().len();
    let both = async { tokio::join!(around.record(&id), around.records(9)) };
    let (one, all) = estate.clock.drive(both).expect("it ends");
    let entries = one.expect("it is there").entries.len();
    assert_eq!(all.expect("listed").len(), 1);
    let calls = estate.fake.calls_since(before);
    assert_eq!(gets(&calls).len(), entries);
}

#[test]
fn a_broken_journal_is_read_anew_until_it_is_mended() {
    let (estate, id) = executed();
    let key = format!("failover/executions/{id}/0002.json");
    let bucket = format!("moleculeflow-dr-{}", west());
    let kept = estate.fake.object(&west(), &bucket, &key);
    for region in [east(), west()] {
        let bucket = format!("moleculeflow-dr-{region}");
        let body = Some(b"{}".to_vec());
        estate.fake.set_object(&region, &bucket, &key, body);
    }
    let around = estate.around(&BTreeSet::new());
    let broken = estate.clock.drive(around.record(&id)).expect("it ends");
    assert!(broken.is_err());
    estate.fake.set_object(&west(), &bucket, &key, kept.clone());
    cut(&estate, &east(), &id, 1);
    let mended = estate.clock.drive(around.record(&id)).expect("it ends");
    assert!(mended.is_ok());
}

#[test]
fn a_store_that_answers_no_reads_leaves_the_journal_to_the_other() {
    let (estate, id) = executed();
    estate.faulty.lose(&west());
    let around = estate.around(&BTreeSet::new());
    let record = estate.clock.drive(around.record(&id)).expect("it ends");
    assert_eq!(record.expect("the east has it").id, id);
}

#[test]
fn where_every_region_is_declared_lost_it_is_said_that_nobody_was_asked() {
    let (estate, id) = executed();
    let around = estate.around(&BTreeSet::from([east(), west()]));
    let past = estate.clock.drive(around.past()).expect("it ends");
    let record = estate.clock.drive(around.record(&id)).expect("it ends");
    for message in [past.unwrap_err(), record.unwrap_err()] {
        assert!(
            message
                .seen
                .contains("declared lost (us-east-1, us-west-2)"),
            "{message}"
        );
        assert!(message.next.contains("DR_LOST_REGIONS"), "{message}");
    }
}
