//! Connections between the regions.

use super::super::estate::{both, said, side};
use super::vpcs;

const PEERING: &str = r#"
resource "aws_vpc_peering_connection" "regions" {
  vpc_id      = aws_vpc.primary.id
  peer_vpc_id = aws_vpc.secondary.id
  peer_region = "us-west-2"
}
"#;

const ACCEPTER: &str = r#"
resource "aws_vpc_peering_connection_accepter" "regions" {
  provider                  = aws.west
  vpc_peering_connection_id = aws_vpc_peering_connection.regions.id
  auto_accept               = true
}
"#;

const TABLE: &str = r#"
resource "aws_route_table" "NAME" {
  PROVIDER
  vpc_id = aws_vpc.NAME.id
}
"#;

const ROUTE: &str = r#"
resource "aws_route" "NAME" {
  PROVIDER
  route_table_id            = aws_route_table.NAME.id
  destination_cidr_block    = "PEER.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.regions.id
}
"#;

#[test]
fn both_halves_and_both_routes_are_silent() {
    said(&format!(
        "{}{PEERING}{ACCEPTER}{}{}",
        vpcs(),
        both(TABLE),
        both(ROUTE)
    ))
    .silent();
}

#[test]
fn nobody_accepts() {
    said(&format!("{}{PEERING}", vpcs())).only(&["peering-one-sided"]);
}

#[test]
fn no_route_leads_back() {
    let said = said(&format!(
        "{}{PEERING}{ACCEPTER}{}{}",
        vpcs(),
        both(TABLE),
        side(ROUTE, true)
    ));
    assert_eq!(said.lines().len(), 1, "{:?}", said.lines());
}

#[test]
fn a_partner_accepts_in_an_account_of_their_own() {
    let partner = r#"
resource "aws_vpc_peering_connection" "partner" {
  vpc_id        = aws_vpc.primary.id
  peer_vpc_id   = "vpc-0123456789abcdef0"
  peer_owner_id = "210987654321"
  peer_region   = "eu-west-1"
}
"#;
    let said = said(&format!("{}{partner}", vpcs()));
    assert!(
        said.of("peering-one-sided").is_empty(),
        "{:?}",
        said.lines()
    );
}

#[test]
fn ranges_that_overlap_cannot_be_peered() {
    let text = format!("{}{PEERING}{ACCEPTER}", vpcs()).replace("10.60.", "10.50.");
    let said = said(&text);
    assert_eq!(
        said.of("cidr-overlap-with-peering").len(),
        1,
        "{:?}",
        said.lines()
    );
}

#[test]
fn further_ranges_of_a_vpc_overlap_too() {
    let more = r#"
resource "aws_vpc_ipv4_cidr_block_association" "NAME" {
  PROVIDER
  vpc_id     = aws_vpc.NAME.id
  cidr_block = "100.64.0.0/16"
}
"#;
    let said = said(&format!("{}{PEERING}{ACCEPTER}{}", vpcs(), both(more)));
    assert_eq!(
        said.of("cidr-overlap-with-peering").len(),
        1,
        "{:?}",
        said.lines()
    );
}
