//! Runs that die at every await, and the run after them: what holds is not done again, what is one-way happens once,
//! and the target is reached all the same.

use aws::autoscaling::Group;
use aws::faults::{Fault, Schedule};
use aws::route53::{RecordSet, Routing};
use serde_json::{Value, json};

use super::bench::{Bench, EAST, WEST, case, east, west};
use crate::kind::{Case, Kind};
use crate::mode::Mode;
use crate::plan_step::Ended;

/// More awaits than any of these runs has.
const MOST: usize = 600;

/// Kills a run at each of its awaits, runs it again, and lets `judge` look at the end of that.
/// The first call of `lost` takes effect and is never answered: so a run also dies between an effect and its answer.
fn killed_anywhere(
    kind: &dyn Kind,
    lost: &str,
    json: &Value,
    case: &Case,
    prepare: impl Fn(&Bench),
    judge: impl Fn(&Bench, &Ended, usize),
) {
    for death in 0..MOST {
        // Every call takes a while, so that a run can die before and after each.
        let schedule = Schedule::seeded(7, 0).then(lost, 0, Fault::BlackHoleAfterEffect);
        let bench = Bench::with(schedule);
        prepare(&bench);
        let (ended, past) = bench.run_until(kind, json.clone(), case, death);
        if let Some(ended) = ended {
            assert!(
                death >= 2,
                "{}: a run has more awaits than {death}",
                kind.name()
            );
            judge(&bench, &ended, death);
            return;
        }
        let next = Case {
            past,
            ..case.clone()
        };
        let ended = bench.run(kind, json.clone(), &next);
        judge(&bench, &ended, death);
    }
    panic!("{}: a run does not end", kind.name());
}

fn done(ended: &Ended, death: usize) {
    assert!(
        ended.outcome.is_done(),
        "death {death}: {:?}",
        ended.outcome
    );
}

#[test]
fn services_and_groups_reach_their_size() {
    let mut observed = case();
    observed.baseline.insert(east(), json!({ "running": 4 }));
    let place = json!({ "cluster": "shop", "service": "web" });
    killed_anywhere(
        &super::ecs_service_capacity::EcsServiceCapacity,
        "RegisterScalableTarget",
        &json!({ "services": { EAST: place, WEST: place } }),
        &observed,
        |bench| {
            bench
                .fake
                .add_service(&west(), "shop", "web", 1, Some((1, 9)));
        },
        |_, ended, death| done(ended, death),
    );
    let group = Group {
        name: "web".to_owned(),
        minimum: 0,
        maximum: 9,
        desired: 0,
        in_service: 0,
        suspended: Vec::new(),
    };
    killed_anywhere(
        &super::asg_capacity::AsgCapacity,
        "UpdateAutoScalingGroup",
        &json!({ "groups": { EAST: "web", WEST: "web" } }),
        &observed,
        |bench| bench.fake.add_group(&west(), group.clone()),
        |bench, ended, death| {
            done(ended, death);
            assert_eq!(
                bench.fake.effects("UpdateAutoScalingGroup"),
                1,
                "death {death}"
            );
        },
    );
}

