//! Quiet writers against small doubles of ECS and Auto Scaling, and the fake's metrics.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use aws::autoscaling::{AutoScalingGroups, Group};
use aws::cloudwatch::ReplicaLag;
use aws::ecs::{EcsServices, ScalingBounds, Service};
use aws::fake::connections;
use aws::metrics::Metrics;
use aws::rds::RdsInstances;
use aws::sts::CallerIdentity;
use aws::{Aws, Error, ErrorKind, Region};
use serde_json::{Value, json};

use super::super::testing::{Estate, case, east, given, west};
use super::QuiesceWritersKind as Quiesce;
use crate::kind::{Case, Kind};
use crate::mode::Mode;
use crate::outcome::Outcome;
use crate::plan_step::Ended;

/// One service and one group of the east. What is asked for runs at the next look but one.
struct Sizes {
    service: Service,
    bounds: Option<ScalingBounds>,
    group: Group,
    looks: u32,
    log: Vec<String>,
    /// Answers to the first changes that are lost although they were made.
    lost_answers: u32,
}

#[derive(Clone)]
struct World {
    aws: Arc<dyn Aws>,
    sizes: Arc<Mutex<Sizes>>,
}

impl World {
    fn new(estate: &Estate) -> Self {
        let sizes = Sizes {
            service: Service {
                name: "api".to_owned(),
                arn: "arn:aws:ecs:us-east-1:123456789012:service/orders/api".to_owned(),
                status: "ACTIVE".to_owned(),
                desired: 4,
                running: 4,
                pending: 0,
                task_definition: "api:1".to_owned(),
                deployment: "d-1".to_owned(),
                rollout: "COMPLETED".to_owned(),
                deployed_at: None,
            },
            bounds: Some(ScalingBounds {
                minimum: 2,
                maximum: 10,
                suspended: false,
            }),
            group: Group {
                name: "workers".to_owned(),
                minimum: 1,
                maximum: 6,
                desired: 3,
                in_service: 3,
                suspended: Vec::new(),
            },
            looks: 0,
            log: Vec::new(),
            lost_answers: 0,
        };
        World {
            aws: Arc::new(estate.faulty.clone()),
            sizes: Arc::new(Mutex::new(sizes)),
        }
    }

    fn edit(&self, change: impl FnOnce(&mut Sizes)) {
        change(&mut self.sizes.lock().unwrap());
    }

    fn log(&self) -> Vec<String> {
        self.sizes.lock().unwrap().log.clone()
    }

    #[expect(
        clippy::result_large_err,
        reason = "the error of the capability that it doubles"
    )]
    fn change(&self, words: String, change: impl FnOnce(&mut Sizes)) -> Result<(), Error> {
        let mut sizes = self.sizes.lock().unwrap();
        change(&mut sizes);
        sizes.looks = 0;
        sizes.log.push(words);
        if sizes.lost_answers == 0 {
            return Ok(());
        }
        sizes.lost_answers -= 1;
        Err(Error {
            kind: ErrorKind::Timeout,
            service: "ecs".to_owned(),
            operation: "any".to_owned(),
            region: "us-east-1".to_owned(),
            code: None,
            message: "no answer in time".to_owned(),
            request_id: None,
        })
    }

    fn looked(&self) {
        self.edit(|sizes| {
            sizes.looks += 1;
            if sizes.looks > 3 {
                sizes.service.running = sizes.service.desired;
                if sizes.group.suspended.is_empty() {
                    sizes.group.in_service = sizes.group.desired;
                }
            }
        });
    }
}

#[async_trait]
impl EcsServices for World {
    async fn describe(&self, _: &str, _: &str) -> Result<Service, Error> {
        self.looked();
        Ok(self.sizes.lock().unwrap().service.clone())
    }

    async fn set_desired(&self, _: &str, service: &str, desired: u32) -> Result<(), Error> {
        self.change(format!("{service} desired {desired}"), |sizes| {
            // Autoscaling raises it to its minimum again.
            let least = sizes.bounds.map_or(0, |bounds| bounds.minimum);
            sizes.service.desired = desired.max(least);
        })
    }

    async fn redeploy(&self, _: &str, _: &str) -> Result<(), Error> {
        panic!("nothing is deployed here")
    }

