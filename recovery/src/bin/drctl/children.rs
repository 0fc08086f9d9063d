//! Plans that a plan runs: from files, or from the stores where they were published beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use aws::Region;
use recovery::document::{Document, StepEntry, StorePlace};
use recovery::engine::{DEEPEST, Surroundings};
use recovery::message::Message;
use recovery::publication;
use recovery::steps::KINDS;
use recovery::store::StaleStore;

use crate::args::{Common, PaceWords};
use crate::show::{Show, Stop};
use crate::world::{World, document};

/// The kind of the steps that run plans.
const KIND: &str = "failover_plan";

/// The plans that were given as files, by name, and how their worlds are opened.
pub(crate) struct Family<'a> {
    given: BTreeMap<String, Document>,
    common: &'a Common,
    pace: Option<&'a PaceWords>,
}

/// The plan that a step runs, where it is of that kind.
pub(crate) fn runs_a_plan(step: &StepEntry) -> Option<&str> {
    step.arguments
        .text("plan")
        .filter(|_| step.kind.name() == KIND)
}

/// The plans that a plan runs, in order.
pub(crate) fn named(document: &Document) -> Vec<String> {
    let names = document.steps.iter().filter_map(runs_a_plan);
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.dedup();
    names
}

impl<'a> Family<'a> {
    /// Reads the files; two of one name are refused.
    pub(crate) fn read(
        files: &[PathBuf],
        common: &'a Common,
        pace: Option<&'a PaceWords>,
        show: Show,
    ) -> Result<Self, Stop> {
        let mut given = BTreeMap::new();
        for file in files {
            let child = document(file, show)?;
            let name = child.name.clone();
            if given.insert(name.clone(), child).is_some() {
                return Err(Stop::usage(Message::new(
                    format!("two of the plans given with --child are called {name}"),
                    "one file for each plan",
                    "leave one of them out",
                )));
            }
        }
        Ok(Family {
            given,
            common,
            pace,
        })
    }

    /// Gives a world the worlds of the plans that its plan runs, and those theirs.
    pub(crate) async fn join(&self, world: &mut World, target: &Region) -> Result<(), Stop> {
        let lost: BTreeSet<Region> = world.around.stores.lost().into_iter().collect();
        let mut path = vec![world.around.document.name.clone()];
        let mut places = vec![Arc::clone(&world.around.document)];
        let children = self
            .children(&world.around, &lost, target, &mut path, &mut places)
            .await?;
        self.refuse_strangers(&world.around.document, &children)?;
        world.around.children = Arc::new(children);
        Ok(())
    }

    /// A file that no step names was meant for another plan, or has another name than somebody thinks.
    fn refuse_strangers(
        &self,
        document: &Document,
        children: &BTreeMap<String, Surroundings>,
    ) -> Result<(), Stop> {
        fn collect(children: &BTreeMap<String, Surroundings>, into: &mut BTreeSet<String>) {
            for (name, child) in children {
                into.insert(name.clone());
                collect(&child.children, into);
            }
        }
        let mut used = BTreeSet::new();
        collect(children, &mut used);
        match self.given.keys().find(|name| !used.contains(*name)) {
            None => Ok(()),
            Some(stranger) => Err(Stop::usage(Message::new(
                format!("no step runs the plan {stranger}, which was given with --child"),
                format!("plans that {} runs", document.name),
                "leave it out, or name it in a step of the kind failover_plan",
            ))),
        }
    }

    async fn children(
        &self,
        around: &Surroundings,
        lost: &BTreeSet<Region>,
        target: &Region,
        path: &mut Vec<String>,
        places: &mut Vec<Arc<Document>>,
    ) -> Result<BTreeMap<String, Surroundings>, Stop> {
        let mut children = BTreeMap::new();
        for name in named(&around.document) {
            if path.contains(&name) || path.len() >= DEEPEST {
                return Err(Stop::usage(Message::new(
                    format!("{} runs {name}", path.join(" runs ")),
                    format!(
                        "plans that run plans at most {DEEPEST} deep, and none that runs itself"
                    ),
                    "take the step out, or move its steps into this plan",
                )));
            }
            let document = self.document(&name, around, target).await?;
            fits(&document, &around.document, places)?;
            let mut child = World::open(document, lost, self.common, self.pace)?;
            path.push(name.clone());
            places.push(Arc::clone(&child.around.document));
            let further = self.children(&child.around, lost, target, path, places);
            child.around.children = Arc::new(Box::pin(further).await?);
            path.pop();
            children.insert(name, child.around);
        }
        Ok(children)
    }