#[test]
fn an_application_is_always_started_anew_after_its_values_changed() {
    let values = json!({ EAST: "db.east", WEST: "db.west" });
    let services = json!([{ "cluster": "shop", "service": "web" }]);
    killed_anywhere(
        &super::application_target::ApplicationTarget,
        "PutParameter",
        &json!({
            "parameters": [{ "name": "/db", "values": values }],
            "secrets": [{ "id": "db", "pointer": "/host", "values": values }],
            "services": { EAST: services, WEST: services },
        }),
        &case(),
        |bench| {
            bench
                .fake
                .add_parameter(&west(), "/db", "String", "db.east");
            bench
                .fake
                .add_secret(&west(), "db", r#"{"host":"db.east"}"#, None);
            bench.fake.add_service(&west(), "shop", "web", 2, None);
        },
        |bench, ended, death| {
            done(ended, death);
            let calls = bench.fake.calls();
            let last = |operation: &str| calls.iter().rposition(|call| call.operation == operation);
            let started = last("UpdateService");
            assert!(
                started > last("PutParameter") && started > last("PutSecretValue"),
                "death {death}"
            );
        },
    );
}

#[test]
fn secrets_are_promoted_and_replicated_once() {
    let secrets = json!({ "secrets": { EAST: ["db"], WEST: ["db"] } });
    killed_anywhere(
        &super::secret_promotion::SecretPromotion,
        "StopReplicationToReplica",
        &secrets,
        &case(),
        |bench| bench.fake.add_secret(&west(), "db", "s", Some(&east())),
        |bench, ended, death| {
            done(ended, death);
            assert_eq!(
                bench.fake.effects("StopReplicationToReplica"),
                1,
                "death {death}"
            );
        },
    );
    let mut reprotect = case();
    reprotect.mode = Mode::Reprotect;
    killed_anywhere(
        &super::secret_replicate::SecretReplicate,
        "ReplicateSecretToRegions",
        &secrets,
        &reprotect,
        |bench| bench.fake.add_secret(&west(), "db", "s", None),
        |bench, ended, death| {
            done(ended, death);
            assert_eq!(
                bench.fake.effects("ReplicateSecretToRegions"),
                1,
                "death {death}"
            );
        },
    );
}

#[test]
fn traffic_arrives() {
    let third = super::bench::region("eu-west-1");
    killed_anywhere(
        &super::s3_multi_region_access_point::S3MultiRegionAccessPoint,
        "SubmitMultiRegionAccessPointRoutes",
        &json!({ "access_point_arn": "arn:shop" }),
        &case(),
        |bench| {
            bench
                .fake
                .add_access_point("arn:shop", &[(&east(), 100), (&west(), 0), (&third, 0)]);
        },
        |_, ended, death| done(ended, death),
    );
    let endpoints = json!([{ "region": WEST, "url": "https://west" }]);
    killed_anywhere(
        &super::arc_routing_control::ArcRoutingControl,
        "UpdateRoutingControlStates",
        &json!({ "controls": { EAST: "e", WEST: "w" }, "endpoints": endpoints }),
        &case(),
        |bench| {
            bench.fake.add_control("e", true);
            bench.fake.add_control("w", false);
        },
        |bench, ended, death| {
            done(ended, death);
            assert_eq!(
                bench.fake.effects("UpdateRoutingControlStates"),
                1,
                "death {death}"
            );
        },
    );
    killed_anywhere(
        &super::lambda_event_sources::LambdaEventSources,
        "UpdateEventSourceMapping",
        &json!({ "mappings": { EAST: ["e"], WEST: ["w"] } }),
        &case(),
        |bench| {
            bench.fake.add_mapping(&east(), "e", "Enabled");
            bench.fake.add_mapping(&west(), "w", "Disabled");
        },
        |bench, ended, death| {
            done(ended, death);
            assert_eq!(
                bench.fake.effects("UpdateEventSourceMapping"),
                2,
                "death {death}"
            );
        },
    );
}

#[test]
fn records_are_never_done_before_their_change_is_in_sync() {
    let set = |identifier: &str, weight: u32| RecordSet {
        name: "shop.example.".to_owned(),
        kind: "A".to_owned(),
        set_identifier: identifier.to_owned(),
        routing: Routing::Weighted(weight),
        ttl: Some(60),
        values: vec!["192.0.2.1".to_owned()],
        alias: None,
        health_check: None,
    };
    let identifiers = json!({ EAST: "east", WEST: "west" });
    killed_anywhere(
        &super::route53_records::Route53Records,
        "ChangeResourceRecordSets",
        &json!({ "zone_id": "Z1", "records": [{ "name": "shop.example", "type": "A", "set_identifiers": identifiers }] }),
        &case(),
        |bench| {
            bench.fake.add_record("Z1", set("east", 9));
            bench.fake.add_record("Z1", set("west", 0));
        },
        |bench, ended, death| {
            done(ended, death);
            let calls = bench.fake.calls();
            let changed = calls
                .iter()
                .find(|call| call.effect == aws::fake::Effect::Changed)
                .unwrap();
            let last = calls.last().unwrap();
            assert_eq!(last.operation, "GetChange", "death {death}");
            let waited = last.at.duration_since(changed.at).as_secs();
            assert!(waited >= 40, "death {death}: {waited}");
        },
    );
}

#[test]
fn a_function_is_never_called_twice_without_somebody_saying_so() {
    killed_anywhere(
        &super::lambda_invoke::LambdaInvoke,
        "InvokeFunction",
        &json!({ "functions": { EAST: "f", WEST: "f" } }),
        &case(),
        |bench| bench.fake.add_function(&west(), "f", None),
        |bench, ended, death| {
            let calls = bench.fake.invocations().len();
            let asked = ended
                .outcome
                .message()
                .is_some_and(|told| told.seen.contains("drctl approve"));
            assert!(calls <= 1, "death {death}: {calls}");
            assert!(
                asked || (ended.outcome.is_done() && calls == 1),
                "death {death}: {:?}",
                ended.outcome
            );
        },
    );
}

#[test]
fn messages_arrive_at_least_once() {
    let topics = json!({ EAST: "t", WEST: "t" });
    killed_anywhere(
        &super::notify::Notify,
        "Publish",
        &json!({ "topics": topics, "subject": "s", "message": "m" }),
        &case(),
        |bench| bench.fake.add_topic(&west(), "t"),
        |bench, ended, death| {
            done(ended, death);
            assert!(
                (1..=2).contains(&bench.fake.published().len()),
                "death {death}"
            );
        },
    );
}
