//! What Terraform knows when it plans although no configuration says it: names that the provider works out, and that a data
//! source gives what it gives.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tempfile::TempDir;

use super::program::drcheck;

const PROVIDER: &str = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";

/// The instances of a configuration by address.
fn inventory(configuration: &str) -> BTreeMap<String, Json> {
    let directory = TempDir::new().expect("a temporary directory");
    std::fs::write(
        directory.path().join("main.tf"),
        format!("{PROVIDER}{configuration}"),
    )
    .expect("a new file");
    let run = drcheck(&["inventory", "--format", "json"], directory.path());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let printed: Json = serde_json::from_slice(&run.stdout).expect("JSON");
    let instances = printed["instances"].as_array().expect("a list");
    instances
        .iter()
        .map(|instance| {
            let address = instance["address"].as_str().expect("text");
            (address.to_owned(), instance.clone())
        })
        .collect()
}

/// The addresses of the instances of `terraform_data.it`.
fn expanded(configuration: &str, expression: &str) -> Vec<String> {
    let all = inventory(&format!(
        "{configuration}\nresource \"terraform_data\" \"it\" {{\n  for_each = {expression}\n}}\n"
    ));
    let its = all.keys().filter_map(|address| {
        let index = address.strip_prefix("terraform_data.it[")?;
        Some(index.trim_end_matches(']').trim_matches('"').to_owned())
    });
    its.collect()
}

#[test]
fn names_of_a_certificate_are_those_that_are_validated() {
    let certificate = |rest: &str| {
        format!(
            "resource \"aws_acm_certificate\" \"c\" {{\n  domain_name = \"a.example\"\n{rest}\n}}\n"
        )
    };
    let options = "{ for o in aws_acm_certificate.c.domain_validation_options : o.domain_name => o.resource_record_name }";
    let open = "terraform_data.x.id";
    for (rest, expected) in [
        ("validation_method = \"DNS\"".to_owned(), vec!["a.example"]),
        (
            "validation_method = \"DNS\"\nsubject_alternative_names = [\"*.b.example\", \"a.example\"]".to_owned(),
            vec!["*.b.example", "a.example"],
        ),
        ("validation_method = \"EMAIL\"".to_owned(), vec!["*"]),
        (
            format!("validation_method = \"DNS\"\nsubject_alternative_names = [{open}]\n}}\nresource \"terraform_data\" \"x\" {{"),
            vec!["*"],
        ),
    ] {
        assert_eq!(expanded(&certificate(&rest), options), expected, "{rest}");
    }
    let all = inventory(&certificate(
        "validation_method = \"EMAIL\"\nsubject_alternative_names = [\"*.b.example\"]",
    ));
    assert_eq!(
        all["aws_acm_certificate.c"]["values"]["subject_alternative_names"],
        serde_json::json!(["*.b.example", "a.example"])
    );
}

#[test]
fn services_of_endpoints_have_the_names_of_their_region() {
    let endpoint = |arguments: &str| {
        let all = inventory(&format!(
            "data \"aws_vpc_endpoint_service\" \"s\" {{\n{arguments}\n}}\nresource \"aws_vpc_endpoint\" \"e\" {{\n  vpc_id = \"vpc-1\"\n  service_name = data.aws_vpc_endpoint_service.s.service_name\n}}\n"
        ));
        all["aws_vpc_endpoint.e"]["values"]["service_name"].clone()
    };
    let filter =
        "service = \"ecr.api\"\nfilter {\n  name = \"service-type\"\n  values = [\"Interface\"]\n}";
    assert_eq!(endpoint(filter), "com.amazonaws.eu-west-1.ecr.api");
    assert_eq!(
        endpoint("service = null\nservice_name = \"vpce.example\""),
        "vpce.example"
    );
    assert_eq!(endpoint("service_name = null"), Json::Null);
}

#[test]
fn what_a_data_source_will_give_does_not_open_what_merely_holds_it() {
    let held = "
        data \"aws_ssm_parameter\" \"p\" { name = \"p\" }
        data \"aws_canonical_user_id\" \"not_listed\" {}
        data \"aws_subnets\" \"s\" {}
        resource \"aws_vpc\" \"v\" {}
        variable \"given\" { type = string }
        variable \"anything\" {}
        locals {
          data  = { a = data.aws_ssm_parameter.p.value, b = 1 }
          id    = { a = data.aws_canonical_user_id.not_listed.id }
          text  = { a = \"${data.aws_ssm_parameter.p.value}-${var.given}\" }
          list  = { a = data.aws_subnets.s.ids }
          input = { a = var.given }
          open  = { a = var.anything }
          made  = { a = aws_vpc.v.id }
        }
    ";
    for (expression, expected) in [
        ("try(local.data, {})", vec!["a", "b"]),
        ("try(local.id, {})", vec!["a"]),
        ("try(local.text, {})", vec!["a"]),
        ("try(local.list, {})", vec!["a"]),
        ("try(local.input, {})", vec!["a"]),
        ("can(local.data.a) ? { x = 1 } : {}", vec!["x"]),
        // What follows may fail, or Terraform does not know it either.
        ("try(local.open, {})", vec!["*"]),
        ("try(local.made, {})", vec!["*"]),
        ("try({ (local.data.a) = 1 }, {})", vec!["*"]),
        (
            "{ for k, v in { x = 1 } : k => v if can(local.list.a[0]) }",
            vec!["*"],
        ),
        (
            "{ for k, v in { x = 1 } : k => v if can(tonumber(local.data.a)) }",
            vec!["*"],
        ),
        (
            "{ for k, v in { x = 1 } : k => v if can(local.made.a) }",
            vec!["*"],
        ),
    ] {
        assert_eq!(expanded(held, expression), expected, "{expression}");
    }
}
