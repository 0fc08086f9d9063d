//! Secrets Manager through the SDK.
//!
//! At its most talkative level the SDK logs requests as far as their type shows them, and answers with their bodies
//! where the environment says `LOG_SENSITIVE_BODIES=true`. Neither is left to it: calls that carry a value run without
//! a log.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_secretsmanager::types::ReplicaRegionType;
use aws_sdk_secretsmanager::{Client, Config};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::secrets::{Secret, SecretValue, Secrets};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkSecrets(Regional<Client>);

impl SdkSecrets {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkSecrets(Regional::new(
            access,
            region,
            "secretsmanager",
            |config, endpoint| {
                let mut builder = aws_sdk_secretsmanager::config::Builder::from(config);
                if let Some(endpoint) = endpoint {
                    builder = builder.endpoint_url(endpoint);
                }
                Client::from_conf(builder.build())
            },
        ))
    }
}

fn once() -> aws_sdk_secretsmanager::config::Builder {
    Config::builder().retry_config(no_retries())
}

#[async_trait]
impl Secrets for SdkSecrets {
    async fn describe(&self, id: &str) -> Result<Secret, Error> {
        const OPERATION: &str = "DescribeSecret";
        let request = self.0.client().await.describe_secret().secret_id(id);
        let answer = request.send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let primary = answer.primary_region().filter(|region| !region.is_empty());
        let primary = primary.map(|region| self.0.region(OPERATION, region));
        // The original of a replicated secret names its own region.
        let primary = primary
            .transpose()?
            .filter(|region| *region != self.0.region);
        let replicas: Result<Vec<(Region, String)>, Error> = answer
            .replication_status()
            .iter()
            .map(|replica| {
                let region = self
                    .0
                    .region(OPERATION, replica.region().unwrap_or_default())?;
                let status = replica.status().map(|status| status.as_str().to_owned());
                Ok((region, status.unwrap_or_default()))
            })
            .collect();
        Ok(Secret {
            arn: answer.arn().unwrap_or_default().to_owned(),
            name: answer.name().unwrap_or_default().to_owned(),
            replicas: if primary.is_none() {
                replicas?
            } else {
                Vec::new()
            },
            primary_region: primary,
            changed_at: answer.last_changed_date().and_then(super::moment),
        })
    }

    async fn value(&self, id: &str) -> Result<SecretValue, Error> {
        const OPERATION: &str = "GetSecretValue";
        let request = self.0.client().await.get_secret_value().secret_id(id);
        let answer = request.send().with_subscriber(NoSubscriber::new()).await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let Some(value) = answer.secret_string() else {
            let message = format!("the value of {id} is binary; expected a text");
            return Err(self.0.call(OPERATION).failed(ErrorKind::Other, message));
        };
        Ok(SecretValue(value.to_owned()))
    }

    async fn put_value(&self, id: &str, value: &SecretValue, token: &str) -> Result<(), Error> {
        let request = self
            .0
            .client()
            .await
            .put_secret_value()
            .secret_id(id)
            .client_request_token(token)
            .secret_string(&value.0);
        let sent = request.customize().config_override(once()).send();
        let answer = sent.with_subscriber(NoSubscriber::new()).await;
        answer.map_err(|e| error(&self.0.call("PutSecretValue"), &e))?;
        Ok(())
    }

    async fn stop_replication(&self, id: &str) -> Result<(), Error> {
        let request = self.0.client().await.stop_replication_to_replica();
        let request = request.secret_id(id).customize().config_override(once());
        let answer = request.send().await;
        answer.map_err(|e| error(&self.0.call("StopReplicationToReplica"), &e))?;
        Ok(())
    }

    async fn replicate(&self, id: &str, regions: &[Region]) -> Result<(), Error> {
        let replicas = regions.iter();
        let replicas = replicas.map(|r| ReplicaRegionType::builder().region(r.as_str()).build());
        let request = self
            .0
            .client()
            .await
            .replicate_secret_to_regions()
            .secret_id(id)
            .set_add_replica_regions(Some(replicas.collect()))
            .force_overwrite_replica_secret(true);
        let answer = request.customize().config_override(once()).send().await;
        answer.map_err(|e| error(&self.0.call("ReplicateSecretToRegions"), &e))?;
        Ok(())
    }
}
