//! A region that takes every connection and never answers, and that nobody has declared lost: what asks it ends in
//! bounded time, and says how to do without.

use std::time::{Duration, Instant};

use crate::bench::{Bench, Ended, in_buckets};
use crate::fence::{UNFENCED, bench, fencing};

/// The longest that a command may take: two waits for the silent region until nobody asks it any more, and what is
/// asked of the others.
const BOUND: Duration = Duration::from_secs(20);

/// A plan of two regions with databases and stores in buckets.
fn silent() -> Bench {
    let bench = bench(&in_buckets(fencing()));
    bench.aws.world().hanging.insert("us-east-1".to_owned());
    bench
}

#[track_caller]
fn within(bench: &Bench, command: &[&str], code: i32, words: &[&str]) -> Ended {
    let began = Instant::now();
    let told = bench.drctl(command).expect(code, words);
    let took = began.elapsed();
    assert!(took < BOUND, "{command:?} took {took:?}: {}", told.said());
    told
}

#[test]
fn status_ends_and_names_the_region_and_how_to_do_without_it() {
    let bench = silent();
    let words = [
        "us-east-1 does not answer",
        "drctl status --lost us-east-1 --plan FILE",
    ];
    within(&bench, &["status"], 0, &words);
    let values = within(&bench, &["status", "--json"], 0, &[]).values();
    assert_eq!(values[0]["silent"][0]["region"], "us-east-1", "{values:?}");
    // Declared lost nobody waits for it.
    let began = Instant::now();
    bench
        .drctl(&["status", "--lost", "us-east-1"])
        .expect(0, &[]);
    assert!(began.elapsed() < Duration::from_secs(3));
}

#[test]
fn assess_ends_and_names_the_region_and_how_to_do_without_it() {
    let bench = silent();
    let words = [
        "us-east-1: does not answer",
        "drctl assess --lost us-east-1 --plan FILE",
    ];
    // The fence of a region that does not answer is in its way.
    within(&bench, &["assess"], 3, &words);
}

#[test]
fn run_ends_and_names_the_region_and_how_to_do_without_it() {
    let bench = silent();
    let run = ["run", "--to", "us-west-2", "--poll", "0.05"];
    within(&bench, &run, 1, &["us-east-1", "--lost us-east-1"]);
    assert!(!bench.switched());
    let lost = [&run[..], UNFENCED].concat();
    within(&bench, &lost, 5, &["switch: done"]);
    assert!(bench.switched());
}
