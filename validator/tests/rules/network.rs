//! Rules of networks.

mod acls;
mod endpoints;
mod peering;
mod ranges;
mod routes;
mod subnets;

use super::scene::both;

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
