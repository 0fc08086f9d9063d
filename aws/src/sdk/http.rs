//! The HTTP client: rustls on *ring* for HTTPS, and none of that for the plain endpoints of an emulator.

use std::time::Duration;

use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::watch::Watch;

/// How long a connection may stay unused before it is closed; shorter than AWS's own limits, so that a call seldom
/// meets a connection that is just being closed.
pub(super) const IDLE: Duration = Duration::from_secs(15);

/// A connector of its own for plain HTTP, outside the SDK.
#[cfg(feature = "sdk-failover")]
pub(super) fn plain_connector() -> SharedHttpConnector {
    let builder = aws_smithy_http_client::Connector::builder().pool_idle_timeout(IDLE);
    SharedHttpConnector::new(builder.build_http())
}

/// The same for HTTPS.
#[cfg(feature = "sdk-failover")]
pub(super) fn secure_connector() -> SharedHttpConnector {
    let builder = aws_smithy_http_client::Connector::builder().pool_idle_timeout(IDLE);
    SharedHttpConnector::new(builder.tls_provider(ring()).build())
}

fn ring() -> tls::Provider {
    tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)
}

/// One client for all regions and services. A call that is silent for `patience` went unanswered, even where whoever made
/// it stopped waiting.
pub(super) fn client(patience: Duration) -> SharedHttpClient {
    SharedHttpClient::new(ByScheme {
        plain: Builder::new().pool_idle_timeout(IDLE).build_http(),
        secure: Builder::new()
            .pool_idle_timeout(IDLE)
            .tls_provider(ring())
            .build_https(),
        watch: Watch::new(patience),
    })
}

/// Chooses by the scheme of each request, so the trust store, which takes up to 100 ms to load, is read for HTTPS only.
#[derive(Clone, Debug)]
struct ByScheme {
    plain: SharedHttpClient,
    secure: SharedHttpClient,
    watch: Watch,
}

impl HttpClient for ByScheme {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            clients: self.clone(),
            settings: settings.clone(),
            components: components.clone(),
        })
    }
}

#[derive(Debug)]
struct Connector {
    clients: ByScheme,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut watched = match self.clients.watch.begin(&request) {
            Ok(watched) => watched,
            Err(held_back) => return HttpConnectorFuture::ready(Err(held_back)),
        };
        let plain = request.uri().starts_with("http://");
        let client = if plain {
            &self.clients.plain
        } else {
            &self.clients.secure
        };
        // The client keeps its connectors by these settings.
        let connector = client.http_connector(&self.settings, &self.components);
        let call = connector.call(request);
        HttpConnectorFuture::new(async move {
            let answer = call.await;
            watched.ended(answer.as_ref().err());
            answer
        })
    }
}
