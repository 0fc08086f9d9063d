//! `rule` blocks: a severity, and the arguments that the rule takes; what it does not take, or cannot read, is a problem.

use super::super::{RuleSetting, Settings, nearest};
use super::Problem;
use super::blocks::{known_rule, label};
use super::fields::Fields;
use crate::inventory::Name;
use crate::rules;
use crate::verdict::Severity;

pub(super) fn read(fields: &Fields<'_>, settings: &mut Settings, problems: &mut Vec<Problem>) {
    let name = label(fields, "rule \"dns-ttl-too-long\" { … }", problems);
    known_rule(fields, &name, problems);
    if settings.rules.contains_key(&name) {
        problems.push(fields.refuse(format!("rule {name:?} is declared twice")));
    }
    let severity = fields.word(
        "severity",
        Severity::of,
        "breaks, degrades or drifts",
        problems,
    );
    let mut arguments = std::collections::BTreeMap::new();
    let given: Vec<&str> = fields.names().filter(|name| *name != "severity").collect();
    for given in given {
        if let Some(text) = argument(fields, &name, given, problems) {
            arguments.insert(Name::from(given), text);
        }
    }
    settings.rules.insert(
        name,
        RuleSetting {
            severity,
            arguments,
            place: Some(fields.place()),
        },
    );
}

/// The text of an argument that a rule takes, where it can be read.
fn argument(
    fields: &Fields<'_>,
    rule: &str,
    given: &str,
    problems: &mut Vec<Problem>,
) -> Option<Name> {
    // Of a rule that does not exist nothing more is said.
    rules::find(rule)?;
    let known = rules::arguments(rule);
    let Some(argument) = known.iter().find(|argument| argument.name == given) else {
        let names = known
            .iter()
            .map(|argument| argument.name)
            .chain(["severity"]);
        let near = nearest(given, names.clone())
            .map(|near| format!("; did you mean {near}?"))
            .unwrap_or_default();
        let all: Vec<&str> = names.collect();
        problems.push(fields.refuse_name(
            given,
            format!(
                "{rule} takes no argument {given:?}{near} (it takes {})",
                all.join(", ")
            ),
        ));
        return None;
    };
    let text = fields.text(given, problems)?;
    if !(argument.fits)(&text) {
        problems.push(fields.refuse_at(
            given,
            format!("{given} is {text:?}; expected {}", argument.expected),
        ));
        return None;
    }
    Some(text)
}
