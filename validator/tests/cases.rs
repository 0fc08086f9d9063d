//! Every rule's own cases: what it finds, what it does not, and what it leaves undecided. One file for each rule under
//! `cases/`; `DRCHECK_CASES=a,b` runs those of some rules only.

mod cases_support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cases_support::elsewhere::ELSEWHERE;
use cases_support::read::{self, CaseFile, Kind};
use cases_support::{judge, run};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// All files under `cases/`, by the name of their rule.
fn files() -> BTreeMap<String, CaseFile> {
    let directory = tests().join("cases");
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(&directory).expect("the directory of cases") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let rule = name
            .strip_suffix(".tf")
            .unwrap_or_else(|| panic!("{name}: only RULE.tf belongs into {}", directory.display()));
        let text = std::fs::read_to_string(&path).expect("a text");
        let file = read::read(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        files.insert(rule.to_owned(), file);
    }
    files
}

/// Whether the cases of a rule are asked for.
fn is_wanted(rule: &str) -> bool {
    std::env::var("DRCHECK_CASES").map_or(true, |names| {
        names.split(',').any(|name| name.trim() == rule)
    })
}

#[test]
fn every_case_of_every_rule_says_what_its_title_says() {
    let files = files();
    let cases: Vec<_> = files
        .iter()
        .filter(|(rule, _)| is_wanted(rule))
        .flat_map(|(rule, file)| file.cases.iter().map(move |case| (rule.as_str(), case)))
        .collect();
    assert!(!cases.is_empty(), "DRCHECK_CASES names no rule with cases");
    let wrong = run::on_all(&cases, |(rule, case)| {
        let report = match run::check(case) {
            Ok(report) => report,
            Err(problem) => return Some(problem),
        };
        judge::judge(rule, case, &report)
    });
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n\n{}",
        wrong.len(),
        cases.len(),
        wrong
            .iter()
            .map(|((rule, case), problem)| format!(
                "{rule}.tf, line {}: {}: {}\n{problem}",
                case.line,
                case.kind.word(),
                case.title
            ))
            .collect::<Vec<_>>()
            .join("\n\n")
    );
}

#[test]
fn every_rule_has_cases_of_all_three_kinds() {
    let files = files();
    let rules = run::rules();
    let mut wrong = Vec::new();
    for rule in rules.iter().filter(|rule| is_wanted(rule)) {
        let elsewhere = ELSEWHERE.iter().find(|told| told.rule == *rule);
        match (files.get(rule), elsewhere) {
            (Some(_), Some(_)) => {
                wrong.push(format!("{rule} has a file, and is told to lie elsewhere"));
            }
            (None, Some(told)) => wrong.extend(told.problems(&tests())),
            (None, None) => wrong.push(format!("{rule} has no file tests/cases/{rule}.tf")),
            (Some(file), None) => {
                for kind in Kind::ALL {
                    let is_there = file.cases.iter().any(|case| case.kind == kind);
                    let word = kind.word();
                    match (is_there, file.never.get(&kind)) {
                        (true, Some(_)) => {
                            wrong.push(format!("{rule}.tf has a case \"{word}\", and says never"));
                        }
                        (false, None) => wrong.push(format!("{rule}.tf has no case \"{word}\"")),
                        (true, None) | (false, Some(_)) => {}
                    }
                }
            }
        }
    }
    for named in files
        .keys()
        .map(String::as_str)
        .chain(ELSEWHERE.iter().map(|told| told.rule))
    {
        if !rules.iter().any(|rule| rule == named) {
            wrong.push(format!("there is no rule {named}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} rules:\n{}",
        wrong.len(),
        rules.len(),
        wrong.join("\n")
    );
}
