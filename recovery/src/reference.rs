//! The reference of a kind of step as Markdown, and an example of it as JSON, rendered from its declarations.

use std::fmt::Write as _;
use std::time::Duration;

use aws::Region;
use serde_json::{Map, Value, json};

use crate::argument::{Argument, ArgumentType, Arguments};
use crate::document::{TIMEOUT_FACTOR, arguments_of, default_timeout};
use crate::duration;
use crate::kind::{ApiCall, Kind, Plane};
use crate::mode::Mode;

/// The regions of examples.
const REGIONS: [&str; 2] = ["us-east-1", "us-west-2"];

/// The page of a kind.
pub fn page(kind: &dyn Kind) -> String {
    let mut page = format!("# {}\n\n{}\n", kind.name(), kind.doc());
    facts(kind, &mut page);
    arguments(kind.arguments(), &mut page);
    page.push_str("\n## Example\n\nA step of a plan of `us-east-1` and `us-west-2`:\n\n");
    let text = pretty(&example(kind));
    let _ = write!(page, "```json\n{text}\n```\n");
    calls(kind, &mut page);
    page
}

/// A step of the kind, as it stands in a document whose regions are `us-east-1` and `us-west-2`.
pub fn example(kind: &dyn Kind) -> Value {
    let written = kind
        .example()
        .and_then(|text| serde_json::from_str(text).ok());
    let arguments = written.unwrap_or_else(|| placeholders(kind.arguments(), None));
    let mut members = Map::new();
    members.insert(
        "name".to_owned(),
        Value::from(kind.name().replace('_', "-")),
    );
    members.insert(kind.name().to_owned(), arguments);
    Value::Object(members)
}

/// JSON of two columns for each level; only numbers that are whole occur.
fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

fn facts(kind: &dyn Kind, page: &mut String) {
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let modes: Vec<&str> = kind.runs_in().iter().map(|mode| mode.name()).collect();
    let timeout = default_timeout(kind, &Arguments::default());
    let rows = [
        (
            "Runs in",
            format!("{} (unless the step says `run_in`)", modes.join(", ")),
        ),
        ("Usually takes", duration::text(kind.usual_duration())),
        (
            "Timeout by default",
            format!(
                "{} ({TIMEOUT_FACTOR} times what it usually takes, what it waits on purpose included; at least 5m)",
                duration::text(timeout)
            ),
        ),
        ("One-way", yes(kind.one_way()).to_owned()),
        (
            "Performing it twice is harmless",
            yes(kind.harmless_twice()).to_owned(),
        ),
        (
            "Can be the authority",
            yes(kind.can_be_authority()).to_owned(),
        ),
    ];
    page.push_str("\n| | |\n|---|---|\n");
    for (what, value) in rows {
        let _ = writeln!(page, "| {what} | {value} |");
    }
}

fn arguments(declared: &[Argument], page: &mut String) {
    page.push_str("\n## Arguments\n");
    if declared.is_empty() {
        page.push_str("\nIt takes none: write `{}`.\n");
        return;
    }
    page.push_str("\n| Argument | Type | Required | Default | Meaning |\n|---|---|---|---|---|\n");
    rows("", declared, page);
}

fn rows(prefix: &str, declared: &[Argument], page: &mut String) {
    for argument in declared {
        let name = format!("{prefix}{}", argument.name);
        let required = if argument.required { "yes" } else { "no" };
        let default = argument
            .default
            .map_or_else(String::new, |default| format!("`{default}`"));
        let _ = writeln!(
            page,
            "| `{name}` | {} | {required} | {} | {} |",
            cell(&type_text(&argument.of)),
            cell(&default),
            cell(argument.doc)
        );
        nested(&name, &argument.of, page);
    }
}

/// The members of objects get rows of their own.
fn nested(name: &str, of: &ArgumentType, page: &mut String) {
    match of {
        ArgumentType::Object(declared) => rows(&format!("{name}."), declared, page),
        ArgumentType::ObjectList(declared) => rows(&format!("{name}[]."), declared, page),
        ArgumentType::ByRegion(of) => nested(&format!("{name}.<region>"), of, page),
        _ => {}
    }
}

/// Text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn type_text(of: &ArgumentType) -> String {
    match of {
        ArgumentType::Text => "string".to_owned(),
        ArgumentType::Integer { min, max } => format!("whole number from {min} to {max}"),
        ArgumentType::Flag => "true or false".to_owned(),
        ArgumentType::Duration => "duration, such as `5m`".to_owned(),
        ArgumentType::Choice(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("one of {}", words.join(", "))
        }
        ArgumentType::TextList => "list of strings".to_owned(),
        ArgumentType::TextMap => "strings by string".to_owned(),
        ArgumentType::ByRegion(of) => format!("for every region: {}", type_text(of)),
        ArgumentType::Object(_) => "object".to_owned(),
        ArgumentType::ObjectList(_) => "list of objects".to_owned(),
    }
}

