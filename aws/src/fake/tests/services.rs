//! What runs, in ECS: tasks, deployments and the bounds of autoscaling.

use super::{Estate, west};
use crate::ecs::{ScalingBounds, Service};
use crate::{Aws, Error, ErrorKind};

const CLUSTER: &str = "shop";
const WEB: &str = "web";

fn estate() -> Estate {
    let estate = Estate::new();
    estate
        .aws
        .add_service(&west(), CLUSTER, WEB, 1, Some((1, 8)));
    estate
}

fn shown(estate: &Estate) -> Service {
    let ecs = estate.aws.ecs(&west()).unwrap();
    estate
        .clock
        .drive(ecs.describe(CLUSTER, WEB))
        .unwrap()
        .unwrap()
}

fn ask(estate: &Estate, desired: u32) {
    let ecs = estate.aws.ecs(&west()).unwrap();
    let asked = estate
        .clock
        .drive(ecs.set_desired(CLUSTER, WEB, desired))
        .unwrap();
    asked.unwrap();
}

fn bind(estate: &Estate, minimum: u32, maximum: u32) -> Result<(), Error> {
    let ecs = estate.aws.ecs(&west()).unwrap();
    estate
        .clock
        .drive(ecs.set_bounds(CLUSTER, WEB, minimum, maximum))
        .unwrap()
}

#[test]
fn tasks_that_are_asked_for_are_pending_before_they_run() {
    let estate = estate();
    ask(&estate, 4);
    let soon = shown(&estate);
    assert_eq!((soon.desired, soon.running, soon.pending), (4, 1, 3));
    estate.pass(90);
    let then = shown(&estate);
    assert_eq!((then.desired, then.running, then.pending), (4, 4, 0));
}

#[test]
fn without_room_the_rest_stays_pending_for_ever() {
    let estate = estate();
    estate.aws.limit_tasks(&west(), CLUSTER, WEB, 2);
    ask(&estate, 4);
    estate.pass(3600);
    let then = shown(&estate);
    assert_eq!((then.running, then.pending), (2, 2));
}

#[test]
fn a_forced_deployment_is_another_one_and_ends_as_it_ends() {
    for fails in [false, true] {
        let estate = estate();
        let before = shown(&estate);
        if fails {
            estate.aws.fail_deployments(&west(), CLUSTER, WEB);
        }
        let ecs = estate.aws.ecs(&west()).unwrap();
        estate
            .clock
            .drive(ecs.redeploy(CLUSTER, WEB))
            .unwrap()
            .unwrap();
        let under_way = shown(&estate);
        assert_ne!(under_way.deployment, before.deployment);
        assert!(under_way.deployed_at > before.deployed_at);
        assert_eq!(under_way.rollout, "IN_PROGRESS");
        estate.pass(120);
        let end = if fails { "FAILED" } else { "COMPLETED" };
        assert_eq!(shown(&estate).rollout, end);
    }
}

#[test]
fn autoscaling_asks_for_its_minimum_unless_it_is_suspended() {
    let estate = estate();
    bind(&estate, 3, 8).unwrap();
    assert_eq!(shown(&estate).desired, 3);

    estate.aws.edit_service(&west(), CLUSTER, WEB, |_, bounds| {
        bounds.as_mut().unwrap().suspended = true;
    });
    bind(&estate, 5, 9).unwrap();
    assert_eq!(shown(&estate).desired, 3);
    let ecs = estate.aws.ecs(&west()).unwrap();
    let bounds = estate.clock.drive(ecs.bounds(CLUSTER, WEB)).unwrap();
    let expected = ScalingBounds {
        minimum: 5,
        maximum: 9,
        suspended: true,
    };
    assert_eq!(bounds.unwrap(), Some(expected));
}

#[test]
fn what_changes_nothing_is_no_effect_and_an_unknown_service_is_not_found() {
    let estate = estate();
    ask(&estate, 1);
    bind(&estate, 1, 8).unwrap();
    let effects = |name| estate.aws.effects(name);
    assert_eq!(
        (effects("UpdateService"), effects("RegisterScalableTarget")),
        (0, 0)
    );
    let ecs = estate.aws.ecs(&west()).unwrap();
    let answer = estate.clock.drive(ecs.describe(CLUSTER, "none")).unwrap();
    assert_eq!(answer.unwrap_err().kind, ErrorKind::NotFound);
}
