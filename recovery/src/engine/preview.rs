//! What an execution would do now: every step looks, decides and asks its gates; nothing is changed, nothing is locked.

use futures_util::future::join_all;

use super::case::Cases;
use super::{Order, Refusal, Surroundings};
use crate::journal::{Phase, State};
use crate::message::Message;
use crate::plan_step::{Intent, Preview};

/// Previews every step that the order's mode runs, in the plan's order, all at once. An execution that is gone on with
/// keeps what people decided in it: skipped steps, consents, acts that cannot be observed.
///
/// # Errors
/// When the order does not fit the plan or the world.
pub async fn preview(
    around: &Surroundings,
    order: &Order,
) -> Result<Vec<(String, Result<Preview, Message>)>, Refusal> {
    let execution = order.resume.clone().unwrap_or_default();
    let cases = Cases::gather(around, order, execution).await?;
    let nothing = State::default();
    let left = cases.left.as_ref().unwrap_or(&nothing);
    let steps = around.document.steps.iter();
    let looks = steps
        .filter(|entry| entry.runs_in(order.mode))
        .map(|entry| {
            let case = cases.case(entry, left.consents.clone(), left.past(&entry.name));
            let built = entry.kind.build(&entry.arguments, &case, &around.means);
            let skipped = is_skipped(left, &entry.name);
            async move {
                let preview = match built {
                    _ if skipped => Ok(passed_over(&entry.name)),
                    Ok(step) => step.preview().await,
                    Err(message) => Err(message),
                };
                (entry.name.clone(), preview)
            }
        });
    Ok(join_all(looks).await)
}

/// Whether a person decided in an earlier run to go on without the step.
fn is_skipped(left: &State, step: &str) -> bool {
    let state = left.steps.get(step);
    state.is_some_and(|state| state.phase == Phase::Skipped)
}

fn passed_over(step: &str) -> Preview {
    Preview {
        world: "not looked at: it is skipped".to_owned(),
        intent: Intent::Nothing,
        gates: Vec::new(),
        warnings: vec![format!(
            "{step} is skipped: a person decided so in this execution"
        )],
    }
}
