//! Reports: one value with all that a check found, and writers that show it. Nothing here decides anything.

mod build;
mod github;
mod gitlab;
mod html;
mod junit;
mod markdown;
mod places;
mod sarif;
mod text;
mod unread;
mod words;

use std::io;

use serde::Serialize;

pub(crate) use build::evidence;
pub use build::{Input, build};
pub use places::Base;

/// The version of the JSON form; a new minor version only adds names.
pub const FORMAT_VERSION: &str = "1.2";

/// All that a check found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of this form.
    pub format_version: &'static str,
    /// The version of drcheck.
    pub tool_version: &'static str,
    /// Which region is which.
    pub roles: RolesShown,
    /// What was read.
    pub sources: Vec<SourceShown>,
    /// The figures.
    pub summary: Summary,
    /// The same for each rule that asked anything, in the order of `drcheck rules`.
    pub rules: Vec<RuleShown>,
    /// Findings, worst first.
    pub findings: Vec<FindingShown>,
    /// Questions that could not be answered.
    pub gaps: Vec<GapShown>,
    /// Which instance mirrors which.
    pub pairs: Vec<PairShown>,
    /// Primary instances without counterpart.
    pub strays: Vec<StrayShown>,
    /// Errors and warnings about what was read.
    pub diagnostics: Vec<DiagnosticShown>,
    /// Names of the rules that were asked; not shown, but a form may list those without a finding.
    #[serde(skip)]
    pub asked: Vec<&'static str>,
}

/// Roles of the regions.
#[derive(Clone, Debug, Serialize)]
pub struct RolesShown {
    /// The estate's name, if it has one.
    pub estate: Option<String>,
    /// The primary region.
    pub primary: String,
    /// Secondary regions.
    pub secondary: Vec<String>,
    /// How they were found; `null` where they were told.
    pub inferred: Option<String>,
    /// How the secondary is kept.
    pub strategy: &'static str,
    /// How address ranges relate: `identical`, `shifted`, `any`.
    pub cidr: &'static str,
}

/// One source.
#[derive(Clone, Debug, Serialize)]
pub struct SourceShown {
    /// `configuration`, `plan`, `state` or `inventory`.
    pub kind: &'static str,
    /// As it was given.
    pub path: String,
    /// Its root, where there are several.
    pub root: Option<String>,
    /// Whether absence in it proves absence.
    pub complete: bool,
    /// Files that were read.
    pub files: u64,
    /// Files that could not be parsed.
    pub broken_files: u64,
}

/// The figures of the last line.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Summary {
    /// Relations that were asked.
    pub relations: u64,
    /// Those that could be decided.
    pub decided: u64,
    /// Those that hold.
    pub hold: u64,
    /// Those that are broken: findings, accepted ones included.
    pub broken: u64,
    /// Findings that are accepted.
    pub accepted: u64,
    /// Findings that the baseline knows.
    pub in_baseline: u64,
    /// Undecided relations.
    pub undecided: u64,
    /// Files that could not be parsed.
    pub files_not_parsed: u64,
    /// Module calls that could not be read.
    pub modules_not_read: u64,
    /// Pairs of managed instances.
    pub pairs: u64,
    /// Managed instances of the primary region without counterpart.
    pub strays: u64,
    /// Findings by severity that count: neither accepted nor in the baseline.
    pub breaks: u64,
    /// The same for warnings.
    pub degrades: u64,
    /// The same for notes.
    pub drifts: u64,
}

/// What one rule asked. A rule that asked nothing is left out: of it nothing was proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleShown {
    /// Its name.
    pub rule: &'static str,
    /// Relations that hold.
    pub hold: u64,
    /// Findings, accepted ones and those of the baseline included.
    pub broken: u64,
    /// Undecided relations.
    pub undecided: u64,
}

/// One side of a finding or gap.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SideShown {
    /// The instance; `null` where there is none.
    pub address: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// The attribute, as `a.b[0].c`; empty for the whole instance.
    pub path: String,
    /// The value as it is written in Terraform's language; `null` where nothing is set.
    pub value: Option<String>,
    /// What an exception names of the value, where it is not the value itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The value is sensitive, and no exception can name it without `--digest-key`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sealed: bool,
    /// Where to look, and to edit.
    pub place: Option<PlaceShown>,
    /// From the attribute inwards: argument, module calls, literal.
    pub chain: Vec<PlaceShown>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceShown {
    /// From the top of the repository, or from the working directory where there is none, with forward slashes.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// What stands there, in chains.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

/// A finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingShown {
    /// The rule.
    pub rule: String,
    /// `type.path`, for rules of many attributes.
    pub sub: Option<String>,
    /// The rule's family.
    pub family: &'static str,
    /// `breaks`, `degrades` or `drifts`.
    pub severity: &'static str,
    /// The tier, if one matches.
    pub tier: Option<String>,
    /// The module instance of the primary; empty for the root.
    pub module: String,
    /// The primary side.
    pub primary: SideShown,
    /// The secondary side.
    pub secondary: SideShown,
    /// What was seen and what was expected.
    pub message: String,
    /// What it means in a failover.
    pub impact: String,
    /// What to do.
    pub fix: Option<String>,
    /// Whether `drcheck fix` can write it.
    pub fixable: bool,
    /// Instances with the same cause; empty for one alone.
    pub instances: Vec<String>,
    /// Their values and fingerprints; left out for one alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberShown>,
    /// What follows from it.
    pub consequences: Vec<ConsequenceShown>,
    /// The same from every source.
    pub fingerprint: String,
    /// Who accepted it.
    pub accepted: Option<AcceptedShown>,
    /// Whether the baseline knows it.
    pub in_baseline: bool,
}

