//! What people and processes did, entry by entry: runs, consents, refusals, orders, takeovers, ends; pure.

use std::collections::BTreeMap;

use super::gather::moment;
use super::{EventEvidence, RefusalEvidence, RunEvidence, seconds_text};
use crate::gate::Gate;
use crate::journal::{ConsentNote, Entry, GateNote, Phase, TakeoverNote};

/// What was told so far.
#[derive(Default)]
pub(super) struct Told {
    pub(super) refusals: Vec<RefusalEvidence>,
    pub(super) runs: Vec<RunEvidence>,
    pub(super) events: Vec<EventEvidence>,
    /// When each step was done for the first time: later runs only look again.
    pub(super) first_done: BTreeMap<String, String>,
    consents: Vec<ConsentNote>,
}

/// The gate that a risk is about.
pub(super) fn gate_of(risk: &str) -> Gate {
    match risk {
        "unfenced" => Gate::Fenced,
        _ => Gate::DataAtRisk,
    }
}

/// A risk with the bound that was accepted, where it has one.
pub(super) fn risk_text(risk: &str, up_to_seconds: Option<u64>) -> String {
    match up_to_seconds {
        Some(seconds) => format!("{risk} {}", seconds_text(seconds)),
        None => risk.to_owned(),
    }
}

impl Told {
    pub(super) fn take(&mut self, entry: &Entry) {
        let note = &entry.note;
        let at = moment(entry).unwrap_or_default();
        if note.declaration.is_some() {
            self.run_begins(entry, &at);
        }
        for consent in &note.consents {
            self.consent(consent, &at);
        }
        if let Some(takeover) = &note.takeover {
            self.takes_over(entry, takeover, &at);
        }
        if let Some(command) = &note.command {
            let words = match &command.reason {
                Some(reason) => format!("{}: {reason}", command.order),
                None => command.order.clone(),
            };
            self.tell(&at, "order", note.step.as_deref(), &command.by, words);
        }
        match note.phase {
            Phase::Epoch => {
                let epoch = note.epoch.unwrap_or_default();
                let words = format!("epoch {epoch} is completed and written");
                self.tell(&at, "epoch", None, "", words);
            }
            Phase::Ended => self.ends(entry, &at),
            _ => {}
        }
        if let Some(step) = &note.step {
            self.step(step, entry, &at);
        }
        if let Some(run) = self.runs.last_mut() {
            run.last_entry_at = at;
        }
    }

    fn tell(&mut self, at: &str, event: &str, step: Option<&str>, by: &str, words: String) {
        self.events.push(EventEvidence {
            at: at.to_owned(),
            seconds: None,
            event: event.to_owned(),
            step: step.map(str::to_owned),
            by: (!by.is_empty()).then(|| by.to_owned()),
            words,
        });
    }

    /// Who runs it now.
    fn runner(&self) -> String {
        self.runs
            .last()
            .map(|run| run.by.clone())
            .unwrap_or_default()
    }

    fn run_begins(&mut self, entry: &Entry, at: &str) {
        let (note, first) = (&entry.note, self.runs.is_empty());
        let by = note.actor.clone().unwrap_or_default();
        if let Some(run) = self.runs.last_mut() {
            run.followed_by = Some(by.clone());
            run.followed_at = Some(at.to_owned());
            if run.end.is_none() {
                run.end = Some("gone".to_owned());
                let (last, of) = (run.last_entry_at.clone(), run.by.clone());
                let words =
                    format!("the last sign of this run: it wrote no end, and {by} went on at {at}");
                self.tell(&last, "gone", None, &of, words);
            }
        }
        let what = note.declaration.as_ref().map_or(String::new(), |it| {
            let lost = match it.lost.as_slice() {
                [] => String::new(),
                lost => format!(", with {} declared lost", lost.join(", ")),
            };
            format!("{} to {}{lost}", it.mode, it.target)
        });
        let (event, words) = match &note.decision {
            _ if first => ("began", what),
            Some(why) => ("resumed", format!("went on with it, {why}")),
            None => ("resumed", format!("went on with it: {what}")),
        };
        self.tell(at, event, None, &by, words);
        self.runs.push(RunEvidence {
            by,
            began_at: at.to_owned(),
            ..RunEvidence::default()
        });
    }

