//! Auto Scaling groups of the fake: instances need a while to be in service, and none comes while `Launch` is
//! suspended.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::refusal::Refusal;
use super::services::{absent, changed};
use super::{ByPlace, Effect, FakeAws, Local};
use crate::autoscaling::{AutoScalingGroups, Group};
use crate::{Error, ErrorKind, Region};

/// How long an instance needs until it is in service.
const START: Duration = Duration::from_mins(2);

#[derive(Default)]
pub(super) struct State {
    groups: ByPlace<(Group, Option<Timestamp>)>,
}

fn settle((group, at): &mut (Group, Option<Timestamp>), now: Timestamp) {
    let launches = !group.suspended.iter().any(|process| process == "Launch");
    if at.is_some_and(|at| at <= now) && launches {
        group.in_service = group.desired;
        *at = None;
    }
}

impl FakeAws {
    /// Adds a group as it is.
    pub fn add_group(&self, region: &Region, group: Group) {
        let place = (region.clone(), group.name.clone());
        self.services().groups.groups.insert(place, (group, None));
    }
}

#[async_trait]
impl AutoScalingGroups for Local {
    async fn describe(&self, name: &str) -> Result<Group, Error> {
        self.serve("DescribeAutoScalingGroups", name, |services, now| {
            let kept = services.groups.groups.get_mut(&self.place(name));
            let kept = kept.ok_or_else(|| absent("autoscaling", "ValidationError", name))?;
            settle(kept, now);
            Ok((kept.0.clone(), Effect::Read))
        })
    }

    async fn resize(
        &self,
        name: &str,
        minimum: u32,
        maximum: u32,
        desired: u32,
    ) -> Result<(), Error> {
        self.serve("UpdateAutoScalingGroup", name, |services, now| {
            let kept = services.groups.groups.get_mut(&self.place(name));
            let kept = kept.ok_or_else(|| absent("autoscaling", "ValidationError", name))?;
            settle(kept, now);
            if !(minimum..=maximum).contains(&desired) {
                let message =
                    "Desired capacity must be between the specified min size and max size";
                return Err(Refusal::of(
                    ErrorKind::Other,
                    "autoscaling",
                    "ValidationError",
                    message,
                ));
            }
            let (group, at) = kept;
            let before = group.clone();
            (group.minimum, group.maximum, group.desired) = (minimum, maximum, desired);
            if *group != before {
                *at = now.saturating_add(START).ok();
            }
            Ok(((), changed(*group != before)))
        })
    }
}
