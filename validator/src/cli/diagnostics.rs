//! Diagnostics for people: where, the line itself, what was seen, what to do.

use std::io::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;

/// Prints an error that ends the run.
pub(crate) fn say_error(error: &super::CliError) {
    let mut text = format!("error: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    // Nothing can be done where even stderr is gone.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints why an expression has no value.
pub(crate) fn say_failure(failure: &crate::eval::Failure, sources: &Sources) {
    let diagnostic = Diagnostic {
        place: failure.place,
        ..Diagnostic::error(
            crate::diagnostic::Kind::Evaluation,
            failure.summary.clone(),
            failure.detail.clone(),
        )
    };
    say(&[diagnostic], Some(sources), true);
}

/// Prints diagnostics on stderr; notes only where they are wanted.
pub(crate) fn say(diagnostics: &[Diagnostic], sources: Option<&Sources>, notes: bool) {
    let mut out = anstream::stderr().lock();
    for diagnostic in diagnostics
        .iter()
        .filter(|d| notes || d.severity != Severity::Note)
    {
        let _ = writeln!(out, "{}\n", rendered(diagnostic, sources));
    }
}

fn rendered(diagnostic: &Diagnostic, sources: Option<&Sources>) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut title = diagnostic.summary.clone();
    if let Some(address) = &diagnostic.address {
        title = format!("{address}: {title}");
    }
    let excerpt = diagnostic
        .place
        .and_then(|place| Excerpt::of(place, sources?));
    let help = |group: Group<'static>| {
        if diagnostic.detail.is_empty() {
            group
        } else {
            group.element(Level::HELP.message(diagnostic.detail.clone()))
        }
    };
    let group = if let Some(excerpt) = excerpt {
        let annotation = AnnotationKind::Primary.span(excerpt.start..excerpt.end);
        let snippet = Snippet::source(excerpt.text)
            .line_start(excerpt.line)
            .path(excerpt.file)
            .annotation(annotation);
        level.primary_title(title).element(snippet)
    } else {
        if let Some(at) = &diagnostic.location {
            title = format!("{}:{}:{}: {title}", at.file, at.line, at.column);
        }
        Group::with_title(level.primary_title(title))
    };
    Renderer::styled().render(&[help(group)])
}

/// The lines around a place: long ones are cut, so that no output drowns in a minified file.
struct Excerpt {
    text: String,
    file: String,
    line: usize,
    start: usize,
    end: usize,
}

const LONGEST: usize = 400;

impl Excerpt {
    fn of(place: crate::source::Place, sources: &Sources) -> Option<Self> {
        let file = sources.get(place.file);
        let bytes = file.ast.own_text();
        let start = file.ast.real_offset(place.span.start) as usize;
        let end = (file.ast.real_offset(place.span.end) as usize)
            .max(start)
            .min(bytes.len());
        let from = bytes
            .get(..start)?
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let to = bytes
            .get(start..)?
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(bytes.len(), |at| start + at);
        if to - from > LONGEST {
            return None;
        }
        let before = String::from_utf8_lossy(bytes.get(from..start)?).into_owned();
        let marked = String::from_utf8_lossy(bytes.get(start..end.min(to))?).into_owned();
        let after = String::from_utf8_lossy(bytes.get(end.min(to)..to)?).into_owned();
        let (start, length) = (before.len(), marked.len());
        Some(Excerpt {
            text: format!("{before}{marked}{after}")
                .trim_end_matches('\r')
                .to_owned(),
            file: file.name.to_string(),
            line: file.location(place.span.start).line as usize,
            start,
            end: start + length.max(1),
        })
    }
}
