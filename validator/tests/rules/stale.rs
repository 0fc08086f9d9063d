//! `plan-out-of-date`: a plan beside code that says something else, and beside code that only spells it otherwise.

use super::plans::{ROLES, recorded, report, said, scene};

const RULE: &str = "plan-out-of-date";

/// What is said of a plan beside the code in which one text became another.
fn beside(plan: &str, from: &str, to: &str) -> Vec<String> {
    let directory = scene(ROLES, Some((from, to)));
    let plan = recorded(plan);
    said(
        &report(directory.path(), &[".", "--plan", &plan.to_string_lossy()]),
        RULE,
    )
}

#[test]
fn plans_beside_the_code_that_they_were_made_from_are_not_out_of_date() {
    for plan in ["first", "quiet", "switched"] {
        assert_eq!(beside(plan, "", ""), Vec::<String>::new(), "{plan}");
    }
}

#[test]
fn a_literal_that_became_another_is_found_with_both_places() {
    let directory = scene(
        ROLES,
        Some((
            "backup_retention_period = 14",
            "backup_retention_period = 7",
        )),
    );
    let plan = recorded("quiet");
    let plan = plan.to_string_lossy();
    let report = report(directory.path(), &[".", "--plan", &plan]);
    assert_eq!(
        said(&report, RULE),
        ["degrades aws_db_instance.main backup_retention_period"]
    );
    let findings = report["findings"].as_array().expect("findings");
    let finding = findings
        .iter()
        .find(|finding| finding["rule"] == RULE)
        .expect("the finding");
    let side = &finding["primary"];
    assert_eq!(side["value"], "14");
    assert_eq!(side["place"]["file"], "main.tf");
    let code = std::fs::read_to_string(directory.path().join("main.tf")).expect("main.tf");
    let line = code
        .lines()
        .position(|line| line.contains("backup_retention_period = 7"));
    assert_eq!(side["place"]["line"], line.expect("the line") + 1);
    let last = side["chain"]
        .as_array()
        .and_then(|chain| chain.last())
        .expect("a chain");
    assert_eq!(last["file"], *plan, "the plan is the other place");
    let message = finding["message"].as_str().expect("a message");
    assert!(
        message.contains("is 7 in the configuration") && message.contains("14 in"),
        "{message}"
    );
    let fix = finding["fix"].as_str().expect("a fix");
    assert!(fix.contains("terraform plan -out=tfplan"), "{fix}");
}

#[test]
fn forges_find_the_plan_where_it_lies() {
    let directory = tempfile::tempdir().expect("a directory");
    let code = scene(
        ROLES,
        Some((
            "backup_retention_period = 14",
            "backup_retention_period = 7",
        )),
    );
    std::fs::create_dir(directory.path().join("live")).expect("a directory");
    for file in ["main.tf", "dr.hcl"] {
        std::fs::copy(
            code.path().join(file),
            directory.path().join("live").join(file),
        )
        .expect("a file");
    }
    std::fs::copy(recorded("quiet"), directory.path().join("plan.json")).expect("a file");
    let arguments = [
        "check",
        "live",
        "--plan",
        "plan.json",
        "--select",
        RULE,
        "--format",
        "sarif",
        "--quiet",
    ];
    let log: serde_json::Value =
        serde_json::from_slice(&super::plans::run(directory.path(), &arguments)).expect("a log");
    let result = &log["runs"][0]["results"][0];
    let uri = |place: &serde_json::Value| {
        place["physicalLocation"]["artifactLocation"]["uri"]
            .as_str()
            .expect("a file")
            .to_owned()
    };
    assert_eq!(uri(&result["locations"][0]), "live/main.tf");
    let related = result["relatedLocations"].as_array().expect("places");
    assert_eq!(uri(related.last().expect("one")), "plan.json");
}

#[test]
fn several_differences_of_one_instance_are_one_finding() {
    let lines = beside(
        "first",
        "allocated_storage       = 100\n  db_name                 = var.database",
        "allocated_storage       = 200\n  db_name                 = \"other\"",
    );
    assert_eq!(lines, ["degrades aws_db_instance.main allocated_storage"]);
}

