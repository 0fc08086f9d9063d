//! Approvals against the fake and a desk.

use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::*;
use crate::kind::PastAct;
use crate::outcome::Outcome;
use crate::steps::bench::{Bench, EAST, WEST, case, denied, survives, told, unknown_region, west};

fn asked() -> Value {
    json!({ "question": "Fail over?", "topics": { EAST: "arn:east", WEST: "arn:west" }, "expires": "20m" })
}

fn prepare(bench: &Bench) {
    bench.fake.add_topic(&west(), "arn:west");
}

fn token() -> String {
    let mut token = parts::digest("shop/01J/it/2");
    token.truncate(12);
    token
}

fn answer(bench: &Bench, token: &str, approved: bool) {
    bench.desk.approvals.lock().unwrap().push(Answered {
        by: "ana".to_owned(),
        token: token.to_owned(),
        approved,
        at: "2026-08-01T12:00:00Z".parse().unwrap(),
    });
}

#[test]
fn a_yes_with_the_token_is_done_and_says_who() {
    let bench = Bench::new();
    prepare(&bench);
    answer(&bench, &token(), true);
    let ended = bench.run(&Approval, asked(), &case());
    assert!(ended.outcome.is_done());
    assert!(ended.world.unwrap().contains("approved by ana"));
    assert_eq!(bench.fake.published(), [], "who has answered is not asked");
}

#[test]
fn a_no_fails_even_after_a_yes_and_another_token_counts_for_nothing() {
    let bench = Bench::new();
    prepare(&bench);
    answer(&bench, &token(), true);
    answer(&bench, &token(), false);
    let ended = bench.run(&Approval, asked(), &case());
    assert!(matches!(ended.outcome, Outcome::Failed(_)));
    assert!(
        told(&ended).seen.contains("ana declined"),
        "{}",
        told(&ended)
    );

    let bench = Bench::new();
    prepare(&bench);
    answer(&bench, "another", true);
    let ended = bench.run(&Approval, asked(), &case());
    assert!(
        matches!(ended.outcome, Outcome::Failed(_)),
        "{:?}",
        ended.outcome
    );
    assert!(
        told(&ended).seen.contains("nobody answered within 20 min"),
        "{}",
        told(&ended)
    );
    assert!(
        ended.warnings[0].contains("another token"),
        "{:?}",
        ended.warnings
    );
}

#[test]
fn the_question_is_sent_once_with_the_command_that_answers_it() {
    let bench = Bench::new();
    prepare(&bench);
    bench.run(&Approval, asked(), &case());
    let published = bench.fake.published();
    assert_eq!(published.len(), 1);
    assert!(published[0].text.contains(&format!(
        "drctl approve 01J --step it --token {} --plan FILE",
        token()
    )));

    let mut case = case();
    case.past.push(PastAct {
        key: case.idempotency_key(),
        answer: Some("accepted".to_owned()),
    });
    bench.run(&Approval, asked(), &case);
    assert_eq!(bench.fake.published().len(), 1, "an earlier run has asked");
    case.past[0].answer = None;
    bench.run(&Approval, asked(), &case);
    assert_eq!(
        bench.fake.published().len(),
        2,
        "nobody knows whether it has"
    );
}

#[test]
fn without_a_topic_the_progress_alone_asks() {
    let bench = Bench::new();
    let preview = bench.preview(&Approval, json!({ "question": "Fail over?" }), &case());
    let intent = format!("{:?}", preview.intent);
    assert!(intent.contains(&token()), "{intent}");
}

#[test]
fn passing_faults_never_fail_it() {
    let both = |bench: &Bench| {
        prepare(bench);
        answer(bench, &token(), true);
    };
    survives(&Approval, &asked(), &case(), both);
    let bench = Bench::with(Schedule::calm().then("Publish", 0, Fault::Throttle));
    prepare(&bench);
    bench.run(&Approval, asked(), &case());
    assert_eq!(bench.fake.published().len(), 1);
}

#[test]
fn bad_input_is_told() {
    denied(&Approval, &asked(), &case(), prepare, "sns:Publish");
    unknown_region(&Approval, asked());
    let ended = Bench::new().run(&Approval, asked(), &case());
    assert!(
        told(&ended).seen.contains("arn:west was not found"),
        "{}",
        told(&ended)
    );
}
