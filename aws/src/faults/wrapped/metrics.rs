//! Metrics and alarms, each call through the schedule.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::Error;
use crate::metrics::{AlarmState, Datapoint, Metric, Metrics, Statistic};

use super::Wrapped;

#[async_trait]
impl Metrics for Wrapped<dyn Metrics> {
    async fn datapoints(
        &self,
        metric: &Metric,
        statistic: Statistic,
        from: Timestamp,
        to: Timestamp,
        period_seconds: u32,
    ) -> Result<Vec<Datapoint>, Error> {
        let work = self
            .inner
            .datapoints(metric, statistic, from, to, period_seconds);
        self.faulty
            .call("cloudwatch", "GetMetricData", &self.region, work)
            .await
    }

    async fn alarm(&self, name: &str) -> Result<AlarmState, Error> {
        let work = self.inner.alarm(name);
        self.faulty
            .call("cloudwatch", "DescribeAlarms", &self.region, work)
            .await
    }

    async fn set_alarm(&self, name: &str, state: AlarmState, reason: &str) -> Result<(), Error> {
        let work = self.inner.set_alarm(name, state, reason);
        self.faulty
            .call("cloudwatch", "SetAlarmState", &self.region, work)
            .await
    }
}
