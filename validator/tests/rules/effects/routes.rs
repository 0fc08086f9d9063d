//! Routes of the tables that subnets use, and NAT gateways.

use super::super::estate::{apart, both, said};
use super::vpcs;

/// Two subnets, a table of each, both gateways.
fn base() -> String {
    let text = r#"
resource "aws_subnet" "NAME" {
  PROVIDER
  count             = 2
  vpc_id            = aws_vpc.NAME.id
  cidr_block        = "NET.${count.index}.0/24"
  availability_zone = ["REGIONa", "REGIONb"][count.index]
}

resource "aws_internet_gateway" "NAME" {
  PROVIDER
  vpc_id = aws_vpc.NAME.id
}

resource "aws_eip" "NAME" {
  PROVIDER
  domain = "vpc"
}

resource "aws_nat_gateway" "NAME" {
  PROVIDER
  allocation_id = aws_eip.NAME.id
  subnet_id     = aws_subnet.NAME[0].id
}
"#;
    format!("{}{}", vpcs(), both(text))
}

/// A table for both subnets.
fn table(routes: &str) -> String {
    format!(
        r#"
resource "aws_route_table" "NAME" {{
  PROVIDER
  vpc_id = aws_vpc.NAME.id
  {routes}
}}

resource "aws_route_table_association" "NAME" {{
  PROVIDER
  count          = 2
  subnet_id      = aws_subnet.NAME[count.index].id
  route_table_id = aws_route_table.NAME.id
}}
"#
    )
}

fn inline(destination: &str, target: &str) -> String {
    format!("route {{\n cidr_block = \"{destination}\"\n {target}\n }}\n")
}

fn separate(name: &str, destination: &str, target: &str) -> String {
    format!(
        r#"
resource "aws_route" "{name}_NAME" {{
  PROVIDER
  route_table_id         = aws_route_table.NAME.id
  destination_cidr_block = "{destination}"
  {target}
}}
"#
    )
}

const NAT: &str = "nat_gateway_id = aws_nat_gateway.NAME.id";
const INTERNET: &str = "gateway_id = aws_internet_gateway.NAME.id";

#[test]
fn inline_and_separate_routes_are_the_same() {
    let text = apart(
        &table(&inline("0.0.0.0/0", NAT)),
        &format!("{}{}", table(""), separate("out", "0.0.0.0/0", NAT)),
    );
    let said = said(&format!("{}{text}", base()));
    assert!(said.lines().is_empty(), "{:?}", said.lines());
}

#[test]
fn halves_are_the_whole() {
    let halves = format!("{}{}", inline("0.0.0.0/1", NAT), inline("128.0.0.0/1", NAT));
    let text = apart(&table(&inline("0.0.0.0/0", NAT)), &table(&halves));
    let there = said(&format!("{}{text}", base()));
    assert!(there.lines().is_empty(), "{:?}", there.lines());
    let text = apart(
        &table(&inline("0.0.0.0/0", NAT)),
        &table(&inline("0.0.0.0/1", NAT)),
    );
    assert_eq!(
        said(&format!("{}{text}", base())).of("missing-route").len(),
        1
    );
}

#[test]
fn a_route_that_is_not_there_is_missing() {
    let text = apart(&table(&inline("0.0.0.0/0", NAT)), &table(""));
    said(&format!("{}{text}", base())).only(&["missing-route"]);
}

#[test]
fn a_route_to_another_kind_of_gateway_differs() {
    let text = apart(
        &table(&inline("0.0.0.0/0", NAT)),
        &table(&inline("0.0.0.0/0", INTERNET)),
    );
    said(&format!("{}{text}", base())).only(&["route-target-differs"]);
}

#[test]
fn destinations_of_the_own_network_are_translated() {
    let text = |prefix: &str| {
        format!(
            "{}\nresource \"aws_ec2_transit_gateway\" \"NAME\" {{\n PROVIDER\n}}\n",
            table(&inline(
                prefix,
                "transit_gateway_id = aws_ec2_transit_gateway.NAME.id"
            ))
        )
    };
    let same = said(&format!("{}{}", base(), both(&text("PEER.0.0/16"))));
    assert!(same.lines().is_empty(), "{:?}", same.lines());
    let other = said(&format!(
        "{}{}",
        base(),
        apart(&text("PEER.0.0/16"), &text("NET.0.0/16"))
    ));
    assert_eq!(other.of("missing-route").len(), 1, "{:?}", other.lines());
}

#[test]
fn prefix_lists_of_both_regions_are_one_destination() {
    let text = r#"
resource "aws_ec2_managed_prefix_list" "NAME" {
  PROVIDER
  name           = "partners"
  address_family = "IPv4"
  max_entries    = 2

  entry {
    cidr = "192.0.2.0/24"
  }
}

resource "aws_route" "partners_NAME" {
  PROVIDER
  route_table_id             = aws_route_table.NAME.id
  destination_prefix_list_id = aws_ec2_managed_prefix_list.NAME.id
  nat_gateway_id             = aws_nat_gateway.NAME.id
}
"#;
    let all = format!("{}{}{}", base(), both(&table("")), both(text));
    let there = said(&all);
    assert!(there.lines().is_empty(), "{:?}", there.lines());
}

#[test]
fn a_subnet_without_a_table_uses_the_main_one() {
    let lone = table(&inline("0.0.0.0/0", NAT)).replace("count          = 2", "count = 1");
    let text = apart(&table(&inline("0.0.0.0/0", NAT)), &lone);
    let said = said(&format!("{}{text}", base()));
    assert_eq!(said.lines().len(), 1, "{:?}", said.lines());
    assert_eq!(said.of("missing-route").len(), 1, "{:?}", said.lines());
}

#[test]
fn the_main_table_counts_where_nothing_else_is_said() {
    let main = format!(
        r#"
resource "aws_route_table" "NAME" {{
  PROVIDER
  vpc_id = aws_vpc.NAME.id
  {}
}}

resource "aws_main_route_table_association" "NAME" {{
  PROVIDER
  vpc_id         = aws_vpc.NAME.id
  route_table_id = aws_route_table.NAME.id
}}
"#,
        inline("0.0.0.0/0", NAT)
    );
    let same = said(&format!("{}{}", base(), both(&main)));
    assert!(same.lines().is_empty(), "{:?}", same.lines());
}

#[test]
fn targets_that_are_not_known_are_no_verdict() {
    let text = apart(
        &table(&inline("0.0.0.0/0", NAT)),
        &table(
            "dynamic \"route\" {\n for_each = var.out\n content {\n cidr_block = route.value\n gateway_id = aws_internet_gateway.NAME.id\n }\n }",
        ),
    );
    said(&format!(
        "variable \"out\" {{ type = list(string) }}\n{}{text}",
        base()
    ))
    .undecided("missing-route");
}

#[test]
fn one_gateway_for_all_zones_is_less_than_one_for_each() {
    let gateways = |count: u8| {
        format!(
            r#"
resource "aws_eip" "zone_NAME" {{
  PROVIDER
  count  = {count}
  domain = "vpc"
}}

resource "aws_nat_gateway" "zone_NAME" {{
  PROVIDER
  count         = {count}
  allocation_id = aws_eip.zone_NAME[count.index].id
  subnet_id     = aws_subnet.NAME[count.index].id
}}
"#
        )
    };
    let said = said(&format!("{}{}", base(), apart(&gateways(2), &gateways(1))));
    said.only(&["missing-nat"]);
}
