//! The inventory: every instance of an estate in one normal form, whatever it was read from.

mod changes;
pub mod json;
pub mod node;
pub(crate) mod normal;
mod notes;
pub(crate) mod sealer;

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::Number;

use crate::diagnostic::Diagnostic;
use crate::source::Location;
use crate::symbol::{PathStep, Symbol};

pub use crate::load::config::Mode;
pub use changes::{Action, Change, Parting, Stale, StateStore};
pub use notes::{Comment, Move, Unread};
pub use sealer::Sealer;

/// Shared text.
pub type Name = Arc<str>;

/// A place inside of an instance's values.
pub type Path = Vec<PathStep>;

/// A value in normal form. What is not set stands nowhere; null only inside of collections.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Null, as an element.
    Null,
    /// A bool.
    Bool(bool),
    /// A number.
    Number(Box<Number>),
    /// A string.
    String(Name),
    /// In order: lists, and blocks that are lists.
    List(Arc<[Node]>),
    /// Without order, stored in a fixed one: sets, and blocks that are sets. None of its elements is unknown.
    Set(Arc<[Node]>),
    /// By free key.
    Map(Arc<BTreeMap<Name, Node>>),
    /// By the schema's names; only those that are set.
    Object(Arc<BTreeMap<Name, Node>>),
    /// Not known.
    Unknown(Arc<Unknown>),
    /// Known or not, but not to be shown.
    Sensitive(Arc<Sealed>),
}

/// Why a value is not known.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Unknown {
    /// What would settle it: `var.x`, `module.a.aws_vpc.main.id`; `aws` for what AWS decides. Sorted, without duplicates.
    pub because: Vec<Name>,
    /// What it will be made of.
    pub symbol: Option<Arc<Symbol>>,
}

impl Unknown {
    /// Why a value is not known.
    pub(crate) fn of(value: &cty::Value) -> Self {
        Unknown {
            because: crate::symbol::because(value),
            symbol: crate::symbol::of(value).cloned(),
        }
    }

    /// Decided by AWS.
    pub fn aws() -> Self {
        Unknown {
            because: vec!["aws".into()],
            symbol: None,
        }
    }
}

/// A value that must not be shown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sealed {
    /// A keyed hash of the value, in hexadecimal; `None` where the value is not known.
    pub digest: Option<Name>,
    /// Why it is not known, if it is not.
    pub because: Vec<Name>,
    /// Regions that are named in it, sorted: all that is kept of the text.
    pub regions: Vec<Name>,
}

/// Where a global service's objects live, or a regional one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In one region.
    Regional,
    /// Everywhere, whichever region the provider has.
    Global,
}

/// The key of an instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Index {
    /// By `count`.
    Number(u64),
    /// By `for_each`.
    Key(Name),
    /// `count` or `for_each` is not known: this one stands for all.
    Any,
}

/// A fact with its derivation, or why it is not known.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Fact {
    /// The fact, if it is known.
    pub value: Option<Name>,
    /// From the nearest to the furthest: how it was derived, or what is missing.
    pub because: Vec<Name>,
}

/// One link of a place chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where.
    pub location: Location,
    /// What stands there: an argument, a variable's value at a module call, a default.
    pub what: Name,
    /// How far it is from the attribute: a link leads to those behind it that are one further.
    pub depth: u16,
    /// A mark of the value there with regions left out: links with two marks have two values. Zero where it is not known, or
    /// must not be told.
    pub like: u32,
}

/// A resource whose `count` or `for_each` makes no instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmade {
    /// Its absolute address.
    pub address: Name,
    /// The root it belongs to, where there are several.
    pub root: Option<Name>,
    /// Where its number is decided, link by link.
    pub links: Arc<[Link]>,
}

/// Something an instance refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Where in this instance.
    pub path: Path,
    /// The address it leads to: of an instance, or of a resource where the instance is not known.
    pub to: Name,
    /// Where in that instance.
    pub to_path: Path,
}

/// A value that was modelled, not stated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumed {
    /// Where in this instance.
    pub path: Path,
    /// What was assumed.
    pub because: Name,
}

