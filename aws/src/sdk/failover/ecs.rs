//! ECS services, and their bounds in Application Auto Scaling, through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_applicationautoscaling::types::{ScalableDimension, ServiceNamespace};

use crate::ecs::{EcsServices, ScalingBounds, Service};
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkEcs {
    services: Regional<aws_sdk_ecs::Client>,
    scaling: Regional<aws_sdk_applicationautoscaling::Client>,
}

impl SdkEcs {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkEcs {
            services: Regional::new(access, region, "ecs", services),
            scaling: Regional::new(access, region, "application-autoscaling", scaling),
        }
    }

    async fn update(
        &self,
        cluster: &str,
        service: &str,
        desired: Option<i32>,
        anew: bool,
    ) -> Result<(), Error> {
        let call = self
            .services
            .client()
            .await
            .update_service()
            .cluster(cluster)
            .service(service)
            .set_desired_count(desired)
            .set_force_new_deployment(anew.then_some(true));
        let once = aws_sdk_ecs::Config::builder().retry_config(no_retries());
        let answer = call.customize().config_override(once).send().await;
        answer.map_err(|e| error(&self.services.call("UpdateService"), &e))?;
        Ok(())
    }
}

fn services(config: &SdkConfig, endpoint: Option<&str>) -> aws_sdk_ecs::Client {
    let mut builder = aws_sdk_ecs::config::Builder::from(config);
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint_url(endpoint);
    }
    aws_sdk_ecs::Client::from_conf(builder.build())
}

fn scaling(config: &SdkConfig, endpoint: Option<&str>) -> aws_sdk_applicationautoscaling::Client {
    let mut builder = aws_sdk_applicationautoscaling::config::Builder::from(config);
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint_url(endpoint);
    }
    aws_sdk_applicationautoscaling::Client::from_conf(builder.build())
}

/// `service/CLUSTER/SERVICE` by names, as Application Auto Scaling wants it (its API Reference, `ScalableTarget`).
fn resource(cluster: &str, service: &str) -> String {
    let name = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
    format!("service/{}/{}", name(cluster), name(service))
}

/// A number of tasks as the SDK wants it; nobody runs more than fit.
fn tasks(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[async_trait]
impl EcsServices for SdkEcs {
    async fn describe(&self, cluster: &str, service: &str) -> Result<Service, Error> {
        const OPERATION: &str = "DescribeServices";
        let ecs = &self.services;
        let request = ecs.client().await.describe_services();
        let answer = request.cluster(cluster).services(service).send().await;
        let answer = answer.map_err(|e| error(&ecs.call(OPERATION), &e))?;
        let Some(found) = answer.services().first() else {
            // A service that is missing stands among the failures, with the reason MISSING.
            let reason = answer.failures().first().and_then(|f| f.reason());
            return Err(match reason {
                None | Some("MISSING") => ecs.empty(OPERATION, ErrorKind::NotFound, service),
                Some(reason) => {
                    let message = format!("{service}: {reason}");
                    ecs.call(OPERATION).failed(ErrorKind::Other, message)
                }
            });
        };
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let primary = found
            .deployments()
            .iter()
            .find(|deployment| deployment.status() == Some("PRIMARY"));
        let definition = primary.and_then(|d| d.task_definition());
        Ok(Service {
            name: text(found.service_name()),
            arn: text(found.service_arn()),
            status: text(found.status()),
            desired: ecs.number(OPERATION, found.desired_count())?,
            running: ecs.number(OPERATION, found.running_count())?,
            pending: ecs.number(OPERATION, found.pending_count())?,
            task_definition: text(definition.or(found.task_definition())),
            deployment: text(primary.and_then(|d| d.id())),
            rollout: primary
                .and_then(|d| d.rollout_state())
                .map(|state| state.as_str().to_owned())
                .unwrap_or_default(),
            deployed_at: primary.and_then(|d| d.created_at()).and_then(super::moment),
        })
    }

    async fn set_desired(&self, cluster: &str, service: &str, desired: u32) -> Result<(), Error> {
        self.update(cluster, service, Some(tasks(desired)), false)
            .await
    }

    async fn redeploy(&self, cluster: &str, service: &str) -> Result<(), Error> {
        self.update(cluster, service, None, true).await
    }

    async fn bounds(&self, cluster: &str, service: &str) -> Result<Option<ScalingBounds>, Error> {
        const OPERATION: &str = "DescribeScalableTargets";
        let request = self
            .scaling
            .client()
            .await
            .describe_scalable_targets()
            .service_namespace(ServiceNamespace::Ecs)
            .resource_ids(resource(cluster, service))
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount);
        let answer = request.send().await;
        let answer = answer.map_err(|e| error(&self.scaling.call(OPERATION), &e))?;
        let Some(found) = answer.scalable_targets().first() else {
            return Ok(None);
        };
        let suspended = found.suspended_state().is_some_and(|state| {
            state.dynamic_scaling_in_suspended() == Some(true)
                || state.dynamic_scaling_out_suspended() == Some(true)
        });
        Ok(Some(ScalingBounds {
            minimum: self.scaling.number(OPERATION, found.min_capacity())?,
            maximum: self.scaling.number(OPERATION, found.max_capacity())?,
            suspended,
        }))
    }

    async fn set_bounds(
        &self,
        cluster: &str,
        service: &str,
        minimum: u32,
        maximum: u32,
    ) -> Result<(), Error> {
        const OPERATION: &str = "RegisterScalableTarget";
        // The call would make a target where there is none, and so start to scale what nobody asked to be scaled.
        if self.bounds(cluster, service).await?.is_none() {
            let what = format!("autoscaling of {service}");
            return Err(self.scaling.empty(OPERATION, ErrorKind::NotFound, &what));
        }
        let call = self
            .scaling
            .client()
            .await
            .register_scalable_target()
            .service_namespace(ServiceNamespace::Ecs)
            .resource_id(resource(cluster, service))
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
            .min_capacity(tasks(minimum))
            .max_capacity(tasks(maximum));
        let once = aws_sdk_applicationautoscaling::Config::builder().retry_config(no_retries());
        let answer = call.customize().config_override(once).send().await;
        answer.map_err(|e| error(&self.scaling.call(OPERATION), &e))?;
        Ok(())
    }
}
