//! The rules that Terraform checks when it loads a schema (`configschema/internal_validate.go` of hashicorp/terraform).

mod offer;

use cty::Type;

use super::{Attribute, Block, BlockNesting, NestedBlock, Nesting};

pub use offer::lint_provider;

/// Lists what Terraform would refuse, each with its path.
pub fn lint(block: &Block) -> Vec<String> {
    let mut found = Vec::new();
    if block.description.is_empty() {
        found.push("no description".to_owned());
    }
    lint_block(block, "", &mut found);
    found
}

/// Whether Terraform accepts the name of an attribute, block or type.
fn is_name(name: &str) -> bool {
    let lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    !name.is_empty() && name.bytes().all(lower)
}

fn lint_block(block: &Block, path: &str, found: &mut Vec<String>) {
    for attribute in &block.attributes {
        lint_attribute(attribute, &format!("{path}{}", attribute.name), found);
    }
    for nested in &block.blocks {
        lint_nested(nested, &format!("{path}{}", nested.name), found);
    }
    let attributes = block.attributes.iter().map(|a| a.name);
    let mut names: Vec<&str> = attributes
        .chain(block.blocks.iter().map(|b| b.name))
        .collect();
    let odd = names.iter().filter(|name| !is_name(name));
    found.extend(odd.map(|name| format!("{path}{name}: names are [a-z0-9_]+")));
    names.sort_unstable();
    let twice = names.windows(2).filter(|pair| pair[0] == pair[1]);
    found.extend(twice.map(|pair| format!("{path}{}: declared twice", pair[0])));
}

fn lint_nested(nested: &NestedBlock, path: &str, found: &mut Vec<String>) {
    if nested.description.is_empty() {
        found.push(format!("{path}: no description"));
    }
    let (min, max) = (nested.min, nested.max);
    let fits = match nested.nesting {
        BlockNesting::Single => min == max && (0..=1).contains(&min),
        BlockNesting::Group | BlockNesting::Map => min == 0 && max == 0,
        BlockNesting::List | BlockNesting::Set => min >= 0 && max >= 0 && (max == 0 || min <= max),
    };
    if !fits {
        found.push(format!(
            "{path}: {min} to {max} blocks do not fit {:?}",
            nested.nesting
        ));
    }
    if !matches!(nested.nesting, BlockNesting::Single | BlockNesting::Group) {
        lint_elements(
            &nested.block,
            nested.nesting == BlockNesting::Set,
            path,
            found,
        );
    }
    lint_block(&nested.block, &format!("{path}."), found);
}

/// What cannot be inside a collection of objects.
fn lint_elements(block: &Block, is_set: bool, path: &str, found: &mut Vec<String>) {
    if is_set && has_write_only(block) {
        found.push(format!("{path}: a set cannot hold write-only attributes"));
    }
    if block.ty().has_dynamic() {
        // Terraform refuses it in sets alone; elsewhere it makes tuples of the elements, for which models have no place.
        let what = if is_set { "set" } else { "list or map" };
        found.push(format!("{path}: a {what} cannot hold dynamic types"));
    }
}

fn has_write_only(block: &Block) -> bool {
    let nested = |a: &Attribute| {
        a.nested
            .as_ref()
            .is_some_and(|(block, _)| has_write_only(block))
    };
    block.attributes.iter().any(|a| a.write_only || nested(a))
        || block.blocks.iter().any(|b| has_write_only(&b.block))
}

fn lint_attribute(attribute: &Attribute, path: &str, found: &mut Vec<String>) {
    let a = attribute;
    let rules = [
        (a.description.is_empty(), "no description"),
        (
            !(a.required || a.optional || a.computed),
            "neither required nor optional nor computed",
        ),
        (
            a.required && (a.optional || a.computed),
            "required together with optional or computed",
        ),
        (
            a.write_only && a.computed,
            "write-only together with computed",
        ),
        (
            a.write_only && a.default.is_some(),
            "write-only together with a default",
        ),
        (a.keep && !a.computed, "kept, but not computed"),
        (
            a.deprecated.as_deref() == Some(""),
            "deprecated without saying what to use instead",
        ),
        (
            a.default.as_ref().is_some_and(|d| *d.ty() != a.ty),
            "the default is of another type",
        ),
    ];
    found.extend(
        rules
            .iter()
            .filter(|(broken, _)| *broken)
            .map(|(_, rule)| format!("{path}: {rule}")),
    );
    if a.nested.is_none()
        && matches!(&a.ty, Type::List(e) | Type::Set(e) | Type::Map(e) if e.has_dynamic())
    {
        found.push(format!("{path}: a collection cannot hold dynamic types"));
    }
    if let Some((block, nesting)) = &a.nested {
        if !block.blocks.is_empty() {
            found.push(format!("{path}: a nested attribute cannot hold blocks"));
        }
        if *nesting != Nesting::Single {
            lint_elements(block, *nesting == Nesting::Set, path, found);
        }
        lint_block(block, &format!("{path}."), found);
    }
}