impl FindingShown {
    /// Whether it counts: nobody accepted it, and the baseline does not know it.
    pub fn counts(&self) -> bool {
        self.accepted.is_none() && !self.in_baseline
    }
}

/// One of several instances with the same cause.
#[derive(Clone, Debug, Serialize)]
pub struct MemberShown {
    /// The primary side.
    pub primary: SideShown,
    /// The secondary side.
    pub secondary: SideShown,
    /// The same from every source.
    pub fingerprint: String,
}

/// What follows from a finding.
#[derive(Clone, Debug, Serialize)]
pub struct ConsequenceShown {
    /// The rule that saw it.
    pub rule: String,
    /// About which instance.
    pub address: String,
    /// What was seen.
    pub message: String,
    /// The fingerprint that it would have as a finding.
    pub fingerprint: String,
}

/// Who accepted a finding.
#[derive(Clone, Debug, Serialize)]
pub struct AcceptedShown {
    /// The entry.
    pub by: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day.
    pub expires: String,
}

/// A question that could not be answered.
#[derive(Clone, Debug, Serialize)]
pub struct GapShown {
    /// The rule.
    pub rule: String,
    /// `type.path`, for rules of many attributes.
    pub sub: Option<String>,
    /// The rule's family.
    pub family: &'static str,
    /// How bad it would be.
    pub severity: &'static str,
    /// The tier, if one matches.
    pub tier: Option<String>,
    /// The primary side.
    pub primary: SideShown,
    /// The secondary side.
    pub secondary: SideShown,
    /// What cannot be told, and why.
    pub message: String,
    /// What is not known.
    pub because: Vec<String>,
    /// What would settle it.
    pub settle: String,
    /// The fingerprint of the finding that it may become.
    pub fingerprint: String,
}

/// A pair.
#[derive(Clone, Debug, Serialize)]
pub struct PairShown {
    /// The primary instance.
    pub primary: String,
    /// The instance that mirrors it, or that holds the block which does.
    pub secondary: String,
    /// The block, for counterparts that are one.
    pub path: Option<String>,
    /// The secondary region.
    pub region: String,
    /// Their type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Why they are a pair, the strongest first.
    pub evidence: Vec<String>,
}

/// An instance without counterpart.
#[derive(Clone, Debug, Serialize)]
pub struct StrayShown {
    /// The instance.
    pub address: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// The secondary region.
    pub region: String,
    /// Why it lives once, as `dr.hcl` says.
    pub single: Option<String>,
    /// Why it is not certain.
    pub open: Vec<String>,
}

/// An error or a warning about what was read.
#[derive(Clone, Debug, Serialize)]
pub struct DiagnosticShown {
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// What was seen.
    pub summary: String,
    /// What was expected.
    pub detail: String,
    /// Where.
    pub place: Option<PlaceShown>,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// For people, on a terminal.
    Text,
    /// For programs.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// `JUnit` XML.
    Junit,
    /// GitLab code quality.
    Gitlab,
    /// A comment on a pull request.
    Markdown,
    /// Annotations of GitHub workflows.
    Github,
    /// A page of its own.
    Html,
}

/// Writes a report in a form.
///
/// # Errors
/// When the output cannot be written.
pub fn write(report: &Report, form: Form, out: &mut dyn io::Write) -> io::Result<()> {
    match form {
        Form::Text => text::write(report, out),
        Form::Json => {
            serde_json::to_writer_pretty(&mut *out, report)?;
            writeln!(out)
        }
        Form::Sarif => sarif::write(report, out),
        Form::Junit => junit::write(report, out),
        Form::Gitlab => gitlab::write(report, out),
        Form::Markdown => markdown::write(report, out),
        Form::Github => github::write(report, out),
        Form::Html => html::write(report, out),
    }
}

/// The last line: how many relations were decided, and how.
pub fn last_line(summary: &Summary) -> String {
    let mut text = format!(
        "{} of {} relations decided: {} hold, {} broken",
        summary.decided, summary.relations, summary.hold, summary.broken
    );
    let known = match (summary.accepted, summary.in_baseline) {
        (0, 0) => String::new(),
        (accepted, 0) => format!(" ({accepted} accepted)"),
        (0, baseline) => format!(" ({baseline} in the baseline)"),
        (accepted, baseline) => format!(" ({accepted} accepted, {baseline} in the baseline)"),
    };
    text.push_str(&known);
    let unread = match summary.files_not_parsed {
        0 => String::new(),
        1 => "; 1 file not parsed".into(),
        files => format!("; {files} files not parsed"),
    };
    let modules = match summary.modules_not_read {
        0 => String::new(),
        1 => "; 1 module not read".into(),
        modules => format!("; {modules} modules not read"),
    };
    format!("{text}; {} undecided{unread}{modules}", summary.undecided)
}
