//! Network ACLs by what they let through.

use super::super::estate::{apart, both, said};
use super::vpcs;

fn base() -> String {
    let text = r#"
resource "aws_subnet" "NAME" {
  PROVIDER
  vpc_id            = aws_vpc.NAME.id
  cidr_block        = "NET.0.0/24"
  availability_zone = "REGIONa"
}
"#;
    format!("{}{}", vpcs(), both(text))
}

/// An ACL of the subnet.
fn acl(entries: &str) -> String {
    format!(
        r#"
resource "aws_network_acl" "NAME" {{
  PROVIDER
  vpc_id     = aws_vpc.NAME.id
  subnet_ids = [aws_subnet.NAME.id]
  {entries}
}}
"#
    )
}

fn entry(way: &str, number: u16, action: &str, service: &str, range: &str) -> String {
    format!(
        "{way} {{\n rule_no = {number}\n action = \"{action}\"\n {service}\n cidr_block = \"{range}\"\n }}\n"
    )
}

const ALL: &str = "protocol = \"-1\"\n from_port = 0\n to_port = 0";
const DATABASE: &str = "protocol = \"tcp\"\n from_port = 5432\n to_port = 5432";

fn open() -> String {
    format!(
        "{}{}",
        entry("ingress", 100, "allow", ALL, "0.0.0.0/0"),
        entry("egress", 100, "allow", ALL, "0.0.0.0/0")
    )
}

#[test]
fn a_deny_that_never_matches_is_no_difference() {
    let shadowed = format!(
        "{}{}",
        open(),
        entry("ingress", 110, "deny", DATABASE, "NET.0.0/16")
    );
    said(&format!(
        "{}{}",
        base(),
        apart(&acl(&open()), &acl(&shadowed))
    ))
    .silent();
}

#[test]
fn a_deny_before_an_allow_is() {
    let before = format!(
        "{}{}",
        open(),
        entry("ingress", 90, "deny", DATABASE, "NET.0.0/16")
    );
    let said = said(&format!(
        "{}{}",
        base(),
        apart(&acl(&open()), &acl(&before))
    ));
    said.only(&["acl-differs"]);
    assert!(said.of("acl-differs")[0].contains("tcp 5432"));
}

#[test]
fn ranges_are_translated_and_numbers_do_not_count() {
    let one = entry("ingress", 100, "allow", DATABASE, "NET.0.0/16");
    let two = format!(
        "{}{}",
        entry("ingress", 7, "allow", DATABASE, "NET.0.0/17"),
        entry(
            "ingress",
            9,
            "allow",
            "protocol = \"6\"\n from_port = 5432\n to_port = 5432",
            "NET.128.0/17"
        )
    );
    said(&format!("{}{}", base(), apart(&acl(&one), &acl(&two)))).silent();
}

#[test]
fn separate_entries_are_entries() {
    let lone = r#"
resource "aws_network_acl_rule" "NAME" {
  PROVIDER
  network_acl_id = aws_network_acl.NAME.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 5432
  to_port        = 5432
  cidr_block     = "NET.0.0/16"
}
"#;
    let one = acl(&entry("ingress", 50, "allow", DATABASE, "NET.0.0/16"));
    let text = apart(&one, &format!("{}{lone}", acl("")));
    let said = said(&format!("{}{text}", base()));
    assert!(said.of("acl-differs").is_empty(), "{:?}", said.lines());
}

#[test]
fn the_other_family_is_another_question_where_it_is_spoken() {
    let six = "ingress {\n rule_no = 101\n action = \"allow\"\n protocol = \"-1\"\n from_port = 0\n to_port = 0\n ipv6_cidr_block = \"::/0\"\n }\n";
    let more = format!("{}{six}", open());
    let text = format!("{}{}", base(), apart(&acl(&more), &acl(&open())));
    said(&text).silent();
    let spoken = text.replace(
        "enable_dns_hostnames = true",
        "assign_generated_ipv6_cidr_block = true",
    );
    said(&spoken).only(&["acl-differs"]);
}

#[test]
fn entries_that_are_not_known_are_no_verdict() {
    let unknown = "dynamic \"ingress\" {\n for_each = var.ranges\n content {\n rule_no = 100\n action = \"allow\"\n protocol = \"-1\"\n from_port = 0\n to_port = 0\n cidr_block = ingress.value\n }\n }";
    let out = entry("egress", 100, "allow", ALL, "0.0.0.0/0");
    let text = apart(&acl(&open()), &acl(&format!("{unknown}\n{out}")));
    said(&format!(
        "variable \"ranges\" {{ type = list(string) }}\n{}{text}",
        base()
    ))
    .undecided("acl-differs");
}

#[test]
fn a_subnet_under_another_acl_of_the_same_effect_is_no_difference() {
    // The primary's own ACL lets all through, as the default one of the secondary VPC does.
    let text = apart(&acl(&open()), "");
    let said = said(&format!("{}{text}", base()));
    assert!(said.lines().is_empty(), "{:?}", said.lines());
}

#[test]
fn a_subnet_that_lost_its_acl_is_under_the_default_one() {
    let narrow = entry("ingress", 100, "allow", DATABASE, "NET.0.0/16");
    let text = apart(&acl(&narrow), "");
    said(&format!("{}{text}", base())).only(&["acl-differs", "acl-differs"]);
}
