//! Networks by what they do: what differs only in form is silent, what differs in effect is one finding.

mod acls;
mod certificates;
mod endpoints;
mod peering;
mod ranges;
mod routes;
mod subnets;

use super::estate::both;

/// A VPC of each region.
fn vpcs() -> String {
    both(
        r#"
resource "aws_vpc" "NAME" {
  PROVIDER
  cidr_block           = "NET.0.0/16"
  enable_dns_hostnames = true
}
"#,
    )
}
