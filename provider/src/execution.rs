//! Failover plans from Terraform: from the provider's settings to the engine, and what the engine tells to diagnostics.
//! What `drctl` is for a shell this is for the resource `dr_failover`, the actions and the data sources.

pub(crate) mod act;
pub(crate) mod children;
pub(crate) mod consents;
pub(crate) mod given;
pub(crate) mod look;
pub(crate) mod place;
pub(crate) mod preview;
pub(crate) mod run;
pub(crate) mod standing;

use std::collections::BTreeSet;
use std::sync::Arc;

use aws::Region;
use recovery::document::Document;
use recovery::engine::{self, Surroundings};
use recovery::message::Message;

use crate::client::{Barred, Client};

/// The regions of a plan that the provider declares lost.
pub(crate) fn lost(client: &Client, document: &Document) -> BTreeSet<Region> {
    let regions = document.regions.iter();
    regions
        .filter(|region| client.is_lost(region))
        .cloned()
        .collect()
}

/// Enters a plan: what an execution of it works with, once the caller may work in its regions. Everything that calls a
/// store or a region of a plan comes this way.
///
/// # Errors
/// When the caller's account is not an allowed one, or a store cannot be opened.
pub(crate) async fn enter(client: &Client, document: Document) -> Result<Surroundings, Message> {
    admit(client, &document).await?;
    open(client, document)
}

/// The same without asking who calls: for looks that call nothing, and for what was entered before.
pub(crate) fn open(client: &Client, document: Document) -> Result<Surroundings, Message> {
    open_without(client, document, &BTreeSet::new())
}

/// Opens a plan without these regions, and those that the provider declares lost. Nothing is called.
pub(crate) fn open_without(
    client: &Client,
    document: Document,
    besides: &BTreeSet<Region>,
) -> Result<Surroundings, Message> {
    let aws = if document.accounts.is_empty() {
        Arc::clone(&client.aws)
    } else {
        (client.enter)(&document.accounts)
    };
    let mut lost = lost(client, &document);
    let known = document.regions.iter();
    lost.extend(known.filter(|region| besides.contains(*region)).cloned());
    let mut around = engine::open(document, &lost, &aws, &client.clock, client.tempo)?;
    around.stores = around.stores.with_shelf(&client.shelf);
    Ok(around)
}

/// Who calls, for journals and pointers.
pub(crate) async fn caller(around: &Surroundings) -> String {
    let caller = around.caller().await;
    caller.unwrap_or_else(|| "terraform (AWS did not say who)".to_owned())
}

/// Checks that the caller may work in every region of the plan that is not lost. Asks only if accounts are restricted,
/// and not where the plan names a role of its own.
pub(crate) async fn admit(client: &Client, document: &Document) -> Result<(), Message> {
    let regions = document.regions.iter();
    for region in regions.filter(|region| !client.is_lost(region)) {
        if document.accounts.contains_key(region) {
            continue;
        }
        admit_in(client, region).await?;
    }
    Ok(())
}

/// Checks the caller's account in one region.
pub(crate) async fn admit_in(client: &Client, region: &Region) -> Result<(), Message> {
    match client.admit(region).await {
        Ok(()) => Ok(()),
        Err(Barred::Account { seen }) => {
            let allowed = client.allowed_account_ids.iter().map(String::as_str);
            let allowed: Vec<&str> = allowed.collect();
            Err(Message::new(
                format!("the AWS credentials belong to account {seen}"),
                format!(
                    "one of {} (`allowed_account_ids` of the provider)",
                    allowed.join(", ")
                ),
                "use the credentials of an allowed account, or add this one if you mean it",
            ))
        }
        Err(Barred::Unknown(error)) => Err(Message::new(
            error.to_string(),
            format!("an answer of STS in {region} that says whose credentials these are"),
            "check the credentials, or declare the region lost",
        )),
    }
}
