//! RDS through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_config::retry::RetryConfig;
use aws_sdk_rds::Client;
use aws_sdk_rds::types::DbInstance as SdkInstance;
use tokio::sync::OnceCell;

use super::access::Access;
use super::errors::{Call, error};
use crate::rds::{
    DbInstance, DbStatus, InstanceId, ModifyDbInstance, PendingModifications, PromoteReadReplica,
    RdsInstances, ReplicationStatus, SourceRef,
};
use crate::{Error, ErrorKind, Region};

pub(super) struct SdkRds {
    access: Arc<Access>,
    region: Region,
    client: OnceCell<Client>,
}

impl SdkRds {
    pub(super) fn new(access: Arc<Access>, region: Region) -> Self {
        SdkRds {
            access,
            region,
            client: OnceCell::new(),
        }
    }

    async fn client(&self) -> &Client {
        self.client
            .get_or_init(|| async {
                let config = self.access.config(&self.region).await;
                let mut builder = aws_sdk_rds::config::Builder::from(&config);
                // Set here and not in the shared configuration, where the environment would win.
                if let Some(endpoint) = self.access.settings.endpoint("rds", &self.region) {
                    builder = builder.endpoint_url(endpoint);
                }
                Client::from_conf(builder.build())
            })
            .await
    }

    fn call(&self, operation: &'static str) -> Call<'_> {
        Call {
            service: "rds",
            operation,
            region: &self.region,
        }
    }

    fn empty(&self, operation: &'static str, id: &InstanceId, kind: ErrorKind) -> Error {
        Error {
            kind,
            service: "rds".to_owned(),
            operation: operation.to_owned(),
            region: self.region.to_string(),
            code: None,
            message: format!("the answer does not contain {id}"),
            request_id: None,
        }
    }
}

/// Changes are never retried by the client: the first attempt may have taken effect.
fn once() -> aws_sdk_rds::config::Builder {
    aws_sdk_rds::Config::builder().retry_config(RetryConfig::disabled())
}

#[async_trait]
impl RdsInstances for SdkRds {
    async fn describe(&self, id: &InstanceId) -> Result<DbInstance, Error> {
        const OPERATION: &str = "DescribeDBInstances";
        let request = self
            .client()
            .await
            .describe_db_instances()
            .db_instance_identifier(id.as_str());
        let answer = request
            .send()
            .await
            .map_err(|e| error(&self.call(OPERATION), &e))?;
        let found = answer.db_instances().first();
        found
            .map(instance)
            .ok_or_else(|| self.empty(OPERATION, id, ErrorKind::NotFound))
    }

    async fn promote_read_replica(
        &self,
        request: &PromoteReadReplica,
    ) -> Result<DbInstance, Error> {
        const OPERATION: &str = "PromoteReadReplica";
        let call = self
            .client()
            .await
            .promote_read_replica()
            .db_instance_identifier(request.id.as_str())
            .set_backup_retention_period(request.backup_retention_days.map(i32::from))
            .set_preferred_backup_window(request.backup_window.clone());
        let answer = call.customize().config_override(once()).send().await;
        let answer = answer.map_err(|e| error(&self.call(OPERATION), &e))?;
        let found = answer.db_instance().map(instance);
        // The call was accepted; only its picture of the instance is missing.
        found.ok_or_else(|| self.empty(OPERATION, &request.id, ErrorKind::Unavailable))
    }

    async fn modify(&self, request: &ModifyDbInstance) -> Result<DbInstance, Error> {
        const OPERATION: &str = "ModifyDBInstance";
        let call = self
            .client()
            .await
            .modify_db_instance()
            .db_instance_identifier(request.id.as_str())
            .apply_immediately(true)
            .set_backup_retention_period(request.backup_retention_days.map(i32::from))
            .set_preferred_backup_window(request.backup_window.clone())
            .set_multi_az(request.multi_az)
            .set_deletion_protection(request.deletion_protection)
            .set_db_instance_class(request.instance_class.clone());
        let answer = call.customize().config_override(once()).send().await;
        let answer = answer.map_err(|e| error(&self.call(OPERATION), &e))?;
        let found = answer.db_instance().map(instance);
        found.ok_or_else(|| self.empty(OPERATION, &request.id, ErrorKind::Unavailable))
    }
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
