//! The functions with real Terraform: values, null, unknown, and the argument that is at fault.

use crate::harness::Root;

const NO_CHANGES: &str = "No changes. Your infrastructure matches the configuration";

#[test]
fn c43_functions_take_null_name_the_argument_and_answer_alike_each_time() {
    let content = r#"
output "cidr" { value = provider::dr::mirror_cidr("10.0.3.0/24", "10.0.0.0/16", "10.1.0.0/16") }
output "zone" { value = provider::dr::mirror_availability_zone("b", ["a", "b"], ["x", "y"]) }
output "none" { value = provider::dr::arn_region(null) == null }
output "role" { value = provider::dr::arn_region("arn:aws:iam::123456789012:role/x") == null }
output "moved" { value = provider::dr::arn_in_region("arn:aws:sns:us-east-1:123456789012:a", "us-west-2") }
output "seconds" { value = provider::dr::duration_seconds("1h30m") }
output "short" { value = provider::dr::region_short_name("ap-southeast-2") }
resource "terraform_data" "later" { input = "us-east-1" }
output "later" { value = provider::dr::region_short_name(terraform_data.later.output) }
"#;
    let root = Root::new(content);
    root.plan(&[]).ok(&["later = (known after apply)"]);
    root.apply(&[]).ok(&[
        "10.1.3.0/24",
        "\"y\"",
        "none = true",
        "role = true",
        "arn:aws:sns:us-west-2:123456789012:a",
        "5400",
        "apse2",
        "later = \"use1\"",
    ]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    for (call, argument, words) in [
        (
            "mirror_cidr(\"10.0.3.0/24\", \"ten\", \"10.1.0.0/16\")",
            "from",
            "\"ten\" is not a network",
        ),
        (
            "mirror_availability_zone(\"c\", [\"a\"], [\"x\"])",
            "zone",
            "\"c\" is not one of",
        ),
        (
            "arn_in_region(\"arn:aws:sns:us-east-1:1:a\", \"mars\")",
            "region",
            "\"mars\" is not a region",
        ),
        ("arn_region(\"orders\")", "arn", "\"orders\" is not an ARN"),
        (
            "duration_seconds(\"soon\")",
            "text",
            "\"soon\" is not a duration",
        ),
        (
            "region_short_name(\"moon\")",
            "region",
            "\"moon\" is not a region",
        ),
    ] {
        root.write(&format!(
            "output \"x\" {{\n  value = provider::dr::{call}\n}}\n"
        ));
        let named = format!("Invalid value for \"{argument}\" parameter");
        root.plan(&[]).fails(&[&named, words]).once();
    }
}
