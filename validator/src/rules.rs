//! All rules, in one list. A rule is a name, what it is for, and a pure function over a [`Mirror`].

mod access;
mod backup;
mod compute;
mod configuration;
mod data;
mod exceptions;
mod general;
mod missing;
mod network;
mod objectives;
mod objects;
mod observability;
mod plan;
mod region_loss;
mod table;

use crate::mirror::Mirror;
use crate::verdict::{Family, Severity, Sink, Strategies};

/// The rule about modules that could not be read.
pub(crate) use general::module_not_read::NAME as NOT_READ;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// States the problem: `dns-ttl-too-long`.
    pub name: &'static str,
    /// What it is about.
    pub family: Family,
    /// How bad a finding is, where the verdict does not say otherwise.
    pub severity: Severity,
    /// Strategies of the instance under which it counts.
    pub on: Strategies,
    /// One sentence: what is wrong when it finds something.
    pub title: &'static str,
    /// What it means in a failover, one sentence; shown with every finding.
    pub impact: &'static str,
    /// The page: what it asks, why it breaks a failover, an example, how to fix it, where the facts are from. Markdown
    /// without the title.
    pub doc: &'static str,
    /// How it is asked.
    pub check: Check,
}

/// How a rule is asked.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// By a function of its own.
    Code(fn(&Mirror<'_>, &mut Sink)),
    /// By rows of the relations table that name it.
    Table,
    /// By such rows and by a function of its own.
    Both(fn(&Mirror<'_>, &mut Sink)),
    /// By whoever reads settings, sources or exceptions.
    Elsewhere,
}

/// Every rule, by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        network::RULES,
        access::RULES,
        data::RULES,
        objects::RULES,
        backup::RULES,
        configuration::RULES,
        compute::RULES,
        observability::RULES,
        region_loss::RULES,
        objectives::RULES,
        plan::RULES,
        table::RULES,
        general::RULES,
        exceptions::RULES,
    ]
    .into_iter()
    .flatten()
}

/// An argument that a rule takes in `dr.hcl`, beside its severity.
#[derive(Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What is expected, in words.
    pub expected: &'static str,
    /// Whether a text can be read as that.
    pub fits: fn(&str) -> bool,
}

/// The arguments that a rule takes.
pub fn arguments(rule: &str) -> &'static [Argument] {
    if rule == compute::DNS_TTL {
        compute::DNS_TTL_ARGUMENTS
    } else {
        &[]
    }
}

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name)
}
