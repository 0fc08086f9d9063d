//! `drcheck fix`: what it writes, what it leaves out, and that files stay as they were otherwise.

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

/// Two groups of a database, the secondary without what lets the application in.
fn groups(primary: &str, secondary: &str) -> String {
    format!(
        r#"resource "aws_vpc" "main" {{
  cidr_block = "10.1.0.0/16"
}}
resource "aws_vpc" "main_west" {{
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}}
resource "aws_security_group" "app" {{
  name   = "app"
  vpc_id = aws_vpc.main.id
}}
resource "aws_security_group" "app_west" {{
  provider = aws.west
  name     = "app-west"
  vpc_id   = aws_vpc.main_west.id
}}
resource "aws_security_group" "db" {{
  name   = "db"
  vpc_id = aws_vpc.main.id
{primary}
}}
resource "aws_security_group" "db_west" {{
  provider = aws.west
  name     = "db-west"
  vpc_id   = aws_vpc.main_west.id
{secondary}
}}
"#
    )
}

/// What `fix --write` makes of it.
fn opened(main: &str) -> (String, String) {
    let directory = estate(main);
    let out = fix(
        directory.path(),
        &["--write", "--select", "missing-ingress"],
    );
    let told = text(&out.stderr);
    let left = told.contains("left out");
    assert_eq!(out.status.code(), Some(i32::from(left)), "{told}");
    (main_after(&directory), told)
}

#[test]
fn a_missing_rule_is_a_block_where_the_group_has_blocks() {
    let rule = |port: u16, peer: &str| {
        format!(
            "  ingress {{\n    from_port = {port}\n    to_port   = {port}\n    protocol  = \"tcp\"\n    {peer}\n  }}"
        )
    };
    let primary = [
        rule(22, "cidr_blocks = [\"192.0.2.0/24\"]"),
        rule(5432, "security_groups = [aws_security_group.app.id]"),
        rule(5433, "self = true"),
    ]
    .join("\n");
    let (after, told) = opened(&groups(
        &primary,
        &rule(22, "cidr_blocks = [\"192.0.2.0/24\"]"),
    ));
    assert!(told.contains("2 of 2 edits written"), "{told}");
    for block in [
        "  ingress {\n    from_port       = 5432\n    to_port         = 5432\n    protocol        = \"tcp\"\n    security_groups = [aws_security_group.app_west.id]\n  }\n",
        "  ingress {\n    from_port = 5433\n    to_port   = 5433\n    protocol  = \"tcp\"\n    self      = true\n  }\n",
    ] {
        assert!(after.contains(block), "{block}\nis not in\n{after}");
    }
}

#[test]
fn a_missing_rule_is_a_resource_in_the_style_of_the_primary() {
    let newer = r#"
resource "aws_vpc_security_group_ingress_rule" "app" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}
"#;
    let (after, told) = opened(&(groups("", "") + newer));
    assert!(told.contains("1 of 1 edits written"), "{told}");
    let written = r#"
resource "aws_vpc_security_group_ingress_rule" "db_west_tcp_5432" {
  provider = aws.west

  security_group_id            = aws_security_group.db_west.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = aws_security_group.app_west.id
}
"#;
    assert!(after.contains(written), "{after}");
    let older = r#"
resource "aws_security_group_rule" "office" {
  type              = "ingress"
  security_group_id = aws_security_group.db.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  ipv6_cidr_blocks  = ["2001:db8::/32"]
}
"#;
    let (after, told) = opened(&(groups("", "") + older));
    assert!(told.contains("1 of 1 edits written"), "{told}");
    let written = r#"
resource "aws_security_group_rule" "db_west_all" {
  provider = aws.west

  type              = "ingress"
  security_group_id = aws_security_group.db_west.id
  from_port         = 0
  to_port           = 0
  protocol          = "-1"
  ipv6_cidr_blocks  = ["2001:db8::/32"]
}
"#;
    assert!(after.contains(written), "{after}");
}

#[test]
fn a_range_of_the_primary_is_written_as_its_counterpart() {
    let translated = r#"
resource "aws_vpc_security_group_ingress_rule" "inside" {
  security_group_id = aws_security_group.db.id
  cidr_ipv4         = "10.1.4.0/24"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}
"#;
    let main = groups("", "") + translated;
    let (after, told) = opened(&main);
    assert!(told.contains("1 of 1 edits written"), "{told}");
    assert!(after.contains("= \"10.2.4.0/24\""), "{after}");
    assert_eq!(after.matches("10.1.4.0/24").count(), 1, "{after}");
}

#[test]
fn a_missing_rule_that_has_no_plain_form_is_left_to_people() {
    // Blocks that something makes, and lists as arguments, are not added to.
    let list = |port: u16| {
        format!(
            "  ingress = [{{ from_port = {port}, to_port = {port}, protocol = \"tcp\", cidr_blocks = [\"192.0.2.0/24\"], description = \"\", ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false }}]"
        )
    };
    let main = groups(&list(5432), &list(22));
    let (after, told) = opened(&main);
    assert_eq!(after, main, "{told}");
    assert!(told.contains("0 of 0 edits written"), "{told}");
    // Kinds of ICMP are said in words only.
    let icmp = r#"
resource "aws_vpc_security_group_ingress_rule" "ping" {
  security_group_id = aws_security_group.db.id
  cidr_ipv4         = "192.0.2.0/24"
  ip_protocol       = "icmp"
  from_port         = 8
  to_port           = -1
}
"#;
    let main = groups("", "") + icmp;
    let (after, told) = opened(&main);
    assert_eq!(after, main, "{told}");
    assert!(told.contains("0 of 0 edits written"), "{told}");
}
