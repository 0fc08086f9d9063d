//! Lambda of the fake: mappings need a while and refuse changes meanwhile; functions answer what they were told to.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::refusal::Refusal;
use super::services::{absent, changed};
use super::{ByPlace, Effect, FakeAws, Local};
use crate::lambda::{Functions, Invoked, Mapping};
use crate::{Error, ErrorKind, Region};

/// How long a mapping is `Enabling` or `Disabling`.
const TURNING: Duration = Duration::from_secs(20);

#[derive(Default)]
pub(super) struct State {
    mappings: ByPlace<(Mapping, Option<Timestamp>)>,
    functions: ByPlace<Invoked>,
    payloads: Vec<(Region, String, String)>,
}

impl FakeAws {
    /// Adds a mapping in a state.
    pub fn add_mapping(&self, region: &Region, uuid: &str, state: &str) {
        let mapping = Mapping {
            uuid: uuid.to_owned(),
            state: state.to_owned(),
            function: format!(
                "arn:aws:lambda:{region}:{}:function:consumer",
                super::ACCOUNT
            ),
        };
        let place = (region.clone(), uuid.to_owned());
        self.services()
            .lambda
            .mappings
            .insert(place, (mapping, None));
    }

    /// Adds a function that answers this.
    pub fn add_function(&self, region: &Region, name: &str, function_error: Option<&str>) {
        let answer = Invoked {
            status: 200,
            function_error: function_error.map(str::to_owned),
            payload: "{}".to_owned(),
            request_id: Some("invocation-1".to_owned()),
        };
        let place = (region.clone(), name.to_owned());
        self.services().lambda.functions.insert(place, answer);
    }

    /// What functions were called with: region, function, payload.
    pub fn invocations(&self) -> Vec<(Region, String, String)> {
        self.services().lambda.payloads.clone()
    }
}

#[async_trait]
impl Functions for Local {
    async fn mapping(&self, uuid: &str) -> Result<Mapping, Error> {
        self.serve("GetEventSourceMapping", uuid, |services, now| {
            let kept = services.lambda.mappings.get_mut(&self.place(uuid));
            let (mapping, at) =
                kept.ok_or_else(|| absent("lambda", "ResourceNotFoundException", uuid))?;
            if at.take_if(|at| *at <= now).is_some() {
                let state = match mapping.state.as_str() {
                    "Enabling" => "Enabled",
                    _ => "Disabled",
                };
                state.clone_into(&mut mapping.state);
            }
            Ok((mapping.clone(), Effect::Read))
        })
    }

    async fn set_enabled(&self, uuid: &str, enabled: bool) -> Result<(), Error> {
        self.serve("UpdateEventSourceMapping", uuid, |services, now| {
            let kept = services.lambda.mappings.get_mut(&self.place(uuid));
            let (mapping, at) =
                kept.ok_or_else(|| absent("lambda", "ResourceNotFoundException", uuid))?;
            if at.is_some_and(|at| at > now) {
                let message = "The operation cannot be performed while the mapping is updated";
                let code = "ResourceInUseException";
                return Err(Refusal::of(
                    ErrorKind::InvalidState,
                    "lambda",
                    code,
                    message,
                ));
            }
            let (done, turning) = if enabled {
                ("Enabled", "Enabling")
            } else {
                ("Disabled", "Disabling")
            };
            let moves = mapping.state != done;
            if moves {
                turning.clone_into(&mut mapping.state);
                *at = now.saturating_add(TURNING).ok();
            }
            Ok(((), changed(moves)))
        })
    }

    async fn invoke(&self, function: &str, payload: &str) -> Result<Invoked, Error> {
        self.serve("InvokeFunction", function, |services, _| {
            let answer = services
                .lambda
                .functions
                .get(&self.place(function))
                .cloned();
            let answer =
                answer.ok_or_else(|| absent("lambda", "ResourceNotFoundException", function))?;
            let (region, function) = self.place(function);
            let called = (region, function, payload.to_owned());
            services.lambda.payloads.push(called);
            Ok((answer, Effect::Changed))
        })
    }
}
