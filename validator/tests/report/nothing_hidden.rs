//! What must never end as a success, nor under something else: modules nobody read, inputs that do not count, defects of
//! their own, outputs when the reader leaves.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

use super::program::{
    LIVE, ROLES, SEEDED, TWO_REGION, list, regions, run, run_with, scene, top, write,
};

const TOPICS: [&str; 2] = [
    "resource \"aws_sns_topic\" \"a\" {}",
    "resource \"aws_sns_topic\" \"b\" { provider = aws.west }",
];

/// Two regions that mirror each other, and twin calls of a module that is nowhere.
fn unread() -> TempDir {
    let calls = "module \"vpc_primary\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\nmodule \"vpc_secondary\" {\n  source    = \"terraform-aws-modules/vpc/aws\"\n  providers = { aws = aws.west }\n}\n";
    let directory = scene(&regions(TOPICS[0], &format!("{}\n{calls}", TOPICS[1])));
    write(directory.path(), "dr.hcl", ROLES);
    directory
}

#[test]
fn modules_that_nobody_read_are_undecided_and_no_success() {
    let directory = unread();
    let plain = run_with(&["check", "-q"], directory.path(), &[]);
    assert_eq!(plain.code, Some(3), "{}", plain.stdout);
    let last = plain.stdout.trim_end().lines().last().expect("a line");
    assert!(last.ends_with("2 undecided; 2 modules not read"), "{last}");
    for expected in [
        "module.vpc_primary could not be read",
        "terraform init -backend=false",
        "--plan FILE",
    ] {
        assert!(
            plain.stdout.contains(expected),
            "{expected} in {}",
            plain.stdout
        );
    }
    // Whatever is selected, and with --strict too.
    for more in [
        ["--strict", "-q"],
        ["--select", "network"],
        ["--fail-on", "never"],
    ] {
        let run = run_with(
            &[&["check", "-q"][..1], &more[..]].concat(),
            directory.path(),
            &[],
        );
        assert_eq!(run.code, Some(3), "{more:?}: {}", run.stdout);
    }
    let ignored = ["check", "-q", "--ignore", "module-not-read"];
    assert_eq!(run_with(&ignored, directory.path(), &[]).code, Some(0));
}

#[test]
fn each_form_names_modules_that_nobody_read() {
    let directory = unread();
    for form in [
        "text", "json", "sarif", "junit", "markdown", "github", "html",
    ] {
        let run = run_with(&["check", "-q", "--format", form], directory.path(), &[]);
        assert_eq!(run.code, Some(3), "{form}");
        let expected = match form {
            "json" => "\"modules_not_read\": 2",
            "sarif" => "\"executionSuccessful\": false",
            "junit" => "errors=\"2\"",
            _ => "2 modules not read",
        };
        assert!(run.stdout.contains(expected), "{form}: {}", run.stdout);
    }
}

