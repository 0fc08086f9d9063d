//! Health questions over the HTTP client that the SDK uses too.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use crate::sdk::errors::{innermost, unsent_or_unanswered};
use crate::sdk::http;
use crate::web::{Web, WebAnswer};
use crate::{Error, ErrorKind};

/// How much of a body is kept.
const BODY: usize = 64 << 10;

/// Connectors by scheme, made at the first question; the trust store is read for HTTPS only.
#[derive(Default)]
pub(in crate::sdk) struct SdkWeb {
    plain: OnceLock<SharedHttpConnector>,
    secure: OnceLock<SharedHttpConnector>,
}

impl SdkWeb {
    fn connector(&self, url: &str) -> Result<&SharedHttpConnector, Error> {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            Some("http") => Ok(self.plain.get_or_init(http::plain_connector)),
            Some("https") => Ok(self.secure.get_or_init(http::secure_connector)),
            _ => {
                let message = "it is no URL of http:// or https://";
                Err(failed(url, ErrorKind::Other, message.to_owned()))
            }
        }
    }

    async fn ask(&self, url: &str) -> Result<(u16, String), Error> {
        let connector = self.connector(url)?;
        let mut request = HttpRequest::new(SdkBody::empty());
        let set = request.set_uri(url.to_owned());
        set.map_err(|e| failed(url, ErrorKind::Other, innermost(&e)))?;
        let agent = concat!("terraform-provider-dr/", env!("CARGO_PKG_VERSION"));
        request.headers_mut().insert("user-agent", agent);
        let answer = connector.call(request).await;
        let answer = answer.map_err(|e| unanswered(url, &e))?;
        let status = answer.status().as_u16();
        let body = read(ByteStream::new(answer.into_body())).await;
        let body = body.map_err(|e| failed(url, ErrorKind::Unavailable, e))?;
        Ok((status, body))
    }
}

fn unanswered(url: &str, error: &ConnectorError) -> Error {
    failed(url, unsent_or_unanswered(error), innermost(error))
}

/// In place of a region stands the host; a URL may carry a password.
fn failed(url: &str, kind: ErrorKind, message: String) -> Error {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    Error {
        kind,
        service: "web".to_owned(),
        operation: "GET".to_owned(),
        region: host.to_owned(),
        code: None,
        message,
        request_id: None,
    }
}

/// The beginning of a body; the rest is not waited for.
async fn read(mut stream: ByteStream) -> Result<String, String> {
    let mut body = Vec::new();
    while body.len() < BODY {
        match stream.next().await {
            None => break,
            Some(part) => body.extend_from_slice(&part.map_err(|e| e.to_string())?),
        }
    }
    body.truncate(BODY);
    Ok(String::from_utf8_lossy(&body).into_owned())
}

#[async_trait]
impl Web for SdkWeb {
    async fn get(&self, url: &str, timeout: Duration) -> Result<WebAnswer, Error> {
        let began = Instant::now();
        let Ok(answer) = tokio::time::timeout(timeout, self.ask(url)).await else {
            let message = format!("no whole answer within {timeout:?}");
            return Err(failed(url, ErrorKind::Timeout, message));
        };
        let (status, body) = answer?;
        Ok(WebAnswer {
            status,
            body,
            elapsed: began.elapsed(),
        })
    }
}
