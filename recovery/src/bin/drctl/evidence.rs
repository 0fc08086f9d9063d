//! `drctl report` and `drctl verify`: the evidence of an execution, and whether its journal holds.

use std::collections::BTreeSet;
use std::path::Path;

use recovery::evidence::{Evidence, html, markdown};
use recovery::message::Message;
use recovery::next_move;
use serde_json::json;

use crate::args::{Common, Execution, Report};
use crate::show::{Exit, Show, Stop};
use crate::world::{World, document};

impl World {
    /// The evidence of an execution.
    pub(crate) async fn evidence(&self, id: &str) -> Result<Evidence, Stop> {
        let entries = self.entries(id).await?;
        Ok(self.around.evidence(id, &entries).await)
    }
}

fn open(execution: &Execution, common: &Common, show: Show) -> Result<World, Stop> {
    let document = document(&execution.plan.file, show)?;
    let lost: BTreeSet<_> = execution.lost.iter().cloned().collect();
    World::open(document, &lost, common, None)
}

pub(crate) async fn report(report: &Report, common: &Common, show: Show) -> Result<Exit, Stop> {
    let outputs = report.outputs.iter().map(|output| form(output));
    let outputs = outputs.collect::<Result<Vec<_>, _>>()?;
    let world = open(&report.execution, common, show)?;
    let id = world.execution(report.execution.id.as_deref()).await?;
    let evidence = world.evidence(&id).await?;
    if outputs.is_empty() {
        if show.json {
            Show::text(&format!("{}\n", evidence.json()));
            // It says itself whether the journal holds; a second value would be in the way of whoever reads one.
            return Ok(Exit::of_check(evidence.intact));
        }
        Show::text(&markdown(&evidence));
        return holds(&evidence);
    }
    let mut failed = None;
    for (form, path) in outputs {
        let text = match form {
            "html" => html(&evidence),
            "json" => evidence.json(),
            _ => markdown(&evidence),
        };
        // The others are written all the same.
        match std::fs::write(path, text) {
            Ok(()) => {
                show.line(format!("written: {}", path.display()));
                let path = path.display().to_string();
                show.value(&json!({ "written": path, "form": form, "intact": evidence.intact }));
            }
            Err(error) => failed = Some(format!("{}: {error}", path.display())),
        }
    }
    match failed {
        None => holds(&evidence),
        Some(seen) => Err(Stop::usage(Message::new(
            seen,
            "a place that can be written",
            "",
        ))),
    }
}

/// Evidence of a journal that does not hold is written, and is no success.
fn holds(evidence: &Evidence) -> Result<Exit, Stop> {
    match broken(evidence) {
        None => Ok(Exit::Done),
        Some(message) => Err(Stop::failed(message)),
    }
}

/// What to tell of a journal that does not hold; `None` where it does.
pub(crate) fn broken(evidence: &Evidence) -> Option<Message> {
    let (first, more) = evidence.chain.problems.split_first()?;
    let more = match more.len() {
        0 => String::new(),
        count => format!(", and {count} more"),
    };
    let id = &evidence.execution;
    Some(Message::new(
        format!("the journal of execution {id} is not intact: {first}{more}"),
        "entries that follow from each other, the same in every store",
        format!(
            "{} tells everything that does not hold, and where",
            next_move::verify(id)
        ),
    ))
}

/// A form and where it goes.
fn form(output: &str) -> Result<(&str, &Path), Stop> {
    let split = output.split_once('=').filter(|(_, path)| !path.is_empty());
    match split {
        Some((form @ ("html" | "json" | "markdown"), path)) => Ok((form, Path::new(path))),
        _ => Err(Stop::usage(Message::new(
            format!("--output {output}"),
            "html=FILE, json=FILE or markdown=FILE",
            "",
        ))),
    }
}

pub(crate) async fn verify(
    execution: &Execution,
    common: &Common,
    show: Show,
) -> Result<Exit, Stop> {
    let world = open(execution, common, show)?;
    let id = world.execution(execution.id.as_deref()).await?;
    let entries = world.entries(&id).await?;
    let found = world.around.verified(&id, &entries).await;
    show.line(format!("{id}: {} entries", found.entries));
    for line in &found.held {
        show.line(format!("  {}: {line}", show.state("ok")));
    }
    for problem in &found.problems {
        show.line(format!("  {}: {problem}", show.state("broken")));
    }
    for line in &found.cannot_tell {
        show.line(format!("  not proved: {line}"));
    }
    let problems: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    show.value(&json!({
        "execution": id, "entries": found.entries, "held": found.held, "problems": problems,
        "not_proved": found.cannot_tell,
    }));
    Ok(Exit::of_check(problems.is_empty()))
}
