//! Evaluates expressions as Terraform does: lazily, with unknowns that say why, and marks.

// Failures are boxed from where they are made: results travel through every level of an expression.
#![allow(clippy::unnecessary_box_returns)]

mod access;
mod budget;
mod call;
mod conditional;
mod constant;
mod for_expr;
mod machine;
mod object;
mod operator;
mod outcome;
mod render;
mod settled;
mod special;
mod splat;
mod template;
#[cfg(test)]
mod tests;
pub mod type_constraint;
pub mod variable;

use std::sync::Arc;

use cty::Value;

use crate::functions::Environment;
use crate::source::Place;

pub use budget::Budget;
pub use constant::constant;
pub use machine::evaluate;
pub(crate) use operator::sign;

/// Why an expression has no value: Terraform would refuse it too.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{summary}: {detail}")]
pub struct Failure {
    /// One line without a final dot.
    pub summary: String,
    /// Sentences: what was seen, what was expected.
    pub detail: String,
    /// The innermost expression that is wrong.
    pub place: Option<Place>,
    /// Terraform sees it before it evaluates anything, such as a name that is not declared: `try` and `can` cannot catch it.
    pub fatal: bool,
}

impl Failure {
    /// A failure at a place.
    pub fn new(place: Place, summary: impl Into<String>, detail: impl Into<String>) -> Box<Self> {
        Box::new(Failure {
            summary: summary.into(),
            detail: detail.into(),
            place: Some(place),
            fatal: false,
        })
    }

    /// The same, as one that nothing catches.
    #[must_use]
    pub fn fatal(mut self: Box<Self>) -> Box<Self> {
        self.fatal = true;
        self
    }
}

/// A value, or why there is none. Boxed: results travel through every level of an expression.
pub type Evaluated = Result<Value, Box<Failure>>;

/// One step of a reference behind its root.
#[derive(Clone, Debug)]
pub enum Step<'a> {
    /// `.name`
    Attribute(&'a str, Place),
    /// `[key]`, evaluated, or a legacy index.
    Index(Value, Place),
}

/// A reference: `var.x`, `aws_vpc.main[0].id`, `each.value`. All steps behind the root are given, so that a scope can
/// evaluate just what is asked for; those it does not use are applied to what it answers.
pub struct Reference<'a> {
    /// The first name.
    pub root: &'a str,
    /// What follows it directly.
    pub steps: &'a [Step<'a>],
    /// Where it stands.
    pub place: Place,
}

/// What a scope knows of a reference.
pub struct Resolved {
    /// The value of the part that was used.
    pub value: Value,
    /// How many of the steps were used.
    pub used: usize,
}

/// What names mean where an expression stands.
pub trait Scope {
    /// Resolves a reference whose root is no local name of the expression itself.
    ///
    /// # Errors
    /// When Terraform would refuse the reference.
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>>;

    /// What functions see of the world.
    fn environment(&self) -> &Environment;

    /// Whether there is a provider of this name, whose functions may be called.
    fn knows_provider(&self, _name: &str) -> bool {
        true
    }

    /// A provider-defined function, `provider::name::function`. `None` where there is no such provider.
    fn provider_function(&self, _name: &str, _arguments: &[Value]) -> Option<Value> {
        None
    }
}

/// Names that an expression or a dynamic block brings along, innermost first.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The name.
    pub name: &'a str,
    /// Its value.
    pub value: &'a Value,
    /// The names around it.
    pub outer: Option<&'a Frame<'a>>,
}

impl<'a> Frame<'a> {
    /// The value of a name, here or further out.
    pub fn find(&self, name: &str) -> Option<&'a Value> {
        if self.name == name {
            return Some(self.value);
        }
        self.outer.and_then(|outer| outer.find(name))
    }
}

/// Bounds that hostile input runs into: with a clean failure, not with the machine's memory.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Elements that one evaluation may make in all.
    pub elements: u64,
    /// Bytes of strings that one evaluation may make in all.
    pub bytes: u64,
    /// Levels of expressions inside of one another, counted through the values that they refer to. A level takes up to
    /// 8 KiB of stack in a build without optimisation.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            elements: 5_000_000,
            bytes: 512 * 1024 * 1024,
            depth: 6_000,
        }
    }
}

/// Shared text.
pub type Name = Arc<str>;
