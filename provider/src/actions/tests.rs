//! Tests of the actions in process.

use serde_json::{Value as Json, json};
use terraform_framework::testing::Invoked;

use crate::testing::{House, east, said, west};

fn invoke(house: &House, name: &str, more: &Json) -> Invoked {
    let mut config = json!({ "failover_plan": house.document(), "plan_digest": house.digest() });
    for (name, value) in more.as_object().expect("arguments") {
        config[name] = value.clone();
    }
    let config = house.harness.action_config(name, config);
    // Actions run in a task of their own: a runtime carries them, and time goes on meanwhile.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let clock = house.estate.clock.clone();
    runtime.block_on(async {
        let mut invoked = std::pin::pin!(house.harness.invoke_action(name, &config));
        loop {
            tokio::select! {
                biased;
                invoked = &mut invoked => return invoked,
                () = turns() => assert!(clock.advance_to_next(), "somebody waits for what never comes"),
            }
        }
    })
}

/// Lets every other task go as far as it can.
async fn turns() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

fn consents(house: &House) -> Json {
    let until = aws::clock::Clock::now(&house.estate.clock) + jiff::SignedDuration::from_hours(2);
    json!({
        "target_region": "us-west-2",
        "consent": [{
            "risk": "unfenced",
            "until": until.to_string(),
            "plan_digest": house.digest(),
            "epoch": 1,
            "steps": ["fence-database", "promote-database"],
        }],
    })
}

#[test]
fn a_failover_tells_its_progress_and_does_nothing_a_second_time() {
    let house = House::prepared();
    house.lose(&east());
    let refused = invoke(
        &house,
        "dr_failover",
        &json!({ "target_region": "us-west-2" }),
    );
    let told = said(&refused.verdict.expect("a verdict"));
    assert!(
        told.contains("a gate refused") && told.contains("risk        = \"unfenced\""),
        "{told}"
    );

    let done = invoke(&house, "dr_failover", &consents(&house));
    let verdict = done.verdict.expect("a verdict");
    assert!(!verdict.has_errors(), "{}", said(&verdict));
    let lines = done.progress.join("\n");
    for words in [
        "execution 01",
        "promote-database: ",
        "done_unfenced, epoch 1",
    ] {
        assert!(lines.contains(words), "{words} is not in:\n{lines}");
    }
    let again = invoke(&house, "dr_failover", &consents(&house));
    assert!(!again.verdict.expect("a verdict").has_errors());
    assert!(
        again.progress.join("\n").contains("is active already"),
        "{:?}",
        again.progress
    );
    assert_eq!(house.estate.fake.effects("PromoteReadReplica"), 1);
}

#[test]
fn a_switchover_needs_every_region() {
    let house = House::prepared();
    house.lose(&east());
    let refused = invoke(
        &house,
        "dr_switchover",
        &json!({ "target_region": "us-west-2" }),
    );
    let told = said(&refused.verdict.expect("a verdict"));
    assert!(told.contains("a switchover with us-east-1 lost"), "{told}");
    assert_eq!(house.estate.fake.effects("PromoteReadReplica"), 0);
}

#[test]
fn a_reprotect_that_does_not_know_who_is_active_asks_for_its_own_argument() {
    let house = House::prepared();
    let change = |it: &mut aws::rds::DbInstance| (it.source, it.replication) = (None, None);
    let fake = &house.estate.fake;
    fake.edit(&west(), "moleculeflow-replica", change);
    let refused = invoke(&house, "dr_reprotect", &json!({}));
    let told = said(&refused.verdict.expect("a verdict"));
    assert!(
        told.contains("active_region = ") && !told.contains("target_region"),
        "{told}"
    );
}

#[test]
fn a_reprotect_after_a_failover_rebuilds_and_can_be_repeated() {
    let house = House::prepared();
    house.lose(&east());
    let done = invoke(&house, "dr_failover", &consents(&house));
    assert!(!done.verdict.expect("a verdict").has_errors());
    house.estate.faulty.give_back(&east());
    house.declare(&[]);
    for _ in 0..2 {
        let done = invoke(&house, "dr_reprotect", &json!({}));
        let verdict = done.verdict.expect("a verdict");
        assert!(!verdict.has_errors(), "{}", said(&verdict));
        assert!(
            done.progress.join("\n").contains("rebuild-replica: done"),
            "{:#?}",
            done.progress
        );
    }
    let replica = house
        .estate
        .fake
        .truth(&east(), "moleculeflow-prod")
        .expect("there");
    assert!(replica.source.is_some(), "the east follows the west now");
}

#[test]
fn a_replica_is_promoted_once() {
    let house = House::prepared();
    for _ in 0..2 {
        let config = house.harness.action_config(
            "dr_promote_replica",
            json!({ "region": "us-west-2", "db_instance_identifier": "moleculeflow-replica" }),
        );
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let clock = house.estate.clock.clone();
        let done = runtime.block_on(async {
            let mut invoked = std::pin::pin!(house.harness.invoke_action("dr_promote_replica", &config));
            loop {
                tokio::select! {
                    biased;
                    invoked = &mut invoked => return invoked,
                    () = turns() => assert!(clock.advance_to_next(), "somebody waits for what never comes"),
                }
            }
        });
        let verdict = done.verdict.expect("a verdict");
        assert!(!verdict.has_errors(), "{}", said(&verdict));
        let last = done.progress.last().expect("a line");
        assert!(last.contains("is primary"), "{:?}", done.progress);
    }
    assert_eq!(house.estate.fake.effects("PromoteReadReplica"), 1);
}

#[test]
fn readiness_and_status_tell_what_stands_in_the_way() {
    let house = House::prepared();
    let read = |name: &str| {
        let config = house
            .harness
            .config(name, json!({ "failover_plan": house.document() }));
        let found = house.drive(house.harness.read_data_source(name, &config));
        assert!(!found.diags.has_errors(), "{}", said(&found.diags));
        found.object.expect("read")
    };
    let status = read("dr_failover_status");
    assert_eq!(status.text("active_region"), "us-east-1");
    assert_eq!(status.text("published_digest"), house.digest());
    assert_eq!(
        status.attribute("executions").elements().map(<[_]>::len),
        Some(0)
    );
    let ready = read("dr_failover_readiness");
    assert_eq!(ready.text("target_region"), "us-west-2");
    let steps = ready.attribute("steps").elements().expect("steps");
    assert_eq!(steps.len(), 8, "those of a failover");
    assert!(
        ready
            .attribute("predicted_rto")
            .attribute("critical")
            .is_some()
    );
    house.lose(&east());
    let ready = read("dr_failover_readiness");
    assert_eq!(ready.attribute("ready").as_bool(), Some(false));
    let problems = format!("{:?}", ready.attribute("problems"));
    assert!(problems.contains("fence-database"), "{problems}");
    let done = invoke(&house, "dr_failover", &consents(&house));
    assert!(!done.verdict.expect("a verdict").has_errors());
    let status = read("dr_failover_status");
    assert_eq!(status.text("active_region"), "us-west-2");
    let executions = status
        .attribute("executions")
        .elements()
        .expect("executions");
    let newest = executions[0]
        .attribute("status")
        .and_then(|it| it.as_str().map(str::to_owned));
    assert_eq!(newest.as_deref(), Some("done_unfenced"));
}
