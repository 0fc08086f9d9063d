//! Routing controls of Application Recovery Controller: on its data plane, over the cluster's five endpoints.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::{Error, Region};

/// An endpoint of a routing-control cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterEndpoint {
    /// The region that it is in.
    pub region: Region,
    /// Its URL.
    pub url: String,
}

/// Routing controls, through whichever endpoint answers: they are tried one after the other, each once.
#[async_trait]
pub trait RoutingControls: Send + Sync {
    /// Whether each control is on, by ARN. Harmless.
    async fn states(
        &self,
        endpoints: &[ClusterEndpoint],
        controls: &[String],
    ) -> Result<BTreeMap<String, bool>, Error>;

    /// Sets all of them in one call. Reversible, harmless to repeat.
    async fn set(
        &self,
        endpoints: &[ClusterEndpoint],
        controls: &BTreeMap<String, bool>,
    ) -> Result<(), Error>;
}