    async fn bounds(&self, _: &str, _: &str) -> Result<Option<ScalingBounds>, Error> {
        Ok(self.sizes.lock().unwrap().bounds)
    }

    async fn set_bounds(
        &self,
        _: &str,
        service: &str,
        minimum: u32,
        maximum: u32,
    ) -> Result<(), Error> {
        self.change(format!("{service} bounds {minimum} {maximum}"), |sizes| {
            sizes.bounds = Some(ScalingBounds {
                minimum,
                maximum,
                suspended: false,
            });
        })
    }
}

#[async_trait]
impl AutoScalingGroups for World {
    async fn describe(&self, _: &str) -> Result<Group, Error> {
        self.looked();
        Ok(self.sizes.lock().unwrap().group.clone())
    }

    async fn resize(
        &self,
        name: &str,
        minimum: u32,
        maximum: u32,
        desired: u32,
    ) -> Result<(), Error> {
        self.change(
            format!("{name} resize {minimum} {maximum} {desired}"),
            |sizes| {
                (sizes.group.minimum, sizes.group.maximum) = (minimum, maximum);
                sizes.group.desired = desired;
            },
        )
    }
}

impl Aws for World {
    fn rds(&self, region: &Region) -> Result<Arc<dyn RdsInstances>, Error> {
        self.aws.rds(region)
    }

    fn replica_lag(&self, region: &Region) -> Result<Arc<dyn ReplicaLag>, Error> {
        self.aws.replica_lag(region)
    }

    fn identity(&self, region: &Region) -> Result<Arc<dyn CallerIdentity>, Error> {
        self.aws.identity(region)
    }

    fn metrics(&self, region: &Region) -> Result<Arc<dyn Metrics>, Error> {
        self.aws.metrics(region)
    }

    fn ecs(&self, region: &Region) -> Result<Arc<dyn EcsServices>, Error> {
        assert_eq!(*region, east(), "only the region that is left");
        Ok(Arc::new(self.clone()))
    }

    fn groups(&self, region: &Region) -> Result<Arc<dyn AutoScalingGroups>, Error> {
        assert_eq!(*region, east(), "only the region that is left");
        Ok(Arc::new(self.clone()))
    }
}

fn arguments() -> Value {
    let service = json!([{ "cluster": "orders", "service": "api" }]);
    json!({
        "services": { "us-east-1": service, "us-west-2": service },
        "groups": { "us-east-1": ["workers"], "us-west-2": ["workers"] },
        "instances": { "us-east-1": ["orders"], "us-west-2": ["orders-replica"] },
    })
}

fn run(estate: &Estate, world: &World, case: &Case, timeout: Duration) -> Ended {
    let means = estate.means_of(Arc::new(world.clone()));
    let step = Quiesce.build(&given(arguments()), case, &means).unwrap();
    estate.drive(step.as_ref(), timeout)
}

const LONG: Duration = Duration::from_mins(30);

#[test]
fn everything_goes_to_zero_minimums_first_and_the_record_says_what_ran() {
    let estate = Estate::new();
    let world = World::new(&estate);
    estate
        .fake
        .set_metric(&east(), &connections("orders"), Some(0.0));
    let ended = run(&estate, &world, &case(Mode::Switchover), LONG);
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(
        world.log(),
        ["api bounds 0 10", "api desired 0", "workers resize 0 6 0"]
    );
    let words: Vec<&str> = ended.acts.iter().map(|it| it.act.words.as_str()).collect();
    assert!(words[0].contains("minimum from 2"), "{words:?}");
    assert!(words[1].contains("desired from 4"), "{words:?}");
    assert!(
        words[2].contains("desired from 3") && words[2].contains("minimum from 1"),
        "{words:?}"
    );
    let again = run(&estate, &world, &case(Mode::Switchover), LONG);
    assert_eq!(again.outcome, Outcome::AlreadyDone);
}

