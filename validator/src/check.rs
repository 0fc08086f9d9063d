//! One check: pairs, rules, verdicts, and what of them is a finding, a consequence, a gap.

mod consequences;
mod decides;
mod fingerprint;
mod finish;
mod merge;
mod order;
mod place;
mod remedy;
mod settle;
mod show;
mod worlds;

use std::collections::BTreeMap;

use crate::inventory::Inventory;
use crate::mirror::{Mirror, RoleError};
use crate::relations;
use crate::rules::{self, Check, Rule};
use crate::settings::Settings;
use crate::verdict::{Finding, Gap, Sink, Tally};

pub(crate) use fingerprint::fingerprint;
pub(crate) use merge::{merge, split};
pub(crate) use order::order;
pub use show::shown;

/// What to check.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Rules and families that are asked; all where none is named.
    pub select: Vec<String>,
    /// Rules and families that are not.
    pub ignore: Vec<String>,
    /// Digests of sensitive values can be compared between runs.
    pub keyed: bool,
}

impl Options {
    /// Whether a rule is asked.
    pub fn wants(&self, rule: &Rule) -> bool {
        let named = |list: &[String]| {
            list.iter()
                .any(|word| word == rule.name || word == rule.family.word())
        };
        // What could not be read concerns whatever is asked.
        let always = rule.name == rules::NOT_READ;
        (self.select.is_empty() || always || named(&self.select)) && !named(&self.ignore)
    }
}

/// What came out, before exceptions are applied.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Findings, in the order of reports: worst first.
    pub findings: Vec<Finding>,
    /// Gaps, in the same order.
    pub gaps: Vec<Gap>,
    /// How many relations were asked.
    pub tally: Tally,
    /// Relations that hold, by rule.
    pub held: BTreeMap<&'static str, u64>,
}

/// Asks every rule.
///
/// # Errors
/// When it cannot be told which region is primary and which secondary.
pub fn check<'a>(
    inventory: &'a Inventory,
    settings: &'a Settings,
    options: &Options,
) -> Result<(Mirror<'a>, Outcome), RoleError> {
    let mirror = Mirror::new(inventory, settings)?;
    let outcome = ask(&mirror, options);
    Ok((mirror, outcome))
}

/// Asks every rule of a mirror.
pub fn ask(mirror: &Mirror<'_>, options: &Options) -> Outcome {
    finish::finish(mirror, options, worlds::ask(mirror, options))
}

/// The verdicts of every rule.
fn collect(mirror: &Mirror<'_>, options: &Options) -> Sink {
    let mut sink = Sink::default();
    for rule in rules::all().filter(|rule| options.wants(rule)) {
        if let Check::Code(ask) | Check::Both(ask) = rule.check {
            sink.asking = rule.name;
            ask(mirror, &mut sink);
        }
    }
    let rows = |rule: &&Rule| matches!(rule.check, Check::Table | Check::Both(_));
    if rules::all().filter(rows).any(|rule| options.wants(rule)) {
        relations::ask(mirror, &mut sink);
    }
    sink
}
