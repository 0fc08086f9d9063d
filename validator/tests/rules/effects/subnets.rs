//! Whole tiers, zones, and what stands in them.

use super::super::estate::{apart, both, said, said_of};
use super::vpcs;

/// Subnets by key and zone letter.
fn subnets(keys: &[(&str, &str)]) -> String {
    let entries: Vec<String> = keys
        .iter()
        .enumerate()
        .map(|(at, (key, zone))| format!("\"{key}\" = {{ zone = \"REGION{zone}\", net = {at} }}"))
        .collect();
    format!(
        r#"
resource "aws_subnet" "NAME" {{
  PROVIDER
  for_each          = {{ {} }}
  vpc_id            = aws_vpc.NAME.id
  cidr_block        = "NET.${{each.value.net}}.0/24"
  availability_zone = each.value.zone
}}
"#,
        entries.join(", ")
    )
}

const ALL: [(&str, &str); 4] = [
    ("app-a", "a"),
    ("app-b", "b"),
    ("data-a", "a"),
    ("data-b", "b"),
];

#[test]
fn equal_tiers_are_silent() {
    said(&format!("{}{}", vpcs(), both(&subnets(&ALL)))).silent();
}

#[test]
fn a_tier_that_is_not_there_is_one_finding() {
    let text = apart(&subnets(&ALL), &subnets(&ALL[..2]));
    said(&format!("{}{text}", vpcs())).only(&["missing-subnet-tier"]);
}

#[test]
fn a_tier_of_subnets_by_name_is_one_finding_too() {
    let named = |tier: &str, zone: &str, at: u8| {
        format!(
            r#"
resource "aws_subnet" "{tier}_{zone}_NAME" {{
  PROVIDER
  vpc_id            = aws_vpc.NAME.id
  cidr_block        = "NET.{at}.0/24"
  availability_zone = "REGION{zone}"
}}
"#
        )
    };
    let app = format!("{}{}", named("app", "a", 0), named("app", "b", 1));
    let all = format!("{app}{}{}", named("data", "a", 2), named("data", "b", 3));
    said(&format!("{}{}", vpcs(), apart(&all, &app))).only(&["missing-subnet-tier"]);
    said(&format!("{}{}", vpcs(), both(&all))).silent();
}

#[test]
fn a_subnet_that_is_not_there_is_a_zone_less() {
    let text = apart(&subnets(&ALL), &subnets(&ALL[..3]));
    let said = said(&format!("{}{text}", vpcs()));
    said.only(&["fewer-zones"]);
    assert!(said.of("fewer-zones")[0].contains("data-b"));
}

#[test]
fn two_subnets_of_one_zone_are_a_zone_less() {
    let twice = [ALL[0], ("app-b", "a"), ALL[2], ALL[3]];
    let text = apart(&subnets(&ALL), &subnets(&twice));
    said(&format!("{}{text}", vpcs())).only(&["fewer-zones"]);
}

#[test]
fn zones_that_are_not_known_are_no_verdict() {
    let open = subnets(&ALL).replace("each.value.zone", "var.zone");
    let text = apart(&subnets(&ALL), &open);
    let said = said(&format!(
        "variable \"zone\" {{ type = string }}\n{}{text}",
        vpcs()
    ));
    said.undecided("fewer-zones");
}

#[test]
fn a_subnet_of_an_unknown_number_is_no_verdict() {
    let open = subnets(&ALL).replace("for_each          = {", "for_each = var.wide ? {} : {");
    let text = apart(&subnets(&ALL), &open);
    let said = said(&format!(
        "variable \"wide\" {{ type = bool }}\n{}{text}",
        vpcs()
    ));
    assert!(said.findings.is_empty(), "{:?}", said.lines());
    assert!(!said.gaps.is_empty());
}

/// A load balancer in some of the subnets.
fn balancer(subnets: &str) -> String {
    format!(
        r#"
resource "aws_lb" "NAME" {{
  PROVIDER
  name               = "app"
  load_balancer_type = "network"
  {subnets}
}}
"#
    )
}

#[test]
fn balancers_stand_in_as_many_zones() {
    let all = "subnets = [aws_subnet.NAME[\"app-a\"].id, aws_subnet.NAME[\"app-b\"].id]";
    let one = "subnets = [aws_subnet.NAME[\"app-a\"].id]";
    let base = format!("{}{}", vpcs(), both(&subnets(&ALL)));
    said(&format!("{base}{}", both(&balancer(all)))).silent();
    said(&format!("{base}{}", apart(&balancer(all), &balancer(one)))).only(&["fewer-zones"]);
}

