//! Stops what writes in the region that is left, before a switchover: services and groups at zero, and no connection to
//! its databases any more. What ran before stands in the words of each act, and in the newest observation.
//!
//! Minimums come first: autoscaling would raise what was lowered below them.

mod kind;
mod observe;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::{Aws, Error, Region};
use jiff::{SignedDuration, Timestamp};

pub use self::kind::QuiesceWritersKind;
pub use self::observe::{Seen, ServiceSeen};

use super::again::{self, Twice};
use super::databases::{quiet_since, told};
use crate::gate::GateResult;
use crate::kind::Case;
use crate::message::Message;
use crate::risk::Risk;
use crate::step::{Answer, Decision, Look, Memory, Step};

/// An ECS service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceName {
    /// Its cluster.
    pub cluster: String,
    /// Its name.
    pub service: String,
}

/// What writes, and what is written to, in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writers {
    /// The region that is left.
    pub region: Region,
    /// ECS services.
    pub services: Vec<ServiceName>,
    /// Auto Scaling groups.
    pub groups: Vec<String>,
    /// Instances whose connections are counted.
    pub instances: Vec<String>,
}

/// What the step can do. Each carries what was there before, so that the record of the act says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// `RegisterScalableTarget` with a minimum of 0: the service, its minimum, its maximum.
    Unbind(ServiceName, u32, u32),
    /// `UpdateService` with 0 tasks: the service, and how many were asked for.
    Empty(ServiceName, u32),
    /// `UpdateAutoScalingGroup` with 0 instances: the group, its minimum, maximum and desired size.
    Shrink(String, u32, u32, u32),
}

/// The step itself; without writers there is nothing to do.
pub struct QuiesceWriters {
    aws: Arc<dyn Aws>,
    clock: Arc<dyn Clock>,
    writers: Option<Writers>,
    case: Case,
}

fn same(one: &Act, other: &Act) -> bool {
    match (one, other) {
        (Act::Unbind(one, ..), Act::Unbind(other, ..))
        | (Act::Empty(one, _), Act::Empty(other, _)) => one == other,
        (Act::Shrink(one, ..), Act::Shrink(other, ..)) => one == other,
        _ => false,
    }
}

fn send(memory: &Memory<Act>, act: Act) -> Decision<Act> {
    let (wanted, words) = (act.clone(), describe(&act));
    again::send(
        memory,
        act,
        move |it| same(it, &wanted),
        &words,
        Twice::Harmless,
    )
}

fn describe(act: &Act) -> String {
    match act {
        Act::Unbind(name, minimum, maximum) => format!(
            "RegisterScalableTarget {}/{} (minimum from {minimum} to 0, maximum stays {maximum})",
            name.cluster, name.service
        ),
        Act::Empty(name, desired) => {
            format!(
                "UpdateService {}/{} (desired from {desired} to 0)",
                name.cluster, name.service
            )
        }
        Act::Shrink(group, minimum, maximum, desired) => format!(
            "UpdateAutoScalingGroup {group} (minimum from {minimum} to 0, desired from {desired} to 0, maximum stays \
             {maximum})"
        ),
    }
}

/// What each service and group still needs; the acts before the waits.
fn scale_down(seen: &Seen, memory: &Memory<Act>) -> Vec<Decision<Act>> {
    let mut decisions = Vec::new();
    for ServiceSeen {
        name,
        service,
        bounds,
    } in &seen.services
    {
        let place = format!("{}/{}", name.cluster, name.service);
        if let Some(bounds) = bounds.filter(|bounds| bounds.minimum > 0) {
            let act = Act::Unbind(name.clone(), bounds.minimum, bounds.maximum);
            decisions.push(send(memory, act));
        } else if service.desired > 0 {
            decisions.push(send(memory, Act::Empty(name.clone(), service.desired)));
        } else if service.running + service.pending > 0 {
            decisions.push(Decision::Wait(format!(
                "{place} still runs {} tasks and starts {}",
                service.running, service.pending
            )));
        }
    }
    for group in &seen.groups {
        if group.minimum > 0 || group.desired > 0 {
            let name = group.name.clone();
            let act = Act::Shrink(name, group.minimum, group.maximum, group.desired);
            decisions.push(send(memory, act));
        } else if group.in_service > 0 && group.suspended.iter().any(|it| it == "Terminate") {
            decisions.push(Decision::Fail(Message::new(
                format!(
                    "{} has {} instances and Terminate is suspended",
                    group.name, group.in_service
                ),
                "a group that ends its instances",
                format!(
                    "aws autoscaling resume-processes --auto-scaling-group-name {}",
                    group.name
                ),
            )));
        } else if group.in_service > 0 {
            let text = format!(
                "{} still has {} instances in service",
                group.name, group.in_service
            );
            decisions.push(Decision::Wait(text));
        }
    }
    decisions
}

