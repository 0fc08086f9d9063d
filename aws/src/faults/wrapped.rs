//! The traits, each call through the schedule.

mod aurora;
mod capacity;
mod content;
mod elasticache;
mod events;
mod metrics;
mod objects;
mod permissions;
mod routes;
mod tables;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::Faulty;
use crate::cloudwatch::{LagPoint, ReplicaLag};
use crate::objects::Objects;
use crate::rds::{
    CreateReplica, DbInstance, InstanceId, ModifyDbInstance, PromoteReadReplica, RdsInstances,
};
use crate::sts::{Caller, CallerIdentity};
use crate::{Aws, Error, Region};

/// One service of one region.
struct Wrapped<T: ?Sized> {
    faulty: Faulty,
    region: Region,
    inner: Arc<T>,
}

impl Faulty {
    fn wrap<T: ?Sized>(&self, region: &Region, inner: Arc<T>) -> Arc<Wrapped<T>> {
        Arc::new(Wrapped {
            faulty: self.clone(),
            region: region.clone(),
            inner,
        })
    }
}

impl Aws for Faulty {
    fn rds(&self, region: &Region) -> Result<Arc<dyn RdsInstances>, Error> {
        Ok(self.wrap(region, self.inner.rds(region)?))
    }

    fn replica_lag(&self, region: &Region) -> Result<Arc<dyn ReplicaLag>, Error> {
        Ok(self.wrap(region, self.inner.replica_lag(region)?))
    }

    fn identity(&self, region: &Region) -> Result<Arc<dyn CallerIdentity>, Error> {
        Ok(self.wrap(region, self.inner.identity(region)?))
    }

    fn global_clusters(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::aurora::GlobalClusters>, Error> {
        Ok(self.wrap(region, self.inner.global_clusters(region)?))
    }

    fn global_datastores(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::elasticache::GlobalDatastores>, Error> {
        Ok(self.wrap(region, self.inner.global_datastores(region)?))
    }

    fn tables(&self, region: &Region) -> Result<Arc<dyn crate::tables::Tables>, Error> {
        Ok(self.wrap(region, self.inner.tables(region)?))
    }

    fn metrics(&self, region: &Region) -> Result<Arc<dyn crate::metrics::Metrics>, Error> {
        Ok(self.wrap(region, self.inner.metrics(region)?))
    }

    fn ecs(&self, region: &Region) -> Result<Arc<dyn crate::ecs::EcsServices>, Error> {
        Ok(self.wrap(region, self.inner.ecs(region)?))
    }

    fn groups(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::autoscaling::AutoScalingGroups>, Error> {
        Ok(self.wrap(region, self.inner.groups(region)?))
    }

    fn records(&self, region: &Region) -> Result<Arc<dyn crate::route53::Records>, Error> {
        Ok(self.wrap(region, self.inner.records(region)?))
    }

    fn routing_controls(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::arc::RoutingControls>, Error> {
        Ok(self.wrap(region, self.inner.routing_controls(region)?))
    }

    fn access_point_routes(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::mrap::AccessPointRoutes>, Error> {
        Ok(self.wrap(region, self.inner.access_point_routes(region)?))
    }

    fn secrets(&self, region: &Region) -> Result<Arc<dyn crate::secrets::Secrets>, Error> {
        Ok(self.wrap(region, self.inner.secrets(region)?))
    }

    fn parameters(&self, region: &Region) -> Result<Arc<dyn crate::parameters::Parameters>, Error> {
        Ok(self.wrap(region, self.inner.parameters(region)?))
    }

    fn permissions(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::permissions::Permissions>, Error> {
        Ok(self.wrap(region, self.inner.permissions(region)?))
    }

    fn functions(&self, region: &Region) -> Result<Arc<dyn crate::lambda::Functions>, Error> {
        Ok(self.wrap(region, self.inner.functions(region)?))
    }

    fn topics(&self, region: &Region) -> Result<Arc<dyn crate::topics::Topics>, Error> {
        Ok(self.wrap(region, self.inner.topics(region)?))
    }

    /// Probes leave AWS: no schedule meets them. What a URL answers is set at the fake.
    fn web(&self) -> Result<Arc<dyn crate::web::Web>, Error> {
        self.inner.web()
    }

    fn objects(&self, region: &Region) -> Result<Arc<dyn Objects>, Error> {
        Ok(self.wrap(region, self.inner.objects(region)?))
    }
}

#[async_trait]
impl RdsInstances for Wrapped<dyn RdsInstances> {
    async fn describe(&self, id: &InstanceId) -> Result<DbInstance, Error> {
        let work = self.inner.describe(id);
        self.faulty
            .call("rds", "DescribeDBInstances", &self.region, work)
            .await
    }

    async fn promote_read_replica(
        &self,
        request: &PromoteReadReplica,
    ) -> Result<DbInstance, Error> {
        let work = self.inner.promote_read_replica(request);
        self.faulty
            .call("rds", "PromoteReadReplica", &self.region, work)
            .await
    }

    async fn modify(&self, request: &ModifyDbInstance) -> Result<DbInstance, Error> {
        let work = self.inner.modify(request);
        self.faulty
            .call("rds", "ModifyDBInstance", &self.region, work)
            .await
    }

    async fn reboot(&self, id: &InstanceId) -> Result<(), Error> {
        let work = self.inner.reboot(id);
        self.faulty
            .call("rds", "RebootDBInstance", &self.region, work)
            .await
    }

    async fn stop(&self, id: &InstanceId) -> Result<(), Error> {
        let work = self.inner.stop(id);
        self.faulty
            .call("rds", "StopDBInstance", &self.region, work)
            .await
    }

    async fn create_replica(&self, request: &CreateReplica) -> Result<DbInstance, Error> {
        let work = self.inner.create_replica(request);
        self.faulty
            .call("rds", "CreateDBInstanceReadReplica", &self.region, work)
            .await
    }

    async fn add_tags(&self, arn: &str, tags: &[(String, String)]) -> Result<(), Error> {
        let work = self.inner.add_tags(arn, tags);
        self.faulty
            .call("rds", "AddTagsToResource", &self.region, work)
            .await
    }
}

#[async_trait]
impl ReplicaLag for Wrapped<dyn ReplicaLag> {
    async fn datapoints(
        &self,
        instance: &str,
        from: Timestamp,
        to: Timestamp,
        period_seconds: u32,
    ) -> Result<Vec<LagPoint>, Error> {
        let work = self.inner.datapoints(instance, from, to, period_seconds);
        self.faulty
            .call("cloudwatch", "GetMetricStatistics", &self.region, work)
            .await
    }
}

#[async_trait]
impl CallerIdentity for Wrapped<dyn CallerIdentity> {
    async fn caller(&self) -> Result<Caller, Error> {
        let work = self.inner.caller();
        self.faulty
            .call("sts", "GetCallerIdentity", &self.region, work)
            .await
    }
}
