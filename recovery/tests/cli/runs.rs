//! Executions: what stands in the way of one, and that the world is as it was or can be gone on with.

use serde_json::{Value, json};

use crate::bench::{Bench, ended, plan, with_first};

fn approval(expires: &str) -> Value {
    with_first(
        plan(),
        json!({ "name": "ask", "approval": { "question": "Fail over?", "expires": expires,
            "topics": { "us-east-1": "arn:aws:sns:us-east-1:123456789012:on-call", "us-west-2": "arn:aws:sns:us-west-2:123456789012:on-call" } } }),
    )
}

#[test]
fn a_failover_is_done_told_and_reported() {
    let bench = Bench::published(&plan());
    let ended = bench.run(&["--json"]).expect(0, &[]);
    let values = ended.values();
    let events: Vec<&str> = values
        .iter()
        .filter_map(|it| it["event"].as_str())
        .collect();
    assert_eq!(events.first(), Some(&"begins"));
    assert_eq!(events.last(), Some(&"ends"));
    let last = values.last().unwrap();
    assert_eq!((&last["end"], &last["epoch"]), (&json!("done"), &json!(1)));
    assert!(bench.switched());
    bench
        .drctl(&["status"])
        .expect(0, &["active region: us-west-2", "epoch: 1"]);
    bench.drctl(&["watch"]).expect(0, &["switch: done", "done"]);
    bench.drctl(&["report"]).expect(0, &["us-west-2"]);
    bench.drctl(&["verify"]).expect(0, &["ok"]);
}

#[test]
fn regions_that_make_no_sense_are_refused() {
    let bench = Bench::published(&plan());
    let run = |more: &[&str]| bench.drctl(&[&["run"], more].concat());
    for (typed, words) in [
        (
            &["--to", "us-east-1"] as &[&str],
            &["us-east-1 is active already"] as &[&str],
        ),
        (
            &["--to", "eu-west-1"],
            &[
                "eu-west-1 is no region of the plan shop",
                "us-east-1, us-west-2",
            ],
        ),
        (
            &["--to", "us-west-2", "--lost", "eu-west-1"],
            &["eu-west-1 is no region of the plan shop"],
        ),
        (
            &["--to", "us-west-2", "--lost", "us-west-2"],
            &["is to become active and is declared lost"],
        ),
        (
            &[
                "--to",
                "us-west-2",
                "--mode",
                "switchover",
                "--lost",
                "us-east-1",
            ],
            &["use --mode failover"],
        ),
        (&["--to", "us-west-2", "--mode", "drill"], &["a drill"]),
    ] {
        run(typed).expect(2, words);
        let error = run(&[typed, &["--json"]].concat());
        assert_eq!(error.code, 2);
        assert!(error.error()["seen"].as_str().unwrap().len() > 5);
    }
    assert!(!bench.switched());
    assert!(bench.journal("us-west-2").is_empty());
}

#[test]
fn consents_that_do_not_count_are_refused() {
    let bench = Bench::published(&plan());
    for (typed, words) in [
        (
            &["--accept", "everything"] as &[&str],
            "unfenced, unknown_lag, or data_loss_up_to=DURATION",
        ),
        (
            &["--accept", "data_loss_up_to=lots"],
            "--accept data_loss_up_to=lots",
        ),
        (
            &[
                "--accept",
                "unfenced",
                "--accept-until",
                "2020-01-01T00:00:00Z",
            ],
            "within the next",
        ),
        (
            &[
                "--accept",
                "unfenced",
                "--accept-until",
                "2099-01-01T00:00:00Z",
            ],
            "within the next",
        ),
    ] {
        let typed = [typed, &["--reason", "r"]].concat();
        bench.run(&typed).expect(2, &[words]);
        let error = bench.run(&[&typed[..], &["--json"]].concat()).error();
        assert!(error["expected"].is_string(), "{error}");
    }
    let unreasoned = ["--accept", "unfenced", "--reason", " "];
    bench.run(&unreasoned).expect(2, &["--reason is empty"]);
    assert!(!bench.switched());
}

#[test]
fn a_lock_that_is_held_tells_who_since_when_and_how_to_follow() {
    let bench = Bench::published(&approval("1h"));
    let first = bench.begin(&[]);
    Bench::until("the question is sent", || {
        !bench.aws.world().messages.is_empty()
    });
    let second = bench.run(&[]).expect(
        3,
        &[
            "arn:aws:iam::123456789012:user/ada",
            "since 20",
            "drctl watch ",
        ],
    );
    assert!(second.said().contains("drctl abort"));
    let error = bench.run(&["--json"]).error();
    assert!(
        error["seen"].as_str().unwrap().contains("is held by"),
        "{error}"
    );
    assert!(!bench.switched());
    // A wrong token counts for nothing; the right one lets it go on.
    bench
        .drctl(&["approve", "--step", "ask", "--token", "guessed"])
        .expect(0, &[]);
    let message = bench.aws.world().messages[0].clone();
    let token = message.split("--token ").nth(1).unwrap();
    let token: String = token
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    bench
        .drctl(&["approve", "--step", "ask", "--token", &token])
        .expect(0, &["approve ask"]);
    ended(first).expect(0, &["done: 2 of 2 steps done"]);
    assert!(bench.switched());
}

