//! Route 53 records through the SDK. Its control plane is in us-east-1, so that is the region of this client and of its
//! errors, whatever region asks.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_route53::error::BuildError;
use aws_sdk_route53::types::{
    AliasTarget, Change, ChangeAction, ChangeBatch, ChangeStatus, ResourceRecord,
    ResourceRecordSet, ResourceRecordSetFailover, RrType,
};
use aws_sdk_route53::{Client, Config};

use crate::route53::{RecordSet, Records, Routing};
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkRecords(Regional<Client>);

/// The region of the control plane (AWS Fault Isolation Boundaries, "Global services").
pub(in crate::sdk) const CONTROL_PLANE: &str = "us-east-1";

/// Pages that are read at most: sets of one name and type are few.
const PAGES: usize = 100;

impl SdkRecords {
    pub(super) fn new(access: &Arc<Access>, control_plane: &Region) -> Self {
        SdkRecords(Regional::new(
            access,
            control_plane,
            "route53",
            |config, endpoint| {
                let mut builder = aws_sdk_route53::config::Builder::from(config);
                if let Some(endpoint) = endpoint {
                    builder = builder.endpoint_url(endpoint);
                }
                Client::from_conf(builder.build())
            },
        ))
    }

    /// One of our sets as a change.
    fn change(&self, set: &RecordSet) -> Result<Change, Error> {
        let call = self.0.call("ChangeResourceRecordSets");
        let built = |e: BuildError| call.failed(ErrorKind::Other, format!("{}: {e}", set.name));
        let mut builder = ResourceRecordSet::builder()
            .name(&set.name)
            .r#type(RrType::from(set.kind.as_str()))
            .set_ttl(set.ttl.map(i64::from))
            .set_health_check_id(set.health_check.clone());
        if !set.set_identifier.is_empty() {
            builder = builder.set_identifier(&set.set_identifier);
        }
        builder = match &set.routing {
            Routing::Simple => builder,
            Routing::Failover(role) => {
                builder.failover(ResourceRecordSetFailover::from(role.as_str()))
            }
            Routing::Weighted(weight) => builder.weight(i64::from(*weight)),
            Routing::Other(policy) => {
                let message = format!(
                    "{} is routed by {policy}, which would be lost by writing it; nothing was sent",
                    set.name
                );
                return Err(call.failed(ErrorKind::Other, message));
            }
        };
        for value in &set.values {
            let record = ResourceRecord::builder().value(value).build();
            builder = builder.resource_records(record.map_err(built)?);
        }
        if let Some((zone, name, evaluate)) = &set.alias {
            let alias = AliasTarget::builder()
                .hosted_zone_id(zone)
                .dns_name(name)
                .evaluate_target_health(*evaluate);
            builder = builder.alias_target(alias.build().map_err(built)?);
        }
        let change = Change::builder()
            .action(ChangeAction::Upsert)
            .resource_record_set(builder.build().map_err(built)?);
        change.build().map_err(built)
    }

    fn set(&self, set: &ResourceRecordSet) -> Result<RecordSet, Error> {
        const OPERATION: &str = "ListResourceRecordSets";
        let values = set.resource_records().iter();
        let ttl = set.ttl().map(|ttl| self.0.number(OPERATION, ttl));
        Ok(RecordSet {
            name: set.name().to_owned(),
            kind: set.r#type().as_str().to_owned(),
            set_identifier: set.set_identifier().unwrap_or_default().to_owned(),
            routing: match set.weight() {
                Some(weight) => Routing::Weighted(self.0.number(OPERATION, weight)?),
                None => routing(set),
            },
            ttl: ttl.transpose()?,
            values: values.map(|record| record.value().to_owned()).collect(),
            alias: set.alias_target().map(|alias| {
                (
                    alias.hosted_zone_id().to_owned(),
                    alias.dns_name().to_owned(),
                    alias.evaluate_target_health(),
                )
            }),
            health_check: set.health_check_id().map(str::to_owned),
        })
    }
}

