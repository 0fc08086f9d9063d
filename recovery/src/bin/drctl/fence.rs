//! `drctl fence` and `drctl watch`: the old writer is fenced once its region is back, by the engine and its gates.

use std::collections::BTreeSet;

use aws::Region;
use recovery::engine::{Order, who_is_active};
use recovery::epoch;
use recovery::message::Message;
use recovery::mode::Mode;
use serde_json::json;

use crate::args::{Common, Fence, Watch};
use crate::run::follow;
use crate::show::{Exit, Show, Stop};
use crate::status::followed;
use crate::world::{World, document};

/// The kind of the steps that fence.
const KIND: &str = "fence_database";

pub(crate) async fn fence(command: &Fence, common: &Common, show: Show) -> Result<Exit, Stop> {
    let document = document(&command.plan.file, show)?;
    let world = World::open(document, &BTreeSet::new(), common, Some(&command.pace))?;
    world.refuse_unfit_stores().await?;
    let active = world.active(command.active.as_ref()).await?;
    fenced(world, active, show).await
}

pub(crate) async fn watch(command: &Watch, common: &Common, show: Show) -> Result<Exit, Stop> {
    let execution = &command.status.execution;
    let document = document(&execution.plan.file, show)?;
    let lost: BTreeSet<Region> = execution.lost.iter().cloned().collect();
    let world = World::open(document.clone(), &lost, common, Some(&command.pace))?;
    let exit = followed(&world, execution.id.as_deref(), show).await?;
    if !(command.fence && exit == Exit::Unfenced) {
        return Ok(exit);
    }
    let active = world.active(None).await?;
    let whole = World::open(document, &BTreeSet::new(), common, Some(&command.pace))?;
    let others = whole.around.document.regions.iter();
    let others: Vec<&Region> = others.filter(|region| **region != active).collect();
    show.line("waiting for the return of what has to be fenced");
    show.value(&json!({ "event": "waits_for_return", "regions": others.iter().map(|it| it.as_str()).collect::<Vec<_>>() }));
    loop {
        let mut silent = None;
        for region in &others {
            if let Err(why) = whole.answers(region).await {
                silent = Some(format!("{region} does not answer: {why}"));
            }
        }
        match silent {
            None => break,
            Some(why) => show.note(&why),
        }
        whole.clock.sleep(whole.around.interval).await;
    }
    fenced(whole, active, show).await
}

/// Runs the steps that fence, and nothing else.
async fn fenced(mut world: World, active: Region, show: Show) -> Result<Exit, Stop> {
    let steps = world.around.document.steps.iter();
    let fences = steps.filter(|step| step.kind.name() == KIND);
    let fences: Vec<String> = fences.map(|step| step.name.clone()).collect();
    if fences.is_empty() {
        return Err(Stop::usage(Message::new(
            format!(
                "the plan {} has no step of the kind {KIND}",
                world.around.document.name
            ),
            "a step that fences the old writer",
            format!(
                "add one: drctl plan steps {KIND}; Aurora's global clusters fence by themselves"
            ),
        )));
    }
    let order = Order {
        mode: Mode::Reprotect,
        target: active,
        lost: BTreeSet::new(),
        lost_at: None,
        declared_at: None,
        actor: world.caller().await,
        consents: Vec::new(),
        resume: None,
    };
    world.around = world.around.restricted(Mode::Reprotect, &fences);
    follow(&world, &order, show).await
}

impl World {
    /// The region that is active: as named, else by the newest epoch, else by the plan's authority.
    async fn active(&self, named: Option<&Region>) -> Result<Region, Stop> {
        if let Some(named) = named {
            return Ok(named.clone());
        }
        let highest = epoch::read(&self.around.stores).await.highest;
        let by_epoch = highest.and_then(|record| Region::new(record.active).ok());
        if let Some(active) = by_epoch {
            return Ok(active);
        }
        let lost = self.around.stores.lost().into_iter().collect();
        let activity = who_is_active(&self.around.document, &lost, &self.around.means).await;
        activity.active.ok_or_else(|| {
            Stop::failed(Message::new(
                format!("no store has an epoch, and {}", activity.because),
                "one region that is active",
                "name it with drctl fence --active REGION",
            ))
        })
    }

    /// Whether a region answers: who calls, and its store.
    pub(crate) async fn answers(&self, region: &Region) -> Result<(), aws::Error> {
        self.aws.identity(region)?.caller().await?;
        match self.around.stores.of(region) {
            Some(store) => store.get(epoch::KEY).await.map(|_| ()),
            None => Ok(()),
        }
    }
}
