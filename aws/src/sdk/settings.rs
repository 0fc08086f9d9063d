//! What the SDK is told. No credential is among it: those come from the standard chain.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::Region;

/// A role to assume with the credentials of the standard chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRole {
    /// ARN of the role.
    pub role_arn: String,
    /// The id that the role's owner asks of third parties.
    pub external_id: Option<String>,
    /// Name of the session, as it stands in audit logs.
    pub session_name: String,
    /// How long the session lasts.
    pub duration: Option<Duration>,
}

/// What is special about one region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionSettings {
    /// Endpoint of all services there.
    pub endpoint: Option<String>,
    /// Role for calls there, instead of the general one.
    pub assume_role: Option<AssumeRole>,
}

/// What the SDK is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Profile of the shared configuration files; the environment's otherwise.
    pub profile: Option<String>,
    /// Role for all regions.
    pub assume_role: Option<AssumeRole>,
    /// Endpoints by service name: `rds`, `cloudwatch`, `sts`, and with the feature `sdk-failover` also
    /// `application-autoscaling`, `autoscaling`, `dynamodb`, `ecs`, `elasticache`, `iam`, `lambda`, `route53`, `s3`, `s3control`,
    /// `secretsmanager`, `sns` and `ssm`.
    pub endpoints: BTreeMap<String, String>,
    /// What is special about single regions.
    pub regions: BTreeMap<Region, RegionSettings>,
    /// Regions that nothing calls.
    pub lost_regions: BTreeSet<Region>,
    /// Attempts of a read, the first one included.
    pub max_attempts: u32,
    /// First pause between attempts; later ones double, with jitter.
    pub initial_backoff: Duration,
    /// Bound of a connection attempt.
    pub connect_timeout: Duration,
    /// Bound of one attempt.
    pub attempt_timeout: Duration,
    /// Bound of a call with all its attempts.
    pub operation_timeout: Duration,
    /// Bound of a call of a Lambda function, which waits for the function to end.
    pub invoke_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            profile: None,
            assume_role: None,
            endpoints: BTreeMap::new(),
            regions: BTreeMap::new(),
            lost_regions: BTreeSet::new(),
            max_attempts: 3,
            initial_backoff: Duration::from_secs(1),
            connect_timeout: Duration::from_secs(3),
            attempt_timeout: Duration::from_secs(15),
            operation_timeout: Duration::from_secs(45),
            // A function runs for 15 minutes at most (AWS Lambda Developer Guide, "Lambda quotas").
            invoke_timeout: Duration::from_secs(15 * 60 + 15),
        }
    }
}

impl Settings {
    /// The endpoint of a service in a region, where it is not AWS's own.
    pub fn endpoint(&self, service: &str, region: &Region) -> Option<&str> {
        let special = self.regions.get(region).and_then(|r| r.endpoint.as_deref());
        special.or_else(|| self.endpoints.get(service).map(String::as_str))
    }

    /// The role for a region.
    pub fn role(&self, region: &Region) -> Option<&AssumeRole> {
        let special = self
            .regions
            .get(region)
            .and_then(|r| r.assume_role.as_ref());
        special.or(self.assume_role.as_ref())
    }

    /// Enters a region by this role from now on; its endpoint stays as it is.
    pub fn enter(
        &mut self,
        region: &Region,
        role_arn: &str,
        external_id: Option<&str>,
        session_name: &str,
    ) {
        let special = self.regions.entry(region.clone()).or_default();
        special.assume_role = Some(AssumeRole {
            role_arn: role_arn.to_owned(),
            external_id: external_id.map(str::to_owned),
            session_name: session_name.to_owned(),
            duration: None,
        });
    }
}
