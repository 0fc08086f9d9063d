//! Expressions where nothing can be referred to: defaults of optional attributes, files of variables.

use std::sync::Arc;

use super::budget::Budget;
use super::machine::Machine;
use super::{Evaluated, Failure, Reference, Resolved, Scope};
use crate::functions::{Environment, NoFiles};
use crate::source::SourceFile;
use crate::syntax::ast::ExprId;

/// Evaluates an expression that holds neither references nor function calls.
///
/// # Errors
/// When it does, or Terraform would refuse it otherwise.
pub fn constant(file: &SourceFile, id: ExprId, budget: &Budget) -> Evaluated {
    let scope = Nothing(Environment {
        files: Arc::new(NoFiles),
    });
    let machine = Machine {
        file,
        scope: &scope,
        budget,
        rendering: None,
        constant: true,
    };
    machine.value(id, None).into_evaluated()
}

/// A scope without names.
struct Nothing(Environment);

impl Scope for Nothing {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        Err(Failure::new(
            reference.place,
            "Variables not allowed",
            format!(
                "Nothing can be referred to here, so {:?} cannot either. Text needs quotes.",
                reference.root
            ),
        ))
    }

    fn environment(&self) -> &Environment {
        &self.0
    }
}
