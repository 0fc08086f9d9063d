//! Moving the stores of a plan: what ranks its writers goes along, and what would be forgotten refuses.

use recovery::document::Document;
use recovery::engine::{Fencing, Record, Surroundings, same_place};
use recovery::epoch::{self, EpochRecord, Epochs};
use recovery::message::Message;
use recovery::next_move;
use recovery::publication;
use terraform_framework::Diagnostics;
use terraform_framework::cty::Path;

use super::model::FailoverPlan;
use crate::client::Client;
use crate::execution;
use crate::messages::paragraphs;

/// What a plan leaves when its stores move.
pub(super) struct Leaving {
    /// The plan as it was, in the stores that it no longer has.
    old: Document,
    /// The newest completed role change.
    highest: Option<EpochRecord>,
}

/// What is left, where a store moves; `None` where every store stays where it is.
///
/// # Errors
/// When the old stores cannot be asked, or hold what must not be forgotten: an unfinished execution, a writer that
/// nobody has fenced, an epoch that ranks nobody.
pub(super) async fn leaving(
    client: &Client,
    prior: Option<&FailoverPlan>,
    document: &Document,
) -> Result<Option<Leaving>, Message> {
    let Some(before) = prior.and_then(FailoverPlan::recorded) else {
        return Ok(None);
    };
    let mut old = before.clone();
    old.stores.retain(|region, place| {
        let now = document.stores.get(region);
        now.is_none_or(|now| !same_place(place, now))
    });
    if old.stores.is_empty() {
        return Ok(None);
    }
    let name = before.name.clone();
    let around = execution::enter(client, before).await?;
    let past = around.past().await?;
    let epochs = epoch::read(&around.stores).await;
    if let Some(record) = past.moved.as_ref().filter(|it| is_open(it, &epochs)) {
        return Err(Message::new(
            format!(
                "execution {} of {name} is {}, and its journal stays in the old stores",
                record.id,
                record.status()
            ),
            "no unfinished execution when stores move",
            format!(
                "with the plan as it was: {}, or {}; then apply again",
                next_move::resume(&record.id),
                next_move::abort(&record.id)
            ),
        ));
    }
    if let Some(problem) = unfenced(&past.fencing) {
        return Err(problem);
    }
    epochs.active()?;
    Ok(Some(Leaving {
        old,
        highest: epochs.highest,
    }))
}

fn is_open(record: &Record, epochs: &Epochs) -> bool {
    let declared = record.state.declared.as_ref();
    let highest = epochs.highest.as_ref();
    let overtaken = declared.zip(highest).is_some_and(|(declared, highest)| {
        highest.epoch >= declared.epoch && highest.execution != record.id
    });
    !record.is_over() && !overtaken
}

/// Which writer is unfenced is known by the journals alone, and these stay behind.
fn unfenced(fencing: &Fencing) -> Option<Message> {
    let problem = fencing.problem()?;
    Some(Message::new(
        problem.seen,
        "every old writer fenced when stores move: the journals that know of it stay in the old stores",
        format!(
            "with the plan as it was, {}; then apply again",
            problem.next
        ),
    ))
}

impl Leaving {
    /// Writes the newest epoch to the new stores. Before anything points to the plan there: without it nothing ranks two
    /// writers.
    ///
    /// # Errors
    /// When no new store holds it after that.
    pub(super) async fn carry_over(&self, new: &Surroundings) -> Result<(), Message> {
        let Some(record) = &self.highest else {
            return Ok(());
        };
        let stale = epoch::write(&new.stores, record).await;
        let all = new.document.stores.len();
        if stale.len() < all {
            return Ok(());
        }
        let why: Vec<String> = stale
            .iter()
            .map(|it| format!("{}: {}", it.region, it.why))
            .collect();
        Err(Message::new(
            format!(
                "epoch {} is in none of the new stores: {}",
                record.epoch,
                why.join("; ")
            ),
            "the epoch of the old stores, which ranks two writers",
            "restore access to a new store, and apply again",
        ))
    }

    /// Takes the pointer out of the stores that the plan no longer has, and says what stays there.
    pub(super) async fn leave(self, client: &Client, diags: &mut Diagnostics) {
        let at = || Path::root().attribute("stores");
        let places: Vec<String> = self.old.stores.keys().map(ToString::to_string).collect();
        let around = match execution::open(client, self.old) {
            Ok(around) => around,
            Err(message) => {
                let summary = "The old stores keep their pointers";
                return diags.warning_at(at(), summary, paragraphs(&message));
            }
        };
        for store in publication::retract(&around.stores).await {
            diags.warning_at(
                at().key(store.region.as_str()),
                format!("The old store of {} keeps its pointer", store.region),
                format!(
                    "Seen: {}.\nNext: remove the object `current` under its old prefix, so that nobody runs the plan as it was.",
                    store.why.trim_end_matches('.')
                ),
            );
        }
        let epoch = self.highest.map_or_else(
            || "There was no epoch to carry over.".to_owned(),
            |record| format!("Epoch {} was carried over.", record.epoch),
        );
        diags.warning_at(
            at(),
            format!("The stores of {} moved", places.join(", ")),
            format!(
                "{epoch} Documents, journals and observations stay in the old ones.\nNext: see in peace what runs, so that an execution can go by it:\n\n  drctl observe --plan FILE\n"
            ),
        );
    }
}
