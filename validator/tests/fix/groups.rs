//! Rules of security groups that `drcheck fix` writes.

use super::*;

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
