//! Expands a configuration: modules, resources, providers and regions, and evaluates what is asked for.
//!
//! Everything is lazy and remembered: a variable, a local value, an output, an expansion and an argument of an instance is
//! evaluated once, when something asks for it. Something that asks for itself is a cycle: unknown, with a diagnostic.

mod accounts;
mod blocks;
mod bodies;
mod certificates;
mod data_sources;
mod expansion;
mod frames;
mod instances;
mod memo;
mod module;
mod names;
mod nodes;
mod outputs;
mod policy_document;
mod providers;
mod regions;
mod resources;
mod scope;
mod state_store;
mod trace;
mod variables;
mod whole;
mod written;
mod zones;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use cty::Value;

use crate::diagnostic::{Diagnostic, Kind};
use crate::eval::{Budget, Evaluated, Failure, Frame, Limits, Scope, evaluate};
use crate::load::config::{Configuration, ExprRef};
use crate::source::{FileId, SourceFile};
use crate::symbol::{self, Symbol};
pub(crate) use accounts::is_account;
pub(crate) use instances::keyless;
pub(crate) use module::ModuleInstance;
pub(crate) use names::{indexed, quoted};
pub(crate) use state_store::NO_REGION;
pub use zones::REGIONS;

/// Instances that one configuration may expand to, modules among them: enough for the largest estates, and an end for
/// hostile ones.
const MOST_INSTANCES: u64 = 200_000;

/// A configuration while it is evaluated.
pub struct World<'c> {
    pub(crate) configuration: &'c Configuration,
    pub(crate) budget: Budget,
    root: Rc<ModuleInstance>,
    files: RefCell<Vec<Arc<SourceFile>>>,
    diagnostics: RefCell<Vec<Diagnostic>>,
    seen: RefCell<BTreeSet<(Option<crate::source::Place>, String)>>,
    made: Cell<u64>,
    blocks_made: Cell<u64>,
}

impl<'c> World<'c> {
    /// Nothing is evaluated yet.
    pub fn new(configuration: &'c Configuration) -> Self {
        World::with_limits(configuration, &Limits::default())
    }

    /// The same, with bounds of one's own.
    pub fn with_limits(configuration: &'c Configuration, limits: &Limits) -> Self {
        World {
            configuration,
            budget: Budget::new(limits),
            root: ModuleInstance::root(),
            files: RefCell::default(),
            diagnostics: RefCell::default(),
            seen: RefCell::default(),
            made: Cell::new(0),
            blocks_made: Cell::new(0),
        }
    }

    /// What evaluation found wrong so far, in the order in which it was met.
    pub fn take_diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics.take()
    }

    /// Evaluates an expression where the root module's own expressions stand, as `terraform console` does.
    ///
    /// # Errors
    /// Where Terraform would refuse it.
    pub fn evaluate_in_root(&self, file: &SourceFile, id: crate::syntax::ast::ExprId) -> Evaluated {
        let scope = self.scope(&self.root);
        evaluate(file, id, &scope, None, &self.budget)
    }

    /// Adds a source while evaluation goes on, such as an expression from the command line.
    pub fn add_source(&self, name: &str, ast: crate::syntax::ast::Ast) -> Arc<SourceFile> {
        self.configuration.sources.add(name, ast)
    }

    /// One local value, output or variable of the root, for tests and for whoever links roots.
    ///
    /// # Errors
    /// Where there is no such output.
    pub fn root_output(&self, name: &str) -> Option<Value> {
        self.configuration
            .root()
            .outputs
            .contains_key(name)
            .then(|| self.output(&self.root, name))
    }

    pub(crate) fn evaluate(
        &self,
        expr: ExprRef,
        scope: &dyn Scope,
        frame: Option<&Frame<'_>>,
    ) -> Evaluated {
        let file = self.file(expr.file);
        evaluate(&file, expr.id, scope, frame, &self.budget)
    }

    /// The file of this number, without taking the lock of the sources each time.
    pub(crate) fn file(&self, id: FileId) -> Arc<SourceFile> {
        let known = self.files.borrow().get(id.0 as usize).cloned();
        known.unwrap_or_else(|| {
            let all = self.configuration.sources.all();
            let file = all[id.0 as usize].clone();
            *self.files.borrow_mut() = all;
            file
        })
    }

    pub(crate) fn report(&self, diagnostic: Diagnostic) {
        // A module that is called often says the same of each call.
        let key = (diagnostic.place, diagnostic.summary.clone());
        if self.seen.borrow_mut().insert(key) {
            self.diagnostics.borrow_mut().push(diagnostic);
        }
    }

    /// The value, or a note of why there is none and an unknown in its place.
    pub(crate) fn or_unknown(&self, result: Evaluated, what: &str) -> Value {
        match result {
            Ok(value) => value,
            Err(failure) => {
                self.report_failure(&failure, what);
                failed(what)
            }
        }
    }

    pub(crate) fn report_failure(&self, failure: &Failure, what: &str) {
        let diagnostic = Diagnostic::error(
            Kind::Evaluation,
            failure.summary.clone(),
            failure.detail.clone(),
        );
        self.report(Diagnostic {
            place: failure.place,
            ..diagnostic.about(what)
        });
    }

    /// Counts new instances; false when the bound is reached, which is said once.
    pub(crate) fn make(&self, count: u64, what: &str) -> bool {
        let made = self.made.get().saturating_add(count);
        if made > MOST_INSTANCES {
            self.report(
                Diagnostic::error(
                    Kind::Evaluation,
                    format!("more than {MOST_INSTANCES} instances"),
                    format!(
                        "{what} would bring the configuration past the number of instances that are expanded; \
                         what lies beyond is left out. Check several roots one by one, or a plan."
                    ),
                )
                .about(what),
            );
            return false;
        }
        self.made.set(made);
        true
    }
}

/// What stands for something whose evaluation failed.
pub(crate) fn failed(what: &str) -> Value {
    let why = format!("{what} could not be evaluated");
    symbol::with(Value::dynamic_unknown(), Symbol::Opaque(why.into()))
}
