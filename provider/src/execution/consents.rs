//! Consents of a configuration: which of them the execution hears of, why the others are inert, and the line to write.

use std::time::Duration;

use aws::Region;
use jiff::Timestamp;
use recovery::consent::{AcceptedRisk, LONGEST_CONSENT, PlanConsent};
use recovery::document::Document;
use recovery::gate::{Gate, GateResult};
use recovery::mode::Mode;
use terraform_framework::cty::Path;
use terraform_framework::validate::{at_least, duration, one_of, timestamp};
use terraform_framework::{Diagnostics, Model, Value, duration as durations};

/// A named risk that somebody accepts.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct ConsentBlock {
    /// `unfenced`: the old writer may still accept writes. `unknown_lag`: nobody knows how much data is at risk.
    /// `data_loss_up_to`: more than the tier's RPO, but at most `bound`.
    #[attr(required, validate = one_of(["unfenced", "unknown_lag", "data_loss_up_to"]))]
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
        match consent.risk.text() {
            Some("data_loss_up_to") if consent.bound.is_null() => diags.error_at(
                path.attribute("bound"),
                "Missing bound",
                "A consent to data loss says how much: write bound = \"15m\".",
            ),
            Some("unknown_lag" | "unfenced") if consent.bound.known().is_some() => diags.error_at(
                path.attribute("bound"),
                "Unexpected bound",
                "Only a consent to data_loss_up_to has a bound.",
            ),
            _ => {}
        }
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
        let Some((risk, until)) = risk(block) else {
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

fn risk(block: &ConsentBlock) -> Option<(AcceptedRisk, Timestamp)> {
    let risk = match block.risk.text()? {
        "unknown_lag" => AcceptedRisk::UnknownLag,
        "unfenced" => AcceptedRisk::Unfenced,
        _ => AcceptedRisk::DataLossUpTo(durations::parse(block.bound.text()?).ok()?),
    };
    Some((risk, block.until.text()?.parse().ok()?))
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

/// The consent that would open refused gates of a step, as it would be written; `None` where none does.
pub(crate) fn line_for(
    gate: &GateResult,
    step: &str,
    mode: Mode,
    bound: &Bound<'_>,
) -> Option<String> {
    let (risk, loss) = match (gate.gate, gate.at_risk) {
        (Gate::Fenced, _) => ("unfenced", None),
        (Gate::DataAtRisk, None) => ("unknown_lag", None),
        (Gate::DataAtRisk, Some(at_risk)) => {
            let minutes = at_risk.as_secs().div_ceil(60).max(1) + 1;
            ("data_loss_up_to", Some(Duration::from_mins(minutes)))
        }
        (Gate::RightSource | Gate::ReadyToServe, _) => return None,
    };
    let asks = |entry: &&recovery::document::StepEntry| {
        entry.name == step
            || (entry.runs_in(mode) && entry.kind.one_way() && has_gates(entry.kind.name()))
    };
    let steps = bound.document.steps.iter().filter(asks);
    let steps: Vec<String> = steps.map(|entry| format!("{:?}", entry.name)).collect();
    let hour = Duration::from_hours(1);
    let until = bound.now.saturating_add(hour).unwrap_or(bound.now);
    let until = Timestamp::from_second(until.as_second() / 60 * 60).unwrap_or(until);
    let bound_line = loss.map_or_else(String::new, |loss| {
        format!("\n    bound       = \"{}\"", durations::text(loss))
    });
    Some(format!(
        "  consent {{\n    risk        = \"{risk}\"{bound_line}\n    until       = \"{until}\"\n    plan_digest = \"{}\"\n    epoch       = {}\n    steps       = [{}]\n    reason      = \"…\"\n  }}",
        bound.digest,
        bound.epoch,
        steps.join(", ")
    ))
}

/// The kinds whose gates a consent opens: they leave one writer for another.
fn has_gates(kind: &str) -> bool {
    matches!(
        kind,
        "fence_database"
            | "rds_promote_replica"
            | "aurora_global_writer"
            | "elasticache_global_primary"
    )
}
