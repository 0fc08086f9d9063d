//! Executions that somebody ends: while they run, and after their runner is gone.

use serde_json::{Value, json};

use crate::bench::{Bench, Ended, ended, plan, with_first};

pub(crate) const RESUME: &[&str] = &["resume", "--poll", "0.05", "--heartbeat", "1"];

pub(crate) fn waiting() -> Value {
    with_first(
        plan(),
        json!({ "name": "settle", "timeout": "2h", "wait": { "duration": "1h", "reason": "r" } }),
    )
}

/// A failover whose process was killed in the middle of its first step.
pub(crate) fn killed(more: &[&str]) -> Bench {
    let bench = Bench::published(&waiting());
    let mut run = bench.begin(more);
    Bench::until("it has begun", || bench.journal("us-west-2").len() >= 2);
    run.kill().unwrap();
    run.wait().unwrap();
    bench
}

fn end(bench: &Bench) -> Value {
    let status = bench.drctl(&["status", "--json"]);
    status.values()[1]["end"].clone()
}

/// Nothing goes on with it any more, and its journal holds.
fn is_over(bench: &Bench) {
    assert_eq!(end(bench), "aborted");
    bench.drctl(&["verify"]).expect(0, &["ok"]);
    for region in ["us-east-1", "us-west-2"] {
        let lock = bench.path(&format!("stores/{region}/lock"));
        assert!(!lock.exists(), "{region}");
    }
    let before = bench.journal("us-west-2").len();
    bench
        .drctl(RESUME)
        .expect(2, &["was aborted", "begin another one with drctl run"]);
    assert_eq!(bench.journal("us-west-2").len(), before);
    assert!(!bench.switched());
}

#[test]
fn an_execution_whose_runner_was_killed_is_ended_and_never_gone_on_with() {
    let bench = killed(&[]);
    assert_eq!(end(&bench), Value::Null);
    // Its lock is there still, and status tells whose it is.
    bench.drctl(&["status"]).expect(
        0,
        &[
            "no end is written",
            "is held by arn:aws:iam::123456789012:user/ada for execution",
            "a runner that is gone is taken over by drctl resume",
        ],
    );
    bench
        .drctl(&["abort", "--lost", "us-west-2"])
        .expect(1, &["which is declared lost", "to another region"]);
    let told: Ended = bench.drctl(&["abort", "--reason", "a false alarm"]).expect(
        0,
        &[
            "gave no heartbeat",
            "nobody was running it",
            "settle: running",
            "active region: us-east-1",
        ],
    );
    assert!(told.said().contains("user/ada"), "{}", told.said());
    is_over(&bench);
    // The last entry says who and why.
    let last = bench.journal("us-west-2").pop().unwrap();
    let last: Value = serde_json::from_slice(&std::fs::read(last).unwrap()).unwrap();
    assert_eq!(
        (&last["phase"], &last["outcome"], &last["decision"]),
        (&json!("ended"), &json!("aborted"), &json!("a false alarm"))
    );
    assert_eq!(last["actor"], "arn:aws:iam::123456789012:user/ada");
    bench.drctl(&["abort"]).expect(0, &["was aborted before"]);
}

#[test]
fn an_execution_that_ended_refused_or_failed_is_ended_by_abort_and_another_one_begins() {
    let bench = Bench::published(&plan());
    let denied = "us-west-2 PutObject shop-switch".to_owned();
    bench.aws.world().denied.insert(denied);
    bench.run(&[]).expect(1, &["switch: failed"]);
    assert_eq!(end(&bench), "failed");
    let values = bench.drctl(&["abort", "--json"]).expect(0, &[]).values();
    let last = values.last().unwrap();
    assert_eq!(
        (&last["end"], &last["active"]),
        (&json!("aborted"), &json!("us-east-1"))
    );
    assert_eq!(last["steps"][0]["standing"], "failed");
    is_over(&bench);
    bench.aws.world().denied.clear();
    bench.run(&[]).expect(0, &["done: 1 of 1 steps done"]);
    // What came to its end cannot be ended.
    bench.drctl(&["abort"]).expect(2, &["is over: done"]);
    assert_eq!(end(&bench), "done");
}

