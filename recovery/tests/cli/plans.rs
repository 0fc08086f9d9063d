//! Bad plans: each problem with its place and the next move, with exit code 2, and nothing is called.

use serde_json::{Value, json};

use crate::bench::{Bench, plan, with_first};

fn wait(name: &str, after: &[&str]) -> Value {
    json!({ "name": name, "after": after, "tier": "critical", "wait": { "duration": "1s", "reason": "r" } })
}

fn with_steps(steps: &[Value]) -> Value {
    let mut plan = plan();
    plan["steps"]
        .as_array_mut()
        .unwrap()
        .extend(steps.iter().cloned());
    plan
}

/// A plan, the path of its problem, and words of it.
fn bad_plans() -> Vec<(Value, &'static str, &'static str)> {
    let mut no_store = plan();
    no_store["stores"]
        .as_object_mut()
        .unwrap()
        .remove("us-east-1");
    let mut no_authority = plan();
    no_authority.as_object_mut().unwrap().remove("authority");
    let mut newer = plan();
    newer["schema"] = json!(2);
    let mut one_region = plan();
    one_region["regions"] = json!(["us-east-1"]);
    let mut short = with_steps(&[wait("long", &["switch"])]);
    short["steps"][1]["wait"]["duration"] = json!("2h");
    vec![
        (
            with_steps(&[wait("a", &["b"]), wait("b", &["a"])]),
            "steps",
            "a",
        ),
        (with_steps(&[wait("a", &["swich"])]), "after", "swich"),
        (with_steps(&[wait("switch", &[])]), "name", "switch"),
        (
            with_steps(&[
                json!({ "name": "fence", "tier": "critical", "fence_database": {
                "instances": { "us-west-2": "shop" }, "by": "stop" } }),
            ]),
            "instances",
            "us-east-1",
        ),
        (no_store, "stores", "us-east-1"),
        (no_authority, "authority", "authority"),
        (newer, "schema", "2"),
        (one_region, "regions", "2 to 16"),
        (short, "rto", "2h"),
    ]
}

#[test]
fn every_problem_of_a_plan_is_told_with_its_path() {
    for (plan, path, words) in bad_plans() {
        let bench = Bench::new(&plan);
        for command in [
            &["plan", "validate"] as &[&str],
            &["run", "--to", "us-west-2"],
        ] {
            bench.drctl(command).expect(2, &[path, words, "plan.json"]);
        }
        let values = bench.drctl(&["plan", "validate", "--json"]).values();
        let problems: Vec<&Value> = values.iter().filter_map(|it| it.get("problem")).collect();
        let fits = |problem: &&Value| problem.to_string().contains(path);
        assert!(problems.iter().any(fits), "{path}: {problems:?}");
        assert!(problems.iter().all(|it| it["message"]["seen"].is_string()));
        // Nothing was called, nothing was written.
        assert!(bench.aws.world().asked.is_empty());
        assert!(!bench.path("stores").exists());
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let plan = with_steps(&[wait("a", &["nobody"]), wait("b", &["nothing"])]);
    let ended = Bench::new(&plan).drctl(&["plan", "validate"]);
    ended.expect(2, &["nobody", "nothing", "2 problems in plan.json"]);
}

#[test]
fn what_is_no_plan_is_told() {
    let bench = Bench::new(&plan());
    for (text, words) in [
        ("{", "plan.json"),
        ("", "plan.json"),
        ("[]", "plan.json"),
        ("{\"schema\": 1, \"schema\": 1}", "schema"),
    ] {
        bench.write("plan.json", text);
        bench.drctl(&["plan", "validate"]).expect(2, &[words]);
    }
    std::fs::write(bench.path("plan.json"), [0xff, 0xfe]).unwrap();
    bench.drctl(&["plan", "validate"]).expect(2, &["plan.json"]);
    std::fs::remove_file(bench.path("plan.json")).unwrap();
    bench
        .drctl(&["plan", "validate"])
        .expect(2, &["No such file", "--plan FILE"]);
    // And from stdin.
    let read = bench.told(&["plan", "validate", "--plan", "-"], &plan().to_string());
    read.expect(0, &["1 steps in 2 regions", "digest "]);
}

#[test]
fn a_dangling_step_is_never_run_half() {
    let plan = with_first(plan(), wait("first", &["nobody"]));
    let bench = Bench::new(&plan);
    bench.run(&[]).expect(2, &["nobody"]);
    assert!(!bench.switched());
}

#[test]
fn a_promotion_beside_its_fence_is_warned_about_and_not_refused() {
    let instances = json!({ "us-east-1": "shop", "us-west-2": "shop-west" });
    let bench = Bench::new(&with_steps(&[
        json!({ "name": "fence", "after": [], "tier": "critical", "fence_database": {
            "instances": instances, "by": "stop" } }),
        json!({ "name": "promote", "after": ["switch"], "tier": "critical", "rds_promote_replica": {
            "instances": instances } }),
    ]));
    bench.drctl(&["plan", "validate"]).expect(
        0,
        &[
            "warning: steps[2].after",
            "promote does not come after fence, which fences the same writer",
            "next: write \"after\": [\"switch\", \"fence\"]",
            "nothing is refused, 1 warning",
        ],
    );
    let values = bench.drctl(&["plan", "validate", "--json"]).values();
    assert_eq!(values[0]["warnings"][0]["path"], "steps[2].after");
    assert_eq!(values[0]["valid"], true);
}
