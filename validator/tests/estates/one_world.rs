//! One estate, three kinds of sources, one world: what they say differently is listed with its reason, and nothing else
//! differs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::difference::{Difference, Kind, between};
use super::program::{
    CONFIGURATION, JOINED, PLAN, SEEDED_CONFIGURATION, SEEDED_PLAN, SHOWN, STORED, Source,
    instances,
};

const LIST: &str = include_str!("../data/estates/differences.txt");

/// A line of the list: a kind, a mode with a type, a path, and the word for a reason.
struct Entry {
    line: &'static str,
    kind: &'static str,
    of: &'static str,
    path: &'static str,
}

/// The entries under a heading. Every word for a reason is explained at the top of the list.
fn entries(heading: &str) -> Vec<Entry> {
    let explained: Vec<&str> = LIST
        .lines()
        .filter_map(|line| line.strip_prefix("# ")?.split_once(": "))
        .map(|(word, _)| word)
        .collect();
    let rest = LIST
        .split_once(&format!("[{heading}]\n"))
        .expect("a heading")
        .1;
    rest.lines()
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let [kind, of, path, reason] = parts[..] else {
                panic!("not an entry: {line}");
            };
            assert!(explained.contains(&reason), "no such reason: {line}");
            Entry {
                line,
                kind,
                of,
                path,
            }
        })
        .collect()
}

fn covers(entry: &Entry, of: &str, difference: &Difference) -> bool {
    let fits = |pattern: &str, text: &str| match pattern.strip_suffix('*') {
        Some(start) if !pattern.ends_with(".*") => text.starts_with(start),
        _ => pattern == text,
    };
    entry.kind == difference.kind.word() && fits(entry.of, of) && fits(entry.path, &difference.path)
}

/// Whether the first source says itself that it did not read this but modelled it.
fn is_assumed(instance: &Json, path: &str) -> bool {
    instance["assumed"].as_array().is_some_and(|all| {
        all.iter()
            .any(|note| note["path"][0].as_str() == path.split('.').next())
    })
}

/// Compares all instances of both sources; each difference is in the list, and each entry of the list is needed.
fn agree(pairs: &[(Source, Source)], heading: &str) {
    let entries = entries(heading);
    let mut needed = vec![false; entries.len()];
    let mut unlisted: BTreeMap<String, String> = BTreeMap::new();
    for (first, second) in pairs {
        let (first, second) = (instances(*first), instances(*second));
        for (address, one) in &first {
            let Some(other) = second.get(address) else {
                continue;
            };
            let of = format!(
                "{} {}",
                one["mode"].as_str().expect("a mode"),
                one["type"].as_str().expect("a type")
            );
            for difference in between(one, other) {
                let known_here = matches!(difference.kind, Kind::Forgotten | Kind::Gone);
                if known_here && is_assumed(one, &difference.path) {
                    continue;
                }
                let mut listed = false;
                for (entry, needed) in entries.iter().zip(&mut needed) {
                    if covers(entry, &of, &difference) {
                        listed = true;
                        *needed = true;
                    }
                }
                if !listed {
                    let line = format!("{} | {of} | {} |", difference.kind.word(), difference.path);
                    unlisted
                        .entry(line)
                        .or_insert_with(|| format!("{address}: {}", difference.seen));
                }
            }
        }
    }
    let mut complaint = String::new();
    for (line, example) in &unlisted {
        let short: String = example.chars().take(200).collect();
        let _ = writeln!(complaint, "not listed: {line}   {short}");
    }
    for (entry, _) in entries.iter().zip(&needed).filter(|(_, needed)| !**needed) {
        let _ = writeln!(complaint, "not needed: {}", entry.line);
    }
    assert!(complaint.is_empty(), "{heading}\n{complaint}");
}

#[test]
fn a_plan_says_what_its_configuration_says() {
    agree(
        &[(CONFIGURATION, PLAN), (SEEDED_CONFIGURATION, SEEDED_PLAN)],
        "configuration -> plan",
    );
}

#[test]
fn a_state_says_what_its_plan_said() {
    agree(&[(PLAN, STORED)], "plan -> state");
}

#[test]
fn both_forms_of_a_state_say_the_same() {
    agree(&[(STORED, SHOWN), (SHOWN, STORED)], "state -> state");
}

#[test]
fn a_plan_joined_to_its_configuration_keeps_its_values() {
    agree(&[(PLAN, JOINED), (JOINED, PLAN)], "plan -> joined");
}
