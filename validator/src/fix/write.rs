//! Where a new argument or block goes in a body, in the style of `terraform fmt`.

use super::text::{self, Change};
use crate::syntax::ast::{Ast, Attribute, Body};

/// An argument at the end of a body's arguments, aligned with its neighbours.
pub(super) fn attribute(ast: &Ast, body: Body, name: &str, expression: &str) -> Vec<Change> {
    let source = ast.own_text();
    if let Some(change) = unfolded(ast, body, &[format!("{name} = {expression}")]) {
        return vec![change];
    }
    let inner = inner_indentation(source, body);
    let mut attributes: Vec<&Attribute> = ast.attributes(body).iter().collect();
    attributes.sort_by_key(|attribute| attribute.name.start);
    let Some(last) = attributes.last() else {
        let brace = body.span.start as usize + 1;
        return vec![Change::insert(
            text::line_end(source, brace),
            format!("\n{inner}{name} = {expression}"),
        )];
    };
    let group = neighbours(ast, &attributes);
    let length = |attribute: &&Attribute| ast.slice(attribute.name).chars().count();
    let widest = group.iter().map(length).max().unwrap_or(0);
    let width = widest.max(name.chars().count());
    let mut changes = Vec::new();
    if width > widest {
        for attribute in &group {
            let end = attribute.name.end as usize;
            let blanks = source[end..]
                .iter()
                .take_while(|byte| **byte == b' ')
                .count();
            changes.push(Change {
                start: end,
                end: end + blanks,
                text: " ".repeat(width - length(attribute) + 1),
            });
        }
    }
    let width = if group.is_empty() {
        name.chars().count()
    } else {
        width
    };
    let at = text::line_end(source, last_byte(ast, last));
    changes.push(Change::insert(
        at,
        format!("\n{inner}{name:width$} = {expression}"),
    ));
    changes
}

/// A block at the end of a body; `block` is written without indentation.
pub(super) fn block(ast: &Ast, body: Body, block: &str) -> Vec<Change> {
    let source = ast.own_text();
    let lines: Vec<String> = block.lines().map(str::to_owned).collect();
    if let Some(change) = unfolded(ast, body, &lines) {
        return vec![change];
    }
    let inner = inner_indentation(source, body);
    let brace = text::line_start(source, (body.span.end as usize).saturating_sub(1));
    // Blank lines before the brace give way.
    let above = source[..brace].trim_ascii_end();
    let blank = if above.ends_with(b"{") { "" } else { "\n" };
    vec![Change {
        start: above.len(),
        end: brace,
        text: format!("\n{blank}{}\n", indented(&lines, &inner)),
    }]
}

/// A block behind the block that ends at an offset.
pub(super) fn behind(ast: &Ast, end: usize, block: &str) -> Change {
    let source = ast.own_text();
    Change::insert(
        text::line_end(source, end.saturating_sub(1)),
        format!("\n\n{}", block.trim_end()),
    )
}

/// A body on one line, written on several with more in it; `None` where it stands on several already.
fn unfolded(ast: &Ast, body: Body, lines: &[String]) -> Option<Change> {
    let source = ast.own_text();
    let (start, end) = (body.span.start as usize, body.span.end as usize);
    let inside = source.get(start + 1..end.checked_sub(1)?)?;
    if inside.contains(&b'\n') {
        return None;
    }
    let outer = text::indentation(source, start);
    let inner = inner_indentation(source, body);
    let held = String::from_utf8_lossy(inside).trim().to_owned();
    let held = if held.is_empty() {
        String::new()
    } else {
        format!("{inner}{held}\n")
    };
    Some(Change {
        start,
        end,
        text: format!("{{\n{held}{}\n{outer}}}", indented(lines, &inner)),
    })
}

fn indented(lines: &[String], inner: &str) -> String {
    let line = |line: &String| {
        if line.is_empty() {
            String::new()
        } else {
            format!("{inner}{line}")
        }
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn inner_indentation(source: &[u8], body: Body) -> String {
    text::indentation(source, body.span.start as usize) + "  "
}

/// The last byte of an argument; a heredoc ends with a line break that is not its own.
fn last_byte(ast: &Ast, attribute: &Attribute) -> usize {
    let span = ast.expr(attribute.value).span;
    let source = ast.own_text();
    let mut end = span.end as usize;
    while end > span.start as usize && source.get(end - 1) == Some(&b'\n') {
        end -= 1;
    }
    end
}

/// The arguments of one line each that stand directly above the end of the last one.
fn neighbours<'a>(ast: &Ast, attributes: &[&'a Attribute]) -> Vec<&'a Attribute> {
    let source = ast.own_text();
    let mut group = Vec::new();
    let mut below: Option<usize> = None;
    for attribute in attributes.iter().rev() {
        let start = attribute.name.start as usize;
        let end = last_byte(ast, attribute);
        let one_line = text::line_start(source, start) == text::line_start(source, end);
        let next = below.is_none_or(|line| {
            let break_at = text::line_end(source, end);
            let behind = source.get(break_at..line).unwrap_or_default();
            behind == b"\n" || behind == b"\r\n"
        });
        if !one_line || !next {
            break;
        }
        below = Some(text::line_start(source, start));
        group.push(*attribute);
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;

    fn with(source: &str, change: impl Fn(&Ast, Body) -> Vec<Change>) -> String {
        let ast = syntax::parse(source.as_bytes());
        let body = ast.blocks(ast.root)[0].body;
        let out = text::changed(source.as_bytes(), &change(&ast, body)).expect("no overlap");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn an_argument_is_aligned_with_its_neighbours() {
        let source = "resource \"a\" \"b\" {\n  name = 1 # why\n\n  ab  = 1\n  abc = 2 # two\n\n  lifecycle {}\n}\n";
        let out = with(source, |ast, body| attribute(ast, body, "multi_az", "true"));
        assert_eq!(
            out,
            "resource \"a\" \"b\" {\n  name = 1 # why\n\n  ab       = 1\n  abc      = 2 # two\n  multi_az = true\n\n  lifecycle {}\n}\n"
        );
        let out = with(source, |ast, body| attribute(ast, body, "a", "true"));
        assert!(out.contains("\n  abc = 2 # two\n  a   = true\n"), "{out}");
    }

    #[test]
    fn what_stands_on_one_line_is_unfolded() {
        let out = with("a \"b\" {}\n", |ast, body| attribute(ast, body, "c", "1"));
        assert_eq!(out, "a \"b\" {\n  c = 1\n}\n");
        let out = with("a { b = 1 }\n", |ast, body| {
            block(ast, body, "c {\n  d = 1\n}")
        });
        assert_eq!(out, "a {\n  b = 1\n  c {\n    d = 1\n  }\n}\n");
    }

    #[test]
    fn a_block_goes_to_the_end() {
        let out = with("a {\n  b = <<-E\n    x\n  E\n}\n", |ast, body| {
            block(ast, body, "c {\n}")
        });
        assert_eq!(out, "a {\n  b = <<-E\n    x\n  E\n\n  c {\n  }\n}\n");
        let out = with("a {\n  b = <<-E\n    x\n  E\n}\n", |ast, body| {
            attribute(ast, body, "cc", "1")
        });
        assert_eq!(out, "a {\n  b = <<-E\n    x\n  E\n  cc = 1\n}\n");
    }
}
