//! What an S3 bucket says about itself, in three questions.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{
    BucketVersioningStatus, DefaultRetention, DeleteMarkerReplicationStatus,
    ReplicationRule as SdkRule, ReplicationRuleStatus,
};

use crate::Error;
use crate::objects::{BucketFacts, ReplicationRule};
use crate::sdk::errors::error;
use crate::sdk::regional::Regional;

pub(super) async fn facts(s3: &Regional<Client>, bucket: &str) -> Result<BucketFacts, Error> {
    Ok(BucketFacts {
        versioned: versioned(s3, bucket).await?,
        rules: rules(s3, bucket).await?,
        lock_days: lock_days(s3, bucket).await?,
    })
}

async fn versioned(s3: &Regional<Client>, bucket: &str) -> Result<bool, Error> {
    let request = s3.client().await.get_bucket_versioning().bucket(bucket);
    let answer = request.send().await;
    let answer = answer.map_err(|e| error(&s3.call("GetBucketVersioning"), &e))?;
    Ok(answer.status() == Some(&BucketVersioningStatus::Enabled))
}

/// The answer, or `None` where the error says that nothing is configured.
fn unless<T>(answer: Result<T, Error>, not_configured: &str) -> Result<Option<T>, Error> {
    match answer {
        Err(e) if e.code.as_deref() == Some(not_configured) => Ok(None),
        other => other.map(Some),
    }
}

async fn rules(s3: &Regional<Client>, bucket: &str) -> Result<Vec<ReplicationRule>, Error> {
    let request = s3.client().await.get_bucket_replication().bucket(bucket);
    let answer = request.send().await;
    let answer = answer.map_err(|e| error(&s3.call("GetBucketReplication"), &e));
    let answer = unless(answer, "ReplicationConfigurationNotFoundError")?;
    let configuration = answer.and_then(|a| a.replication_configuration);
    Ok(configuration.map_or_else(Vec::new, |c| c.rules().iter().map(rule).collect()))
}

/// A filter by tag alone leaves the prefix empty: which keys it covers is unknown, so it is told as covering all.
fn rule(rule: &SdkRule) -> ReplicationRule {
    let filtered = rule.filter().and_then(|filter| {
        let both = filter.and().and_then(|and| and.prefix());
        filter.prefix().or(both)
    });
    #[expect(deprecated, reason = "rules of the first version still have it")]
    let plain = rule.prefix();
    let markers = rule.delete_marker_replication().and_then(|m| m.status());
    ReplicationRule {
        id: rule.id().unwrap_or_default().to_owned(),
        enabled: *rule.status() == ReplicationRuleStatus::Enabled,
        prefix: filtered.or(plain).unwrap_or_default().to_owned(),
        destination: rule
            .destination()
            .map(|destination| destination.bucket().to_owned())
            .unwrap_or_default(),
        delete_markers: markers == Some(&DeleteMarkerReplicationStatus::Enabled),
    }
}

async fn lock_days(s3: &Regional<Client>, bucket: &str) -> Result<Option<u32>, Error> {
    let request = s3.client().await.get_object_lock_configuration();
    let answer = request.bucket(bucket).send().await;
    let answer = answer.map_err(|e| error(&s3.call("GetObjectLockConfiguration"), &e));
    let answer = unless(answer, "ObjectLockConfigurationNotFoundError")?;
    let rule = answer.and_then(|a| a.object_lock_configuration?.rule?.default_retention);
    Ok(rule.as_ref().and_then(days))
}

/// Days, or years of 365 days.
fn days(retention: &DefaultRetention) -> Option<u32> {
    let years = || retention.years().map(|years| years.saturating_mul(365));
    let days = retention.days().or_else(years)?;
    u32::try_from(days).ok()
}
