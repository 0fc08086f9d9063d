//! The SDK against a server of ours: what each failure becomes, what is retried, and what is never sent twice.

mod breaker;
mod calls;
mod cbor;
mod failover;
mod lag;
mod remembers;
mod secrets;
pub(in crate::sdk) mod server;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::access::Access;
use super::{SdkAws, Settings};
use crate::Region;
use remembers::remembering;
use server::{Answer, Server};

const KEY: &str = "AKIDOFTHETEST";
const SECRET: &str = "the-secret-of-the-test";
const TOKEN: &str = "the-token-of-the-test";

fn region() -> Region {
    Region::new("us-west-2").unwrap()
}

/// Short waits, everything by this endpoint.
fn settings(endpoint: &str) -> Settings {
    let services = [
        "application-autoscaling",
        "autoscaling",
        "cloudwatch",
        "dynamodb",
        "ecs",
        "elasticache",
        "iam",
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
    Settings {
        endpoints: services.map(|s| (s.to_owned(), endpoint.to_owned())).into(),
        initial_backoff: Duration::from_millis(5),
        connect_timeout: Duration::from_millis(500),
        attempt_timeout: Duration::from_millis(600),
        operation_timeout: Duration::from_secs(5),
        ..Settings::default()
    }
}

fn credentials() -> SharedCredentialsProvider {
    let keys = Credentials::new(KEY, SECRET, Some(TOKEN.to_owned()), None, "test");
    SharedCredentialsProvider::new(keys)
}

fn with(settings: Settings) -> SdkAws {
    SdkAws::through(Access::new(settings).with_credentials(credentials()))
}

async fn aws(answers: Vec<Answer>) -> (SdkAws, Server) {
    let server = Server::answering(answers).await;
    (with(settings(&server.url)), server)
}

fn xml(status: u16, body: impl Into<String>) -> Answer {
    Answer::Http(status, "text/xml", body.into())
}

/// An error as RDS and STS write it.
fn refused(status: u16, code: &str, message: &str) -> Answer {
    xml(
        status,
        format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>from-the-body</RequestId></ErrorResponse>"
        ),
    )
}
