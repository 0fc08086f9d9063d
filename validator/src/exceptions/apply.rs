//! Applies exceptions to what a check found.

use jiff::civil::Date;

use super::comments;
use super::fit::{Entry, Fit};
use super::unused::{self, Seen};
use crate::check::{self, Options, Outcome};
use crate::mirror::Mirror;
use crate::settings::SettingsError;
use crate::verdict::{Accepted, Finding};

/// What a check found, with exceptions.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// Findings with who accepted them, and findings about the exceptions themselves.
    pub outcome: Outcome,
}

/// Marks accepted findings, and adds findings about entries that are expired or mean nothing any more. `today` decides what
/// is expired: an entry holds until the end of its day.
///
/// # Errors
/// When a comment that accepts something is not complete.
pub fn apply(
    mirror: &Mirror<'_>,
    outcome: Outcome,
    options: &Options,
    today: Date,
) -> Result<Applied, SettingsError> {
    let mut findings = check::split(outcome.findings);
    let mut entries: Vec<Entry> = mirror
        .settings
        .accepts
        .iter()
        .map(|accept| Entry {
            accept: accept.clone(),
            line: None,
        })
        .collect();
    let told = comments::read(&mirror.inventory.comments, &findings)
        .map_err(|problems| SettingsError { problems })?;
    entries.extend(told);
    let mut seen = vec![Seen::default(); entries.len()];
    for finding in &mut findings {
        accept(finding, &entries, &mut seen, today);
    }
    let mut findings = check::merge(findings);
    let mut told = unused::about_accepts(
        mirror,
        options,
        &entries,
        &seen,
        (&findings, &outcome.gaps),
        today,
    );
    unused::about_the_rest(mirror, options, &mut told);
    findings.extend(told.findings);
    findings.sort_by(|a, b| check::order(a).cmp(&check::order(b)));
    let mut held = outcome.held;
    held.extend(told.held);
    let mut tally = outcome.tally;
    tally.holds = held.values().sum();
    tally.broken = u64::try_from(findings.len()).unwrap_or(u64::MAX);
    Ok(Applied {
        outcome: Outcome {
            findings,
            gaps: outcome.gaps,
            tally,
            held,
        },
    })
}

/// The first entry that agrees and is not expired accepts the finding.
fn accept(finding: &mut Finding, entries: &[Entry], seen: &mut [Seen], today: Date) {
    for (entry, seen) in entries.iter().zip(seen) {
        match entry.fit(finding) {
            Fit::No => {}
            Fit::Near(why) => seen.near = seen.near.take().or(Some(why)),
            Fit::Yes => {
                seen.used = true;
                if !is_expired(entry, today) && finding.accepted.is_none() {
                    finding.accepted = Some(Accepted {
                        by: entry.accept.name.clone(),
                        owner: entry.accept.owner.clone(),
                        reason: entry.accept.reason.clone(),
                        expires: entry.accept.expires.clone(),
                    });
                }
            }
        }
    }
}

/// Whether its last day is over. What is no day was refused when it was read.
pub(super) fn is_expired(entry: &Entry, today: Date) -> bool {
    entry
        .accept
        .expires
        .parse::<Date>()
        .is_ok_and(|last| last < today)
}
