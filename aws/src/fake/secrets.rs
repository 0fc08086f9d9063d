//! Secrets Manager of the fake: replicas cannot be written, and a replica stands alone a while after it was told to.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::refusal::Refusal;
use super::services::{absent, changed};
use super::{ByPlace, Effect, FakeAws, Local};
use crate::secrets::{Secret, SecretValue, Secrets};
use crate::{Error, ErrorKind, Region};

/// How long a replica still shows as one after replication was stopped.
const STOPPING: Duration = Duration::from_secs(15);
/// How long a new replica is `InProgress`.
const REPLICATING: Duration = Duration::from_secs(30);

#[derive(Default)]
pub(super) struct State {
    secrets: ByPlace<Kept>,
}

#[derive(Clone)]
struct Kept {
    secret: Secret,
    value: SecretValue,
    tokens: BTreeMap<String, SecretValue>,
    alone_at: Option<Timestamp>,
    /// When the replicas that are under way are in sync.
    in_sync_at: Option<Timestamp>,
}

impl State {
    fn settle(&mut self, now: Timestamp) {
        let mut copies = Vec::new();
        for ((_, name), kept) in &mut self.secrets {
            if kept.alone_at.take_if(|at| *at <= now).is_some() {
                kept.secret.primary_region = None;
            }
            if kept.in_sync_at.take_if(|at| *at <= now).is_some() {
                for (region, status) in &mut kept.secret.replicas {
                    "InSync".clone_into(status);
                    copies.push((region.clone(), name.clone(), kept.value.clone()));
                }
            }
        }
        for (region, name, value) in copies {
            let origin = self.secrets.iter().find_map(|((at, other), kept)| {
                let names = |(to, _): &(Region, String)| *to == region;
                let replicates = *other == name && kept.secret.replicas.iter().any(names);
                replicates.then(|| at.clone())
            });
            let mut copy = kept(&region, &name, value, now);
            copy.secret.primary_region = origin;
            self.secrets.insert((region, name), copy);
        }
    }
}

fn kept(region: &Region, name: &str, value: SecretValue, now: Timestamp) -> Kept {
    Kept {
        secret: Secret {
            arn: format!(
                "arn:aws:secretsmanager:{region}:{}:secret:{name}-AbCdEf",
                super::ACCOUNT
            ),
            name: name.to_owned(),
            primary_region: None,
            replicas: Vec::new(),
            changed_at: Some(now),
        },
        value,
        tokens: BTreeMap::new(),
        alone_at: None,
        in_sync_at: None,
    }
}

fn invalid(message: &str) -> Refusal {
    let code = "InvalidRequestException";
    Refusal::of(ErrorKind::InvalidState, "secretsmanager", code, message)
}

impl FakeAws {
    /// Adds a secret with its value; with a region, as a replica of the secret of that name there.
    pub fn add_secret(&self, region: &Region, name: &str, value: &str, origin: Option<&Region>) {
        let hour_ago = self.clock.now().saturating_sub(Duration::from_hours(1));
        let since = hour_ago.unwrap_or(Timestamp::MIN);
        let mut new = kept(region, name, SecretValue(value.to_owned()), since);
        new.secret.primary_region = origin.cloned();
        let mut services = self.services();
        if let Some(origin) = origin {
            let place = (origin.clone(), name.to_owned());
            if let Some(original) = services.secrets.secrets.get_mut(&place) {
                let replica = (region.clone(), "InSync".to_owned());
                original.secret.replicas.push(replica);
            }
        }
        let place = (region.clone(), name.to_owned());
        services.secrets.secrets.insert(place, new);
    }

    /// The value of a secret as it truly is.
    pub fn secret_value(&self, region: &Region, name: &str) -> Option<String> {
        let services = self.services();
        let place = (region.clone(), name.to_owned());
        let kept = services.secrets.secrets.get(&place)?;
        Some(kept.value.0.clone())
    }
}

impl Local {
    fn on_secret<T>(
        &self,
        operation: &'static str,
        id: &str,
        work: impl FnOnce(&mut Kept, Timestamp) -> super::services::Served<T>,
    ) -> Result<T, Error> {
        self.serve(operation, id, |services, now| {
            services.secrets.settle(now);
            let kept = services.secrets.secrets.get_mut(&self.place(id));
            let kept =
                kept.ok_or_else(|| absent("secretsmanager", "ResourceNotFoundException", id))?;
            work(kept, now)
        })
    }
}

#[async_trait]
impl Secrets for Local {
    async fn describe(&self, id: &str) -> Result<Secret, Error> {
        self.on_secret("DescribeSecret", id, |kept, _| {
            Ok((kept.secret.clone(), Effect::Read))
        })
    }

    async fn value(&self, id: &str) -> Result<SecretValue, Error> {
        self.on_secret("GetSecretValue", id, |kept, _| {
            Ok((kept.value.clone(), Effect::Read))
        })
    }

    async fn put_value(&self, id: &str, value: &SecretValue, token: &str) -> Result<(), Error> {
        self.on_secret("PutSecretValue", id, |kept, now| {
            if kept.secret.primary_region.is_some() {
                return Err(invalid("You can't change a replica secret."));
            }
            match kept.tokens.get(token) {
                Some(written) if written == value => return Ok(((), Effect::Nothing)),
                Some(_) => return Err(invalid("The token was used for another value.")),
                None => {}
            }
            kept.tokens.insert(token.to_owned(), value.clone());
            kept.value = value.clone();
            kept.secret.changed_at = Some(now);
            Ok(((), Effect::Changed))
        })
    }

    async fn stop_replication(&self, id: &str) -> Result<(), Error> {
        self.on_secret("StopReplicationToReplica", id, |kept, now| {
            if kept.secret.primary_region.is_none() || kept.alone_at.is_some() {
                return Err(invalid("The secret is not a replica."));
            }
            kept.alone_at = now.saturating_add(STOPPING).ok();
            Ok(((), Effect::Changed))
        })
    }

    async fn replicate(&self, id: &str, regions: &[Region]) -> Result<(), Error> {
        self.on_secret("ReplicateSecretToRegions", id, |kept, now| {
            if kept.secret.primary_region.is_some() {
                return Err(invalid("You can't replicate a replica secret."));
            }
            let before = kept.secret.replicas.clone();
            for region in regions {
                kept.secret.replicas.retain(|(known, _)| known != region);
                let replica = (region.clone(), "InProgress".to_owned());
                kept.secret.replicas.push(replica);
            }
            kept.in_sync_at = now.saturating_add(REPLICATING).ok();
            Ok(((), changed(before != kept.secret.replicas)))
        })
    }
}
