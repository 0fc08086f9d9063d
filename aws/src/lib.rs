//! AWS behind small traits, one per capability, each with three implementations: the SDK, a fake with virtual time,
//! and faults around any of them.
//!
//! Whoever decides or acts imports these traits and never an SDK type, so the same code runs against AWS, an emulator
//! and a simulation.

#![allow(
    clippy::result_large_err,
    reason = "a failed call is rare and costs a round trip; a box would cost every reader"
)]

pub mod clock;
pub mod cloudwatch;
mod error;
#[cfg(feature = "fake")]
pub mod fake;
#[cfg(feature = "fake")]
pub mod faults;
pub mod rds;
mod region;
#[cfg(feature = "sdk")]
pub mod sdk;
pub mod sts;

use std::sync::Arc;

pub use error::{Error, ErrorKind};
pub use region::{InvalidRegion, Region};

/// Access to AWS, region by region. Clients are made when they are first asked for, so a region that is never asked
/// for is never called.
pub trait Aws: Send + Sync {
    /// RDS instances of a region.
    ///
    /// # Errors
    /// When no client can be made, for example for a region that is declared lost.
    fn rds(&self, region: &Region) -> Result<Arc<dyn rds::RdsInstances>, Error>;

    /// Replication lag of RDS instances, as `CloudWatch` of a region holds it.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn replica_lag(&self, region: &Region) -> Result<Arc<dyn cloudwatch::ReplicaLag>, Error>;

    /// Who is calling, by the regional endpoint of STS.
    ///
    /// # Errors
    /// As for [`rds`](Aws::rds).
    fn identity(&self, region: &Region) -> Result<Arc<dyn sts::CallerIdentity>, Error>;
}
