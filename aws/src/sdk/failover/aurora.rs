//! Aurora global clusters through the SDK of RDS.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_rds::Client;
use aws_sdk_rds::types::{
    DbCluster, DbClusterSnapshot, FailoverState as SdkFailover, FailoverStatus, Filter,
    GlobalCluster as SdkGlobalCluster,
};

use crate::aurora::{
    Cluster, ClusterSnapshot, FailoverState, GlobalCluster, GlobalClusters, Member,
};
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::rds::{client, once};
use crate::sdk::regional::Regional;
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkGlobalClusters(Regional<Client>);

impl SdkGlobalClusters {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkGlobalClusters(Regional::new(access, region, "rds", client))
    }
}

/// Pages of snapshots that are read at most, each of up to 100.
const PAGES: usize = 100;

#[async_trait]
impl GlobalClusters for SdkGlobalClusters {
    async fn describe(&self, id: &str) -> Result<GlobalCluster, Error> {
        const OPERATION: &str = "DescribeGlobalClusters";
        let request = self.0.client().await.describe_global_clusters();
        let answer = request.global_cluster_identifier(id).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        // Moving the writer of another cluster would be worse than no answer: the name is compared.
        let named = |it: &&SdkGlobalCluster| {
            let name = it.global_cluster_identifier().unwrap_or_default();
            name.eq_ignore_ascii_case(id)
        };
        let found = answer.global_clusters().iter().find(named);
        found
            .map(global)
            .ok_or_else(|| self.0.empty(OPERATION, ErrorKind::NotFound, id))
    }

    async fn cluster(&self, id: &str) -> Result<Cluster, Error> {
        const OPERATION: &str = "DescribeDBClusters";
        let request = self.0.client().await.describe_db_clusters();
        let answer = request.db_cluster_identifier(id).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let found = answer.db_clusters().first();
        found
            .map(cluster)
            .ok_or_else(|| self.0.empty(OPERATION, ErrorKind::NotFound, id))
    }

    async fn switchover(&self, id: &str, target_arn: &str) -> Result<(), Error> {
        let call = self
            .0
            .client()
            .await
            .switchover_global_cluster()
            .global_cluster_identifier(id)
            .target_db_cluster_identifier(target_arn);
        let answer = call.customize().config_override(once()).send().await;
        answer.map_err(|e| error(&self.0.call("SwitchoverGlobalCluster"), &e))?;
        Ok(())
    }

    async fn failover(&self, id: &str, target_arn: &str) -> Result<(), Error> {
        // Without AllowDataLoss it would be a switchover, which needs the lost region (Amazon RDS API Reference,
        // FailoverGlobalCluster).
        let call = self
            .0
            .client()
            .await
            .failover_global_cluster()
            .global_cluster_identifier(id)
            .target_db_cluster_identifier(target_arn)
            .allow_data_loss(true);
        let answer = call.customize().config_override(once()).send().await;
        answer.map_err(|e| error(&self.0.call("FailoverGlobalCluster"), &e))?;
        Ok(())
    }

    async fn snapshots(&self, cluster: &str) -> Result<Vec<ClusterSnapshot>, Error> {
        const OPERATION: &str = "DescribeDBClusterSnapshots";
        // By a filter, since it takes an ARN as well as an identifier.
        let filter = Filter::builder().name("db-cluster-id").values(cluster);
        let request = self.0.client().await.describe_db_cluster_snapshots();
        let mut pages = request.filters(filter.build()).into_paginator().send();
        let mut all = Vec::new();
        for _ in 0..PAGES {
            let Some(page) = pages.next().await else {
                return Ok(all);
            };
            let page = page.map_err(|e| error(&self.0.call(OPERATION), &e))?;
            all.extend(page.db_cluster_snapshots().iter().map(snapshot));
        }
        Err(self.0.unreadable(OPERATION, "more pages than are read"))
    }

    async fn copy_snapshot(&self, snapshot: &str, copy: &str) -> Result<(), Error> {
        let call = self
            .0
            .client()
            .await
            .copy_db_cluster_snapshot()
            .source_db_cluster_snapshot_identifier(snapshot)
            .target_db_cluster_snapshot_identifier(copy)
            .copy_tags(true);
        let answer = call.customize().config_override(once()).send().await;
        match answer {
            Ok(_) => Ok(()),
            Err(failed) => {
                let failed = error(&self.0.call("CopyDBClusterSnapshot"), &failed);
                // The copy exists already: an earlier call made it.
                let exists = "DBClusterSnapshotAlreadyExistsFault";
                if failed.code.as_deref() == Some(exists) {
                    return Ok(());
                }
                Err(failed)
            }
        }
    }
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

fn global(cluster: &SdkGlobalCluster) -> GlobalCluster {
    let members = cluster.global_cluster_members().iter();
    GlobalCluster {
        id: text(cluster.global_cluster_identifier()),
        status: text(cluster.status()),
        engine: text(cluster.engine()),
        engine_version: text(cluster.engine_version()),
        members: members
            .map(|member| Member {
                arn: text(member.db_cluster_arn()),
                writer: member.is_writer().unwrap_or_default(),
                synchronization: member
                    .synchronization_status()
                    .map(|status| status.as_str().to_owned()),
            })
            .collect(),
        failover: cluster.failover_state().and_then(failover),
    }
}

/// Empty when nothing is under way (Amazon RDS API Reference, `GlobalCluster`).
fn failover(state: &SdkFailover) -> Option<FailoverState> {
    let seen = FailoverState {
        status: text(state.status().map(FailoverStatus::as_str)),
        from: text(state.from_db_cluster_arn()),
        to: text(state.to_db_cluster_arn()),
        data_loss_allowed: state.is_data_loss_allowed().unwrap_or_default(),
    };
    let idle = seen.status.is_empty() && seen.from.is_empty() && seen.to.is_empty();
    (!idle).then_some(seen)
}

fn cluster(cluster: &DbCluster) -> Cluster {
    let given = |value: Option<&str>| value.filter(|v| !v.is_empty()).map(str::to_owned);
    Cluster {
        id: text(cluster.db_cluster_identifier()),
        arn: text(cluster.db_cluster_arn()),
        status: text(cluster.status()),
        engine_version: text(cluster.engine_version()),
        instances: u32::try_from(cluster.db_cluster_members().len()).unwrap_or(u32::MAX),
        backup_retention_days: cluster
            .backup_retention_period()
            .and_then(|days| u8::try_from(days).ok())
            .unwrap_or_default(),
        kms_key_id: given(cluster.kms_key_id()),
        endpoint: given(cluster.endpoint()),
    }
}

fn snapshot(snapshot: &DbClusterSnapshot) -> ClusterSnapshot {
    ClusterSnapshot {
        id: text(snapshot.db_cluster_snapshot_identifier()),
        status: text(snapshot.status()),
        progress: snapshot
            .percent_progress()
            .and_then(|percent| u8::try_from(percent).ok())
            .unwrap_or_default(),
        created_at: snapshot.snapshot_create_time().and_then(super::moment),
    }
}
