//! Records, routing controls and routes of access points, each call through the schedule.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::Wrapped;
use crate::arc::{ClusterEndpoint, RoutingControls};
use crate::mrap::AccessPointRoutes;
use crate::route53::{RecordSet, Records};
use crate::{Error, Region};

#[async_trait]
impl Records for Wrapped<dyn Records> {
    async fn list(&self, zone: &str, name: &str, kind: &str) -> Result<Vec<RecordSet>, Error> {
        let work = self.inner.list(zone, name, kind);
        self.faulty
            .call("route53", "ListResourceRecordSets", &self.region, work)
            .await
    }

    async fn upsert(&self, zone: &str, sets: &[RecordSet]) -> Result<String, Error> {
        let work = self.inner.upsert(zone, sets);
        self.faulty
            .call("route53", "ChangeResourceRecordSets", &self.region, work)
            .await
    }

    async fn in_sync(&self, change: &str) -> Result<bool, Error> {
        let work = self.inner.in_sync(change);
        self.faulty
            .call("route53", "GetChange", &self.region, work)
            .await
    }
}

#[async_trait]
impl AccessPointRoutes for Wrapped<dyn AccessPointRoutes> {
    async fn routes(&self, arn: &str) -> Result<BTreeMap<Region, u8>, Error> {
        let work = self.inner.routes(arn);
        self.faulty
            .call("s3", "GetMultiRegionAccessPointRoutes", &self.region, work)
            .await
    }

    async fn submit(&self, arn: &str, routes: &BTreeMap<Region, u8>) -> Result<(), Error> {
        let work = self.inner.submit(arn, routes);
        self.faulty
            .call(
                "s3",
                "SubmitMultiRegionAccessPointRoutes",
                &self.region,
                work,
            )
            .await
    }
}

/// A lost region takes its endpoint of the cluster along; the others go on.
impl Wrapped<dyn RoutingControls> {
    fn alive(&self, endpoints: &[ClusterEndpoint]) -> (Region, Vec<ClusterEndpoint>) {
        let state = self.faulty.state();
        let alive = |endpoint: &&ClusterEndpoint| !state.lost.contains(&endpoint.region);
        let alive: Vec<_> = endpoints.iter().filter(alive).cloned().collect();
        let met = alive.first().or(endpoints.first());
        let region = met.map_or(&self.region, |endpoint| &endpoint.region);
        (region.clone(), alive)
    }
}

#[async_trait]
impl RoutingControls for Wrapped<dyn RoutingControls> {
    async fn states(
        &self,
        endpoints: &[ClusterEndpoint],
        controls: &[String],
    ) -> Result<BTreeMap<String, bool>, Error> {
        let (region, alive) = self.alive(endpoints);
        let work = self.inner.states(&alive, controls);
        let (service, operation) = ("route53-recovery-cluster", "GetRoutingControlState");
        self.faulty.call(service, operation, &region, work).await
    }

    async fn set(
        &self,
        endpoints: &[ClusterEndpoint],
        controls: &BTreeMap<String, bool>,
    ) -> Result<(), Error> {
        let (region, alive) = self.alive(endpoints);
        let work = self.inner.set(&alive, controls);
        let (service, operation) = ("route53-recovery-cluster", "UpdateRoutingControlStates");
        self.faulty.call(service, operation, &region, work).await
    }
}
