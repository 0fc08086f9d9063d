//! What an estate says of itself in `dr.hcl`: roles of regions, strategy, tiers, pairs, exceptions. Data only; without a
//! file all of it has defaults.

mod met;
pub(crate) mod proposal;
mod read;

use std::collections::BTreeMap;

use crate::inventory::Name;
use crate::source::Location;
use crate::verdict::{Severity, Strategy};

pub(crate) use met::met;
pub(crate) use read::seconds;
pub use read::{Problem, SettingsError, read};

/// All that `dr.hcl` says about comparing.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The file as it was named; `None` without one.
    pub file: Option<Name>,
    /// The estate's name.
    pub estate: Option<Name>,
    /// The primary region; inferred where it is not named.
    pub primary: Option<Name>,
    /// Secondary regions, in order; inferred where none is named.
    pub secondary: Vec<Name>,
    /// The region that serves now, where it is not the primary one: plans are made after a switch.
    pub active: Option<Name>,
    /// Where the state of a root is kept, by root; the empty name stands for all.
    pub backend_regions: BTreeMap<Name, Name>,
    /// How the secondary is kept; warm standby where it is not named.
    pub strategy: Option<Strategy>,
    /// How address ranges of the regions relate; inferred where it is not named.
    pub cidr: Option<CidrPolicy>,
    /// Tiers, in order: the first that matches an instance is its tier.
    pub tiers: Vec<Tier>,
    /// Arguments and severities of rules, by rule.
    pub rules: BTreeMap<Name, RuleSetting>,
    /// What lives once on purpose.
    pub singles: Vec<Single>,
    /// Pairs that are told.
    pub pairs: Vec<ToldPair>,
    /// How keys and the like are used.
    pub uses: Vec<Use>,
    /// Relations that differ from the table.
    pub relations: Vec<ToldRelation>,
    /// Accepted findings.
    pub accepts: Vec<Accept>,
    /// What is likely not meant as it is written.
    pub warnings: Vec<Problem>,
}

impl Settings {
    /// The strategy where a tier has none of its own.
    pub fn strategy(&self) -> Strategy {
        self.strategy.unwrap_or(Strategy::WarmStandby)
    }
}

/// How the secondary's address ranges relate to the primary's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CidrPolicy {
    /// The same ranges in both regions.
    Identical,
    /// The same offsets and sizes inside of another VPC range.
    Shifted,
    /// Any ranges; sizes count.
    Any,
}

impl CidrPolicy {
    /// The word in `dr.hcl`.
    pub fn word(self) -> &'static str {
        match self {
            CidrPolicy::Identical => "identical",
            CidrPolicy::Shifted => "shifted",
            CidrPolicy::Any => "any",
        }
    }

    /// The policy of a word.
    pub fn of(word: &str) -> Option<Self> {
        [CidrPolicy::Identical, CidrPolicy::Shifted, CidrPolicy::Any]
            .into_iter()
            .find(|policy| policy.word() == word)
    }
}

/// `tier "critical" { rto = "1h" rpo = "5m" match = ["aws_db_*", "module.auth"] }`
#[derive(Clone, Debug, Default)]
pub struct Tier {
    /// Its name.
    pub name: Name,
    /// Longest time until it serves again, in seconds.
    pub rto: Option<u64>,
    /// Longest span of lost data, in seconds.
    pub rpo: Option<u64>,
    /// Its own strategy.
    pub strategy: Option<Strategy>,
    /// Patterns of addresses or types; `*` stands for any text. A pattern of a module means all that is in it.
    pub matches: Vec<Name>,
    /// Where it stands.
    pub place: Option<Location>,
}

/// `rule "dns-ttl-too-long" { max = "60s" severity = "breaks" }`
#[derive(Clone, Debug, Default)]
pub struct RuleSetting {
    /// Another severity.
    pub severity: Option<Severity>,
    /// Other arguments, as text.
    pub arguments: BTreeMap<Name, Name>,
    /// Where it stands.
    pub place: Option<Location>,
}

