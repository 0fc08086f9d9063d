//! `JUnit`: what the schema of Jenkins allows, one case for each finding, and nothing passes that was not asked.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value as Json;

use super::program::{
    ALL, ROLES, SEEDED, harmful, json, list, regions, report, run, run_with, scene, write,
};

/// An element: its name, the elements it may stand in, the attributes it must have, and those it may have.
type Element = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

/// What `junit-10.xsd` of Jenkins' xUnit plugin allows, as far as it is used.
const SCHEMA: [Element; 6] = [
    (
        "testsuites",
        &[""],
        &[],
        &["name", "time", "tests", "failures", "errors"],
    ),
    (
        "testsuite",
        &["testsuites"],
        &["name", "tests", "failures", "errors"],
        &["skipped", "time", "timestamp", "id", "package", "file"],
    ),
    (
        "testcase",
        &["testsuite"],
        &["name"],
        &["classname", "time", "group"],
    ),
    ("failure", &["testcase"], &[], &["type", "message"]),
    ("error", &["testcase"], &[], &["type", "message"]),
    ("skipped", &["testcase"], &[], &["type", "message"]),
];

/// Fails where the text is not well-formed or the schema does not allow it.
fn conforms(xml: &str) {
    let body = xml
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .expect("a declaration");
    let tag = Regex::new(r#"<(/?)([a-z]+)((?: [a-z]+="[^"<]*")*) ?(/?)>"#).expect("a pattern");
    let attribute = Regex::new(r#" ([a-z]+)="([^"]*)""#).expect("a pattern");
    let reference =
        Regex::new("&(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);").expect("a pattern");
    let text = |text: &str| {
        let rest = reference.replace_all(text, "");
        assert!(!rest.contains(['<', '&']), "markup in text: {rest}");
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
        assert!(!rest.contains(control), "control characters: {rest:?}");
    };
    let mut open: Vec<&str> = Vec::new();
    let mut end = 0;
    for found in tag.captures_iter(body) {
        let whole = found.get(0).expect("the tag");
        text(&body[end..whole.start()]);
        end = whole.end();
        let name = found.get(2).expect("a name").as_str();
        if &found[1] == "/" {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (_, parents, required, allowed) = SCHEMA
            .iter()
            .find(|(known, ..)| *known == name)
            .unwrap_or_else(|| panic!("<{name}> is not known"));
        let parent = open.last().copied().unwrap_or_default();
        assert!(parents.contains(&parent), "<{name}> in <{parent}>");
        let mut has = BTreeSet::new();
        for pair in attribute.captures_iter(&found[3]) {
            text(&pair[2]);
            assert!(has.insert(pair[1].to_owned()), "{} twice", &pair[1]);
        }
        for name in *required {
            assert!(has.remove(*name), "no {name} in {}", whole.as_str());
        }
        for name in &has {
            let known = allowed.contains(&name.as_str());
            assert!(known, "{name} in {}", whole.as_str());
        }
        if found[4].is_empty() {
            open.push(name);
        }
    }
    text(&body[end..]);
    assert!(open.is_empty(), "{open:?} never end");
}

#[test]
fn the_schema_of_jenkins_holds() {
    for estate in ALL {
        conforms(&report(estate, "junit"));
    }
    let directory = harmful();
    let xml = run_with(&["check", "-q", "--format", "junit"], directory.path(), &[]).stdout;
    assert!(xml.contains("onerror"), "the value is in it");
    conforms(&xml);
}

#[test]
fn it_counts_what_it_holds() {
    for estate in ALL {
        let (xml, report) = (report(estate, "junit"), json(estate));
        let tags = |name: &str| xml.matches(&format!("<{name} ")).count();
        let counting = list(&report, "/findings")
            .iter()
            .filter(|finding| finding["accepted"].is_null() && finding["in_baseline"] == false)
            .count();
        assert_eq!(tags("failure"), counting, "{estate}");
        assert!(xml.contains(&format!(
            "<testsuites name=\"drcheck\" tests=\"{}\" failures=\"{}\"",
            tags("testcase"),
            tags("failure")
        )));
        assert!(tags("skipped") >= list(&report, "/gaps").len());
    }
}

#[test]
fn cases_have_names_of_their_own() {
    let case = Regex::new(r#"<testcase name="([^"]*)" classname="([^"]*)""#).expect("a pattern");
    for estate in ALL {
        let xml = report(estate, "junit");
        let mut names = BTreeSet::new();
        for found in case.captures_iter(&xml) {
            let name = (found[2].to_owned(), found[1].to_owned());
            assert!(names.insert(name.clone()), "{estate}: {name:?} twice");
        }
        assert!(names.len() > 20, "{estate}: {}", names.len());
    }
}

#[test]
fn a_rule_that_was_not_asked_does_not_pass() {
    let arguments = ["check", "-q", SEEDED, "--format", "junit"];
    let all = run(&arguments).stdout;
    assert!(all.contains("classname=\"network."));
    let objects = run(&[&arguments[..], &["--select", "objects"]].concat()).stdout;
    assert!(objects.contains("classname=\"objects."));
    assert_eq!(objects.matches("<testsuite ").count(), 1, "{objects}");
    let without = run(&[&arguments[..], &["--ignore", "objects"]].concat()).stdout;
    assert!(!without.contains("classname=\"objects."));
}

#[test]
fn a_file_that_cannot_be_parsed_is_an_error() {
    let directory = scene(&regions("resource \"aws_sns_topic\" \"a\" {}", ""));
    write(directory.path(), "dr.hcl", ROLES);
    write(
        directory.path(),
        "wrong.tf",
        "resource \"aws_sns_topic\" {{{\n",
    );
    let printed = |form: &str| run_with(&["check", "-q", "--format", form], directory.path(), &[]);
    let run = printed("junit");
    assert_eq!(run.code, Some(3));
    conforms(&run.stdout);
    assert!(run.stdout.contains("<error "), "{}", run.stdout);
    let log: Json = serde_json::from_str(&printed("sarif").stdout).expect("JSON");
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let errors = list(invocation, "/toolExecutionNotifications")
        .iter()
        .filter(|told| told["level"] == "error");
    assert!(errors.count() > 0, "{invocation}");
}
