//! Consents of a configuration: which of them the execution hears of, why the others are inert, and the line to write.

use std::time::Duration;

use aws::Region;
use jiff::Timestamp;
use recovery::consent::{LONGEST_CONSENT, PlanConsent};
use recovery::document::{Document, StepEntry};
use recovery::gate::{Gate, GateResult};
use recovery::mode::Mode;
use terraform_framework::cty::Path;
use terraform_framework::validate::{at_least, duration, one_of, timestamp};
use terraform_framework::{Diagnostics, Model, Value, duration as durations};

use crate::roles::risk::{self, RISKS};

/// A named risk that somebody accepts.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct ConsentBlock {
    /// `unfenced`: the old writer may still accept writes. `unknown_lag`: nobody knows how much data is at risk.
    /// `data_loss_up_to`: more than the tier's RPO, but at most `bound`.
    #[attr(required, validate = one_of(RISKS))]
    pub(crate) risk: Value<String>,
    /// How much may be lost, as time; for `data_loss_up_to` only.
    #[attr(optional, validate = duration())]
    pub(crate) bound: Value<String>,
    /// When the consent ends, in RFC 3339; at most 24 hours ahead.
    #[attr(required, validate = timestamp())]
    pub(crate) until: Value<String>,
    /// Digest of the failover plan that it is given for.
    #[attr(required)]
    pub(crate) plan_digest: Value<String>,
    /// The epoch that the execution completes: one more than the role changes that were completed before it.
    #[attr(required, validate = at_least(1))]
    pub(crate) epoch: Value<i64>,
    /// The steps that it is given for.
    #[attr(required)]
    pub(crate) steps: Value<Vec<Value<String>>>,
    /// Why; it stands in the journal.
    #[attr(optional)]
    pub(crate) reason: Value<String>,
}

/// Checks what one attribute alone cannot say. What is unknown never complains.
pub(crate) fn validate(consents: &[ConsentBlock], diags: &mut Diagnostics) {
    for (i, consent) in consents.iter().enumerate() {
        let path = Path::root().attribute("consent").index(i);
        risk::check_bound(&consent.risk, &consent.bound, &path, diags);
        if consent.steps.known().is_some_and(Vec::is_empty) {
            diags.error_at(
                path.attribute("steps"),
                "A consent to nothing",
                "Name the steps that it is given for, such as steps = [\"promote-database\"].",
            );
        }
    }
}

/// The execution that consents are held against.
#[derive(Clone, Debug)]
pub(crate) struct Bound<'a> {
    /// The plan.
    pub(crate) document: &'a Document,
    /// Its digest.
    pub(crate) digest: &'a str,
    /// The epoch that the execution completes.
    pub(crate) epoch: u64,
    /// The region that becomes active.
    pub(crate) target: &'a Region,
    /// Now.
    pub(crate) now: Timestamp,
}

/// Sorts consents into those that the execution hears of, and one line for each that is inert. Pure.
pub(crate) fn judge(
    consents: &[ConsentBlock],
    bound: &Bound<'_>,
    by: &str,
) -> (Vec<PlanConsent>, Vec<String>) {
    let (mut heard, mut inert) = (Vec::new(), Vec::new());
    for block in consents {
        let accepted = risk::accepted(&block.risk, &block.bound, &block.until);
        let Some((risk, until)) = accepted else {
            continue;
        };
        if let Some(why) = why_inert(block, until, bound) {
            inert.push(format!("the consent {} does not count: {why}", risk.name()));
            continue;
        }
        for step in steps(block) {
            heard.push(PlanConsent {
                risk,
                step: Some(step.to_owned()),
                until,
                target: bound.target.to_string(),
                epoch: bound.epoch,
                by: by.to_owned(),
                reason: block.reason.text().unwrap_or_default().to_owned(),
            });
        }
    }
    (heard, inert)
}

fn steps(block: &ConsentBlock) -> impl Iterator<Item = &str> {
    let steps = block.steps.known().into_iter().flatten();
    steps.filter_map(Value::text)
}

