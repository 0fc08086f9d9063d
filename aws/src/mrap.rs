//! Routes of an S3 Multi-Region Access Point: data plane, at five fixed endpoints.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::{Error, Region};

/// The regions whose endpoints answer for routes, wherever the buckets are (Amazon S3 API Reference,
/// `SubmitMultiRegionAccessPointRoutes`).
pub const ROUTE_REGIONS: [&str; 5] = [
    "us-east-1",
    "us-west-2",
    "ap-southeast-2",
    "ap-northeast-1",
    "eu-west-1",
];

/// Routes of access points, through the endpoint of this region.
#[async_trait]
pub trait AccessPointRoutes: Send + Sync {
    /// Percent of traffic by region: 0 or 100. Harmless, retried.
    async fn routes(&self, arn: &str) -> Result<BTreeMap<Region, u8>, Error>;

    /// Sets them. Reversible, harmless to repeat, never retried here.
    async fn submit(&self, arn: &str, routes: &BTreeMap<Region, u8>) -> Result<(), Error>;
}
