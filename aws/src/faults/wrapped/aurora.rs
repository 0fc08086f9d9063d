//! Aurora global clusters, each call through the schedule.

use async_trait::async_trait;

use crate::Error;
use crate::aurora::{Cluster, ClusterSnapshot, GlobalCluster, GlobalClusters};

use super::Wrapped;

#[async_trait]
impl GlobalClusters for Wrapped<dyn GlobalClusters> {
    async fn describe(&self, id: &str) -> Result<GlobalCluster, Error> {
        let work = self.inner.describe(id);
        self.faulty
            .call("rds", "DescribeGlobalClusters", &self.region, work)
            .await
    }

    async fn cluster(&self, id: &str) -> Result<Cluster, Error> {
        let work = self.inner.cluster(id);
        self.faulty
            .call("rds", "DescribeDBClusters", &self.region, work)
            .await
    }

    async fn switchover(&self, id: &str, target_arn: &str) -> Result<(), Error> {
        let work = self.inner.switchover(id, target_arn);
        self.faulty
            .call("rds", "SwitchoverGlobalCluster", &self.region, work)
            .await
    }

    async fn failover(&self, id: &str, target_arn: &str) -> Result<(), Error> {
        let work = self.inner.failover(id, target_arn);
        self.faulty
            .call("rds", "FailoverGlobalCluster", &self.region, work)
            .await
    }

    async fn snapshots(&self, cluster: &str) -> Result<Vec<ClusterSnapshot>, Error> {
        let work = self.inner.snapshots(cluster);
        self.faulty
            .call("rds", "DescribeDBClusterSnapshots", &self.region, work)
            .await
    }

    async fn copy_snapshot(&self, snapshot: &str, copy: &str) -> Result<(), Error> {
        let work = self.inner.copy_snapshot(snapshot, copy);
        self.faulty
            .call("rds", "CopyDBClusterSnapshot", &self.region, work)
            .await
    }
}