fn why_inert(block: &ConsentBlock, until: Timestamp, bound: &Bound<'_>) -> Option<String> {
    let left = Duration::try_from(until.duration_since(bound.now)).unwrap_or_default();
    if left.is_zero() {
        return Some(format!("it ended at {until}"));
    }
    if left > LONGEST_CONSENT {
        return Some(format!("it ends at {until}, more than 24 hours ahead"));
    }
    let digest = block.plan_digest.text().unwrap_or_default();
    if digest != bound.digest {
        let ours = bound.digest;
        return Some(format!(
            "it was given for the plan {digest}, this is {ours}"
        ));
    }
    let epoch = block.epoch.known().copied().unwrap_or_default();
    if u64::try_from(epoch).ok() != Some(bound.epoch) {
        let ours = bound.epoch;
        return Some(format!(
            "it was given for epoch {epoch}, the next one is {ours}"
        ));
    }
    let unknown = steps(block).find(|step| bound.document.step(step).is_none())?;
    Some(format!("the plan has no step {unknown}"))
}

/// A risk that opens refused gates when somebody accepts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Acceptance {
    risk: &'static str,
    /// How much would be lost, for `data_loss_up_to`: more than the largest amount that a gate measured.
    loss: Option<Duration>,
    /// The steps that ask for it, in this execution.
    steps: Vec<String>,
}

/// The risks to accept so that all of these gates open, each once for all steps; gates that no consent opens are left
/// out. Pure.
pub(crate) fn acceptances(
    refused: &[(&str, &GateResult)],
    mode: Mode,
    bound: &Bound<'_>,
) -> Vec<Acceptance> {
    let mut found: Vec<Acceptance> = Vec::new();
    for (step, gate) in refused {
        let entry = bound.document.step(step);
        let opens = entry.is_some_and(|it| it.kind.consents_open().contains(&gate.gate));
        let (risk, loss) = match (gate.gate, gate.at_risk) {
            _ if !opens => continue,
            (Gate::Fenced, _) => ("unfenced", None),
            (Gate::DataAtRisk, None) => ("unknown_lag", None),
            (Gate::DataAtRisk, Some(at_risk)) => {
                let minutes = at_risk.as_secs().div_ceil(60).max(1) + 1;
                ("data_loss_up_to", Some(Duration::from_mins(minutes)))
            }
            (Gate::RightSource | Gate::ReadyToServe, _) => continue,
        };
        match found.iter_mut().find(|it| it.risk == risk) {
            Some(same) => same.loss = same.loss.max(loss),
            None => found.push(Acceptance {
                risk,
                loss,
                steps: asking(gate.gate, mode, bound.document),
            }),
        }
    }
    found
}

/// The steps of a mode whose gates of this sort a consent opens.
fn asking(gate: Gate, mode: Mode, document: &Document) -> Vec<String> {
    let asks =
        |entry: &&StepEntry| entry.runs_in(mode) && entry.kind.consents_open().contains(&gate);
    let steps = document.steps.iter().filter(asks);
    steps.map(|entry| entry.name.clone()).collect()
}

impl Acceptance {
    /// As an argument of drctl.
    pub(crate) fn word(&self) -> String {
        match self.loss {
            Some(loss) => format!("{}={}", self.risk, durations::text(loss)),
            None => self.risk.to_owned(),
        }
    }

    /// As a block of a configuration, for an hour.
    pub(crate) fn block(&self, bound: &Bound<'_>) -> String {
        let steps: Vec<String> = self.steps.iter().map(|step| format!("{step:?}")).collect();
        let hour = Duration::from_hours(1);
        let until = bound.now.saturating_add(hour).unwrap_or(bound.now);
        let until = Timestamp::from_second(until.as_second() / 60 * 60).unwrap_or(until);
        let loss = self.loss.map_or_else(String::new, |loss| {
            format!("\n    bound       = \"{}\"", durations::text(loss))
        });
        format!(
            "  consent {{\n    risk        = \"{}\"{loss}\n    until       = \"{until}\"\n    plan_digest = \"{}\"\n    epoch       = {}\n    steps       = [{}]\n    reason      = \"…\"\n  }}",
            self.risk,
            bound.digest,
            bound.epoch,
            steps.join(", ")
        )
    }
}

#[cfg(test)]
mod tests;