#[test]
fn an_approval_that_expired_fails_and_can_be_asked_again() {
    let bench = Bench::published(&approval("1s"));
    bench.run(&[]).expect(
        1,
        &[
            "ask: failed",
            "switch never began: ask was in the way",
            "go on with: drctl resume",
        ],
    );
    assert!(!bench.switched());
    // It cannot be skipped without somebody's reason.
    bench
        .drctl(&["skip", "--step", "ask"])
        .expect(2, &["--reason"]);
}

#[test]
fn a_plan_that_was_edited_meanwhile_is_not_gone_on_with() {
    let bench = Bench::published(&approval("1s"));
    bench.run(&[]).expect(1, &["drctl resume"]);
    let mut edited = approval("1s");
    edited["description"] = json!("edited meanwhile");
    bench.write("plan.json", &edited.to_string());
    let resume = &["resume", "--poll", "0.05", "--heartbeat", "1"];
    bench.drctl(resume).expect(2, &["document"]);
    bench.drctl(&["plan", "publish"]).expect(0, &[]);
    bench.drctl(resume).expect(
        2,
        &[
            "the execution was begun with the document",
            "abort it and begin anew",
        ],
    );
    assert!(!bench.switched());
}

#[test]
fn a_missing_permission_is_named_and_after_it_is_given_the_execution_goes_on() {
    let bench = Bench::published(&plan());
    bench
        .aws
        .world()
        .denied
        .insert("us-west-2 PutObject shop-switch".to_owned());
    bench
        .run(&[])
        .expect(1, &["switch: failed", "s3:PutObject", "drctl resume"]);
    assert!(!bench.switched());
    bench.aws.world().denied.clear();
    bench
        .drctl(&["resume", "--poll", "0.05", "--heartbeat", "1"])
        .expect(0, &["done: 1 of 1 steps done"]);
    assert!(bench.switched());
    bench.drctl(&["verify"]).expect(0, &[]);
}

#[test]
fn ctrl_c_leaves_what_can_be_resumed() {
    let bench = Bench::published(&with_first(
        plan(),
        json!({ "name": "pause", "timeout": "2h", "wait": { "duration": "1h", "reason": "r" } }),
    ));
    let run = bench.begin(&[]);
    Bench::until("it has begun", || bench.journal("us-west-2").len() >= 2);
    let id = run.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    ended(run).expect(
        4,
        &["asked to stop", "interrupted", "go on with: drctl resume"],
    );
    assert!(!bench.switched());
    // The lock was given back.
    assert!(!bench.path("stores/us-west-2/lock").exists());
    bench.drctl(&["status"]).expect(0, &["interrupted"]);
    bench.drctl(&["watch"]).expect(4, &["interrupted"]);
}

#[test]
fn executions_that_do_not_exist_are_told() {
    let bench = Bench::published(&plan());
    for command in ["resume", "pause", "abort", "report", "verify", "watch"] {
        bench
            .drctl(&[command])
            .expect(1, &["there is no execution of shop", "drctl run"]);
        let named = bench.drctl(&[command, "01J00000000000000000000000"]);
        assert_eq!(named.code, 1, "{command}: {}", named.said());
        named.expect(1, &["there is no execution 01J00000000000000000000000"]);
        bench
            .drctl(&[command, "../../etc"])
            .expect(2, &["../../etc"]);
    }
}

#[test]
fn without_credentials_it_says_so() {
    let bench = Bench::published(&plan());
    let mut command = bench.command(&["assess"]);
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY");
    let told = ended(command.spawn().unwrap());
    assert_eq!(told.code, 3, "{}", told.said());
    assert!(told.said().contains("does not answer"), "{}", told.said());
    assert!(!told.said().contains("the-secret-of-the-test"));
}

#[test]
fn predictions_go_by_what_earlier_executions_took() {
    let bench = Bench::published(&with_first(
        plan(),
        json!({ "name": "settle", "tier": "critical", "wait": { "duration": "1s", "reason": "r" } }),
    ));
    let check = ["plan", "check", "--to", "us-west-2"];
    bench.drctl(&check).expect(
        0,
        &["partly by declared durations", "declared, never measured"],
    );
    bench.run(&[]).expect(0, &[]);
    let home = [
        "run",
        "--to",
        "us-east-1",
        "--poll",
        "0.05",
        "--heartbeat",
        "1",
    ];
    bench.drctl(&home).expect(0, &[]);
    bench.drctl(&check).expect(
        0,
        &["by earlier executions", "switch: ", "measured 2 times"],
    );
    bench.drctl(&["assess"]).expect(0, &["measured 2 times"]);
    let values = bench.drctl(&[&check[..], &["--json"]].concat()).values();
    let tier = values.iter().find(|it| it.get("tier").is_some()).unwrap();
    assert_eq!(
        (&tier["declared"], &tier["met"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(tier["way"][0]["measured"], 2);
    // A switchover has not been tried yet.
    let other = [&check[..], &["--mode", "switchover"]].concat();
    bench.drctl(&other).expect(0, &["declared, never measured"]);
}
