//! Secrets and parameters, each call through the schedule.

use async_trait::async_trait;

use super::Wrapped;
use crate::parameters::{Parameter, Parameters};
use crate::secrets::{Secret, SecretValue, Secrets};
use crate::{Error, Region};

#[async_trait]
impl Secrets for Wrapped<dyn Secrets> {
    async fn describe(&self, id: &str) -> Result<Secret, Error> {
        let work = self.inner.describe(id);
        self.faulty
            .call("secretsmanager", "DescribeSecret", &self.region, work)
            .await
    }

    async fn value(&self, id: &str) -> Result<SecretValue, Error> {
        let work = self.inner.value(id);
        self.faulty
            .call("secretsmanager", "GetSecretValue", &self.region, work)
            .await
    }

    async fn put_value(&self, id: &str, value: &SecretValue, token: &str) -> Result<(), Error> {
        let work = self.inner.put_value(id, value, token);
        self.faulty
            .call("secretsmanager", "PutSecretValue", &self.region, work)
            .await
    }

    async fn stop_replication(&self, id: &str) -> Result<(), Error> {
        let work = self.inner.stop_replication(id);
        self.faulty
            .call(
                "secretsmanager",
                "StopReplicationToReplica",
                &self.region,
                work,
            )
            .await
    }

    async fn replicate(&self, id: &str, regions: &[Region]) -> Result<(), Error> {
        let work = self.inner.replicate(id, regions);
        self.faulty
            .call(
                "secretsmanager",
                "ReplicateSecretToRegions",
                &self.region,
                work,
            )
            .await
    }
}

#[async_trait]
impl Parameters for Wrapped<dyn Parameters> {
    async fn get(&self, name: &str) -> Result<Parameter, Error> {
        let work = self.inner.get(name);
        self.faulty
            .call("ssm", "GetParameter", &self.region, work)
            .await
    }

    async fn put(&self, name: &str, value: &str) -> Result<(), Error> {
        let work = self.inner.put(name, value);
        self.faulty
            .call("ssm", "PutParameter", &self.region, work)
            .await
    }
}
