//! The old writer is fenced when its region is back, by a command of its own.

use serde_json::{Value, json};

use crate::bench::{Bench, ended, plan, with_first};
use crate::server::Database;

/// A plan that fences by stopping, before the switch.
pub(crate) fn fencing() -> Value {
    with_first(
        plan(),
        fence_of(&json!({ "us-east-1": "shop", "us-west-2": "shop-west" })),
    )
}

fn fence_of(instances: &Value) -> Value {
    json!({ "name": "fence", "tier": "critical", "fence_database": { "instances": instances, "by": "stop" } })
}

/// The same in three regions.
fn three() -> Value {
    let mut plan = with_first(
        plan(),
        fence_of(&json!({ "us-east-1": "shop", "us-west-2": "shop-west", "eu-west-1": "shop-eu" })),
    );
    plan["regions"] = json!(["us-east-1", "us-west-2", "eu-west-1"]);
    plan["stores"]["eu-west-1"] = json!({ "directory": "stores/eu-west-1" });
    let switches = &mut plan["steps"][1]["route53_health_check_switch"]["switches"];
    let other = json!({ "region": "eu-west-1", "bucket": "shop-switch", "key": "active-eu" });
    switches.as_array_mut().unwrap().push(other);
    plan
}

/// A failover in three regions that left two of them lost; the third one follows the active writer when it is back.
fn two_lost() -> Bench {
    let bench = bench(&three());
    let follows = Database {
        status: "available".to_owned(),
        source: Some("arn:aws:rds:us-west-2:123456789012:db:shop-west".to_owned()),
        epoch: None,
    };
    let place = ("eu-west-1".to_owned(), "shop-eu".to_owned());
    bench.aws.world().databases.insert(place, follows);
    let run = [UNFENCED, &["--lost", "eu-west-1"]].concat();
    bench.run(&run).expect(5, &["drctl fence"]);
    bench
}

fn unfenced(bench: &Bench) -> Value {
    bench.drctl(&["status", "--json"]).values()[0]["unfenced"].clone()
}

