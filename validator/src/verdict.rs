//! What a check says of an estate: findings, gaps, what holds, and how bad each is.

mod sink;
mod strategy;

use std::sync::Arc;

use crate::inventory::{Link, Name, Path};
use crate::mirror::InstanceId;
use crate::source::Location;

pub(crate) use sink::parse;
pub use sink::{Absent, Asked, Broken, Sink, Spot, Tally, Unsure, Written};
pub use strategy::{Strategies, Strategy};

/// How bad a finding is in a failover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// No effect at a failover; should be tidied. A note.
    Drifts,
    /// Works, with less capacity, safety, visibility or retention. A warning.
    Degrades,
    /// The failover fails, or the promoted side cannot serve. An error.
    Breaks,
}

impl Severity {
    /// The word in `dr.hcl`, on the command line and in reports.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Drifts => "drifts",
            Severity::Degrades => "degrades",
            Severity::Breaks => "breaks",
        }
    }

    /// The severity of a word.
    pub fn of(word: &str) -> Option<Self> {
        [Severity::Drifts, Severity::Degrades, Severity::Breaks]
            .into_iter()
            .find(|severity| severity.word() == word)
    }
}

/// Rules about one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Subnets, routes, endpoints, peering.
    Network,
    /// Security groups, roles, policies, keys, certificates.
    Access,
    /// Databases, caches, tables, file systems.
    Data,
    /// Buckets and their replication.
    Objects,
    /// Backup plans, vaults, copies.
    Backup,
    /// Secrets, parameters, images.
    Configuration,
    /// Services, scaling, load balancers, DNS.
    Compute,
    /// Alarms, topics, logs, trails.
    Observability,
    /// What still hangs on the lost region.
    RegionLoss,
    /// Tiers with their RTO and RPO.
    Objectives,
    /// What only a plan can show.
    Plan,
    /// What holds for every type.
    General,
    /// Entries of `dr.hcl` themselves.
    Exceptions,
}

impl Family {
    /// All, in order.
    pub const ALL: [Family; 13] = [
        Family::Network,
        Family::Access,
        Family::Data,
        Family::Objects,
        Family::Backup,
        Family::Configuration,
        Family::Compute,
        Family::Observability,
        Family::RegionLoss,
        Family::Objectives,
        Family::Plan,
        Family::General,
        Family::Exceptions,
    ];

    /// The word for `--select` and reports.
    pub fn word(self) -> &'static str {
        match self {
            Family::Network => "network",
            Family::Access => "access",
            Family::Data => "data",
            Family::Objects => "objects",
            Family::Backup => "backup",
            Family::Configuration => "configuration",
            Family::Compute => "compute",
            Family::Observability => "observability",
            Family::RegionLoss => "region-loss",
            Family::Objectives => "objectives",
            Family::Plan => "plan",
            Family::General => "general",
            Family::Exceptions => "exceptions",
        }
    }
}

/// One side of a finding or gap, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Side {
    /// The instance; `None` where there is none (a stray's missing counterpart).
    pub instance: Option<InstanceId>,
    /// Its address, or the address that it would have where that can be told.
    pub address: Option<Name>,
    /// Its region.
    pub region: Option<Name>,
    /// Where in its values.
    pub path: Path,
    /// The value as text; `None` where nothing is set. Secrets never stand here.
    pub value: Option<String>,
    /// What an exception must name of the value.
    pub bound: Bound,
    /// Where the instance is declared.
    pub source: Option<Location>,
    /// The place to look at and to edit.
    pub place: Option<Location>,
    /// The whole chain from the attribute inwards.
    pub chain: Vec<Link>,
}

/// What an exception must name of a value, so that another value reopens the finding.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Bound {
    /// The text that is shown.
    #[default]
    Text,
    /// A digest: the text is cut, or something in it must not be shown.
    Digest(Name),
    /// Nothing: the value must not be shown, and without a key its digest says nothing.
    Sealed,
}

/// A proved difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: Name,
    /// For rules of many attributes: `type.path`.
    pub sub: Option<Name>,
    /// Its family.
    pub family: Family,
    /// How bad it is for the tier's strategy.
    pub severity: Severity,
    /// The tier of the instances, if one matches.
    pub tier: Option<Name>,
    /// Address of the module instance that the primary lies in; empty for the root.
    pub module: Name,
    /// The primary side.
    pub primary: Side,
    /// The secondary side.
    pub secondary: Side,
    /// One sentence: what was seen and what was expected.
    pub message: String,
    /// What it means in a failover.
    pub impact: String,
    /// What to do, where it can be said.
    pub fix: Option<Fix>,
    /// Instances of one resource with the same cause; empty for one alone.
    pub instances: Vec<Name>,
    /// The findings that were joined into this one; empty for one alone.
    pub members: Vec<Finding>,
    /// What follows from it; neither counted nor failing by itself.
    pub consequences: Vec<Consequence>,
    /// What the fingerprint hangs on besides rule and instances.
    pub key: String,
    /// 64 hexadecimal digits; the same from every source.
    pub fingerprint: Name,
    /// The entry that accepts it.
    pub accepted: Option<Accepted>,
    /// Known from the baseline.
    pub in_baseline: bool,
}

/// Something that follows from a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    /// The rule that saw it.
    pub rule: Name,
    /// About which instance.
    pub address: Name,
    /// What was seen.
    pub message: String,
    /// The fingerprint that it would have as a finding.
    pub fingerprint: Name,
}

/// Who accepted a finding, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Name of the entry, or the place of the comment.
    pub by: Name,
    /// Who answers for it.
    pub owner: Name,
    /// Why.
    pub reason: Name,
    /// The last day, `2027-03-31`.
    pub expires: Name,
}

/// A question that could not be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The rule that asked.
    pub rule: Name,
    /// For rules of many attributes: `type.path`.
    pub sub: Option<Name>,
    /// Its family.
    pub family: Family,
    /// How bad it would be.
    pub severity: Severity,
    /// The tier of the instances, if one matches.
    pub tier: Option<Name>,
    /// The primary side.
    pub primary: Side,
    /// The secondary side.
    pub secondary: Side,
    /// One sentence: what cannot be told, and why.
    pub message: String,
    /// What is not known: `var.x`, `aws_vpc.main.id`; `aws` for what AWS decides.
    pub because: Vec<Name>,
    /// What would settle it: the tfvars line, the plan, the line of `dr.hcl`.
    pub settle: String,
    /// The fingerprint of the finding that it may become.
    pub fingerprint: Name,
}

/// What can be done about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// One sentence for people.
    pub text: String,
    /// The edit, where it is safe to write.
    pub edit: Option<Arc<Edit>>,
}

/// An edit of configuration that `drcheck fix` can write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Sets an argument of a resource block to an expression.
    Set {
        /// Address of the instance.
        address: Name,
        /// Blocks and argument, from the resource inwards.
        path: Path,
        /// The expression in Terraform's language.
        expression: String,
    },
    /// Puts a block at the end of a resource block or of a block in it.
    Insert {
        /// Address of the instance.
        address: Name,
        /// The block that it is put into, from the resource inwards; empty for the resource itself.
        path: Path,
        /// The block in Terraform's language, without indentation.
        block: String,
    },
    /// Adds a block behind another one, served by the same provider configuration.
    Add {
        /// Address of the instance whose resource block it is put behind.
        after: Name,
        /// The block in Terraform's language.
        block: String,
    },
}
