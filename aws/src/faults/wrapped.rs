//! The traits, each call through the schedule.

mod objects;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::Faulty;
use crate::cloudwatch::{LagPoint, ReplicaLag};
use crate::objects::Objects;
use crate::rds::{DbInstance, InstanceId, ModifyDbInstance, PromoteReadReplica, RdsInstances};
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
