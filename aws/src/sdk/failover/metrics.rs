//! `CloudWatch` metrics and alarms through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    AlarmType, Datapoint as SdkDatapoint, Dimension, StateValue, Statistic as SdkStatistic,
};
use aws_sdk_cloudwatch::{Client, Config};
use jiff::Timestamp;

use crate::metrics::{AlarmState, Datapoint, Metric, Metrics, Statistic};
use crate::sdk::access::Access;
use crate::sdk::cloudwatch::client;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkMetrics(Regional<Client>);

impl SdkMetrics {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkMetrics(Regional::new(access, region, "cloudwatch", client))
    }
}

fn sdk(statistic: Statistic) -> SdkStatistic {
    match statistic {
        Statistic::Maximum => SdkStatistic::Maximum,
        Statistic::Minimum => SdkStatistic::Minimum,
        Statistic::Average => SdkStatistic::Average,
        Statistic::Sum => SdkStatistic::Sum,
    }
}

fn value(point: &SdkDatapoint, statistic: Statistic) -> Option<f64> {
    match statistic {
        Statistic::Maximum => point.maximum(),
        Statistic::Minimum => point.minimum(),
        Statistic::Average => point.average(),
        Statistic::Sum => point.sum(),
    }
}

#[async_trait]
impl Metrics for SdkMetrics {
    async fn datapoints(
        &self,
        metric: &Metric,
        statistic: Statistic,
        from: Timestamp,
        to: Timestamp,
        period_seconds: u32,
    ) -> Result<Vec<Datapoint>, Error> {
        let dimensions = metric.dimensions.iter();
        let dimensions = dimensions.map(|(n, v)| Dimension::builder().name(n).value(v).build());
        let request = self
            .0
            .client()
            .await
            .get_metric_statistics()
            .namespace(&metric.namespace)
            .metric_name(&metric.name)
            .set_dimensions(Some(dimensions.collect()))
            .start_time(DateTime::from_secs(from.as_second()))
            .end_time(DateTime::from_secs(to.as_second()))
            .period(i32::try_from(period_seconds).unwrap_or(i32::MAX))
            .statistics(sdk(statistic));
        let answer = request.send().await;
        let answer = answer.map_err(|e| error(&self.0.call("GetMetricStatistics"), &e))?;
        let mut points: Vec<Datapoint> = answer
            .datapoints()
            .iter()
            .filter_map(|point| {
                let at = Timestamp::from_second(point.timestamp()?.secs()).ok()?;
                let value = value(point, statistic)?;
                Some(Datapoint { at, value })
            })
            .collect();
        points.sort_by_key(|point| std::cmp::Reverse(point.at));
        Ok(points)
    }

    async fn alarm(&self, name: &str) -> Result<AlarmState, Error> {
        const OPERATION: &str = "DescribeAlarms";
        // Without the types composite alarms are left out.
        let request = self
            .0
            .client()
            .await
            .describe_alarms()
            .alarm_names(name)
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm);
        let answer = request.send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let plain = answer.metric_alarms().first().map(|a| a.state_value());
        let composite = answer.composite_alarms().first().map(|a| a.state_value());
        let Some(state) = plain.or(composite) else {
            return Err(self.0.empty(OPERATION, ErrorKind::NotFound, name));
        };
        match state {
            Some(StateValue::Ok) => Ok(AlarmState::Ok),
            Some(StateValue::Alarm) => Ok(AlarmState::Alarm),
            Some(StateValue::InsufficientData) => Ok(AlarmState::InsufficientData),
            other => Err(self.0.unreadable(
                OPERATION,
                &format!("a state of {name} that cannot be read: {other:?}"),
            )),
        }
    }

    async fn set_alarm(&self, name: &str, state: AlarmState, reason: &str) -> Result<(), Error> {
        let state = match state {
            AlarmState::Ok => StateValue::Ok,
            AlarmState::Alarm => StateValue::Alarm,
            AlarmState::InsufficientData => StateValue::InsufficientData,
        };
        let request = self
            .0
            .client()
            .await
            .set_alarm_state()
            .alarm_name(name)
            .state_value(state)
            .state_reason(reason);
        let once = Config::builder().retry_config(no_retries());
        let answer = request.customize().config_override(once).send().await;
        answer.map_err(|e| error(&self.0.call("SetAlarmState"), &e))?;
        Ok(())
    }
}
