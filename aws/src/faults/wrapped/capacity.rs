//! ECS services and Auto Scaling groups, each call through the schedule.

use async_trait::async_trait;

use super::Wrapped;
use crate::Error;
use crate::autoscaling::{AutoScalingGroups, Group};
use crate::ecs::{EcsServices, ScalingBounds, Service};

#[async_trait]
impl EcsServices for Wrapped<dyn EcsServices> {
    async fn describe(&self, cluster: &str, service: &str) -> Result<Service, Error> {
        let work = self.inner.describe(cluster, service);
        self.faulty
            .call("ecs", "DescribeServices", &self.region, work)
            .await
    }

    async fn set_desired(&self, cluster: &str, service: &str, desired: u32) -> Result<(), Error> {
        let work = self.inner.set_desired(cluster, service, desired);
        self.faulty
            .call("ecs", "UpdateService", &self.region, work)
            .await
    }

    async fn redeploy(&self, cluster: &str, service: &str) -> Result<(), Error> {
        let work = self.inner.redeploy(cluster, service);
        self.faulty
            .call("ecs", "UpdateService", &self.region, work)
            .await
    }

    async fn bounds(&self, cluster: &str, service: &str) -> Result<Option<ScalingBounds>, Error> {
        let work = self.inner.bounds(cluster, service);
        self.faulty
            .call(
                "application-autoscaling",
                "DescribeScalableTargets",
                &self.region,
                work,
            )
            .await
    }

    async fn set_bounds(
        &self,
        cluster: &str,
        service: &str,
        minimum: u32,
        maximum: u32,
    ) -> Result<(), Error> {
        let work = self.inner.set_bounds(cluster, service, minimum, maximum);
        self.faulty
            .call(
                "application-autoscaling",
                "RegisterScalableTarget",
                &self.region,
                work,
            )
            .await
    }
}

#[async_trait]
impl AutoScalingGroups for Wrapped<dyn AutoScalingGroups> {
    async fn describe(&self, name: &str) -> Result<Group, Error> {
        let work = self.inner.describe(name);
        self.faulty
            .call(
                "autoscaling",
                "DescribeAutoScalingGroups",
                &self.region,
                work,
            )
            .await
    }

    async fn resize(
        &self,
        name: &str,
        minimum: u32,
        maximum: u32,
        desired: u32,
    ) -> Result<(), Error> {
        let work = self.inner.resize(name, minimum, maximum, desired);
        self.faulty
            .call("autoscaling", "UpdateAutoScalingGroup", &self.region, work)
            .await
    }
}
