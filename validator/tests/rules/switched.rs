//! `unsafe-after-failover`: what a plan after a switch would undo, on plans of real Terraform.

use super::plans::{ROLES, fingerprints, of_plan, recorded, report, run, said, scene};

const RULE: &str = "unsafe-after-failover";

/// Roles, and that the other region serves.
fn active(region: &str) -> String {
    ROLES.replace("\n}\n", &format!("\n  active = {region:?}\n}}\n"))
}

#[test]
fn a_plan_of_the_old_code_turns_the_switch_back() {
    assert_eq!(
        of_plan("switched", RULE, ROLES),
        [
            "breaks aws_cloudwatch_event_rule.nightly state",
            "breaks aws_db_instance.replica replicate_source_db",
            "breaks aws_ecs_service.batch desired_count",
            "breaks aws_route53_health_check.east invert_healthcheck",
            "breaks aws_route53_record.database records",
            "breaks aws_route53_record.east weighted_routing_policy",
            "breaks aws_route53_record.west weighted_routing_policy",
            "degrades aws_autoscaling_group.west[0] max_size",
            "degrades aws_autoscaling_group.west[0] min_size",
            "degrades aws_ecs_service.api desired_count",
        ]
    );
}

#[test]
fn each_class_is_named_with_what_is_lost_and_what_to_write() {
    let directory = scene(ROLES, None);
    let plan = recorded("switched");
    let report = report(directory.path(), &["--plan", &plan.to_string_lossy()]);
    let of = |address: &str| {
        let findings = report["findings"].as_array().expect("findings");
        let found = findings
            .iter()
            .find(|finding| finding["rule"] == RULE && finding["secondary"]["address"] == address);
        let found = found.unwrap_or_else(|| panic!("{address}"));
        let text = |name: &str| found[name].as_str().expect("text").to_owned();
        (text("message"), text("fix"), text("impact"))
    };
    let (message, fix, impact) = of("aws_ecs_service.api");
    assert!(
        message.starts_with("drift by failover tooling: "),
        "{message}"
    );
    assert!(message.ends_with("desired_count of 8 to 1"), "{message}");
    assert!(
        fix.contains("desired_count = 8") && fix.contains("ignore_changes = [desired_count]"),
        "{fix}"
    );
    assert!(
        impact.contains("aws_db_instance.replica"),
        "how the switch is known: {impact}"
    );
    let (message, fix, _) = of("aws_db_instance.replica");
    assert!(
        message.starts_with("destructive: ") && message.contains("us-east-1"),
        "{message}"
    );
    assert!(fix.starts_with("Do not apply"), "{fix}");
}

#[test]
fn code_that_was_brought_to_the_new_roles_leaves_what_it_forgot() {
    assert_eq!(
        of_plan("adopted", RULE, ROLES),
        [
            "breaks aws_rds_cluster.west global_cluster_identifier",
            "degrades aws_autoscaling_group.west[0] max_size",
            "degrades aws_autoscaling_group.west[0] min_size",
        ]
    );
}

#[test]
fn what_is_destroyed_is_told_by_where_it_lies_and_what_it_holds() {
    assert_eq!(
        of_plan("destructive", RULE, ROLES),
        [
            // The plan alone does not show which branch of the code counts.
            "? aws_route53_record.database records",
            "breaks aws_autoscaling_group.west[0]",
            "breaks aws_db_instance.main",
            "breaks aws_db_instance.replica",
            "breaks aws_ecs_service.api",
            "breaks aws_rds_cluster.west global_cluster_identifier",
            "breaks aws_secretsmanager_secret.app replica",
        ]
    );
    let directory = scene(ROLES, None);
    let plan = recorded("destructive");
    let report = report(directory.path(), &["--plan", &plan.to_string_lossy()]);
    let text = report.to_string();
    assert!(
        text.contains("forced by db_name"),
        "what forces the replacement"
    );
    assert!(text.contains("delete because count index"), "why it goes");
}

