//! What an execution goes by: gathered once, before anything is begun, and handed to every step.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws::Region;
use futures_util::future::{join, join3};
use jiff::Timestamp;
use serde_json::Value;

use super::active::{Activity, who_is_active};
use super::book::Book;
use super::fits::{fits, over, refuse_a_second_writer, refuse_unseen, refuse_what_is};
use super::{End, Order, Refusal, Surroundings};
use crate::consent::PlanConsent;
use crate::document::StepEntry;
use crate::epoch::{self, Epochs};
use crate::gate::data_at_risk::{LAG_PERIOD, OLDEST_PERIODS};
use crate::journal::{self, Declared, State};
use crate::kind::{Case, PastAct};
use crate::message::{Message, duration_text};
use crate::mode::Mode;
use crate::next_move;
use crate::observation::{self, Observation};
use crate::publication::{self, NotCurrent};

/// What is the same for all steps of an execution.
pub(super) struct Cases {
    pub(super) plan: String,
    pub(super) digest: String,
    pub(super) execution: String,
    pub(super) mode: Mode,
    pub(super) target: Region,
    pub(super) from: Option<Region>,
    pub(super) lost: BTreeSet<Region>,
    pub(super) lost_at: Option<Timestamp>,
    pub(super) last_seen: Option<Timestamp>,
    pub(super) declared_at: Timestamp,
    pub(super) epoch: u64,
    pub(super) notices: Vec<String>,
    /// What earlier runs of the execution left, where it is gone on with.
    pub(super) left: Option<State>,
    activity: Activity,
    observation: Option<Observation>,
    around: Around,
}

/// What somebody saw just now, so that a preview need not ask for it again. An execution does: under its lock.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Who is active, without the regions that the order says are lost.
    pub activity: Activity,
    /// The completed role changes.
    pub epochs: Epochs,
}

/// What a case takes from the surroundings.
struct Around {
    regions: Vec<Region>,
    tiers: BTreeMap<String, crate::document::Objective>,
    consents: Vec<crate::consent::PlanConsent>,
}

impl Cases {
    /// Refuses an order that fits no world; pure.
    pub(super) fn possible(around: &Surroundings, order: &Order) -> Result<(), Refusal> {
        fits(around, order, None)
    }

