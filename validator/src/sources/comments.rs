//! Finds comments `# drcheck:accept …` in the files of a configuration.

use std::collections::BTreeSet;

use crate::inventory::{Comment, Name};
use crate::source::{Place, SourceFile, Sources};
use crate::syntax::ast::ExprKind;

/// What such a comment begins with.
const MARK: &str = "drcheck:accept";

/// All of them, in order. What is written in downloaded modules accepts nothing: whoever wrote it does not answer for this
/// estate.
pub(super) fn find(sources: &Sources, calls: &BTreeSet<(Place, Name)>) -> Vec<Comment> {
    let mut found = Vec::new();
    for file in sources.all() {
        if file.name.contains(".terraform/") || file.name.ends_with(".json") {
            continue;
        }
        in_file(&file, calls, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

fn in_file(file: &SourceFile, calls: &BTreeSet<(Place, Name)>, found: &mut Vec<Comment>) {
    let Ok(text) = std::str::from_utf8(file.ast.own_text()) else {
        return;
    };
    for (at, _) in text.match_indices(MARK) {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..]
            .find('\n')
            .map_or(text.len(), |newline| at + newline);
        let before = text[start..at].trim_end();
        let Some(code) = ["#", "//", "/*"]
            .iter()
            .find_map(|mark| before.strip_suffix(mark))
        else {
            continue;
        };
        let Ok(offset) = u32::try_from(at) else {
            continue;
        };
        if in_string(file, offset) {
            continue;
        }
        let place = file.location(offset);
        let line = if code.trim().is_empty() {
            place.line + next_code(text.get(end + 1..).unwrap_or_default())
        } else {
            place.line
        };
        let modules = calls
            .iter()
            .filter(|(call, _)| call.file == file.id && file.location(call.span.start).line == line)
            .map(|(_, address)| address.clone())
            .collect();
        let text = text[at + MARK.len()..end].trim();
        found.push(Comment {
            text: text.strip_suffix("*/").unwrap_or(text).trim().into(),
            place,
            line,
            modules,
        });
    }
}

/// How many lines further the next line with code is.
fn next_code(rest: &str) -> u32 {
    let mut lines = 1;
    for line in rest.lines() {
        let line = line.trim();
        if !(line.is_empty() || line.starts_with(['#']) || line.starts_with("//")) {
            break;
        }
        lines += 1;
    }
    lines
}

/// Whether an offset lies in text, such as a script in a heredoc.
fn in_string(file: &SourceFile, offset: u32) -> bool {
    file.ast.exprs.iter().any(|expr| {
        matches!(
            expr.kind,
            ExprKind::String(_) | ExprKind::Template(_) | ExprKind::Wrap(_)
        ) && expr.span.start <= offset
            && offset < expr.span.end
    })
}
