//! `drcheck graph`: both regions as a graph, pairs side by side, replication as arrows.

use std::collections::BTreeSet;
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
    /// Which of the secondary regions.
    region: usize,
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
            region: pair.secondary,
            replicated: pair
                .evidence
                .iter()
                .any(|evidence| matches!(evidence, Evidence::Arrow(_) | Evidence::Embedded)),
        })
        .collect()
}

/// What stands in one box: a region and the instances in it, each with the name of its node. A block that is a counterpart
/// stands for its instance in the secondary region.
struct Boxed {
    region: String,
    nodes: Vec<(String, InstanceId)>,
}

/// The primary region, then the secondary ones.
fn boxes(mirror: &Mirror<'_>, lines: &[Line]) -> Vec<Boxed> {
    let mut primary: BTreeSet<InstanceId> = lines.iter().map(|line| line.primary).collect();
    primary.extend(mirror.pairing.strays.iter().map(|stray| stray.instance));
    let nodes = |name: &str, ids: BTreeSet<InstanceId>| {
        ids.into_iter()
            .map(|id| (format!("{name}{}", id.index()), id))
            .collect()
    };
    let first = Boxed {
        region: mirror.roles.primary.to_string(),
        nodes: nodes("P", primary),
    };
    let others = mirror.roles.secondary.iter().enumerate();
    let others = others.map(|(at, region)| Boxed {
        region: region.to_string(),
        nodes: nodes(
            &format!("S{at}_"),
            lines
                .iter()
                .filter(|line| line.region == at)
                .map(|line| line.secondary)
                .collect(),
        ),
    });
    std::iter::once(first).chain(others).collect()
}

/// The names of the nodes that a line leads from and to.
fn ends(line: &Line) -> (String, String) {
    (
        format!("P{}", line.primary.index()),
        format!("S{}_{}", line.region, line.secondary.index()),
    )
}

fn is_stray(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    let strays = &mirror.pairing.strays;
    strays.iter().any(|stray| stray.instance == id)
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
    for (at, boxed) in boxes(mirror, &lines).iter().enumerate() {
        writeln!(out, "  subgraph R{at}[\"{}\"]", boxed.region)?;
        for (name, id) in &boxed.nodes {
            let stray = at == 0 && is_stray(mirror, *id);
            let class = if stray { ":::stray" } else { "" };
            writeln!(out, "    {name}[\"{}\"]{class}", label(mirror, *id))?;
        }
        writeln!(out, "  end")?;
    }
    for line in &lines {
        let (from, to) = ends(line);
        let arrow = if line.replicated { "==>" } else { "-.-" };
        writeln!(out, "  {from} {arrow} {to}")?;
    }
    writeln!(out, "  classDef stray stroke:#c00,stroke-width:2px")
}

fn dot(mirror: &Mirror<'_>, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    writeln!(out, "digraph mirror {{\n  rankdir=LR;\n  node [shape=box];")?;
    let lines = lines(mirror);
    for (at, boxed) in boxes(mirror, &lines).iter().enumerate() {
        writeln!(out, "  subgraph cluster_{at} {{")?;
        writeln!(out, "    label=\"{}\";", quoted(&boxed.region))?;
        for (name, id) in &boxed.nodes {
            let stray = at == 0 && is_stray(mirror, *id);
            let colour = if stray { ", color=red" } else { "" };
            let label = quoted(&mirror.instance(*id).address);
            writeln!(out, "    {name} [label=\"{label}\"{colour}];")?;
        }
        writeln!(out, "  }}")?;
    }
    for line in &lines {
        let (from, to) = ends(line);
        let style = if line.replicated {
            "penwidth=2"
        } else {
            "dir=none, style=dashed"
        };
        writeln!(out, "  {from} -> {to} [{style}];")?;
    }
    writeln!(out, "}}")
}
