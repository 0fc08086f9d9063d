//! Endpoints by service.

use super::super::estate::{apart, both, said};
use super::vpcs;

fn endpoint(name: &str, service: &str) -> String {
    format!(
        r#"
resource "aws_vpc_endpoint" "{name}" {{
  PROVIDER
  vpc_id       = aws_vpc.NAME.id
  service_name = "com.amazonaws.REGION.{service}"
}}
"#
    )
}

#[test]
fn endpoints_are_the_same_by_service_whatever_they_are_called() {
    let text = apart(&endpoint("s3", "s3"), &endpoint("gateway_west", "s3"));
    said(&format!("{}{text}", vpcs())).silent();
    let two = apart(
        &format!("{}{}", endpoint("s3", "s3"), endpoint("tables", "dynamodb")),
        &format!(
            "{}{}",
            endpoint("objects_west", "s3"),
            endpoint("x", "dynamodb")
        ),
    );
    let said = said(&format!("{}{two}", vpcs()));
    assert!(said.lines().is_empty(), "{:?}", said.lines());
}

#[test]
fn an_endpoint_that_is_not_there_is_missing() {
    let all = format!(
        "{}{}",
        endpoint("s3_NAME", "s3"),
        endpoint("tables_NAME", "dynamodb")
    );
    let text = apart(&all, &endpoint("s3_NAME", "s3"));
    said(&format!("{}{text}", vpcs())).only(&["missing-endpoint"]);
    said(&format!("{}{}", vpcs(), both(&all))).silent();
}

#[test]
fn another_service_under_the_same_name_is_none() {
    let text = apart(&endpoint("s3_NAME", "s3"), &endpoint("s3_NAME", "dynamodb"));
    let said = said(&format!("{}{text}", vpcs()));
    assert_eq!(said.lines().len(), 1, "{:?}", said.lines());
}
