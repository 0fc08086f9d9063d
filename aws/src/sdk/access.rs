//! Configuration of the SDK by region, made at the first call and kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::OnceCell;

use super::settings::Settings;
use crate::Region;

type Cell = Arc<OnceCell<SdkConfig>>;

/// Settings, and what was made of them so far.
pub(super) struct Access {
    pub(super) settings: Settings,
    http: std::sync::OnceLock<SharedHttpClient>,
    configs: Mutex<HashMap<Region, Cell>>,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Access {
    pub(super) fn new(settings: Settings) -> Self {
        Access {
            settings,
            http: std::sync::OnceLock::new(),
            configs: Mutex::default(),
        }
    }

    /// The SDK's configuration for a region.
    pub(super) async fn config(&self, region: &Region) -> SdkConfig {
        let cell = {
            let mut configs = self.configs.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(configs.entry(region.clone()).or_default())
        };
        cell.get_or_init(|| self.load(region)).await.clone()
    }

    async fn load(&self, region: &Region) -> SdkConfig {
        let settings = &self.settings;
        let retries = RetryConfig::standard()
            .with_max_attempts(settings.max_attempts.max(1))
            .with_initial_backoff(settings.initial_backoff);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(settings.connect_timeout)
            .operation_attempt_timeout(settings.attempt_timeout)
            .operation_timeout(settings.operation_timeout)
            .build();
        let http = self.http.get_or_init(|| http_client(settings)).clone();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(aws_config::Region::new(region.to_string()))
            .http_client(http)
            .retry_config(retries)
            .timeout_config(timeouts);
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(profile);
        }
        let base = loader.load().await;
        match settings.role(region) {
            None => base,
            Some(role) => assumed(base, role, settings.endpoint("sts", region)).await,
        }
    }
}

/// The same configuration with the credentials of a role.
async fn assumed(base: SdkConfig, role: &super::AssumeRole, sts: Option<&str>) -> SdkConfig {
    let mut through = base.clone().into_builder();
    if let Some(endpoint) = sts {
        through = through.endpoint_url(endpoint);
    }
    let mut provider = aws_config::sts::AssumeRoleProvider::builder(&role.role_arn)
        .session_name(&role.session_name)
        .configure(&through.build());
    if let Some(id) = &role.external_id {
        provider = provider.external_id(id);
    }
    if let Some(duration) = role.duration {
        provider = provider.session_length(duration);
    }
    let provider = provider.build().await;
    let credentials = aws_credential_types::provider::SharedCredentialsProvider::new(provider);
    base.into_builder()
        .credentials_provider(credentials)
        .build()
}

/// One client for all regions: rustls on *ring*. Where every endpoint is plain HTTP the trust store is not even read.
fn http_client(settings: &Settings) -> SharedHttpClient {
    let environment = ["AWS_ENDPOINT_URL"]
        .iter()
        .filter_map(|name| std::env::var(name).ok());
    let given = settings.endpoints.values().cloned();
    let special = settings.regions.values().filter_map(|r| r.endpoint.clone());
    let mut endpoints = environment.chain(given).chain(special).peekable();
    let only_plain = endpoints.peek().is_some() && endpoints.all(|url| url.starts_with("http://"));
    let all_covered = std::env::var("AWS_ENDPOINT_URL").is_ok_and(|url| url.starts_with("http://"));
    if only_plain && all_covered {
        return Builder::new().build_http();
    }
    Builder::new()
        .tls_provider(tls::Provider::Rustls(
            tls::rustls_provider::CryptoMode::Ring,
        ))
        .build_https()
}
