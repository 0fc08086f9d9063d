//! The old writer is fenced when its region is back, by a command of its own.

use serde_json::{Value, json};

use crate::bench::{Bench, ended, plan, with_first};
use crate::server::Database;

/// A plan that fences by stopping, before the switch.
fn fencing() -> Value {
    with_first(
        plan(),
        json!({ "name": "fence", "tier": "critical", "fence_database": {
            "instances": { "us-east-1": "shop", "us-west-2": "shop-west" }, "by": "stop" } }),
    )
}

/// Production in the first region; the other one's database was promoted by epoch 1 already.
fn bench(plan: &Value) -> Bench {
    let bench = Bench::published(plan);
    let available = |epoch| Database {
        status: "available".to_owned(),
        source: None,
        epoch,
    };
    let mut world = bench.aws.world();
    let place = |region: &str, id: &str| (region.to_owned(), id.to_owned());
    world
        .databases
        .insert(place("us-east-1", "shop"), available(None));
    world
        .databases
        .insert(place("us-west-2", "shop-west"), available(Some(1)));
    drop(world);
    bench
}

const UNFENCED: &[&str] = &[
    "--lost",
    "us-east-1",
    "--accept",
    "unfenced",
    "--reason",
    "it is gone",
];
const FENCE: &[&str] = &["fence", "--poll", "0.05", "--heartbeat", "1"];

fn stopped(bench: &Bench) -> bool {
    let asked = bench.aws.world().asked.clone();
    asked.iter().any(|it| it == "us-east-1 StopDBInstance shop")
}

#[test]
fn fence_closes_what_a_failover_left_open_and_runs_nothing_else() {
    let bench = bench(&fencing());
    bench
        .run(&["--lost", "us-east-1"])
        .expect(3, &["fence: refused", "declared lost"]);
    assert!(!bench.switched());
    bench
        .drctl(&[&["resume", "--poll", "0.05", "--heartbeat", "1"], UNFENCED].concat())
        .expect(5, &["drctl fence"]);
    bench
        .drctl(&["status", "--lost", "us-east-1"])
        .expect(0, &["unfenced: nobody has proved"]);
    // It is back, and somebody turned the switch off: fencing leaves that alone.
    bench
        .aws
        .world()
        .objects
        .buckets
        .get_mut("shop-switch")
        .unwrap()
        .objects
        .clear();
    bench
        .drctl(FENCE)
        .expect(0, &["fence: done", "done: 1 of 1 steps done"]);
    assert!(stopped(&bench));
    assert!(!bench.switched());
    let values = bench.drctl(&["status", "--json"]).values();
    assert_eq!(values[0]["unfenced"], Value::Null);
    let evidence = bench.drctl(&["report", "--json"]).stdout;
    let evidence: Value = serde_json::from_str(&evidence).unwrap();
    let steps: Vec<&Value> = evidence["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["step"])
        .collect();
    assert_eq!(steps, ["fence"]);
    bench.drctl(&["verify"]).expect(0, &[]);
}

#[test]
fn a_region_that_is_not_back_is_not_fenced() {
    let bench = bench(&fencing());
    bench.run(UNFENCED).expect(5, &[]);
    bench
        .aws
        .world()
        .denied
        .insert("us-east-1 DescribeDBInstances".to_owned());
    bench
        .drctl(FENCE)
        .expect(3, &["fence: refused", "could not be observed"]);
    assert!(!stopped(&bench));
    let values = bench.drctl(&["status", "--json"]).values();
    assert!(values[0]["unfenced"].is_string(), "{values:?}");
    // What was refused is gone on with as what it was: a fence alone.
    bench.aws.world().denied.clear();
    bench
        .aws
        .world()
        .objects
        .buckets
        .get_mut("shop-switch")
        .unwrap()
        .objects
        .clear();
    bench
        .drctl(&["resume", "--poll", "0.05", "--heartbeat", "1"])
        .expect(0, &["1 of 1 steps done"]);
    assert!(stopped(&bench) && !bench.switched());
}

#[test]
fn the_active_writer_is_never_fenced() {
    let bench = bench(&fencing());
    bench.run(UNFENCED).expect(5, &[]);
    let east = ("us-east-1".to_owned(), "shop".to_owned());
    bench.aws.world().databases.get_mut(&east).unwrap().epoch = Some(2);
    bench
        .drctl(FENCE)
        .expect(1, &["fence: failed", "is of epoch"]);
    assert!(!stopped(&bench));
}

#[test]
fn watch_waits_for_the_return_and_fences() {
    let bench = bench(&fencing());
    bench.run(UNFENCED).expect(5, &[]);
    bench
        .drctl(&["watch", "--lost", "us-east-1"])
        .expect(5, &["done_unfenced"]);
    bench.aws.world().silent.insert("us-east-1".to_owned());
    let watch = [
        "watch",
        "--lost",
        "us-east-1",
        "--fence",
        "--poll",
        "0.05",
        "--heartbeat",
        "1",
    ];
    let watch = bench.command(&watch).spawn().unwrap();
    Bench::until("it asks the lost region", || {
        !bench.aws.world().unheard.is_empty()
    });
    assert!(!stopped(&bench));
    bench.aws.world().silent.clear();
    ended(watch).expect(0, &["waiting for the return", "fence: done"]);
    assert!(stopped(&bench));
}

#[test]
fn a_plan_without_a_fence_says_so() {
    let bench = Bench::published(&plan());
    bench
        .drctl(FENCE)
        .expect(2, &["has no step of the kind fence_database"]);
    let error = bench.drctl(&[FENCE, &["--json"]].concat()).error();
    assert!(
        error["next"]
            .as_str()
            .unwrap()
            .contains("drctl plan steps fence_database")
    );
}
