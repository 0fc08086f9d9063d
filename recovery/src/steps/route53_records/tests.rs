//! Records against the fake.

use aws::faults::{Fault, Schedule};
use serde_json::{Value, json};

use super::*;
use crate::kind::PastAct;
use crate::outcome::Outcome;
use crate::steps::bench::{Bench, EAST, WEST, case, denied, east, survives, told, unknown_region};

fn asked() -> Value {
    let identifiers = json!({ EAST: "east", WEST: "west" });
    json!({ "zone_id": "Z1", "records": [{ "name": "Shop.example", "set_identifiers": identifiers }] })
}

fn set(identifier: &str, routing: Routing) -> RecordSet {
    RecordSet {
        name: "shop.example.".to_owned(),
        kind: "A".to_owned(),
        set_identifier: identifier.to_owned(),
        routing,
        ttl: Some(60),
        values: vec!["192.0.2.1".to_owned()],
        alias: None,
        health_check: Some(format!("check-{identifier}")),
    }
}

fn failover(role: &str) -> Routing {
    Routing::Failover(role.to_owned())
}

fn with(sets: &[RecordSet]) -> Bench {
    let bench = Bench::new();
    for set in sets {
        bench.fake.add_record("Z1", set.clone());
    }
    bench
}

fn prepare(bench: &Bench) {
    bench
        .fake
        .add_record("Z1", set("east", failover("PRIMARY")));
    bench
        .fake
        .add_record("Z1", set("west", failover("SECONDARY")));
}

fn now(bench: &Bench) -> Vec<RecordSet> {
    let route53 = bench.fake.records(&east()).unwrap();
    let mut sets = bench
        .clock
        .drive(route53.list("Z1", "shop.example.", "A"))
        .unwrap()
        .unwrap();
    sets.sort_by(|a, b| a.set_identifier.cmp(&b.set_identifier));
    sets
}

#[test]
fn failover_records_change_their_parts_and_are_in_sync() {
    let bench = Bench::new();
    prepare(&bench);
    let ended = bench.run(&Route53Records, asked(), &case());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(
        now(&bench),
        [
            set("east", failover("SECONDARY")),
            set("west", failover("PRIMARY"))
        ]
    );
    assert!(
        ended.elapsed >= Duration::from_secs(40),
        "INSYNC is waited for: {:?}",
        ended.elapsed
    );
    let roles = bench.roles(&Route53Records, asked());
    assert_eq!((roles[EAST], roles[WEST]), ("standby", "active"));
    let again = bench.run(&Route53Records, asked(), &case());
    assert_eq!((again.outcome, again.acts.len()), (Outcome::AlreadyDone, 0));
}

#[test]
fn weighted_records_give_all_weight_to_the_target() {
    let bench = with(&[
        set("east", Routing::Weighted(50)),
        set("west", Routing::Weighted(0)),
    ]);
    assert_eq!(
        bench.run(&Route53Records, asked(), &case()).outcome,
        Outcome::Done
    );
    assert_eq!(
        now(&bench),
        [
            set("east", Routing::Weighted(0)),
            set("west", Routing::Weighted(100))
        ]
    );
}

#[test]
fn a_run_that_continues_another_one_asks_for_its_change() {
    let bench = with(&[
        set("east", failover("SECONDARY")),
        set("west", failover("PRIMARY")),
    ]);
    let mut case = case();
    case.past.push(PastAct {
        key: case.idempotency_key(),
        answer: None,
    });
    let ended = bench.run(&Route53Records, asked(), &case);
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(ended.acts.len(), 1);
    assert!(
        ended.elapsed >= Duration::from_secs(40),
        "{:?}",
        ended.elapsed
    );
}

#[test]
fn a_lost_answer_leads_to_a_change_whose_id_is_known() {
    let schedule = Schedule::calm().then("ChangeResourceRecordSets", 0, Fault::ResetAfterEffect);
    let bench = Bench::with(schedule);
    prepare(&bench);
    let ended = bench.run(&Route53Records, asked(), &case());
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(ended.acts.len(), 2);
}

#[test]
fn records_that_are_not_understood_are_left_alone() {
    for (sets, word) in [
        (vec![set("east", failover("PRIMARY"))], "no set west"),
        (
            vec![set("east", Routing::Simple), set("west", Routing::Simple)],
            "simple",
        ),
        (
            vec![
                set("east", Routing::Weighted(1)),
                set("west", Routing::Weighted(0)),
                set("third", Routing::Weighted(9)),
            ],
            "third weight 9",
        ),
    ] {
        let bench = with(&sets);
        let ended = bench.run(&Route53Records, asked(), &case());
        assert!(told(&ended).seen.contains(word), "{}", told(&ended));
        assert_eq!(ended.acts, []);
    }
}

#[test]
fn with_the_control_plane_lost_it_says_so_and_calls_nothing() {
    let bench = Bench::new();
    prepare(&bench);
    let mut case = case();
    case.lost.insert(east());
    let refused = bench.build(&Route53Records, asked(), &case).err().unwrap();
    assert!(
        refused.next.contains("route53_health_check_switch"),
        "{refused}"
    );
    assert_eq!(bench.faulty.attempts(), []);
}

#[test]
fn passing_faults_never_fail_it() {
    for bench in survives(&Route53Records, &asked(), &case(), prepare) {
        assert_eq!(now(&bench)[1], set("west", failover("PRIMARY")));
    }
}

#[test]
fn bad_input_is_told() {
    for operation in [
        "ListResourceRecordSets",
        "ChangeResourceRecordSets",
        "GetChange",
    ] {
        let permission = format!("route53:{operation}");
        denied(&Route53Records, &asked(), &case(), prepare, &permission);
    }
    unknown_region(&Route53Records, asked());
    let ended = Bench::new().run(&Route53Records, asked(), &case());
    assert!(
        told(&ended).seen.contains("NoSuchHostedZone"),
        "{}",
        told(&ended)
    );
    let calls = Route53Records.calls(&Arguments::default(), Mode::Failover, &east(), None);
    assert!(
        calls
            .iter()
            .all(|call| call.region == east() && call.plane == Plane::Control)
    );
}
