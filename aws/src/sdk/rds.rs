//! RDS through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_rds::Client;
use aws_sdk_rds::types::{DbInstance as SdkInstance, Tag};

use super::access::Access;
use super::errors::error;
use super::regional::{Regional, no_retries};
use crate::rds::{
    CreateReplica, DbInstance, DbStatus, InstanceId, ModifyDbInstance, PendingModifications,
    PromoteReadReplica, RdsInstances, ReplicationStatus, SourceRef,
};
use crate::{Error, ErrorKind, Region};

pub(super) struct SdkRds(Regional<Client>);

impl SdkRds {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkRds(Regional::new(access, region, "rds", client))
    }
}

/// A client of RDS; Aurora's operations are RDS's too.
pub(super) fn client(config: &SdkConfig, endpoint: Option<&str>) -> Client {
    let mut builder = aws_sdk_rds::config::Builder::from(config);
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint_url(endpoint);
    }
    Client::from_conf(builder.build())
}

/// For changes.
pub(super) fn once() -> aws_sdk_rds::config::Builder {
    aws_sdk_rds::Config::builder().retry_config(no_retries())
}

#[async_trait]
impl RdsInstances for SdkRds {
    async fn describe(&self, id: &InstanceId) -> Result<DbInstance, Error> {
        const OPERATION: &str = "DescribeDBInstances";
        let request = self
            .0
            .client()
            .await
            .describe_db_instances()
            .db_instance_identifier(id.as_str());
        let answer = request
            .send()
            .await
            .map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let found = answer.db_instances().first();
        found
            .map(instance)
            .ok_or_else(|| self.0.empty(OPERATION, ErrorKind::NotFound, id.as_str()))
    }

    async fn promote_read_replica(
        &self,
        request: &PromoteReadReplica,
    ) -> Result<DbInstance, Error> {
        const OPERATION: &str = "PromoteReadReplica";
        let call = self
            .0
            .client()
            .await
            .promote_read_replica()
            .db_instance_identifier(request.id.as_str())
            .set_backup_retention_period(request.backup_retention_days.map(i32::from))
            .set_preferred_backup_window(request.backup_window.clone());
        let answer = call.customize().config_override(once()).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let found = answer.db_instance().map(instance);
        // The call was accepted; only its picture of the instance is missing.
        found.ok_or_else(|| {
            self.0
                .empty(OPERATION, ErrorKind::Unavailable, request.id.as_str())
        })
    }

    async fn modify(&self, request: &ModifyDbInstance) -> Result<DbInstance, Error> {
        const OPERATION: &str = "ModifyDBInstance";
        let call = self
            .0
            .client()
            .await
            .modify_db_instance()
            .db_instance_identifier(request.id.as_str())
            .apply_immediately(true)
            .set_backup_retention_period(request.backup_retention_days.map(i32::from))
            .set_preferred_backup_window(request.backup_window.clone())
            .set_multi_az(request.multi_az)
            .set_deletion_protection(request.deletion_protection)
            .set_db_instance_class(request.instance_class.clone())
            .set_vpc_security_group_ids(request.security_groups.clone())
            .set_new_db_instance_identifier(
                request
                    .new_identifier
                    .as_ref()
                    .map(|id| id.as_str().to_owned()),
            );
        let answer = call.customize().config_override(once()).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let found = answer.db_instance().map(instance);
        found.ok_or_else(|| {
            self.0
                .empty(OPERATION, ErrorKind::Unavailable, request.id.as_str())
        })
    }

    async fn reboot(&self, id: &InstanceId) -> Result<(), Error> {
        let call = self
            .0
            .client()
            .await
            .reboot_db_instance()
            .db_instance_identifier(id.as_str());
        let answer = call.customize().config_override(once()).send().await;
        answer.map_err(|e| error(&self.0.call("RebootDBInstance"), &e))?;
        Ok(())
    }

    async fn stop(&self, id: &InstanceId) -> Result<(), Error> {
        let call = self.0.client().await.stop_db_instance();
        let call = call.db_instance_identifier(id.as_str());
        let answer = call.customize().config_override(once()).send().await;
        answer.map_err(|e| error(&self.0.call("StopDBInstance"), &e))?;
        Ok(())
    }

    async fn create_replica(&self, request: &CreateReplica) -> Result<DbInstance, Error> {
        const OPERATION: &str = "CreateDBInstanceReadReplica";
        self.presigning(request)?;
        let groups = &request.security_groups;
        let call = self
            .0
            .client()
            .await
            .create_db_instance_read_replica()
            .db_instance_identifier(request.id.as_str())
            .source_db_instance_identifier(&request.source)
            .set_db_instance_class(request.instance_class.clone())
            .set_db_subnet_group_name(request.subnet_group.clone())
            .set_vpc_security_group_ids((!groups.is_empty()).then(|| groups.clone()))
            .set_db_parameter_group_name(request.parameter_group.clone())
            .set_kms_key_id(request.kms_key_id.clone())
            .set_tags((!request.tags.is_empty()).then(|| tags(&request.tags)));
        let answer = call.customize().config_override(once()).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let found = answer.db_instance().map(instance);
        found.ok_or_else(|| {
            self.0
                .empty(OPERATION, ErrorKind::Unavailable, request.id.as_str())
        })
    }

