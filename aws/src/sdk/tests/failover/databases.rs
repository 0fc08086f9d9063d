//! What Aurora, `ElastiCache` and `DynamoDB` answer.

use super::{aws, contains, json, refused_in_json, region, xml};
use crate::sdk::tests::{Answer, refused};
use crate::{Aws, ErrorKind, Region};

fn answer(operation: &str, inner: &str) -> Answer {
    xml(
        200,
        format!(
            "<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>"
        ),
    )
}

fn global(failover: &str) -> Answer {
    answer(
        "DescribeGlobalClusters",
        &format!(
            "<GlobalClusters><GlobalClusterMember><GlobalClusterIdentifier>orders</GlobalClusterIdentifier>\
             <Status>failing-over</Status><Engine>aurora-postgresql</Engine><EngineVersion>16.4</EngineVersion>\
             <GlobalClusterMembers><GlobalClusterMember><DBClusterArn>arn:east</DBClusterArn><IsWriter>true</IsWriter>\
             <SynchronizationStatus>connected</SynchronizationStatus></GlobalClusterMember>\
             <GlobalClusterMember><DBClusterArn>arn:west</DBClusterArn><IsWriter>false</IsWriter></GlobalClusterMember>\
             </GlobalClusterMembers>{failover}</GlobalClusterMember></GlobalClusters>"
        ),
    )
}

#[tokio::test]
async fn a_global_cluster_is_read_with_members_and_what_is_under_way() {
    let state = "<FailoverState><Status>switching-over</Status><FromDbClusterArn>arn:east</FromDbClusterArn>\
                 <ToDbClusterArn>arn:west</ToDbClusterArn><IsDataLossAllowed>false</IsDataLossAllowed></FailoverState>";
    let (aws, server) = aws(vec![global(state)]).await;
    let seen = aws
        .global_clusters(&region())
        .unwrap()
        .describe("orders")
        .await
        .unwrap();
    assert_eq!(
        (seen.status.as_str(), seen.engine_version.as_str()),
        ("failing-over", "16.4")
    );
    let members: Vec<(&str, bool, Option<&str>)> = seen
        .members
        .iter()
        .map(|m| (m.arn.as_str(), m.writer, m.synchronization.as_deref()))
        .collect();
    assert_eq!(
        members,
        [
            ("arn:east", true, Some("connected")),
            ("arn:west", false, None)
        ]
    );
    let under_way = seen.failover.unwrap();
    assert_eq!(under_way.status, "switching-over", "no model lists it");
    assert_eq!(
        (under_way.to.as_str(), under_way.data_loss_allowed),
        ("arn:west", false)
    );
    contains(
        &server.requests()[0],
        &[
            "Action=DescribeGlobalClusters",
            "GlobalClusterIdentifier=orders",
        ],
    );
}

#[tokio::test]
async fn an_empty_failover_state_is_none_under_way() {
    for state in ["", "<FailoverState></FailoverState>"] {
        let (aws, _server) = aws(vec![global(state)]).await;
        let seen = aws
            .global_clusters(&region())
            .unwrap()
            .describe("orders")
            .await
            .unwrap();
        assert_eq!(seen.failover, None, "{state}");
    }
}

#[tokio::test]
async fn a_cluster_and_all_pages_of_its_snapshots_are_read() {
    let cluster = "<DBClusters><DBCluster><DBClusterIdentifier>west</DBClusterIdentifier><DBClusterArn>arn:west</DBClusterArn>\
        <Status>available</Status><EngineVersion>16.4</EngineVersion><BackupRetentionPeriod>7</BackupRetentionPeriod>\
        <KmsKeyId>key</KmsKeyId><Endpoint>west.example</Endpoint><DBClusterMembers><DBClusterMember>\
        <DBInstanceIdentifier>west-1</DBInstanceIdentifier></DBClusterMember></DBClusterMembers></DBCluster></DBClusters>";
    let snapshot = |name: &str, marker: &str| {
        answer(
            "DescribeDBClusterSnapshots",
            &format!(
                "{marker}<DBClusterSnapshots><DBClusterSnapshot><DBClusterSnapshotIdentifier>{name}</DBClusterSnapshotIdentifier>\
                 <Status>available</Status><PercentProgress>100</PercentProgress>\
                 <SnapshotCreateTime>2026-05-01T10:00:00Z</SnapshotCreateTime></DBClusterSnapshot></DBClusterSnapshots>"
            ),
        )
    };
    let (aws, server) = aws(vec![
        answer("DescribeDBClusters", cluster),
        snapshot("rds:first", "<Marker>more</Marker>"),
        snapshot("rds:unplanned-global-failover-west", ""),
    ])
    .await;
    let clusters = aws.global_clusters(&region()).unwrap();
    let seen = clusters.cluster("west").await.unwrap();
    assert_eq!((seen.instances, seen.backup_retention_days), (1, 7));
    assert_eq!(seen.endpoint.as_deref(), Some("west.example"));
    let snapshots = clusters.snapshots("west").await.unwrap();
    let ids: Vec<&str> = snapshots.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["rds:first", "rds:unplanned-global-failover-west"]);
    assert_eq!(snapshots[0].progress, 100);
    assert_eq!(
        snapshots[0].created_at.unwrap().to_string(),
        "2026-05-01T10:00:00Z"
    );
    let requests = server.requests();
    contains(
        &requests[1],
        &["Filters.Filter.1.Name=db-cluster-id&Filters.Filter.1.Values.Value.1=west"],
    );
    contains(&requests[2], &["Marker=more"]);
}

