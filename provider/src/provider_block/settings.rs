//! From the provider block to the settings of the SDK.

use std::collections::BTreeSet;
use std::time::Duration;

use aws::Region;
use aws::sdk::{AssumeRole, RegionSettings, Settings};
use recovery::engine::Tempo;
use terraform_framework::cty::Path;
use terraform_framework::{Diagnostics, Nested, Set, Value, duration};

use super::{ProviderBlock, RoleBlock};

/// Services that this provider calls.
pub(super) const SERVICES: [&str; 15] = [
    "application-autoscaling",
    "autoscaling",
    "cloudwatch",
    "dynamodb",
    "ecs",
    "elasticache",
    "lambda",
    "rds",
    "route53",
    "s3",
    "s3control",
    "secretsmanager",
    "sns",
    "ssm",
    "sts",
];
/// How sessions are called in audit logs where nobody says otherwise.
pub(super) const SESSION: &str = "terraform-provider-dr";

/// Looking more often only burdens AWS; `drctl` has the same bound.
const SHORTEST_POLL: Duration = Duration::from_millis(50);

/// How fast executions go about their work.
pub(super) fn tempo(config: &ProviderBlock, sdk: &Settings) -> Tempo {
    let given = |value: &Value<String>, default: Duration| {
        let given = value.text();
        let given = given.and_then(|text| duration::parse_fine(text).ok());
        given.filter(|given| !given.is_zero()).unwrap_or(default)
    };
    let default = Tempo::default();
    Tempo {
        heartbeat: given(&config.heartbeat, default.heartbeat),
        poll: given(&config.poll, default.poll).max(SHORTEST_POLL),
        attempt: sdk.attempt_timeout,
    }
}

/// The known texts of a set.
pub(super) fn known_texts(set: &Value<Set<Value<String>>>) -> BTreeSet<String> {
    set.known()
        .into_iter()
        .flat_map(|set| &set.0)
        .filter_map(|v| v.known().cloned())
        .collect()
}

/// The first part of the block without which AWS cannot be asked, and which is not known yet.
pub(super) fn not_yet(config: &ProviderBlock) -> Option<&'static str> {
    let role = |value: &Value<Nested<RoleBlock>>| {
        value.is_unknown()
            || value
                .known()
                .is_some_and(|r| r.role_arn.is_unknown() || r.external_id.is_unknown())
    };
    let set = |value: &Value<Set<Value<String>>>| {
        value.is_unknown()
            || value
                .known()
                .is_some_and(|set| set.0.iter().any(Value::is_unknown))
    };
    let regions = || {
        config.regions.known().is_some_and(|regions| {
            regions.values().any(|r| {
                r.is_unknown()
                    || r.known()
                        .is_some_and(|r| r.endpoint.is_unknown() || role(&r.assume_role))
            })
        })
    };
    let endpoints = || {
        config
            .endpoints
            .known()
            .is_some_and(|e| e.values().any(Value::is_unknown))
    };
    [
        ("profile", config.profile.is_unknown()),
        ("assume_role", role(&config.assume_role)),
        ("regions", config.regions.is_unknown() || regions()),
        ("endpoints", config.endpoints.is_unknown() || endpoints()),
        ("allowed_account_ids", set(&config.allowed_account_ids)),
        ("lost_regions", set(&config.lost_regions)),
    ]
    .into_iter()
    .find_map(|(name, unknown)| unknown.then_some(name))
}

fn region(text: &str, place: &str, diags: &mut Diagnostics) -> Option<Region> {
    Region::new(text)
        .map_err(|error| diags.error(format!("Invalid region in {place}"), error.to_string()))
        .ok()
}

/// Where resources live that name no region. `None` where nobody says, or it is not known yet.
pub(super) fn default_region(
    config: &ProviderBlock,
    environment: &impl Fn(&str) -> Option<String>,
    diags: &mut Diagnostics,
) -> Option<Region> {
    if config.region.is_unknown() {
        return None;
    }
    if let Some(text) = config.region.text() {
        return region(text, "the provider block", diags);
    }
    let (name, text) = ["AWS_REGION", "AWS_DEFAULT_REGION"]
        .iter()
        .find_map(|name| Some((*name, environment(name).filter(|t| !t.is_empty())?)))?;
    region(&text, name, diags)
}

/// Regions that nothing calls: of the block, and of the environment.
pub(super) fn lost_regions(
    config: &ProviderBlock,
    environment: &impl Fn(&str) -> Option<String>,
    diags: &mut Diagnostics,
) -> BTreeSet<Region> {
    let given = known_texts(&config.lost_regions);
    let from_environment = environment("DR_LOST_REGIONS").unwrap_or_default();
    let words = from_environment
        .split(',')
        .map(str::trim)
        .filter(|w| !w.is_empty());
    let mut lost = BTreeSet::new();
    for text in &given {
        lost.extend(region(text, "lost_regions", diags));
    }
    for text in words {
        lost.extend(region(text, "DR_LOST_REGIONS", diags));
    }
    lost
}

fn role(value: &Value<Nested<RoleBlock>>) -> Option<AssumeRole> {
    let block = value.known()?;
    Some(AssumeRole {
        role_arn: block.role_arn.known()?.clone(),
        external_id: block.external_id.known().cloned(),
        session_name: block.session_name.text().unwrap_or(SESSION).to_owned(),
        duration: block
            .duration
            .text()
            .and_then(|text| duration::parse(text).ok()),
    })
}

/// The settings of the SDK.
pub(super) fn sdk(
    config: &ProviderBlock,
    lost_regions: BTreeSet<Region>,
    diags: &mut Diagnostics,
) -> Settings {
    let mut settings = Settings {
        profile: config.profile.known().cloned(),
        assume_role: role(&config.assume_role),
        lost_regions,
        ..Settings::default()
    };
    if let Some(retries) = config.max_retries.known() {
        settings.max_attempts = u32::try_from(*retries)
            .unwrap_or_default()
            .saturating_add(1);
    }
    for (service, url) in config.endpoints.known().into_iter().flatten() {
        settings
            .endpoints
            .extend(endpoint(url, "endpoints", service, diags).map(|url| (service.clone(), url)));
    }
    for (name, block) in config.regions.known().into_iter().flatten() {
        let (Some(region), Some(block)) = (region(name, "regions", diags), block.known()) else {
            continue;
        };
        let endpoint = endpoint(&block.endpoint, "regions", name, diags);
        settings.regions.insert(
            region,
            RegionSettings {
                endpoint,
                assume_role: role(&block.assume_role),
            },
        );
    }
    // Emulators answer at once, and tests would only wait.
    if settings
        .endpoints
        .values()
        .chain(
            settings
                .regions
                .values()
                .filter_map(|r| r.endpoint.as_ref()),
        )
        .any(|url| url.starts_with("http://127.0.0.1"))
    {
        settings.initial_backoff = Duration::from_millis(100);
    }
    settings
}

fn endpoint(
    url: &Value<String>,
    attribute: &str,
    key: &str,
    diags: &mut Diagnostics,
) -> Option<String> {
    let url = url.text()?;
    if url.starts_with("https://") || url.starts_with("http://") {
        return Some(url.to_owned());
    }
    let path = Path::root().attribute(attribute).key(key);
    diags.error_at(
        path,
        "Invalid endpoint",
        format!("{url:?} is not a URL; expected one such as https://rds.us-west-2.amazonaws.com"),
    );
    None
}
