//! `drcheck explain`: a rule, the pair of an instance, or one finding.

use std::io::Write as _;

use super::arguments::Explain as Arguments;
use super::{CliError, Exit, exceptions, roots};
use crate::check::{self, Options};
use crate::inventory::node;
use crate::mirror::{Mirror, Standing};
use crate::printable::line;
use crate::report::{self, Form, Report};
use crate::rules;

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Exit, CliError> {
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    match (arguments.what.as_str(), &arguments.which) {
        ("pair", Some(address)) => {
            let (read, settings) = roots::read(&arguments.sources, used)?;
            let mirror = Mirror::new(&read.inventory, &settings)?;
            pair(&mirror, address, &mut out)?;
        }
        ("finding", Some(start)) => {
            let (read, settings) = roots::read(&arguments.sources, used)?;
            let options = Options {
                keyed: arguments.sources.digest_key.is_some(),
                ..Options::default()
            };
            let (mirror, outcome) = check::check(&read.inventory, &settings, &options)?;
            let outcome = exceptions::applied(&mirror, outcome, &options, &arguments.today)?;
            let report = report::build(&report::Input {
                mirror: &mirror,
                outcome: &outcome,
            });
            finding(report, start, &mut out)?;
        }
        ("pair" | "finding", None) => {
            return Err(CliError::Usage(format!(
                "explain {}: expected an address, or the start of a fingerprint",
                arguments.what
            )));
        }
        (name, _) => {
            if let Some(rule) = rules::find(name) {
                writeln!(
                    out,
                    "{} ({}, {})\n\n{}\n\nIn a failover: {}\n\n{}",
                    rule.name,
                    rule.family.word(),
                    rule.severity.word(),
                    rule.title,
                    rule.impact,
                    rule.doc
                )?;
            } else {
                let hint = crate::settings::nearest(name, rules::all().map(|rule| rule.name))
                    .map(|name| format!("; did you mean {name}?"))
                    .unwrap_or_default();
                return Err(CliError::Usage(format!(
                    "there is no rule {name}{hint} (drcheck rules lists them)"
                )));
            }
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn finding(mut report: Report, start: &str, out: &mut dyn std::io::Write) -> Result<(), CliError> {
    report
        .findings
        .retain(|finding| finding.fingerprint.starts_with(start));
    report.gaps.retain(|gap| gap.fingerprint.starts_with(start));
    if report.findings.is_empty() && report.gaps.is_empty() {
        return Err(CliError::Usage(format!(
            "no finding or gap has a fingerprint that starts with {start}"
        )));
    }
    report::write(&report, Form::Text, out)?;
    for finding in &report.findings {
        if let Some(rule) = rules::find(&finding.rule) {
            writeln!(out, "\n{}", rule.doc)?;
        }
    }
    Ok(())
}

fn pair(mirror: &Mirror<'_>, address: &str, out: &mut dyn std::io::Write) -> Result<(), CliError> {
    let found: Vec<_> = mirror
        .instances()
        .filter(|(_, instance)| &*instance.address == address)
        .collect();
    if found.is_empty() {
        let all = mirror.instances().map(|(_, instance)| &*instance.address);
        let hint = crate::settings::nearest(address, all)
            .map(|name| format!("; did you mean {name}?"))
            .unwrap_or_default();
        return Err(CliError::Usage(format!(
            "there is no instance {address}{hint}"
        )));
    }
    for (id, instance) in found {
        let standing = match mirror.standing(id) {
            Standing::Primary => "in the primary region",
            Standing::Secondary(_) => "in a secondary region",
            Standing::Global => "of a global service",
            Standing::Other => "in a region without a role",
            Standing::Unknown => "in a region that is not known",
        };
        writeln!(out, "{} is {standing}", line(&instance.address))?;
        for because in &instance.region.because {
            writeln!(out, "  region: {}", line(because))?;
        }
        let pairs: Vec<_> = mirror
            .pairs()
            .iter()
            .filter(|pair| pair.primary == id || pair.instance() == Some(id))
            .collect();
        for pair in &pairs {
            let other = if pair.primary == id {
                pair.holder()
            } else {
                pair.primary
            };
            let block = match &pair.counterpart {
                crate::mirror::Counterpart::Embedded { path, .. } => {
                    format!(", block {}", node::path_text(path))
                }
                crate::mirror::Counterpart::Instance(_) => String::new(),
            };
            writeln!(
                out,
                "  mirrored with {}{}",
                line(&mirror.instance(other).address),
                line(&block)
            )?;
            for evidence in &pair.evidence {
                writeln!(out, "    because: {}", report::evidence(evidence))?;
            }
        }
        if pairs.is_empty() {
            writeln!(out, "  it has no counterpart")?;
        }
        for ambiguity in &mirror.pairing.ambiguities {
            if ambiguity.primary.contains(&id) || ambiguity.secondary.contains(&id) {
                let names = |ids: &[crate::mirror::InstanceId]| {
                    let names: Vec<&str> = ids
                        .iter()
                        .map(|id| &*mirror.instance(*id).address)
                        .collect();
                    names.join(", ")
                };
                writeln!(
                    out,
                    "  cannot be told apart: {} and {}",
                    line(&names(&ambiguity.primary)),
                    line(&names(&ambiguity.secondary))
                )?;
            }
        }
    }
    Ok(())
}
