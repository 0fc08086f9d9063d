//! Auto Scaling groups through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_autoscaling::types::LifecycleState;
use aws_sdk_autoscaling::{Client, Config};

use crate::autoscaling::{AutoScalingGroups, Group};
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkGroups(Regional<Client>);

impl SdkGroups {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkGroups(Regional::new(
            access,
            region,
            "autoscaling",
            |config, endpoint| {
                let mut builder = aws_sdk_autoscaling::config::Builder::from(config);
                if let Some(endpoint) = endpoint {
                    builder = builder.endpoint_url(endpoint);
                }
                Client::from_conf(builder.build())
            },
        ))
    }
}

fn size(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[async_trait]
impl AutoScalingGroups for SdkGroups {
    async fn describe(&self, name: &str) -> Result<Group, Error> {
        const OPERATION: &str = "DescribeAutoScalingGroups";
        let request = self.0.client().await.describe_auto_scaling_groups();
        let answer = request.auto_scaling_group_names(name).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        // A group that is missing is an empty answer and no error.
        let Some(found) = answer.auto_scaling_groups().first() else {
            return Err(self.0.empty(OPERATION, ErrorKind::NotFound, name));
        };
        let (Some(minimum), Some(maximum), Some(desired)) =
            (found.min_size(), found.max_size(), found.desired_capacity())
        else {
            return Err(self
                .0
                .empty(OPERATION, ErrorKind::Other, "the group's sizes"));
        };
        let serving = found.instances().iter().filter(|instance| {
            instance.lifecycle_state() == Some(&LifecycleState::InService)
                && instance.health_status() == Some("Healthy")
        });
        Ok(Group {
            name: found.auto_scaling_group_name().unwrap_or(name).to_owned(),
            minimum: self.0.number(OPERATION, minimum)?,
            maximum: self.0.number(OPERATION, maximum)?,
            desired: self.0.number(OPERATION, desired)?,
            in_service: u32::try_from(serving.count()).unwrap_or(u32::MAX),
            suspended: found
                .suspended_processes()
                .iter()
                .filter_map(|process| process.process_name())
                .map(str::to_owned)
                .collect(),
        })
    }

    async fn resize(
        &self,
        name: &str,
        minimum: u32,
        maximum: u32,
        desired: u32,
    ) -> Result<(), Error> {
        let call = self
            .0
            .client()
            .await
            .update_auto_scaling_group()
            .auto_scaling_group_name(name)
            .min_size(size(minimum))
            .max_size(size(maximum))
            .desired_capacity(size(desired));
        let once = Config::builder().retry_config(no_retries());
        let answer = call.customize().config_override(once).send().await;
        answer.map_err(|e| error(&self.0.call("UpdateAutoScalingGroup"), &e))?;
        Ok(())
    }
}
