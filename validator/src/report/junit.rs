//! `JUnit` XML: one suite a family, one case a finding or gap; a rule without either is one case that passes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};

use super::{FindingShown, GapShown, Report, SideShown, unread, words};
use crate::rules;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let names = Names::of(report);
    let mut suites: BTreeMap<&str, Vec<TestCase>> = BTreeMap::new();
    for finding in &report.findings {
        let mut case = TestCase::new(names.finding(finding), broken(finding));
        case.set_classname(format!("{}.{}", finding.family, finding.rule));
        suites.entry(finding.family).or_default().push(case);
    }
    for gap in &report.gaps {
        // As with a file that could not be parsed: of what nobody read nothing is fine.
        let mut status = if gap.rule == rules::NOT_READ {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        } else {
            TestCaseStatus::skipped()
        };
        status.set_message(format!("undecided: {}", words::gap(gap)));
        let mut case = TestCase::new(names.gap(gap), status);
        case.set_classname(format!("{}.{}", gap.family, gap.rule));
        suites.entry(gap.family).or_default().push(case);
    }
    let silent =
        |rule: &&rules::Rule| report.asked.contains(&rule.name) && !names.rules.contains(rule.name);
    for rule in rules::all().filter(silent) {
        let family = rule.family.word();
        let mut case = TestCase::new("all", TestCaseStatus::success());
        case.set_classname(format!("{family}.{}", rule.name));
        suites.entry(family).or_default().push(case);
    }
    for source in report.sources.iter().filter(|it| it.broken_files > 0) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        let files = words::many(source.broken_files, "file");
        status.set_message(format!("{files} not parsed: nothing of them was checked"));
        let all: Vec<String> = unread::all(report).map(unread::placed).collect();
        status.set_description(all.join("\n"));
        let mut case = TestCase::new(source.path.as_str(), status);
        case.set_classname("sources");
        suites.entry("sources").or_default().push(case);
    }
    // What is only warned of has no file that is not parsed.
    if report.sources.iter().all(|it| it.broken_files == 0) {
        for told in unread::all(report) {
            let mut status = TestCaseStatus::skipped();
            status.set_message(unread::placed(told));
            let mut case = TestCase::new(told.summary.as_str(), status);
            case.set_classname("sources");
            suites.entry("sources").or_default().push(case);
        }
    }
    let mut xml = Xml::new("drcheck");
    for (family, cases) in suites {
        let mut suite = TestSuite::new(family);
        suite.add_test_cases(cases);
        xml.add_test_suite(suite);
    }
    let text = xml.to_string().map_err(io::Error::other)?;
    for line in text.split_inclusive('\n') {
        out.write_all(counted_as_skipped(line).as_bytes())?;
    }
    Ok(())
}

/// The library counts skipped cases under `disabled`, which the schema of Jenkins does not have.
fn counted_as_skipped(line: &str) -> Cow<'_, str> {
    // Text of a finding never begins so: its angle brackets are escaped.
    if line.trim_start().starts_with("<testsuite ") {
        Cow::Owned(line.replacen(" disabled=\"", " skipped=\"", 1))
    } else {
        Cow::Borrowed(line)
    }
}

/// Names of cases. The class is the rule in its family and the name the instance; where a rule has more than one thing to say
/// about an instance, a part of the fingerprint tells them apart.
struct Names<'r> {
    rules: BTreeSet<&'r str>,
    seen: BTreeMap<(&'r str, String), usize>,
}

impl<'r> Names<'r> {
    fn of(report: &'r Report) -> Self {
        let mut names = Names {
            rules: BTreeSet::new(),
            seen: BTreeMap::new(),
        };
        let findings = report.findings.iter().map(|finding| {
            let about = about(&finding.primary, &finding.secondary, finding.sub.as_ref());
            (finding.rule.as_str(), about)
        });
        let gaps = report.gaps.iter().map(|gap| {
            let about = about(&gap.primary, &gap.secondary, gap.sub.as_ref());
            (gap.rule.as_str(), about)
        });
        for (rule, about) in findings.chain(gaps) {
            names.rules.insert(rule);
            *names.seen.entry((rule, about)).or_default() += 1;
        }
        names
    }

    fn finding(&self, finding: &'r FindingShown) -> String {
        let about = about(&finding.primary, &finding.secondary, finding.sub.as_ref());
        self.unique(&finding.rule, about, &finding.fingerprint)
    }

    fn gap(&self, gap: &'r GapShown) -> String {
        let about = about(&gap.primary, &gap.secondary, gap.sub.as_ref());
        self.unique(&gap.rule, about, &gap.fingerprint)
    }

    fn unique(&self, rule: &'r str, about: String, fingerprint: &str) -> String {
        let key = (rule, about);
        let alone = self.seen.get(&key).is_none_or(|count| *count == 1);
        let part = fingerprint.get(..8).unwrap_or(fingerprint);
        if alone {
            key.1
        } else {
            format!("{} ({part})", key.1)
        }
    }
}

fn about(primary: &SideShown, secondary: &SideShown, sub: Option<&String>) -> String {
    let address = primary.address.as_ref().or(secondary.address.as_ref());
    let words = [address, sub];
    let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
    words.join(" ")
}

fn broken(finding: &FindingShown) -> TestCaseStatus {
    if !finding.counts() {
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("known: {}", finding.message));
        return status;
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.severity);
    status.set_message(finding.message.clone());
    let place = words::place(finding)
        .map(|place| format!("{}:{}:{}\n", place.file, place.line, place.column))
        .unwrap_or_default();
    let fix = finding
        .fix
        .as_ref()
        .map(|fix| format!("\nFix: {fix}"))
        .unwrap_or_default();
    status.set_description(format!(
        "{place}{}\nIn a failover: {}{fix}",
        finding.message, finding.impact
    ));
    status
}
