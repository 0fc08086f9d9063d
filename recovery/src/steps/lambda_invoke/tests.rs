//! Invocations against the fake.

use aws::faults::{Fault, Schedule};

use super::*;
use crate::kind::PastAct;
use crate::outcome::Outcome;
use crate::steps::bench::{Bench, EAST, WEST, arguments, case, denied, told, unknown_region, west};

fn asked() -> Value {
    json!({ "functions": { EAST: "warm", WEST: "warm" }, "payload": "{\"a\":1}" })
}

fn repeatable() -> Value {
    let mut arguments = asked();
    arguments["repeatable"] = json!(true);
    arguments
}

fn prepare(bench: &Bench) {
    bench.fake.add_function(&west(), "warm", None);
}

fn after(answer: Option<&str>) -> Case {
    let mut case = case();
    case.past.push(PastAct {
        key: case.idempotency_key(),
        answer: answer.map(str::to_owned),
    });
    case
}

fn approval(token: &str, approved: bool) -> Approval {
    Approval {
        by: "ana".to_owned(),
        token: token.to_owned(),
        approved,
        at: "2026-08-01T12:00:00Z".parse().unwrap(),
    }
}

#[test]
fn it_is_called_once_with_its_key() {
    let bench = Bench::new();
    prepare(&bench);
    let ended = bench.run(&LambdaInvoke, asked(), &case());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(ended.acts[0].act.key.as_deref(), Some("shop/01J/it"));
    let calls = bench.fake.invocations();
    assert_eq!(calls.len(), 1);
    let payload: Value = serde_json::from_str(&calls[0].2).unwrap();
    assert_eq!(
        (&payload["a"], &payload["idempotency_key"]),
        (&json!(1), &json!("shop/01J/it"))
    );
    assert_eq!(payload["failover"]["target"], json!(WEST));
}

#[test]
fn what_an_earlier_run_did_decides() {
    for (answer, calls, done) in [
        (Some("accepted"), 0, true),
        (Some("refused: Throttling"), 1, true),
        (Some("unclear: reset"), 0, false),
        (None, 0, false),
        (
            Some("refused: lambda InvokeFunction in us-west-2: FunctionError: x"),
            0,
            false,
        ),
    ] {
        let bench = Bench::new();
        prepare(&bench);
        let ended = bench.run(&LambdaInvoke, asked(), &after(answer));
        assert_eq!(ended.outcome.is_done(), done, "{answer:?}");
        assert_eq!(bench.fake.invocations().len(), calls, "{answer:?}");
        if !done {
            assert!(
                told(&ended)
                    .seen
                    .contains("drctl approve --step it --token repeat-1 --plan FILE"),
                "{}",
                told(&ended)
            );
            let bench = Bench::new();
            prepare(&bench);
            assert_eq!(
                bench
                    .run(&LambdaInvoke, repeatable(), &after(answer))
                    .outcome,
                Outcome::Done
            );
            assert_eq!(bench.fake.invocations().len(), 1, "{answer:?}");
        }
    }
}

#[test]
fn the_operator_decides_about_each_unclear_call() {
    for (token, approved, calls) in [
        ("repeat-1", true, 1),
        ("repeat-1", false, 0),
        ("repeat-2", true, 0),
    ] {
        let bench = Bench::new();
        prepare(&bench);
        bench
            .desk
            .approvals
            .lock()
            .unwrap()
            .push(approval(token, approved));
        let ended = bench.run(&LambdaInvoke, asked(), &after(None));
        assert_eq!(bench.fake.invocations().len(), calls, "{token} {approved}");
        assert_eq!(ended.outcome.is_done(), calls == 1);
    }
}

#[test]
fn a_lost_answer_is_not_repeated_unless_that_is_harmless() {
    for (json, calls) in [(asked(), 1), (repeatable(), 2)] {
        let bench =
            Bench::with(Schedule::calm().then("InvokeFunction", 0, Fault::ResetAfterEffect));
        prepare(&bench);
        bench.run(&LambdaInvoke, json, &case());
        assert_eq!(bench.fake.invocations().len(), calls);
    }
    let bench = Bench::with(Schedule::calm().then("InvokeFunction", 0, Fault::Throttle));
    prepare(&bench);
    assert_eq!(
        bench.run(&LambdaInvoke, asked(), &case()).outcome,
        Outcome::Done
    );
}

#[test]
fn a_function_that_fails_is_a_failure() {
    let bench = Bench::new();
    bench.fake.add_function(&west(), "warm", Some("Unhandled"));
    let ended = bench.run(&LambdaInvoke, asked(), &case());
    assert!(
        told(&ended).seen.contains("FunctionError"),
        "{}",
        told(&ended)
    );
    assert!(
        told(&ended).seen.contains("invocation-1"),
        "{}",
        told(&ended)
    );
}

#[test]
fn bad_input_is_told() {
    denied(
        &LambdaInvoke,
        &asked(),
        &case(),
        prepare,
        "lambda:InvokeFunction",
    );
    unknown_region(&LambdaInvoke, asked());
    let ended = Bench::new().run(&LambdaInvoke, asked(), &case());
    assert!(
        told(&ended).seen.contains("ResourceNotFound"),
        "{}",
        told(&ended)
    );
    for (payload, fits) in [
        ("{}", true),
        ("[]", false),
        ("{", false),
        ("{\"failover\":1}", false),
    ] {
        let arguments = arguments(&LambdaInvoke, json!({ "payload": payload }));
        assert_eq!(
            LambdaInvoke.check(&arguments, &[]).is_empty(),
            fits,
            "{payload}"
        );
    }
}
