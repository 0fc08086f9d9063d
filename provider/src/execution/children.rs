//! Plans that a plan runs: those of `child_plans`, else as they were published beside it.

use std::collections::{BTreeMap, BTreeSet};

use aws::Region;
use recovery::document::Document;
use recovery::engine::{Family, Surroundings, children_of};
use recovery::message::Message;
use recovery::steps::KINDS;
use recovery::{next_move, publication};
use terraform_framework::Value;

use super::{admit, open_without};
use crate::client::Client;

/// The documents of plans, as an argument gives them; nothing where it gives none.
pub(crate) type Given = Value<Vec<Value<String>>>;

/// The argument's name.
const ARGUMENT: &str = "`child_plans`";

/// The same surroundings, with those of the plans that their plan runs. Regions that the parent takes for lost are not
/// called for a child either. Without child plans nothing is called.
///
/// # Errors
/// When a plan is not at hand, is not known yet, or cannot be run so.
pub(crate) async fn join(
    client: &Client,
    around: &Surroundings,
    given: &Given,
    target: &Region,
) -> Result<Surroundings, Message> {
    let documents = read(given, &around.document)?;
    if documents.is_empty() && children_of(&around.document).is_empty() {
        return Ok(around.clone());
    }
    let lost: BTreeSet<Region> = around.stores.lost().into_iter().collect();
    let open = |document: Document| open_without(client, document, &lost);
    let family = Family {
        given: &documents,
        by: ARGUMENT,
        open: &open,
    };
    let mut joined = around.clone();
    family.join(&mut joined, Some(target)).await?;
    Box::pin(admit_all(client, &joined)).await?;
    Box::pin(refuse_unpublished(&joined, target)).await?;
    Ok(joined)
}

/// A plan that runs is the published one, and each is published by itself: one that is not would stop its parent in the
/// middle.
async fn refuse_unpublished(around: &Surroundings, target: &Region) -> Result<(), Message> {
    for (name, child) in around.children.iter() {
        let pointed = publication::pointed(&child.stores).await;
        let published = publication::decide(&pointed, Some(target));
        let seen = match published {
            Ok(published) if published == child.digest => None,
            Ok(published) => Some(format!("its stores point to {published}")),
            Err(message) => Some(message.seen),
        };
        if let Some(seen) = seen {
            return Err(Message::new(
                format!(
                    "the plan {name}, which {} runs, is not published as it is: {seen}",
                    around.document.name
                ),
                format!("its document {} in the store of {target}", child.digest),
                format!(
                    "apply its own dr_failover_plan first, for example with -target=dr_failover_plan.NAME, or {}; then plan again",
                    next_move::publish()
                ),
            ));
        }
        Box::pin(refuse_unpublished(child, target)).await?;
    }
    Ok(())
}

async fn admit_all(client: &Client, around: &Surroundings) -> Result<(), Message> {
    for child in around.children.values() {
        admit(client, &child.document).await?;
        child.refuse_unfit_stores().await?;
        Box::pin(admit_all(client, child)).await?;
    }
    Ok(())
}

/// The documents by name.
fn read(given: &Given, parent: &Document) -> Result<BTreeMap<String, Document>, Message> {
    let not_yet = || {
        Message::new(
            format!(
                "{ARGUMENT} is known only at apply, and {} runs plans",
                parent.name
            ),
            "what is previewed is what runs",
            "apply the child plans alone, for example with -target, then plan again",
        )
    };
    if given.is_unknown() {
        return Err(not_yet());
    }
    let mut documents = BTreeMap::new();
    for (number, text) in given.known().into_iter().flatten().enumerate() {
        let text = text.text().ok_or_else(not_yet)?;
        let read = Document::read(text, KINDS);
        let (document, _) = read.map_err(|problems| {
            let first = problems.first();
            Message::new(
                format!(
                    "{ARGUMENT}, number {}: {}",
                    number + 1,
                    first.map(ToString::to_string).unwrap_or_default()
                ),
                "the document of a failover plan, such as dr_failover_plan.NAME.document",
                "mend it; drctl plan validate --plan FILE names all that is wrong with it",
            )
        })?;
        let name = document.name.clone();
        if documents.insert(name.clone(), document).is_some() {
            return Err(Message::new(
                format!("two of {ARGUMENT} are called {name}"),
                "one document for each plan",
                "leave one of them out",
            ));
        }
    }
    Ok(documents)
}

/// The plans that will run beside this one, with their digests, for a preview.
pub(crate) fn digests(around: &Surroundings) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, child) in around.children.iter() {
        lines.push(format!("{name} {}", child.digest));
        lines.extend(digests(child));
    }
    lines
}
