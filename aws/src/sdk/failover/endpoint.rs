//! Endpoints that the environment or the profile names.

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

/// The endpoint that the SDK would find by itself for a service, other than AWS's own.
pub(super) fn of_environment(config: &SdkConfig, service_id: &str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service_id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build();
    let special = key
        .ok()
        .and_then(|key| config.service_config()?.load_config(key));
    special.or_else(|| config.endpoint_url().map(str::to_owned))
}
