//! The rules that Terraform checks when it loads a schema (`configschema/internal_validate.go` of hashicorp/terraform).

use super::{Attribute, Block, BlockNesting};

/// Lists what Terraform would refuse, each with its path.
pub fn lint(block: &Block) -> Vec<String> {
    let mut found = Vec::new();
    lint_block(block, "", &mut found);
    found
}

fn lint_block(block: &Block, path: &str, found: &mut Vec<String>) {
    let mut names: Vec<&str> = Vec::new();
    for attribute in &block.attributes {
        lint_attribute(attribute, &format!("{path}{}", attribute.name), found);
        names.push(attribute.name);
    }
    for nested in &block.blocks {
        let path = format!("{path}{}", nested.name);
        if nested.description.is_empty() {
            found.push(format!("{path}: no description"));
        }
        let (min, max) = (nested.min, nested.max);
        let fits = match nested.nesting {
            BlockNesting::Single => max == 1 && (0..=1).contains(&min),
            BlockNesting::Group | BlockNesting::Map => min == 0 && max == 0,
            BlockNesting::List | BlockNesting::Set => min >= 0 && (max == 0 || min <= max),
        };
        if !fits {
            found.push(format!(
                "{path}: {min} to {max} blocks do not fit {:?}",
                nested.nesting
            ));
        }
        if nested.nesting == BlockNesting::Set && nested.ty().has_dynamic() {
            found.push(format!("{path}: a set cannot hold dynamic types"));
        }
        lint_block(&nested.block, &format!("{path}."), found);
        names.push(nested.name);
    }
    let lower = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    found.extend(
        names
            .iter()
            .filter(|name| !lower(name))
            .map(|name| format!("{path}{name}: names are [a-z0-9_]+")),
    );
    names.sort_unstable();
    found.extend(
        names
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| format!("{path}{}: declared twice", pair[0])),
    );
}

fn lint_attribute(attribute: &Attribute, path: &str, found: &mut Vec<String>) {
    let a = attribute;
    if a.description.is_empty() {
        found.push(format!("{path}: no description"));
    }
    if !(a.required || a.optional || a.computed) {
        found.push(format!(
            "{path}: neither required nor optional nor computed"
        ));
    }
    if a.required && (a.optional || a.computed) {
        found.push(format!(
            "{path}: required together with optional or computed"
        ));
    }
    if a.write_only && a.computed {
        found.push(format!("{path}: write-only together with computed"));
    }
    if matches!(&a.ty, cty::Type::Set(element) if element.has_dynamic()) {
        found.push(format!("{path}: a set cannot hold dynamic types"));
    }
    if let Some((block, _)) = &a.nested {
        if !block.blocks.is_empty() {
            found.push(format!("{path}: a nested attribute cannot hold blocks"));
        }
        lint_block(block, &format!("{path}."), found);
    }
}
