//! What the page of the resource says beyond its schema.

/// Markdown.
pub(super) const TEXT: &str = r#"## What a plan does

Three values decide: the configured role, the role applied last (`last_applied`), and the role that AWS shows now. AWS is asked in every plan, also with `-refresh=false`.

| configured | applied last | AWS | plan |
|---|---|---|---|
| as AWS | nothing | any | adopted: recorded, nothing is touched |
| `primary` | nothing | `replica` | error, unless `from = "replica"` says that you know it |
| unchanged | as configured | as configured | no change |
| unchanged | as configured | changed outside | no change, one warning with the line to edit |
| edited to what AWS shows | the old role | as configured | the record follows, nothing is touched |
| edited to `primary` | `replica` | `replica` | promotion, under gates |
| `replica` | `primary` | `primary` | error: there is no way back by an edit |

The guide "Role contract" has all rows.

## Gates

A promotion is refused, and nothing is touched, unless
- the replica follows `source`, where that is set;
- the data at risk is known and at most `max_data_loss`. It is the measured replication lag plus the age of that measurement. Missing or old datapoints, `-1`, and `0` while replication does not run count as unknown.

They are asked while planning and again immediately before the act. A `consent` opens one gate for one source, one target and at most 24 hours.

## Interrupted

Ctrl-C lets the call in flight finish and ends with an error that says what was begun; a killed process leaves no trace but AWS's own. The next apply looks first and goes on: a promotion that is under way is waited for, never begun twice.

## Beside hashicorp/aws

Where the replica is also an `aws_db_instance`, tell that resource beforehand what a promotion changes:

```terraform
lifecycle {
  ignore_changes = [replicate_source_db, backup_retention_period, backup_window, multi_az, deletion_protection]
}
```

Without it the next plan of that root tries to set `replicate_source_db` again, which AWS refuses. After the promotion remove `replicate_source_db` from its configuration, and take the settings that you want managed there out of `ignore_changes`. Keep `dr_*` resources in a root of their own with its state in the secondary region.

## Permissions

`rds:DescribeDBInstances`, `cloudwatch:GetMetricStatistics`, and for the promotion `rds:PromoteReadReplica` and `rds:ModifyDBInstance`, in the region of the replica; `rds:DescribeDBInstances` in the source's region lets the gate see that the source is alive."#;
