//! `drctl fence` and `drctl watch`: old writers are fenced as their regions come back, by the engine and its gates.

use std::collections::BTreeSet;

use aws::{ErrorKind, Region};
use futures_util::future::{join, join_all};
use recovery::document::Document;
use recovery::engine::{Fencing, Order, Surroundings, left_by, who_is_active};
use recovery::epoch;
use recovery::message::{Message, region_list};
use recovery::mode::Mode;
use serde_json::json;

use crate::args::{Common, Fence, PaceWords, Watch};
use crate::children::Family;
use crate::run::follow;
use crate::show::{Exit, Show, Stop};
use crate::status::followed;
use crate::world::{World, document};

/// The kind of the steps that fence.
const KIND: &str = "fence_database";

pub(crate) async fn fence(command: &Fence, common: &Common, show: Show) -> Result<Exit, Stop> {
    let document = document(&command.plan.file, show)?;
    let lost: BTreeSet<Region> = command.lost.iter().cloned().collect();
    let world = World::open(document.clone(), &lost, common, Some(&command.pace))?;
    world.refuse_unfit_stores().await?;
    let active = world.active(command.active.as_ref(), show).await?;
    let family = Family::read(&command.plan.children, common, Some(&command.pace), show)?;
    let left = world.left(&active).await;
    if !left.is_empty() && left.is_subset(&lost) {
        return Err(Stop {
            exit: Exit::Refused,
            message: Message::new(
                format!(
                    "the writers to fence are in {}, which is declared lost",
                    region_list(&left)
                ),
                "a region whose writer can be fenced, and the fence proved",
                "drctl watch --fence waits for its return; or leave out the --lost of the one that is back",
            ),
        });
    }
    let fencing = Fencer {
        document,
        active,
        common,
        pace: &command.pace,
        family,
        show,
    };
    fencing.run(&lost).await
}

pub(crate) async fn watch(command: &Watch, common: &Common, show: Show) -> Result<Exit, Stop> {
    let execution = &command.status.execution;
    let document = document(&execution.plan.file, show)?;
    let lost: BTreeSet<Region> = execution.lost.iter().cloned().collect();
    let mut world = World::open(document.clone(), &lost, common, Some(&command.pace))?;
    let exit = followed(&world, execution.id.as_deref(), show).await?;
    if !(command.fence && exit == Exit::Unfenced) {
        return Ok(exit);
    }
    let active = world.active(None, show).await?;
    let family = Family::read(&execution.plan.children, common, Some(&command.pace), show)?;
    let mut open = world.left(&active).await;
    // What is wrong with the plans is told now, and not when a region is back in the middle of the night.
    family.join(&mut world, &active).await?;
    fences(&world.around)?;
    let whole = World::open(
        document.clone(),
        &BTreeSet::new(),
        common,
        Some(&command.pace),
    )?;
    let fencing = Fencer {
        document,
        active,
        common,
        pace: &command.pace,
        family,
        show,
    };
    loop {
        show.line(format!(
            "waiting for the return of what has to be fenced: {}",
            region_list(&open)
        ));
        let regions: Vec<&str> = open.iter().map(Region::as_str).collect();
        show.value(&json!({ "event": "waits_for_return", "regions": regions }));
        let back = loop {
            let back = whole.back(&open, show).await?;
            if !back.is_empty() {
                break back;
            }
            whole.clock.sleep(whole.around.interval).await;
        };
        // Whoever is not back yet, and whoever is lost besides, is done without.
        let silent = lost.union(&open).filter(|region| !back.contains(region));
        let exit = fencing.run(&silent.cloned().collect()).await?;
        open.retain(|region| !back.contains(region));
        if open.is_empty() || !matches!(exit, Exit::Done | Exit::Unfenced) {
            return Ok(exit);
        }
    }
}

/// The surroundings in which only what fences runs, here and in the plans that this one runs.
fn fences(around: &Surroundings) -> Result<Surroundings, Stop> {
    around.of_kind(Mode::Reprotect, KIND).ok_or_else(|| {
        Stop::usage(Message::new(
            format!(
                "the plan {} has no step of the kind {KIND}, and neither has one that it runs",
                around.document.name
            ),
            "a step that fences the old writer",
            format!(
                "add one: drctl plan steps {KIND}; Aurora's global clusters fence by themselves"
            ),
        ))
    })
}

/// The surroundings of an execution of a few steps only, as its journal names them.
pub(crate) fn restricted(around: &Surroundings, mode: Mode, only: &[String]) -> Surroundings {
    // One that fences restricts the plans that it runs too.
    let fencing = around.of_kind(mode, KIND);
    let same = fencing.filter(|fencing| fencing.only(mode) == only);
    same.unwrap_or_else(|| around.restricted(mode, only))
}

/// What is the same for every time that something is fenced.
struct Fencer<'a> {
    document: Document,
    active: Region,
    common: &'a Common,
    pace: &'a PaceWords,
    family: Family<'a>,
    show: Show,
}

