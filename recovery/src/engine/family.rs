//! Plans that a plan runs: from those that were given, or from the stores where they were published beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws::Region;

use super::{DEEPEST, Surroundings};
use crate::document::{Document, StepEntry, StorePlace};
use crate::message::Message;
use crate::publication;
use crate::steps::KINDS;

/// The kind of the steps that run plans.
const KIND: &str = "failover_plan";

/// Opens the document of a child as the plan that runs it was opened.
pub type Opener<'a> = dyn Fn(Document) -> Result<Surroundings, Message> + Send + Sync + 'a;

/// Where the plans come from that a plan runs.
pub struct Family<'a> {
    /// Documents that were given, by name. Those that are not given are taken from where they were published.
    pub given: &'a BTreeMap<String, Document>,
    /// How documents are given, for messages: `--child`, or the name of an argument.
    pub by: &'a str,
    /// How a child is opened.
    pub open: &'a Opener<'a>,
}

/// The plan that a step runs, where it is of that kind.
pub fn runs_a_plan(step: &StepEntry) -> Option<&str> {
    step.arguments
        .text("plan")
        .filter(|_| step.kind.name() == KIND)
}

/// The plans that a plan runs, in order, each once.
pub fn children_of(document: &Document) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in document.steps.iter().filter_map(runs_a_plan) {
        if !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
    }
    names
}

impl Family<'_> {
    /// Gives surroundings those of the plans that their plan runs, and these theirs. With a target its store says which
    /// documents were published; without one all stores have to agree.
    ///
    /// # Errors
    /// When a plan is not at hand, cannot be run by its parent, runs itself or nests too deep, or when a plan was given
    /// that no step runs.
    pub async fn join(
        &self,
        around: &mut Surroundings,
        target: Option<&Region>,
    ) -> Result<(), Message> {
        let mut path = vec![around.document.name.clone()];
        let mut above = vec![Arc::clone(&around.document)];
        let children = self.children(around, target, &mut path, &mut above).await?;
        self.refuse_strangers(&around.document, &children)?;
        around.children = Arc::new(children);
        Ok(())
    }

    async fn children(
        &self,
        around: &Surroundings,
        target: Option<&Region>,
        path: &mut Vec<String>,
        above: &mut Vec<Arc<Document>>,
    ) -> Result<BTreeMap<String, Surroundings>, Message> {
        let mut children = BTreeMap::new();
        for name in children_of(&around.document) {
            if path.contains(&name) || path.len() >= DEEPEST {
                return Err(Message::new(
                    format!("{} runs {name}", path.join(" runs ")),
                    format!(
                        "plans that run plans at most {DEEPEST} deep, and none that runs itself"
                    ),
                    "take the step out, or move its steps into this plan",
                ));
            }
            let document = self.document(&name, around, target).await?;
            fits(&document, &around.document, above)?;
            let mut child = (self.open)(document)?;
            path.push(name.clone());
            above.push(Arc::clone(&child.document));
            let further = Box::pin(self.children(&child, target, path, above)).await?;
            child.children = Arc::new(further);
            path.pop();
            children.insert(name, child);
        }
        Ok(children)
    }

    /// One that no step names was meant for another plan, or has another name than somebody thinks.
    ///
    /// # Errors
    /// Names the first of them.
    pub fn refuse_strangers(
        &self,
        document: &Document,
        children: &BTreeMap<String, Surroundings>,
    ) -> Result<(), Message> {
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
            Some(stranger) => Err(Message::new(
                format!(
                    "no step runs the plan {stranger}, which was given with {}",
                    self.by
                ),
                format!("plans that {} runs", document.name),
                "leave it out, or name it in a step of the kind failover_plan",
            )),
        }
    }

    /// The document of a child: the given one, else the published one.
    async fn document(
        &self,
        name: &str,
        around: &Surroundings,
        target: Option<&Region>,
    ) -> Result<Document, Message> {
        if let Some(given) = self.given.get(name) {
            return Ok(given.clone());
        }
        let key = publication::child_key(name);
        let found = publication::current_by(&around.stores, &key, target).await;
        let absent = |seen: &str| {
            Message::new(
                format!(
                    "the plan {name}, which {} runs, is not at hand: {seen}",
                    around.document.name
                ),
                "the document of every plan that a plan runs",
                format!(
                    "give it with {}, or publish both with drctl plan publish --plan FILE --child FILE",
                    self.by
                ),
            )
        };
        let found = found.map_err(|message| absent(&message.seen))?;
        let text = String::from_utf8(found.bytes).map_err(|_| absent("it is no text"))?;
        let read = Document::read(&text, KINDS);
        let (document, _) = read.map_err(|problems| {
            let first = problems.first();
            absent(&first.map(ToString::to_string).unwrap_or_default())
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
}

/// Refuses a child that cannot be run by its parent: it has to know the regions, and to have stores of its own.
///
/// # Errors
/// Names what is in the way.
pub fn fits(child: &Document, parent: &Document, above: &[Arc<Document>]) -> Result<(), Message> {
    let unknown = parent.regions.iter().find(|it| !child.regions.contains(it));
    if let Some(region) = unknown {
        return Err(Message::new(
            format!(
                "the plan {} does not know {region}, which {} has",
                child.name, parent.name
            ),
            "every region of the plan that runs it",
            "add the region to it",
        ));
    }
    for (region, place) in &child.stores {
        let taken = above.iter().find(|it| {
            it.stores
                .get(region)
                .is_some_and(|other| same_place(other, place))
        });
        if let Some(other) = taken {
            return Err(Message::new(
                format!(
                    "the plan {} keeps its store of {region} where {} has its own",
                    child.name, other.name
                ),
                "stores of its own: each plan has its lock, journal and epoch there",
                "give it another prefix",
            ));
        }
    }
    Ok(())
}

/// Whether two stores are one place, whatever keys encrypt them.
pub fn same_place(one: &StorePlace, other: &StorePlace) -> bool {
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
