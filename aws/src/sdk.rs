//! AWS through its SDK. The files below here are the only ones that name `aws_sdk_*`.
//!
//! Clients are lazy and regional: nothing is resolved, and no endpoint is called, before the first call of a region.
//! Every call has an attempt and an operation timeout, because the SDK has none by itself. Reads are retried with
//! jitter, changes never: after an ambiguous answer the caller looks before it acts again.

mod access;
mod cloudwatch;
mod errors;
mod rds;
mod settings;
mod sts;

use std::sync::Arc;

pub use settings::{AssumeRole, RegionSettings, Settings};

use access::Access;

use crate::{Aws, Error, ErrorKind, Region};

/// AWS through its SDK.
#[derive(Debug, Clone)]
pub struct SdkAws {
    access: Arc<Access>,
}

impl SdkAws {
    /// Access with these settings; nothing is called yet.
    pub fn new(settings: Settings) -> Self {
        SdkAws {
            access: Arc::new(Access::new(settings)),
        }
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
        self.reachable("rds", region)?;
        Ok(Arc::new(rds::SdkRds::new(
            Arc::clone(&self.access),
            region.clone(),
        )))
    }

    fn replica_lag(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::cloudwatch::ReplicaLag>, Error> {
        self.reachable("cloudwatch", region)?;
        Ok(Arc::new(cloudwatch::SdkReplicaLag::new(
            Arc::clone(&self.access),
            region.clone(),
        )))
    }

    fn identity(&self, region: &Region) -> Result<Arc<dyn crate::sts::CallerIdentity>, Error> {
        self.reachable("sts", region)?;
        Ok(Arc::new(sts::SdkIdentity::new(
            Arc::clone(&self.access),
            region.clone(),
        )))
    }
}