fn placeholders(declared: &[Argument], region: Option<&str>) -> Value {
    let needed = declared.iter().filter(|argument| argument.required);
    let members = needed.map(|argument| {
        let value = placeholder(argument.name, &argument.of, region);
        (argument.name.to_owned(), value)
    });
    Value::Object(members.collect())
}

fn placeholder(name: &str, of: &ArgumentType, region: Option<&str>) -> Value {
    let text = || {
        let name = name.replace('_', "-");
        region.map_or_else(
            || format!("my-{name}"),
            |region| format!("my-{name}-{region}"),
        )
    };
    match of {
        ArgumentType::Text => Value::from(text()),
        ArgumentType::Integer { min, max } => Value::from((*min).max(1).min(*max)),
        ArgumentType::Flag => Value::Bool(true),
        ArgumentType::Duration => Value::from("5m"),
        ArgumentType::Choice(words) => words.first().copied().map_or(Value::Null, Value::from),
        ArgumentType::TextList => json!([text()]),
        ArgumentType::TextMap => json!({ "key": text() }),
        ArgumentType::ByRegion(of) => {
            let regions = REGIONS.iter();
            let members =
                regions.map(|region| ((*region).to_owned(), placeholder(name, of, Some(region))));
            Value::Object(members.collect())
        }
        ArgumentType::Object(declared) => placeholders(declared, region),
        ArgumentType::ObjectList(declared) => json!([placeholders(declared, region)]),
    }
}

/// The calls of the example, made when `us-west-2` takes over from `us-east-1`.
fn calls(kind: &dyn Kind, page: &mut String) {
    page.push_str("\n## Calls\n");
    let (Ok(from), Ok(target)) = (Region::new(REGIONS[0]), Region::new(REGIONS[1])) else {
        return;
    };
    let text = example(kind)
        .get(kind.name())
        .map_or_else(String::new, Value::to_string);
    let regions = [from.clone(), target.clone()];
    let arguments = arguments_of(kind, &text, &regions).unwrap_or_default();
    let mut rows: Vec<(ApiCall, Vec<Mode>)> = Vec::new();
    for mode in kind.runs_in() {
        for call in kind.calls(&arguments, *mode, &target, Some(&from)) {
            match rows.iter_mut().find(|(known, _)| *known == call) {
                Some((_, modes)) if modes.contains(mode) => {}
                Some((_, modes)) => modes.push(*mode),
                None => rows.push((call, vec![*mode])),
            }
        }
    }
    if rows.is_empty() {
        page.push_str("\nIt calls nothing of AWS.\n");
        return;
    }
    page.push_str(
        "\nOf the example, when `us-west-2` becomes active and `us-east-1` was:\n\n\
         | Operation | Region | Plane | Changes | Needed | Modes |\n|---|---|---|---|---|---|\n",
    );
    for (call, modes) in rows {
        let modes: Vec<&str> = modes.iter().map(|mode| mode.name()).collect();
        let _ = writeln!(
            page,
            "| `{}:{}` | {} | {} | {} | {} | {} |",
            call.service,
            call.operation,
            call.region,
            match call.plane {
                Plane::Control => "control",
                Plane::Data => "data",
            },
            if call.changes { "yes" } else { "no" },
            if call.needed { "yes" } else { "no" },
            modes.join(", ")
        );
    }
}

const INDEX: &str = "# Kinds of steps

Written by `make docs` from the declarations of the kinds. Every page ends its first paragraph with what the kind was tried
against: a fake of AWS in memory, or the lab, where emulated AWS answers over HTTP. None ran against live AWS.

| Kind | What it does | Usually takes | One-way |
|---|---|---|---|
";

/// The list of all kinds: name, target state by its documentation, usual duration.
pub fn index(kinds: &[&'static dyn Kind]) -> String {
    let mut page = INDEX.to_owned();
    for kind in kinds {
        let first = target_state(kind.doc());
        let _ = writeln!(
            page,
            "| [`{0}`]({0}.md) | {1} | {2} | {3} |",
            kind.name(),
            cell(first),
            usual(kind.usual_duration()),
            if kind.one_way() { "yes" } else { "no" }
        );
    }
    page
}

/// The first sentence of a documentation as far as it is one statement.
fn target_state(doc: &str) -> &str {
    let ends = [". ", ": ", "; ", " ("].iter();
    let end = ends.filter_map(|end| doc.find(end)).min();
    doc[..end.unwrap_or(doc.len())].trim_end_matches('.')
}

fn usual(duration: Duration) -> String {
    match duration {
        Duration::ZERO => "at once".to_owned(),
        duration => duration::text(duration),
    }
}

#[cfg(test)]
pub(crate) mod tests;
