//! The failover plan as a document: versioned JSON, read with all its problems at once, with a canonical form and a
//! digest.

mod arguments;
mod canonical;
mod check;
mod fences;
mod fields;
pub(crate) mod json;
mod places;
mod problem;
mod read;
mod steps;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use aws::Region;
use serde_json::Value;

pub use self::canonical::{NotWhole, canonical};
pub use self::problem::{Place, Problem, Warning};
pub use self::read::{AT_ONCE, LARGEST, MOST_REGIONS, MOST_STEPS};
pub use self::steps::{LEAST_TIMEOUT, TIMEOUT_FACTOR, default_timeout};

use crate::argument::Arguments;
use crate::graph::Graph;
use crate::kind::Kind;
use crate::mode::Mode;

/// The format version that this engine reads and writes.
pub const SCHEMA: u32 = 1;

/// What a tier promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objective {
    /// The longest until it serves again.
    pub rto: Duration,
    /// The most data, in time, that may be lost.
    pub rpo: Duration,
}

/// Where a region's store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorePlace {
    /// A versioned bucket of that region.
    Bucket {
        /// The bucket.
        bucket: String,
        /// Keys begin with this; ends with `/` unless empty.
        prefix: String,
        /// The key that objects are encrypted with; the bucket's default otherwise.
        kms_key: Option<String>,
    },
    /// A directory; for laboratories and exercises.
    Directory(String),
}

/// How a region's account is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// ARN of the role to assume.
    pub role_arn: String,
    /// The id that the role's owner asks for.
    pub external_id: Option<String>,
}

/// A health question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What is asked, by region.
    pub url: BTreeMap<Region, String>,
    /// The status that is expected.
    pub status: u16,
    /// Text that the answer has to contain.
    pub contains: Option<String>,
}

/// What happens to the rest when a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// What depends on it does not start, and the execution fails.
    Stop,
    /// What depends on it goes on; the failure is reported.
    Continue,
}

/// A step of the document. Two are the same when all that is written of them is.
#[derive(Clone)]
pub struct StepEntry {
    /// Its name.
    pub name: String,
    /// The steps that have to be done before.
    pub after: Vec<String>,
    /// Its tier.
    pub tier: Option<String>,
    /// The longest that it may take.
    pub timeout: Duration,
    /// What happens to the rest when it fails.
    pub on_failure: OnFailure,
    /// The modes it runs in.
    pub run_in: Vec<Mode>,
    /// Its kind.
    pub kind: &'static dyn Kind,
    /// The kind's arguments, with defaults.
    pub arguments: Arguments,
}

impl std::fmt::Debug for StepEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StepEntry")
            .field("name", &self.name)
            .field("kind", &self.kind.name())
            .finish_non_exhaustive()
    }
}

impl PartialEq for StepEntry {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.after == other.after
            && self.tier == other.tier
            && self.timeout == other.timeout
            && self.on_failure == other.on_failure
            && self.run_in == other.run_in
            && self.kind.name() == other.kind.name()
            && self.arguments == other.arguments
    }
}

/// A failover plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its regions, the primary one first.
    pub regions: Vec<Region>,
    /// Its tiers.
    pub tiers: BTreeMap<String, Objective>,
    /// The step whose answer says which region is active.
    pub authority: String,
    /// A store for every region.
    pub stores: BTreeMap<Region, StorePlace>,
    /// How accounts are entered, where the caller's credentials do not do.
    pub accounts: BTreeMap<Region, Account>,
    /// Health questions by name.
    pub probes: BTreeMap<String, Probe>,
    /// The most steps that run at once.
    pub at_once: usize,
    /// Whether a predicted RTO over its objective is an error.
    pub require_rto: bool,
    /// The steps in order.
    pub steps: Vec<StepEntry>,
}

impl Document {
    /// Reads a document of steps of these kinds (usually [`crate::steps::KINDS`]) from JSON text. Pure.
    ///
    /// # Errors
    /// All its problems at once, each with its path and its place in the text, in the order of the text. Where the
    /// text is no JSON, or of another schema, that is the one problem.
    pub fn read(
        text: &str,
        kinds: &[&'static dyn Kind],
    ) -> Result<(Document, Vec<Warning>), Vec<Problem>> {
        read::read(text, kinds)
    }

    /// The document as JSON with every default written out. It reads back as the same document.
    pub fn to_json(&self) -> Value {
        canonical::to_json(self)
    }

    /// The canonical form: RFC 8785 of [`Document::to_json`].
    ///
    /// # Errors
    /// When an argument holds a number that is not whole, which no document that was read does.
    pub fn canonical(&self) -> Result<String, NotWhole> {
        canonical(&self.to_json())
    }

    /// The digest: SHA-256 of the canonical form, in hexadecimal.
    ///
    /// # Errors
    /// As [`Document::canonical`].
    pub fn digest(&self) -> Result<String, NotWhole> {
        Ok(canonical::digest(&self.canonical()?))
    }

    /// The step of a name.
    pub fn step(&self, name: &str) -> Option<&StepEntry> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// Who comes after whom in a mode, by position; steps that the mode does not run are absent.
    pub(crate) fn graph(&self, mode: Mode) -> Graph {
        let positions: BTreeMap<&str, usize> = self
            .steps
            .iter()
            .enumerate()
            .map(|(position, step)| (step.name.as_str(), position))
            .collect();
        let after = self.steps.iter().map(|step| {
            let before = step.after.iter();
            before
                .filter_map(|name| positions.get(name.as_str()).copied())
                .collect()
        });
        let present: Vec<bool> = self.steps.iter().map(|step| step.runs_in(mode)).collect();
        Graph::new(after.collect()).only(&present)
    }
}

impl StepEntry {
    /// Whether a mode runs it.
    pub fn runs_in(&self, mode: Mode) -> bool {
        self.run_in.contains(&mode)
    }
}

/// Arguments of a kind from JSON text, read as in a document of these regions; `None` where a document would be refused.
pub(crate) fn arguments_of(kind: &dyn Kind, text: &str, regions: &[Region]) -> Option<Arguments> {
    let node = json::parse(text).ok()?;
    let (path, mut findings) = (problem::Path::default(), problem::Findings::default());
    let declared = kind.arguments();
    let read = arguments::arguments(declared, &node, &path, Some(regions), &mut findings)?;
    (!findings.refused() && kind.check(&read, regions).is_empty()).then_some(read)
}

/// The region that an ARN names; `None` for what is no ARN, or names none.
pub(crate) fn arn_region(text: &str) -> Option<&str> {
    let mut parts = text.splitn(6, ':');
    let prefix = parts.next()?;
    let region = parts.nth(2)?;
    (prefix == "arn" && !region.is_empty() && parts.nth(1).is_some()).then_some(region)
}