    /// Looks at stores and world, and refuses an order that does not fit them. Under the lock, so that what is seen
    /// does not change hands.
    pub(super) async fn gather(
        around: &Surroundings,
        order: &Order,
        execution: String,
        seen: Option<&Seen>,
    ) -> Result<Cases, Refusal> {
        let earlier = earlier(around, order).await?;
        let (declared, before) = earlier.unzip();
        let declared = declared.as_ref();
        fits(around, order, declared)?;
        let (document, stores) = (&around.document, &around.stores);
        let looked = async {
            if let Some(seen) = seen {
                return (seen.epochs.clone(), seen.activity.clone());
            }
            let active = who_is_active(document, &order.lost, &around.means);
            join(epoch::read(stores), active).await
        };
        let (newest, (epochs, activity), agreed) = join3(
            observation::newest(stores),
            looked,
            agreement(around, order),
        )
        .await;
        let mut notices = agreed?;
        if let Some(rival) = &epochs.rival {
            notices.push(format!(
                "two executions completed epoch {}: the other one is {} and made {} active",
                rival.epoch, rival.execution, rival.active
            ));
        }
        if let Some(declared) = declared {
            over(&execution, declared, epochs.highest.as_ref())?;
        }
        let by_epoch = epochs.highest.as_ref();
        let by_epoch = by_epoch.and_then(|record| Region::new(record.active.clone()).ok());
        let from = match declared {
            Some(declared) => declared.from.clone(),
            None => left(
                around,
                order,
                &activity,
                by_epoch,
                newest.observation.as_ref(),
            ),
        };
        if declared.is_none() {
            // The primary region is active without an epoch; any other one is by an execution that wrote it.
            let primary = document.regions.first() == Some(&order.target);
            let highest = epochs.highest.as_ref();
            refuse_what_is(order, &activity, from.as_ref(), highest, primary)?;
            refuse_unseen(order, &document.authority, &activity, highest, primary)?;
            refuse_a_second_writer(order, &document.authority, &activity)?;
        }
        let now = around.means.clock.now();
        let last_seen = last_seen(around, newest.observation.as_ref(), from.as_ref());
        // An execution that came to an end stood still since: what it was told of the loss may be long over, and whoever
        // goes on says it anew.
        let ended = before.as_ref().and_then(|before| before.ended.as_ref());
        let ended = ended.is_some_and(|(how, _)| how != End::Interrupted.name());
        let under_way = declared.filter(|_| !ended);
        let (lost_at, declared_at) = (
            under_way.and_then(|declared| declared.lost_at),
            declared.map(|declared| declared.declared_at),
        );
        let declared_at = match (declared_at, order.declared_at) {
            (Some(recorded), _) if !ended => recorded,
            (recorded, ordered) => ordered.or(recorded).unwrap_or(now),
        };
        let lost_at = order.lost_at.or(lost_at);
        // What was seen long before the loss was declared says nothing of when it was.
        let fresh = last_seen.filter(|seen| stands_for_the_loss(*seen, declared_at));
        if let (Some(seen), None, None, Some(from)) = (last_seen, fresh, lost_at, from.as_ref())
            && order.lost.contains(from)
        {
            let before = Duration::try_from(declared_at.duration_since(seen)).unwrap_or_default();
            notices.push(format!(
                "{from} was last seen active at {seen}, {} before its loss was declared, and it may have taken writes \
                 since: say when it was lost (--lost-at, lost_at); without that the data at risk is not known",
                duration_text(before)
            ));
        }
        Ok(Cases {
            plan: document.name.clone(),
            digest: around.digest.clone(),
            execution,
            mode: order.mode,
            target: order.target.clone(),
            last_seen: fresh,
            from,
            lost: order.lost.clone(),
            lost_at,
            declared_at,
            epoch: declared.map_or(epochs.next(), |declared| declared.epoch),
            notices,
            left: before,
            activity,
            observation: newest.observation,
            around: Around {
                regions: document.regions.clone(),
                tiers: document.tiers.clone(),
                consents: order.consents.clone(),
            },
        })
    }

    /// Who is active, in a line for the journal.
    pub(super) fn activity_line(&self) -> String {
        let mut line = self.activity.because.clone();
        if !self.activity.divergent_steps.is_empty() {
            let steps = self.activity.divergent_steps.join(", ");
            line = format!("{line}; elsewhere: {steps}");
        }
        line
    }

    /// The case of one step of a run.
    pub(super) fn of(&self, entry: &StepEntry, book: &Book) -> Case {
        self.case(entry, book.consents(), book.past(&entry.name))
    }

    /// The case of one step, with what earlier runs accepted and did.
    pub(super) fn case(
        &self,
        entry: &StepEntry,
        mut consents: Vec<PlanConsent>,
        past: Vec<PastAct>,
    ) -> Case {
        let baseline: BTreeMap<Region, Value> = self
            .observation
            .as_ref()
            .map(|observation| observation.baseline(&entry.name))
            .unwrap_or_default();
        let tier = entry.tier.as_ref();
        consents.extend(self.around.consents.iter().cloned());
        Case {
            plan: self.plan.clone(),
            execution: self.execution.clone(),
            step: entry.name.clone(),
            mode: self.mode,
            regions: self.around.regions.clone(),
            target: self.target.clone(),
            from: self.from.clone(),
            lost: self.lost.clone(),
            lost_at: self.lost_at,
            last_seen: self.last_seen,
            objective: tier.and_then(|tier| self.around.tiers.get(tier).copied()),
            consents,
            baseline,
            past,
            epoch: self.epoch,
            timeout: entry.timeout,
        }
    }
}

