//! `drcheck fix`: what it writes, what it leaves out, and that files stay as they were otherwise.

#[path = "fix/groups.rs"]
mod groups;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const PROVIDERS: &str = r#"
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
resource "aws_db_instance" "main" {
  identifier              = "main"
  engine                  = "postgres"
  instance_class          = "db.r6g.large"
  backup_retention_period = 14
  multi_az                = true
}
"#;

fn fix(directory: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_drcheck"))
        .arg("fix")
        .arg(directory)
        .args(more)
        .output()
        .expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An estate of the shared providers and this file.
fn estate(main: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("providers.tf"), PROVIDERS).expect("written");
    fs::write(directory.path().join("main.tf"), main).expect("written");
    directory
}

fn main_after(directory: &tempfile::TempDir) -> String {
    fs::read_to_string(directory.path().join("main.tf")).expect("there")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("listed") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.path().extension().is_none_or(|end| end != "json") {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[test]
fn a_real_estate_is_mended_as_far_as_it_is_safe() {
    let seeded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/estates/seeded");
    let directory = tempfile::tempdir().expect("a directory");
    copy(&seeded, directory.path());
    let shown = fix(directory.path(), &["-q"]);
    assert_eq!(shown.status.code(), Some(0), "{}", text(&shown.stderr));
    let diff = text(&shown.stdout);
    for line in [
        "-  ttl     = 3600\n+  ttl     = 60\n",
        "-    evaluate_target_health = each.key != \"primary\"\n+    evaluate_target_health = true\n",
        "-  backup_retention_period         = 0\n+  backup_retention_period         = 14\n",
        "-    status = local.is_primary ? \"Enabled\" : \"Suspended\"\n+    status = \"Enabled\"\n",
        "-    status   = \"Disabled\"\n+    status   = \"Enabled\"\n",
        "+      replication_time {\n+        status = \"Enabled\"\n+\n+        time {\n+          minutes = 15\n",
    ] {
        assert!(diff.contains(line), "{line}\nis not in\n{diff}");
    }
    let dns = |at: &Path| fs::read(at.join("dns.tf")).expect("there");
    assert_eq!(dns(&seeded), dns(directory.path()), "a diff writes nothing");

    let written = fix(directory.path(), &["--write"]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    assert_ne!(dns(&seeded), dns(directory.path()));
    let again = fix(directory.path(), &["--write"]);
    assert!(
        text(&again.stderr).contains("0 of 0 edits written"),
        "{}",
        text(&again.stderr)
    );
}

#[test]
fn an_argument_that_is_not_there_is_added_in_line() {
    let directory = estate(
        r#"resource "aws_db_instance" "main_west" {
  provider            = aws.west
  identifier          = "main-west"
  replicate_source_db = aws_db_instance.main.arn # the arrow
  instance_class      = "db.r6g.large"
  multi_az            = true

  lifecycle {
    ignore_changes = [tags]
  }
}
"#,
    );
    let out = fix(directory.path(), &["--write", "--select", "data"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert_eq!(
        main_after(&directory),
        r#"resource "aws_db_instance" "main_west" {
  provider                = aws.west
  identifier              = "main-west"
  replicate_source_db     = aws_db_instance.main.arn # the arrow
  instance_class          = "db.r6g.large"
  multi_az                = true
  backup_retention_period = 14

  lifecycle {
    ignore_changes = [tags]
  }
}
"#
    );
}

#[test]
fn a_value_is_edited_where_it_is_written() {
    let directory = estate(
        r#"variable "west" {
  default = { backups = { days = 3 } }
}
locals {
  backups = var.west.backups
}
resource "aws_db_instance" "main_west" {
  provider                = aws.west
  identifier              = "main-west"
  replicate_source_db     = aws_db_instance.main.arn
  instance_class          = "db.r6g.large"
  multi_az                = true
  backup_retention_period = local.backups.days
}
"#,
    );
    let out = fix(directory.path(), &["--write", "--select", "data"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(main_after(&directory).contains("default = { backups = { days = 14 } }"));
}

#[test]
fn what_cannot_be_edited_safely_is_left_with_its_reason() {
    let replica = |days: &str, more: &str| {
        format!(
            r#"variable "days" {{
  type = number
}}
variable "word" {{
  type    = string
  default = "x"
}}
resource "aws_db_instance" "main_west" {{
  provider                = aws.west
  identifier              = "main-west"
  replicate_source_db     = aws_db_instance.main.arn
  instance_class          = "db.r6g.large"
  multi_az                = true
  backup_retention_period = {days}
{more}}}
"#
        )
    };
    let ignored = "  lifecycle {\n    ignore_changes = [backup_retention_period]\n  }\n";
    for (main, reason) in [
        (
            replica("var.days", ""),
            "var.days is given from outside of the files",
        ),
        (
            replica("length(var.word)", ""),
            "length(var.word) at main.tf:14 is more than a value",
        ),
        (
            replica("1", ignored),
            "Terraform ignores changes of backup_retention_period there",
        ),
    ] {
        let directory = estate(&main);
        let out = fix(
            directory.path(),
            &["--write", "--select", "data", "--var", "days=1"],
        );
        let said = text(&out.stderr);
        assert!(said.contains(reason), "{reason}\nis not in\n{said}");
        assert_eq!(out.status.code(), Some(1));
        assert_eq!(main_after(&directory), main);
    }
}

#[test]
fn an_edit_that_would_break_something_else_is_left_out() {
    // Both replicas read one local, and the other primary keeps backups for less time.
    let directory = estate(
        r#"resource "aws_route53_zone" "main" {
  name = "example.org"
}
locals {
  days = 3
}
resource "aws_db_instance" "main_west" {
  provider                = aws.west
  identifier              = "main-west"
  replicate_source_db     = aws_db_instance.main.arn
  instance_class          = "db.r6g.large"
  multi_az                = true
  backup_retention_period = local.days
}
resource "aws_db_instance" "jobs" {
  identifier              = "jobs"
  engine                  = "postgres"
  instance_class          = "db.r6g.large"
  backup_retention_period = local.days == 14 ? 35 : 3
}
resource "aws_db_instance" "jobs_west" {
  provider                = aws.west
  identifier              = "jobs-west"
  replicate_source_db     = aws_db_instance.jobs.arn
  instance_class          = "db.r6g.large"
  backup_retention_period = 3
}
"#,
    );
    let before = main_after(&directory);
    let out = fix(directory.path(), &["--write", "--select", "data"]);
    let said = text(&out.stderr);
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(
        said.contains("the edit would break backup-weaker-after-promotion"),
        "{said}"
    );
    assert_eq!(main_after(&directory), before);
}

#[test]
fn what_merge_takes_from_a_literal_is_written_there() {
    let directory = estate(
        r#"locals {
  database = { days = 14, class = "db.r6g.large" }
  replica  = merge(local.database, { "days" = 1 })
  other    = merge({ days = 2 }, local.database)
}
resource "aws_db_instance" "main_west" {
  provider                = aws.west
  identifier              = "main-west"
  replicate_source_db     = aws_db_instance.main.arn
  multi_az                = true
  backup_retention_period = local.replica.days
}
"#,
    );
    let out = fix(directory.path(), &["--write", "--select", "data"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let after = main_after(&directory);
    assert!(
        after.contains("merge(local.database, { \"days\" = 14 })"),
        "{after}"
    );
    assert!(after.contains("merge({ days = 2 }, local.database)"));
    assert!(after.contains("{ days = 14, class"));
}