#[test]
fn it_is_done_only_by_connections_measured_after_the_last_act() {
    let estate = Estate::new();
    let world = World::new(&estate);
    // Quiet for ever, by chance: what was measured before the writers stopped does not count.
    estate
        .fake
        .set_metric_of_the_past(&east(), &connections("orders"), Some(0.0));
    let ended = run(&estate, &world, &case(Mode::Switchover), LONG);
    assert_eq!(ended.outcome, Outcome::Done);
    let last = ended.acts.last().unwrap().at;
    assert!(
        ended.elapsed >= last + Duration::from_mins(2),
        "{:?} {last:?}",
        ended.elapsed
    );
}

#[test]
fn connections_that_go_on_are_waited_for_and_told_with_their_number() {
    let estate = Estate::new();
    let world = World::new(&estate);
    let ended = run(&estate, &world, &case(Mode::Switchover), LONG);
    let Outcome::TimedOut(message) = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(
        message.seen.contains("orders showed 12 connections"),
        "{message}"
    );
}

#[test]
fn no_datapoint_is_not_no_connection() {
    let estate = Estate::new();
    let world = World::new(&estate);
    estate
        .fake
        .set_metric_of_the_past(&east(), &connections("orders"), None);
    let ended = run(&estate, &world, &case(Mode::Switchover), LONG);
    assert!(
        matches!(ended.outcome, Outcome::TimedOut(_)),
        "{:?}",
        ended.outcome
    );
}

#[test]
fn a_group_that_may_not_end_its_instances_fails_with_the_command() {
    let estate = Estate::new();
    let world = World::new(&estate);
    world.edit(|sizes| sizes.group.suspended = vec!["Terminate".to_owned()]);
    let ended = run(&estate, &world, &case(Mode::Switchover), LONG);
    let Outcome::Failed(message) = &ended.outcome else {
        panic!("{:?}", ended.outcome);
    };
    assert!(message.next.contains("resume-processes"), "{message}");
}

#[test]
fn a_lost_answer_is_looked_at_before_anything_is_sent_again() {
    let estate = Estate::new();
    let world = World::new(&estate);
    estate
        .fake
        .set_metric(&east(), &connections("orders"), Some(0.0));
    world.edit(|sizes| sizes.lost_answers = 3);
    let ended = run(&estate, &world, &case(Mode::Switchover), LONG);
    assert_eq!(ended.outcome, Outcome::Done);
    assert_eq!(
        world.log().len(),
        3,
        "each was made although its answer was lost"
    );
}

#[test]
fn the_observation_in_peace_is_told_or_that_there_is_none() {
    let estate = Estate::new();
    let world = World::new(&estate);
    let means = estate.means_of(Arc::new(world.clone()));
    let (given, region) = (given(arguments()), east());
    let figures = Quiesce.measure(&given, &region, &means);
    let figures = estate.clock.drive(figures).unwrap().unwrap();
    assert_eq!(figures["services"]["orders/api"]["running"], 4);
    assert_eq!(figures["groups"]["workers"]["minimum"], 1);

    estate
        .fake
        .set_metric(&east(), &connections("orders"), Some(0.0));
    let mut observed = case(Mode::Switchover);
    let ended = run(&estate, &world, &observed, LONG);
    assert!(
        ended.warnings[0].contains("no observation"),
        "{:?}",
        ended.warnings
    );
    observed.baseline.insert(east(), figures);
    let ended = run(&estate, &world, &observed, LONG);
    assert!(
        ended.warnings[0].contains("\"running\":4"),
        "{:?}",
        ended.warnings
    );
}

#[test]
fn it_needs_one_active_region_that_answers_and_has_nothing_to_do_when_that_stays() {
    let estate = Estate::new();
    let world = World::new(&estate);
    let means = estate.means_of(Arc::new(world.clone()));
    let mut unknown = case(Mode::Switchover);
    unknown.from = None;
    assert!(
        Quiesce
            .build(&given(arguments()), &unknown, &means)
            .is_err()
    );
    let mut lost = case(Mode::Switchover);
    lost.lost.insert(east());
    assert!(Quiesce.build(&given(arguments()), &lost, &means).is_err());
    let mut stays = case(Mode::Switchover);
    stays.from = Some(west());
    let ended = run(&estate, &world, &stays, LONG);
    assert_eq!(ended.outcome, Outcome::AlreadyDone);
    assert!(world.log().is_empty());
}
