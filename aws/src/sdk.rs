//! AWS through its SDK. The files below here are the only ones that name `aws_sdk_*`.
//!
//! Clients are lazy and regional: nothing is resolved, and no endpoint is called, before the first call of a region.
//! Every call has an attempt and an operation timeout, because the SDK has none by itself. Reads are retried with
//! jitter, changes never: after an ambiguous answer the caller looks before it acts again.

mod access;
mod cloudwatch;
mod errors;
mod http;
mod rds;
mod settings;
mod sts;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

pub use settings::{AssumeRole, RegionSettings, Settings};

use access::Access;

use crate::{Aws, Error, ErrorKind, Region};

/// AWS through its SDK.
#[derive(Clone)]
pub struct SdkAws {
    access: Arc<Access>,
    clients: Arc<Mutex<HashMap<Region, Clients>>>,
}

/// The clients of a region, kept so that their connections and credentials are.
#[derive(Clone)]
struct Clients {
    rds: Arc<rds::SdkRds>,
    replica_lag: Arc<cloudwatch::SdkReplicaLag>,
    identity: Arc<sts::SdkIdentity>,
}

impl std::fmt::Debug for SdkAws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SdkAws")
            .field(&self.access.settings)
            .finish()
    }
}

impl SdkAws {
    /// Access with these settings; nothing is called yet.
    pub fn new(settings: Settings) -> Self {
        SdkAws::through(Access::new(settings))
    }

    fn through(access: Access) -> Self {
        SdkAws {
            access: Arc::new(access),
            clients: Arc::default(),
        }
    }

    fn clients(&self, service: &str, region: &Region) -> Result<Clients, Error> {
        self.reachable(service, region)?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let of_region = clients.entry(region.clone()).or_insert_with(|| {
            let access = || Arc::clone(&self.access);
            Clients {
                rds: Arc::new(rds::SdkRds::new(access(), region.clone())),
                replica_lag: Arc::new(cloudwatch::SdkReplicaLag::new(access(), region.clone())),
                identity: Arc::new(sts::SdkIdentity::new(access(), region.clone())),
            }
        });
        Ok(of_region.clone())
    }

    /// Declared lost: nothing may call it, whoever asks.
    fn reachable(&self, service: &str, region: &Region) -> Result<(), Error> {
        if !self.access.settings.lost_regions.contains(region) {
            return Ok(());
        }
        Err(Error {
            kind: ErrorKind::Unreachable,
            service: service.to_owned(),
            operation: "any call".to_owned(),
            region: region.to_string(),
            code: None,
            message: "the region is declared lost, so nothing calls it".to_owned(),
            request_id: None,
        })
    }
}

impl Aws for SdkAws {
    fn rds(&self, region: &Region) -> Result<Arc<dyn crate::rds::RdsInstances>, Error> {
        Ok(self.clients("rds", region)?.rds)
    }

    fn replica_lag(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::cloudwatch::ReplicaLag>, Error> {
        Ok(self.clients("cloudwatch", region)?.replica_lag)
    }

    fn identity(&self, region: &Region) -> Result<Arc<dyn crate::sts::CallerIdentity>, Error> {
        Ok(self.clients("sts", region)?.identity)
    }
}