#[test]
fn a_module_that_makes_nothing_is_not_missed() {
    let calls = "module \"off\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n  count  = 0\n}\n";
    let directory = scene(&regions(TOPICS[0], &format!("{}\n{calls}", TOPICS[1])));
    write(directory.path(), "dr.hcl", ROLES);
    let run = run_with(&["check", "-q"], directory.path(), &[]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
}

#[test]
fn a_saved_inventory_leaves_the_same_modules_open() {
    let directory = unread();
    let saved = run_with(
        &["inventory", "-q", "--format", "json"],
        directory.path(),
        &[],
    );
    write(directory.path(), "saved.json", &saved.stdout);
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
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    let report: Json = serde_json::from_str(&run.stdout).expect("a report");
    assert_eq!(report["summary"]["modules_not_read"], 2);
}

#[test]
fn a_plan_tells_what_a_module_holds() {
    let directory = TempDir::new().expect("a directory");
    let root = directory.path().join("estate");
    copy(&top().join(TWO_REGION), &root);
    std::fs::remove_dir_all(root.join("modules/data")).expect("removed");
    let alone = run_with(
        &["check", "-q", "estate", "--format", "json"],
        directory.path(),
        &[],
    );
    assert_eq!(alone.code, Some(3));
    let plan = [
        "check",
        "-q",
        "estate",
        "--plan",
        "estate/plan.json",
        "--format",
        "json",
    ];
    let planned = run_with(&plan, directory.path(), &[]);
    assert_eq!(planned.code, Some(1), "{}", planned.stderr);
    let report: Json = serde_json::from_str(&planned.stdout).expect("a report");
    assert_eq!(report["summary"]["modules_not_read"], 0);
}

#[test]
fn inputs_that_do_not_count_end_with_2_and_without_a_report() {
    for wrong in [["--var-file", "nope.tfvars"], ["--var", "foo=1"]] {
        let run = run(&["check", "-q", LIVE, wrong[0], wrong[1]]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stdout.is_empty(), "{}", run.stdout);
        assert!(run.stderr.contains("nothing was checked"), "{}", run.stderr);
    }
}

#[test]
fn an_error_that_is_told_is_no_success() {
    let twice = format!("{}\n{}", TOPICS[0], TOPICS[0]);
    let directory = scene(&regions(&twice, TOPICS[1]));
    write(directory.path(), "dr.hcl", ROLES);
    let run = run_with(&["check", "-q"], directory.path(), &[]);
    assert!(run.stderr.contains("error"), "{}", run.stderr);
    assert_eq!(run.code, Some(3), "{}", run.stdout);
}

#[test]
fn what_has_a_reason_of_its_own_is_no_consequence() {
    let directory = TempDir::new().expect("a directory");
    copy(&top().join("examples/mirror-check"), directory.path());
    std::fs::create_dir(directory.path().join(".git")).expect("a directory");
    let about = |report: &Json| -> Vec<String> {
        let found = list(report, "/findings").iter();
        found
            .filter(|finding| finding["rule"] == "missing-endpoint")
            .map(|finding| {
                finding["primary"]["address"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    let check = |more: &[&str]| -> Json {
        let arguments = [&["check", "-q", "broken", "--format", "json"][..], more].concat();
        let run = run_with(&arguments, directory.path(), &[]);
        serde_json::from_str(&run.stdout).expect("a report")
    };
    let sqs = ["module.network_primary.aws_vpc_endpoint.interface[\"sqs\"]"];
    assert_eq!(about(&check(&[])), sqs);
    assert_eq!(about(&check(&["--select", "missing-endpoint"])), sqs);
    assert_eq!(
        about(&check(&[
            "--select",
            "missing-endpoint",
            "--select",
            "fewer-zones"
        ])),
        sqs
    );
    // The other way round: what follows from the zones is gone with them.
    let before = check(&[]);
    let zones = list(&before, "/findings")
        .iter()
        .find(|finding| finding["rule"] == "fewer-zones")
        .expect("two zones of three");
    let follow: Vec<&str> = list(zones, "/consequences")
        .iter()
        .filter_map(|it| it["fingerprint"].as_str())
        .collect();
    assert!(follow.len() > 10, "{follow:?}");
    let locals = directory.path().join("broken/locals.tf");
    let text = std::fs::read_to_string(&locals).expect("a text");
    let two = "zones  = [\"${var.secondary_region}a\", \"${var.secondary_region}b\"]";
    let three = two.replace(']', ", \"${var.secondary_region}c\"]");
    let mended = text.replacen(two, &three, 1);
    assert_ne!(text, mended, "{text}");
    std::fs::write(&locals, mended).expect("written");
    let after = check(&[]).to_string();
    for fingerprint in follow {
        assert!(!after.contains(fingerprint), "{fingerprint} is still there");
    }
}

#[test]
fn accepting_a_finding_hides_no_other_defect() {
    let directory = TempDir::new().expect("a directory");
    copy(&top().join("examples/mirror-check"), directory.path());
    std::fs::create_dir(directory.path().join(".git")).expect("a directory");
    let check = |more: &[&str]| {
        let arguments = [
            &["check", "-q", "broken", "--output", "json=r.json"][..],
            more,
        ]
        .concat();
        run_with(&arguments, directory.path(), &[])
    };
    let select = ["--select", "missing-endpoint", "--select", "fewer-zones"];
    check(&select);
    let text = std::fs::read_to_string(directory.path().join("r.json")).expect("a report");
    let report: Json = serde_json::from_str(&text).expect("JSON");
    let zones = list(&report, "/findings")
        .iter()
        .find(|it| it["rule"] == "fewer-zones");
    let zones = zones.expect("two zones of three");
    let accept = |fingerprint: &str| {
        run_with(
            &[
                "accept",
                "broken",
                "--from",
                "r.json",
                "--owner",
                "o",
                "--reason",
                "r",
                "--today",
                "2026-06-15",
                "--expires",
                "2026-12-31",
                "--fingerprint",
                fingerprint,
            ],
            directory.path(),
            &[],
        )
    };
    let consequence = zones["consequences"][0]["fingerprint"]
        .as_str()
        .expect("one");
    let refused = accept(consequence);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("follows from the finding"),
        "{}",
        refused.stderr
    );
    let accepted = accept(zones["fingerprint"].as_str().expect("one"));
    assert_eq!(accepted.code, Some(0), "{}", accepted.stderr);
    let run = check(&[&select[..], &["--today", "2026-06-15"]].concat());
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(
        run.stdout.contains("interface[\"sqs\"] has no counterpart"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_plan_and_a_state_of_one_root_are_one_estate() {
    let directory = TempDir::new().expect("a directory");
    write(directory.path(), "dr.hcl", ROLES);
    for estate in [SEEDED, TWO_REGION] {
        let path = |name: &str| top().join(estate).join(name).display().to_string();
        let (code, plan, state) = (path(""), path("plan.json"), path("terraform.tfstate"));
        let figures = |sources: &[&str]| {
            let arguments = [&["check", "-q", "--format", "json"][..], sources].concat();
            let run = run_with(&arguments, directory.path(), &[]);
            let report: Json = serde_json::from_str(&run.stdout)
                .unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
            let figure = |name: &str| report["summary"][name].as_u64().expect("a figure");
            (figure("pairs"), figure("broken"), figure("undecided"))
        };
        let alone = figures(&["--plan", &plan]);
        let stated = figures(&["--state", &state]);
        let both = figures(&["--plan", &plan, "--state", &state]);
        let all = figures(&[&code, "--plan", &plan, "--state", &state]);
        let most = alone.1.max(stated.1);
        for (what, seen) in [("plan and state", both), ("code, plan and state", all)] {
            assert_eq!(
                seen.0, alone.0,
                "{estate}, {what}: pairs {seen:?} {alone:?} {stated:?}"
            );
            assert!(
                seen.1 <= most + 1,
                "{estate}, {what}: {seen:?} {alone:?} {stated:?}"
            );
            assert!(seen.2 <= alone.2, "{estate}, {what}: {seen:?} {alone:?}");
        }
    }
}

#[test]
fn what_would_settle_a_question_is_a_source_that_was_not_given() {
    let directory = TempDir::new().expect("a directory");
    write(directory.path(), "dr.hcl", ROLES);
    let plan = top().join(SEEDED).join("plan.json").display().to_string();
    let arguments = ["check", "-q", "--format", "json", "--plan", &plan];
    let run = run_with(&arguments, directory.path(), &[]);
    let report: Json = serde_json::from_str(&run.stdout).expect("a report");
    let settle: Vec<&str> = list(&report, "/gaps")
        .iter()
        .filter_map(|gap| gap["settle"].as_str())
        .collect();
    assert!(settle.len() > 50, "{}", settle.len());
    for text in &settle {
        assert!(
            !text.contains("--var") && !text.contains("A plan (--plan"),
            "{text}"
        );
    }
    assert!(
        settle
            .iter()
            .any(|text| text.contains("directory of the configuration"))
    );
}

#[test]
fn a_reader_that_leaves_loses_no_output_and_no_exit_code() {
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("report.json");
    let mut child = Command::new(env!("CARGO_BIN_EXE_drcheck"))
        .args([
            "check",
            "-q",
            SEEDED,
            "--format",
            "json",
            "--output",
            &format!("json={}", file.display()),
        ])
        .current_dir(top())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("drcheck starts");
    let mut first = [0; 1];
    let mut out = child.stdout.take().expect("its output");
    out.read_exact(&mut first).expect("a byte");
    drop(out);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    let text = std::fs::read_to_string(&file).expect("it is written");
    serde_json::from_str::<Json>(&text).expect("and whole");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a file");
        }
    }
}
