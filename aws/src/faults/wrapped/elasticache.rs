//! Global datastores, each call through the schedule.

use async_trait::async_trait;

use crate::elasticache::{GlobalDatastore, GlobalDatastores};
use crate::{Error, Region};

use super::Wrapped;

#[async_trait]
impl GlobalDatastores for Wrapped<dyn GlobalDatastores> {
    async fn describe(&self, id: &str) -> Result<GlobalDatastore, Error> {
        let work = self.inner.describe(id);
        self.faulty
            .call(
                "elasticache",
                "DescribeGlobalReplicationGroups",
                &self.region,
                work,
            )
            .await
    }

    async fn failover(&self, id: &str, region: &Region, group: &str) -> Result<(), Error> {
        let work = self.inner.failover(id, region, group);
        self.faulty
            .call(
                "elasticache",
                "FailoverGlobalReplicationGroup",
                &self.region,
                work,
            )
            .await
    }
}
