//! ECS services and how many tasks they run.

use async_trait::async_trait;

use crate::Error;

/// A service as `DescribeServices` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `ACTIVE`, `DRAINING` or `INACTIVE`.
    pub status: String,
    /// Tasks that are asked for.
    pub desired: u32,
    /// Tasks that run.
    pub running: u32,
    /// Tasks that start.
    pub pending: u32,
    /// The task definition of the primary deployment, by ARN.
    pub task_definition: String,
    /// Id of the primary deployment; a forced deployment gives a new one.
    pub deployment: String,
    /// `IN_PROGRESS`, `COMPLETED` or `FAILED`, of the primary deployment; empty where ECS does not say.
    pub rollout: String,
    /// When the primary deployment was created.
    pub deployed_at: Option<jiff::Timestamp>,
}

/// The bounds that Application Auto Scaling keeps a service within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScalingBounds {
    /// The least number of tasks.
    pub minimum: u32,
    /// The largest.
    pub maximum: u32,
    /// Whether scaling in or out is suspended.
    pub suspended: bool,
}

/// ECS services of a region, by cluster and service (names or ARNs).
#[async_trait]
pub trait EcsServices: Send + Sync {
    /// The service; [`NotFound`](crate::ErrorKind::NotFound) where there is none. Harmless, retried.
    async fn describe(&self, cluster: &str, service: &str) -> Result<Service, Error>;

    /// Asks for so many tasks. Reversible, harmless to repeat, never retried here.
    async fn set_desired(&self, cluster: &str, service: &str, desired: u32) -> Result<(), Error>;

    /// Starts every task anew (`forceNewDeployment`), so that it reads its settings again. Never retried here.
    async fn redeploy(&self, cluster: &str, service: &str) -> Result<(), Error>;

    /// The bounds of its autoscaling; `None` where it has none. Harmless, retried.
    async fn bounds(&self, cluster: &str, service: &str) -> Result<Option<ScalingBounds>, Error>;

    /// Sets the bounds of its autoscaling. Reversible, harmless to repeat, never retried here.
    async fn set_bounds(
        &self,
        cluster: &str,
        service: &str,
        minimum: u32,
        maximum: u32,
    ) -> Result<(), Error>;
}