/// Production in the first region; the other one's database was promoted by epoch 1 already.
pub(crate) fn bench(plan: &Value) -> Bench {
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

pub(crate) const UNFENCED: &[&str] = &[
    "--lost",
    "us-east-1",
    "--accept",
    "unfenced",
    "--reason",
    "it is gone",
];
pub(crate) const FENCE: &[&str] = &["fence", "--poll", "0.05", "--heartbeat", "1"];

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

#[test]
fn a_region_that_is_lost_still_stays_open_and_the_others_are_fenced() {
    let bench = two_lost();
    let both = [FENCE, &["--lost", "us-east-1", "--lost", "eu-west-1"]].concat();
    bench
        .drctl(&both)
        .expect(3, &["the writers to fence are in", "declared lost"]);
    bench.aws.world().silent.insert("eu-west-1".to_owned());
    bench
        .drctl(&[FENCE, &["--lost", "eu-west-1"]].concat())
        .expect(5, &["fence: done", "still unfenced", "eu-west-1"]);
    assert!(stopped(&bench));
    assert!(unfenced(&bench).is_string());
    bench.aws.world().silent.clear();
    bench.drctl(FENCE).expect(0, &["fence: done"]);
    assert_eq!(unfenced(&bench), Value::Null);
}

#[test]
fn watch_fences_each_region_as_it_comes_back() {
    let bench = two_lost();
    for region in ["us-east-1", "eu-west-1"] {
        bench.aws.world().silent.insert(region.to_owned());
    }
    let watch = [
        "watch",
        "--lost",
        "us-east-1",
        "--lost",
        "eu-west-1",
        "--fence",
        "--poll",
        "0.05",
        "--heartbeat",
        "1",
    ];
    let watch = bench.command(&watch).spawn().unwrap();
    Bench::until("it asks", || !bench.aws.world().unheard.is_empty());
    assert!(!stopped(&bench));
    bench.aws.world().silent.remove("us-east-1");
    // The third region is still dead, and in nobody's way.
    Bench::until("the first one is fenced", || stopped(&bench));
    assert!(unfenced(&bench).is_string());
    bench.aws.world().silent.clear();
    let words = [
        "fenced: eu-west-1, us-east-1",
        "still unfenced",
        "fenced: eu-west-1",
    ];
    ended(watch).expect(0, &words);
    assert_eq!(unfenced(&bench), Value::Null);
}

#[test]
fn watch_stops_at_once_where_a_region_answers_and_refuses() {
    let bench = bench(&fencing());
    bench.run(UNFENCED).expect(5, &[]);
    let denied = "us-east-1 GetCallerIdentity".to_owned();
    bench.aws.world().denied.insert(denied);
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
    bench.drctl(&watch).expect(
        1,
        &[
            "us-east-1 cannot be asked",
            "sts:GetCallerIdentity",
            "drctl fence",
        ],
    );
    assert!(!stopped(&bench));
}

#[test]
fn two_regions_that_one_epoch_made_active_are_ranked_by_a_person() {
    let bench = bench(&fencing());
    bench.run(UNFENCED).expect(5, &[]);
    // Another operator, cut off from this store, completed the same epoch the other way.
    let record = std::fs::read(bench.path("stores/us-west-2/epoch")).unwrap();
    let mut record: Value = serde_json::from_slice(&record).unwrap();
    record["active"] = json!("us-east-1");
    record["execution"] = json!("01J00000000000000000000000");
    bench.write("stores/us-east-1/epoch", &record.to_string());
    bench.drctl(FENCE).expect(
        2,
        &[
            "two executions completed epoch 1",
            "us-east-1",
            "--active REGION",
        ],
    );
    bench
        .drctl(&["status"])
        .expect(0, &["undecided: two executions completed epoch 1"]);
    assert!(!stopped(&bench));
    bench
        .drctl(&[FENCE, &["--active", "us-west-2"]].concat())
        .expect(0, &["fence: done"]);
    assert!(stopped(&bench));
}

/// A plan whose only fence is in a plan that it runs.
fn with_child() -> Bench {
    let mut child = fencing();
    child["name"] = json!("billing");
    for region in ["us-east-1", "us-west-2"] {
        child["stores"][region]["directory"] = json!(format!("stores/billing/{region}"));
    }
    let steps = child["steps"].as_array_mut().unwrap();
    steps[1]["route53_health_check_switch"]["switches"][0]["key"] = json!("active-billing");
    let runs = json!({ "name": "run-billing", "failover_plan": { "plan": "billing" } });
    let bench = bench(&with_first(plan(), runs));
    bench.write("billing.json", &child.to_string());
    let publish = ["plan", "publish", "--child", "billing.json"];
    bench.drctl(&publish).expect(0, &["published"]);
    bench
        .run(UNFENCED)
        .expect(5, &["run-billing is done without a proof"]);
    for bucket in bench.aws.world().objects.buckets.values_mut() {
        bucket.objects.clear();
    }
    bench
}

#[test]
fn fences_of_plans_that_the_plan_runs_are_run_with_it() {
    let bench = with_child();
    bench
        .drctl(FENCE)
        .expect(0, &["run-billing: done", "done: 1 of 1 steps done"]);
    assert!(stopped(&bench));
    assert_eq!(unfenced(&bench), Value::Null);
    let billing = ["status", "--plan", "billing.json", "--json"];
    assert_eq!(bench.drctl(&billing).values()[0]["unfenced"], Value::Null);
    // Nothing else of either was begun.
    assert!(
        bench.aws.world().objects.buckets["shop-switch"]
            .objects
            .is_empty()
    );
}

#[test]
fn a_fence_of_a_child_that_was_refused_is_gone_on_with_as_a_fence() {
    let bench = with_child();
    let denied = "us-east-1 DescribeDBInstances".to_owned();
    bench.aws.world().denied.insert(denied);
    bench.drctl(FENCE).expect(1, &["run-billing: failed"]);
    assert!(unfenced(&bench).is_string());
    bench.aws.world().denied.clear();
    bench
        .drctl(&["resume", "--poll", "0.05", "--heartbeat", "1"])
        .expect(0, &["1 of 1 steps done"]);
    assert!(stopped(&bench));
    assert_eq!(unfenced(&bench), Value::Null);
    assert!(
        bench.aws.world().objects.buckets["shop-switch"]
            .objects
            .is_empty()
    );
}