#[test]
fn mappings_of_subnets_are_subnets_too() {
    let listed = "subnets = [aws_subnet.NAME[\"app-a\"].id, aws_subnet.NAME[\"app-b\"].id]";
    let mapped = "subnet_mapping { subnet_id = aws_subnet.NAME[\"app-a\"].id }\n  subnet_mapping { subnet_id = aws_subnet.NAME[\"app-b\"].id }";
    let base = format!("{}{}", vpcs(), both(&subnets(&ALL)));
    let said = said(&format!(
        "{base}{}",
        apart(&balancer(listed), &balancer(mapped))
    ));
    assert!(said.of("fewer-zones").is_empty(), "{:?}", said.lines());
}

#[test]
fn what_stands_in_a_subnet_that_is_missing_follows_from_it() {
    let group = |keys: &str| {
        format!(
            r#"
resource "aws_db_subnet_group" "NAME" {{
  PROVIDER
  name       = "data"
  subnet_ids = [for key in {keys} : aws_subnet.NAME[key].id]
}}
"#
        )
    };
    let text = format!(
        "{}{}{}",
        vpcs(),
        apart(&subnets(&ALL), &subnets(&ALL[..3])),
        apart(&group("[\"data-a\", \"data-b\"]"), &group("[\"data-a\"]")),
    );
    let said = said(&text);
    said.only(&["fewer-zones"]);
    assert!(!said.findings[0].consequences.is_empty());
}

#[test]
fn what_stands_in_crowded_subnets_follows_from_them() {
    let twice = [ALL[0], ("app-b", "a"), ALL[2], ALL[3]];
    let all = "subnets = [aws_subnet.NAME[\"app-a\"].id, aws_subnet.NAME[\"app-b\"].id]";
    let text = apart(
        &format!("{}{}", subnets(&ALL), balancer(all)),
        &format!("{}{}", subnets(&twice), balancer(all)),
    );
    let said = said(&format!("{}{text}", vpcs()));
    said.only(&["fewer-zones"]);
    assert!(!said.findings[0].consequences.is_empty());
}

/// A network of its own for each region: subnets, tables, addresses and gateways, one for each zone of a list.
fn networks(gateways: &str, secondary: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let module = r#"
variable "zones" { type = list(string) }
variable "cidr" { type = string }
variable "nat" {
  type    = bool
  default = true
}
resource "aws_vpc" "this" { cidr_block = var.cidr }
resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this.id }
resource "aws_subnet" "public" {
  count             = length(var.zones)
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(var.cidr, 8, count.index)
  availability_zone = var.zones[count.index]
}
resource "aws_route_table" "public" {
  count  = length(var.zones)
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}
resource "aws_route_table_association" "public" {
  count          = length(var.zones)
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public[count.index].id
}
resource "aws_eip" "nat" { count = GATEWAYS }
resource "aws_nat_gateway" "this" {
  count         = GATEWAYS
  subnet_id     = aws_subnet.public[count.index].id
  allocation_id = aws_eip.nat[count.index].id
}
"#;
    let module = module.replace("GATEWAYS", gateways);
    let root = format!(
        r#"
provider "aws" {{ region = "us-east-1" }}
provider "aws" {{
  alias  = "west"
  region = "us-west-2"
}}
module "east" {{
  source = "./network"
  cidr   = "10.50.0.0/16"
  zones  = ["us-east-1a", "us-east-1b", "us-east-1c"]
}}
module "west" {{
  source    = "./network"
  providers = {{ aws = aws.west }}
  cidr      = "10.60.0.0/16"
  {secondary}
}}
"#
    );
    std::fs::create_dir(directory.path().join("network")).expect("a directory");
    std::fs::write(directory.path().join("network/main.tf"), module).expect("a file");
    std::fs::write(directory.path().join("main.tf"), root).expect("a file");
    directory
}

#[test]
fn a_zone_that_one_list_lacks_is_one_finding() {
    let zones = r#"zones = ["us-west-2a", "us-west-2b"]"#;
    let directory = networks("length(var.zones)", zones);
    said_of(directory.path()).only(&["fewer-zones"]);
}

#[test]
fn gateways_that_another_argument_takes_away_are_findings_beside_the_zone() {
    let zones = r#"zones = ["us-west-2a", "us-west-2b"]"#;
    let directory = networks(
        "var.nat ? length(var.zones) : 1",
        &format!("{zones}\n  nat = false"),
    );
    said_of(directory.path()).only(&["fewer-zones", "missing-nat"]);
}
