//! What a failover left unfenced is fenced alone, once its region is back.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws::faults::Schedule;
use recovery::consent::{AcceptedRisk, PlanConsent};
use recovery::engine::{End, Event, Execution, Order, Surroundings, execute};
use recovery::evidence::{Evidence, html, markdown};
use recovery::mode::Mode;
use tokio_util::sync::CancellationToken;

use crate::estate::{Estate, east, west};

/// A failover that was refused, consented to, and ended unfenced; after it the lost region is back.
fn left_unfenced() -> (Estate, Execution) {
    let estate = Estate::new(Schedule::calm());
    estate.prepare();
    estate.faulty.lose(&east());
    let refused = estate.run(&estate.failover()).expect("it begins");
    assert_eq!(refused.end, End::Refused, "{refused:#?}");
    let order = Order {
        resume: Some(refused.id),
        consents: vec![PlanConsent {
            risk: AcceptedRisk::Unfenced,
            step: None,
            until: "2026-08-01T14:00:00Z".parse().unwrap(),
            target: west().to_string(),
            epoch: 1,
            by: "ada".to_owned(),
            reason: "us-east-1 is gone".to_owned(),
        }],
        ..estate.failover()
    };
    let done = estate.run(&order).expect("it goes on");
    assert_eq!(done.end, End::DoneUnfenced, "{done:#?}");
    estate.faulty.give_back(&east());
    (estate, done)
}

/// As `drctl fence` runs it.
fn fence(estate: &Estate, around: &Surroundings) -> Execution {
    let order = Order {
        mode: Mode::Reprotect,
        target: west(),
        lost: BTreeSet::new(),
        lost_at: None,
        declared_at: None,
        actor: "ben".to_owned(),
        consents: Vec::new(),
        resume: None,
    };
    let only = around.of_kind(Mode::Reprotect, "fence_database");
    let only = only.expect("the example fences");
    let events = Arc::clone(&estate.events);
    let sink = move |event: Event| events.lock().unwrap().push(event);
    let cancel = CancellationToken::new();
    let run = execute(&only, &order, &cancel, &sink);
    estate
        .clock
        .drive(run)
        .expect("it ends")
        .expect("it begins")
}

#[test]
fn two_steps_that_fence_the_same_instance_act_on_it_once() {
    let (estate, _) = left_unfenced();
    let done = fence(&estate, &estate.around(&BTreeSet::new()));
    assert_eq!(done.end, End::Done, "{done:#?}");
    let names: Vec<&str> = done.steps.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["fence-database", "fence-what-came-back"]);
    for act in ["ModifyDBInstance", "RebootDBInstance"] {
        let of_the_fence = estate.faulty.attempts();
        let of_the_fence = of_the_fence.iter();
        let of_the_fence = of_the_fence
            .filter(|it| it.operation == act && it.region == east())
            .count();
        assert_eq!(of_the_fence, 1, "{act}");
    }
}

fn evidence(estate: &Estate, around: &Surroundings, id: &str) -> Evidence {
    let entries = estate.clock.drive(around.entries(id));
    let entries = entries.expect("it ends").expect("there is a journal");
    let evidence = estate.clock.drive(around.evidence(id, &entries));
    evidence.expect("it ends")
}

#[test]
fn the_evidence_of_the_failover_names_the_fence_that_closed_it() {
    let (estate, failover) = left_unfenced();
    let around = estate.around(&BTreeSet::new());
    let open = evidence(&estate, &around, &failover.id);
    assert!(open.intact);
    assert_eq!(open.closed_by, []);
    assert!(!open.open.is_empty());
    assert!(
        open.summary.ends_with("the old writer is not fenced"),
        "{}",
        open.summary
    );

    let fence = fence(&estate, &around);
    let closed = evidence(&estate, &around, &failover.id);
    let [by] = closed.closed_by.as_slice() else {
        panic!("{:?}", closed.closed_by);
    };
    assert_eq!(
        (&by.execution, by.mode.as_str(), by.by.as_deref()),
        (&fence.id, "fence", Some("ben"))
    );
    assert_eq!(by.regions, ["us-east-1"]);
    assert_eq!(closed.open, Vec::<String>::new());
    for text in [markdown(&closed), html(&closed)] {
        assert!(text.contains(&fence.id), "{text}");
    }
    let past = estate.clock.drive(around.past());
    let past = past.expect("it ends").expect("stores answer");
    assert_eq!(past.closures.len(), 1, "{:?}", past.closures);
}
