//! Plans that run plans.

use serde_json::{Value, json};

use crate::bench::{Bench, plan};

/// A plan with its own switch and stores that runs others first.
fn named(name: &str, runs: &[&str]) -> Value {
    let mut plan = plan();
    plan["name"] = json!(name);
    for region in ["us-east-1", "us-west-2"] {
        plan["stores"][region]["directory"] = json!(format!("stores/{name}/{region}"));
    }
    let switch = &mut plan["steps"][0]["route53_health_check_switch"]["switches"][0];
    switch["key"] = json!(format!("active-{name}"));
    let steps = plan["steps"].as_array_mut().unwrap();
    for child in runs.iter().rev() {
        steps.insert(
            0,
            json!({ "name": format!("run-{child}"), "failover_plan": { "plan": child } }),
        );
    }
    plan
}

fn bench(plans: &[Value]) -> Bench {
    let bench = Bench::new(&plans[0]);
    for plan in &plans[1..] {
        bench.write(
            &format!("{}.json", plan["name"].as_str().unwrap()),
            &plan.to_string(),
        );
    }
    bench
}

fn switched(bench: &Bench) -> Vec<String> {
    let world = bench.aws.world();
    world.objects.buckets["shop-switch"]
        .objects
        .keys()
        .cloned()
        .collect()
}

#[test]
fn a_parent_runs_its_children_three_deep_from_the_stores() {
    let bench = bench(&[
        named("shop", &["billing"]),
        named("billing", &["ledger"]),
        named("ledger", &[]),
    ]);
    bench
        .drctl(&[
            "plan",
            "publish",
            "--child",
            "billing.json",
            "--child",
            "ledger.json",
        ])
        .expect(0, &["published shop"]);
    bench
        .drctl(&["plan", "check", "--to", "us-west-2"])
        .expect(0, &["billing/ledger/switch: acts"]);
    assert!(switched(&bench).is_empty());
    bench
        .run(&[])
        .expect(0, &["run-billing: done", "done: 2 of 2 steps done"]);
    assert_eq!(
        switched(&bench),
        ["active-billing", "active-ledger", "active-shop"]
    );
    // Each has its own journal and epoch.
    for name in ["shop", "billing", "ledger"] {
        assert!(
            bench
                .path(&format!("stores/{name}/us-west-2/epoch"))
                .exists(),
            "{name}"
        );
    }
    // And home again.
    let home = &[
        "run",
        "--to",
        "us-east-1",
        "--poll",
        "0.05",
        "--heartbeat",
        "1",
    ];
    bench.drctl(home).expect(0, &["done: 2 of 2 steps done"]);
    assert!(switched(&bench).is_empty());
}

#[test]
fn a_child_that_failed_is_gone_on_with_by_its_parent() {
    let bench = bench(&[named("shop", &["billing"]), named("billing", &[])]);
    bench
        .drctl(&["plan", "publish", "--child", "billing.json"])
        .expect(0, &[]);
    bench
        .aws
        .world()
        .denied
        .insert("us-west-2 PutObject shop-switch/active-billing".to_owned());
    bench
        .run(&[])
        .expect(1, &["run-billing: failed", "s3:PutObject"]);
    assert!(switched(&bench).is_empty());
    bench.aws.world().denied.clear();
    let resumed = bench.drctl(&["resume", "--poll", "0.05", "--heartbeat", "1"]);
    resumed.expect(0, &["done: 2 of 2 steps done"]);
    let executions = std::fs::read_dir(bench.path("stores/billing/us-west-2/executions")).unwrap();
    assert_eq!(executions.count(), 1);
}

#[test]
fn a_child_that_is_missing_or_cannot_be_run_is_told_before_anything_is_done() {
    let missing = bench(&[named("shop", &["billing"])]);
    missing.drctl(&["plan", "publish"]).expect(0, &[]);
    missing.run(&[]).expect(
        2,
        &[
            "the plan billing, which shop runs, is not at hand",
            "--child FILE",
        ],
    );

    let circle = bench(&[named("shop", &["billing"]), named("billing", &["shop"])]);
    circle.drctl(&["plan", "publish"]).expect(0, &[]);
    let words = "shop runs billing runs shop";
    circle
        .run(&["--child", "billing.json"])
        .expect(2, &[words, "at most 3 deep"]);
    let error = circle.run(&["--child", "billing.json", "--json"]).error();
    assert_eq!(error["seen"], words);

    let names = ["shop", "b", "c", "d"];
    let deep = bench(&[
        named("shop", &["b"]),
        named("b", &["c"]),
        named("c", &["d"]),
        named("d", &[]),
    ]);
    deep.drctl(&["plan", "publish"]).expect(0, &[]);
    let given: Vec<String> = names[1..]
        .iter()
        .map(|name| format!("--child={name}.json"))
        .collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    deep.run(&given).expect(2, &["shop runs b runs c runs d"]);

    let mut shared = named("billing", &[]);
    shared["stores"] = named("shop", &[])["stores"].clone();
    let shared = bench(&[named("shop", &["billing"]), shared]);
    shared.drctl(&["plan", "publish"]).expect(0, &[]);
    shared
        .run(&["--child", "billing.json"])
        .expect(2, &["where shop has its own"]);

    let stranger = bench(&[named("shop", &[]), named("billing", &[])]);
    stranger.drctl(&["plan", "publish"]).expect(0, &[]);
    stranger
        .run(&["--child", "billing.json"])
        .expect(2, &["no step runs the plan billing"]);
    stranger
        .run(&["--child", "nowhere.json"])
        .expect(2, &["nowhere.json"]);
    for bench in [missing, circle, deep, shared, stranger] {
        assert!(switched(&bench).is_empty());
    }
}
