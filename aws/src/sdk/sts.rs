//! STS through the SDK, always by its regional endpoint: the global one lives in us-east-1.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sts::Client;
use tokio::sync::OnceCell;

use super::access::Access;
use super::errors::{Call, error};
use crate::sts::{Caller, CallerIdentity};
use crate::{Error, Region};

pub(super) struct SdkIdentity {
    access: Arc<Access>,
    region: Region,
    client: OnceCell<Client>,
}

impl SdkIdentity {
    pub(super) fn new(access: Arc<Access>, region: Region) -> Self {
        SdkIdentity {
            access,
            region,
            client: OnceCell::new(),
        }
    }

    async fn client(&self) -> &Client {
        self.client
            .get_or_init(|| async {
                let config = self.access.config(&self.region).await;
                let mut builder = aws_sdk_sts::config::Builder::from(&config);
                if let Some(endpoint) = self.access.settings.endpoint("sts", &self.region) {
                    builder = builder.endpoint_url(endpoint);
                }
                Client::from_conf(builder.build())
            })
            .await
    }
}

#[async_trait]
impl CallerIdentity for SdkIdentity {
    async fn caller(&self) -> Result<Caller, Error> {
        let call = Call {
            service: "sts",
            operation: "GetCallerIdentity",
            region: &self.region,
        };
        let answer = self.client().await.get_caller_identity().send().await;
        let answer = answer.map_err(|e| error(&call, &e))?;
        Ok(Caller {
            account: answer.account().unwrap_or_default().to_owned(),
            arn: answer.arn().unwrap_or_default().to_owned(),
        })
    }
}