#[tokio::test]
async fn a_copy_that_exists_already_is_as_good_as_a_new_one() {
    let exists = refused(400, "DBClusterSnapshotAlreadyExistsFault", "it exists");
    let absent = refused(404, "DBClusterSnapshotNotFoundFault", "it does not");
    let (aws, _server) = aws(vec![exists, absent]).await;
    let clusters = aws.global_clusters(&region()).unwrap();
    clusters.copy_snapshot("rds:lost", "kept").await.unwrap();
    let failed = clusters
        .copy_snapshot("rds:lost", "kept")
        .await
        .unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_global_datastore_is_read_with_its_members() {
    let inner = "<GlobalReplicationGroups><GlobalReplicationGroup><GlobalReplicationGroupId>gd</GlobalReplicationGroupId>\
        <Status>available</Status><Members><GlobalReplicationGroupMember><ReplicationGroupId>east</ReplicationGroupId>\
        <ReplicationGroupRegion>us-east-1</ReplicationGroupRegion><Role>PRIMARY</Role><Status>associated</Status>\
        </GlobalReplicationGroupMember><GlobalReplicationGroupMember><ReplicationGroupId>west</ReplicationGroupId>\
        <ReplicationGroupRegion>us-west-2</ReplicationGroupRegion><Role>SECONDARY</Role><Status>associated</Status>\
        </GlobalReplicationGroupMember></Members></GlobalReplicationGroup></GlobalReplicationGroups>";
    let (aws, server) = aws(vec![
        answer("DescribeGlobalReplicationGroups", inner),
        refused(404, "GlobalReplicationGroupNotFoundFault", "no"),
    ])
    .await;
    let datastores = aws.global_datastores(&region()).unwrap();
    let seen = datastores.describe("gd").await.unwrap();
    let members: Vec<(&str, &str, bool)> = seen
        .members
        .iter()
        .map(|m| (m.group.as_str(), m.region.as_str(), m.primary))
        .collect();
    assert_eq!(
        members,
        [("east", "us-east-1", true), ("west", "us-west-2", false)]
    );
    contains(
        &server.requests()[0],
        &["ShowMemberInfo=true", "GlobalReplicationGroupId=gd"],
    );
    let failed = datastores.describe("gd").await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_table_is_read_with_its_replicas_elsewhere() {
    let table = "{\"Table\":{\"TableName\":\"orders\",\"TableStatus\":\"ACTIVE\",\"Replicas\":[\
        {\"RegionName\":\"us-east-1\",\"ReplicaStatus\":\"UPDATING\"},\
        {\"RegionName\":\"us-west-2\",\"ReplicaStatus\":\"ACTIVE\"}]}}";
    let (aws, server) = aws(vec![
        json(table),
        refused_in_json(
            400,
            "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
        ),
    ])
    .await;
    let tables = aws.tables(&region()).unwrap();
    let seen = tables.describe("orders").await.unwrap();
    assert_eq!(seen.status, "ACTIVE");
    let east = Region::new("us-east-1").unwrap();
    assert_eq!(seen.replicas, [(east, "UPDATING".to_owned())]);
    contains(
        &server.requests()[0],
        &["DynamoDB_20120810.DescribeTable", "\"orders\""],
    );
    let failed = tables.describe("orders").await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NotFound);
}
