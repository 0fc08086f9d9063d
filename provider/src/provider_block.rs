//! The provider block: schema, checks, and the client made of it. Nothing is called while configuring, unless asked for.

mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws::Region;
use aws::sdk::SdkAws;
use terraform_framework::cty::Path;
use terraform_framework::validate::{between, duration, each, fine_duration, text};
use terraform_framework::{Diagnostics, Model, Nested, Set, Value};

use crate::client::Client;

/// Disaster recovery for AWS estates: roles of databases across regions, their promotion, and what is known of their
/// replication.
///
/// Credentials come from the standard AWS chain (environment, profile, SSO, container or instance role); none is ever
/// part of a configuration, a state or a message.
#[derive(Model, Clone, Debug)]
pub struct ProviderBlock {
    /// Region of resources that name none. Default: `AWS_REGION`, then `AWS_DEFAULT_REGION`. Prefer the secondary
    /// region: recovery must not depend on what failed.
    #[attr(optional, validate = region())]
    pub region: Value<String>,
    /// What is special about single regions, by region name.
    #[attr(optional)]
    pub regions: Value<BTreeMap<String, Value<Nested<RegionBlock>>>>,
    /// Profile of the shared AWS configuration files. Default: `AWS_PROFILE`.
    #[attr(optional)]
    pub profile: Value<String>,
    /// Role to assume for calls in every region.
    #[attr(optional)]
    pub assume_role: Value<Nested<RoleBlock>>,
    /// Accounts that may be touched. With any other caller every read and change is an error. Default: any.
    #[attr(optional, validate = each(account()))]
    pub allowed_account_ids: Value<Set<Value<String>>>,
    /// Endpoints by service (`rds`, `s3`, `sts` and so on, as the AWS CLI names them), for private endpoints and
    /// emulators. `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` work too.
    #[attr(optional)]
    pub endpoints: Value<BTreeMap<String, Value<String>>>,
    /// How often a failed read is tried again. Changes are never repeated blindly. Default: 2.
    #[attr(optional, validate = between(0, 10))]
    pub max_retries: Value<i64>,
    /// Regions that are lost: nothing calls them. Reads of what lives there keep the recorded state, with one warning.
    /// `DR_LOST_REGIONS` (comma-separated) adds to them, so that no code has to change on the worst day.
    #[attr(optional, validate = each(region()))]
    pub lost_regions: Value<Set<Value<String>>>,
    /// How often the lock of a running failover plan is renewed, such as `10s`; whoever runs it and is silent three
    /// times is taken over. Default: `10s`.
    #[attr(optional, validate = duration())]
    pub heartbeat: Value<String>,
    /// The first pause between two looks of a step that waits, such as `2s` or `300ms`, at least `50ms`; it grows to 15
    /// seconds. Default: `2s`.
    #[attr(optional, validate = fine_duration())]
    pub poll: Value<String>,
    /// Whether to ask STS once, while configuring, who is calling. Default: false, credentials are used when they are
    /// first needed.
    #[attr(optional)]
    pub validate_credentials: Value<bool>,
}

/// What is special about one region.
#[derive(Model, Clone, Debug)]
pub struct RegionBlock {
    /// Endpoint of all services in this region.
    #[attr(optional)]
    pub endpoint: Value<String>,
    /// Role to assume for calls in this region, instead of the general one.
    #[attr(optional)]
    pub assume_role: Value<Nested<RoleBlock>>,
}

/// A role to assume with the credentials of the standard chain, by the regional endpoint of STS.
#[derive(Model, Clone, Debug)]
pub struct RoleBlock {
    /// ARN of the role.
    #[attr(required, validate = text("role ARN", role_arn))]
    pub role_arn: Value<String>,
    /// External id that the role's owner asks for.
    #[attr(optional)]
    pub external_id: Value<String>,
    /// Name of the session, as it stands in audit logs. Default: `terraform-provider-dr`.
    #[attr(optional)]
    pub session_name: Value<String>,
    /// How long the session lasts, such as `1h`. Default: what the role allows.
    #[attr(optional, validate = duration())]
    pub duration: Value<String>,
}

