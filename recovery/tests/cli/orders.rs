//! Who obeys an order: a runner that is alive, or nobody until the execution is resumed.

use serde_json::{Value, json};

use crate::aborts::{killed, waiting};
use crate::bench::{Bench, plan, with_first};

const SKIP: &[&str] = &["skip", "--step", "settle", "--reason", "not today"];
const ORDERS: &[&[&str]] = &[&["pause"], SKIP, &["retry", "--step", "settle"]];

fn begun() -> (Bench, std::process::Child) {
    let bench = Bench::published(&waiting());
    let run = bench.begin(&[]);
    Bench::until("it has begun", || bench.journal("us-west-2").len() >= 2);
    (bench, run)
}

#[test]
fn a_runner_that_is_alive_is_named_with_its_heartbeat() {
    let (bench, mut run) = begun();
    bench.drctl(&["pause"]).expect(
        0,
        &[
            "pause is written down for",
            "its runner arn:aws:iam::123456789012:user/ada is alive (last heartbeat at most 1 s ago)",
        ],
    );
    let value: Value = bench.drctl(&["resume", "--json"]).values().pop().unwrap();
    assert_eq!(value["resumed"], true);
    for order in ORDERS {
        let values = bench.drctl(&[order, &["--json"][..]].concat()).values();
        assert_eq!(values[0]["runner"], "alive", "{values:?}");
        assert_eq!(values[0]["next"], Value::Null);
        assert!(values[0]["heartbeat_seconds"].as_f64() <= Some(1.0));
    }
    bench.drctl(&["abort"]).expect(
        0,
        &["its runner is alive", "user/ada is alive (last heartbeat"],
    );
    assert_eq!(run.wait().unwrap().code(), Some(1));
}

#[test]
fn where_its_runner_was_killed_the_order_is_kept_and_the_line_that_obeys_it_told() {
    let bench = killed(&[]);
    for order in ORDERS {
        let told = bench.drctl(order).expect(
            0,
            &[
                "is written down for",
                "nobody runs this execution now",
                "user/ada held the lock and gave no heartbeat for",
                "the order is kept",
                " by the next: drctl resume ",
                " --plan plan.json",
            ],
        );
        assert!(!told.said().contains("ada is alive"), "{}", told.said());
        let values = bench.drctl(&[order, &["--json"][..]].concat()).values();
        assert_eq!(values[0]["runner"], "gone", "{values:?}");
        let next = values[0]["next"].as_str().unwrap();
        assert!(next.starts_with("drctl resume "), "{next}");
    }
}

#[test]
fn where_nobody_holds_the_lock_it_is_told_at_once() {
    let bench = Bench::published(&plan());
    bench
        .aws
        .world()
        .denied
        .insert("us-west-2 PutObject shop-switch".to_owned());
    bench.run(&[]).expect(1, &["switch: failed"]);
    bench.drctl(&["retry", "--step", "switch"]).expect(
        0,
        &[
            "nobody runs this execution now: nobody holds the lock",
            "drctl resume",
        ],
    );
}

#[test]
fn an_order_to_an_execution_that_is_over_is_refused() {
    let bench = Bench::published(&plan());
    bench.run(&[]).expect(0, &[]);
    for order in [&["pause"] as &[&str], &["retry", "--step", "switch"]] {
        bench
            .drctl(order)
            .expect(2, &["is over: done", "drctl status"]);
        let error = bench.drctl(&[order, &["--json"]].concat()).error();
        assert!(
            error["seen"].as_str().unwrap().contains("is over"),
            "{error}"
        );
    }
    let commands = bench.path("stores/us-west-2/commands");
    assert!(!commands.exists(), "nothing was written");
    assert_eq!(json!(bench.switched()), json!(true));
}

#[test]
fn a_step_that_is_done_cannot_be_left_out() {
    let quick =
        json!({ "name": "quick", "timeout": "1h", "wait": { "duration": "1s", "reason": "r" } });
    let mut plan = with_first(waiting(), quick);
    plan["tiers"]["critical"]["rto"] = json!("3h");
    let bench = Bench::published(&plan);
    let mut run = bench.begin(&[]);
    let done = |file: std::path::PathBuf| {
        let entry = std::fs::read_to_string(file).unwrap_or_default();
        entry.contains("\"quick\"") && entry.contains("\"done\"")
    };
    Bench::until("the first step is done", || {
        bench.journal("us-west-2").into_iter().any(done)
    });
    run.kill().unwrap();
    run.wait().unwrap();
    bench
        .drctl(&["skip", "--step", "quick", "--reason", "by mistake"])
        .expect(2, &["quick of execution", "is done", "cannot be left out"]);
}
