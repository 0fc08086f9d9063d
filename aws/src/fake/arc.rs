//! Routing controls of the fake: one cluster, whose endpoints can be taken away one by one.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use super::refusal::Refusal;
use super::services::{Served, absent, changed};
use super::{Effect, FakeAws, Local};
use crate::arc::{ClusterEndpoint, RoutingControls};
use crate::{Error, ErrorKind};

const SERVICE: &str = "route53-recovery-cluster";

#[derive(Default)]
pub(super) struct State {
    controls: BTreeMap<String, bool>,
    dead: BTreeSet<String>,
    asked: Vec<String>,
}

impl FakeAws {
    /// Adds a routing control.
    pub fn add_control(&self, arn: &str, on: bool) {
        self.services().arc.controls.insert(arn.to_owned(), on);
    }

    /// Lets an endpoint of the cluster answer no more.
    pub fn kill_endpoint(&self, url: &str) {
        self.services().arc.dead.insert(url.to_owned());
    }

    /// URLs of the endpoints that were tried, in order.
    pub fn tried_endpoints(&self) -> Vec<String> {
        self.services().arc.asked.clone()
    }
}

impl State {
    /// The first endpoint that answers.
    fn reach(&mut self, endpoints: &[ClusterEndpoint]) -> Result<(), Refusal> {
        for endpoint in endpoints {
            self.asked.push(endpoint.url.clone());
            if !self.dead.contains(&endpoint.url) {
                return Ok(());
            }
        }
        Err(Refusal::of(
            ErrorKind::Unreachable,
            SERVICE,
            "none",
            "no endpoint of the cluster answers",
        ))
    }

    fn each<T>(
        &mut self,
        endpoints: &[ClusterEndpoint],
        controls: impl IntoIterator<Item = String>,
        work: impl FnOnce(&mut Self) -> Served<T>,
    ) -> Served<T> {
        self.reach(endpoints)?;
        for arn in controls {
            if !self.controls.contains_key(&arn) {
                return Err(absent(SERVICE, "ResourceNotFoundException", &arn));
            }
        }
        work(self)
    }
}

#[async_trait]
impl RoutingControls for Local {
    async fn states(
        &self,
        endpoints: &[ClusterEndpoint],
        controls: &[String],
    ) -> Result<BTreeMap<String, bool>, Error> {
        self.serve(
            "GetRoutingControlState",
            &controls.join(","),
            |services, _| {
                let wanted = controls.to_vec();
                services.arc.each(endpoints, wanted.clone(), |state| {
                    let of = |arn: String| state.controls.get(&arn).map(|on| (arn.clone(), *on));
                    Ok((wanted.into_iter().filter_map(of).collect(), Effect::Read))
                })
            },
        )
    }

    async fn set(
        &self,
        endpoints: &[ClusterEndpoint],
        controls: &BTreeMap<String, bool>,
    ) -> Result<(), Error> {
        self.serve("UpdateRoutingControlStates", "", |services, _| {
            let arns = controls.keys().cloned();
            services.arc.each(endpoints, arns, |state| {
                let before = state.controls.clone();
                state.controls.extend(controls.clone());
                Ok(((), changed(before != state.controls)))
            })
        })
    }
}
