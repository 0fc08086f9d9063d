//! What is not known before an apply stays unknown: hand-written answers, and each attribute that a recorded plan leaves open.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use super::program::estate;

/// Answers to expressions in the root of an estate, in their order.
fn answers(name: &str, arguments: &[&str], expressions: &[String]) -> Vec<Json> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_drcheck"))
        .args(["eval", "--format", "json", "--reveal"])
        .args(arguments)
        .current_dir(estate(name))
        .env_remove("AWS_REGION")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("drcheck starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    let text = expressions.join("\n") + "\n";
    // Both pipes have an end: who writes everything before reading anything waits for ever.
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("drcheck ends");
    writer.join().expect("no panic").expect("it reads all");
    let answers: Vec<Json> = String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(answers.len(), expressions.len());
    answers
}

#[test]
fn what_a_first_plan_cannot_know_is_unknown_and_the_rest_is_not() {
    let text = std::fs::read_to_string(estate("unknowns").join("answers.jsonl")).expect("answers");
    let expected: Vec<Json> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(expected.len() >= 60);
    let expressions: Vec<String> = expected
        .iter()
        .map(|record| record["expr"].as_str().expect("an expression").to_owned())
        .collect();
    let mut wrong = Vec::new();
    for (expected, answer) in expected.iter().zip(answers("unknowns", &[], &expressions)) {
        let right = answer["ok"] == true
            && answer["unknown"] == expected["unknown"]
            && answer["value"] == expected["value"];
        if !right {
            wrong.push(format!("{expected}\n  but {answer}"));
        }
        // Nobody can settle what is unknown for no reason.
        if answer["unknown"] == true {
            let because = answer["because"].as_array().expect("reasons");
            assert!(!because.is_empty(), "{answer}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Resources at the root of a recorded plan, with what is planned and what is not known yet.
fn at_the_root() -> Vec<(String, Json, Json)> {
    let text = std::fs::read(estate("two-region").join("plan.json")).expect("a plan");
    let plan: Json = serde_json::from_slice(&text).expect("JSON");
    let changes = plan["resource_changes"].as_array().expect("changes");
    changes
        .iter()
        .filter(|change| change.get("module_address").is_none() && change["mode"] == "managed")
        .map(|change| {
            let address = change["address"].as_str().expect("an address").to_owned();
            let change = &change["change"];
            (
                address,
                change["after"].clone(),
                change["after_unknown"].clone(),
            )
        })
        .collect()
}

const GIVEN: [&str; 4] = [
    "--var",
    "db_password=not-a-real-password",
    "--account",
    "123456789012",
];

#[test]
fn what_a_recorded_plan_leaves_open_may_be_null() {
    let mut expressions = Vec::new();
    for (address, _, unknown) in at_the_root() {
        for (name, unknown) in unknown.as_object().expect("an object") {
            if *unknown == true {
                expressions.push(format!("{address}.{name} == null"));
            }
        }
    }
    assert!(expressions.len() >= 60, "{}", expressions.len());
    let answers = answers("two-region", &GIVEN, &expressions);
    let never_null = |answer: &Json| answer["value"] == false;
    let mut promised = Vec::new();
    for answer in &answers {
        assert_eq!(answer["ok"], true, "{answer}");
        if never_null(answer) {
            promised.push(answer["expr"].as_str().expect("an expression"));
        } else {
            assert_eq!(answer["unknown"], true, "{answer}");
        }
    }
    // A set with an unknown element is given up as a whole by the provider, but the configuration sets it.
    assert_eq!(promised, ["aws_route53_record.database.records == null"]);
}

/// The provider writes policies anew: texts that are JSON mean the same when their content is the same.
fn means_same(one: &Json, other: &Json) -> bool {
    let content = |value: &Json| serde_json::from_str::<Json>(value.as_str()?).ok();
    one == other
        || (content(one).is_some_and(|json| json.is_object()) && content(one) == content(other))
}

#[test]
fn what_a_recorded_plan_knows_is_known_as_the_same_or_not_at_all() {
    let mut expressions = Vec::new();
    let mut planned = Vec::new();
    for (address, after, _) in at_the_root() {
        for (name, value) in after.as_object().expect("an object") {
            if value.is_string() || value.is_number() || value.is_boolean() {
                expressions.push(format!("{address}.{name}"));
                planned.push(value.clone());
            }
        }
    }
    let mut known = 0;
    for (answer, planned) in answers("two-region", &GIVEN, &expressions)
        .iter()
        .zip(planned)
    {
        assert_eq!(answer["ok"], true, "{answer}");
        if answer["unknown"] != true {
            assert!(
                means_same(&answer["value"], &planned),
                "{answer}, planned {planned}"
            );
            known += 1;
        }
    }
    assert!(known >= 40, "{known} of {} are known", expressions.len());
}
