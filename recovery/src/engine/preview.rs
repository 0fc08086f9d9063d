//! What an execution would do now: every step looks, decides and asks its gates; nothing is changed, nothing is locked.

use std::sync::Arc;

use futures_util::future::join_all;

use super::case::{Cases, Seen};
use super::desk::{Earlier, Unread, patiently};
use super::{Order, Refusal, Surroundings};
use crate::document::Document;
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
    by(around, order, None).await
}

async fn by(
    around: &Surroundings,
    order: &Order,
    seen: Option<&Seen>,
) -> Result<Vec<(String, Result<Preview, Message>)>, Refusal> {
    let execution = order.resume.clone().unwrap_or_default();
    let cases = Cases::gather(around, order, execution, seen).await?;
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

/// A plan of a family, as it would go now.
#[derive(Clone, Debug)]
pub struct Member {
    /// What its steps are called by in the family: nothing for the plan itself, `billing/` for one that it runs.
    pub under: String,
    /// The plan.
    pub document: Arc<Document>,
    /// What its steps would do.
    pub previews: Vec<(String, Result<Preview, Message>)>,
}

impl Member {
    /// The name of one of its steps in the family.
    pub fn named(&self, step: &str) -> String {
        format!("{}{step}", self.under)
    }
}

/// Previews a plan, and then the plans that it runs, as its execution would begin them or go on with them; those that an
/// earlier run of it saw through are left out. What was seen of the plan itself just now is not asked again.
///
/// # Errors
/// As [`preview`]; of a plan that it runs, with its name.
pub async fn preview_family(
    around: &Surroundings,
    order: &Order,
    seen: Option<&Seen>,
) -> Result<Vec<Member>, Refusal> {
    let mut members = Vec::new();
    family(around, order, seen, String::new(), &mut members).await?;
    Ok(members)
}

async fn family(
    around: &Surroundings,
    order: &Order,
    seen: Option<&Seen>,
    under: String,
    members: &mut Vec<Member>,
) -> Result<(), Refusal> {
    let previews = by(around, order, seen).await?;
    let place = members.len();
    members.push(Member {
        under,
        document: Arc::clone(&around.document),
        previews,
    });
    for (name, child) in around.children.iter() {
        let under = format!("{}{name}/", members[place].under);
        let of_child = |refusal: Refusal| refusal.of(name);
        let earlier = patiently(child, order)
            .await
            .map_err(|unread| match unread {
                Unread::NoAnswer(message) => of_child(Refusal::NoAnswer(message)),
                Unread::Unfit(message) => of_child(Refusal::Unfit(message)),
            })?;
        if let Earlier::Done(_) = earlier {
            continue;
        }
        let order = earlier.order(order);
        let further = Box::pin(family(child, &order, None, under, members));
        further.await.map_err(of_child)?;
    }
    Ok(())
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