#[test]
fn a_runner_that_is_alive_is_told_to_end_and_does() {
    let bench = Bench::published(&waiting());
    let run = bench.begin(&[]);
    Bench::until("it has begun", || bench.journal("us-west-2").len() >= 2);
    bench
        .drctl(&["abort", "--reason", "a false alarm"])
        .expect(0, &["its runner is alive", "abort is written down for"]);
    let ended = ended(run).expect(1, &["ended by", "aborted", "drctl run"]);
    assert!(!ended.said().contains("drctl resume"), "{}", ended.said());
    is_over(&bench);
}

#[test]
fn a_store_that_was_declared_lost_is_not_asked_for_the_end() {
    let bench = killed(&["--lost", "us-east-1"]);
    let _none = std::fs::remove_dir_all(bench.path("stores/us-east-1"));
    bench
        .drctl(&["abort"])
        .expect(0, &["nobody was running it"]);
    assert!(!bench.path("stores/us-east-1").exists());
    assert_eq!(end(&bench), "aborted");
}

#[test]
fn orders_that_were_given_while_nobody_ran_it_are_obeyed_before_anything_is_begun() {
    let bench = killed(&[]);
    bench
        .drctl(&["skip", "--step", "settle", "--reason", "not today"])
        .expect(0, &["skip settle is written down"]);
    bench
        .drctl(&["pause"])
        .expect(0, &["pause is written down"]);
    // Whoever resumes it means it to go on.
    bench.drctl(RESUME).expect(
        0,
        &[
            "was paused, and goes on",
            "paused by",
            "lets it go on",
            "settle is skipped by",
            "switch: done",
        ],
    );
    assert!(bench.switched());
}

fn executions(bench: &Bench) -> usize {
    let folder = bench.path("stores/us-west-2/executions");
    std::fs::read_dir(folder).unwrap().count()
}

fn skip(bench: &Bench, step: &str) {
    bench
        .drctl(&["skip", "--step", step, "--reason", "tried by hand"])
        .expect(0, &[step]);
}

#[test]
fn a_run_whose_process_was_killed_is_gone_on_with_by_the_next_run() {
    let bench = killed(&[]);
    let mut again = bench.begin(&[]);
    let before = bench.journal("us-west-2").len();
    Bench::until("it goes on", || bench.journal("us-west-2").len() > before);
    skip(&bench, "settle");
    assert!(again.wait().unwrap().success());
    assert_eq!(executions(&bench), 1);
    assert!(bench.switched());
    // What is complete is not gone on with: the next one is refused by the world.
    bench.run(&[]).expect(2, &["us-west-2 is active already"]);
}

#[test]
fn an_execution_whose_writer_was_skipped_does_not_end_done_without_one() {
    let bench = Bench::published(&waiting());
    let mut run = bench.begin(&[]);
    Bench::until("it has begun", || bench.journal("us-west-2").len() >= 2);
    skip(&bench, "switch");
    skip(&bench, "settle");
    assert_eq!(run.wait().unwrap().code(), Some(1));
    assert!(!bench.switched());
    assert_eq!(end(&bench), "failed");
    let status = bench.drctl(&["status", "--json"]);
    assert_eq!(status.values()[0]["epoch"], Value::Null);
}

#[test]
fn a_reprotect_towards_another_region_than_the_active_one_changes_nothing() {
    let bench = Bench::published(&plan());
    bench.run(&[]).expect(0, &["epoch 1 is completed"]);
    let begun = executions(&bench);
    bench
        .drctl(&["run", "--to", "us-east-1", "--mode", "reprotect"])
        .expect(
            2,
            &[
                "us-west-2 is active, not us-east-1",
                "--mode reprotect --to us-west-2",
            ],
        );
    assert_eq!(executions(&bench), begun);
    assert!(bench.switched());
}
