//! What earlier executions tell: how long steps took, and what stayed open.

use std::collections::BTreeSet;

use aws::Region;
use recovery::document::Document;
use recovery::engine::Record;
use recovery::message::duration_text;
use recovery::mode::Mode;
use recovery::predict::{Basis, OnTheWay, Prediction, StepDuration, history, predict};
use serde_json::{Value, json};

use crate::show::Show;
use crate::world::World;

/// How many executions are read, the newest ones: enough for a percentile, and read within seconds.
const MOST: usize = 20;

/// Writers that may accept writes still.
pub(crate) struct Unfenced {
    /// The execution that left them so.
    pub(crate) execution: String,
    /// Where they are.
    pub(crate) regions: BTreeSet<Region>,
}

/// The regions that the active role left: the one that had it, or all others where nobody could tell.
pub(crate) fn left_by(
    document: &Document,
    active: &Region,
    from: Option<&Region>,
) -> BTreeSet<Region> {
    match from {
        Some(from) => BTreeSet::from([from.clone()]),
        None => {
            let others = document.regions.iter().filter(|it| *it != active);
            others.cloned().collect()
        }
    }
}

impl World {
    /// The newest executions, the newest first; none where no store answers.
    async fn past(&self) -> Vec<Record> {
        self.around.records(MOST).await.unwrap_or_default()
    }

    /// The execution that left old writers unfenced, where others have not closed that since.
    pub(crate) async fn unfenced(&self) -> Option<Unfenced> {
        let mut closed: BTreeSet<Region> = BTreeSet::new();
        for record in self.past().await {
            let Some(declared) = &record.state.declared else {
                continue;
            };
            let document = &self.around.document;
            let moved = matches!(declared.mode, Mode::Failover | Mode::Switchover);
            match record.status() {
                "done_unfenced" if moved => {
                    let mut regions = left_by(document, &declared.target, declared.from.as_ref());
                    regions.retain(|region| !closed.contains(region));
                    let execution = record.id.clone();
                    return (!regions.is_empty()).then_some(Unfenced { execution, regions });
                }
                "done" if moved => return None,
                // Who fenced proved it of every region that was not lost then.
                "done" => {
                    let regions = document.regions.iter();
                    let answered = regions.filter(|region| !declared.lost.contains(region));
                    closed.extend(answered.cloned());
                }
                _ => {}
            }
        }
        None
    }

    /// Tells the RTO to expect of a mode, by what earlier executions took.
    pub(crate) async fn tell_prediction(&self, mode: Mode, show: Show) {
        let past = self.past().await;
        let states = past.iter().map(|record| &record.state);
        let document = &self.around.document;
        let prediction = predict(document, mode, &history(states, mode));
        tell(document, &prediction, show);
    }
}

fn basis(takes: &StepDuration) -> String {
    match takes.basis {
        Basis::Measured(1) => "measured once".to_owned(),
        Basis::Measured(count) => format!("measured {count} times"),
        Basis::Declared => "declared, never measured".to_owned(),
    }
}

fn way_json(step: &OnTheWay) -> Value {
    let measured = match step.takes.basis {
        Basis::Measured(count) => count,
        Basis::Declared => 0,
    };
    json!({
        "step": step.step, "p50_seconds": step.takes.p50.as_secs_f64(), "p95_seconds": step.takes.p95.as_secs_f64(),
        "measured": measured, "queued": step.queued,
    })
}

fn tell(document: &Document, prediction: &Prediction, show: Show) {
    for tier in &prediction.tiers {
        let told = match &tier.predicted {
            None => "no step of it runs".to_owned(),
            Some(predicted) => {
                let basis = if predicted.declared {
                    ", partly by declared durations"
                } else {
                    ", by earlier executions"
                };
                format!(
                    "{} usually, {} in a bad case{basis}",
                    duration_text(predicted.p50),
                    duration_text(predicted.p95)
                )
            }
        };
        show.line(format!(
            "  RTO of tier {}: {told}; promised {}",
            tier.tier,
            duration_text(tier.rto)
        ));
        let way = tier.predicted.iter().flat_map(|predicted| &predicted.way);
        for step in way.clone() {
            show.line(format!(
                "    {}: {}, {} in a bad case ({})",
                step.step,
                duration_text(step.takes.p50),
                duration_text(step.takes.p95),
                basis(&step.takes)
            ));
        }
        let predicted = tier.predicted.as_ref();
        show.value(&json!({
            "tier": tier.tier, "rto_objective_seconds": tier.rto.as_secs(),
            "p50_seconds": predicted.map(|it| it.p50.as_secs()), "p95_seconds": predicted.map(|it| it.p95.as_secs()),
            "declared": predicted.map(|it| it.declared), "met": tier.is_met(),
            "way": way.map(way_json).collect::<Vec<_>>(),
        }));
    }
    let (warnings, problems) = prediction.judge(document);
    for warning in warnings {
        show.note(format!("warning: {warning}"));
    }
    for problem in problems {
        show.note(format!("over its objective: {problem}"));
    }
}
