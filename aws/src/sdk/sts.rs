//! STS through the SDK, always by its regional endpoint: the global one lives in us-east-1.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sts::Client;

use super::access::Access;
use super::errors::error;
use super::regional::Regional;
use crate::sts::{Caller, CallerIdentity};
use crate::{Error, Region};

pub(super) struct SdkIdentity(Regional<Client>);

impl SdkIdentity {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkIdentity(Regional::new(access, region, "sts", |config, endpoint| {
            let mut builder = aws_sdk_sts::config::Builder::from(config);
            if let Some(endpoint) = endpoint {
                builder = builder.endpoint_url(endpoint);
            }
            Client::from_conf(builder.build())
        }))
    }
}

#[async_trait]
impl CallerIdentity for SdkIdentity {
    async fn caller(&self) -> Result<Caller, Error> {
        let answer = self.0.client().await.get_caller_identity().send().await;
        let answer = answer.map_err(|e| error(&self.0.call("GetCallerIdentity"), &e))?;
        Ok(Caller {
            account: answer.account().unwrap_or_default().to_owned(),
            arn: answer.arn().unwrap_or_default().to_owned(),
        })
    }
}
