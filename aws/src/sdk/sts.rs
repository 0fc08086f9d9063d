//! STS through the SDK, always by its regional endpoint: the global one lives in us-east-1.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sts::{Client, Config};
use jiff::Timestamp;

use super::access::Access;
use super::errors::error;
use super::regional::{Regional, no_retries};
use crate::sts::{Caller, CallerIdentity, Session, SessionRequest, Sessions};
use crate::{Error, ErrorKind, Region};

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

#[async_trait]
impl Sessions for SdkIdentity {
    async fn assume_role(&self, request: &SessionRequest) -> Result<Session, Error> {
        const OPERATION: &str = "AssumeRole";
        let seconds = request
            .duration
            .map(|it| i32::try_from(it.as_secs()).unwrap_or(i32::MAX));
        let (serial, code) = request.mfa.clone().unzip();
        let call = self.0.client().await.assume_role();
        let call = call
            .role_arn(&request.role_arn)
            .role_session_name(&request.session_name)
            .set_duration_seconds(seconds)
            .set_serial_number(serial)
            .set_token_code(code);
        let once = Config::builder().retry_config(no_retries());
        let answer = call.customize().config_override(once).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let Some(keys) = answer.credentials() else {
            return Err(self.0.empty(OPERATION, ErrorKind::Other, "credentials"));
        };
        let expires = Timestamp::from_second(keys.expiration().secs());
        let expires = expires.map_err(|_| {
            self.0
                .empty(OPERATION, ErrorKind::Other, "a moment at which they end")
        })?;
        Ok(Session {
            access_key_id: keys.access_key_id().to_owned(),
            secret_access_key: keys.secret_access_key().to_owned(),
            session_token: keys.session_token().to_owned(),
            expires,
        })
    }
}
