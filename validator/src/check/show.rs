//! Values as text for people: short, never a secret.

use sha2::{Digest as _, Sha256};

use crate::inventory::{Node, Unknown};
use crate::symbol;
use crate::verdict::Bound;

/// Longest text of a value.
const LONGEST: usize = 240;

/// A value as it is written in Terraform's language, cut where it is long.
pub fn shown(node: &Node) -> String {
    let mut text = String::new();
    write(node, LONGEST, &mut text);
    cut(&text, 0, text.len())
}

/// Longest text in which a name is looked for.
const LONGEST_LOOK: usize = 65_536;

/// A value as text, of a long one what a name in it has: that is what is spoken of.
pub(super) fn shown_from(node: &Node, name: &str) -> String {
    let mut text = String::new();
    write(node, LONGEST_LOOK, &mut text);
    if text.len() <= LONGEST {
        return text;
    }
    // As it is written, in text that is JSON, and in JSON that is quoted.
    let forms = [
        format!("\"{name}\" = "),
        format!("\\\"{name}\\\":"),
        format!("\"{name}\":"),
    ];
    let found = forms
        .iter()
        .filter_map(|form| Some((text.find(form)?, form.len())))
        .min();
    let Some((at, length)) = found else {
        return cut(&text, 0, text.len());
    };
    let end = end_of_text(&text[at + length..]).map_or(text.len(), |end| at + length + end);
    cut(&text, at, end)
}

/// Where a text in quotes ends that something begins with; quotes of quoted JSON have backslashes.
fn end_of_text(rest: &str) -> Option<usize> {
    let inside = rest.trim_start();
    let quote = ["\\\"", "\""]
        .into_iter()
        .find(|it| inside.starts_with(it))?;
    let begins = rest.len() - inside.len() + quote.len();
    Some(begins + rest[begins..].find(quote)? + quote.len())
}

/// As much of a part of a text as is shown.
fn cut(text: &str, from: usize, to: usize) -> String {
    let rest = &text[from..to];
    let mut end = rest.len().min(LONGEST);
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    let before = if from > 0 { "… " } else { "" };
    let behind = match (end < rest.len(), to < text.len()) {
        (true, _) => "…",
        (false, true) => " …",
        (false, false) => "",
    };
    format!("{before}{}{behind}", &rest[..end])
}

/// What an exception must name of a value: its text, or a digest where the text is cut or secret.
pub(super) fn bound(node: &Node, keyed: bool) -> Bound {
    let mut whole = Vec::new();
    let mut secret = false;
    whole_text(node, &mut whole, &mut secret);
    if secret && !keyed {
        return Bound::Sealed;
    }
    if !secret && whole.len() <= LONGEST {
        return Bound::Text;
    }
    let digest = crate::functions::hex(&Sha256::digest(&whole));
    Bound::Digest(format!("sha256:{digest}").into())
}

/// All of the text, with digests in the place of what is secret.
fn whole_text(node: &Node, out: &mut Vec<u8>, secret: &mut bool) {
    let (open, close): (&[u8], &[u8]) = match node {
        Node::List(_) | Node::Set(_) => (b"[", b"]"),
        Node::Map(_) | Node::Object(_) => (b"{", b"}"),
        _ => (b"", b""),
    };
    out.extend_from_slice(open);
    match node {
        Node::List(nodes) | Node::Set(nodes) => {
            for (at, node) in nodes.iter().enumerate() {
                if at > 0 {
                    out.extend_from_slice(b", ");
                }
                whole_text(node, out, secret);
            }
        }
        Node::Map(nodes) | Node::Object(nodes) => {
            for (at, (name, node)) in nodes.iter().enumerate() {
                out.extend_from_slice(if at > 0 { b", " } else { b" " });
                out.extend_from_slice(name.as_bytes());
                out.extend_from_slice(b" = ");
                whole_text(node, out, secret);
            }
            out.push(b' ');
        }
        Node::Sensitive(sealed) => {
            *secret = true;
            out.extend_from_slice(sealed.digest.as_deref().unwrap_or_default().as_bytes());
        }
        other => {
            let mut text = String::new();
            write(other, LONGEST, &mut text);
            out.extend_from_slice(text.as_bytes());
        }
    }
    out.extend_from_slice(close);
}

fn write(node: &Node, most: usize, out: &mut String) {
    if out.len() > most {
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
                write(node, most, out);
            }
            out.push(']');
        }
        Node::Map(nodes) | Node::Object(nodes) => {
            out.push('{');
            for (at, (name, node)) in nodes.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { " " });
                out.push_str(name);
                out.push_str(" = ");
                write(node, most, out);
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
