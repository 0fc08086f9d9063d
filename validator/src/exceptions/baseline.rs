//! Findings that were there before: only new ones fail a check with a baseline.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::moves::earlier;
use crate::check::{self, Outcome};
use crate::documents;
use crate::inventory::{DocumentError, Move};
use crate::verdict::Finding;

/// The version of the file; a new minor version only adds names.
const FORMAT_VERSION: &str = "1.0";

/// Findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    format_version: Option<String>,
    /// Sorted by fingerprint.
    findings: Vec<Known>,
}

/// A finding that is known. Only the fingerprint counts; the rest is for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Known {
    fingerprint: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    primary: Option<String>,
    #[serde(default)]
    secondary: Option<String>,
}

impl Baseline {
    /// All findings that nobody accepted, and what follows from them: once a cause is gone, they are no news.
    pub fn of(outcome: &Outcome) -> Self {
        let counting = outcome
            .findings
            .iter()
            .filter(|finding| finding.accepted.is_none());
        let mut known = BTreeSet::new();
        for finding in check::split(counting.cloned().collect()) {
            known.insert(Known {
                fingerprint: finding.fingerprint.to_string(),
                rule: finding.rule.to_string(),
                primary: finding.primary.address.as_deref().map(str::to_owned),
                secondary: finding.secondary.address.as_deref().map(str::to_owned),
            });
            for consequence in &finding.consequences {
                known.insert(Known {
                    fingerprint: consequence.fingerprint.to_string(),
                    rule: consequence.rule.to_string(),
                    primary: Some(consequence.address.to_string()),
                    secondary: None,
                });
            }
        }
        Baseline {
            format_version: Some(FORMAT_VERSION.into()),
            findings: known.into_iter().collect(),
        }
    }

    /// Reads a file; `shown` is the file as it was named.
    ///
    /// # Errors
    /// When it is no baseline, or one of a newer major version.
    pub fn read(text: &[u8], shown: &str) -> Result<Self, DocumentError> {
        let how = "drcheck baseline write writes one";
        let text = documents::text(text);
        let baseline: Baseline = documents::parse(&text, shown, "a baseline", how)?;
        documents::check_version(baseline.format_version.as_deref(), 1, shown, "baseline")?;
        Ok(baseline)
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Marks what is known, also under addresses that changed. Returns how many entries are not met any more.
    pub fn mark(&self, outcome: &mut Outcome, moved: &[Move]) -> usize {
        let known: BTreeSet<&str> = self
            .findings
            .iter()
            .map(|known| known.fingerprint.as_str())
            .collect();
        let mut met: BTreeSet<&str> = BTreeSet::new();
        let mut findings = check::split(std::mem::take(&mut outcome.findings));
        for finding in &mut findings {
            let hit = fingerprints(finding, moved)
                .iter()
                .find_map(|print| known.get(print.as_str()).copied());
            finding.in_baseline = hit.is_some();
            met.extend(hit);
            for consequence in &finding.consequences {
                met.extend(known.get(&*consequence.fingerprint));
            }
        }
        outcome.findings = check::merge(findings);
        outcome
            .findings
            .sort_by(|a, b| check::order(a).cmp(&check::order(b)));
        known.len() - met.len()
    }
}

/// The fingerprint that a finding has, and those that it had under addresses that changed.
fn fingerprints(finding: &Finding, moved: &[Move]) -> Vec<String> {
    let mut all = vec![finding.fingerprint.to_string()];
    if moved.is_empty() {
        return all;
    }
    let names = |address: Option<&str>| match address {
        Some(address) => earlier(moved, address),
        None => vec!["".into()],
    };
    let mut secondary = names(finding.secondary.address.as_deref());
    if finding.secondary.address.is_none() {
        secondary.extend(finding.secondary.region.clone());
    }
    for one in names(finding.primary.address.as_deref()) {
        for other in &secondary {
            let print = check::fingerprint(
                &finding.rule,
                finding.sub.as_deref(),
                &one,
                other,
                &finding.key,
            );
            all.push(print.to_string());
        }
    }
    all
}
