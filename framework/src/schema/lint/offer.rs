//! The rules for what a provider offers as a whole: names, versions, identities, functions.

use cty::Type;

use super::{is_name, lint};
use crate::function::Function;
use crate::model::Model;
use crate::provider::Provider;
use crate::schema::Block;

/// Lists what Terraform would refuse of a provider; a provider's tests hold it empty.
pub fn lint_provider<P: Provider>(provider: &P) -> Vec<String> {
    let mut found: Vec<String> = below("provider", lint(&P::Config::block())).collect();
    let mut names = Vec::new();
    for resource in provider.resources() {
        let name = resource.name();
        found.extend(below(name, lint(&resource.block())));
        if resource.version() < 0 {
            found.push(format!("{name}: a version is not negative"));
        }
        if let Some(identity) = resource.identity_block() {
            found.extend(below(&format!("{name} identity"), lint_identity(&identity)));
        }
        names.push(("resource", name));
    }
    for source in provider.data_sources() {
        found.extend(below(source.name(), lint(&source.block())));
        names.push(("data source", source.name()));
    }
    for action in provider.actions() {
        found.extend(below(action.name(), lint(&action.block())));
        names.push(("action", action.name()));
    }
    let prefix = format!("{}_", provider.name());
    let foreign = names
        .iter()
        .filter(|(_, name)| !is_name(name) || !name.starts_with(&prefix));
    found.extend(
        foreign.map(|(kind, name)| format!("{name}: the name of a {kind} begins with {prefix}")),
    );
    names.sort_unstable();
    let twice = names.windows(2).filter(|pair| pair[0] == pair[1]);
    found.extend(twice.map(|pair| format!("{}: two of a kind have the name", pair[0].1)));
    for function in provider.functions() {
        found.extend(below(function.name, lint_function(&function)));
    }
    found
}

fn below(name: &str, found: Vec<String>) -> impl Iterator<Item = String> {
    found.into_iter().map(move |text| format!("{name}: {text}"))
}

/// Identities hold texts, numbers, bools, and lists of them.
fn lint_identity(block: &Block) -> Vec<String> {
    let mut found = Vec::new();
    if !block.blocks.is_empty() {
        found.push("an identity has attributes only".to_owned());
    }
    for attribute in &block.attributes {
        let element = if let Type::List(element) = &attribute.ty {
            element
        } else {
            &attribute.ty
        };
        if !element.is_primitive() {
            found.push(format!(
                "{}: a text, number, bool, or a list of them is needed",
                attribute.name
            ));
        }
        if attribute.description.is_empty() {
            found.push(format!("{}: no description", attribute.name));
        }
    }
    found
}

fn lint_function(function: &Function) -> Vec<String> {
    let mut found = Vec::new();
    if !is_name(function.name) {
        found.push("names are [a-z0-9_]+".to_owned());
    }
    if function.summary.is_empty() || function.description.is_empty() {
        found.push("no summary or no description".to_owned());
    }
    for parameter in &function.parameters {
        if !is_name(parameter.name) || parameter.description.is_empty() {
            found.push(format!(
                "parameter {}: a name [a-z0-9_]+ and a description are needed",
                parameter.name
            ));
        }
    }
    found
}