/// One expanded resource or data source.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Absolute address, with keys.
    pub address: Name,
    /// The root it belongs to, where there are several.
    pub root: Option<Name>,
    /// Address of its module instance; empty for the root.
    pub module: Name,
    /// Managed or data.
    pub mode: Mode,
    /// Its type, as `aws_vpc`.
    pub ty: Name,
    /// Its name.
    pub name: Name,
    /// Its key, if it has one.
    pub index: Option<Index>,
    /// Regional or global.
    pub scope: Scope,
    /// The account it lives in.
    pub account: Fact,
    /// The region of the provider configuration that serves it.
    pub region: Fact,
    /// The provider configuration at the root, as `aws.secondary`.
    pub provider_key: Option<Name>,
    /// Whether it is known that exactly this instance exists.
    pub expansion_known: bool,
    /// What its existence hangs on where that is not known: each unknown `count` or `for_each` of its modules and its own,
    /// from the outermost inwards. Empty where the source does not say.
    pub hangs_on: Vec<Arc<Unknown>>,
    /// Whether the type is in the embedded schema, so that values are in normal form.
    pub in_schema: bool,
    /// Whether a syntax error lies in its block: what is not set may have been.
    pub damaged: bool,
    /// Its values by attribute or block name.
    pub values: BTreeMap<Name, Node>,
    /// What was modelled.
    pub assumed: Vec<Assumed>,
    /// What it refers to.
    pub references: Vec<Reference>,
    /// Names of the first level whose changes Terraform ignores.
    pub ignore_changes: Vec<Name>,
    /// Where it is declared.
    pub source: Option<Location>,
    /// For attributes and blocks: where the value comes from, link by link.
    pub places: BTreeMap<Name, Arc<[Link]>>,
}

/// What kind of source an inventory was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// Files in Terraform's language.
    Configuration,
    /// `terraform show -json` of a plan.
    Plan,
    /// A state in either form.
    State,
    /// A saved inventory.
    Inventory,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceInfo {
    /// What kind.
    pub kind: SourceKind,
    /// The file or directory, as given.
    pub path: Name,
    /// The root it belongs to, if there are several.
    pub root: Option<Name>,
    /// The version of Terraform that wrote it, where it says so.
    pub terraform_version: Option<Name>,
    /// Whether absence in it proves absence: not for an incomplete or failed plan, nor for files with errors.
    pub complete: bool,
    /// Files that were read.
    pub files: u64,
    /// Files that could not be parsed, in full or in part.
    pub broken_files: u64,
}

/// Everything that is known of an estate.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// What it was read from.
    pub sources: Vec<SourceInfo>,
    /// What could not be read or told.
    pub diagnostics: Vec<Diagnostic>,
    /// All instances, by address within each root.
    pub instances: Vec<Instance>,
    /// Addresses that changed.
    pub moved: Vec<Move>,
    /// Comments that accept findings.
    pub comments: Vec<Comment>,
    /// What plans do, and what was done outside of Terraform, by address.
    pub changes: Vec<Change>,
    /// Where plans and their configuration say different things.
    pub stale: Vec<Stale>,
    /// Where roots keep their state.
    pub stores: Vec<StateStore>,
    /// Module calls that nothing was read of.
    pub unread: Vec<Unread>,
    /// Resources of which there is no instance, by address.
    pub unmade: Vec<Unmade>,
}

impl Inventory {
    /// Adds all of another one.
    pub fn add(&mut self, other: Inventory) {
        self.sources.extend(other.sources);
        self.diagnostics.extend(other.diagnostics);
        self.instances.extend(other.instances);
        self.moved.extend(other.moved);
        self.comments.extend(other.comments);
        self.changes.extend(other.changes);
        self.stale.extend(other.stale);
        self.stores.extend(other.stores);
        self.unread.extend(other.unread);
        self.unmade.extend(other.unmade);
    }
}

/// A plan, state or saved inventory that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {summary}. {detail}")]
pub struct DocumentError {
    /// The file as it was given; `-` for stdin.
    pub path: String,
    /// What was seen, without a final dot.
    pub summary: String,
    /// What was expected, and the next move.
    pub detail: String,
}
