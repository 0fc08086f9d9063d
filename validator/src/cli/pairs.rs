//! `drcheck pairs`: which instance mirrors which, and why.

use std::io::Write as _;

use super::arguments::{Format, Pairs as Arguments};
use super::{CliError, Exit, roots};
use crate::check::{self, Options};
use crate::printable::line;
use crate::report;

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Exit, CliError> {
    let (read, settings) = roots::read(&arguments.sources, used)?;
    let (mirror, outcome) = check::check(&read.inventory, &settings, &Options::default())?;
    let report = report::build(&report::Input {
        mirror: &mirror,
        outcome: &outcome,
    });
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if arguments.format == Format::Json {
        let ambiguities: Vec<serde_json::Value> = mirror
            .pairing
            .ambiguities
            .iter()
            .map(|ambiguity| {
                let names = |ids: &[crate::mirror::InstanceId]| -> Vec<String> {
                    ids.iter().map(|id| mirror.instance(*id).address.to_string()).collect()
                };
                serde_json::json!({ "primary": names(&ambiguity.primary), "secondary": names(&ambiguity.secondary) })
            })
            .collect();
        let extra: Vec<&str> = mirror
            .pairing
            .extra
            .iter()
            .map(|stray| &*mirror.instance(stray.instance).address)
            .collect();
        let all = serde_json::json!({
            "roles": report.roles, "pairs": report.pairs, "strays": report.strays, "extra": extra, "ambiguities": ambiguities,
        });
        serde_json::to_writer_pretty(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        for pair in &report.pairs {
            let block = pair
                .path
                .as_ref()
                .map(|path| format!(" {path}"))
                .unwrap_or_default();
            writeln!(
                out,
                "{}\n  = {}{}  ({})",
                line(&pair.primary),
                line(&pair.secondary),
                line(&block),
                pair.evidence.join("; ")
            )?;
        }
        for stray in &report.strays {
            let why = stray
                .single
                .as_ref()
                .map(|reason| format!(" (single: {reason})"))
                .unwrap_or_default();
            writeln!(
                out,
                "{}\n  = nothing in {}{}",
                line(&stray.address),
                stray.region,
                line(&why)
            )?;
        }
        for stray in &mirror.pairing.extra {
            writeln!(
                out,
                "nothing in {}\n  = {}",
                mirror.roles.primary,
                line(&mirror.instance(stray.instance).address)
            )?;
        }
        writeln!(
            out,
            "{} {}; {} of the primary without counterpart, {} only in the secondary, {} groups that cannot be told apart",
            report.pairs.len(),
            if report.pairs.len() == 1 {
                "pair"
            } else {
                "pairs"
            },
            report.strays.len(),
            mirror.pairing.extra.len(),
            mirror.pairing.ambiguities.len()
        )?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}
