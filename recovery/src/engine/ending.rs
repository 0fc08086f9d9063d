//! The end of an execution: how it ended, the epoch, the last entries, the lock given back.

use tokio_util::sync::CancellationToken;

use super::active::who_is_active;
use super::loop_::Run;
use super::{End, Execution};
use crate::message::Message;
use crate::mode::Mode;
use crate::outcome::Outcome;
use crate::schedule::{Ending, Schedule, StepState, schedule};
use crate::store::StaleStore;

/// Ends a run whose steps are all over or stopped.
pub(super) async fn ending(mut run: Run<'_>, cancel: &CancellationToken) -> Execution {
    let next = schedule(&run.around.document, run.order.mode, &run.states);
    let mut end = end_of(&run, &next, run.lock_lost || cancel.is_cancelled());
    let mut message = first_message(&run, end);
    let (mut epoch, mut stale) = (None, Vec::new());
    let moves = matches!(run.order.mode, Mode::Failover | Mode::Switchover);
    if moves
        && matches!(end, End::Done | End::DoneUnfenced)
        && let Some(problem) = skipped_without_a_writer(&run).await
    {
        end = End::Failed;
        message = Some(problem);
    }
    if matches!(end, End::Done | End::DoneUnfenced) && moves {
        match complete(&run).await {
            Ok(stores) => {
                epoch = Some(run.cases.epoch);
                stale.extend(stores);
            }
            Err(problem) => {
                end = End::Interrupted;
                message = Some(problem);
            }
        }
    }
    if !run.lock_lost {
        stale.extend(run.book.close(end, epoch, message.as_ref()).await);
    }
    let document = &run.around.document;
    let mut results = std::mem::take(&mut run.results);
    let steps = document
        .steps
        .iter()
        .filter(|entry| entry.runs_in(run.order.mode));
    let steps = steps.map(|entry| {
        let mut result = results.remove(&entry.name).unwrap_or_default();
        result.state = run.states.get(&entry.name).copied().unwrap_or_default();
        (entry.name.clone(), result)
    });
    let blocked = next.blocked.into_iter();
    Execution {
        id: run.book.id().to_owned(),
        end,
        message,
        epoch,
        steps: steps.collect(),
        blocked: blocked.map(|it| (it.step, it.because)).collect(),
        tolerated: next.tolerated,
        stale_stores: stale,
    }
}

fn end_of(run: &Run<'_>, next: &Schedule, stopped: bool) -> End {
    let unfenced = run.results.values().any(|result| result.unfenced);
    match next.ending {
        _ if run.aborted => End::Aborted,
        Some(Ending::Done) if unfenced => End::DoneUnfenced,
        Some(Ending::Done) => End::Done,
        _ if stopped => End::Interrupted,
        Some(Ending::Failed) => End::Failed,
        Some(Ending::Refused) => End::Refused,
        None => End::Interrupted,
    }
}

/// The first reason of an end that is not a good one, in the plan's order.
fn first_message(run: &Run<'_>, end: End) -> Option<Message> {
    let ended = run.around.document.steps.iter();
    let ended = ended.filter_map(|entry| run.results.get(&entry.name));
    let fits = |state: StepState, interrupted: bool| match end {
        End::Done | End::DoneUnfenced | End::Aborted => false,
        End::Refused => state == StepState::Refused,
        End::Failed => matches!(state, StepState::Failed | StepState::TimedOut),
        End::Interrupted => interrupted,
    };
    let mut reasons = ended.filter_map(|result| {
        let outcome = result.outcome.as_ref()?;
        let interrupted = matches!(outcome, Outcome::Interrupted(_));
        fits(result.state, interrupted).then(|| outcome.message().cloned())?
    });
    reasons.next()
}

/// Where somebody left out the step that says who is active: whether it was done by hand. An execution that moved names
/// and left nobody to write to is not done.
async fn skipped_without_a_writer(run: &Run<'_>) -> Option<Message> {
    let (document, order) = (&run.around.document, run.order);
    let authority = &document.authority;
    if run.states.get(authority) != Some(&StepState::Skipped) {
        return None;
    }
    let activity = who_is_active(document, &order.lost, &run.around.means).await;
    let target = &order.target;
    (activity.active.as_ref() != Some(target)).then(|| {
        Message::new(
            format!(
                "{authority} was skipped, and {target} is not active: {}",
                activity.because
            ),
            format!("{target} active, as {authority} was to make it"),
            format!(
                "do by hand what {authority} does, and drctl resume {0} --plan FILE; or drctl retry {0} --plan FILE --step {authority}",
                run.book.id()
            ),
        )
    })
}

/// The epoch in every store that answers, and on what was promoted.
async fn complete(run: &Run<'_>) -> Result<Vec<StaleStore>, Message> {
    let cases = run.cases;
    let stale = run.book.completes(cases, run.around.attempt).await?;
    let document = &run.around.document;
    for entry in document
        .steps
        .iter()
        .filter(|entry| run.results.contains_key(&entry.name))
    {
        let marked = entry
            .kind
            .mark_epoch(
                &entry.arguments,
                &cases.target,
                cases.epoch,
                &run.around.means,
            )
            .await;
        if let Err(error) = marked {
            run.notice(format!(
                "{} was not tagged with epoch {}: {error}",
                entry.name, cases.epoch
            ));
        }
    }
    Ok(stale)
}

/// Where a step stands after a run of it.
pub(super) fn state_after(outcome: &Outcome) -> StepState {
    match outcome {
        Outcome::Done | Outcome::AlreadyDone => StepState::Done,
        Outcome::Refused { .. } => StepState::Refused,
        Outcome::Failed(_) => StepState::Failed,
        Outcome::TimedOut(_) => StepState::TimedOut,
        // The next run decides about it.
        Outcome::Interrupted(_) => StepState::Waiting,
    }
}