/// Every policy but the weighted one.
fn routing(set: &ResourceRecordSet) -> Routing {
    if let Some(role) = set.failover() {
        return Routing::Failover(role.as_str().to_owned());
    }
    let others = [
        ("latency", set.region().is_some()),
        ("geolocation", set.geo_location().is_some()),
        ("geoproximity", set.geo_proximity_location().is_some()),
        ("multivalue", set.multi_value_answer() == Some(true)),
        ("ip-based", set.cidr_routing_config().is_some()),
        ("traffic-policy", set.traffic_policy_instance_id().is_some()),
        ("unknown", set.set_identifier().is_some()),
    ];
    let other = others.iter().find(|(_, is)| *is);
    other.map_or(Routing::Simple, |(name, _)| {
        Routing::Other((*name).to_owned())
    })
}

/// A name as Route 53 gives it back: lower case, a dot at the end, `*` escaped (Amazon Route 53 Developer Guide, "DNS
/// domain name format").
fn canonical(name: &str) -> String {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    format!("{}.", name.replace('*', "\\052"))
}

#[async_trait]
impl Records for SdkRecords {
    async fn list(&self, zone: &str, name: &str, kind: &str) -> Result<Vec<RecordSet>, Error> {
        const OPERATION: &str = "ListResourceRecordSets";
        let wanted = canonical(name);
        let mut from = (Some(name.to_owned()), Some(RrType::from(kind)), None);
        let mut all = Vec::new();
        // Sets come in the order of names and types, beginning with the one asked for.
        for _ in 0..PAGES {
            let (name, kind_from, identifier) = from;
            let request = self
                .0
                .client()
                .await
                .list_resource_record_sets()
                .hosted_zone_id(zone)
                .set_start_record_name(name)
                .set_start_record_type(kind_from)
                .set_start_record_identifier(identifier);
            let answer = request.send().await;
            let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
            for set in answer.resource_record_sets() {
                if canonical(set.name()) != wanted || set.r#type().as_str() != kind {
                    return Ok(all);
                }
                all.push(self.set(set)?);
            }
            if !answer.is_truncated() {
                return Ok(all);
            }
            from = (
                answer.next_record_name().map(str::to_owned),
                answer.next_record_type().cloned(),
                answer.next_record_identifier().map(str::to_owned),
            );
        }
        Err(self.0.unreadable(OPERATION, "more pages than are read"))
    }

    async fn upsert(&self, zone: &str, sets: &[RecordSet]) -> Result<String, Error> {
        const OPERATION: &str = "ChangeResourceRecordSets";
        let changes: Result<Vec<Change>, Error> = sets.iter().map(|set| self.change(set)).collect();
        let batch = ChangeBatch::builder().set_changes(Some(changes?)).build();
        let call = self.0.call(OPERATION);
        let batch = batch.map_err(|e| call.failed(ErrorKind::Other, e.to_string()))?;
        let request = self
            .0
            .client()
            .await
            .change_resource_record_sets()
            .hosted_zone_id(zone)
            .change_batch(batch);
        let once = Config::builder().retry_config(no_retries());
        let answer = request.customize().config_override(once).send().await;
        let answer = answer.map_err(|e| error(&call, &e))?;
        // The change was accepted; only its id is missing.
        let id = answer.change_info().map(|info| info.id().to_owned());
        id.ok_or_else(|| {
            self.0
                .empty(OPERATION, ErrorKind::Unavailable, "the change's id")
        })
    }

    async fn in_sync(&self, change: &str) -> Result<bool, Error> {
        const OPERATION: &str = "GetChange";
        let answer = self.0.client().await.get_change().id(change).send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let status = answer.change_info().map(|info| info.status().clone());
        Ok(status == Some(ChangeStatus::Insync))
    }
}
