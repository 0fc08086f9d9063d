//! Values as text for people: short, never a secret.

use crate::inventory::{Node, Unknown};
use crate::symbol;

/// Longest text of a value.
const LONGEST: usize = 240;

/// A value as it is written in Terraform's language, cut where it is long.
pub fn shown(node: &Node) -> String {
    let mut text = String::new();
    write(node, &mut text);
    if text.len() <= LONGEST {
        return text;
    }
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text.push('…');
    text
}

fn write(node: &Node, out: &mut String) {
    if out.len() > LONGEST {
        return;
    }
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Node::Number(number) => out.push_str(&number.to_string()),
        Node::String(text) => out.push_str(&quoted(text)),
        Node::List(nodes) | Node::Set(nodes) => {
            out.push('[');
            for (at, node) in nodes.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write(node, out);
            }
            out.push(']');
        }
        Node::Map(nodes) | Node::Object(nodes) => {
            out.push('{');
            for (at, (name, node)) in nodes.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { " " });
                out.push_str(name);
                out.push_str(" = ");
                write(node, out);
            }
            out.push_str(" }");
        }
        Node::Unknown(unknown) => out.push_str(&not_known(unknown)),
        Node::Sensitive(_) => out.push_str("(sensitive)"),
    }
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

fn not_known(unknown: &Unknown) -> String {
    if unknown.because.iter().all(|reason| &**reason == "aws") {
        return "(decided by AWS)".into();
    }
    match &unknown.symbol {
        Some(symbol) => symbol::text(symbol),
        None => format!("(known after apply: {})", unknown.because.join(", ")),
    }
}
