//! What a plan does, and what it is made from: actions on instances, changes that were made outside of Terraform, where the
//! configuration says otherwise, and where the state is kept.

use std::collections::BTreeMap;

use super::{Fact, Name, Node, Path, Scope};
use crate::source::Location;

/// What a plan does with an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// Makes it.
    Create,
    /// Reads it: a data source.
    Read,
    /// Changes it in place.
    Update,
    /// Destroys it.
    Delete,
    /// Destroys it and makes it anew.
    Replace,
    /// Makes it anew and destroys the old one then.
    ReplaceAfter,
    /// Forgets it: it stays, but not in the state.
    Forget,
    /// Something that a newer version of Terraform does.
    Other,
}

impl Action {
    /// All, in order.
    const ALL: [Action; 9] = [
        Action::NoOp,
        Action::Create,
        Action::Read,
        Action::Update,
        Action::Delete,
        Action::Replace,
        Action::ReplaceAfter,
        Action::Forget,
        Action::Other,
    ];

    /// The word in saved inventories.
    pub fn word(self) -> &'static str {
        match self {
            Action::NoOp => "no-op",
            Action::Create => "create",
            Action::Read => "read",
            Action::Update => "update",
            Action::Delete => "delete",
            Action::Replace => "replace",
            Action::ReplaceAfter => "create-then-delete",
            Action::Forget => "forget",
            Action::Other => "other",
        }
    }

    /// The action of a word; what is not known is another one.
    pub fn of(word: &str) -> Self {
        let known = Action::ALL.into_iter().find(|action| action.word() == word);
        known.unwrap_or(Action::Other)
    }

    /// The action that a plan writes as one word or two.
    pub(crate) fn planned(words: &[String]) -> Self {
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [word @ ("no-op" | "create" | "read" | "update" | "delete" | "forget")] => {
                Action::of(word)
            }
            ["delete", "create"] => Action::Replace,
            ["create", "delete"] => Action::ReplaceAfter,
            _ => Action::Other,
        }
    }

    /// Whether what is there now is lost.
    pub fn destroys(self) -> bool {
        matches!(
            self,
            Action::Delete | Action::Replace | Action::ReplaceAfter
        )
    }
}

/// What a plan does with one managed instance, or what was done to it outside of Terraform.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Absolute address, with keys.
    pub address: Name,
    /// The root it belongs to, where there are several.
    pub root: Option<Name>,
    /// Its type.
    pub ty: Name,
    /// Regional or global.
    pub scope: Scope,
    /// Where it lives: one that is destroyed is no instance any more.
    pub region: Fact,
    /// What is done, or was done outside.
    pub action: Action,
    /// Why, in Terraform's word: `replace_because_cannot_update`.
    pub reason: Option<Name>,
    /// Places that force a replacement.
    pub replace: Vec<Path>,
    /// What was, of the arguments that carry a role in a failover.
    pub before: BTreeMap<Name, Node>,
    /// What is now, of the same arguments: of changes made outside only. What a plan makes of them stands in the instance.
    pub after: BTreeMap<Name, Node>,
    /// Whether it was done outside of Terraform.
    pub outside: bool,
}

/// How a plan and its configuration part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parting {
    /// Both have the instance, with other values.
    Differs,
    /// The configuration has an instance that the plan does not know.
    OnlyWritten,
    /// The plan has an instance that the configuration does not know.
    OnlyPlanned,
}

impl Parting {
    /// The word in saved inventories.
    pub fn word(self) -> &'static str {
        match self {
            Parting::Differs => "differs",
            Parting::OnlyWritten => "only-written",
            Parting::OnlyPlanned => "only-planned",
        }
    }

    /// The parting of a word.
    pub fn of(word: &str) -> Option<Self> {
        [Parting::Differs, Parting::OnlyWritten, Parting::OnlyPlanned]
            .into_iter()
            .find(|parting| parting.word() == word)
    }
}

/// An instance of which a plan and its configuration say different things.
#[derive(Clone, Debug, PartialEq)]
pub struct Stale {
    /// Its address.
    pub address: Name,
    /// The root it belongs to, where there are several.
    pub root: Option<Name>,
    /// Where it lives.
    pub region: Fact,
    /// The plan's file.
    pub plan: Name,
    /// How they part.
    pub parting: Parting,
    /// Where the values part, in order; empty for an instance that only one of them has.
    pub paths: Vec<Path>,
    /// What the configuration says at the first of them, as it is written.
    pub written: Option<Name>,
    /// Where it is declared.
    pub source: Option<Location>,
}

/// Where a root keeps its state.
#[derive(Clone, Debug, PartialEq)]
pub struct StateStore {
    /// The root, where there are several.
    pub root: Option<Name>,
    /// `s3`, `cloud`, `local`, …
    pub kind: Name,
    /// The bucket, or what stands for it.
    pub name: Option<Name>,
    /// Its region; why, or what is missing.
    pub region: Fact,
    /// Where it is declared.
    pub source: Option<Location>,
}
