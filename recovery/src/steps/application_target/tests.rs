//! What the application connects to, against the fake.

use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::*;
use crate::outcome::Outcome;
use crate::steps::bench::{
    Bench, EAST, WEST, case, denied, region, survives, told, unknown_region, west,
};

const SECRET: &str = r#"{"host":"db.east","password":"hunter2hunter2"}"#;
const WRITTEN: &str = r#"{"host":"db.west","password":"hunter2hunter2"}"#;

fn asked() -> Value {
    let values = json!({ EAST: "db.east", WEST: "db.west" });
    let services = json!([{ "cluster": "shop", "service": "web" }]);
    json!({
        "parameters": [{ "name": "/shop/db", "values": values }],
        "secrets": [{ "id": "db", "pointer": "/host", "values": values }],
        "services": { EAST: services, WEST: services },
    })
}

fn prepare(bench: &Bench) {
    bench
        .fake
        .add_parameter(&west(), "/shop/db", "String", "db.east");
    bench.fake.add_secret(&west(), "db", SECRET, None);
    bench.fake.add_service(&west(), "shop", "web", 2, None);
}

fn bench() -> Bench {
    let bench = Bench::new();
    prepare(&bench);
    bench
}

fn redeployments(bench: &Bench) -> usize {
    bench.fake.effects("UpdateService")
}

#[test]
fn values_hold_and_then_services_start_anew() {
    let bench = bench();
    let ended = bench.run(&ApplicationTarget, asked(), &case());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(
        bench.fake.secret_value(&west(), "db").as_deref(),
        Some(WRITTEN)
    );
    let operations = ["PutParameter", "PutSecretValue", "UpdateService"];
    let performed: Vec<_> = ended
        .acts
        .iter()
        .map(|past| past.act.words.split(' ').next().unwrap())
        .collect();
    assert_eq!(performed, operations);
    assert!(
        ended.elapsed >= Duration::from_mins(2),
        "a deployment needs a while: {:?}",
        ended.elapsed
    );
    let again = bench.run(&ApplicationTarget, asked(), &case());
    assert_eq!(again.outcome, Outcome::AlreadyDone);
    assert_eq!(redeployments(&bench), 1);
}

#[test]
fn a_run_that_died_before_the_start_is_continued_with_it() {
    let bench = bench();
    let parameters = bench.fake.parameters(&west()).unwrap();
    let put = parameters.put("/shop/db", "db.west");
    bench.clock.drive(put).unwrap().unwrap();
    bench.clock.advance(Duration::from_secs(1));
    let mut arguments = asked();
    arguments["secrets"] = json!([]);
    // The value holds at the first look; the deployment is older than it.
    let ended = bench.run(&ApplicationTarget, arguments, &case());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(redeployments(&bench), 1);
}

#[test]
fn where_aws_does_not_say_when_only_an_own_deployment_is_proof() {
    let bench = bench();
    bench.fake.edit_parameter(&west(), "/shop/db", |parameter| {
        "db.west".clone_into(&mut parameter.value);
        parameter.changed_at = None;
    });
    let mut arguments = asked();
    arguments["secrets"] = json!([]);
    let ended = bench.run(&ApplicationTarget, arguments, &case());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(redeployments(&bench), 1);
}

#[test]
fn no_secret_is_written_anywhere() {
    let bench = bench();
    let step = format!("{:?}", bench.preview(&ApplicationTarget, asked(), &case()));
    let ended = format!("{:?}", bench.run(&ApplicationTarget, asked(), &case()));
    for text in [step, ended] {
        assert!(!text.contains("hunter2"), "{text}");
        assert!(!text.contains("db.west"), "{text}");
    }
}

#[test]
fn what_cannot_be_written_fails_before_anything_is_changed() {
    type Prepare = fn(&Bench);
    let cases: [(Prepare, &str); 4] = [
        (
            |b| {
                b.fake
                    .add_parameter(&west(), "/shop/db", "SecureString", "");
            },
            "SecureString",
        ),
        (
            |b| {
                b.fake
                    .add_secret(&west(), "db", SECRET, Some(&region(EAST)));
            },
            "replica",
        ),
        (
            |b| b.fake.add_secret(&west(), "db", "no json hunter2", None),
            "no JSON",
        ),
        (
            |b| b.fake.add_secret(&west(), "db", "{}", None),
            "nothing at that pointer",
        ),
    ];
    for (change, word) in cases {
        let bench = bench();
        change(&bench);
        let ended = bench.run(&ApplicationTarget, asked(), &case());
        assert!(matches!(ended.outcome, Outcome::Failed(_)), "{word}");
        assert!(told(&ended).seen.contains(word), "{}", told(&ended));
        assert!(!told(&ended).to_string().contains("hunter2"));
        assert_eq!(ended.acts, [], "{word}");
    }
}

#[test]
fn a_failed_deployment_is_a_failure() {
    let bench = bench();
    bench.fake.fail_deployments(&west(), "shop", "web");
    let ended = bench.run(&ApplicationTarget, asked(), &case());
    assert!(told(&ended).seen.contains("has failed"), "{}", told(&ended));
    assert_eq!(redeployments(&bench), 1);
}

#[test]
fn passing_faults_never_fail_it() {
    for bench in survives(&ApplicationTarget, &asked(), &case(), prepare) {
        assert_eq!(
            bench.fake.secret_value(&west(), "db").as_deref(),
            Some(WRITTEN)
        );
        assert!(redeployments(&bench) >= 1);
    }
    let schedule = Schedule::calm().then("PutSecretValue", 0, Fault::Throttle);
    let bench = Bench::with(schedule);
    prepare(&bench);
    assert_eq!(
        bench.run(&ApplicationTarget, asked(), &case()).outcome,
        Outcome::Done
    );
}

#[test]
fn bad_input_is_told() {
    for permission in [
        "ssm:GetParameter",
        "ssm:PutParameter",
        "secretsmanager:GetSecretValue",
        "secretsmanager:DescribeSecret",
        "secretsmanager:PutSecretValue",
        "ecs:DescribeServices",
        "ecs:UpdateService",
    ] {
        denied(&ApplicationTarget, &asked(), &case(), prepare, permission);
    }
    unknown_region(&ApplicationTarget, asked());
    let ended = Bench::new().run(&ApplicationTarget, asked(), &case());
    assert!(
        told(&ended).seen.contains("ParameterNotFound"),
        "{}",
        told(&ended)
    );
    let arguments = crate::steps::bench::arguments(
        &ApplicationTarget,
        json!({ "secrets": [{ "pointer": "host" }] }),
    );
    let problems = ApplicationTarget.check(&arguments, &[]);
    assert_eq!(problems[0].0, "secrets[0].pointer");
    assert_eq!(ApplicationTarget.check(&Arguments::default(), &[]).len(), 1);
}
