//! What an execution would do now: every step looks, decides and asks its gates; nothing is changed, nothing is locked.

use futures_util::future::join_all;

use super::case::Cases;
use super::{Order, Refusal, Surroundings};
use crate::message::Message;
use crate::plan_step::Preview;

/// Previews every step that the order's mode runs, in the plan's order, all at once.
///
/// # Errors
/// When the order does not fit the plan or the world.
pub async fn preview(
    around: &Surroundings,
    order: &Order,
) -> Result<Vec<(String, Result<Preview, Message>)>, Refusal> {
    let cases = Cases::gather(around, order, String::new()).await?;
    let steps = around.document.steps.iter();
    let looks = steps
        .filter(|entry| entry.runs_in(order.mode))
        .map(|entry| {
            let case = cases.case(entry, Vec::new(), Vec::new());
            let built = entry.kind.build(&entry.arguments, &case, &around.means);
            async move {
                let preview = match built {
                    Ok(step) => step.preview().await,
                    Err(message) => Err(message),
                };
                (entry.name.clone(), preview)
            }
        });
    Ok(join_all(looks).await)
}
