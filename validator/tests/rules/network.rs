//! Subnets, routes, ACLs, endpoints, peering.

use super::scene::{said, twins};

fn network() -> String {
    twins(
        r#"
resource "aws_vpc" "ROLE" {
  PROVIDER
  cidr_block = "NET.0.0/16"
}
"#,
    )
}

/// Both ACLs with these rules.
fn acls(one: &str, other: &str) -> Vec<String> {
    let code = twins(
        "resource \"aws_network_acl\" \"app_ROLE\" {\n  PROVIDER\n  vpc_id = aws_vpc.ROLE.id\nRULES\n}\n",
    );
    let code = code.replacen("RULES", one, 1).replacen("RULES", other, 1);
    let variable = "variable \"range\" {\n  type = string\n}\n";
    said(&["acl-differs"], &(network() + variable + &code))
}

fn entry(number: u16, action: &str, ports: (u16, u16), range: &str) -> String {
    format!(
        "  ingress {{\n    rule_no = {number}\n    action = \"{action}\"\n    protocol = \"tcp\"\n    from_port = {}\n    to_port = {}\n    cidr_block = {range}\n  }}\n",
        ports.0, ports.1
    )
}

#[test]
fn acls_are_what_they_let_through() {
    let all = "\"0.0.0.0/0\"";
    let one = entry(100, "allow", (80, 443), all);
    let parts = entry(7, "allow", (80, 200), all)
        + &entry(9, "allow", (201, 443), all)
        + &entry(200, "deny", (80, 80), all);
    assert_eq!(acls(&one, &parts), [""; 0]);
    let denies = entry(90, "deny", (443, 443), "\"10.2.0.0/16\"") + &one;
    assert_eq!(
        acls(&one, &denies),
        [
            "broken acl-differs: aws_network_acl.app_secondary denies ingress tcp 443 of 10.2.0.0/16, production does not"
        ]
    );
}

#[test]
fn acls_with_the_same_unknown_are_the_same() {
    let open = entry(100, "allow", (80, 80), "var.range");
    assert_eq!(acls(&open, &open), [""; 0]);
    let known = entry(100, "allow", (80, 80), "\"192.0.2.0/24\"");
    let lines = acls(&known, &open);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("unsure"), "{lines:?}");
}

fn subnets(one: &[(&str, &str)], other: &[(&str, &str)]) -> String {
    let mut code = network();
    for (role, provider, list) in [("primary", "aws", one), ("secondary", "aws.west", other)] {
        for (name, range) in list {
            let region = if role == "primary" {
                "us-east-1"
            } else {
                "us-west-2"
            };
            let zone = name.chars().last().unwrap_or('a');
            let subnet = format!(
                "resource \"aws_subnet\" \"{role}_{name}\" {{\n  provider = {provider}\n  vpc_id = aws_vpc.{role}.id\n  cidr_block = \"{range}\"\n  availability_zone = \"{region}{zone}\"\n}}\n"
            );
            code.push_str(&subnet);
        }
    }
    code
}

#[test]
fn a_smaller_subnet_is_found() {
    let rules = ["subnet-too-small"];
    let one = [("app_a", "10.1.0.0/20")];
    assert_eq!(
        said(&rules, &subnets(&one, &[("app_a", "10.2.0.0/20")])),
        [""; 0]
    );
    assert_eq!(
        said(&rules, &subnets(&one, &[("app_a", "10.2.0.0/24")])),
        ["broken subnet-too-small: aws_subnet.secondary_app_a is a /24, the primary's a /20"]
    );
}

#[test]
fn a_zone_less_is_found() {
    let one = [("app_a", "10.1.0.0/20"), ("app_b", "10.1.16.0/20")];
    let both = [("app_a", "10.2.0.0/20"), ("app_b", "10.2.16.0/20")];
    let rules = ["fewer-zones", "missing-subnet-tier"];
    assert_eq!(said(&rules, &subnets(&one, &both)), [""; 0]);
    let lines = said(&rules, &subnets(&one, &both[..1]));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].contains("aws_subnet.primary_app_b has no counterpart"),
        "{lines:?}"
    );
}

/// A table of each region with these routes.
fn tables(one: &str, other: &str) -> String {
    let code = twins(
        r#"
resource "aws_internet_gateway" "ROLE" {
  PROVIDER
  vpc_id = aws_vpc.ROLE.id
}
resource "aws_nat_gateway" "ROLE" {
  PROVIDER
  subnet_id = aws_subnet.ROLE_app_a.id
}
resource "aws_route_table" "ROLE" {
  PROVIDER
  vpc_id = aws_vpc.ROLE.id
ROUTES
}
resource "aws_route_table_association" "ROLE" {
  PROVIDER
  subnet_id      = aws_subnet.ROLE_app_a.id
  route_table_id = aws_route_table.ROLE.id
}
"#,
    );
    let code = code.replacen("ROUTES", one, 1).replacen("ROUTES", other, 1);
    subnets(&[("app_a", "10.1.0.0/20")], &[("app_a", "10.2.0.0/20")]) + &code
}

