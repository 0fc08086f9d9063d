//! The data source with real Terraform: several at once, errors of their own, unknown configuration, lost regions.

use crate::harness::{Databases, Root, lab};

/// The data source for instances, and an output of it.
fn status(instances: &str, output: &str) -> String {
    format!(
        "data \"dr_replication_status\" \"all\" {{\n  rds_instances = {{\n{instances}\n  }}\n}}\noutput \"seen\" {{\n  value = {output}\n}}\n"
    )
}

const INSTANCES: &str = "data.dr_replication_status.all.rds_instances";

#[test]
fn several_instances_in_several_regions_are_looked_at_together() {
    let databases = Databases::new();
    let both = format!(
        "copy = {{ db_instance_identifier = {:?} }}\nsource = {{ region = \"us-east-1\", db_instance_identifier = {:?} }}",
        databases.replica, databases.primary
    );
    let output = format!(
        "join(\" \", [for name, i in {INSTANCES} : \"${{name}}:${{i.role}}:${{i.status}}:${{i.health}}:${{i.region}}\"])"
    );
    let root = Root::new(&status(&both, &output));
    root.apply(&[]).ok(&[
        "copy:replica:available:replicating:us-west-2 source:primary:available:not_a_replica:us-east-1",
    ]);
    root.plan(&["-detailed-exitcode"]).ok(&["No changes"]);
}

#[test]
fn the_lag_is_a_number_with_its_moment_and_null_with_a_reason_where_nobody_knows() {
    let databases = Databases::new();
    let copy = format!(
        "copy = {{ db_instance_identifier = {:?} }}",
        databases.replica
    );
    let root = Root::new(&status(&copy, &format!("{INSTANCES}.copy")));
    databases.lag(serde_json::json!(42));
    root.apply(&[]).ok(&[
        "lag_seconds = 42",
        "measured_at = \"20",
        "health = \"replicating\"",
    ]);
    databases.lag(serde_json::json!(null));
    root.write(&status(
        &copy,
        &format!("{INSTANCES}.copy.lag_seconds == null ? {INSTANCES}.copy.lag_unknown : \"known\""),
    ));
    root.apply(&[])
        .ok(&["0 destroyed"])
        .silent_on("seen = \"known\"");
}

#[test]
fn c19_c44_each_instance_that_is_not_there_has_an_error_with_the_next_move() {
    let databases = Databases::new();
    let three = format!(
        "copy = {{ db_instance_identifier = {:?} }}\none = {{ db_instance_identifier = \"not-there\" }}\ntwo = {{ region = \"us-east-1\", db_instance_identifier = \"not-here\" }}",
        databases.replica
    );
    let root = Root::new(&status(&three, INSTANCES));
    let ran = root.plan(&[]).fails(&[
        "not-there in us-west-2 cannot be looked at",
        "not-here in us-east-1 cannot be looked at",
        "DBInstanceNotFound",
        "aws rds describe-db-instances --region us-west-2",
        "aws rds describe-db-instances --region us-east-1",
    ]);
    assert_eq!(ran.text.matches("Error: ").count(), 2, "{}", ran.text);
}

#[test]
fn c44_unknown_configuration_is_read_only_at_apply() {
    let databases = Databases::new();
    let later = format!(
        "resource \"terraform_data\" \"id\" {{\n  input = {:?}\n}}\n{}",
        databases.replica,
        status(
            "copy = { db_instance_identifier = terraform_data.id.output }",
            &format!("{INSTANCES}.copy.role")
        )
    );
    let root = Root::new(&later);
    let before = databases.calls("DescribeDBInstances").len();
    root.plan(&[]).ok(&["(known after apply)"]);
    assert_eq!(databases.calls("DescribeDBInstances").len(), before);
    root.apply(&[]).ok(&["seen = \"replica\""]);
}

#[test]
fn a_lost_region_is_a_warning_and_nothing_there_is_asked() {
    let databases = Databases::new();
    let copy = format!(
        "copy = {{ db_instance_identifier = {:?} }}",
        databases.replica
    );
    let mut root = Root::new(&status(&copy, &format!("{INSTANCES}.copy.role == null")));
    root.extra
        .insert("DR_LOST_REGIONS".to_owned(), "us-west-2".to_owned());
    let before = databases.calls("DescribeDBInstances").len();
    root.apply(&[])
        .ok(&["us-west-2 is declared lost", "seen = true"]);
    assert_eq!(databases.calls("DescribeDBInstances").len(), before);
}

#[test]
fn a_global_cluster_is_told_by_whoever_answers_and_a_lost_region_is_unknown() {
    lab().python(
        "import boto3
east, west = (boto3.client('rds', region_name=r) for r in ('us-east-1', 'us-west-2'))
common = dict(Engine='aurora-postgresql', MasterUsername='app', MasterUserPassword='not-a-real-password')
source = east.create_db_cluster(DBClusterIdentifier='told-east', **common)['DBCluster']['DBClusterArn']
east.create_global_cluster(GlobalClusterIdentifier='told', SourceDBClusterIdentifier=source)
west.create_db_cluster(DBClusterIdentifier='told-west', GlobalClusterIdentifier='told', **common)",
    );
    let told = "data.dr_replication_status.all.aurora_global_clusters.told";
    let output = format!(
        "join(\" \", concat([{told}.seen_in, {told}.writer_region], [for region, it in {told}.members : \"${{region}}:${{it.role}}:${{it.health}}\"]))"
    );
    let mut root = Root::new(&format!(
        "data \"dr_replication_status\" \"all\" {{\n  aurora_global_clusters = {{\n    told = {{\n      global_cluster_identifier = \"told\"\n      regions = [\"us-east-1\", \"us-west-2\"]\n    }}\n  }}\n}}\noutput \"seen\" {{\n  value = {output}\n}}\n"
    ));
    root.apply(&[])
        .ok(&["us-east-1 us-east-1 us-east-1:writer:not_a_replica us-west-2:reader:"]);
    root.extra
        .insert("DR_LOST_REGIONS".to_owned(), "us-east-1".to_owned());
    root.apply(&[])
        .ok(&["us-west-2 us-east-1 us-east-1:writer:unknown us-west-2:reader:"]);
}
