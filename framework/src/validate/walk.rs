//! Runs the checks of a schema over a configuration, however deep.

use cty::{Path, Value};

use crate::diagnostics::Diagnostics;
use crate::schema::{Attribute, Block, BlockNesting, Nesting};

/// Runs the validators of everything below a block.
pub(crate) fn walk(block: &Block, config: &Value, path: &Path, diags: &mut Diagnostics) {
    visit(block, config, path, &mut |attribute, value, path| {
        for validator in &attribute.validators {
            if let Err(detail) = validator.check(value) {
                // What is sensitive must not come back in a message.
                let hidden = "The value is sensitive and not shown. The description of the attribute says what is expected";
                let secret = attribute.sensitive || attribute.write_only;
                let detail = if secret { hidden.to_owned() } else { detail };
                diags.error_at(path.clone(), format!("Invalid {path}"), detail);
            }
        }
    });
}

/// Refuses write-only attributes that are set, for a Terraform that would store them.
pub(crate) fn refuse_write_only(block: &Block, config: &Value, diags: &mut Diagnostics) {
    visit(block, config, &Path::root(), &mut |attribute, _, path| {
        if attribute.write_only {
            let summary = "Write-only attributes are not supported by this Terraform";
            let detail = "It would store the value in its state. Use Terraform 1.11 or later, or leave the attribute out.";
            diags.error_at(path.clone(), summary, detail);
        }
    });
}

/// What is done with each attribute that is known and set, and where it stands.
type Visitor<'a> = dyn FnMut(&Attribute, &Value, &Path) + 'a;

/// How many objects stand at a place, and what tells them apart.
#[derive(Clone, Copy)]
enum Many {
    One,
    ByIndex,
    ByContent,
    ByKey,
}

fn visit(block: &Block, config: &Value, path: &Path, visitor: &mut Visitor<'_>) {
    for attribute in &block.attributes {
        let Some(value) = config.attribute(attribute.name) else {
            continue;
        };
        if value.is_null() || !value.is_known() {
            continue;
        }
        let path = path.attribute(attribute.name);
        visitor(attribute, value, &path);
        if let Some((block, nesting)) = &attribute.nested {
            let many = match nesting {
                Nesting::Single => Many::One,
                Nesting::List => Many::ByIndex,
                Nesting::Set => Many::ByContent,
                Nesting::Map => Many::ByKey,
            };
            each(block, many, value, &path, visitor);
        }
    }
    for nested in &block.blocks {
        let Some(value) = config.attribute(nested.name) else {
            continue;
        };
        let many = match nested.nesting {
            BlockNesting::Single | BlockNesting::Group => Many::One,
            BlockNesting::List => Many::ByIndex,
            BlockNesting::Set => Many::ByContent,
            BlockNesting::Map => Many::ByKey,
        };
        each(
            &nested.block,
            many,
            value,
            &path.attribute(nested.name),
            visitor,
        );
    }
}

fn each(block: &Block, many: Many, value: &Value, path: &Path, visitor: &mut Visitor<'_>) {
    let elements = value.elements().unwrap_or_default().iter();
    match many {
        Many::One => visit(block, value, path, visitor),
        Many::ByIndex => elements
            .enumerate()
            .for_each(|(i, e)| visit(block, e, &path.index(i), visitor)),
        Many::ByContent => {
            elements.for_each(|e| visit(block, e, &path.element(e.clone()), visitor));
        }
        Many::ByKey => {
            for (key, element) in value.entries().into_iter().flatten() {
                visit(block, element, &path.key(key), visitor);
            }
        }
    }
}
