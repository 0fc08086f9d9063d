//! `drcheck check`: compares both regions.

use std::io::Write as _;

use super::arguments::Check as Arguments;
use super::{CliError, Exit, inventory};
use crate::check::{self, Options};
use crate::settings::Settings;

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Exit, CliError> {
    let read = inventory::read(&arguments.sources, used)?;
    let settings = Settings::default();
    let options = Options {
        select: arguments.select.clone(),
        ignore: arguments.ignore.clone(),
    };
    let (mirror, outcome) = check::check(&read.inventory, &settings, &options)?;
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    for finding in &outcome.findings {
        writeln!(
            out,
            "{} [{}] {}",
            finding.rule,
            finding.severity.word(),
            finding.message
        )?;
        for side in [&finding.primary, &finding.secondary] {
            let place = side
                .place
                .as_ref()
                .map(|p| format!("{}:{}:{}", p.file, p.line, p.column));
            writeln!(
                out,
                "    {:?} {:?} {:?} {:?}",
                side.address,
                crate::inventory::node::path_text(&side.path),
                side.value,
                place
            )?;
        }
        for consequence in &finding.consequences {
            writeln!(
                out,
                "    > {} {}: {}",
                consequence.rule, consequence.address, consequence.message
            )?;
        }
    }
    for gap in &outcome.gaps {
        writeln!(
            out,
            "? {} {:?} {:?}: {} | {}",
            gap.rule, gap.primary.address, gap.sub, gap.message, gap.settle
        )?;
    }
    writeln!(
        out,
        "{:?} {} pairs {} {:?}",
        outcome.tally,
        mirror.pairs().len(),
        mirror.roles.inferred,
        mirror.cidr
    )?;
    out.flush()?;
    Ok(Exit::Fine)
}
