//! Small estates: configuration in a directory of its own, read and checked as the program does.

use std::path::Path;

use drcheck::check::{self, Options};
use drcheck::inventory::{Inventory, Sealer};
use drcheck::load::Request;
use drcheck::settings::{CidrPolicy, Settings};
use drcheck::sources::{self, Wanted, WantedRoot};
use drcheck::verdict::{Finding, Gap};

/// Both providers: what has no `provider` stands in the primary region.
const PROVIDERS: &str = r#"
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
"#;

/// What a check said.
pub(super) struct Said {
    pub(super) findings: Vec<Finding>,
    pub(super) gaps: Vec<Gap>,
}

/// Settings with both roles, and address ranges that are shifted.
pub(super) fn shifted() -> Settings {
    with_policy(CidrPolicy::Shifted)
}

/// Settings with both roles and another policy of address ranges.
pub(super) fn with_policy(policy: CidrPolicy) -> Settings {
    Settings {
        primary: Some("us-east-1".into()),
        secondary: vec!["us-west-2".into()],
        cidr: Some(policy),
        ..Settings::default()
    }
}

fn read(text: &str) -> Inventory {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(
        directory.path().join("main.tf"),
        format!("{PROVIDERS}{text}"),
    )
    .expect("a file");
    inventory(directory.path())
}

pub(super) fn inventory(root: &Path) -> Inventory {
    let wanted = Wanted {
        roots: vec![WantedRoot {
            request: Some(Request {
                root: root.to_owned(),
                ..Request::default()
            }),
            ..WantedRoot::default()
        }],
        ..Wanted::default()
    };
    let sealer = Sealer::with_key(b"test".to_vec());
    let read = sources::read(&wanted, &sealer, &|_| ()).expect("the estate can be read");
    let wrong: Vec<String> = read
        .inventory
        .diagnostics
        .iter()
        .map(|diagnostic| format!("{diagnostic:?}"))
        .filter(|text| text.contains("Syntax"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    read.inventory
}

/// Checks configuration under settings.
pub(super) fn check(text: &str, settings: &Settings) -> Said {
    let inventory = read(text);
    let (_, outcome) = check::check(&inventory, settings, &Options::default()).expect("two roles");
    Said {
        findings: outcome.findings,
        gaps: outcome.gaps,
    }
}

/// Checks a root with its modules, with shifted ranges.
pub(super) fn said_of(root: &Path) -> Said {
    let inventory = inventory(root);
    let settings = shifted();
    let (_, outcome) = check::check(&inventory, &settings, &Options::default()).expect("two roles");
    Said {
        findings: outcome.findings,
        gaps: outcome.gaps,
    }
}

/// Checks configuration with shifted ranges.
pub(super) fn said(text: &str) -> Said {
    check(text, &shifted())
}

impl Said {
    /// All findings, a line each: `rule: message`.
    pub(super) fn lines(&self) -> Vec<String> {
        self.findings
            .iter()
            .map(|finding| format!("{}: {}", finding.rule, finding.message))
            .collect()
    }

    /// Messages of findings of a rule.
    pub(super) fn of(&self, rule: &str) -> Vec<&str> {
        self.findings
            .iter()
            .filter(|finding| &*finding.rule == rule)
            .map(|finding| finding.message.as_str())
            .collect()
    }

    /// Messages of gaps of a rule.
    pub(super) fn open(&self, rule: &str) -> Vec<&str> {
        self.gaps
            .iter()
            .filter(|gap| &*gap.rule == rule)
            .map(|gap| gap.message.as_str())
            .collect()
    }

    /// Nothing is wrong, and nothing is open.
    pub(super) fn silent(&self) {
        let gaps: Vec<String> = self
            .gaps
            .iter()
            .map(|gap| format!("{}: {}", gap.rule, gap.message))
            .collect();
        assert!(
            self.findings.is_empty() && gaps.is_empty(),
            "{:#?} {gaps:#?}",
            self.lines()
        );
    }

    /// Exactly these findings, by rule, and nothing open.
    pub(super) fn only(&self, rules: &[&str]) {
        let found: Vec<&str> = self.findings.iter().map(|finding| &*finding.rule).collect();
        let gaps: Vec<String> = self
            .gaps
            .iter()
            .map(|gap| format!("{}: {}", gap.rule, gap.message))
            .collect();
        assert!(
            found == rules && gaps.is_empty(),
            "{:#?} {gaps:#?}",
            self.lines()
        );
    }

    /// No finding of the rule, and a gap of it.
    pub(super) fn undecided(&self, rule: &str) {
        assert!(
            self.of(rule).is_empty() && !self.open(rule).is_empty(),
            "{rule}: {:#?} {:#?}",
            self.lines(),
            self.gaps
                .iter()
                .map(|gap| format!("{}: {}", gap.rule, gap.message))
                .collect::<Vec<_>>()
        );
    }
}

/// One side of an estate: `NAME` is `primary` or `secondary`, `NET` the first two numbers of its addresses, `REGION` its
/// region, `PROVIDER` the line that puts a resource there.
pub(super) fn side(text: &str, primary: bool) -> String {
    let words = if primary {
        ["primary", "10.50", "us-east-1", "", "10.60"]
    } else {
        [
            "secondary",
            "10.60",
            "us-west-2",
            "provider = aws.west",
            "10.50",
        ]
    };
    let names = ["NAME", "NET", "REGION", "PROVIDER", "PEER"];
    names
        .iter()
        .zip(words)
        .fold(text.to_owned(), |text, (name, word)| {
            text.replace(name, word)
        })
}

/// The same on both sides.
pub(super) fn both(text: &str) -> String {
    format!("{}{}", side(text, true), side(text, false))
}

/// One text in the primary region, another in the secondary.
pub(super) fn apart(primary: &str, secondary: &str) -> String {
    format!("{}{}", side(primary, true), side(secondary, false))
}