#[test]
fn an_instance_that_only_one_of_the_two_knows_is_found() {
    let queue = "resource \"aws_sqs_queue\" \"west\" {";
    let added =
        format!("resource \"aws_sqs_queue\" \"new\" {{\n  provider = aws.west\n}}\n\n{queue}");
    assert_eq!(
        beside("quiet", queue, &added),
        ["degrades aws_sqs_queue.new"]
    );
    assert_eq!(
        beside(
            "quiet",
            "resource \"aws_ecs_cluster\" \"west\" {",
            "resource \"aws_ecs_cluster\" \"east\" {"
        ),
        [
            "degrades aws_ecs_cluster.east",
            "degrades aws_ecs_cluster.west"
        ]
    );
    // Other variables make other instances: the plan was made with `workers = false`.
    let lines = beside("destructive", "", "");
    assert!(
        lines.contains(&"degrades aws_autoscaling_group.west[0]".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn a_number_of_instances_that_is_not_known_proves_nothing() {
    let unknown = "variable \"workers\" {\n  type = bool\n}";
    let known = "variable \"workers\" {\n  type    = bool\n  default = true\n}";
    assert_eq!(beside("quiet", known, unknown), Vec::<String>::new());
    assert_eq!(
        beside("destructive", known, unknown)
            .iter()
            .filter(|line| line.contains("autoscaling"))
            .count(),
        0
    );
}

#[test]
fn what_only_looks_different_is_not_out_of_date() {
    for (from, to) in [
        // A policy by its meaning.
        (
            "Action    = [\"sqs:SendMessage\"]",
            "Action    = \"sqs:SendMessage\"",
        ),
        // Ignored by the code.
        (
            "ignore_changes = [desired_capacity]",
            "ignore_changes = [desired_capacity, max_size]\n  }\n\n  timeouts {",
        ),
        // What AWS completes, and names in another case.
        ("name = \"app.example\"", "name = \"App.example.\""),
        // What unset means too.
        ("deletion_protection     = false", ""),
        // Not known before the apply.
        (
            "records        = [aws_sqs_queue.west.url]",
            "records        = [upper(aws_sqs_queue.west.url)]",
        ),
    ] {
        assert_eq!(beside("quiet", from, to), Vec::<String>::new(), "{to}");
    }
    // A change under ignore_changes, and the same change without.
    let ignored = "max_size           = 60";
    let mut lines = beside("quiet", "max_size           = 6", ignored);
    assert_eq!(lines, ["degrades aws_autoscaling_group.west[0] max_size"]);
    let directory = scene(ROLES, Some(("max_size           = 6", ignored)));
    let file = directory.path().join("main.tf");
    let text = std::fs::read_to_string(&file).expect("main.tf");
    std::fs::write(
        &file,
        text.replace("[desired_capacity]", "[desired_capacity, max_size]"),
    )
    .expect("main.tf");
    let plan = recorded("quiet");
    lines = said(
        &report(directory.path(), &[".", "--plan", &plan.to_string_lossy()]),
        RULE,
    );
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn a_saved_inventory_tells_it_too() {
    let directory = scene(
        ROLES,
        Some((
            "backup_retention_period = 14",
            "backup_retention_period = 7",
        )),
    );
    let plan = recorded("quiet");
    let plan = plan.to_string_lossy();
    let printed = super::plans::run(
        directory.path(),
        &[
            "inventory",
            ".",
            "--plan",
            &plan,
            "--format",
            "json",
            "--quiet",
        ],
    );
    let elsewhere = scene(ROLES, None);
    std::fs::write(elsewhere.path().join("saved.json"), printed).expect("a file");
    let saved = report(elsewhere.path(), &["--inventory", "saved.json"]);
    let read = report(directory.path(), &[".", "--plan", &plan]);
    assert_eq!(
        said(&saved, RULE),
        ["degrades aws_db_instance.main backup_retention_period"]
    );
    assert_eq!(
        super::plans::fingerprints(&saved, RULE),
        super::plans::fingerprints(&read, RULE)
    );
}
