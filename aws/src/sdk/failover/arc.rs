//! Routing controls through the SDK, over the cluster's endpoints in turn.
//!
//! Credentials are those of the region that asks, never of an endpoint's: that one may be gone.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_route53recoverycluster::Client;
use aws_sdk_route53recoverycluster::types::{RoutingControlState, UpdateRoutingControlStateEntry};

use crate::arc::{ClusterEndpoint, RoutingControls};
use crate::sdk::access::Access;
use crate::sdk::errors::{Call, error};
use crate::sdk::regional::no_retries;
use crate::{Error, ErrorKind, Region};

const SERVICE: &str = "route53-recovery-cluster";

pub(in crate::sdk) struct SdkRoutingControls {
    access: Arc<Access>,
    region: Region,
}

impl SdkRoutingControls {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkRoutingControls {
            access: Arc::clone(access),
            region: region.clone(),
        }
    }

    /// A client of one endpoint, for one attempt.
    async fn client(&self, endpoint: &ClusterEndpoint) -> Client {
        let config = self.access.config(&self.region).await;
        let settings = &self.access.settings;
        let bounds = TimeoutConfig::builder()
            .connect_timeout(settings.connect_timeout)
            .operation_attempt_timeout(settings.attempt_timeout)
            .operation_timeout(settings.attempt_timeout)
            .build();
        let builder = aws_sdk_route53recoverycluster::config::Builder::from(&config)
            .region(aws_config::Region::new(endpoint.region.to_string()))
            .endpoint_url(&endpoint.url)
            .retry_config(no_retries())
            .timeout_config(bounds);
        Client::from_conf(builder.build())
    }

    /// The endpoints that may be called; those of regions that are declared lost may not.
    fn alive<'a>(
        &self,
        endpoints: &'a [ClusterEndpoint],
        operation: &'static str,
    ) -> Result<Vec<&'a ClusterEndpoint>, Error> {
        let lost = &self.access.settings.lost_regions;
        let alive: Vec<_> = endpoints
            .iter()
            .filter(|e| !lost.contains(&e.region))
            .collect();
        if alive.is_empty() {
            let message = "no endpoint of the cluster is left to call: none is given, or their regions are declared lost";
            return Err(call(operation, &self.region).failed(ErrorKind::Unreachable, message));
        }
        Ok(alive)
    }
}

fn call<'a>(operation: &'static str, region: &'a Region) -> Call<'a> {
    Call {
        service: SERVICE,
        operation,
        region,
    }
}

/// Whether another endpoint may do better. A refusal is the cluster's, whichever endpoint tells it.
fn goes_on(error: &Error) -> bool {
    error.is_transient()
}

/// The failure that is told when none answered: the last one, and how many there were.
fn none_answered(mut last: Error, tried: usize) -> Error {
    last.message = format!(
        "none of {tried} endpoints answered; the last one: {}",
        last.message
    );
    last
}

#[async_trait]
impl RoutingControls for SdkRoutingControls {
    async fn states(
        &self,
        endpoints: &[ClusterEndpoint],
        controls: &[String],
    ) -> Result<BTreeMap<String, bool>, Error> {
        const OPERATION: &str = "GetRoutingControlState";
        let alive = self.alive(endpoints, OPERATION)?;
        let mut seen = BTreeMap::new();
        let mut last = None;
        // What one endpoint told stays; the next one is asked for the rest.
        'endpoints: for endpoint in &alive {
            let client = self.client(endpoint).await;
            let call = call(OPERATION, &endpoint.region);
            for control in controls {
                if seen.contains_key(control) {
                    continue;
                }
                let request = client.get_routing_control_state();
                let answer = request.routing_control_arn(control).send().await;
                match answer.map_err(|e| error(&call, &e)) {
                    Ok(answer) => {
                        let on = is_on(&call, control, answer.routing_control_state())?;
                        seen.insert(control.clone(), on);
                    }
                    Err(failed) if goes_on(&failed) => {
                        last = Some(failed);
                        continue 'endpoints;
                    }
                    Err(failed) => return Err(failed),
                }
            }
            return Ok(seen);
        }
        let last = last.unwrap_or_else(|| {
            call(OPERATION, &self.region).failed(ErrorKind::Unreachable, "no endpoint was asked")
        });
        Err(none_answered(last, alive.len()))
    }

    async fn set(
        &self,
        endpoints: &[ClusterEndpoint],
        controls: &BTreeMap<String, bool>,
    ) -> Result<(), Error> {
        const OPERATION: &str = "UpdateRoutingControlStates";
        let alive = self.alive(endpoints, OPERATION)?;
        let entries = entries(&call(OPERATION, &self.region), controls)?;
        let mut last = None;
        // An endpoint that broke off may have set them: setting them again at the next one is harmless.
        for endpoint in &alive {
            let request = self.client(endpoint).await.update_routing_control_states();
            let request = request.set_update_routing_control_state_entries(Some(entries.clone()));
            let answer = request.send().await;
            match answer.map_err(|e| error(&call(OPERATION, &endpoint.region), &e)) {
                Ok(_) => return Ok(()),
                Err(failed) if goes_on(&failed) => last = Some(failed),
                Err(failed) => return Err(failed),
            }
        }
        let last = last.unwrap_or_else(|| {
            call(OPERATION, &self.region).failed(ErrorKind::Unreachable, "no endpoint was asked")
        });
        Err(none_answered(last, alive.len()))
    }
}

fn is_on(call: &Call<'_>, control: &str, state: &RoutingControlState) -> Result<bool, Error> {
    match state {
        RoutingControlState::On => Ok(true),
        RoutingControlState::Off => Ok(false),
        other => {
            let message = format!("{control} is neither On nor Off but {}", other.as_str());
            Err(call.failed(ErrorKind::Other, message))
        }
    }
}

fn entries(
    call: &Call<'_>,
    controls: &BTreeMap<String, bool>,
) -> Result<Vec<UpdateRoutingControlStateEntry>, Error> {
    controls
        .iter()
        .map(|(arn, on)| {
            let state = if *on {
                RoutingControlState::On
            } else {
                RoutingControlState::Off
            };
            UpdateRoutingControlStateEntry::builder()
                .routing_control_arn(arn)
                .routing_control_state(state)
                .build()
                .map_err(|e| call.failed(ErrorKind::Other, e.to_string()))
        })
        .collect()
}
