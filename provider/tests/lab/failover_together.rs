//! Several at once and beside each other: saved plans, two applies, actions.

use crate::failover::{Estate, consented, lose, state};
use crate::harness::Root;
use crate::interruptions::{apply_in_the_background, ended};

#[test]
fn a_saved_plan_is_decided_again_when_it_is_applied() {
    let estate = Estate::new();
    let mut root = estate.held();
    lose(&mut root);
    root.write(&estate.both("us-west-2", &consented()));
    root.plan(&["-out=saved"]).ok(&["Cannot be undone"]);
    estate.fail_over_outside();
    root.run(&["apply", "-no-color", "saved"]);
    assert_eq!(estate.databases.promotions(), 1, "the one outside");
    root.apply(&[]).ok(&[]);
    assert_eq!(state(&root)["last_applied"], "us-west-2");
    assert_eq!(estate.databases.promotions(), 1);
}

#[test]
fn of_two_applies_at_once_one_executes() {
    let estate = Estate::new();
    let roots: Vec<Root> = (0..2)
        .map(|_| {
            let mut root = estate.held();
            lose(&mut root);
            root.write(&estate.both("us-west-2", &consented()));
            root
        })
        .collect();
    both_apply_and_one_promotes(&estate, &roots);
}

/// Applies all at once: one executes, and the others know it when they are applied again.
pub(crate) fn both_apply_and_one_promotes(estate: &Estate, roots: &[Root]) {
    let running: Vec<_> = roots.iter().map(apply_in_the_background).collect();
    let ran: Vec<_> = running.into_iter().map(ended).collect();
    assert!(ran.iter().any(|it| it.code == Some(0)), "{ran:#?}");
    assert_eq!(estate.databases.promotions(), 1);
    for root in roots {
        root.apply(&[]).ok(&[]);
        assert_eq!(state(root)["last_applied"], "us-west-2");
    }
    assert_eq!(estate.databases.promotions(), 1);
}

#[test]
fn an_action_fails_over_with_progress_and_does_nothing_a_second_time() {
    let estate = Estate::new();
    let mut root = Root::new(&estate.plan());
    root.apply(&[]).ok(&["1 added"]);
    lose(&mut root);
    let now = jiff::Timestamp::now();
    let until = now + jiff::SignedDuration::from_hours(2);
    let lost_at = now - jiff::SignedDuration::from_secs(10);
    let config = |consent: &str| {
        format!(
            "{}\naction \"dr_failover\" \"west\" {{\n  config {{\n    failover_plan = dr_failover_plan.orders.document\n    plan_digest   = dr_failover_plan.orders.digest\n    target_region = \"us-west-2\"\n    lost_at = \"{lost_at}\"\n{consent}\n  }}\n}}\ndata \"dr_failover_status\" \"now\" {{\n  failover_plan = dr_failover_plan.orders.document\n}}\noutput \"active\" {{\n  value = data.dr_failover_status.now.active_region\n}}\n",
            estate.plan()
        )
    };
    root.write(&config(""));
    root.apply(&["-invoke=action.dr_failover.west"])
        .fails(&["a gate refused", "risk        = \"unfenced\""]);
    assert_eq!(estate.databases.promotions(), 0);
    root.write(&config(&format!("consent {{\n risk = \"unfenced\"\n until = \"{until}\"\n plan_digest = dr_failover_plan.orders.digest\n epoch = 1\n steps = [\"promote\"]\n}}")));
    root.apply(&["-invoke=action.dr_failover.west"]).ok(&[
        "promote: done",
        "done_unfenced, epoch 1",
        "Actions: 1 invoked",
    ]);
    root.apply(&["-invoke=action.dr_failover.west"])
        .ok(&["us-west-2 is active already", "Actions: 1 invoked"]);
    assert_eq!(estate.databases.promotions(), 1);
    root.apply(&[]).ok(&["active = \"us-west-2\""]);
}
