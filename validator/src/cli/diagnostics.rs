//! Diagnostics for people: where, the line itself, what was seen, what to do.

use std::io::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::printable::{line, short_line};
use crate::source::Sources;

/// Prints an error that ends the run.
pub(crate) fn say_error(error: &super::CliError) {
    if let super::CliError::Settings(error) = error {
        let mut out = anstream::stderr().lock();
        for problem in &error.problems {
            let _ = writeln!(out, "error: {}", line(&problem.to_string()));
        }
        return;
    }
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
    let text = line(&text);
    // Nothing can be done where even stderr is gone.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints a warning about the command line.
pub(crate) fn say_warning(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "warning: {}", line(text));
}

/// Prints a `dr.hcl` to begin with.
pub(crate) fn say_suggestion(text: &str) {
    let mut out = anstream::stderr().lock();
    let _ = writeln!(out, "\nA dr.hcl to begin with (drcheck init writes one):\n");
    for part in text.lines() {
        let _ = writeln!(out, "  {}", line(part));
    }
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
    let mut title = short_line(&diagnostic.summary).into_owned();
    if let Some(address) = &diagnostic.address {
        title = format!("{}: {title}", short_line(address));
    }
    let excerpt = diagnostic
        .place
        .and_then(|place| Excerpt::of(place, sources?));
    let help = |group: Group<'static>| {
        if diagnostic.detail.is_empty() {
            group
        } else {
            group.element(Level::HELP.message(short_line(&diagnostic.detail).into_owned()))
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
        let at = diagnostic.location.clone();
        let at = at.or_else(|| Some(sources?.location(diagnostic.place?)));
        if let Some(at) = at {
            title = format!(
                "{}:{}:{}: {title}",
                short_line(&at.file),
                at.line,
                at.column
            );
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
        // Any line of it may hold a secret, also where its name is misspelt or the line is broken.
        if file.values {
            return None;
        }
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
        let part = |bytes: &[u8]| source_line(&String::from_utf8_lossy(bytes));
        let end = end.min(to);
        let to = to - usize::from(to > end && bytes.get(to - 1) == Some(&b'\r'));
        let before = part(bytes.get(from..start)?);
        let marked = part(bytes.get(start..end)?);
        let after = part(bytes.get(end..to)?);
        let (start, length) = (before.len(), marked.len());
        Some(Excerpt {
            text: format!("{before}{marked}{after}"),
            file: short_line(&file.name).into_owned(),
            line: file.location(place.span.start).line as usize,
            start,
            end: start + length.max(1),
        })
    }
}

/// A part of a line of a file, which may be indented with tabs.
fn source_line(text: &str) -> String {
    let parts: Vec<_> = text.split('\t').map(line).collect();
    parts.join("\t")
}
