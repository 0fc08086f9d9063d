//! A reference as it is written: a root name and what follows it.

use crate::load::config::Name;
use crate::symbol::PathStep;
use crate::syntax::ast::ExprId;

/// One part behind the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `.name`, or a key that is plain text.
    Name(Name),
    /// A position that is a plain number.
    Number(u64),
    /// `[key]`
    Key(ExprId),
    /// `[*]` or `.*`
    All,
}

/// A reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Traversal {
    pub(super) root: Name,
    pub(super) parts: Vec<Part>,
}

impl Part {
    pub(super) fn name(&self) -> Option<Name> {
        match self {
            Part::Name(name) => Some(name.clone()),
            _ => None,
        }
    }

    /// As a step into an instance.
    pub(super) fn step(&self) -> Option<PathStep> {
        match self {
            Part::Name(name) => Some(PathStep::Name(name.clone())),
            Part::Number(number) => Some(PathStep::Index(*number)),
            Part::Key(_) | Part::All => None,
        }
    }

    /// Tells parts apart.
    pub(super) fn shown(&self) -> Name {
        match self {
            Part::Name(name) => name.clone(),
            Part::Number(number) => number.to_string().into(),
            Part::Key(id) => format!("[{}]", id.0).into(),
            Part::All => "[*]".into(),
        }
    }
}
