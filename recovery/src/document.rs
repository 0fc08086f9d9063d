//! The failover plan as a document: versioned JSON, read with all its problems at once, with a canonical form and a
//! digest.

use std::collections::BTreeMap;
use std::time::Duration;

use aws::Region;

use crate::argument::Arguments;
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

/// A step of the document.
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

/// A failover plan.
#[derive(Clone, Debug)]
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
