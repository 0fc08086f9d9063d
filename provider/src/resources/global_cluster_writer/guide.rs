//! What the page of the resource says beyond its schema.

/// Markdown.
pub(super) const TEXT: &str = r#"## What a plan does

Three values decide: the configured region, the region applied last (`last_applied`), and the region whose cluster AWS shows as the writer now. AWS is asked in every plan, also with `-refresh=false`, in the first region that answers: the configured one, `from`, the one applied last, the members', the provider's.

| configured | applied last | AWS | plan |
|---|---|---|---|
| as AWS | nothing | any | adopted: recorded, nothing is touched |
| another region | nothing | any | error, unless `from` names the writer's region |
| unchanged | as configured | as configured | no change |
| unchanged | as configured | changed outside | no change, one warning with the line to edit |
| edited to what AWS shows | the old region | as configured | the record follows, nothing is touched |
| edited | the old region | the old region | the writer moves, under gates |
| edited | the old region | a third region | error, unless `from` names it |
| a region without a member | any | any | error: what to add first |

The guide "Role contract" has all rows.

## On the day

In peace both regions are healthy: edit `writer_region`, plan, apply. When the writer's region is lost:

```shell
export DR_LOST_REGIONS=us-east-1   # nothing calls it any more
```

```terraform
writer_region = "us-west-2"
mode          = "failover"
lost_at       = "2026-05-01T03:12:00Z"   # when it was lost: lag after that is no loss
```

The plan's warning begins with the data at risk. Nobody can prove that a writer in a lost region takes no writes, so the plan prints the `consent` of risk `unfenced` to write, bound to this writer, this target and 24 hours.

## Gates

They are asked while planning and again immediately before the act.
- The writer is where it was when the plan was made.
- The target is available, of the version of the global cluster, and has an instance: a cluster without one serves nobody.
- A switchover: the target is connected and the writer available. It loses nothing.
- A failover: the data at risk (`AuroraGlobalDBRPOLag` plus the age of that measurement) is known and at most `max_data_loss`, and the old writer is proved to take no writes. A `consent` opens one of these for one writer and one target.

## Interrupted

A move that is under way is seen in AWS, waited for, and never begun twice: not after Ctrl-C, not after a killed process, not by a second apply. A move to another region than the configured one is an error that says where it leads.

## Beside hashicorp/aws

Tell `aws_rds_global_cluster` and `aws_rds_cluster` beforehand what a move changes:

```terraform
resource "aws_rds_global_cluster" "orders" {
  # ...
  lifecycle {
    ignore_changes = [source_db_cluster_identifier]
  }
}

resource "aws_rds_cluster" "member" { # in every region
  # ...
  lifecycle {
    ignore_changes = [replication_source_identifier, global_cluster_identifier]
  }
}
```

Before the move that provider plans nothing. After it AWS shows the source of replication on the other cluster: without `ignore_changes` the next plan of that root wants to set or remove `replication_source_identifier`, or to take a cluster out of the global cluster (`global_cluster_identifier -> null`), which detaches it. Do not apply such a plan. Afterwards, once it is clear that the writer stays, move `replication_source_identifier`, `master_username` and `database_name` in the code from one cluster to the other and plan again: it has to be empty. Keep `dr_*` resources in a root of their own with its state in the secondary region.

## Permissions

`rds:DescribeGlobalClusters`, `rds:DescribeDBClusters`, `cloudwatch:GetMetricData`, and for a move `rds:SwitchoverGlobalCluster` in the writer's region or `rds:FailoverGlobalCluster` in the target's; `rds:DescribeDBClusterSnapshots` and `rds:CopyDBClusterSnapshot` in the old region, for what was written there and not replicated."#;
