//! Replication rules of S3 buckets.

use std::collections::BTreeMap;

use aws::Region;
use recovery::replication::bucket::{Rule, rule};
use terraform_framework::cty::{Number, Path};
use terraform_framework::{Diagnostics, Model, Value};

use super::several::{barred, lag};
use crate::client::Client;
use crate::provider_block::region;

/// One replication rule of a bucket.
#[derive(Model, Clone, Debug)]
pub(crate) struct BucketRule {
    /// Region of the bucket that is replicated.
    #[attr(required, validate = region())]
    pub(crate) source_region: Value<String>,
    /// The bucket that is replicated.
    #[attr(required)]
    pub(crate) source_bucket: Value<String>,
    /// Region of the bucket that it is replicated to. Its CloudWatch has the figures.
    #[attr(required, validate = region())]
    pub(crate) destination_region: Value<String>,
    /// The bucket that it is replicated to.
    #[attr(required)]
    pub(crate) destination_bucket: Value<String>,
    /// Id of the rule. Figures exist where the rule has metrics, or Replication Time Control.
    #[attr(required)]
    pub(crate) rule_id: Value<String>,
    /// Whether the source has the rule, and it is enabled; null where the source does not answer.
    #[attr(computed)]
    pub(crate) enabled: Value<bool>,
    /// `replicating`, `unmeasured` (enabled, but without figures), `broken` (no such rule, or not enabled), or `unknown`.
    #[attr(computed)]
    pub(crate) health: Value<String>,
    /// Operations that are pending; null where that is not known.
    #[attr(computed)]
    pub(crate) pending_operations: Value<Number>,
    /// Bytes that are pending; null where that is not known.
    #[attr(computed)]
    pub(crate) pending_bytes: Value<Number>,
    /// Seconds that the slowest operation was behind when it was last measured; null where that is not known.
    #[attr(computed)]
    pub(crate) lag_seconds: Value<Number>,
    /// When the lag was measured, in RFC 3339.
    #[attr(computed)]
    pub(crate) measured_at: Value<String>,
    /// What is not known, and why.
    #[attr(computed)]
    pub(crate) reason: Value<String>,
}

/// Fills in one rule. A region that does not answer is told in it, and is no error.
pub(super) async fn look(
    client: &Client,
    it: &mut BucketRule,
    path: &Path,
    diags: &mut Diagnostics,
) {
    let Some(asked) = named(it) else {
        return;
    };
    let mut closed = BTreeMap::new();
    for region in [&asked.source.0, &asked.destination.0] {
        let Some(why) = barred(client, region, path, diags).await else {
            return;
        };
        closed.extend(why.map(|why| (region.clone(), why)));
    }
    let seen = rule(&*client.aws, &*client.clock, &asked, &closed).await;
    let number = |value: Option<f64>| value.and_then(|it| Number::try_from(it).ok());
    it.enabled = seen.enabled.into();
    it.health = seen.health().name().into();
    it.pending_operations = number(seen.pending).into();
    it.pending_bytes = number(seen.pending_bytes).into();
    (it.lag_seconds, it.measured_at) = lag(seen.lag);
    let unknown = (!seen.unknown.is_empty()).then(|| seen.unknown.join("; "));
    it.reason = unknown.into();
}

fn named(it: &BucketRule) -> Option<Rule> {
    let place = |region: &Value<String>, bucket: &Value<String>| {
        Some((Region::new(region.text()?).ok()?, bucket.text()?.to_owned()))
    };
    Some(Rule {
        source: place(&it.source_region, &it.source_bucket)?,
        destination: place(&it.destination_region, &it.destination_bucket)?,
        id: it.rule_id.text()?.to_owned(),
    })
}