#[test]
fn routes_are_compared_by_destination_and_kind() {
    let route = |to: &str, through: &str| {
        format!("  route {{\n    cidr_block = \"{to}\"\n    {through}\n  }}\n")
    };
    let nat = |role: &str| format!("nat_gateway_id = aws_nat_gateway.{role}.id");
    let rules = ["missing-route", "route-target-differs"];
    let one = route("0.0.0.0/0", &nat("primary"));
    let halves = route("0.0.0.0/1", &nat("secondary")) + &route("128.0.0.0/1", &nat("secondary"));
    assert_eq!(said(&rules, &tables(&one, &halves)), [""; 0]);
    assert_eq!(
        said(&rules, &tables(&one, "")),
        [
            "broken missing-route: aws_route_table.secondary has no route to 0.0.0.0/0 (a NAT gateway in production)"
        ]
    );
    let open = route(
        "0.0.0.0/0",
        "gateway_id = aws_internet_gateway.secondary.id",
    );
    assert_eq!(
        said(&rules, &tables(&one, &open)),
        [
            "broken route-target-differs: aws_route_table.secondary leads 0.0.0.0/0 to an internet gateway, in production it goes to a NAT gateway"
        ]
    );
}

#[test]
fn ranges_that_overlap_cannot_be_peered() {
    let code = |range: &str| {
        format!(
            r#"
resource "aws_vpc" "primary" {{
  cidr_block = "10.1.0.0/16"
}}
resource "aws_vpc" "secondary" {{
  provider   = aws.west
  cidr_block = "{range}"
}}
resource "aws_vpc_peering_connection" "regions" {{
  vpc_id      = aws_vpc.primary.id
  peer_vpc_id = aws_vpc.secondary.id
  peer_region = "us-west-2"
}}
"#
        )
    };
    let accepter = r#"
resource "aws_vpc_peering_connection_accepter" "regions" {
  provider                  = aws.west
  vpc_peering_connection_id = aws_vpc_peering_connection.regions.id
  auto_accept               = true
}
"#;
    let rules = ["cidr-overlap-with-peering", "peering-one-sided"];
    assert_eq!(said(&rules, &(code("10.2.0.0/16") + accepter)), [""; 0]);
    assert_eq!(
        said(&rules, &code("10.2.0.0/16")),
        ["broken peering-one-sided: aws_vpc_peering_connection.regions is accepted by nobody"]
    );
    let lines = said(&rules, &(code("10.1.0.0/16") + accepter));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("broken cidr-overlap-with-peering"));
}

#[test]
fn private_zones_are_associated_with_both_networks() {
    let zone = r#"
resource "aws_route53_zone" "internal" {
  name = "internal.example"
  vpc {
    vpc_id = aws_vpc.primary.id
  }
}
"#;
    let association = r#"
resource "aws_route53_zone_association" "secondary" {
  zone_id    = aws_route53_zone.internal.id
  vpc_id     = aws_vpc.secondary.id
  vpc_region = "us-west-2"
}
"#;
    let rules = ["private-zone-not-associated"];
    assert_eq!(said(&rules, &(network() + zone + association)), [""; 0]);
    assert_eq!(
        said(&rules, &(network() + zone)),
        [
            "broken private-zone-not-associated: aws_route53_zone.internal is not associated with a VPC of us-west-2"
        ]
    );
}

#[test]
fn a_subnet_in_another_acl_counts_by_its_effect() {
    let code = |rule: &str, groups: &str| {
        subnets(&[("app_a", "10.1.0.0/20")], &[("app_a", "10.2.0.0/20")])
            + &twins(
                r#"
resource "aws_network_acl" "app_ROLE" {
  PROVIDER
  vpc_id     = aws_vpc.ROLE.id
  subnet_ids = [aws_subnet.ROLE_app_a.id]
  ingress {
    rule_no    = 1
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
"#,
            )
            .replacen("[aws_subnet.secondary_app_a.id]", groups, 1)
            + &format!(
                "resource \"aws_network_acl\" \"other\" {{\n  provider = aws.west\n  vpc_id = aws_vpc.secondary.id\n  subnet_ids = [aws_subnet.secondary_app_a.id]\n  ingress {{\n    rule_no = 5\n    action = \"allow\"\n    protocol = \"{rule}\"\n    from_port = 0\n    to_port = 0\n    cidr_block = \"0.0.0.0/0\"\n  }}\n}}\n"
            )
    };
    assert_eq!(said(&["acl-differs"], &code("-1", "[]")), [""; 0]);
    let lines = said(&["acl-differs"], &code("udp", "[]"));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].contains("aws_subnet.secondary_app_a is in aws_network_acl.other"),
        "{lines:?}"
    );
}

#[test]
fn tasks_reach_their_registry_and_logs() {
    let service = twins(
        r#"
resource "aws_ecs_task_definition" "api_ROLE" {
  PROVIDER
  family                = "api"
  container_definitions = jsonencode([{ name = "api", image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1" }])
}
resource "aws_ecs_service" "api_ROLE" {
  PROVIDER
  name            = "api"
  task_definition = aws_ecs_task_definition.api_ROLE.arn
  network_configuration {
    subnets = [aws_subnet.ROLE_app_a.id]
  }
}
"#,
    );
    let route = |role: &str| {
        format!(
            "  route {{\n    cidr_block = \"0.0.0.0/0\"\n    nat_gateway_id = aws_nat_gateway.{role}.id\n  }}\n"
        )
    };
    let rules = ["endpoint-missing-without-nat"];
    let both = tables(&route("primary"), &route("secondary")) + &service;
    assert_eq!(said(&rules, &both), [""; 0]);
    let one = tables(&route("primary"), "") + &service;
    assert_eq!(
        said(&rules, &one),
        [
            "broken endpoint-missing-without-nat: aws_ecs_service.api_secondary stands in subnets without a default route, and no endpoint leads to ecr.api, ecr.dkr, s3"
        ]
    );
}