/// `single "aws_ecr_repository.build_cache" { reason = "only used by builds" }`
#[derive(Clone, Debug, Default)]
pub struct Single {
    /// Address, or a pattern of addresses.
    pub address: Name,
    /// Why.
    pub reason: Name,
    /// Where it stands.
    pub place: Option<Location>,
}

/// `pair { primary = "aws_db_instance.main" secondary = "aws_db_instance.west_replica" }`
#[derive(Clone, Debug, Default)]
pub struct ToldPair {
    /// Address in the primary region.
    pub primary: Name,
    /// Address in the secondary region.
    pub secondary: Name,
    /// Where it stands.
    pub place: Option<Location>,
}

/// `use "module.data.aws_kms_key.files" { client_side = true }`
#[derive(Clone, Debug, Default)]
pub struct Use {
    /// Address of the key.
    pub address: Name,
    /// Whether workloads of both regions encrypt with it themselves.
    pub client_side: Option<bool>,
    /// Where it stands.
    pub place: Option<Location>,
}

/// `relation "aws_ecs_service" "health_check_grace_period_seconds" { must = "equal" }`
#[derive(Clone, Debug, Default)]
pub struct ToldRelation {
    /// The resource type.
    pub ty: Name,
    /// The attribute, as `a.b`.
    pub path: Name,
    /// The relation's word.
    pub must: Name,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Where it stands.
    pub place: Option<Location>,
}

/// `accept "replica-class" { … }`, or a comment beside an attribute.
#[derive(Clone, Debug, Default)]
pub struct Accept {
    /// Its name; the place for a comment.
    pub name: Name,
    /// The rule.
    pub rule: Name,
    /// An address of the pair.
    pub pair: Name,
    /// The attribute, as `a.b`.
    pub attribute: Option<Name>,
    /// The value in the primary that is accepted.
    pub primary_value: Option<Name>,
    /// The value in the secondary that is accepted.
    pub secondary_value: Option<Name>,
    /// Who answers for it.
    pub owner: Name,
    /// Why.
    pub reason: Name,
    /// The last day, `2027-03-31`.
    pub expires: Name,
    /// Where it stands.
    pub place: Option<Location>,
}

/// Whether a pattern means an address or type: `*` stands for any text, a module for all that is in it.
pub fn matches(pattern: &str, address: &str, ty: &str) -> bool {
    let bare = crate::documents::without_keys(address);
    glob(pattern, address)
        || glob(pattern, &bare)
        || glob(pattern, ty)
        || last_part(&bare).is_some_and(|last| pattern.contains('.') && glob(pattern, last))
        || prefix(pattern, address)
        || prefix(pattern, &bare)
}

/// `aws_db_instance.main` of `module.a.aws_db_instance.main`.
fn last_part(address: &str) -> Option<&str> {
    let name = address.rfind('.')?;
    let ty = address.get(..name)?.rfind('.')?;
    address.get(ty + 1..)
}

fn prefix(pattern: &str, address: &str) -> bool {
    pattern.starts_with("module.")
        && address
            .strip_prefix(pattern)
            .is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
}

/// `*` stands for any text.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

/// The known word nearest to one that is not known, if one is near.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.chars().count() / 3).clamp(1, 4);
    known
        .map(|name| (distance(word, name), name))
        .filter(|(distance, _)| (1..=most).contains(distance))
        .min()
        .map(|(_, name)| name)
}

/// Letters to insert, remove or change, or neighbours to swap.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for at in 0..one.len() {
        let mut next = vec![at + 1; other.len() + 1];
        for column in 0..other.len() {
            let differs = usize::from(one[at] != other[column]);
            let mut least = (row[column] + differs)
                .min(next[column] + 1)
                .min(row[column + 1] + 1);
            if at > 0 && column > 0 && one[at] == other[column - 1] && one[at - 1] == other[column]
            {
                least = least.min(before[column - 1] + 1);
            }
            next[column + 1] = least;
        }
        before = std::mem::replace(&mut row, next);
    }
    row[other.len()]
}
