//! `drcheck graph`: both regions as a graph, pairs side by side, replication as arrows.

use std::io::Write as _;

use super::arguments::{Graph as Arguments, GraphFormat};
use super::{CliError, Exit, roots};
use crate::inventory::Mode;
use crate::mirror::{Evidence, InstanceId, Mirror};

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    used: Option<&clap::ArgMatches>,
) -> Result<Exit, CliError> {
    let (read, settings) = roots::read(&arguments.sources, used)?;
    let mirror = Mirror::new(&read.inventory, &settings)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match arguments.format {
        GraphFormat::Mermaid => mermaid(&mirror, &mut out)?,
        GraphFormat::Dot => dot(&mirror, &mut out)?,
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// One line of the graph: a pair, and whether data flows along it.
struct Line {
    primary: InstanceId,
    secondary: InstanceId,
    replicated: bool,
}

fn lines(mirror: &Mirror<'_>) -> Vec<Line> {
    mirror
        .pairs()
        .iter()
        .filter(|pair| mirror.instance(pair.primary).mode == Mode::Managed)
        .map(|pair| Line {
            primary: pair.primary,
            secondary: pair.holder(),
            replicated: pair
                .evidence
                .iter()
                .any(|evidence| matches!(evidence, Evidence::Arrow(_) | Evidence::Embedded)),
        })
        .collect()
}

/// A label in which nothing is markup.
fn label(mirror: &Mirror<'_>, id: InstanceId) -> String {
    mirror
        .instance(id)
        .address
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn mermaid(mirror: &Mirror<'_>, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    writeln!(out, "flowchart LR")?;
    let lines = lines(mirror);
    for (role, region) in [
        ("P", &mirror.roles.primary),
        (
            "S",
            mirror
                .roles
                .secondary
                .first()
                .unwrap_or(&mirror.roles.primary),
        ),
    ] {
        writeln!(out, "  subgraph {role}[\"{region}\"]")?;
        for (at, line) in lines.iter().enumerate() {
            let id = if role == "P" {
                line.primary
            } else {
                line.secondary
            };
            writeln!(out, "    {role}{at}[\"{}\"]", label(mirror, id))?;
        }
        if role == "P" {
            for (at, stray) in mirror.pairing.strays.iter().enumerate() {
                writeln!(
                    out,
                    "    X{at}[\"{}\"]:::stray",
                    label(mirror, stray.instance)
                )?;
            }
        }
        writeln!(out, "  end")?;
    }
    for (at, line) in lines.iter().enumerate() {
        let arrow = if line.replicated { "==>" } else { "-.-" };
        writeln!(out, "  P{at} {arrow} S{at}")?;
    }
    writeln!(out, "  classDef stray stroke:#c00,stroke-width:2px")
}

fn dot(mirror: &Mirror<'_>, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let quoted = |id: InstanceId| format!("{:?}", mirror.instance(id).address);
    writeln!(out, "digraph mirror {{\n  rankdir=LR;\n  node [shape=box];")?;
    for line in lines(mirror) {
        let style = if line.replicated {
            "penwidth=2"
        } else {
            "dir=none, style=dashed"
        };
        writeln!(
            out,
            "  {} -> {} [{style}];",
            quoted(line.primary),
            quoted(line.secondary)
        )?;
    }
    for stray in &mirror.pairing.strays {
        writeln!(out, "  {} [color=red];", quoted(stray.instance))?;
    }
    writeln!(out, "}}")
}