/// When the last act of this run was answered, by the clock of what was seen.
fn last_act(seen: &Seen, memory: &Memory<Act>) -> Option<Timestamp> {
    let not_refused = |it: &&crate::step::Performed<Act>| it.answer != Answer::Rejected;
    let last = memory.performed.iter().rev().find(not_refused)?;
    let age = SignedDuration::try_from(memory.elapsed.saturating_sub(last.at)).ok()?;
    seen.at.checked_sub(age).ok()
}

/// What still keeps the databases from being quiet.
fn connected(seen: &Seen, memory: &Memory<Act>) -> Option<String> {
    let since = last_act(seen, memory);
    seen.connections.iter().find_map(|(instance, points)| {
        let newest = points.first();
        let after = |at: Timestamp| since.is_none_or(|since| at >= since);
        let measured = points.get(1).is_some_and(|point| after(point.at));
        if measured && quiet_since(points, seen.at).is_some() {
            return None;
        }
        Some(match newest {
            Some(point) => format!(
                "{instance} showed {} connections at {}; waiting for two minutes without one",
                point.value, point.at
            ),
            None => format!("{instance} has no datapoint of its connections"),
        })
    })
}

#[async_trait]
impl Step for QuiesceWriters {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        match &self.writers {
            None => "no region is left, so nothing has to be quiet".to_owned(),
            Some(writers) => format!("nothing in {} writes any more", writers.region),
        }
    }

    async fn look(&self, _: Look) -> Result<Seen, Error> {
        observe::look(
            self.aws.as_ref(),
            self.clock.as_ref(),
            self.writers.as_ref(),
        )
        .await
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        let decisions = scale_down(seen, memory);
        let act = decisions.iter().find(|it| !matches!(it, Decision::Wait(_)));
        if let Some(first) = act.or_else(|| decisions.first()) {
            return first.clone();
        }
        match connected(seen, memory) {
            Some(reason) => Decision::Wait(reason),
            None => Decision::Done,
        }
    }

    fn gates(&self, _: &Seen) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &Act) -> Result<(), Error> {
        let Some(writers) = &self.writers else {
            return Ok(());
        };
        let region = &writers.region;
        match act {
            Act::Unbind(name, _, maximum) => {
                let ecs = self.aws.ecs(region)?;
                ecs.set_bounds(&name.cluster, &name.service, 0, *maximum)
                    .await
            }
            Act::Empty(name, _) => {
                self.aws
                    .ecs(region)?
                    .set_desired(&name.cluster, &name.service, 0)
                    .await
            }
            Act::Shrink(group, _, maximum, _) => {
                self.aws.groups(region)?.resize(group, 0, *maximum, 0).await
            }
        }
    }

    fn risk(&self, _: &Act) -> Risk {
        Risk::Reversible
    }

    fn describe_act(&self, act: &Act) -> String {
        describe(act)
    }

    fn warnings(&self, _: &Seen) -> Vec<String> {
        let Some(writers) = &self.writers else {
            return Vec::new();
        };
        match self.case.baseline.get(&writers.region) {
            Some(figures) => vec![format!(
                "the newest observation of {} in peace: {figures}",
                writers.region
            )],
            None => vec![format!(
                "no observation says what {} ran in peace: the sizes stand only in the acts of this execution",
                writers.region
            )],
        }
    }

    fn describe(&self, seen: &Seen) -> String {
        seen.to_string()
    }

    fn explain(&self, error: &Error) -> Message {
        told(
            error,
            "services, groups and instances as the document names them",
        )
    }
}
