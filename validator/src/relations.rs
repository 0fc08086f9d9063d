//! What must hold between an attribute of a primary and that of its counterpart: one row for each, as data.

mod ask;
mod blocks;
mod document;
mod forms;
mod judge;
mod order;
mod parse;
mod report;
pub(crate) mod united;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::inventory::{Name, Node, Path};
use crate::mirror::{Mirror, Outcome, PairId};
use crate::verdict::{Severity, Sink, Strategies, Strategy};

pub(crate) use ask::ask;
pub(crate) use order::carries;

/// What two values must be to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Must {
    /// The same value.
    Equal,
    /// The same value as seen from the other region.
    Translated,
    /// The same elements, or more in the secondary.
    SameSet,
    /// At least the primary's; with `lower` at most.
    AtLeast,
    /// It can grow to at least the primary's.
    ReachableAtLeast,
    /// Not below the primary's on a scale.
    NotWeaker,
    /// As many elements as the primary's, or more.
    AsMany,
    /// Set, where the primary's is; whatever the value.
    Present,
    /// The same value; a difference may be meant, and is asked.
    Ask,
    /// Anything.
    Ignored,
    /// Judged by a rule of its own.
    Special,
}

impl Must {
    /// The word in the table and in `dr.hcl`.
    pub fn word(self) -> &'static str {
        match self {
            Must::Equal => "equal",
            Must::Translated => "translated",
            Must::SameSet => "same_set",
            Must::AtLeast => "at_least",
            Must::ReachableAtLeast => "reachable_at_least",
            Must::NotWeaker => "not_weaker",
            Must::AsMany => "as_many",
            Must::Present => "present",
            Must::Ask => "ask",
            Must::Ignored => "ignored",
            Must::Special => "special",
        }
    }

    /// The relation of a word.
    pub fn of(word: &str) -> Option<Must> {
        use Must as M;
        [
            M::Equal,
            M::Translated,
            M::SameSet,
            M::AtLeast,
            M::ReachableAtLeast,
            M::NotWeaker,
            M::AsMany,
            M::Present,
            M::Ask,
            M::Ignored,
            M::Special,
        ]
        .into_iter()
        .find(|must| must.word() == word)
    }
}

/// What holds where nothing is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Nothing.
    Unset,
    /// AWS decides.
    Aws,
    /// There is no limit.
    Unlimited,
    /// A bool.
    Bool(bool),
    /// A number.
    Number(i32),
    /// A text.
    Text(&'static str),
}

impl Absent {
    /// The value, where it is one.
    pub fn node(self) -> Option<Node> {
        match self {
            Absent::Unset | Absent::Aws | Absent::Unlimited => None,
            Absent::Bool(truth) => Some(Node::Bool(truth)),
            Absent::Number(number) => {
                let number = cty::Number::parse(&number.to_string()).ok()?;
                Some(Node::Number(Box::new(number)))
            }
            Absent::Text(text) => Some(Node::String(text.into())),
        }
    }
}

/// One row: an attribute of a type.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a word of the table")]
pub struct Row {
    /// Blocks and attribute, as `rule.destination.bucket`.
    pub path: Cow<'static, str>,
    /// The same in parts.
    names: Vec<Name>,
    /// The relation.
    pub must: Must,
    /// Strategies under which it counts.
    pub on: Strategies,
    /// How bad it is.
    pub severity: Severity,
    /// What it means in a failover.
    pub why: &'static str,
    /// What holds where nothing is set.
    pub absent: Absent,
    /// Whether a replica has it from its source where nothing is set.
    pub inherited: bool,
    /// Whether it says nothing about a replica.
    pub not_on_replicas: bool,
    /// Whether less is more.
    pub lower: bool,
    /// Numbers that stand for no limit.
    pub unlimited: Vec<i32>,
    /// From the weakest to the strongest; of bools true is.
    pub scale: Vec<&'static str>,
    /// Rules that report it, or that judge it.
    pub rules: Vec<&'static str>,
    /// Inside of each element of a JSON document.
    pub inside: Option<&'static str>,
    /// For a copy that is declared otherwise than its source: the source's attribute.
    pub of: Option<&'static str>,
}

