//! AWS behind small traits, one per capability, each with three implementations: the SDK, a fake with virtual time,
//! and faults around any of them.
//!
//! Whoever decides or acts imports these traits and never an SDK type, so the same code runs against AWS, an emulator
//! and a simulation.

#![allow(
    clippy::result_large_err,
    reason = "a failed call is rare and costs a round trip; a box would cost every reader"
)]

pub mod arc;
pub mod aurora;
pub mod autoscaling;
pub mod clock;
pub mod cloudwatch;
pub mod ecs;
pub mod elasticache;
mod error;
#[cfg(feature = "fake")]
pub mod fake;
#[cfg(feature = "fake")]
pub mod faults;
pub mod lambda;
pub mod metrics;
pub mod mrap;
pub mod objects;
pub mod parameters;
pub mod permissions;
pub mod rds;
mod region;
pub mod route53;
#[cfg(feature = "sdk")]
pub mod sdk;
pub mod secrets;
pub mod sts;
pub mod tables;
pub mod topics;
pub mod web;

use std::sync::Arc;

pub use error::{Error, ErrorKind};
pub use region::{InvalidRegion, Region};

/// Access to AWS, region by region. Clients are made when they are first asked for, so a region that is never asked
/// for is never called.
pub trait Aws: Send + Sync {
    /// RDS instances of a region.
    ///
    /// # Errors
    /// When no client can be made, for example for a region that is declared lost.
    fn rds(&self, region: &Region) -> Result<Arc<dyn rds::RdsInstances>, Error>;

    /// Replication lag of RDS instances, as `CloudWatch` of a region holds it.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn replica_lag(&self, region: &Region) -> Result<Arc<dyn cloudwatch::ReplicaLag>, Error>;

    /// Who is calling, by the regional endpoint of STS.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn identity(&self, region: &Region) -> Result<Arc<dyn sts::CallerIdentity>, Error>;

    /// Sessions of roles, by the regional endpoint of STS.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn sessions(&self, region: &Region) -> Result<Arc<dyn sts::Sessions>, Error> {
        Err(not_offered("sessions", region.as_str()))
    }

    /// Aurora global clusters, asked in a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn global_clusters(&self, region: &Region) -> Result<Arc<dyn aurora::GlobalClusters>, Error> {
        Err(not_offered("global_clusters", region.as_str()))
    }

    /// ECS services of a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn ecs(&self, region: &Region) -> Result<Arc<dyn ecs::EcsServices>, Error> {
        Err(not_offered("ecs", region.as_str()))
    }

    /// Auto Scaling groups of a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn groups(&self, region: &Region) -> Result<Arc<dyn autoscaling::AutoScalingGroups>, Error> {
        Err(not_offered("groups", region.as_str()))
    }

    /// Route 53 records; the control plane is in us-east-1, whatever region is given.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn records(&self, region: &Region) -> Result<Arc<dyn route53::Records>, Error> {
        Err(not_offered("records", region.as_str()))
    }

    /// Routing controls of Application Recovery Controller, through the endpoints that a call names.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn routing_controls(&self, region: &Region) -> Result<Arc<dyn arc::RoutingControls>, Error> {
        Err(not_offered("routing_controls", region.as_str()))
    }

    /// Routes of S3 Multi-Region Access Points, by the endpoint of a region of [`mrap::ROUTE_REGIONS`].
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn access_point_routes(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn mrap::AccessPointRoutes>, Error> {
        Err(not_offered("access_point_routes", region.as_str()))
    }

    /// S3 in a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn objects(&self, region: &Region) -> Result<Arc<dyn objects::Objects>, Error> {
        Err(not_offered("objects", region.as_str()))
    }

    /// Secrets of a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn secrets(&self, region: &Region) -> Result<Arc<dyn secrets::Secrets>, Error> {
        Err(not_offered("secrets", region.as_str()))
    }

    /// Parameters of a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn parameters(&self, region: &Region) -> Result<Arc<dyn parameters::Parameters>, Error> {
        Err(not_offered("parameters", region.as_str()))
    }

    /// What IAM says that the caller of a region may do; the control plane is in us-east-1, whatever region is given.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn permissions(&self, region: &Region) -> Result<Arc<dyn permissions::Permissions>, Error> {
        Err(not_offered("permissions", region.as_str()))
    }

    /// Lambda functions of a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn functions(&self, region: &Region) -> Result<Arc<dyn lambda::Functions>, Error> {
        Err(not_offered("functions", region.as_str()))
    }

    /// SNS topics of a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn topics(&self, region: &Region) -> Result<Arc<dyn topics::Topics>, Error> {
        Err(not_offered("topics", region.as_str()))
    }

    /// `DynamoDB` tables of a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn tables(&self, region: &Region) -> Result<Arc<dyn tables::Tables>, Error> {
        Err(not_offered("tables", region.as_str()))
    }

    /// `ElastiCache` global datastores, asked in a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn global_datastores(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn elasticache::GlobalDatastores>, Error> {
        Err(not_offered("global_datastores", region.as_str()))
    }

    /// `CloudWatch` of a region.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn metrics(&self, region: &Region) -> Result<Arc<dyn metrics::Metrics>, Error> {
        Err(not_offered("metrics", region.as_str()))
    }

    /// Health questions over HTTP.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn web(&self) -> Result<Arc<dyn web::Web>, Error> {
        Err(not_offered("web", ""))
    }
}

/// The answer of an implementation that does not play a capability.
pub(crate) fn not_offered(capability: &str, region: &str) -> Error {
    Error {
        kind: ErrorKind::Other,
        service: capability.to_owned(),
        operation: "any call".to_owned(),
        region: region.to_owned(),
        code: None,
        message: "this implementation does not offer it".to_owned(),
        request_id: None,
    }
}
