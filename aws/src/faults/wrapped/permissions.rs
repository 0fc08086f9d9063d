//! Questions to IAM, each call through the schedule.

use async_trait::async_trait;

use crate::Error;
use crate::permissions::{Permissions, Simulated, Simulation};

use super::Wrapped;

#[async_trait]
impl Permissions for Wrapped<dyn Permissions> {
    async fn role_arn(&self, name: &str) -> Result<String, Error> {
        let work = self.inner.role_arn(name);
        self.faulty.call("iam", "GetRole", &self.region, work).await
    }

    async fn simulate(&self, question: &Simulation) -> Result<Vec<Simulated>, Error> {
        let work = self.inner.simulate(question);
        self.faulty
            .call("iam", "SimulatePrincipalPolicy", &self.region, work)
            .await
    }
}
