//! What is wrong with `dr.hcl`, and with names of rules on the command line.

use crate::scene::{ESTATE, QUEUES, Scene};

#[test]
fn the_active_region_is_one_of_the_roles() {
    let scene = Scene::new(&[("main.tf", QUEUES)]);
    scene.write(
        "dr.hcl",
        ESTATE.replacen(
            "estate \"test\" {",
            "estate \"test\" {\n  active = \"us-west-3\"",
            1,
        ),
    );
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(2));
    let expected =
        "active is \"us-west-3\"; expected \"us-east-1\" or one of the secondary regions";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_its_place() {
    let scene = Scene::new(&[("main.tf", QUEUES)]);
    scene.write(
        "dr.hcl",
        r#"estate "test" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  strategy  = "warm-standbye"
  cidr      = "moved"
  primry    = "x"
}
tier "critical" {
  rto   = "1 hour"
  rpo   = "1h30m"
  match = ["aws_*"]
}
rule "dns-ttl-to-long" { max = "60s" }
rule "dns-ttl-too-long" { severity = "awful" }
use "aws_kms_key.data" {}
single "aws_sqs_queue.jobs_primary" {}
relation "aws_sqs_queue" "name" { must = "same" }
accept "a" {
  rule    = "counterpart-missing"
  expires = "2027-02-30"
}
acept "b" {}
root "a" { pth = "." }
relation "aws_sqs_queu" "name" { must = "equal" }
relation "aws_sqs_queue" "nam" { must = "equal" }
"#,
    );
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(2));
    for expected in [
        "dr.hcl:4:15: strategy is \"warm-standbye\"",
        "dr.hcl:5:15: cidr is \"moved\"; expected identical, shifted or any",
        "dr.hcl:6:3: \"primry\" means nothing in estate; did you mean primary?",
        "dr.hcl:9:11: rto is \"1 hour\"; expected a time such as",
        "dr.hcl:13:1: there is no rule \"dns-ttl-to-long\"; did you mean dns-ttl-too-long?",
        "dr.hcl:14:38: severity is \"awful\"",
        "dr.hcl:15:1: use needs client_side",
        "dr.hcl:16:1: single needs reason",
        "dr.hcl:17:42: must is \"same\"",
        "dr.hcl:18:1: accept needs owner",
        "dr.hcl:20:13: expires is \"2027-02-30\"; expected a day",
        "dr.hcl:22:1: \"acept\" means nothing here; did you mean accept?",
        "dr.hcl:23:12: \"pth\" means nothing in root; did you mean path?",
        "there is no resource type \"aws_sqs_queu\"; did you mean aws_sqs_queue?",
        "aws_sqs_queue has no attribute \"nam\"; did you mean name?",
    ] {
        assert!(
            run.stderr.contains(expected),
            "{expected} in\n{}",
            run.stderr
        );
    }
    assert!(!run.stderr.contains("rpo is"), "{}", run.stderr);
    let lines = run.stderr.lines();
    assert_eq!(lines.filter(|line| line.starts_with("error: ")).count(), 17);
}

