//! Reads the table. A line without indent is a type: name, family, kind of counterpart, strategies that need it, and words.
//! An indented line is a row: path, relation, severity, words, and behind a bar what it means in a failover.

use std::borrow::Cow;

use super::{Absent, CounterpartKind, Must, Row, TypeRows};
use crate::verdict::{Severity, Strategies};

/// All types.
///
/// # Errors
/// A line that is none, with its number.
pub(super) fn table(text: &'static str) -> Result<Vec<TypeRows>, String> {
    let mut types: Vec<TypeRows> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let wrong = || format!("line {}: {line}", at + 1);
        match line.strip_prefix(' ') {
            None => types.push(head(line).ok_or_else(wrong)?),
            Some(line) => {
                let of = types.last_mut().ok_or_else(wrong)?;
                let row = row(line, of.needed).ok_or_else(wrong)?;
                of.rows.push(row);
            }
        }
    }
    Ok(types)
}

fn head(line: &'static str) -> Option<TypeRows> {
    let mut words = line.split(' ');
    let mut rows = TypeRows {
        ty: words.next()?,
        family: words.next()?,
        counterpart: kind(words.next()?)?,
        needed: Strategies::letters(words.next()?),
        owner: None,
        shared: false,
        rows: Vec::new(),
    };
    for word in words {
        match word.split_once('=') {
            Some(("owner", argument)) => rows.owner = Some(argument),
            None if word == "shared" => rows.shared = true,
            _ => return None,
        }
    }
    Some(rows)
}

fn kind(word: &str) -> Option<CounterpartKind> {
    Some(match word {
        "twin" => CounterpartKind::Twin,
        "replica_argument" => CounterpartKind::ReplicaArgument,
        "replication_resource" => CounterpartKind::ReplicationResource,
        "global_resource" => CounterpartKind::GlobalResource,
        "copy_resource" => CounterpartKind::CopyResource,
        "global" => CounterpartKind::Global,
        "single" => CounterpartKind::Single,
        _ => return None,
    })
}

fn row(line: &'static str, on: Strategies) -> Option<Row> {
    let (facts, why) = line.split_once(" | ")?;
    // A default may hold blanks and stands last.
    let (facts, default) = match facts.split_once(" default=") {
        Some((facts, default)) => (facts, Some(default)),
        None => (facts, None),
    };
    let mut words = facts.split(' ');
    let path = words.next()?;
    let mut row = plain(Cow::Borrowed(path), Must::of(words.next()?)?);
    row.severity = Severity::of(words.next()?)?;
    row.on = on;
    row.why = why;
    if let Some(default) = default {
        row.absent = absent(default)?;
    }
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("on", letters) => row.on = Strategies::letters(letters),
            ("rule", names) => row.rules = names.split(',').collect(),
            ("scale", steps) => row.scale = steps.split('<').collect(),
            ("unlimited", numbers) => {
                row.unlimited = numbers
                    .split(',')
                    .map(str::parse)
                    .collect::<Result<_, _>>()
                    .ok()?;
            }
            ("inside", path) => row.inside = Some(path),
            ("of", path) => row.of = Some(path),
            ("lower", "") => row.lower = true,
            ("inherited", "") => row.inherited = true,
            ("not_on_replicas", "") => row.not_on_replicas = true,
            _ => return None,
        }
    }
    Some(row)
}

/// A row with nothing special.
pub(super) fn plain(path: Cow<'static, str>, must: Must) -> Row {
    Row {
        names: path.split('.').map(Into::into).collect(),
        path,
        must,
        on: Strategies::ALL,
        severity: Severity::Degrades,
        why: "dr.hcl says that it must agree.",
        absent: Absent::Unset,
        inherited: false,
        not_on_replicas: false,
        lower: false,
        unlimited: Vec::new(),
        scale: Vec::new(),
        rules: Vec::new(),
        inside: None,
        of: None,
    }
}

fn absent(word: &'static str) -> Option<Absent> {
    Some(match word {
        "aws" => Absent::Aws,
        "unlimited" => Absent::Unlimited,
        "true" => Absent::Bool(true),
        "false" => Absent::Bool(false),
        _ => match word.strip_prefix('"') {
            Some(text) => Absent::Text(text.strip_suffix('"')?),
            None => Absent::Number(word.parse().ok()?),
        },
    })
}