/// The execution to go on with, as its journal declares it and leaves it.
async fn earlier(
    around: &Surroundings,
    order: &Order,
) -> Result<Option<(Declared, State)>, Refusal> {
    let Some(id) = &order.resume else {
        return Ok(None);
    };
    let stores = &around.stores;
    let Some(store) = stores.of(&order.target) else {
        return Ok(None);
    };
    let raw = journal::read(stores, store.as_ref(), id)
        .await
        .map_err(|error| {
            Refusal::NoAnswer(Message::new(
                format!("the journal of {id} cannot be read: {error}"),
                "the journal of the execution in the store of the region that becomes active",
                "restore access to the store, and run it again",
            ))
        })?;
    let state = journal::fold(id, &raw).map_err(Refusal::Unfit)?;
    let declared = state.declared.clone().ok_or_else(|| {
        Refusal::Unfit(Message::new(
            format!("there is no execution {id} in {}", store.place()),
            "an execution that was begun",
            format!("{} shows the newest one", next_move::status()),
        ))
    })?;
    if state
        .ended
        .as_ref()
        .is_some_and(|(how, _)| how == End::Aborted.name())
    {
        return Err(Refusal::Unfit(Message::new(
            format!("execution {id} was aborted"),
            "an execution that nobody has ended",
            format!(
                "begin another one with {}: it starts from what is seen now",
                next_move::run(declared.mode, &declared.target)
            ),
        )));
    }
    Ok(Some((declared, state)))
}

/// The region that is left; pure. Somebody may have come half the way before: then the authority already names the
/// target, or two writers, and it is the one that was active by the epoch or by the newest observation in peace.
fn left(
    around: &Surroundings,
    order: &Order,
    activity: &Activity,
    by_epoch: Option<Region>,
    observation: Option<&Observation>,
) -> Option<Region> {
    let active = activity.active.clone();
    if order.mode == Mode::Reprotect {
        return active.or(by_epoch);
    }
    let authority = &around.document.authority;
    let was_active =
        |region: &&Region| observation.is_some_and(|seen| seen.was_active(authority, region));
    let observed = around.document.regions.iter().filter(was_active).cloned();
    let known = active.into_iter().chain(by_epoch).chain(observed);
    known.into_iter().find(|region| *region != order.target)
}

/// Whether the stores hold the same document as this one.
async fn agreement(around: &Surroundings, order: &Order) -> Result<Vec<String>, Refusal> {
    match publication::read_current(&around.stores, Some(&order.target)).await {
        Ok(current) if current.digest == around.digest => Ok(current
            .stale_stores
            .iter()
            .map(|store| {
                format!(
                    "the store of {} does not hold the plan: {}",
                    store.region, store.why
                )
            })
            .collect()),
        Ok(current) => Err(Refusal::Unfit(Message::new(
            format!(
                "the published document is {}, this is {}",
                current.digest, around.digest
            ),
            "the document that was published, and reviewed",
            format!(
                "{} publishes this one; or run the published one",
                next_move::publish()
            ),
        ))),
        Err(NotCurrent::Silent(message)) => Err(Refusal::NoAnswer(message)),
        Err(NotCurrent::Unfit(message)) => Err(Refusal::Unfit(message)),
    }
}

/// Whether an observation may stand for the moment of a loss that nobody told: it is no older than a datapoint of the
/// lag may be. Pure.
fn stands_for_the_loss(seen: Timestamp, declared_at: Timestamp) -> bool {
    let age = Duration::try_from(declared_at.duration_since(seen));
    // One ahead of the declaration is of a clock that runs ahead, or of a declaration that was dated back.
    age.map_or(true, |age| age <= LAG_PERIOD * OLDEST_PERIODS)
}

/// When the region that is left was last seen serving.
fn last_seen(
    around: &Surroundings,
    observation: Option<&Observation>,
    from: Option<&Region>,
) -> Option<Timestamp> {
    let (observation, from) = (observation?, from?);
    let authority = &around.document.authority;
    observation
        .was_active(authority, from)
        .then_some(observation.at)
}
