//! The section that lists a schema: what must be set, what can be set, what is read, and nested schemas behind anchors.

use std::fmt::Write as _;

use cty::Type;

use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting};

/// The section of a whole schema.
pub(super) fn section(block: &Block) -> String {
    let mut text = "## Schema\n".to_owned();
    let mut below = Vec::new();
    groups(block, "", "\n### ", "\n", &mut text, &mut below);
    if block.attributes.is_empty() && block.blocks.is_empty() {
        text.push_str("\nThere is nothing to set.\n");
    }
    let mut next = 0;
    while next < below.len() {
        let Below {
            anchor,
            path,
            block,
        } = below[next].clone();
        let _ = write!(
            text,
            "\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{path}`\n"
        );
        groups(&block, &path, "\n", ":\n", &mut text, &mut below);
        next += 1;
    }
    text
}

/// A nested schema that is listed further below.
#[derive(Clone)]
struct Below {
    anchor: String,
    path: String,
    block: Block,
}

/// Writes the three groups of a block; what is nested is put off.
fn groups(
    block: &Block,
    path: &str,
    before: &str,
    after: &str,
    text: &mut String,
    below: &mut Vec<Below>,
) {
    let mut groups = [
        ("Required", Vec::new()),
        ("Optional", Vec::new()),
        ("Read-Only", Vec::new()),
    ];
    for attribute in &block.attributes {
        let group = match (attribute.required, attribute.optional) {
            (true, _) => 0,
            (false, true) => 1,
            _ => 2,
        };
        groups[group].1.push(attribute_line(attribute, path, below));
    }
    for nested in &block.blocks {
        groups[usize::from(nested.min == 0)]
            .1
            .push(block_line(nested, path, below));
    }
    for (name, mut lines) in groups.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        lines.sort_by(|a, b| a.split('`').nth(1).cmp(&b.split('`').nth(1)));
        let _ = write!(text, "{before}{name}{after}\n{}", lines.concat());
    }
}

fn attribute_line(attribute: &Attribute, path: &str, below: &mut Vec<Below>) -> String {
    let mut kinds = vec![match &attribute.nested {
        Some((_, Nesting::Single)) => "Attributes".to_owned(),
        Some((_, nesting)) => format!("Attributes {nesting:?}"),
        None => type_name(&attribute.ty),
    }];
    let flags = [
        (attribute.sensitive, "Sensitive"),
        (attribute.write_only, "Write-only"),
        (attribute.deprecated.is_some(), "Deprecated"),
    ];
    kinds.extend(
        flags
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, flag)| (*flag).to_owned()),
    );
    let mut description = attribute.description.clone();
    if let Some(instead) = &attribute.deprecated {
        let _ = write!(
            description,
            " **Deprecated:** {}.",
            instead.trim_end_matches('.')
        );
    }
    let nested = attribute.nested.as_ref().map(|(block, _)| block);
    line(
        attribute.name,
        path,
        &kinds,
        &description,
        ("nestedatt", nested),
        below,
    )
}

fn block_line(nested: &NestedBlock, path: &str, below: &mut Vec<Below>) -> String {
    let mut kinds = vec![match nested.nesting {
        BlockNesting::Single | BlockNesting::Group => "Block".to_owned(),
        nesting => format!("Block {nesting:?}"),
    }];
    let counted = matches!(nested.nesting, BlockNesting::List | BlockNesting::Set);
    let limits = [("Min", nested.min), ("Max", nested.max)];
    let limits = limits.iter().filter(|(_, n)| counted && *n > 0);
    kinds.extend(limits.map(|(name, n)| format!("{name}: {n}")));
    line(
        nested.name,
        path,
        &kinds,
        &nested.description,
        ("nestedblock", Some(&nested.block)),
        below,
    )
}

fn line(
    name: &str,
    path: &str,
    kinds: &[String],
    description: &str,
    nested: (&str, Option<&Block>),
    below: &mut Vec<Below>,
) -> String {
    let mut line = format!(
        "- `{name}` ({}) {}",
        kinds.join(", "),
        description.replace('\n', "\n  ")
    );
    if let (kind, Some(block)) = nested {
        let path = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        let anchor = format!("{kind}--{}", path.replace('.', "--"));
        let _ = write!(line, " (see [below for nested schema](#{anchor}))");
        below.push(Below {
            anchor,
            path,
            block: block.clone(),
        });
    }
    line.push('\n');
    line
}

/// How the registry's pages call a type.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::String => "String".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Bool => "Boolean".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Object(_) => "Object".to_owned(),
    }
}
