//! Security groups, keys, roles, firewalls, certificates.

use super::scene::{said, said_with, twins};

const GROUPS: [&str; 3] = ["missing-ingress", "missing-egress", "wider-in-secondary"];

fn network() -> String {
    twins(
        r#"
resource "aws_vpc" "ROLE" {
  PROVIDER
  cidr_block = "NET.0.0/16"
}
resource "aws_security_group" "lb_ROLE" {
  PROVIDER
  vpc_id = aws_vpc.ROLE.id
}
"#,
    )
}

/// Two groups with these rules, on top of the network.
fn groups(one: &str, other: &str) -> Vec<String> {
    let group = |role: &str, provider: &str, rules: &str| {
        format!(
            "resource \"aws_security_group\" \"app_{role}\" {{\n  provider = {provider}\n  vpc_id = aws_vpc.{role}.id\n{rules}\n}}\n"
        )
    };
    let code = network() + &group("primary", "aws", one) + &group("secondary", "aws.west", other);
    said(&GROUPS, &code)
}

fn rule(protocol: &str, from: i32, to: i32, peer: &str) -> String {
    format!(
        "  ingress {{\n    protocol = \"{protocol}\"\n    from_port = {from}\n    to_port = {to}\n    {peer}\n  }}\n"
    )
}

#[test]
fn ports_and_ranges_are_merged() {
    let one = rule("tcp", 8000, 8100, "cidr_blocks = [\"10.0.0.0/8\"]");
    let other = rule(
        "6",
        8000,
        8050,
        "cidr_blocks = [\"10.0.0.0/9\", \"10.128.0.0/9\"]",
    ) + &rule("tcp", 8051, 8100, "cidr_blocks = [\"10.0.0.0/8\"]");
    assert_eq!(groups(&one, &other), [""; 0]);
}

#[test]
fn a_port_less_is_missing_and_a_port_more_is_wider() {
    let one = rule("tcp", 80, 90, "cidr_blocks = [\"192.0.2.0/24\"]");
    let other = rule("tcp", 81, 91, "cidr_blocks = [\"192.0.2.0/24\"]");
    assert_eq!(
        groups(&one, &other),
        [
            "broken missing-ingress: aws_security_group.app_secondary does not admit tcp 80 of 192.0.2.0/24",
            "broken wider-in-secondary: aws_security_group.app_secondary admits tcp 91 of 192.0.2.0/24, production does not",
        ]
    );
}

#[test]
fn ipv4_never_stands_for_ipv6() {
    let one = rule("tcp", 443, 443, "ipv6_cidr_blocks = [\"::/0\"]");
    let other = rule("tcp", 443, 443, "cidr_blocks = [\"0.0.0.0/0\"]");
    assert_eq!(groups(&one, &other).len(), 2);
}

#[test]
fn types_of_icmp_are_no_reversed_ports() {
    let ping = rule("icmp", 8, 0, "cidr_blocks = [\"10.0.0.0/8\"]");
    assert_eq!(groups(&ping, &ping), [""; 0]);
    let all = rule("icmp", -1, -1, "cidr_blocks = [\"10.0.0.0/8\"]");
    assert_eq!(
        groups(&ping, &all),
        [
            "broken wider-in-secondary: aws_security_group.app_secondary admits icmp types 0-7, types 8-255 of 10.0.0.0/8, production does not"
        ]
    );
}

#[test]
fn replication_rules_mirror_each_other() {
    let one = rule("tcp", 5432, 5432, "cidr_blocks = [\"10.2.0.0/16\"]");
    let other = rule("tcp", 5432, 5432, "cidr_blocks = [\"10.1.0.0/16\"]");
    assert_eq!(groups(&one, &other), [""; 0]);
    // Admitting the own range instead is another thing.
    assert_eq!(groups(&one, &one).len(), 2);
}

#[test]
fn a_group_of_the_other_side_is_the_paired_one() {
    let peer = |role: &str| format!("security_groups = [aws_security_group.lb_{role}.id]");
    let one = rule("tcp", 80, 80, &peer("primary"));
    let other = rule("tcp", 80, 80, &peer("secondary"));
    assert_eq!(groups(&one, &other), [""; 0]);
    // The whole range of the VPC admits more.
    let range = rule("tcp", 80, 80, "cidr_blocks = [\"10.2.0.0/16\"]");
    assert_eq!(
        groups(&one, &range),
        [
            "broken wider-in-secondary: aws_security_group.app_secondary admits tcp 80 of 10.2.0.0/16, production does not"
        ]
    );
}

