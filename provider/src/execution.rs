//! Failover plans from Terraform: from the provider's settings to the engine, and what the engine tells to diagnostics.
//! What `drctl` is for a shell this is for the resource `dr_failover`, the actions and the data sources.

pub(crate) mod act;
pub(crate) mod consents;
pub(crate) mod given;
pub(crate) mod look;
pub(crate) mod place;
pub(crate) mod preview;
pub(crate) mod run;

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

/// What an execution of the plan works with. Nothing is called.
pub(crate) fn open(client: &Client, document: Document) -> Result<Surroundings, Message> {
    let aws = if document.accounts.is_empty() {
        Arc::clone(&client.aws)
    } else {
        (client.enter)(&document.accounts)
    };
    let lost = lost(client, &document);
    engine::open(document, &lost, &aws, &client.clock, client.tempo)
}

/// Checks that the caller may work in every region of the plan that is not lost. Asks only if accounts are restricted,
/// and not where the plan names a role of its own.
pub(crate) async fn admit(client: &Client, document: &Document) -> Result<(), Message> {
    let regions = document.regions.iter();
    for region in regions.filter(|region| !client.is_lost(region)) {
        if document.accounts.contains_key(region) {
            continue;
        }
        match client.admit(region).await {
            Ok(()) => {}
            Err(Barred::Account { seen }) => {
                let allowed: Vec<&str> = client
                    .allowed_account_ids
                    .iter()
                    .map(String::as_str)
                    .collect();
                return Err(Message::new(
                    format!("the AWS credentials belong to account {seen}"),
                    format!(
                        "one of {} (`allowed_account_ids` of the provider)",
                        allowed.join(", ")
                    ),
                    "use the credentials of an allowed account, or add this one if you mean it",
                ));
            }
            Err(Barred::Unknown(error)) => {
                return Err(Message::new(
                    error.to_string(),
                    format!("an answer of STS in {region} that says whose credentials these are"),
                    "check the credentials, or declare the region lost",
                ));
            }
        }
    }
    Ok(())
}
