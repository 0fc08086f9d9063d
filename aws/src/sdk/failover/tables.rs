//! `DynamoDB` tables through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;

use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::Regional;
use crate::tables::{Table, Tables};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkTables(Regional<Client>);

impl SdkTables {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkTables(Regional::new(
            access,
            region,
            "dynamodb",
            |config, endpoint| {
                let mut builder = aws_sdk_dynamodb::config::Builder::from(config);
                if let Some(endpoint) = endpoint {
                    builder = builder.endpoint_url(endpoint);
                }
                Client::from_conf(builder.build())
            },
        ))
    }
}

#[async_trait]
impl Tables for SdkTables {
    async fn describe(&self, name: &str) -> Result<Table, Error> {
        const OPERATION: &str = "DescribeTable";
        let request = self.0.client().await.describe_table().table_name(name);
        let answer = request.send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let Some(found) = answer.table() else {
            return Err(self.0.empty(OPERATION, ErrorKind::NotFound, name));
        };
        let replicas: Result<Vec<(Region, String)>, Error> = found
            .replicas()
            .iter()
            .map(|replica| {
                let region = replica.region_name().unwrap_or_default();
                let status = replica.replica_status().map(|s| s.as_str().to_owned());
                Ok((
                    self.0.region(OPERATION, region)?,
                    status.unwrap_or_default(),
                ))
            })
            .collect();
        // The region that is asked may stand among its own replicas.
        let others = replicas?
            .into_iter()
            .filter(|(region, _)| *region != self.0.region);
        Ok(Table {
            name: found.table_name().unwrap_or(name).to_owned(),
            status: found
                .table_status()
                .map(|status| status.as_str().to_owned())
                .unwrap_or_default(),
            replicas: others.collect(),
        })
    }
}