    async fn add_tags(&self, arn: &str, given: &[(String, String)]) -> Result<(), Error> {
        let call = self
            .0
            .client()
            .await
            .add_tags_to_resource()
            .resource_name(arn)
            .set_tags(Some(tags(given)));
        let answer = call.customize().config_override(once()).send().await;
        answer.map_err(|e| error(&self.0.call("AddTagsToResource"), &e))?;
        Ok(())
    }
}

impl SdkRds {
    /// An encrypted replica of another region needs a URL signed for the source's region, but in the partitions of
    /// `GovCloud` and China only; elsewhere RDS ignores it (Amazon RDS API Reference, `CreateDBInstanceReadReplica`,
    /// `PreSignedUrl`). The SDK signs none for RDS, so there nothing is sent that RDS would refuse less clearly.
    fn presigning(&self, request: &CreateReplica) -> Result<(), Error> {
        let special = ["us-gov-", "cn-"]
            .iter()
            .any(|prefix| self.0.region.as_str().starts_with(prefix));
        if !special || request.kms_key_id.is_none() || request.source_region == self.0.region {
            return Ok(());
        }
        Err(self.0.call("CreateDBInstanceReadReplica").failed(
            ErrorKind::Other,
            "an encrypted replica of another region needs a pre-signed URL in this partition, which is not supported; nothing was sent, create the replica by another tool",
        ))
    }
}

fn tags(given: &[(String, String)]) -> Vec<Tag> {
    given
        .iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}

fn days(period: Option<i32>) -> Option<u8> {
    period.and_then(|days| u8::try_from(days).ok())
}

fn instance(db: &SdkInstance) -> DbInstance {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let given = |value: Option<&str>| value.filter(|v| !v.is_empty()).map(str::to_owned);
    let replication = db
        .status_infos()
        .iter()
        .find(|info| info.status_type() == Some("read replication"));
    DbInstance {
        identifier: text(db.db_instance_identifier()),
        arn: text(db.db_instance_arn()),
        resource_id: text(db.dbi_resource_id()),
        engine: text(db.engine()),
        engine_version: text(db.engine_version()),
        status: DbStatus::from(db.db_instance_status().unwrap_or("unknown")),
        source: given(db.read_replica_source_db_instance_identifier()).map(SourceRef),
        replicas: db.read_replica_db_instance_identifiers().to_vec(),
        replication: replication.map(|info| ReplicationStatus(text(info.status()))),
        backup_retention_days: days(db.backup_retention_period()).unwrap_or_default(),
        backup_window: given(db.preferred_backup_window()),
        multi_az: db.multi_az().unwrap_or_default(),
        deletion_protection: db.deletion_protection().unwrap_or_default(),
        instance_class: text(db.db_instance_class()),
        kms_key_id: given(db.kms_key_id()),
        endpoint: db.endpoint().and_then(|e| given(e.address())),
        security_groups: db
            .vpc_security_groups()
            .iter()
            .filter_map(|group| group.vpc_security_group_id())
            .map(str::to_owned)
            .collect(),
        pending: db
            .pending_modified_values()
            .map(pending)
            .unwrap_or_default(),
        tags: db
            .tag_list()
            .iter()
            .map(|tag| (text(tag.key()), text(tag.value())))
            .collect(),
    }
}

fn pending(values: &aws_sdk_rds::types::PendingModifiedValues) -> PendingModifications {
    let others = [
        ("AllocatedStorage", values.allocated_storage().is_some()),
        (
            "CACertificateIdentifier",
            values.ca_certificate_identifier().is_some(),
        ),
        (
            "DBInstanceIdentifier",
            values.db_instance_identifier().is_some(),
        ),
        ("DBSubnetGroupName", values.db_subnet_group_name().is_some()),
        ("EngineVersion", values.engine_version().is_some()),
        ("Iops", values.iops().is_some()),
        ("LicenseModel", values.license_model().is_some()),
        (
            "MasterUserPassword",
            values.master_user_password().is_some(),
        ),
        ("Port", values.port().is_some()),
        ("StorageThroughput", values.storage_throughput().is_some()),
        ("StorageType", values.storage_type().is_some()),
    ];
    PendingModifications {
        backup_retention_days: days(values.backup_retention_period()),
        multi_az: values.multi_az(),
        instance_class: values.db_instance_class().map(str::to_owned),
        others: others
            .iter()
            .filter(|(_, is)| *is)
            .map(|(name, _)| (*name).to_owned())
            .collect(),
    }
}
