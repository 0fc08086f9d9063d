//! Sizes and plans of addresses.

use drcheck::settings::CidrPolicy;

use super::super::estate::{apart, check, said, with_policy};
use super::vpcs;

fn subnet(range: &str) -> String {
    format!(
        r#"
resource "aws_subnet" "NAME" {{
  PROVIDER
  vpc_id            = aws_vpc.NAME.id
  cidr_block        = {range}
  availability_zone = "REGIONa"
}}
"#
    )
}

#[test]
fn a_smaller_subnet_is_too_small() {
    let text = apart(&subnet("\"NET.0.0/20\""), &subnet("\"NET.0.0/24\""));
    said(&format!("{}{text}", vpcs())).only(&["subnet-too-small"]);
}

#[test]
fn another_place_in_the_plan_differs() {
    let text = apart(&subnet("\"NET.0.0/20\""), &subnet("\"NET.16.0/20\""));
    said(&format!("{}{text}", vpcs())).only(&["cidr-differs"]);
    let any = check(&format!("{}{text}", vpcs()), &with_policy(CidrPolicy::Any));
    assert!(any.lines().is_empty(), "{:?}", any.lines());
}

#[test]
fn a_range_that_is_not_known_is_no_verdict() {
    let text = apart(&subnet("\"NET.0.0/20\""), &subnet("var.range"));
    said(&format!(
        "variable \"range\" {{ type = string }}\n{}{text}",
        vpcs()
    ))
    .undecided("subnet-too-small");
}

#[test]
fn identical_means_identical() {
    let text = vpcs();
    let said = check(&text, &with_policy(CidrPolicy::Identical));
    said.only(&["cidr-differs"]);
}
