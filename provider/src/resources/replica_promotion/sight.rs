//! Asks AWS for the instance: what is seen, or why it is not.

use std::sync::Arc;
use std::time::Duration;

use aws::rds::InstanceId;
use aws::{ErrorKind, Region};
use jiff::Timestamp;
use recovery::replication::Role;
use recovery::step::{Look, Step};
use recovery::steps::rds_promote_replica::{
    self as promote, PromoteReplica, Request, Seen, UnderWay,
};
use terraform_framework::duration;

pub(super) use crate::messages::paragraphs;

use super::messages::Sight;
use super::model::ReplicaPromotion;
use crate::client::{Barred, Client};
use crate::contract::World;
use crate::roles::consents;
use crate::roles::finding::Finding;
use crate::roles::lost::if_it_answers;

/// No look while planning takes longer: reads are bounded by the SDK already, this bounds all of them together.
const LONGEST_LOOK: Duration = Duration::from_secs(90);
/// Used where the configured bound is not known.
const DEFAULT_BOUND: Duration = Duration::from_mins(5);

/// The world as far as it was seen.
pub(super) enum Sighting {
    /// Seen.
    Seen(Box<Seen>),
    /// The region is declared lost.
    Lost,
    /// The region does not answer.
    Unreachable(String),
    /// Region, identifier or provider are known only at apply.
    NotYet,
    /// AWS answered, and the answer stops everything.
    Failed(Finding),
    /// There is no such instance.
    Missing(Finding),
}

/// Where the instance is, once that is known.
pub(super) struct Place {
    pub(super) region: Region,
    pub(super) id: InstanceId,
    /// What to do if the region is declared lost and answers.
    pub(super) if_it_answers: String,
}

/// Region and identifier; `None` while one is not known, or is none (validation has said so).
pub(super) fn place(client: &Client, model: &ReplicaPromotion) -> Option<Place> {
    let region = match model.region.text() {
        Some(text) => Region::new(text).ok()?,
        None => client.default_region.clone()?,
    };
    Some(Place {
        if_it_answers: if_it_answers(&client.lost_regions, region.as_str()),
        region,
        id: InstanceId::new(model.db_instance_identifier.text()?).ok()?,
    })
}

/// The engine's request for what the configuration says.
pub(super) fn request(client: &Client, place: &Place, config: &ReplicaPromotion) -> Request {
    let bound = config
        .max_data_loss
        .text()
        .and_then(|text| duration::parse(text).ok())
        .unwrap_or(DEFAULT_BOUND);
    let mut request = Request::new(place.region.clone(), place.id.clone(), bound);
    request.source = config.source.known().cloned();
    request.lost_regions.clone_from(&client.lost_regions);
    request.lost_at = config
        .lost_at
        .text()
        .and_then(|text| text.parse::<Timestamp>().ok());
    request.consents = consents::heard(&config.consent.items);
    request.settings = config.settings();
    request
}

/// The engine's step.
pub(super) fn step(client: &Client, request: Request) -> PromoteReplica {
    PromoteReplica::new(Arc::clone(&client.aws), Arc::clone(&client.clock), request)
}

/// Looks, within a bound.
pub(super) async fn look(
    client: &Client,
    place: &Place,
    step: &PromoteReplica,
    how: Look,
) -> Sighting {
    if client.is_lost(&place.region) {
        return Sighting::Lost;
    }
    if client.not_yet.is_some() {
        return Sighting::NotYet;
    }
    match client.admit(&place.region).await {
        Ok(()) => {}
        Err(Barred::Account { seen }) => {
            return Sighting::Failed(Finding::wrong_account(
                client,
                &seen,
                "db_instance_identifier",
            ));
        }
        Err(Barred::Unknown(error)) => return failed(&error, step.request()),
    }
    let bounded = tokio::time::timeout(LONGEST_LOOK, step.look(how)).await;
    match bounded {
        Ok(Ok(seen)) => Sighting::Seen(Box::new(seen)),
        Ok(Err(error)) => failed(&error, step.request()),
        Err(_) => Sighting::Unreachable(format!(
            "Seen: no answer within {} s.",
            LONGEST_LOOK.as_secs()
        )),
    }
}

fn failed(error: &aws::Error, request: &Request) -> Sighting {
    let said = promote::explain(error, request);
    let (id, region) = (&request.instance, &request.region);
    let summary = match error.kind {
        ErrorKind::Unreachable
        | ErrorKind::Timeout
        | ErrorKind::Unavailable
        | ErrorKind::Throttled => {
            return Sighting::Unreachable(format!("Seen: {}.", said.seen.trim_end_matches('.')));
        }
        ErrorKind::NotFound => format!("{id} does not exist in {region}"),
        ErrorKind::AccessDenied => format!("AWS denies access to {id} in {region}"),
        ErrorKind::Credentials => format!("No usable AWS credentials for {region}"),
        _ => format!("AWS refuses to describe {id} in {region}"),
    };
    let message = Finding {
        error: true,
        summary,
        detail: paragraphs(&said),
        attribute: "db_instance_identifier",
    };
    if error.kind == ErrorKind::NotFound {
        Sighting::Missing(message)
    } else {
        Sighting::Failed(message)
    }
}

impl Sighting {
    /// The role for the contract; `Failed` and `Missing` never get there.
    pub(super) fn world(&self) -> World<'_> {
        match self {
            Sighting::Seen(seen) => World::Role(Role::of(&seen.target).name()),
            Sighting::Lost => World::Lost,
            Sighting::Unreachable(_) => World::Unreachable,
            Sighting::NotYet | Sighting::Failed(_) | Sighting::Missing(_) => World::NotYet,
        }
    }

    /// The target of a promotion that is under way for certain.
    pub(super) fn under_way(&self) -> Option<&'static str> {
        match self {
            Sighting::Seen(seen) if promote::under_way(&seen.target) == UnderWay::Yes => {
                Some(Role::Primary.name())
            }
            _ => None,
        }
    }

    /// The instance for messages.
    pub(super) fn sight(&self, place: &Place) -> Sight {
        let detail = match self {
            Sighting::Seen(seen) => seen.to_string(),
            Sighting::Unreachable(text) => text.clone(),
            _ => String::new(),
        };
        Sight {
            id: place.id.to_string(),
            region: place.region.to_string(),
            detail,
            if_it_answers: place.if_it_answers.clone(),
        }
    }
}
