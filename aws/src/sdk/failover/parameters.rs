//! Parameters of Systems Manager through the SDK. A `SecureString` is never asked for in the clear.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_ssm::types::ParameterType;
use aws_sdk_ssm::{Client, Config};

use crate::parameters::{Parameter, Parameters};
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkParameters(Regional<Client>);

impl SdkParameters {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkParameters(Regional::new(access, region, "ssm", |config, endpoint| {
            let mut builder = aws_sdk_ssm::config::Builder::from(config);
            if let Some(endpoint) = endpoint {
                builder = builder.endpoint_url(endpoint);
            }
            Client::from_conf(builder.build())
        }))
    }
}

#[async_trait]
impl Parameters for SdkParameters {
    async fn get(&self, name: &str) -> Result<Parameter, Error> {
        const OPERATION: &str = "GetParameter";
        let request = self.0.client().await.get_parameter();
        let answer = request.name(name).with_decryption(false).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let Some(found) = answer.parameter() else {
            return Err(self.0.empty(OPERATION, ErrorKind::NotFound, name));
        };
        let plain = matches!(
            found.r#type(),
            Some(ParameterType::String | ParameterType::StringList)
        );
        let value = found.value().filter(|_| plain);
        Ok(Parameter {
            name: found.name().unwrap_or(name).to_owned(),
            kind: found
                .r#type()
                .map(|kind| kind.as_str().to_owned())
                .unwrap_or_default(),
            value: value.unwrap_or_default().to_owned(),
            version: found.version(),
            changed_at: found.last_modified_date().and_then(super::moment),
        })
    }

    async fn put(&self, name: &str, value: &str) -> Result<(), Error> {
        // With its type, so that a SecureString is refused and never overwritten by a text.
        let request = self
            .0
            .client()
            .await
            .put_parameter()
            .name(name)
            .value(value)
            .r#type(ParameterType::String)
            .overwrite(true);
        let once = Config::builder().retry_config(no_retries());
        let answer = request.customize().config_override(once).send().await;
        answer.map_err(|e| error(&self.0.call("PutParameter"), &e))?;
        Ok(())
    }
}
