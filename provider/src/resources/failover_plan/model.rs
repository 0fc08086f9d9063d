//! The schema: the fields of the document, and what is known of its publication.

use std::collections::BTreeMap;

use recovery::document::Document;
use recovery::steps::KINDS;
use terraform_framework::validate::{between, duration, matches};
use terraform_framework::{Model, Nested, Value};

use super::steps::Step;

/// A failover plan: what has to be done, in which order and under which gates, until another region serves.
///
/// The plan is a document. It is published to a store in every region, by its digest, so that `drctl` runs the very same
/// plan when neither Terraform nor its state can be reached. Older versions are kept. Publishing changes nothing that
/// the plan is about.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct FailoverPlan {
    /// Name of the plan: 1 to 64 of `a-z`, `0-9` and `-`. Changing it makes this another plan.
    #[attr(required, replace, validate = matches("a name of 1 to 64 of a-z, 0-9 and -, such as orders", is_name))]
    pub(crate) name: Value<String>,
    /// What the plan is for.
    #[attr(optional)]
    pub(crate) description: Value<String>,
    /// Two or more regions that can be active; the first is the primary one by design.
    #[attr(required)]
    pub(crate) regions: Value<Vec<Value<String>>>,
    /// What is promised to each class of functions, by name of the class.
    #[attr(optional)]
    pub(crate) tiers: Value<BTreeMap<String, Value<Nested<Tier>>>>,
    /// The step whose answer says which region is active.
    #[attr(required)]
    pub(crate) authority: Value<String>,
    /// Where documents, observations, journal and lock are kept: one store in every region, by region.
    #[attr(required)]
    pub(crate) stores: Value<BTreeMap<String, Value<Nested<Store>>>>,
    /// How accounts are entered, by region; the caller's credentials where nothing is said.
    #[attr(optional)]
    pub(crate) accounts: Value<BTreeMap<String, Value<Nested<Account>>>>,
    /// Health questions, by name, that steps and measurements ask.
    #[attr(optional)]
    pub(crate) probes: Value<BTreeMap<String, Value<Nested<Probe>>>>,
    /// The most steps that run at once. Default: 8.
    #[attr(optional, validate = between(1, 100))]
    pub(crate) at_once: Value<i64>,
    /// Whether a predicted RTO above its objective is an error instead of a warning. Default: false.
    #[attr(optional)]
    pub(crate) require_rto: Value<bool>,
    /// The steps in order.
    #[attr(required)]
    pub(crate) steps: Value<Vec<Value<Step>>>,
    /// SHA-256 of the document: what is reviewed, previewed and run. Known while planning as soon as all arguments are.
    #[attr(computed)]
    pub(crate) digest: Value<String>,
    /// The document as canonical JSON with all defaults written out; `drctl` runs it too.
    #[attr(computed)]
    pub(crate) document: Value<String>,
    /// How long a failover takes until each tier serves again, by declared durations alone. With what earlier executions
    /// took, the data source `dr_failover_readiness` tells.
    #[attr(computed)]
    pub(crate) predicted_rto: Value<BTreeMap<String, Value<String>>>,
    /// The digest that the stores point to. Another one than `digest` was published outside Terraform, and is put right.
    #[attr(computed)]
    pub(crate) published_digest: Value<String>,
    /// Regions whose stores do not point to this document, because they were lost or did not answer. They are published
    /// to as soon as they answer.
    #[attr(computed)]
    pub(crate) stale_stores: Value<Vec<Value<String>>>,
}

/// What is promised to a tier.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Tier {
    /// The longest until it serves again, such as `1h`.
    #[attr(required, validate = duration())]
    pub(crate) rto: Value<String>,
    /// The most data, as time, that may be lost, such as `5m`. The bound of the gate "data at risk".
    #[attr(required, validate = duration())]
    pub(crate) rpo: Value<String>,
}

/// Where a region's store is.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Store {
    /// A versioned bucket of that region, under a prefix that no replication rule covers.
    #[attr(optional)]
    pub(crate) bucket: Value<String>,
    /// What all keys begin with. Default: nothing.
    #[attr(optional)]
    pub(crate) prefix: Value<String>,
    /// The key of that region that objects are encrypted with. Default: as the bucket says.
    #[attr(optional)]
    pub(crate) kms_key: Value<String>,
    /// A directory instead of a bucket; for laboratories and exercises.
    #[attr(optional)]
    pub(crate) directory: Value<String>,
}

/// How a region's account is entered.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Account {
    /// ARN of the role to assume.
    #[attr(required)]
    pub(crate) role_arn: Value<String>,
    /// External id that the role's owner asks for.
    #[attr(optional)]
    pub(crate) external_id: Value<String>,
}

/// A health question.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Probe {
    /// What is asked, by region.
    #[attr(required)]
    pub(crate) url: Value<BTreeMap<String, Value<String>>>,
    /// The status that is expected. Default: 200.
    #[attr(optional, validate = between(100, 599))]
    pub(crate) status: Value<i64>,
    /// Text that the answer has to contain.
    #[attr(optional)]
    pub(crate) contains: Value<String>,
}

fn is_name(seen: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=64).contains(&seen.len()) && seen.bytes().all(plain)
}

impl FailoverPlan {
    /// The document that was recorded.
    pub(crate) fn recorded(&self) -> Option<Document> {
        let read = Document::read(self.document.text()?, KINDS);
        read.ok().map(|(document, _)| document)
    }
}
