//! Databases: what a replica allows beside its primary.

use super::scene::said;

const LIMITS: &[&str] = &["replica-parameters-below-primary"];

fn databases(primary: &str, replica: &str, more: &str) -> String {
    format!(
        r#"
variable "class" {{
  type = string
}}
resource "aws_db_instance" "main" {{
  identifier     = "main"
  engine         = "postgres"
  instance_class = "db.r6g.large"
  {primary}
}}
resource "aws_db_instance" "main_west" {{
  provider            = aws.west
  identifier          = "main-west"
  replicate_source_db = aws_db_instance.main.arn
  {replica}
}}
{more}
"#
    )
}

fn group(value: &str) -> String {
    let block = |name: &str, provider: &str| {
        format!(
            r#"
resource "aws_db_parameter_group" "{name}" {{
  provider = {provider}
  name     = "main"
  family   = "postgres16"
  parameter {{
    name         = "max_connections"
    value        = "{value}"
    apply_method = "pending-reboot"
  }}
}}
"#
        )
    };
    block("main", "aws") + &block("main_west", "aws.west")
}

#[test]
fn a_smaller_replica_allows_fewer_connections_unless_a_number_says_otherwise() {
    let small = r#"instance_class = "db.t4g.medium""#;
    let found = said(LIMITS, &databases("", small, ""));
    assert_eq!(
        found,
        [
            "broken replica-parameters-below-primary: aws_db_instance.main_west allows 450 connections by its memory, the primary 1802"
        ]
    );
    let same = r#"instance_class = "db.r6g.large""#;
    assert!(said(LIMITS, &databases("", same, "")).is_empty());
    // Both reach the most that the formula gives.
    let large = databases("", r#"instance_class = "db.r6g.16xlarge""#, "").replacen(
        "db.r6g.large",
        "db.r6g.24xlarge",
        1,
    );
    assert!(said(LIMITS, &large).is_empty());
    let named = databases(
        "parameter_group_name = aws_db_parameter_group.main.name",
        &format!("{small}\n  parameter_group_name = aws_db_parameter_group.main_west.name"),
        &group("500"),
    );
    assert!(said(LIMITS, &named).is_empty());
}

#[test]
fn a_class_that_is_not_known_leaves_it_open() {
    let open = said(LIMITS, &databases("", "instance_class = var.class", ""));
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(open[0].starts_with("unsure replica-parameters-below-primary"));
}