    /// The document of a child: the file's, else the published one.
    async fn document(
        &self,
        name: &str,
        around: &Surroundings,
        target: &Region,
    ) -> Result<Document, Stop> {
        if let Some(given) = self.given.get(name) {
            return Ok(given.clone());
        }
        let key = publication::child_key(name);
        let found = publication::current_by(&around.stores, &key, Some(target)).await;
        let absent = |seen: &str| {
            Stop::usage(Message::new(
                format!(
                    "the plan {name}, which {} runs, is not at hand: {seen}",
                    around.document.name
                ),
                "the document of every plan that a plan runs",
                "give it with --child FILE, or publish both with drctl plan publish --child FILE",
            ))
        };
        let found = found.map_err(|message| absent(&message.seen))?;
        let text = String::from_utf8(found.bytes).map_err(|_| absent("it is no text"))?;
        let read = Document::read(&text, KINDS);
        let (document, _) = read.map_err(|problems| {
            let first = problems
                .first()
                .map(ToString::to_string)
                .unwrap_or_default();
            absent(&first)
        })?;
        if document.name == name {
            Ok(document)
        } else {
            Err(absent(&format!(
                "what was published as it is called {}",
                document.name
            )))
        }
    }

    /// Publishes the plans that were given: each to its own stores, and beside the plan that runs it.
    pub(crate) async fn publish(&self, world: &World, by: &str) -> Result<Vec<StaleStore>, Stop> {
        let lost: BTreeSet<Region> = world.around.stores.lost().into_iter().collect();
        let mut stale = Vec::new();
        for (name, document) in &self.given {
            let runs = |other: &&Document| named(other).contains(name);
            let parents = std::iter::once(world.around.document.as_ref());
            let parents = parents.chain(self.given.values()).filter(runs);
            let canonical = document.canonical();
            let canonical = canonical.map_err(|error| {
                Stop::usage(Message::new(error.to_string(), "whole numbers", ""))
            })?;
            let mut ran = false;
            for parent in parents {
                ran = true;
                fits(document, parent, &[Arc::new(parent.clone())])?;
                let home = World::open(parent.clone(), &lost, self.common, None)?;
                let key = publication::child_key(name);
                let stores = &home.around.stores;
                let told = publication::publish_as(stores, &key, name, canonical.as_bytes(), by);
                stale.extend(told.await.map_err(Stop::failed)?);
            }
            if !ran {
                return self
                    .refuse_strangers(&world.around.document, &BTreeMap::new())
                    .map(|()| stale);
            }
            let own = World::open(document.clone(), &lost, self.common, None)?;
            own.refuse_unfit_stores().await?;
            let told = publication::publish(&own.around.stores, name, canonical.as_bytes(), by);
            stale.extend(told.await.map_err(Stop::failed)?);
        }
        Ok(stale)
    }
}

/// Refuses a child that cannot be run by its parent: it has to know the regions, and to have stores of its own.
fn fits(child: &Document, parent: &Document, above: &[Arc<Document>]) -> Result<(), Stop> {
    let unknown = parent.regions.iter().find(|it| !child.regions.contains(it));
    if let Some(region) = unknown {
        return Err(Stop::usage(Message::new(
            format!(
                "the plan {} does not know {region}, which {} has",
                child.name, parent.name
            ),
            "every region of the plan that runs it",
            "add the region to it",
        )));
    }
    for (region, place) in &child.stores {
        let taken = above.iter().find(|it| {
            it.stores
                .get(region)
                .is_some_and(|other| same(other, place))
        });
        if let Some(other) = taken {
            return Err(Stop::usage(Message::new(
                format!(
                    "the plan {} keeps its store of {region} where {} has its own",
                    child.name, other.name
                ),
                "stores of its own: each plan has its lock, journal and epoch there",
                "give it another prefix",
            )));
        }
    }
    Ok(())
}

/// Whether two stores are one place, whatever keys encrypt them.
fn same(one: &StorePlace, other: &StorePlace) -> bool {
    match (one, other) {
        (
            StorePlace::Bucket { bucket, prefix, .. },
            StorePlace::Bucket {
                bucket: other,
                prefix: under,
                ..
            },
        ) => (bucket, prefix) == (other, under),
        (StorePlace::Directory(one), StorePlace::Directory(other)) => {
            std::path::absolute(one).ok() == std::path::absolute(other).ok()
        }
        _ => false,
    }
}