    fn consent(&mut self, consent: &ConsentNote, at: &str) {
        if self.consents.contains(consent) {
            return;
        }
        self.consents.push(consent.clone());
        let up_to = consent.up_to_millis.map(|millis| millis.div_ceil(1000));
        let words = format!(
            "accepted {} at the gate {} of {} until {}: {}",
            risk_text(&consent.risk, up_to),
            gate_of(&consent.risk),
            consent.step.as_deref().unwrap_or("every step"),
            consent.until,
            consent.reason
        );
        let step = consent.step.as_deref();
        self.tell(at, "consent", step, &consent.by, words);
    }

    fn takes_over(&mut self, entry: &Entry, takeover: &TakeoverNote, at: &str) {
        let from = takeover.from.as_deref().unwrap_or("somebody unknown");
        let since = takeover.since.map_or(String::new(), |since| {
            format!(", who held it since {since}")
        });
        let silent = takeover.silent_millis / 1000;
        let words = format!(
            "took over the lock in {} from {from}{since} and gave no heartbeat for {}",
            takeover.store,
            seconds_text(silent)
        );
        let by = entry.note.actor.as_deref().unwrap_or_default();
        self.tell(at, "took_over", None, by, words);
        // The lock may have been held for another execution.
        let own = takeover.execution.as_deref() == Some(entry.execution.as_str());
        let before = self.runs.len().checked_sub(2);
        if let Some(run) = before.and_then(|it| self.runs.get_mut(it)).filter(|_| own) {
            run.silent_seconds = run.silent_seconds.max(Some(silent));
        }
    }

    fn ends(&mut self, entry: &Entry, at: &str) {
        let how = entry.note.outcome.clone().unwrap_or_default();
        let why = entry.note.decision.as_deref().map(str::to_owned);
        let words = match why {
            Some(why) => format!("{how}: {why}"),
            None => how.clone(),
        };
        let by = entry.note.actor.clone().unwrap_or_else(|| self.runner());
        self.tell(at, "ended", None, &by, words);
        if let Some(run) = self.runs.last_mut() {
            run.end = Some(how);
        }
    }

    fn step(&mut self, step: &str, entry: &Entry, at: &str) {
        let note = &entry.note;
        match note.phase {
            Phase::Gated if note.outcome.as_deref() == Some("refused") => {
                for gate in note.gates.iter().filter(|gate| gate.verdict == "refused") {
                    let act = note.operation.clone().unwrap_or_default();
                    self.refuses(step, gate, act, at);
                }
            }
            Phase::Performing => {
                for gate in &note.gates {
                    self.passes(step, gate, at);
                }
            }
            Phase::Done => {
                let done = self.first_done.entry(step.to_owned());
                done.or_insert_with(|| at.to_owned());
                self.settle(step, None, "not_needed");
            }
            Phase::Skipped => self.settle(step, None, "skipped"),
            _ => {}
        }
    }

    fn refuses(&mut self, step: &str, gate: &GateNote, act: String, at: &str) {
        let (seen, expected) = (gate.seen.clone(), gate.expected.clone());
        let mut words = format!(
            "gate {} refused: seen {seen}; expected {expected}",
            gate.gate
        );
        if let Some(next) = &gate.next {
            words = format!("{words}; next: {next}");
        }
        self.tell(at, "refused", Some(step), "", words);
        self.refusals.push(RefusalEvidence {
            at: at.to_owned(),
            step: step.to_owned(),
            gate: gate.gate.clone(),
            act,
            seen,
            expected,
            next: gate.next.clone(),
            then: None,
        });
    }

    /// A gate that let an act through: what it refused before is settled, and a consent that opened it is told.
    fn passes(&mut self, step: &str, gate: &GateNote, at: &str) {
        self.settle(step, Some(&gate.gate), &gate.verdict);
        if gate.verdict != "consented" {
            return;
        }
        let mut given = self.consents.iter().rev();
        let fits = |it: &&ConsentNote| {
            let here = it.step.as_deref().is_none_or(|named| named == step);
            here && gate_of(&it.risk).to_string() == gate.gate
        };
        let (by, reason) = match given.find(fits) {
            Some(consent) => (consent.by.clone(), format!(" ({})", consent.reason)),
            None => (String::new(), String::new()),
        };
        let words = format!(
            "gate {} was passed by consent{reason}: seen {}",
            gate.gate, gate.seen
        );
        self.tell(at, "went_on_by_consent", Some(step), &by, words);
    }

    fn settle(&mut self, step: &str, gate: Option<&str>, then: &str) {
        let of = |it: &&mut RefusalEvidence| {
            it.step == step && it.then.is_none() && gate.is_none_or(|gate| gate == it.gate)
        };
        for refusal in self.refusals.iter_mut().filter(of) {
            refusal.then = Some(then.to_owned());
        }
    }
}
