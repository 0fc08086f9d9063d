//! What to do about one value, and about one service that reads the values.

use aws::ecs::Service;
use jiff::Timestamp;

use super::observe::{Held, State};
use super::{Act, Target};
use crate::message::Message;
use crate::step::{Answer, Decision, Memory, Step};
use crate::steps::parts;

impl Target {
    pub(super) fn decide_value(
        &self,
        held: &Held,
        act: Act,
        memory: &Memory<Act>,
    ) -> Decision<Act> {
        match &held.state {
            State::Holds => Decision::Done,
            State::Unfit(message) => Decision::Fail(message.clone()),
            State::Differs => {
                let words = self.describe_act(&act);
                parts::again(act, &words, memory)
            }
        }
    }

    /// `changed` is when the newest of the values was written; `None` where AWS does not say.
    pub(super) fn decide_service(
        &self,
        index: usize,
        service: &Service,
        changed: Option<Timestamp>,
        memory: &Memory<Act>,
    ) -> Decision<Act> {
        let place = format!("{} in {}", service.name, self.region);
        if service.status != "ACTIVE" {
            return Decision::Fail(Message::new(
                format!("the service {place} is {}", service.status),
                "an ACTIVE service",
                "create the service again, or take it out of the document",
            ));
        }
        let newer = match (changed, service.deployed_at) {
            (Some(changed), Some(deployed)) => deployed > changed,
            // Where AWS does not say when, only a deployment that this run asked for is proof.
            _ => memory.performed.iter().any(|past| {
                let since = matches!(&past.act, Act::Redeploy { service: of, before }
                    if *of == index && *before != service.deployment);
                since && past.answer != Answer::Rejected
            }),
        };
        if !newer {
            let act = Act::Redeploy {
                service: index,
                before: service.deployment.clone(),
            };
            let words = self.describe_act(&act);
            return parts::again(act, &words, memory);
        }
        match service.rollout.as_str() {
            "COMPLETED" => Decision::Done,
            "FAILED" => Decision::Fail(Message::new(
                format!(
                    "the deployment {} of {place} has failed",
                    service.deployment
                ),
                "tasks that start with the new values",
                "read the service's events and the tasks' logs, settle what they say, then run it again",
            )),
            "" if service.running >= service.desired && service.pending == 0 => Decision::Done,
            rollout => Decision::Wait(format!(
                "the deployment of {place} is {rollout}: {} of {} tasks run",
                service.running, service.desired
            )),
        }
    }
}
