//! A reference as it is written: a root name and what follows it.

use std::rc::Rc;

use super::Stand;
use crate::load::config::{ExprRef, Name};
use crate::symbol::PathStep;
use crate::syntax::ast::ExprId;

/// One part behind the root.
#[derive(Clone)]
pub(super) enum Part {
    /// `.name`, or a key that is plain text.
    Name(Name),
    /// A position that is a plain number.
    Number(u64),
    /// `[key]`, in the expression at hand.
    Key(ExprId),
    /// The same, with where it stands: parts are followed into other files and modules, where the key means nothing.
    KeyAt(Rc<(ExprRef, Stand)>),
    /// `[*]` or `.*`
    All,
}

/// A reference.
#[derive(Clone)]
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
            Part::Key(_) | Part::KeyAt(_) | Part::All => None,
        }
    }

    /// Tells parts apart.
    pub(super) fn shown(&self) -> Name {
        match self {
            Part::Name(name) => name.clone(),
            Part::Number(number) => number.to_string().into(),
            Part::Key(id) => format!("[{}]", id.0).into(),
            Part::KeyAt(key) => {
                let (expr, stand) = &**key;
                format!("[{} {} {}]", stand.module.address, expr.file.0, expr.id.0).into()
            }
            Part::All => "[*]".into(),
        }
    }
}