#[test]
fn all_forms_of_rules_are_one() {
    let forms = r#"
resource "aws_security_group" "app_primary" {
  vpc_id = aws_vpc.primary.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group_rule" "app_primary" {
  security_group_id = aws_security_group.app_primary.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  self              = true
}
resource "aws_security_group" "app_secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}
resource "aws_vpc_security_group_ingress_rule" "own" {
  provider                     = aws.west
  security_group_id            = aws_security_group.app_secondary.id
  referenced_security_group_id = aws_security_group.app_secondary.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}
"#;
    let out = r#"
resource "aws_vpc_security_group_egress_rule" "out" {
  provider          = aws.west
  security_group_id = aws_security_group.app_secondary.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"#;
    assert_eq!(said(&GROUPS, &(network() + forms + out)), [""; 0]);
    assert_eq!(
        said(&GROUPS, &(network() + forms)),
        [
            "broken missing-egress: aws_security_group.app_secondary does not let out all traffic of 0.0.0.0/0"
        ]
    );
}

#[test]
fn one_group_may_be_split_in_two() {
    let code = r#"
resource "aws_security_group" "app_primary" {
  vpc_id = aws_vpc.primary.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 81
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "app_secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "more" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
  ingress {
    protocol    = "tcp"
    from_port   = 81
    to_port     = 81
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "app_primary" {
  vpc_security_group_ids = [aws_security_group.app_primary.id]
}
resource "aws_instance" "app_secondary" {
  provider               = aws.west
  vpc_security_group_ids = [aws_security_group.app_secondary.id, aws_security_group.more.id]
}
"#;
    assert_eq!(said(&GROUPS, &(network() + code)), [""; 0]);
    let alone = code.replace(", aws_security_group.more.id", "");
    assert_eq!(
        said(&GROUPS, &(network() + &alone)),
        [
            "broken missing-ingress: aws_security_group.app_secondary does not admit tcp 81 of 0.0.0.0/0"
        ]
    );
}

#[test]
fn what_is_not_known_is_not_decided() {
    let variable = "variable \"ranges\" {\n  type = list(string)\n}\n";
    let unknown = rule("tcp", 80, 80, "cidr_blocks = var.ranges");
    let known = rule("tcp", 80, 80, "cidr_blocks = [\"192.0.2.0/24\"]");
    let of = |one: &str, other: &str| {
        let code = twins(
            "resource \"aws_security_group\" \"app_ROLE\" {\n  PROVIDER\n  vpc_id = aws_vpc.ROLE.id\nRULES\n}\n",
        );
        let code = code.replacen("RULES", one, 1).replacen("RULES", other, 1);
        said(&GROUPS, &(network() + variable + &code))
    };
    assert_eq!(of(&unknown, &unknown), [""; 0]);
    let lines = of(&known, &unknown);
    assert!(!lines.is_empty(), "it says something");
    assert!(
        lines.iter().all(|line| line.starts_with("unsure")),
        "{lines:?}"
    );
}

const KEY: [&str; 2] = ["key-not-multi-region", "key-not-in-secondary"];

#[test]
fn how_a_key_is_used_is_told() {
    let code = twins(
        r#"
resource "aws_kms_key" "files_ROLE" {
  PROVIDER
}
resource "aws_iam_role_policy" "files_ROLE" {
  PROVIDER
  role   = "files-ROLE"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:*", Resource = aws_kms_key.files_ROLE.arn }] })
}
"#,
    );
    let open = said(&KEY, &code);
    assert_eq!(
        open,
        [
            "unsure key-not-multi-region: whether workloads encrypt with aws_kms_key.files_primary themselves is not known"
        ]
    );
    let told = |word: &str| {
        let settings =
            format!("use \"aws_kms_key.files_primary\" {{\n  client_side = {word}\n}}\n");
        said_with(&KEY, &code, &settings)
    };
    assert_eq!(told("false"), [""; 0]);
    assert_eq!(
        told("true"),
        [
            "broken key-not-multi-region: aws_kms_key.files_primary and aws_kms_key.files_secondary are two keys, and workloads encrypt with them"
        ]
    );
}

#[test]
fn a_replica_key_has_a_policy_of_its_own() {
    let code = |policy: &str| {
        format!(
            r#"
resource "aws_kms_key" "files" {{
  multi_region = true
  policy       = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = {{ Service = "logs.us-east-1.amazonaws.com" }} }}] }})
}}
resource "aws_kms_replica_key" "files" {{
  provider        = aws.west
  primary_key_arn = aws_kms_key.files.arn
  {policy}
}}
"#
        )
    };
    let rules = ["key-policy-differs", "key-policy-service-region"];
    let of = |region: &str| {
        format!(
            "policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = [\"kms:*\"], Resource = \"*\", Principal = {{ Service = \"logs.{region}.amazonaws.com\" }} }}] }})"
        )
    };
    assert_eq!(said(&rules, &code(&of("us-west-2"))), [""; 0]);
    assert_eq!(
        said(&rules, &code("")),
        [
            "broken key-policy-differs: aws_kms_replica_key.files has the default policy, the primary one of its own"
        ]
    );
    assert!(!said(&rules, &code(&of("us-east-1"))).is_empty());
}

