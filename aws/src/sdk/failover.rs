//! What a failover of a whole application needs beside the promotion of a replica; behind the feature `sdk-failover`,
//! for its SDK crates cost time to compile and megabytes.

mod arc;
mod aurora;
mod autoscaling;
mod bucket;
mod ecs;
mod elasticache;
mod endpoint;
mod lambda;
mod metrics;
mod mrap;
mod objects;
mod parameters;
mod permissions;
mod route53;
mod secrets;
mod tables;
mod topics;
mod web;

use std::sync::Arc;

pub(super) use route53::CONTROL_PLANE;
pub(super) use web::SdkWeb;

use super::access::Access;
use crate::Region;

/// A moment of the SDK, to the millisecond: what was changed and what was started after it may share a second.
fn moment(at: &aws_smithy_types::DateTime) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_millisecond(at.to_millis().ok()?).ok()
}

/// The clients of a region.
#[derive(Clone)]
pub(super) struct Clients {
    pub(super) global_clusters: Arc<aurora::SdkGlobalClusters>,
    pub(super) ecs: Arc<ecs::SdkEcs>,
    pub(super) groups: Arc<autoscaling::SdkGroups>,
    /// Used for the region of the control plane only.
    pub(super) records: Arc<route53::SdkRecords>,
    pub(super) routing_controls: Arc<arc::SdkRoutingControls>,
    pub(super) access_point_routes: Arc<mrap::SdkRoutes>,
    pub(super) objects: Arc<objects::SdkObjects>,
    pub(super) secrets: Arc<secrets::SdkSecrets>,
    pub(super) parameters: Arc<parameters::SdkParameters>,
    pub(super) permissions: Arc<permissions::SdkPermissions>,
    pub(super) functions: Arc<lambda::SdkFunctions>,
    pub(super) topics: Arc<topics::SdkTopics>,
    pub(super) tables: Arc<tables::SdkTables>,
    pub(super) global_datastores: Arc<elasticache::SdkGlobalDatastores>,
    pub(super) metrics: Arc<metrics::SdkMetrics>,
}

impl Clients {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        Clients {
            global_clusters: Arc::new(aurora::SdkGlobalClusters::new(access, region)),
            ecs: Arc::new(ecs::SdkEcs::new(access, region)),
            groups: Arc::new(autoscaling::SdkGroups::new(access, region)),
            records: Arc::new(route53::SdkRecords::new(access, region)),
            routing_controls: Arc::new(arc::SdkRoutingControls::new(access, region)),
            access_point_routes: Arc::new(mrap::SdkRoutes::new(access, region)),
            objects: Arc::new(objects::SdkObjects::new(access, region)),
            secrets: Arc::new(secrets::SdkSecrets::new(access, region)),
            parameters: Arc::new(parameters::SdkParameters::new(access, region)),
            permissions: Arc::new(permissions::SdkPermissions::new(access, region)),
            functions: Arc::new(lambda::SdkFunctions::new(access, region)),
            topics: Arc::new(topics::SdkTopics::new(access, region)),
            tables: Arc::new(tables::SdkTables::new(access, region)),
            global_datastores: Arc::new(elasticache::SdkGlobalDatastores::new(access, region)),
            metrics: Arc::new(metrics::SdkMetrics::new(access, region)),
        }
    }
}
