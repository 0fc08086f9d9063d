//! `ElastiCache` global datastores through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_elasticache::{Client, Config};

use crate::elasticache::{DatastoreMember, GlobalDatastore, GlobalDatastores};
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkGlobalDatastores(Regional<Client>);

impl SdkGlobalDatastores {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkGlobalDatastores(Regional::new(
            access,
            region,
            "elasticache",
            |config, endpoint| {
                let mut builder = aws_sdk_elasticache::config::Builder::from(config);
                if let Some(endpoint) = endpoint {
                    builder = builder.endpoint_url(endpoint);
                }
                Client::from_conf(builder.build())
            },
        ))
    }
}

#[async_trait]
impl GlobalDatastores for SdkGlobalDatastores {
    async fn describe(&self, id: &str) -> Result<GlobalDatastore, Error> {
        const OPERATION: &str = "DescribeGlobalReplicationGroups";
        let request = self.0.client().await.describe_global_replication_groups();
        let request = request.global_replication_group_id(id);
        // Without it the answer has no members.
        let answer = request.show_member_info(true).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let Some(found) = answer.global_replication_groups().first() else {
            return Err(self.0.empty(OPERATION, ErrorKind::NotFound, id));
        };
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let members: Result<Vec<DatastoreMember>, Error> = found
            .members()
            .iter()
            .map(|member| {
                let region = member.replication_group_region().unwrap_or_default();
                Ok(DatastoreMember {
                    group: text(member.replication_group_id()),
                    region: self.0.region(OPERATION, region)?,
                    primary: member
                        .role()
                        .is_some_and(|role| role.eq_ignore_ascii_case("primary")),
                    status: text(member.status()),
                })
            })
            .collect();
        Ok(GlobalDatastore {
            id: text(found.global_replication_group_id()),
            status: text(found.status()),
            members: members?,
        })
    }

    async fn failover(&self, id: &str, region: &Region, group: &str) -> Result<(), Error> {
        let request = self
            .0
            .client()
            .await
            .failover_global_replication_group()
            .global_replication_group_id(id)
            .primary_region(region.as_str())
            .primary_replication_group_id(group);
        let once = Config::builder().retry_config(no_retries());
        let answer = request.customize().config_override(once).send().await;
        answer.map_err(|e| error(&self.0.call("FailoverGlobalReplicationGroup"), &e))?;
        Ok(())
    }
}
