//! Start scripts of paired machines: what the primary's runs, the secondary's must run too.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cty::Value;

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Mirror, Pair};
use crate::symbol::{self, Symbol};
use crate::verdict::{Asked, Sink, Spot};

/// Where start scripts stand.
const SCRIPTS: [(&str, &str); 4] = [
    ("aws_launch_template", "user_data"),
    ("aws_launch_configuration", "user_data"),
    ("aws_instance", "user_data"),
    ("aws_instance", "user_data_base64"),
];

/// Stands in a script for what is not known.
const HOLE: char = '\u{fffc}';

/// Calls inside of calls that are read.
const DEEPEST: u32 = 8;

/// Asks paired machines for the commands of their start scripts.
pub(super) fn ask(mirror: &Mirror<'_>, rule: &'static str, sink: &mut Sink) {
    for (ty, path) in SCRIPTS {
        for (pair, secondary) in mirror.pairs_of(ty) {
            pair_of(mirror, rule, pair, secondary, path, sink);
        }
    }
}

fn pair_of(
    mirror: &Mirror<'_>,
    rule: &'static str,
    pair: &Pair,
    secondary: InstanceId,
    path: &str,
    sink: &mut Sink,
) {
    let Some(node) = mirror.value(pair.primary, path) else {
        return;
    };
    let asked = || {
        let spots = (Spot::of(pair.primary, path), Spot::of(secondary, path));
        Asked::new(rule, spots.0, spots.1)
    };
    let name = &mirror.instance(secondary).address;
    let one = script(node);
    // What is no shell script is not compared.
    if matches!(&one, Ok(text) if !text.starts_with("#!")) {
        return;
    }
    if mirror.same(pair, secondary, path) {
        sink.holds();
        return;
    }
    let other = match mirror.value(secondary, path) {
        Some(node) => script(node),
        None => Ok(String::new()),
    };
    match (one, other) {
        (Ok(one), Ok(other)) => {
            let missing = missing(&one, &other);
            if missing.is_empty() {
                sink.holds();
                return;
            }
            let all = missing.join(", ");
            sink.broken(
                asked()
                    .broken(format!(
                        "the start script of {name} does not run what the primary's runs: {all}"
                    ))
                    .impact("Machines start, and lack what the primary's script sets up.")
                    .fix("Run the same commands in both regions; only their values may differ."),
            );
        }
        (Err(because), _) | (_, Err(because)) => sink.unsure(asked().unsure(
            format!("what the start script of {name} runs is not known"),
            because,
        )),
    }
}

/// A script as text, with a sign for each hole.
///
/// # Errors
/// What is not known of it.
fn script(node: &Node) -> Result<String, Vec<Name>> {
    match node {
        Node::String(text) => Ok(decoded(text)),
        Node::Unknown(unknown) => unknown
            .symbol
            .as_deref()
            .and_then(|symbol| written(symbol, 0))
            .ok_or_else(|| unknown.because.clone()),
        Node::Sensitive(_) => Err(vec!["a sensitive value".into()]),
        _ => Ok(String::new()),
    }
}

/// Text that may be encoded.
fn decoded(text: &str) -> String {
    let bytes = STANDARD.decode(text).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| text.to_owned())
}

fn written(symbol: &Symbol, depth: u32) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    match symbol {
        Symbol::Template(parts) => Some(
            parts
                .iter()
                .map(|part| match part.as_str() {
                    Some(text) => text.to_owned(),
                    None => HOLE.to_string(),
                })
                .collect(),
        ),
        Symbol::Call {
            function,
            arguments,
        } if matches!(&**function, "base64encode" | "trimspace" | "chomp") => {
            let [only] = arguments.as_slice() else {
                return None;
            };
            of_value(only, depth + 1)
        }
        _ => None,
    }
}

fn of_value(value: &Value, depth: u32) -> Option<String> {
    match value.as_str() {
        Some(text) => Some(text.to_owned()),
        None => written(symbol::of(value)?, depth),
    }
}

/// Commands that the first script runs more often than the second.
fn missing(one: &str, other: &str) -> Vec<String> {
    let others = commands(other);
    let fewer = |(command, count): &(String, usize)| others.get(command).unwrap_or(&0) < count;
    commands(one)
        .into_iter()
        .filter(fewer)
        .map(|(command, _)| command)
        .collect()
}

/// How often each command runs. Arguments are values, and may differ; the name that is assigned belongs to the command.
fn commands(script: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for line in script.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(command) = command(line) {
            *found.entry(command).or_insert(0) += 1;
        }
    }
    found
}

/// The first word of a line, and the name that the line assigns; nothing where the word itself is not known.
fn command(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    if let Some(name) = assigned(first) {
        return Some(format!("{name}="));
    }
    if first.contains(HOLE) {
        return None;
    }
    Some(match words.next().and_then(assigned) {
        Some(name) => format!("{first} {name}="),
        None => first.to_owned(),
    })
}

/// `NAME` of `NAME=value`, quoted or not.
fn assigned(word: &str) -> Option<&str> {
    let (name, _) = word.trim_start_matches(['"', '\'']).split_once('=')?;
    let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    (!name.is_empty() && name.chars().all(letters)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_may_differ_and_commands_may_not() {
        let one = "#!/bin/sh\necho \"REGION=a\" > f\nmount x\nmount y\n\u{fffc} z\n";
        let other = "#!/bin/sh\n# mount x\necho \"REGION=b\" > g\nmount w\n";
        assert_eq!(missing(one, other), ["mount"]);
        assert_eq!(missing(other, one), Vec::<String>::new());
        let renamed = one.replace("REGION", "ZONE");
        assert_eq!(missing(one, &renamed), ["echo REGION="]);
    }

    #[test]
    fn an_encoded_script_is_read() {
        let text = "#!/bin/sh\nmount x\n";
        assert_eq!(decoded(&STANDARD.encode(text)), text);
        assert_eq!(decoded(text), text);
    }
}
