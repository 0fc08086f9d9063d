//! Why a value of a plan is not known: what its expression refers to, followed through modules as far as that is clear.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::configuration::{Configuration, Module, Resource, references};
use crate::documents::address::{joined, module_path, parts, without_key};
use crate::inventory::{Name, Path, Reference, Unknown};
use crate::symbol::PathStep;

/// Modules that one reference is followed through.
const DEEPEST: u32 = 32;

/// An instance whose expressions are asked.
pub(super) struct Asked<'a> {
    pub(super) configuration: &'a Configuration,
    /// Address of its module instance.
    pub(super) module: &'a str,
    pub(super) resource: Option<&'a Resource>,
}

/// What is found behind an expression.
type Found = BTreeSet<(String, Path)>;

impl Asked<'_> {
    /// Why the value at a path is not known.
    pub(super) fn why(&self, path: &Path) -> Unknown {
        let mut found = Found::new();
        let Some(expression) = self.expression(path) else {
            return match path.as_slice() {
                // A block that the configuration of a plan does not show is a dynamic one.
                [PathStep::Name(block), PathStep::Index(_), ..] if !self.is_shown(block) => {
                    Unknown {
                        because: vec![
                            format!("the dynamic block {block}, which a plan does not show").into(),
                        ],
                        symbol: None,
                    }
                }
                _ => Unknown::aws(),
            };
        };
        let mut reasons: BTreeSet<Name> = BTreeSet::new();
        for reference in all_references(expression) {
            self.follow(&reference, self.module, 0, &mut found, &mut reasons);
        }
        let shown = |(address, path): &(String, Path)| {
            let rest = crate::inventory::node::path_text(path);
            Name::from(if rest.is_empty() {
                address.clone()
            } else {
                format!("{address}.{rest}")
            })
        };
        reasons.extend(found.iter().map(shown));
        if reasons.is_empty() {
            return Unknown::aws();
        }
        Unknown {
            because: reasons.into_iter().collect(),
            symbol: None,
        }
    }

    fn is_shown(&self, block: &str) -> bool {
        self.resource
            .is_none_or(|resource| resource.expressions.get(block).is_some())
    }

    /// The expression of a path: in nested blocks as far as it is written there.
    fn expression(&self, path: &Path) -> Option<&Json> {
        let mut at = &self.resource?.expressions;
        for step in path {
            let next = match step {
                PathStep::Name(name) => at.get(&**name),
                PathStep::Index(index) => match at {
                    Json::Array(blocks) => usize::try_from(*index)
                        .ok()
                        .and_then(|index| blocks.get(index)),
                    other => Some(other),
                },
            };
            match next {
                Some(next) => at = next,
                // The expression of the whole speaks for its parts.
                None if at.get("references").is_some() => return Some(at),
                None => return None,
            }
        }
        Some(at)
    }

    /// All instances that the resource refers to.
    pub(super) fn references(&self) -> Vec<Reference> {
        let Some(resource) = self.resource else {
            return Vec::new();
        };
        let mut all = BTreeSet::new();
        for (name, expression) in resource.expressions.as_object().into_iter().flatten() {
            self.refer(name, expression, &mut all);
        }
        for (name, expression) in [
            ("count", &resource.count_expression),
            ("for_each", &resource.for_each_expression),
        ] {
            self.refer(name, expression, &mut all);
        }
        all.into_iter().collect()
    }

    fn refer(&self, name: &str, expression: &Json, all: &mut BTreeSet<Reference>) {
        let mut found = Found::new();
        for reference in all_references(expression) {
            self.follow(&reference, self.module, 0, &mut found, &mut BTreeSet::new());
        }
        all.extend(found.into_iter().map(|(to, to_path)| Reference {
            path: vec![PathStep::Name(name.into())],
            to: to.into(),
            to_path,
        }));
    }

    /// Follows a reference that stands in a module instance.
    fn follow(
        &self,
        reference: &str,
        module: &str,
        depth: u32,
        found: &mut Found,
        reasons: &mut BTreeSet<Name>,
    ) {
        if depth > DEEPEST {
            return;
        }
        let parts = parts(reference);
        let names = module_path(module);
        match parts.as_slice() {
            ["var", name, rest @ ..] => {
                self.variable(
                    without_key(name),
                    rest,
                    module,
                    &names,
                    depth,
                    found,
                    reasons,
                );
            }
            ["module", name, rest @ ..] => {
                self.output(without_key(name), rest, module, &names, depth, found);
            }
            ["local", ..] => drop(reasons.insert(joined(module, reference).into())),
            ["each" | "count", ..] => self.repetition(module, &names, depth, found, reasons),
            ["path" | "terraform" | "self", ..] => {}
            ["data", ty, name, rest @ ..] => {
                found.insert((joined(module, &format!("data.{ty}.{name}")), path_of(rest)));
            }
            [ty, name, rest @ ..] => {
                found.insert((joined(module, &format!("{ty}.{name}")), path_of(rest)));
            }
            _ => {}
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn variable(
        &self,
        name: &str,
        rest: &[&str],
        module: &str,
        names: &[String],
        depth: u32,
        found: &mut Found,
        reasons: &mut BTreeSet<Name>,
    ) {
        let Some((call, above)) = names.split_last() else {
            reasons.insert(format!("var.{name}").into());
            return;
        };
        let parent = module_above(module);
        let call = self
            .configuration
            .module(above)
            .and_then(|module| module.module_calls.get(call));
        let Some(expression) = call.map(|call| &call.expressions[name]) else {
            return;
        };
        let given = references(expression);
        for reference in &given {
            // A whole module that is passed on: the part is one of its outputs.
            let whole = reference.starts_with("module.") && parts(reference).len() == 2;
            let full = if whole && !rest.is_empty() {
                format!("{reference}.{}", rest.join("."))
            } else {
                (*reference).to_owned()
            };
            self.follow(&full, &parent, depth + 1, found, reasons);
        }
    }

    fn output(
        &self,
        call: &str,
        rest: &[&str],
        module: &str,
        names: &[String],
        depth: u32,
        found: &mut Found,
    ) {
        let below = joined(module, &format!("module.{call}"));
        let mut path = names.to_vec();
        path.push(call.to_owned());
        let Some(inner) = self.configuration.module(&path) else {
            return;
        };
        match rest.first() {
            Some(output) => self.one_output(inner, without_key(output), &below, depth, found),
            None => {
                for output in inner.outputs.keys() {
                    self.one_output(inner, output, &below, depth, found);
                }
            }
        }
    }

    fn one_output(&self, inner: &Module, output: &str, below: &str, depth: u32, found: &mut Found) {
        let Some(output) = inner.outputs.get(output) else {
            return;
        };
        for reference in all_references(&output.expression) {
            self.follow(&reference, below, depth + 1, found, &mut BTreeSet::new());
        }
    }

    /// What `each` and `count` go through: that of the resource, else of the call.
    fn repetition(
        &self,
        module: &str,
        names: &[String],
        depth: u32,
        found: &mut Found,
        reasons: &mut BTreeSet<Name>,
    ) {
        let resource = self
            .resource
            .filter(|_| module == self.module && depth == 0);
        let expression = match resource {
            Some(resource) if !resource.for_each_expression.is_null() => {
                &resource.for_each_expression
            }
            Some(resource) => &resource.count_expression,
            None => match names.split_last() {
                Some((call, above)) => {
                    let call = self
                        .configuration
                        .module(above)
                        .and_then(|module| module.module_calls.get(call));
                    match call {
                        Some(call) => &call.for_each_expression,
                        None => return,
                    }
                }
                None => return,
            },
        };
        for reference in references(expression) {
            if !reference.starts_with("each.") && !reference.starts_with("count.") {
                self.follow(reference, module, depth + 1, found, reasons);
            }
        }
    }
}

/// The references of an expression, or of all expressions in a block.
fn all_references(expression: &Json) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = references(expression)
        .into_iter()
        .map(str::to_owned)
        .collect();
    match expression {
        Json::Object(entries) => {
            for (_, inner) in entries
                .iter()
                .filter(|(name, _)| *name != "references" && *name != "constant_value")
            {
                all.extend(all_references(inner));
            }
        }
        Json::Array(blocks) => blocks
            .iter()
            .for_each(|block| all.extend(all_references(block))),
        _ => {}
    }
    all
}

fn path_of(rest: &[&str]) -> Path {
    rest.iter()
        .map(|part| PathStep::Name(without_key(part).into()))
        .collect()
}

/// The module instance around one.
fn module_above(module: &str) -> String {
    let parts = parts(module);
    parts[..parts.len().saturating_sub(2)].join(".")
}
