//! AWS through its SDK. The files below here are the only ones that name `aws_sdk_*`.
//!
//! Clients are lazy and regional: nothing is resolved, and no endpoint is called, before the first call of a region.
//! Every call has an attempt and an operation timeout, because the SDK has none by itself. Reads are retried with
//! jitter, changes never: after an ambiguous answer the caller looks before it acts again.

mod access;
mod breaker;
mod cloudwatch;
mod codes;
mod errors;
#[cfg(feature = "sdk-failover")]
mod failover;
mod http;
mod rds;
mod regional;
mod settings;
mod sts;
#[cfg(test)]
mod tests;
mod watch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

pub use settings::{AssumeRole, RegionSettings, Settings};

use access::Access;

use crate::{Aws, Error, ErrorKind, Region};

/// AWS through its SDK.
#[derive(Clone)]
pub struct SdkAws {
    access: Arc<Access>,
    clients: Arc<Mutex<HashMap<Region, Clients>>>,
    #[cfg(feature = "sdk-failover")]
    web: Arc<failover::SdkWeb>,
}

/// The clients of a region, kept so that their connections and credentials are.
#[derive(Clone)]
struct Clients {
    rds: Arc<rds::SdkRds>,
    replica_lag: Arc<cloudwatch::SdkReplicaLag>,
    identity: Arc<sts::SdkIdentity>,
    #[cfg(feature = "sdk-failover")]
    failover: failover::Clients,
}

impl std::fmt::Debug for SdkAws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SdkAws")
            .field(&self.access.settings)
            .finish()
    }
}

impl SdkAws {
    /// Access with these settings; nothing is called yet.
    pub fn new(settings: Settings) -> Self {
        SdkAws::through(Access::new(settings))
    }

    fn through(access: Access) -> Self {
        SdkAws {
            access: Arc::new(access),
            clients: Arc::default(),
            #[cfg(feature = "sdk-failover")]
            web: Arc::default(),
        }
    }

    fn clients(&self, service: &str, region: &Region) -> Result<Clients, Error> {
        self.reachable(service, region)?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let of_region = clients.entry(region.clone()).or_insert_with(|| {
            let access = &self.access;
            Clients {
                rds: Arc::new(rds::SdkRds::new(access, region)),
                replica_lag: Arc::new(cloudwatch::SdkReplicaLag::new(access, region)),
                identity: Arc::new(sts::SdkIdentity::new(access, region)),
                #[cfg(feature = "sdk-failover")]
                failover: failover::Clients::new(access, region),
            }
        });
        Ok(of_region.clone())
    }

    /// Declared lost: nothing may call it, whoever asks.
    fn reachable(&self, service: &str, region: &Region) -> Result<(), Error> {
        if !self.access.settings.lost_regions.contains(region) {
            return Ok(());
        }
        Err(Error {
            kind: ErrorKind::Unreachable,
            service: service.to_owned(),
            operation: "any call".to_owned(),
            region: region.to_string(),
            code: None,
            message: "the region is declared lost, so nothing calls it".to_owned(),
            request_id: None,
        })
    }
}

impl Aws for SdkAws {
    fn rds(&self, region: &Region) -> Result<Arc<dyn crate::rds::RdsInstances>, Error> {
        Ok(self.clients("rds", region)?.rds)
    }

    fn replica_lag(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::cloudwatch::ReplicaLag>, Error> {
        Ok(self.clients("cloudwatch", region)?.replica_lag)
    }

    fn identity(&self, region: &Region) -> Result<Arc<dyn crate::sts::CallerIdentity>, Error> {
        Ok(self.clients("sts", region)?.identity)
    }

    fn sessions(&self, region: &Region) -> Result<Arc<dyn crate::sts::Sessions>, Error> {
        Ok(self.clients("sts", region)?.identity)
    }

    #[cfg(feature = "sdk-failover")]
    fn global_clusters(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::aurora::GlobalClusters>, Error> {
        Ok(self.clients("rds", region)?.failover.global_clusters)
    }

    #[cfg(feature = "sdk-failover")]
    fn ecs(&self, region: &Region) -> Result<Arc<dyn crate::ecs::EcsServices>, Error> {
        Ok(self.clients("ecs", region)?.failover.ecs)
    }

    #[cfg(feature = "sdk-failover")]
    fn groups(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::autoscaling::AutoScalingGroups>, Error> {
        Ok(self.clients("autoscaling", region)?.failover.groups)
    }

    #[cfg(feature = "sdk-failover")]
    fn routing_controls(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::arc::RoutingControls>, Error> {
        Ok(self
            .clients("route53-recovery-cluster", region)?
            .failover
            .routing_controls)
    }

    #[cfg(feature = "sdk-failover")]
    fn access_point_routes(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::mrap::AccessPointRoutes>, Error> {
        Ok(self
            .clients("s3control", region)?
            .failover
            .access_point_routes)
    }

    #[cfg(feature = "sdk-failover")]
    fn objects(&self, region: &Region) -> Result<Arc<dyn crate::objects::Objects>, Error> {
        Ok(self.clients("s3", region)?.failover.objects)
    }

    #[cfg(feature = "sdk-failover")]
    fn secrets(&self, region: &Region) -> Result<Arc<dyn crate::secrets::Secrets>, Error> {
        Ok(self.clients("secretsmanager", region)?.failover.secrets)
    }

    #[cfg(feature = "sdk-failover")]
    fn parameters(&self, region: &Region) -> Result<Arc<dyn crate::parameters::Parameters>, Error> {
        Ok(self.clients("ssm", region)?.failover.parameters)
    }

    #[cfg(feature = "sdk-failover")]
    fn permissions(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::permissions::Permissions>, Error> {
        Ok(self.clients("iam", region)?.failover.permissions)
    }

    #[cfg(feature = "sdk-failover")]
    fn functions(&self, region: &Region) -> Result<Arc<dyn crate::lambda::Functions>, Error> {
        Ok(self.clients("lambda", region)?.failover.functions)
    }

    #[cfg(feature = "sdk-failover")]
    fn topics(&self, region: &Region) -> Result<Arc<dyn crate::topics::Topics>, Error> {
        Ok(self.clients("sns", region)?.failover.topics)
    }

    #[cfg(feature = "sdk-failover")]
    fn tables(&self, region: &Region) -> Result<Arc<dyn crate::tables::Tables>, Error> {
        Ok(self.clients("dynamodb", region)?.failover.tables)
    }

    #[cfg(feature = "sdk-failover")]
    fn global_datastores(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::elasticache::GlobalDatastores>, Error> {
        Ok(self
            .clients("elasticache", region)?
            .failover
            .global_datastores)
    }

    #[cfg(feature = "sdk-failover")]
    fn metrics(&self, region: &Region) -> Result<Arc<dyn crate::metrics::Metrics>, Error> {
        Ok(self.clients("cloudwatch", region)?.failover.metrics)
    }

    #[cfg(feature = "sdk-failover")]
    fn records(&self, _: &Region) -> Result<Arc<dyn crate::route53::Records>, Error> {
        let region = Region::new(failover::CONTROL_PLANE).expect("the constant is a region's name");
        Ok(self.clients("route53", &region)?.failover.records)
    }

    #[cfg(feature = "sdk-failover")]
    fn web(&self) -> Result<Arc<dyn crate::web::Web>, Error> {
        Ok(Arc::clone(&self.web) as Arc<dyn crate::web::Web>)
    }
}
