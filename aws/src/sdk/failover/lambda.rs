//! Lambda through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use aws_sdk_lambda::{Client, Config};
use aws_types::request_id::RequestId;

use crate::lambda::{Functions, Invoked, Mapping};
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::{Error, Region};

pub(in crate::sdk) struct SdkFunctions(Regional<Client>);

/// How much of an answer is kept.
const PAYLOAD: usize = 4096;

impl SdkFunctions {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkFunctions(Regional::new(
            access,
            region,
            "lambda",
            |config, endpoint| {
                let mut builder = aws_sdk_lambda::config::Builder::from(config);
                if let Some(endpoint) = endpoint {
                    builder = builder.endpoint_url(endpoint);
                }
                Client::from_conf(builder.build())
            },
        ))
    }
}

#[async_trait]
impl Functions for SdkFunctions {
    async fn mapping(&self, uuid: &str) -> Result<Mapping, Error> {
        let request = self.0.client().await.get_event_source_mapping();
        let answer = request.uuid(uuid).send().await;
        let answer = answer.map_err(|e| error(&self.0.call("GetEventSourceMapping"), &e))?;
        Ok(Mapping {
            uuid: answer.uuid().unwrap_or(uuid).to_owned(),
            state: answer.state().unwrap_or_default().to_owned(),
            function: answer.function_arn().unwrap_or_default().to_owned(),
        })
    }

    async fn set_enabled(&self, uuid: &str, enabled: bool) -> Result<(), Error> {
        let request = self.0.client().await.update_event_source_mapping();
        let request = request.uuid(uuid).enabled(enabled);
        let once = Config::builder().retry_config(no_retries());
        let answer = request.customize().config_override(once).send().await;
        answer.map_err(|e| error(&self.0.call("UpdateEventSourceMapping"), &e))?;
        Ok(())
    }

    async fn invoke(&self, function: &str, payload: &str) -> Result<Invoked, Error> {
        const OPERATION: &str = "Invoke";
        let settings = &self.0.access.settings;
        let request = self
            .0
            .client()
            .await
            .invoke()
            .function_name(function)
            .invocation_type(InvocationType::RequestResponse)
            .payload(Blob::new(payload));
        // A function may run far longer than any other call.
        let bounds = TimeoutConfig::builder()
            .connect_timeout(settings.connect_timeout)
            .operation_attempt_timeout(settings.invoke_timeout)
            .operation_timeout(settings.invoke_timeout);
        let once = Config::builder()
            .retry_config(no_retries())
            .timeout_config(bounds.build());
        let answer = request.customize().config_override(once).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let payload = answer.payload().map(|blob| {
            let bytes = blob.as_ref();
            String::from_utf8_lossy(&bytes[..bytes.len().min(PAYLOAD)]).into_owned()
        });
        Ok(Invoked {
            status: self.0.number(OPERATION, answer.status_code())?,
            function_error: answer.function_error().map(str::to_owned),
            payload: payload.unwrap_or_default(),
            request_id: answer.request_id().map(str::to_owned),
        })
    }
}
