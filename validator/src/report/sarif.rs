//! SARIF 2.1.0: what code scanning of forges reads.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Value as Json, json};

use super::{DiagnosticShown, FindingShown, PlaceShown, Report, words};
use crate::rules;

/// Where rule pages live; the fragment is the rule.
const PAGES: &str =
    "https://github.com/terraform-provider-dr/terraform-provider-dr/blob/main/docs/rules";

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let named: BTreeSet<&str> = report
        .findings
        .iter()
        .map(|finding| finding.rule.as_str())
        .chain(report.gaps.iter().map(|gap| gap.rule.as_str()))
        .collect();
    let index: BTreeMap<&str, usize> = named
        .iter()
        .enumerate()
        .map(|(at, name)| (*name, at))
        .collect();
    let descriptors: Vec<Json> = named.iter().map(|name| descriptor(name)).collect();
    let results: Vec<Json> = report
        .findings
        .iter()
        .map(|finding| result(finding, &index))
        .collect();
    let undecided: Vec<Json> = report
        .gaps
        .iter()
        .map(|gap| {
            json!({
                "ruleId": gap.rule,
                "ruleIndex": index[gap.rule.as_str()],
                "kind": "open",
                "level": "none",
                "message": { "text": words::gap(gap) },
                "locations": locations(gap.secondary.place.as_ref().or(gap.primary.place.as_ref()), gap.secondary.address.as_deref().or(gap.primary.address.as_deref())),
                "partialFingerprints": { "drcheck/v1": gap.fingerprint },
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "drcheck",
                "version": report.tool_version,
                "informationUri": PAGES,
                "rules": descriptors,
            }},
            "invocations": [{
                "executionSuccessful": report.summary.files_not_parsed == 0 && report.summary.modules_not_read == 0 && report.summary.relations > 0,
                "toolExecutionNotifications": report.diagnostics.iter().map(notification).collect::<Vec<_>>(),
            }],
            "columnKind": "unicodeCodePoints",
            "results": results.into_iter().chain(undecided).collect::<Vec<_>>(),
            "properties": { "summary": report.summary, "roles": report.roles },
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

/// An error or a note about what was read.
fn notification(diagnostic: &DiagnosticShown) -> Json {
    json!({
        "level": diagnostic.severity,
        "message": { "text": format!("{} {}", words::sentence(&diagnostic.summary), diagnostic.detail).trim_end() },
        "locations": locations(diagnostic.place.as_ref(), None),
    })
}

fn descriptor(name: &str) -> Json {
    let rule = rules::find(name);
    let text = rule.map_or(name, |rule| rule.title);
    json!({
        "id": name,
        "shortDescription": { "text": text },
        "fullDescription": { "text": rule.map_or(name, |rule| rule.impact) },
        "helpUri": format!("{PAGES}/{name}.md"),
        "help": { "text": rule.map_or(name, |rule| rule.doc), "markdown": rule.map_or(name, |rule| rule.doc) },
        "defaultConfiguration": { "level": level(rule.map_or("breaks", |rule| rule.severity.word())) },
        "properties": { "family": rule.map_or("general", |rule| rule.family.word()) },
    })
}

fn level(severity: &str) -> &'static str {
    match severity {
        "breaks" => "error",
        "degrades" => "warning",
        _ => "note",
    }
}

fn result(finding: &FindingShown, index: &BTreeMap<&str, usize>) -> Json {
    let (main, other) = match &finding.secondary.place {
        Some(_) => (&finding.secondary, &finding.primary),
        None => (&finding.primary, &finding.secondary),
    };
    let mut related: Vec<Json> = Vec::new();
    for place in other.place.iter().chain(&main.chain).chain(&other.chain) {
        if Some(place) != main.place.as_ref() {
            related.push(json!({
                "id": related.len() + 1,
                "physicalLocation": physical(place),
                "message": { "text": place.what.as_deref().unwrap_or("the other side") },
            }));
        }
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule.as_str()],
        "kind": "fail",
        "level": level(finding.severity),
        "message": { "text": words::finding(finding) },
        "locations": locations(main.place.as_ref(), main.address.as_deref().or(other.address.as_deref())),
        "relatedLocations": related,
        "partialFingerprints": { "drcheck/v1": finding.fingerprint },
        "properties": {
            "primary": finding.primary,
            "secondary": finding.secondary,
            "consequences": finding.consequences,
        },
    });
    if let Some(accepted) = &finding.accepted {
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": format!("{} ({}, until {})", accepted.reason, accepted.owner, accepted.expires),
        }]);
    }
    if finding.in_baseline {
        result["baselineState"] = json!("unchanged");
    }
    result
}

fn locations(place: Option<&PlaceShown>, address: Option<&str>) -> Json {
    let mut location = serde_json::Map::new();
    if let Some(place) = place {
        location.insert("physicalLocation".into(), physical(place));
    }
    if let Some(address) = address {
        location.insert(
            "logicalLocations".into(),
            json!([{ "fullyQualifiedName": address, "kind": "resource" }]),
        );
    }
    if location.is_empty() {
        json!([])
    } else {
        json!([location])
    }
}

fn physical(place: &PlaceShown) -> Json {
    json!({
        "artifactLocation": { "uri": uri(&place.file) },
        "region": { "startLine": place.line, "startColumn": place.column },
    })
}

/// A file's name as a relative reference.
fn uri(file: &str) -> String {
    let mut out = String::with_capacity(file.len());
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = std::fmt::Write::write_fmt(&mut out, format_args!("%{byte:02X}"));
        }
    }
    out
}
