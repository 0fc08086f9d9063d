//! What may run at all, which consents count, what a plan shows, and what a stop leaves.

use serde_json::json;
use terraform_framework::testing::UNKNOWN;

use super::{NAME, apply, config, consent, failed_over, held, plan, promotions};
use crate::testing::{House, east, said};

#[test]
fn only_a_published_and_reviewed_plan_runs() {
    let house = House::new();
    let adopted = apply(&house, None, "us-east-1", &json!({})).expect_clean();
    let planned = plan(
        &house,
        Some(&adopted),
        "us-west-2",
        &json!({ "mode": "failover" }),
    );
    assert!(
        said(&planned.diags).contains("Apply the failover plan first"),
        "{}",
        said(&planned.diags)
    );
    let other = plan(
        &house,
        Some(&adopted),
        "us-east-1",
        &json!({ "plan_digest": "00" }),
    );
    assert!(
        said(&other.diags).contains("not the one that was reviewed"),
        "{}",
        said(&other.diags)
    );
    let nowhere = plan(&house, None, "eu-west-1", &json!({}));
    assert!(said(&nowhere.diags).contains("eu-west-1 is no region of moleculeflow"));
    let unknown = json!({ "plan_digest": UNKNOWN });
    let planned = plan(&house, Some(&adopted), "us-west-2", &unknown);
    assert!(said(&planned.diags).contains("Apply the failover plan first"));
    let planned = plan(&house, Some(&adopted), "us-east-1", &unknown);
    assert!(!planned.diags.has_errors(), "{}", said(&planned.diags));
    assert_eq!(promotions(&house), 0);
}

#[test]
fn a_consent_that_does_not_fit_is_inert() {
    for (name, value, why) in [
        ("plan_digest", json!("00"), "it was given for the plan 00"),
        ("epoch", json!(7), "it was given for epoch 7"),
        ("until", json!("2026-08-01T11:00:00Z"), "it ended at"),
        (
            "until",
            json!("2026-08-09T11:00:00Z"),
            "more than 24 hours ahead",
        ),
        (
            "steps",
            json!(["no-such-step"]),
            "the plan has no step no-such-step",
        ),
    ] {
        let (house, object) = held();
        house.lose(&east());
        let mut more = consent(&house);
        more["consent"][0][name] = value;
        let outcome = apply(&house, Some(&object), "us-west-2", &more);
        let told = said(&outcome.diags);
        assert!(
            told.contains("refuses: fenced") && told.contains(why),
            "{name}: {told}"
        );
        assert_eq!(promotions(&house), 0, "{name}");
    }
}

#[test]
fn a_stop_in_the_middle_keeps_the_state_from_before_and_the_next_apply_goes_on() {
    let (house, object) = held();
    house.lose(&east());
    let config = config(&house, "us-west-2", &consent(&house));
    let clock = house.estate.clock.clone();
    let (outcome, ()) = house.drive(async {
        tokio::join!(house.harness.apply(NAME, Some(&object), &config), async {
            aws::clock::Clock::sleep(&clock, std::time::Duration::from_mins(1)).await;
            house.harness.stop().await;
        })
    });
    let told = said(&outcome.diags);
    assert!(
        told.contains("was interrupted; the next apply goes on"),
        "{told}"
    );
    assert_eq!(outcome.object.expect("kept").state, object.state);
}

#[test]
fn what_is_previewed_reads_on_a_telephone() {
    let (house, object) = held();
    house.lose(&east());
    let planned = plan(&house, Some(&object), "us-west-2", &consent(&house));
    let acts: Vec<_> = planned
        .diags
        .iter()
        .filter(|it| it.summary.contains("failover of"))
        .collect();
    assert_eq!(acts.len(), 1, "one warning");
    let first = acts[0].detail.lines().next().expect("a line");
    assert!(first.starts_with("Data at risk"), "numbers first: {first}");
    for line in acts[0].detail.lines() {
        assert!(
            line.chars().count() <= 90 || !line.trim().contains(' '),
            "{line}"
        );
    }
    for part in ["Steps\n", "Cannot be undone\n", "critical: serves in about"] {
        assert!(
            acts[0].detail.contains(part),
            "{part} is not in {}",
            acts[0].detail
        );
    }
}

#[test]
fn failed_over_is_failed_over() {
    let (house, object) = held();
    let object = failed_over(&house, &object);
    assert_eq!(object.text("last_applied"), "us-west-2");
    assert_eq!(
        object
            .attribute("divergent_steps")
            .elements()
            .map(<[_]>::len),
        Some(0)
    );
}
