//! Where findings point to: the deepest place at which both sides differ, from one base in every form.

use std::fs;
use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

use super::program::{BROKEN, json, list, regions, report, run_with, scene, text, top, write};

/// `file:line` of a side, from the root.
fn at(finding: &Json, side: &str) -> String {
    let place = &finding[side]["place"];
    let file = place["file"].as_str().unwrap_or("nowhere");
    let file = file.strip_prefix("examples/mirror-check/broken/");
    format!("{}:{}", file.unwrap_or("elsewhere"), place["line"])
}

#[test]
fn each_defect_of_the_example_is_placed_where_it_is_written() {
    let report = json(BROKEN);
    let findings = list(&report, "/findings");
    let wanted = [
        (
            "fewer-zones",
            "aws_subnet.this",
            "locals.tf:7",
            "locals.tf:12",
        ),
        (
            "private-zone-not-associated",
            "internal",
            "dns.tf:49",
            "dns.tf:49",
        ),
        ("headless-secondary", "registry", "data.tf:46", "data.tf:29"),
        (
            "fewer-zones",
            "aws_subnet.this",
            "locals.tf:7",
            "locals.tf:12",
        ),
        (
            "missing-nat",
            "aws_eip.nat[2]",
            "locals.tf:7",
            "locals.tf:12",
        ),
        (
            "image-from-primary",
            "service[\"api\"]",
            "application.tf:7",
            "application.tf:36",
        ),
        (
            "image-not-replicated",
            "service[\"api\"]",
            "application.tf:10",
            "storage.tf:164",
        ),
        (
            "kms-objects-skipped",
            "this[\"audit\"]",
            "storage.tf:105",
            "storage.tf:105",
        ),
        (
            "replication-role-cannot",
            "this[\"audit\"]",
            "storage.tf:103",
            "storage.tf:40",
        ),
        (
            "wider-in-secondary",
            "balancer",
            "network.tf:12",
            "network.tf:15",
        ),
        (
            "retention-shorter",
            "aws_backup_plan.main",
            "locals.tf:25",
            "locals.tf:25",
        ),
        (
            "capacity-unreachable",
            "service[\"api\"]",
            "application.tf:10",
            "application.tf:39",
        ),
        (
            "parameter-missing",
            "cro/upload-limit-mib",
            "data.tf:11",
            "data.tf:30",
        ),
        (
            "backup-weaker-after-promotion",
            "aws_db_instance",
            "terraform.tfvars:5",
            "data.tf:27",
        ),
        (
            "multi-az-lost-after-promotion",
            "aws_db_instance",
            "data.tf:1",
            "data.tf:28",
        ),
    ];
    for (rule, address, primary, secondary) in wanted {
        let named: Vec<&Json> = findings
            .iter()
            .filter(|it| it["rule"] == rule && text(it, "/primary/address").contains(address))
            .collect();
        assert!(!named.is_empty(), "{rule} {address}");
        for finding in named {
            assert_eq!(at(finding, "primary"), primary, "{rule}");
            assert_eq!(at(finding, "secondary"), secondary, "{rule}");
        }
    }
    let image = findings
        .iter()
        .find(|it| it["rule"] == "image-from-primary");
    for side in ["primary", "secondary"] {
        let value = &image.expect("the image")[side]["value"];
        let host = "… \"image\" = \"123456789012.dkr.ecr.us-east-1.";
        assert!(
            value.as_str().is_some_and(|it| it.starts_with(host)),
            "{value}"
        );
    }
}

#[test]
fn the_two_ends_of_one_line_are_told_apart() {
    let report = json(BROKEN);
    let findings = list(&report, "/findings");
    let kept = findings.iter().find(|it| it["rule"] == "retention-shorter");
    let kept = kept.expect("the finding");
    assert_ne!(kept["primary"]["place"], kept["secondary"]["place"]);
}

#[test]
fn worst_is_what_a_failover_cannot_do_without() {
    let report = json(BROKEN);
    let order: Vec<&str> = list(&report, "/findings")
        .iter()
        .map(|it| text(it, "/rule"))
        .collect();
    let position = |rule: &str| {
        let found = order.iter().position(|it| *it == rule);
        found.unwrap_or_else(|| panic!("no {rule} in {order:?}"))
    };
    let wanted = [
        "headless-secondary",
        "private-zone-not-associated",
        "image-from-primary",
        "fewer-zones",
        "backup-weaker-after-promotion",
        // Less bad from here.
        "wider-in-secondary",
        "missing-nat",
    ];
    for pair in wanted.windows(2) {
        assert!(position(pair[0]) < position(pair[1]), "{pair:?}: {order:?}");
    }
}

