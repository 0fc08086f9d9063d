//! Where a plan stands before anything is done: who is active, what is unfinished, and what is to be gone on with. The
//! one answer for the resource, the actions and the data sources.

use std::collections::BTreeSet;

use aws::Region;
use recovery::consent::PlanConsent;
use recovery::document::Document;
use recovery::engine::{Order, Record, Surroundings};
use recovery::journal::Declared;
use recovery::message::Message;
use recovery::mode::Mode;
use terraform_framework::Value;

use super::consents::Bound;
use super::look::{Active, View, look};
use super::{enter, open_without};
use crate::client::Client;

/// A plan with what was seen of it.
pub(crate) struct Standing {
    pub(crate) around: Surroundings,
    /// What was seen, or why nothing was.
    pub(crate) view: Result<View, Message>,
    pub(crate) active: Active,
}

/// What an order comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Course<'a> {
    /// Nothing is in its way.
    Begin,
    /// It was begun before, and is gone on with.
    GoOn(&'a Record),
    /// Another execution is not finished: one that leads elsewhere, of another mode, or of another document.
    Busy(&'a Record),
}

/// What is said of an execution beside its mode and its target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments<'a> {
    /// When the region was lost.
    pub(crate) lost_at: &'a Value<String>,
    /// When the disaster was declared.
    pub(crate) declared_at: &'a Value<String>,
}

impl Standing {
    /// Enters a plan and looks. What an execution under way was told is lost counts as lost for whoever goes on with it,
    /// as it does for `drctl resume`.
    ///
    /// # Errors
    /// When the plan may not be entered, or cannot be opened.
    pub(crate) async fn of(client: &Client, document: Document) -> Result<Self, Message> {
        let around = enter(client, document).await?;
        let standing = Standing::seen(around).await;
        let Some(lost) = standing.lost_besides() else {
            return Ok(standing);
        };
        let document = Document::clone(&standing.around.document);
        let around = open_without(client, document, &lost)?;
        Ok(Standing::seen(around).await)
    }

    /// Nothing was looked at: the provider is not configured yet.
    pub(crate) fn unseen(around: Surroundings) -> Self {
        Standing {
            around,
            view: Err(Message::default()),
            active: Active::Silent(String::new()),
        }
    }

    async fn seen(around: Surroundings) -> Self {
        let view = look(&around).await;
        let active = match &view {
            Ok(view) => view.active(&around.document.authority),
            Err(message) => Active::Silent(crate::messages::paragraphs(message)),
        };
        Standing {
            around,
            view,
            active,
        }
    }

    /// All regions that are lost, where the execution under way knows of more than the provider.
    fn lost_besides(&self) -> Option<BTreeSet<Region>> {
        let record = self.unfinished().filter(|it| it.is_under_way())?;
        let recorded = &record.state.declared.as_ref()?.lost;
        let mut lost: BTreeSet<Region> = self.around.stores.lost().into_iter().collect();
        let known = lost.len();
        lost.extend(recorded.iter().cloned());
        (lost.len() > known).then_some(lost)
    }

    /// The failover or switchover that is unfinished.
    pub(crate) fn unfinished(&self) -> Option<&Record> {
        let view = self.view.as_ref().ok()?;
        view.unfinished(&self.around.digest)
    }

    /// What an order to a region comes to; of any mode, where the mode is not known.
    pub(crate) fn course(&self, mode: Option<Mode>, target: &str) -> Course<'_> {
        let same = |declared: &Declared| {
            mode.is_none_or(|mode| mode == declared.mode) && declared.target.as_str() == target
        };
        if mode == Some(Mode::Reprotect) {
            let whole = self.unfinished_reprotect().filter(|record| {
                let declared = record.state.declared.as_ref();
                declared.is_some_and(|it| same(it) && it.digest == self.around.digest)
            });
            return whole.map_or(Course::Begin, Course::GoOn);
        }
        match self.unfinished() {
            None => Course::Begin,
            Some(record) if record.state.declared.as_ref().is_some_and(same) => {
                Course::GoOn(record)
            }
            Some(record) => Course::Busy(record),
        }
    }

    fn unfinished_reprotect(&self) -> Option<&Record> {
        self.view.as_ref().ok()?.past.unfinished_reprotect()
    }

    /// The epoch that an execution completes: its own where one is gone on with, else the next.
    fn epoch(&self, goes_on: Option<&Record>) -> u64 {
        let declared = goes_on.and_then(|it| it.state.declared.as_ref());
        match (declared, &self.view) {
            (Some(declared), _) => declared.epoch,
            (None, Ok(view)) => view.seen.epochs.next(),
            (None, Err(_)) => 1,
        }
    }

    /// What consents are held against.
    pub(crate) fn bound<'a>(&'a self, target: &'a Region, goes_on: Option<&Record>) -> Bound<'a> {
        Bound {
            document: &self.around.document,
            digest: &self.around.digest,
            epoch: self.epoch(goes_on),
            target,
            now: self.around.means.clock.now(),
        }
    }

    /// The order to begin an execution, or to go on with one.
    pub(crate) fn order(
        &self,
        mode: Mode,
        target: &Region,
        goes_on: Option<&Record>,
        moments: Moments<'_>,
        (actor, consents): (String, Vec<PlanConsent>),
    ) -> Order {
        let moment = |value: &Value<String>| value.text().and_then(|text| text.parse().ok());
        Order {
            mode,
            target: target.clone(),
            lost: self.around.stores.lost().into_iter().collect(),
            lost_at: moment(moments.lost_at),
            declared_at: moment(moments.declared_at),
            actor,
            consents,
            resume: goes_on.map(|record| record.id.clone()),
        }
    }
}
