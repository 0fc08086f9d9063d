//! ECS of the fake: tasks need a while to start, a deployment a while to complete, and autoscaling keeps its bounds.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::services::{Served, absent, changed};
use super::{ByPlace, Effect, FakeAws, Local};
use crate::ecs::{EcsServices, ScalingBounds, Service};
use crate::{Error, Region};

/// How long a task needs to run. Real ones need minutes by image and health check.
const START: Duration = Duration::from_secs(90);
/// How long a deployment needs.
const ROLLOUT: Duration = Duration::from_mins(2);

#[derive(Default)]
pub(super) struct State {
    services: ByPlace<Kept>,
}

struct Kept {
    service: Service,
    bounds: Option<ScalingBounds>,
    /// When the tasks that are asked for run.
    running_at: Option<Timestamp>,
    /// When the deployment ends.
    rolled_out_at: Option<Timestamp>,
    /// The most tasks that there is capacity for.
    room: u32,
    /// How the next deployment ends.
    outcome: &'static str,
    deployments: u32,
}

impl Kept {
    fn settle(&mut self, now: Timestamp) {
        if self.running_at.is_some_and(|at| at <= now) {
            self.service.running = self.service.desired.min(self.room);
            self.running_at = None;
        }
        if self.rolled_out_at.is_some_and(|at| at <= now) {
            self.service.rollout = self.outcome.to_owned();
            self.rolled_out_at = None;
        }
        let missing = self.service.desired.saturating_sub(self.service.running);
        self.service.pending = missing;
    }

    fn ask(&mut self, desired: u32, now: Timestamp) {
        self.service.desired = desired;
        self.running_at = now.saturating_add(START).ok();
    }
}

fn key(cluster: &str, service: &str) -> String {
    format!("{cluster}/{service}")
}

impl FakeAws {
    /// Adds an active service that runs so many tasks, deployed an hour ago, with these bounds of autoscaling.
    pub fn add_service(
        &self,
        region: &Region,
        cluster: &str,
        name: &str,
        tasks: u32,
        bounds: Option<(u32, u32)>,
    ) {
        let hour_ago = self.clock.now().saturating_sub(Duration::from_hours(1));
        let service = Service {
            name: name.to_owned(),
            arn: format!(
                "arn:aws:ecs:{region}:{}:service/{cluster}/{name}",
                super::ACCOUNT
            ),
            status: "ACTIVE".to_owned(),
            desired: tasks,
            running: tasks,
            pending: 0,
            task_definition: format!(
                "arn:aws:ecs:{region}:{}:task-definition/{name}:1",
                super::ACCOUNT
            ),
            deployment: "ecs-svc/0".to_owned(),
            rollout: "COMPLETED".to_owned(),
            deployed_at: hour_ago.ok(),
        };
        let kept = Kept {
            service,
            bounds: bounds.map(|(minimum, maximum)| ScalingBounds {
                minimum,
                maximum,
                suspended: false,
            }),
            running_at: None,
            rolled_out_at: None,
            room: u32::MAX,
            outcome: "COMPLETED",
            deployments: 0,
        };
        let place = (region.clone(), key(cluster, name));
        self.services().ecs.services.insert(place, kept);
    }

    /// Changes a service by hand.
    pub fn edit_service(
        &self,
        region: &Region,
        cluster: &str,
        name: &str,
        change: impl FnOnce(&mut Service, &mut Option<ScalingBounds>),
    ) {
        let mut services = self.services();
        let place = (region.clone(), key(cluster, name));
        if let Some(kept) = services.ecs.services.get_mut(&place) {
            change(&mut kept.service, &mut kept.bounds);
        }
    }

    /// Leaves room for only so many tasks of a service.
    pub fn limit_tasks(&self, region: &Region, cluster: &str, name: &str, room: u32) {
        let place = (region.clone(), key(cluster, name));
        if let Some(kept) = self.services().ecs.services.get_mut(&place) {
            kept.room = room;
        }
    }

    /// Lets the next deployments of a service fail.
    pub fn fail_deployments(&self, region: &Region, cluster: &str, name: &str) {
        let place = (region.clone(), key(cluster, name));
        if let Some(kept) = self.services().ecs.services.get_mut(&place) {
            kept.outcome = "FAILED";
        }
    }
}

impl Local {
    fn on_service<T>(
        &self,
        operation: &'static str,
        cluster: &str,
        service: &str,
        work: impl FnOnce(&mut Kept, Timestamp) -> Served<T>,
    ) -> Result<T, Error> {
        let id = key(cluster, service);
        self.serve(operation, &id, |services, now| {
            let kept = services.ecs.services.get_mut(&self.place(&id));
            let kept = kept.ok_or_else(|| absent("ecs", "ServiceNotFoundException", &id))?;
            kept.settle(now);
            let answer = work(kept, now);
            kept.settle(now);
            answer
        })
    }
}

#[async_trait]
impl EcsServices for Local {
    async fn describe(&self, cluster: &str, service: &str) -> Result<Service, Error> {
        self.on_service("DescribeServices", cluster, service, |kept, _| {
            Ok((kept.service.clone(), Effect::Read))
        })
    }

    async fn set_desired(&self, cluster: &str, service: &str, desired: u32) -> Result<(), Error> {
        self.on_service("UpdateService", cluster, service, |kept, now| {
            let before = kept.service.desired;
            if before != desired {
                kept.ask(desired, now);
            }
            Ok(((), changed(before != desired)))
        })
    }

    async fn redeploy(&self, cluster: &str, service: &str) -> Result<(), Error> {
        self.on_service("UpdateService", cluster, service, |kept, now| {
            kept.deployments += 1;
            kept.service.deployment = format!("ecs-svc/{}", kept.deployments);
            "IN_PROGRESS".clone_into(&mut kept.service.rollout);
            kept.service.deployed_at = Some(now);
            kept.rolled_out_at = now.saturating_add(ROLLOUT).ok();
            Ok(((), Effect::Changed))
        })
    }

    async fn bounds(&self, cluster: &str, service: &str) -> Result<Option<ScalingBounds>, Error> {
        self.on_service("DescribeScalableTargets", cluster, service, |kept, _| {
            Ok((kept.bounds, Effect::Read))
        })
    }

    async fn set_bounds(
        &self,
        cluster: &str,
        service: &str,
        minimum: u32,
        maximum: u32,
    ) -> Result<(), Error> {
        self.on_service("RegisterScalableTarget", cluster, service, |kept, now| {
            let suspended = kept.bounds.is_some_and(|bounds| bounds.suspended);
            let bounds = Some(ScalingBounds {
                minimum,
                maximum,
                suspended,
            });
            let effect = changed(kept.bounds != bounds);
            kept.bounds = bounds;
            // Autoscaling asks for what its bounds demand.
            if kept.service.desired < minimum && !suspended {
                kept.ask(minimum, now);
            }
            Ok(((), effect))
        })
    }
}
