//! Copies of objects and backups: what leaves the region, and whether its role may do it.

use super::scene::{said, said_with};

const ROLE: &[&str] = &["replication-role-cannot"];
const ALL: &str = r#""s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging""#;

/// Two replicated buckets, and a role with these statements.
fn buckets(statements: &str, rule: &str) -> String {
    let bucket = |name: &str, provider: &str| {
        format!(
            r#"
resource "aws_s3_bucket" "{name}" {{
  provider = {provider}
  bucket   = "{name}"
}}
resource "aws_s3_bucket_versioning" "{name}" {{
  provider = {provider}
  bucket   = aws_s3_bucket.{name}.id
  versioning_configuration {{
    status = "Enabled"
  }}
}}
"#
        )
    };
    let both = bucket("files_primary", "aws") + &bucket("files_secondary", "aws.west");
    format!(
        r#"{both}
variable "text" {{
  type = string
}}
resource "aws_iam_role" "copy" {{
  name = "copy"
  assume_role_policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "s3.amazonaws.com" }} }}]
  }})
}}
resource "aws_iam_role_policy" "copy" {{
  role   = aws_iam_role.copy.id
  policy = jsonencode({{ Statement = [{statements}] }})
}}
resource "aws_s3_bucket_replication_configuration" "files" {{
  bucket = aws_s3_bucket.files_primary.id
  role   = aws_iam_role.copy.arn
  rule {{
    id = "all"
    {rule}
    destination {{
      bucket = aws_s3_bucket.files_secondary.arn
    }}
  }}
}}
"#
    )
}

fn allow(actions: &str, resources: &str, more: &str) -> String {
    format!("{{ Effect = \"Allow\", Action = [{actions}], Resource = [{resources}] {more} }},")
}

const WHOLE: &str = "status = \"Enabled\"\n filter {}";
const SOURCE: &str = r#"aws_s3_bucket.files_primary.arn, "${aws_s3_bucket.files_primary.arn}/*""#;
const TARGET: &str = r#""${aws_s3_bucket.files_secondary.arn}/*""#;

#[test]
fn what_a_role_may_do_counts_on_each_resource() {
    let read = allow(ALL, SOURCE, "");
    let write = allow(r#""s3:Replicate*""#, TARGET, "");
    let whole = buckets(&(read.clone() + &write), WHOLE);
    assert!(said(ROLE, &whole).is_empty(), "{:?}", said(ROLE, &whole));
    for (statements, lacking) in [
        (
            read.clone()
                + &allow(
                    r#""s3:Replicate*""#,
                    "aws_s3_bucket.files_secondary.arn",
                    "",
                ),
            "s3:ReplicateObject on aws_s3_bucket.files_secondary",
        ),
        (
            read.clone() + &allow(r#""s3:Replicate*""#, SOURCE, ""),
            "s3:ReplicateObject on aws_s3_bucket.files_secondary",
        ),
        (read.clone(), "s3:ReplicateObject"),
        (
            read.clone()
                + &write
                + r#"{ Effect = "Deny", Action = "s3:ReplicateObject", Resource = "*" },"#,
            "s3:ReplicateObject",
        ),
    ] {
        let found = said(ROLE, &buckets(&statements, WHOLE));
        assert_eq!(
            found,
            [format!(
                "broken replication-role-cannot: aws_iam_role.copy may not {lacking}"
            )],
            "{statements}"
        );
    }
}

#[test]
fn conditions_and_policies_that_are_not_at_hand_leave_it_open() {
    let read = allow(ALL, SOURCE, "");
    let condition = r#", Condition = { StringEquals = { "aws:PrincipalTag/team" = "a" } }"#;
    let bound = allow(r#""s3:Replicate*""#, TARGET, condition);
    let open = said(ROLE, &buckets(&(read.clone() + &bound), WHOLE));
    assert!(open.len() == 1 && open[0].starts_with("unsure"), "{open:?}");
    let attached = buckets(&read, WHOLE)
        + r#"
resource "aws_iam_role_policy_attachment" "copy" {
  role       = aws_iam_role.copy.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}
"#;
    let open = said(ROLE, &attached);
    assert!(open.len() == 1 && open[0].starts_with("unsure"), "{open:?}");
}

#[test]
fn a_rule_that_may_be_off_proves_no_coverage() {
    let partial = &["replication-partial"];
    let statements = allow("\"*\"", "\"*\"", "");
    assert!(said(partial, &buckets(&statements, WHOLE)).is_empty());
    let open = said(
        partial,
        &buckets(&statements, "status = var.text\n filter {}"),
    );
    assert!(open.len() == 1 && open[0].starts_with("unsure"), "{open:?}");
    let part = "status = \"Enabled\"\n filter {\n prefix = \"a/\"\n }";
    let found = said(partial, &buckets(&statements, part));
    assert!(
        found.len() == 1 && found[0].starts_with("broken"),
        "{found:?}"
    );
}

fn plan(rules: &str) -> String {
    format!(
        r#"
resource "aws_backup_vault" "main" {{
  name = "main"
}}
resource "aws_backup_vault" "main_west" {{
  provider = aws.west
  name     = "main"
}}
resource "aws_backup_plan" "main" {{
  name = "main"
  {rules}
}}
"#
    )
}

fn backup(name: &str, schedule: &str, more: &str) -> String {
    format!(
        "rule {{\n rule_name = \"{name}\"\n target_vault_name = aws_backup_vault.main.name\n schedule = \"{schedule}\"\n {more}\n}}\n"
    )
}

#[test]
fn one_rule_of_a_plan_that_leaves_is_enough() {
    let copied = &["backup-not-copied"];
    let away = "copy_action {\n destination_vault_arn = aws_backup_vault.main_west.arn\n }";
    let hourly = backup("hourly", "cron(0 * * * ? *)", "");
    let both = plan(&(hourly.clone() + &backup("daily", "cron(0 5 * * ? *)", away)));
    assert!(said(copied, &both).is_empty());
    assert_eq!(said(copied, &plan(&hourly)).len(), 1);

    let frequency = &["frequency-misses-rpo"];
    let tier = "tier \"kept\" {\n rto = \"48h\"\n rpo = \"30h\"\n match = [\"aws_backup_*\"]\n}\n";
    assert!(said_with(frequency, &both, tier).is_empty());
    let weekly = plan(&(hourly + &backup("weekly", "cron(0 5 ? * SUN *)", away)));
    let found = said_with(frequency, &weekly, tier);
    assert!(
        found.len() == 1 && found[0].contains("172.0 h"),
        "{found:?}"
    );
    let open = plan(&backup("other", "cron(0 5 ? * 6#1 *)", away));
    let open = said_with(frequency, &open, tier);
    assert!(open.len() == 1 && open[0].starts_with("unsure"), "{open:?}");
}
