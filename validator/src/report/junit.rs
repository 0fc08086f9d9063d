//! `JUnit` XML: one suite a family, one case a finding or gap; a rule without either is one case that passes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};

use super::{FindingShown, GapShown, Report, words};
use crate::rules;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<TestCase>> = BTreeMap::new();
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for finding in &report.findings {
        said.insert(&finding.rule);
        suites
            .entry(finding.family)
            .or_default()
            .push(broken(finding));
    }
    for gap in &report.gaps {
        said.insert(&gap.rule);
        suites.entry(gap.family).or_default().push(undecided(gap));
    }
    for rule in rules::all().filter(|rule| !said.contains(rule.name)) {
        let mut case = TestCase::new(rule.name, TestCaseStatus::success());
        case.set_classname(rule.family.word());
        suites.entry(rule.family.word()).or_default().push(case);
    }
    let mut xml = Xml::new("drcheck");
    for (family, cases) in suites {
        let mut suite = TestSuite::new(family);
        suite.add_test_cases(cases);
        xml.add_test_suite(suite);
    }
    let text = xml.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn broken(finding: &FindingShown) -> TestCase {
    let address = finding
        .primary
        .address
        .as_deref()
        .or(finding.secondary.address.as_deref())
        .unwrap_or_default();
    let status = if finding.counts() {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(finding.severity);
        status.set_message(finding.message.clone());
        let place = words::place(finding)
            .map(|place| format!("{}:{}:{}\n", place.file, place.line, place.column))
            .unwrap_or_default();
        status.set_description(format!(
            "{place}{}\nIn a failover: {}",
            finding.message, finding.impact
        ));
        status
    } else {
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("known: {}", finding.message));
        status
    };
    let mut case = TestCase::new(format!("{} {address}", finding.rule), status);
    case.set_classname(finding.family);
    case
}

fn undecided(gap: &GapShown) -> TestCase {
    let address = gap
        .primary
        .address
        .as_deref()
        .or(gap.secondary.address.as_deref())
        .unwrap_or_default();
    let mut status = TestCaseStatus::skipped();
    status.set_message(format!("undecided: {}", words::gap(gap)));
    let mut case = TestCase::new(format!("{} {address}", gap.rule), status);
    case.set_classname(gap.family);
    case
}