impl Fencer<'_> {
    /// Runs the steps that fence, and nothing else, without the regions that are lost.
    async fn run(&self, lost: &BTreeSet<Region>) -> Result<Exit, Stop> {
        let document = self.document.clone();
        let mut world = World::open(document, lost, self.common, Some(self.pace))?;
        self.family.join(&mut world, &self.active).await?;
        world.around = fences(&world.around)?;
        let order = Order {
            mode: Mode::Reprotect,
            target: self.active.clone(),
            lost: lost.clone(),
            lost_at: None,
            declared_at: None,
            actor: world.caller().await,
            consents: Vec::new(),
            resume: None,
        };
        let exit = follow(&world, &order, self.show).await?;
        if exit != Exit::Done {
            return Ok(exit);
        }
        match world.around.fencing().await {
            Fencing::Closed => Ok(exit),
            Fencing::Open { execution, regions } => {
                self.show.line(format!(
                    "still unfenced, since execution {execution}: {}; fence again when it is back",
                    region_list(&regions)
                ));
                Ok(Exit::Unfenced)
            }
            Fencing::NotKnown(why) => {
                self.show
                    .line(format!("whether all is fenced is not known: {why}"));
                Ok(Exit::Unfenced)
            }
        }
    }
}

/// Whether nothing came back, as of a region that is lost; who answers that it is busy is there.
pub(crate) fn is_silence(error: &aws::Error) -> bool {
    matches!(error.kind, ErrorKind::Timeout | ErrorKind::Unreachable)
}

impl World {
    /// The region that is active: as named, else by the newest epoch, else by the plan's authority.
    async fn active(&self, named: Option<&Region>, show: Show) -> Result<Region, Stop> {
        if let Some(named) = named {
            return Ok(named.clone());
        }
        let epochs = epoch::read(&self.around.stores).await;
        let by_epoch = epochs.active().map_err(Stop::usage)?;
        let lost = self.around.stores.lost().into_iter().collect();
        if let Some(active) = by_epoch {
            for store in epochs.stale.iter().filter(|it| it.region != active) {
                let (region, why) = (&store.region, &store.why);
                show.note(format!("no word about the epoch from {region}: {why}"));
            }
            return Ok(active);
        }
        let activity = who_is_active(&self.around.document, &lost, &self.around.means).await;
        activity.active.ok_or_else(|| {
            Stop::failed(Message::new(
                format!("no store has an epoch, and {}", activity.because),
                "one region that is active",
                "name it with drctl fence --active REGION",
            ))
        })
    }

    /// The regions whose writers nobody has fenced: those that the execution which ended unfenced left behind, else all
    /// but the active one.
    async fn left(&self, active: &Region) -> BTreeSet<Region> {
        match self.around.fencing().await {
            Fencing::Open { regions, .. } => regions,
            _ => left_by(&self.around.document, active, None),
        }
    }

    /// Those of the regions that are back. One that answers and refuses is told at once: waiting mends nothing then.
    async fn back(&self, regions: &BTreeSet<Region>, show: Show) -> Result<BTreeSet<Region>, Stop> {
        let mut back = BTreeSet::new();
        for region in regions {
            match self.answers(region).await {
                Ok(()) => {
                    back.insert(region.clone());
                }
                Err(why) if why.is_transient() => {
                    show.note(format!("{region} does not answer: {why}"));
                }
                Err(why) => {
                    let next = match why.missing_permission() {
                        Some(permission) => format!("allow {permission}, and begin drctl fence"),
                        None => "mend credentials or permissions, and begin drctl fence".to_owned(),
                    };
                    return Err(Stop::failed(Message::new(
                        format!("{region} cannot be asked whether it is back: {why}"),
                        "an answer, or silence of a region that is lost",
                        next,
                    )));
                }
            }
        }
        Ok(back)
    }

    /// Those of the regions that do not answer, with why, and are not declared lost.
    pub(crate) async fn silent(&self, regions: &BTreeSet<Region>) -> Vec<(Region, aws::Error)> {
        let lost = self.around.stores.lost();
        let asked = regions.iter().filter(|region| !lost.contains(region));
        let asked = asked.map(|region| async move { (region.clone(), self.answers(region).await) });
        let answers = join_all(asked).await.into_iter();
        answers
            .filter_map(|(region, answer)| Some((region, answer.err()?)))
            .filter(|(_, error)| is_silence(error))
            .collect()
    }

    /// Whether a region answers, within seconds: who calls, and its store.
    pub(crate) async fn answers(&self, region: &Region) -> Result<(), aws::Error> {
        let identity = self.aws.identity(region)?;
        let stores = &self.around.stores;
        let caller = stores.bound(region, identity.caller());
        let Some(store) = stores.of(region) else {
            return caller.await.map(|_| ());
        };
        let kept = stores.bound(region, store.get(epoch::KEY));
        let (caller, kept) = join(caller, kept).await;
        caller?;
        kept.map(|_| ())
    }
}