#[test]
fn the_code_beside_the_plan_settles_where_a_record_will_lead() {
    let directory = scene(ROLES, Some(("default     = false", "default     = true")));
    let plan = recorded("destructive");
    let report = report(directory.path(), &[".", "--plan", &plan.to_string_lossy()]);
    let lines = said(&report, RULE);
    assert!(
        !lines.iter().any(|line| line.contains("aws_route53_record")),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"breaks aws_db_instance.main".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn the_swap_itself_is_expected() {
    // A check that is turned by the plan for the first time may turn either way.
    assert_eq!(
        of_plan("swap", RULE, &active("us-west-2")),
        [
            "? aws_route53_health_check.east invert_healthcheck",
            "breaks aws_rds_cluster.west global_cluster_identifier",
        ]
    );
}

#[test]
fn without_a_switch_it_is_silent() {
    for name in ["first", "quiet", "pending", "swap"] {
        assert_eq!(of_plan(name, RULE, ROLES), Vec::<String>::new(), "{name}");
    }
    // Whoever says that nothing was switched is believed.
    assert_eq!(
        of_plan("switched", RULE, &active("us-east-1")),
        Vec::<String>::new()
    );
    // A state shows no actions.
    let directory = scene(&active("us-west-2"), Some(("", "")));
    assert_eq!(
        said(&report(directory.path(), &["."]), RULE),
        Vec::<String>::new()
    );
}

#[test]
fn a_writer_in_the_secondary_region_is_a_switch() {
    // The same plan, with the roles the other way round: the writer of the global cluster lies in the secondary region then,
    // and the plan takes capacity from nothing, but the old writer's cluster is the one that serves.
    let reversed =
        "estate \"shop\" {\n  primary   = \"us-west-2\"\n  secondary = [\"us-east-1\"]\n}\n";
    let directory = scene(reversed, None);
    let plan = recorded("swap");
    let report = report(directory.path(), &["--plan", &plan.to_string_lossy()]);
    let text = report.to_string();
    assert!(
        text.contains("the writer of aws_rds_global_cluster.orders lies in us-east-1"),
        "{text}"
    );
    let lines = said(&report, RULE);
    assert!(
        lines.contains(&"breaks aws_route53_record.database records".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn every_source_says_the_same_under_the_same_fingerprints() {
    let plan = recorded("switched");
    let plan = plan.to_string_lossy();
    let alone = scene(ROLES, None);
    let of_plan = report(alone.path(), &["--plan", &plan]);
    let joined = scene(ROLES, Some(("", "")));
    let of_both = report(joined.path(), &[".", "--plan", &plan]);
    let printed = run(
        alone.path(),
        &["inventory", "--plan", &plan, "--format", "json"],
    );
    std::fs::write(alone.path().join("saved.json"), printed).expect("a file");
    let of_saved = report(alone.path(), &["--inventory", "saved.json"]);
    let expected = fingerprints(&of_plan, RULE);
    assert_eq!(expected.len(), 10);
    assert_eq!(fingerprints(&of_both, RULE), expected);
    assert_eq!(fingerprints(&of_saved, RULE), expected);
    assert_eq!(said(&of_saved, RULE), said(&of_plan, RULE));
}

#[test]
fn no_secret_of_the_state_before_is_kept() {
    let directory = scene(ROLES, None);
    for name in ["switched", "destructive"] {
        let plan = recorded(name);
        let text = std::fs::read_to_string(&plan).expect("the plan");
        assert!(
            text.contains("not-a-real-password"),
            "the plan holds it in clear"
        );
        let plan = plan.to_string_lossy();
        let printed = run(
            directory.path(),
            &["inventory", "--plan", &plan, "--format", "json"],
        );
        assert!(!String::from_utf8_lossy(&printed).contains("not-a-real-password"));
    }
}
