//! `CloudWatch` through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, Statistic};
use jiff::Timestamp;

use super::access::Access;
use super::errors::error;
use super::regional::Regional;
use crate::cloudwatch::{LagPoint, ReplicaLag};
use crate::{Error, Region};

pub(super) struct SdkReplicaLag(Regional<Client>);

impl SdkReplicaLag {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkReplicaLag(Regional::new(access, region, "cloudwatch", client))
    }
}

/// A client of `CloudWatch`.
pub(super) fn client(config: &SdkConfig, endpoint: Option<&str>) -> Client {
    let mut builder = aws_sdk_cloudwatch::config::Builder::from(config);
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint_url(endpoint);
    }
    Client::from_conf(builder.build())
}

#[async_trait]
impl ReplicaLag for SdkReplicaLag {
    async fn datapoints(
        &self,
        instance: &str,
        from: Timestamp,
        to: Timestamp,
        period_seconds: u32,
    ) -> Result<Vec<LagPoint>, Error> {
        let dimension = Dimension::builder()
            .name("DBInstanceIdentifier")
            .value(instance)
            .build();
        let request = self
            .0
            .client()
            .await
            .get_metric_statistics()
            .namespace("AWS/RDS")
            .metric_name("ReplicaLag")
            .dimensions(dimension)
            .start_time(DateTime::from_secs(from.as_second()))
            .end_time(DateTime::from_secs(to.as_second()))
            .period(i32::try_from(period_seconds).unwrap_or(60))
            .statistics(Statistic::Maximum)
            .statistics(Statistic::Minimum);
        let answer = request
            .send()
            .await
            .map_err(|e| error(&self.0.call("GetMetricStatistics"), &e))?;
        let mut points: Vec<LagPoint> = answer
            .datapoints()
            .iter()
            .filter_map(|point| {
                let at = Timestamp::from_second(point.timestamp()?.secs()).ok()?;
                // A period in which replication stood still even once (-1) does not count as measured.
                let still = point.minimum().is_some_and(|least| least < 0.0);
                let seconds = if still { -1.0 } else { point.maximum()? };
                Some(LagPoint { at, seconds })
            })
            .collect();
        points.sort_by_key(|point| std::cmp::Reverse(point.at));
        Ok(points)
    }
}
