//! `stalls-when-region-lost`: what Terraform needs of the lost region, on plans of real Terraform.

use super::plans::{ROLES, fingerprints, of_plan, recorded, report, said, scene};

const RULE: &str = "stalls-when-region-lost";

#[test]
fn an_applied_estate_of_one_root_shows_refreshes_and_data_sources() {
    let expected = [
        "degrades data.aws_caller_identity.current",
        "degrades data.aws_ssm_parameter.license",
        "drifts - -",
    ];
    assert_eq!(of_plan("quiet", RULE, ROLES), expected);
    let directory = scene(ROLES, Some(("", "")));
    let plan = recorded("quiet");
    let joined = report(directory.path(), &[".", "--plan", &plan.to_string_lossy()]);
    assert_eq!(said(&joined, RULE), expected);
    let alone = report(
        scene(ROLES, None).path(),
        &["--plan", &plan.to_string_lossy()],
    );
    assert_eq!(fingerprints(&joined, RULE), fingerprints(&alone, RULE));
    let text = joined.to_string();
    assert!(
        text.contains("-refresh=false -target="),
        "the way around is printed"
    );
}

#[test]
fn a_first_plan_is_not_asked() {
    assert_eq!(of_plan("first", RULE, ROLES), Vec::<String>::new());
}

#[test]
fn a_value_that_waits_for_the_lost_region_follows_from_what_needs_it_at_run_time() {
    let directory = scene(ROLES, None);
    let plan = recorded("pending");
    let plan = plan.to_string_lossy();
    let whole = report(directory.path(), &["--plan", &plan]);
    let findings = whole["findings"].as_array().expect("findings");
    let parent = findings
        .iter()
        .find(|finding| {
            finding["rule"] == "environment-points-at-primary"
                && finding["secondary"]["address"] == "aws_ssm_parameter.inbox[0]"
        })
        .expect("the value itself leads back");
    let follows = parent["consequences"].as_array().expect("consequences");
    assert!(follows.iter().any(|one| one["rule"] == RULE), "{follows:?}");
    assert!(!said(&whole, RULE).iter().any(|line| line.contains("inbox")));
    // Asked by itself it stands alone.
    let own = report(directory.path(), &["--plan", &plan, "--select", RULE]);
    assert!(said(&own, RULE).contains(&"degrades aws_ssm_parameter.inbox[0] value".to_owned()));
    // What it waits for exists in no other plan.
    let lines = of_plan("quiet", RULE, ROLES);
    assert!(
        !lines.iter().any(|line| line.contains("inbox")),
        "{lines:?}"
    );
}

#[test]
fn a_data_source_of_the_secondary_region_does_not_stall() {
    let lines = of_plan("quiet", RULE, ROLES);
    assert!(
        !lines.iter().any(|line| line.contains("aws_region")),
        "{lines:?}"
    );
    // With the roles the other way round the same two lie in the secondary, and what is left is the refresh.
    let reversed =
        "estate \"shop\" {\n  primary   = \"us-west-2\"\n  secondary = [\"us-east-1\"]\n}\n";
    assert_eq!(of_plan("quiet", RULE, reversed), ["drifts - -"]);
}

#[test]
fn a_plan_alone_leaves_open_what_local_values_may_hide() {
    // Nothing of a third region hangs on the data sources, as far as the plan shows; only the code proves it.
    let directory = tempfile::tempdir().expect("a directory");
    let code = "locals {\n  account = data.aws_caller_identity.current.account_id\n}\n";
    let text =
        std::fs::read_to_string(recorded("first").with_file_name("main.tf")).expect("the code");
    let hidden = text.replace(
        "${data.aws_caller_identity.current.account_id}",
        "${local.account}",
    );
    assert_ne!(text, hidden);
    std::fs::write(directory.path().join("main.tf"), format!("{hidden}{code}")).expect("main.tf");
    std::fs::write(directory.path().join("dr.hcl"), ROLES).expect("dr.hcl");
    let plan = recorded("quiet");
    let joined = report(directory.path(), &[".", "--plan", &plan.to_string_lossy()]);
    let lines = said(&joined, RULE);
    assert!(
        lines.contains(&"degrades data.aws_caller_identity.current".to_owned()),
        "{lines:?}"
    );
}