#[test]
fn rules_that_do_not_exist_are_refused_with_the_nearest() {
    let scene = Scene::queues("");
    for argument in ["--select", "--ignore"] {
        let run = scene.check(&[argument, "dns-ttl-too-longg"]);
        assert_eq!(run.code, Some(2));
        assert!(
            run.stderr.contains("did you mean dns-ttl-too-long?"),
            "{}",
            run.stderr
        );
    }
    let run = scene.check(&["--select", "netwrk"]);
    assert!(
        run.stderr.contains("did you mean network?"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_file_that_cannot_be_used_is_a_message_and_not_a_crash() {
    let scene = Scene::new(&[("main.tf", QUEUES)]);
    let huge = "#".repeat(5 * 1024 * 1024);
    let deep = format!("zones = {}{}", "[".repeat(5_000), "]".repeat(5_000));
    let cases: [(&[u8], &str); 5] = [
        (b"estate \"\xff\xfe\" {}", "UTF-8"),
        (huge.as_bytes(), "bytes"),
        (b"estate \"a\" {\n  primary = \n}", "dr.hcl:2"),
        (b"estate \"a\" {} estate", "dr.hcl"),
        (deep.as_bytes(), "dr.hcl"),
    ];
    for (text, expected) in cases {
        scene.write("dr.hcl", text);
        let run = scene.check(&[]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(
            run.stderr.contains(expected),
            "{expected} in {}",
            run.stderr
        );
        let accept = [
            "accept",
            "--all",
            "--from",
            "report.json",
            "--owner",
            "o",
            "--reason",
            "r",
            "--expires",
            "2099-01-01",
        ];
        scene.write("report.json", "{\"format_version\":\"1.0\",\"findings\":[{\"rule\":\"attribute-differs\",\"fingerprint\":\"a\",\"primary\":{\"address\":\"a.b\"}}]}");
        assert_eq!(scene.run(&accept).code, Some(2));
        assert_eq!(std::fs::read(scene.path("dr.hcl")).expect("kept"), text);
    }
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = Scene::queues("");
    let path = scene.path("dr.hcl");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("permissions");
    if std::fs::read(&path).is_ok() {
        // Whoever may read everything cannot be refused.
        return;
    }
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("cannot"), "{}", run.stderr);
}

#[test]
fn severities_of_dr_hcl_hold_for_exceptions_too() {
    let scene = Scene::new(&[("main.tf", QUEUES)]);
    scene.write(
        "dr.hcl",
        format!("{ESTATE}\nsingle \"aws_sqs_queue.x\" {{ reason = \"r\" }}\nrule \"single-unused\" {{ severity = \"breaks\" }}\n"),
    );
    let report = scene.check(&["--select", "exceptions"]).report();
    assert_eq!(report["findings"][0]["severity"], "breaks");
}

#[test]
fn arguments_that_a_rule_does_not_take_or_cannot_read_are_told() {
    let scene = Scene::new(&[("main.tf", QUEUES)]);
    for (rule, expected) in [
        (
            "rule \"dns-ttl-too-long\" {\n  maxx = \"10m\"\n}",
            "dr.hcl:8:3: dns-ttl-too-long takes no argument \"maxx\"; did you mean max?",
        ),
        (
            "rule \"dns-ttl-too-long\" {\n  max = \"60 seconds\"\n}",
            "dr.hcl:8:9: max is \"60 seconds\"; expected a time such as 60s",
        ),
        (
            "rule \"dns-ttl-too-long\" {\n  max = \"abc\"\n}",
            "dr.hcl:8:9: max is \"abc\"",
        ),
        (
            "rule \"dns-ttl-too-long\" {\n  max = \"-5\"\n}",
            "dr.hcl:8:9: max is \"-5\"",
        ),
        (
            "rule \"dns-ttl-too-long\" {\n  max = [60]\n}",
            "dr.hcl:8:9: max must be text",
        ),
        (
            "rule \"fewer-zones\" {\n  max = 2\n}",
            "dr.hcl:8:3: fewer-zones takes no argument \"max\" (it takes severity)",
        ),
        (
            "rule \"fewer-zones\" {}\nrule \"fewer-zones\" {}",
            "dr.hcl:8:1: rule \"fewer-zones\" is declared twice",
        ),
        (
            "relation \"aws_ecs_service\" \"network_configuration.subnetz\" { must = \"equal\" }",
            "aws_ecs_service.network_configuration has no attribute \"subnetz\"; did you mean subnets?",
        ),
        (
            "\nrelation \"aws_nope\" \"x\" { must = \"equal\" }",
            "dr.hcl:8:1: relation \"aws_nope\" \"x\" means nothing",
        ),
    ] {
        scene.write("dr.hcl", format!("{ESTATE}\n{rule}\n"));
        let run = scene.check(&[]);
        assert_eq!(run.code, Some(2), "{rule}: {}", run.stderr);
        assert!(
            run.stderr.contains(expected),
            "{expected} in {}",
            run.stderr
        );
        assert!(run.stdout.is_empty(), "{}", run.stdout);
    }
    for max in ["60", "\"60\"", "\"60s\"", "\"1h30m\""] {
        scene.write(
            "dr.hcl",
            format!("{ESTATE}\nrule \"dns-ttl-too-long\" {{ max = {max} }}\n"),
        );
        assert_eq!(scene.check(&[]).code, Some(1), "{max}");
    }
}

#[test]
fn what_meets_nothing_is_warned_about() {
    let scene = Scene::new(&[("main.tf", QUEUES)]);
    scene.write(
        "dr.hcl",
        format!(
            "{ESTATE}\ntier \"critical\" {{\n  rpo   = \"5m\"\n  match = [\"aws_sqs_queue\", \"aws_sqs_queues.*\"]\n}}\nzones = {{ \"us-west-9\" = [\"us-west-9a\"], \"us-west-2\" = [\"us-west-1a\"] }}\n"
        ),
    );
    let run = scene.check(&[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let report = run.report();
    let told = report["diagnostics"].to_string();
    for expected in [
        "match \"aws_sqs_queues.*\" of tier \"critical\" meets nothing",
        "us-west-9 is no region that drcheck knows; did you mean us-west-1?",
        "\"us-west-1a\" is no zone of us-west-2",
    ] {
        assert!(
            run.stderr.contains(expected),
            "{expected} in {}",
            run.stderr
        );
        let escaped = expected.replace('"', "\\\"");
        assert!(told.contains(&escaped), "{escaped} in {told}");
    }
    assert!(
        !run.stderr.contains("\"aws_sqs_queue\" of tier"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_secondary_region_that_nothing_is_in_is_told() {
    let scene = Scene::new(&[("main.tf", QUEUES)]);
    for region in ["us-west-3", "us-west-1"] {
        scene.write("dr.hcl", ESTATE.replace("us-west-2", region));
        let run = scene.check(&[]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        for expected in [
            &format!("nothing was found in the secondary region {region}"),
            "Regions that were seen: us-east-1, us-west-2",
            "secondary = [\"us-west-2\"]",
        ] {
            assert!(
                run.stderr.contains(expected),
                "{expected} in {}",
                run.stderr
            );
        }
    }
    // Where there is no second region yet, that is what the rules say.
    let first = QUEUES
        .split("resource \"aws_sqs_queue\" \"jobs_secondary\"")
        .next();
    scene.write("main.tf", first.expect("the first part"));
    scene.write("dr.hcl", ESTATE);
    assert_eq!(scene.check(&[]).code, Some(1));
}
