//! Configuration of the SDK by region, made at the first call and kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::OnceCell;

use super::settings::Settings;
use crate::Region;

/// A call that nobody waits for any longer, and that was silent for so long, went unanswered.
const MOST_PATIENCE: Duration = Duration::from_secs(2);

type Cell = Arc<OnceCell<SdkConfig>>;

/// Settings, and what was made of them so far.
pub(super) struct Access {
    pub(super) settings: Settings,
    http: SharedHttpClient,
    /// Instead of the standard chain.
    credentials: Option<SharedCredentialsProvider>,
    configs: Mutex<HashMap<Region, Cell>>,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Access");
        shown
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Access {
    pub(super) fn new(settings: Settings) -> Self {
        let patience = settings.connect_timeout.min(MOST_PATIENCE);
        Access {
            settings,
            http: super::http::client(patience),
            credentials: None,
            configs: Mutex::default(),
        }
    }

    /// The same with other credentials than those of the machine.
    #[cfg(test)]
    pub(super) fn with_credentials(mut self, credentials: SharedCredentialsProvider) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The same over another HTTP client.
    #[cfg(test)]
    pub(super) fn with_http(mut self, http: SharedHttpClient) -> Self {
        self.http = http;
        self
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
        let identities = IdentityCache::lazy().load_timeout(self.credentials_timeout());
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(aws_config::Region::new(region.to_string()))
            .http_client(self.http.clone())
            .identity_cache(identities.build())
            .retry_config(retries)
            .timeout_config(timeouts);
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(credentials) = &self.credentials {
            loader = loader.credentials_provider(credentials.clone());
        }
        let base = loader.load().await;
        match settings.role(region) {
            None => base,
            Some(role) => assumed(base, role, settings.endpoint("sts", region)).await,
        }
    }

    /// Credentials are resolved within an attempt. Their bound is the shorter one, so that a dead source of credentials
    /// is told as such, and not as a call that may have arrived.
    fn credentials_timeout(&self) -> Duration {
        (self.settings.attempt_timeout * 2 / 3).min(Duration::from_secs(10))
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
    let provider = SharedCredentialsProvider::new(provider.build().await);
    base.into_builder().credentials_provider(provider).build()
}
