//! SNS topics through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sns::{Client, Config};

use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::topics::Topics;
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkTopics(Regional<Client>);

impl SdkTopics {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkTopics(Regional::new(access, region, "sns", |config, endpoint| {
            let mut builder = aws_sdk_sns::config::Builder::from(config);
            if let Some(endpoint) = endpoint {
                builder = builder.endpoint_url(endpoint);
            }
            Client::from_conf(builder.build())
        }))
    }
}

#[async_trait]
impl Topics for SdkTopics {
    async fn publish(&self, topic: &str, subject: &str, text: &str) -> Result<String, Error> {
        const OPERATION: &str = "Publish";
        // An empty subject is refused; none is fine.
        let subject = (!subject.is_empty()).then(|| subject.to_owned());
        let request = self
            .0
            .client()
            .await
            .publish()
            .topic_arn(topic)
            .set_subject(subject)
            .message(text);
        let once = Config::builder().retry_config(no_retries());
        let answer = request.customize().config_override(once).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let id = answer.message_id().map(str::to_owned);
        id.ok_or_else(|| {
            self.0
                .empty(OPERATION, ErrorKind::Unavailable, "the message's id")
        })
    }
}