#[test]
fn every_finding_says_how_to_mend_it() {
    let report = json(BROKEN);
    for finding in list(&report, "/findings") {
        let fix = finding["fix"].as_str().unwrap_or_default();
        assert!(fix.len() > 10, "{}: {fix:?}", finding["rule"]);
    }
    // One of a counted set is neither declared anew nor single.
    let nat = list(&report, "/findings")
        .iter()
        .find(|it| it["rule"] == "missing-nat");
    let fix = nat.expect("the finding")["fix"]
        .as_str()
        .unwrap_or_default();
    assert!(
        fix.starts_with("Let the secondary region make as many"),
        "{fix}"
    );
    let text = super::program::report(BROKEN, "text");
    let lines = text.lines().filter(|line| line.starts_with("  fix at "));
    assert_eq!(lines.count(), list(&report, "/findings").len());
}

/// A repository with an estate in a directory, of which one finding is expected, and a file that cannot be read.
fn repository() -> TempDir {
    let directory = scene("");
    fs::create_dir_all(directory.path().join("estates/live")).expect("a directory");
    let bucket = |name: &str, provider: &str, class: &str| {
        format!(
            "resource \"aws_db_instance\" \"{name}\" {{\n  {provider}\n  instance_class = \"{class}\"\n  multi_az = {}\n}}\n",
            name == "orders"
        )
    };
    let main = regions(
        &bucket("orders", "backup_retention_period = 7", "db.r6g.large"),
        &bucket(
            "orders_west",
            "provider = aws.west\n  replicate_source_db = aws_db_instance.orders.arn\n  backup_retention_period = var.days",
            "db.r6g.large",
        ),
    );
    let live = directory.path().join("estates/live");
    write(
        &live,
        "main.tf",
        &format!("{main}variable \"days\" {{\n  type = number\n}}\n"),
    );
    write(&live, "dr.hcl", super::program::ROLES);
    write(&live, "bad.tf", "resource \"aws_sqs_queue\" {{{\n");
    let made = Command::new("git")
        .args(["init", "-q"])
        .current_dir(directory.path())
        .status();
    assert!(made.is_ok_and(|status| status.success()));
    directory
}

#[test]
fn all_forms_name_files_from_the_top_of_the_repository() {
    let directory = repository();
    let live = directory.path().join("estates/live");
    for (here, root) in [(directory.path(), "estates/live"), (live.as_path(), ".")] {
        for form in [
            "text", "json", "sarif", "junit", "gitlab", "markdown", "github", "html",
        ] {
            let run = run_with(&["check", "-q", root, "--format", form], here, &[]);
            assert_eq!(run.code, Some(3), "{form}: {}", run.stderr);
            let files = run.stdout.matches("main.tf").count();
            let named = run.stdout.matches("estates/live/main.tf").count();
            assert!(
                named > 0 && named == files,
                "{form}: {named} of {files}\n{}",
                run.stdout
            );
        }
    }
}

#[test]
fn what_is_undecided_or_unread_is_named_where_ci_looks() {
    let directory = repository();
    for form in ["junit", "gitlab", "markdown", "github", "sarif"] {
        let run = run_with(
            &["check", "-q", "estates/live", "--format", form],
            directory.path(),
            &[],
        );
        let printed = run.stdout;
        assert!(printed.contains("estates/live/bad.tf"), "{form}: {printed}");
        assert!(printed.contains("--var days=VALUE"), "{form}: {printed}");
        assert!(
            printed.contains("Set multi") || printed.contains("multi\\_az = true"),
            "{form}: {printed}"
        );
    }
}

#[test]
fn a_saved_inventory_points_to_the_same_places() {
    let directory = TempDir::new().expect("a directory");
    let printed = run_with(
        &["inventory", "-q", BROKEN, "--format", "json"],
        &top(),
        &[],
    )
    .stdout;
    write(directory.path(), "saved.json", &printed);
    let settings = fs::read_to_string(top().join(BROKEN).join("dr.hcl")).expect("dr.hcl");
    write(directory.path(), "dr.hcl", &settings);
    let run = run_with(
        &[
            "check",
            "-q",
            "--inventory",
            "saved.json",
            "--format",
            "json",
        ],
        directory.path(),
        &[],
    );
    let saved: Json = serde_json::from_str(&run.stdout).expect("JSON");
    let direct: Json = serde_json::from_str(&report(BROKEN, "json")).expect("JSON");
    let lines = |report: &Json| -> Vec<(Json, Json, Json)> {
        list(report, "/findings")
            .iter()
            .map(|it| {
                let line = |side: &str| it[side]["place"]["line"].clone();
                (
                    it["fingerprint"].clone(),
                    line("primary"),
                    line("secondary"),
                )
            })
            .collect()
    };
    assert_eq!(lines(&saved), lines(&direct));
}

#[test]
fn the_sample_in_the_readme_is_what_is_printed() {
    let readme = fs::read_to_string(top().join("README.md")).expect("README.md");
    let head = "$ drcheck check examples/mirror-check/broken --output html=report.html\n";
    let (_, rest) = readme.split_once(head).expect("the sample");
    let (sample, _) = rest.split_once("```").expect("its end");
    let printed = report(BROKEN, "text");
    let (first, finding) = sample.split_once("\n\n").expect("a head and a finding");
    assert!(printed.starts_with(first), "{printed}");
    assert!(printed.contains(finding.trim_end()), "{printed}");
}
