//! Tables, each call through the schedule.

use async_trait::async_trait;

use crate::Error;
use crate::tables::{Table, Tables};

use super::Wrapped;

#[async_trait]
impl Tables for Wrapped<dyn Tables> {
    async fn describe(&self, name: &str) -> Result<Table, Error> {
        let work = self.inner.describe(name);
        self.faulty
            .call("dynamodb", "DescribeTable", &self.region, work)
            .await
    }
}
