//! Runs the checks of a schema over a configuration, however deep.

use cty::{Path, Value};

use crate::diagnostics::Diagnostics;
use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting};

/// Checks everything below a block.
pub(crate) fn walk(block: &Block, config: &Value, path: &Path, diags: &mut Diagnostics) {
    if config.entries().is_none() {
        return;
    }
    for attribute in &block.attributes {
        if let Some(value) = config.attribute(attribute.name) {
            check(attribute, value, &path.attribute(attribute.name), diags);
        }
    }
    for nested in &block.blocks {
        if let Some(value) = config.attribute(nested.name) {
            blocks(nested, value, &path.attribute(nested.name), diags);
        }
    }
}

fn check(attribute: &Attribute, value: &Value, path: &Path, diags: &mut Diagnostics) {
    if value.is_null() || !value.is_known() {
        return;
    }
    for validator in &attribute.validators {
        if let Err(detail) = validator.check(value) {
            // What is sensitive must not come back in a message.
            let detail = if attribute.sensitive {
                "The value (sensitive) is not as it should be".to_owned()
            } else {
                detail
            };
            diags.error_at(path.clone(), format!("Invalid {path}"), detail);
        }
    }
    if let Some((block, nesting)) = &attribute.nested {
        match nesting {
            Nesting::Single => walk(block, value, path, diags),
            Nesting::List | Nesting::Set => {
                sequence(block, value, path, *nesting == Nesting::Set, diags)
            }
            Nesting::Map => entries(block, value, path, diags),
        }
    }
}

fn blocks(nested: &NestedBlock, value: &Value, path: &Path, diags: &mut Diagnostics) {
    match nested.nesting {
        BlockNesting::Single | BlockNesting::Group => walk(&nested.block, value, path, diags),
        BlockNesting::List | BlockNesting::Set => sequence(
            &nested.block,
            value,
            path,
            nested.nesting == BlockNesting::Set,
            diags,
        ),
        BlockNesting::Map => entries(&nested.block, value, path, diags),
    }
}

fn sequence(block: &Block, value: &Value, path: &Path, is_set: bool, diags: &mut Diagnostics) {
    for (i, element) in value.elements().unwrap_or_default().iter().enumerate() {
        let below = if is_set {
            path.element(element.clone())
        } else {
            path.index(i)
        };
        walk(block, element, &below, diags);
    }
}

fn entries(block: &Block, value: &Value, path: &Path, diags: &mut Diagnostics) {
    for (key, element) in value.entries().into_iter().flatten() {
        walk(block, element, &path.key(key), diags);
    }
}
