//! What the program prints for a small estate, form by form: an accepted finding, one that can be mended, one that is undecided.
//!
//! Only three rules are asked, so that a new rule changes nothing here.

use serde_json::Value as Json;
use tempfile::TempDir;

use super::program::{list, run_with, scene, write};

const SETTINGS: &str = r#"
estate "shop" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}
tier "critical" {
  rto   = "1h"
  rpo   = "5m"
  match = ["aws_db_*"]
}
accept "slow-name" {
  rule          = "dns-ttl-too-long"
  pair          = "aws_route53_record.database"
  attribute     = "ttl"
  primary_value = "300"
  owner         = "platform team"
  reason        = "the zone moves in May"
  expires       = "2027-05-31"
}
"#;

const MAIN: &str = r#"provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

variable "two_zones" {
  type = bool
}

locals {
  database = { days = 14, class = "db.r6g.large" }
  replica  = merge(local.database, { days = 1 })
}

resource "aws_db_instance" "orders" {
  identifier              = "orders"
  engine                  = "postgres"
  instance_class          = local.database.class
  backup_retention_period = local.database.days
  multi_az                = true
}

resource "aws_db_instance" "orders_west" {
  provider                = aws.west
  identifier              = "orders-west"
  replicate_source_db     = aws_db_instance.orders.arn
  instance_class          = local.database.class
  backup_retention_period = local.replica.days
  multi_az                = var.two_zones
}

resource "aws_route53_zone" "shop" {
  name = "shop.example"
}

resource "aws_route53_record" "database" {
  zone_id = aws_route53_zone.shop.zone_id
  name    = "db.shop.example"
  type    = "CNAME"
  ttl     = 300
  records = [aws_db_instance.orders.address]
}
"#;

const RULES: [&str; 6] = [
    "--select",
    "backup-weaker-after-promotion",
    "--select",
    "multi-az-lost-after-promotion",
    "--select",
    "dns-ttl-too-long",
];

fn shop() -> TempDir {
    let directory = scene(MAIN);
    write(directory.path(), "dr.hcl", SETTINGS);
    directory
}

/// What is printed, with the version left out.
fn shown(form: &str) -> String {
    let directory = shop();
    let mut arguments = vec!["check", "-q", "--today", "2027-01-15", "--format", form];
    arguments.extend(RULES);
    let run = run_with(&arguments, directory.path(), &[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    run.stdout.replace(&version, "\"VERSION\"")
}

#[test]
fn text() {
    insta::assert_snapshot!("text", shown("text"));
}

#[test]
fn json() {
    insta::assert_snapshot!("json", shown("json"));
}

#[test]
fn sarif() {
    let mut log: Json = serde_json::from_str(&shown("sarif")).expect("JSON");
    // Pages of rules have tests of their own.
    let rules = list(&log, "/runs/0/tool/driver/rules").len();
    assert_eq!(rules, 3);
    log["runs"][0]["tool"]["driver"]["rules"] = Json::Null;
    let log = serde_json::to_string_pretty(&log).expect("JSON");
    insta::assert_snapshot!("sarif", log);
}

#[test]
fn junit() {
    insta::assert_snapshot!("junit", shown("junit"));
}

#[test]
fn gitlab() {
    insta::assert_snapshot!("gitlab", shown("gitlab"));
}

#[test]
fn markdown() {
    insta::assert_snapshot!("markdown", shown("markdown"));
}

#[test]
fn github() {
    insta::assert_snapshot!("github", shown("github"));
}

#[test]
fn other_commands() {
    let directory = shop();
    let printed = |arguments: &[&str]| {
        let run = run_with(arguments, directory.path(), &[]);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
        run.stdout
    };
    insta::assert_snapshot!("pairs", printed(&["pairs", "-q"]));
    insta::assert_snapshot!(
        "explain_pair",
        printed(&["explain", "-q", "pair", "aws_db_instance.orders_west"])
    );
    insta::assert_snapshot!("graph_dot", printed(&["graph", "-q", "--format", "dot"]));
    insta::assert_snapshot!("graph_mermaid", printed(&["graph", "-q"]));
}

#[test]
fn roles_that_cannot_be_told_are_asked_for_with_a_ready_file() {
    let provider = |alias: &str, region: &str| {
        format!("provider \"aws\" {{\n  alias  = \"{alias}\"\n  region = \"{region}\"\n}}\n")
    };
    let topic = |alias: &str| {
        format!("resource \"aws_sns_topic\" \"{alias}\" {{\n  provider = aws.{alias}\n}}\n")
    };
    let directory = scene(&format!(
        "{}{}{}{}{}{}",
        provider("one", "us-east-1"),
        provider("two", "us-west-2"),
        provider("three", "eu-west-1"),
        topic("one"),
        topic("two"),
        topic("three")
    ));
    let run = run_with(&["check", "-q"], directory.path(), &[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.is_empty());
    insta::assert_snapshot!("roles", run.stderr);
}