/// The check of a region's name.
pub(crate) fn region() -> impl terraform_framework::validate::Validator {
    text("region", |seen| {
        Region::new(seen).map(|_| ()).map_err(|e| e.to_string())
    })
}

fn account() -> impl terraform_framework::validate::Validator {
    text("account", |seen| {
        let fits = seen.len() == 12 && seen.bytes().all(|b| b.is_ascii_digit());
        if fits {
            Ok(())
        } else {
            Err(format!(
                "{seen:?} is not an account; expected twelve digits such as 123456789012"
            ))
        }
    })
}

fn role_arn(seen: &str) -> Result<(), String> {
    if seen.starts_with("arn:") && seen.contains(":iam::") && seen.contains(":role/") {
        Ok(())
    } else {
        Err(format!(
            "{seen:?} is not the ARN of a role; expected one such as arn:aws:iam::123456789012:role/recovery"
        ))
    }
}

/// Checks what the schema cannot say: names that are keys.
pub(crate) fn validate(config: &ProviderBlock, diags: &mut Diagnostics) {
    let at = |attribute: &str, key: &str| Path::root().attribute(attribute).key(key);
    for name in config.regions.known().into_iter().flat_map(BTreeMap::keys) {
        if let Err(error) = Region::new(name.as_str()) {
            diags.error_at(
                at("regions", name),
                format!("Invalid region {name}"),
                error.to_string(),
            );
        }
    }
    for name in config
        .endpoints
        .known()
        .into_iter()
        .flat_map(BTreeMap::keys)
    {
        if !settings::SERVICES.contains(&name.as_str()) {
            let detail = format!(
                "{name:?} is not a service that this provider calls; expected one of {}",
                settings::SERVICES.join(", ")
            );
            diags.error_at(
                at("endpoints", name),
                format!("Unknown service {name}"),
                detail,
            );
        }
    }
}

/// Makes the client. Parts that are not known yet are not an error: AWS is asked at apply.
pub(crate) async fn configure(
    config: &ProviderBlock,
    environment: impl Fn(&str) -> Option<String>,
    diags: &mut Diagnostics,
) -> Option<Client> {
    let default_region = settings::default_region(config, &environment, diags);
    let lost_regions = settings::lost_regions(config, &environment, diags);
    let sdk = settings::sdk(config, lost_regions.clone(), diags);
    if diags.has_errors() {
        return None;
    }
    let mut client = Client::new(Arc::new(SdkAws::new(sdk.clone())), crate::system_clock());
    client.tempo = settings::tempo(config, &sdk);
    client.enter = Box::new(move |accounts| {
        let mut entered = sdk.clone();
        for (region, account) in accounts {
            let id = account.external_id.as_deref();
            entered.enter(region, &account.role_arn, id, settings::SESSION);
        }
        Arc::new(SdkAws::new(entered))
    });
    client.allowed_account_ids = settings::known_texts(&config.allowed_account_ids);
    client.not_yet = settings::not_yet(config);
    client.default_region = default_region;
    client.region_not_yet = config.region.is_unknown();
    client.lost_regions = lost_regions;
    if config.validate_credentials.known() == Some(&true) && client.not_yet.is_none() {
        check_caller(&client, diags).await;
    }
    Some(client)
}

async fn check_caller(client: &Client, diags: &mut Diagnostics) {
    let Some(region) = client
        .default_region
        .clone()
        .filter(|region| !client.is_lost(region))
    else {
        return;
    };
    let asked = match client.aws.identity(&region) {
        Ok(identity) => identity.caller().await,
        Err(error) => Err(error),
    };
    if let Err(error) = asked {
        diags.error_at(
            Path::root().attribute("validate_credentials"),
            "The AWS credentials do not work",
            format!("Seen: {error}.\nExpected: an answer of STS in {region} that says who is calling.\nNext: check the profile, the environment or the role of this machine, for example with `aws sts get-caller-identity --region {region}`."),
        );
    }
}
