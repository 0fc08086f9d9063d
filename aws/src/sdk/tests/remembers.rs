//! An HTTP client that remembers where requests go and how they are signed, and sends none.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;

use super::{Access, SdkAws, Settings, credentials};

/// What would have been sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Remembers(Arc<Mutex<Vec<String>>>);

impl Remembers {
    /// URL and signature of each request.
    pub(super) fn seen(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl HttpConnector for Remembers {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let signature = request.headers().get("authorization").unwrap_or_default();
        let seen = format!("{} {signature}", request.uri());
        self.0.lock().unwrap().push(seen);
        HttpConnectorFuture::ready(Err(ConnectorError::user("nothing is sent".into())))
    }
}

/// AWS by its own endpoints, without ever calling it.
pub(super) fn remembering(settings: Settings) -> (SdkAws, Remembers) {
    let remembers = Remembers::default();
    let connector = SharedHttpConnector::new(remembers.clone());
    let http = http_client_fn(move |_, _| connector.clone());
    let access = Access::new(settings)
        .with_http(http)
        .with_credentials(credentials());
    (SdkAws::through(access), remembers)
}
