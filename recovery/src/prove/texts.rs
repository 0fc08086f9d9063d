//! What arguments and probes name: a key, a secret, an image or an address that is lost with a region.

use aws::Region;
use serde_json::Value;

use super::{Finding, Subject, Weight};
use crate::argument::{Argument, ArgumentType};
use crate::document::{Document, StepEntry};
use crate::message::Message;

/// Whether a text names a region as a whole word, as ARNs and the hosts of AWS do.
pub(super) fn names(text: &str, region: &Region) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .any(|word| word == region.as_str())
}

/// Texts that the step uses when `target` becomes active, and that name the lost region.
pub(super) fn arguments(
    step: &StepEntry,
    lost: &Region,
    target: &Region,
    findings: &mut Vec<Finding>,
) {
    let mut texts = Vec::new();
    for argument in step.kind.arguments() {
        member(
            argument,
            step.arguments.as_json().get(argument.name),
            "",
            target,
            &mut texts,
        );
    }
    for (path, text) in texts {
        if !names(text, lost) {
            continue;
        }
        let (weight, what) = match gone_with_region(text) {
            Some(what) => (Weight::Breaks, what),
            None => (Weight::Note, "something that lives"),
        };
        let expected = match weight {
            Weight::Breaks => {
                format!("one in {target}: with {lost} it is lost, and the step needs it")
            }
            _ => format!("names of {target}, unless the step only compares it"),
        };
        findings.push(Finding {
            subject: Subject::Step(step.name.clone()),
            call: None,
            weight,
            message: Message::new(
                format!("{path} names {what} in {lost}: {text}"),
                expected,
                format!("replicate it to {target} and name the replica there"),
            ),
        });
    }
}

/// What is of no use when its region is lost, although the step's own calls go to another one.
fn gone_with_region(text: &str) -> Option<&'static str> {
    let service = text
        .strip_prefix("arn:")
        .and_then(|rest| rest.split(':').nth(1));
    match service {
        Some("kms") => Some("a key"),
        Some("secretsmanager") => Some("a secret"),
        Some("ecr") => Some("a registry"),
        None if text.contains(".dkr.ecr.") => Some("an image of a registry"),
        _ => None,
    }
}

fn member<'v>(
    argument: &Argument,
    value: Option<&'v Value>,
    path: &str,
    target: &Region,
    texts: &mut Vec<(String, &'v str)>,
) {
    if let Some(value) = value {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{}", argument.name);
        collect(&argument.of, value, &path, target, texts);
    }
}

fn collect<'v>(
    of: &ArgumentType,
    value: &'v Value,
    path: &str,
    target: &Region,
    texts: &mut Vec<(String, &'v str)>,
) {
    match (of, value) {
        // What stands there for other regions is not used when this one becomes active.
        (ArgumentType::ByRegion(of), Value::Object(members)) => {
            if let Some(value) = members.get(target.as_str()) {
                collect(of, value, &format!("{path}.{target}"), target, texts);
            }
        }
        (ArgumentType::Object(declared), Value::Object(members)) => {
            for argument in *declared {
                member(argument, members.get(argument.name), path, target, texts);
            }
        }
        (ArgumentType::ObjectList(declared), Value::Array(list)) => {
            for (index, element) in list.iter().enumerate() {
                for argument in *declared {
                    let path = format!("{path}[{index}]");
                    member(argument, element.get(argument.name), &path, target, texts);
                }
            }
        }
        (ArgumentType::TextList, Value::Array(list)) => {
            for (index, element) in list.iter().enumerate() {
                let text = element
                    .as_str()
                    .map(|text| (format!("{path}[{index}]"), text));
                texts.extend(text);
            }
        }
        (ArgumentType::TextMap, Value::Object(members)) => {
            for (key, value) in members {
                texts.extend(value.as_str().map(|text| (format!("{path}.{key}"), text)));
            }
        }
        _ => texts.extend(value.as_str().map(|text| (path.to_owned(), text))),
    }
}

/// Probes that ask the lost region when they are meant to ask the target.
pub(super) fn probes(
    document: &Document,
    lost: &Region,
    target: &Region,
    findings: &mut Vec<Finding>,
) {
    for (name, probe) in &document.probes {
        let url = probe.url.get(target);
        if let Some(url) = url.filter(|url| names(url, lost)) {
            findings.push(Finding {
                subject: Subject::Probe(name.clone()),
                call: None,
                weight: Weight::Breaks,
                message: Message::new(
                    format!("url.{target} asks {lost}: {url}"),
                    format!("an address in {target}: {lost} does not answer"),
                    format!("write the address that serves in {target}"),
                ),
            });
        }
    }
}
