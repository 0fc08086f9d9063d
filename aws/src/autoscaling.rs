//! EC2 Auto Scaling groups and how many instances they run.

use async_trait::async_trait;

use crate::Error;

/// A group as `DescribeAutoScalingGroups` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The least number of instances.
    pub minimum: u32,
    /// The largest.
    pub maximum: u32,
    /// What is asked for.
    pub desired: u32,
    /// Instances that are in service and healthy.
    pub in_service: u32,
    /// Processes that are suspended, such as `Launch`.
    pub suspended: Vec<String>,
}

/// Auto Scaling groups of a region.
#[async_trait]
pub trait AutoScalingGroups: Send + Sync {
    /// The group; [`NotFound`](crate::ErrorKind::NotFound) where there is none. Harmless, retried.
    async fn describe(&self, name: &str) -> Result<Group, Error>;

    /// Sets minimum, maximum and desired size together. Reversible, harmless to repeat, never retried here.
    async fn resize(
        &self,
        name: &str,
        minimum: u32,
        maximum: u32,
        desired: u32,
    ) -> Result<(), Error>;
}
