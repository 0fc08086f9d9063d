//! Plans that a plan runs: from files, or from the stores where they were published beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use aws::Region;
use recovery::document::Document;
pub(crate) use recovery::engine::children_of as named;
use recovery::engine::{self, Opener, fits};
use recovery::message::Message;
use recovery::publication;
use recovery::store::StaleStore;

use crate::args::{Common, PaceWords};
use crate::show::{Show, Stop};
use crate::world::{World, document};

/// The plans that were given as files, by name, and how their worlds are opened.
pub(crate) struct Family<'a> {
    given: BTreeMap<String, Document>,
    common: &'a Common,
    pace: Option<&'a PaceWords>,
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
        let open = |document: Document| {
            let opened = World::open(document, &lost, self.common, self.pace);
            opened.map(|it| it.around).map_err(|stop| stop.message)
        };
        let joined = self
            .engine(&open)
            .join(&mut world.around, Some(target))
            .await;
        joined.map_err(Stop::usage)
    }

    fn engine<'b>(&'b self, open: &'b Opener<'b>) -> engine::Family<'b> {
        engine::Family {
            given: &self.given,
            by: "--child FILE",
            open,
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
                let above = [Arc::new(parent.clone())];
                fits(document, parent, &above).map_err(Stop::usage)?;
                let home = World::open(parent.clone(), &lost, self.common, None)?;
                let key = publication::child_key(name);
                let stores = &home.around.stores;
                let told = publication::publish_as(stores, &key, name, canonical.as_bytes(), by);
                stale.extend(told.await.map_err(Stop::failed)?);
            }
            if !ran {
                let none = |_: Document| Err(Message::default());
                let family = self.engine(&none);
                let refused = family.refuse_strangers(&world.around.document, &BTreeMap::new());
                return refused.map(|()| stale).map_err(Stop::usage);
            }
            let own = World::open(document.clone(), &lost, self.common, None)?;
            own.refuse_unfit_stores().await?;
            let told = publication::publish(&own.around.stores, name, canonical.as_bytes(), by);
            stale.extend(told.await.map_err(Stop::failed)?);
        }
        Ok(stale)
    }
}