#[test]
fn roles_of_both_regions_may_do_the_same() {
    let code = |actions: &str| {
        twins(
            r#"
resource "aws_iam_role" "task_ROLE" {
  PROVIDER
  name               = "task-ROLE"
  assume_role_policy = "{}"
}
"#,
        ) + r#"
resource "aws_iam_role_policy" "task_primary" {
  role   = aws_iam_role.task_primary.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}
"# + &format!(
            r#"
resource "aws_iam_role_policy" "task_secondary" {{
  provider = aws.west
  role     = aws_iam_role.task_secondary.name
  policy   = jsonencode({{ Statement = [{{ Effect = "Allow", Action = {actions}, Resource = "*" }}] }})
}}
"#
        )
    };
    let rules = ["role-permissions-missing"];
    assert_eq!(said(&rules, &code("\"sqs:*\"")), [""; 0]);
    assert_eq!(
        said(&rules, &code("\"sqs:SendMessage\"")),
        ["broken role-permissions-missing: aws_iam_role.task_secondary lacks sqs:receivemessage"]
    );
    let open = "variable \"actions\" {\n  type = string\n}\n".to_owned() + &code("var.actions");
    let lines = said(&rules, &open);
    assert!(
        lines.iter().all(|line| line.starts_with("unsure")),
        "{lines:?}"
    );
}

#[test]
fn firewalls_are_compared_in_order() {
    let code = |one: &str, other: &str| {
        let acl = twins(
            "resource \"aws_wafv2_web_acl\" \"entry_ROLE\" {\n  PROVIDER\n  scope = \"REGIONAL\"\n  default_action {\n    allow {}\n  }\nRULES\n}\n",
        );
        acl.replacen("RULES", one, 1).replacen("RULES", other, 1)
    };
    let rule = |name: &str, priority: u8, limit: u32| {
        format!(
            "  rule {{\n    name = \"{name}\"\n    priority = {priority}\n    action {{\n      block {{}}\n    }}\n    statement {{\n      rate_based_statement {{\n        limit = {limit}\n      }}\n    }}\n  }}\n"
        )
    };
    let rules = ["waf-differs"];
    let one = rule("a", 1, 100) + &rule("b", 2, 200);
    assert_eq!(
        said(
            &rules,
            &code(&one, &(rule("b", 20, 200) + &rule("a", 10, 100)))
        ),
        [""; 0]
    );
    assert_eq!(
        said(
            &rules,
            &code(&one, &(rule("b", 1, 200) + &rule("a", 2, 100)))
        ),
        ["broken waf-differs: aws_wafv2_web_acl.entry_secondary asks its rules in another order"]
    );
    assert_eq!(
        said(&rules, &code(&one, &rule("a", 1, 50))),
        [
            "broken waf-differs: aws_wafv2_web_acl.entry_secondary has another rule a, lacks the rule b"
        ]
    );
}