impl Row {
    /// Whether it counts under a strategy.
    pub fn counts(&self, strategy: Strategy) -> bool {
        self.on.contains(strategy)
    }
}

/// Kinds of counterparts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CounterpartKind {
    /// A second resource of the same type.
    Twin,
    /// A second resource that names the first, or an argument of the first.
    ReplicaArgument,
    /// A resource of its own carries the replication.
    ReplicationResource,
    /// A container or link above both.
    GlobalResource,
    /// A copy in time.
    CopyResource,
    /// One serves both regions.
    Global,
    /// Lives once by nature.
    Single,
}

/// All rows of a type.
#[derive(Debug)]
pub struct TypeRows {
    /// The resource type.
    pub ty: &'static str,
    /// What it is about: `network`, `database`.
    pub family: &'static str,
    /// What its counterpart is.
    pub counterpart: CounterpartKind,
    /// Strategies under which a missing counterpart counts.
    pub needed: Strategies,
    /// The argument that names what it belongs to and is replicated with.
    pub owner: Option<&'static str>,
    /// Whether one serves both regions, or is one half of a link.
    pub shared: bool,
    /// The rows.
    pub rows: Vec<Row>,
}

static TABLE: LazyLock<Vec<TypeRows>> = LazyLock::new(|| {
    parse::table(include_str!("../data/relations.txt"))
        .expect("the embedded table is read by a test")
});

static BY_TYPE: LazyLock<HashMap<&'static str, &'static TypeRows>> =
    LazyLock::new(|| TABLE.iter().map(|rows| (rows.ty, rows)).collect());

/// All types.
pub fn table() -> &'static [TypeRows] {
    &TABLE
}

/// The rows of a type.
pub fn find(ty: &str) -> Option<&'static TypeRows> {
    BY_TYPE.get(ty).copied()
}

/// A row by type and path.
pub fn row(ty: &str, path: &str) -> Option<&'static Row> {
    find(ty)?
        .rows
        .iter()
        .find(|row| row.path == path && row.inside.is_none())
}

/// The argument that names what a resource belongs to and is replicated with, also for types that the table does not hold.
pub fn owner(ty: &str) -> Option<&'static str> {
    match find(ty) {
        Some(rows) => rows.owner,
        None => match ty {
            "aws_dynamodb_table_item"
            | "aws_dynamodb_kinesis_streaming_destination"
            | "aws_dynamodb_contributor_insights" => Some("table_name"),
            "aws_dynamodb_tag" => Some("resource_arn"),
            "aws_ecr_tag" | "aws_secretsmanager_tag" => Some("secret_id"),
            _ => None,
        },
    }
}

/// A row that was asked of a pair, and what came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The pair.
    pub pair: PairId,
    /// The row.
    pub path: String,
    /// Where the primary's value stands.
    pub primary: Path,
    /// Where the secondary's value stands.
    pub secondary: Path,
    /// What came out.
    pub outcome: Outcome,
}

/// Every row that is asked, with its answer: what `drcheck explain pair` can show.
pub fn answers(mirror: &Mirror<'_>) -> Vec<Answer> {
    let mut sink = Sink {
        rows: Some(Vec::new()),
        ..Sink::default()
    };
    ask(mirror, &mut sink);
    sink.rows.unwrap_or_default()
}

/// Special rows that no rule of the list judges: type and path.
pub fn special_without_rule() -> Vec<(&'static str, &'static str)> {
    table()
        .iter()
        .flat_map(|rows| rows.rows.iter().map(move |row| (rows, row)))
        .filter(|(_, row)| row.must == Must::Special && !report::is_judged(row))
        .map(|(rows, row)| (rows.ty, &*row.path))
        .collect()
}
