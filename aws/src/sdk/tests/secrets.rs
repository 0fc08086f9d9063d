//! Credentials: whose they are, where they come from, and that none is ever shown.

use std::time::Duration;

use super::{
    Access, Answer, KEY, SECRET, SdkAws, Server, Settings, TOKEN, refused, region, remembering,
    settings, with, xml,
};
use crate::sdk::AssumeRole;
use crate::{Aws, ErrorKind};
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

fn identity() -> Answer {
    xml(
        200,
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
    )
}

fn role() -> AssumeRole {
    AssumeRole {
        role_arn: "arn:aws:iam::123456789012:role/recovery".to_owned(),
        external_id: Some("the-external-id".to_owned()),
        session_name: "night".to_owned(),
        duration: Some(Duration::from_mins(15)),
    }
}

fn session() -> Answer {
    xml(
        200,
        "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/recovery/night</Arn><AssumedRoleId>R:night</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIAOFTHEROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
    )
}

#[tokio::test]
async fn every_service_is_asked_by_its_regional_endpoint() {
    let (aws, remembers) = remembering(Settings::default());
    let failed = aws.identity(&region()).unwrap().caller().await;
    assert!(failed.is_err());
    let id = crate::rds::InstanceId::new("x").unwrap();
    assert!(aws.rds(&region()).unwrap().describe(&id).await.is_err());
    let asked = remembers.seen().join(" ");
    assert!(
        asked.contains("https://sts.us-west-2.amazonaws.com/"),
        "{asked}"
    );
    assert!(
        asked.contains("https://rds.us-west-2.amazonaws.com/"),
        "{asked}"
    );
}

#[tokio::test]
async fn a_role_is_assumed_once_for_all_calls_of_a_region() {
    let server = Server::answering(vec![session(), identity()]).await;
    let aws = with(Settings {
        assume_role: Some(role()),
        ..settings(&server.url)
    });
    for _ in 0..3 {
        let caller = aws.identity(&region()).unwrap().caller().await.unwrap();
        assert_eq!(caller.account, "123456789012");
    }
    let requests = server.requests();
    let assumed: Vec<&String> = requests
        .iter()
        .filter(|r| r.contains("Action=AssumeRole"))
        .collect();
    assert_eq!((assumed.len(), requests.len()), (1, 4));
    for part in [
        "ExternalId=the-external-id",
        "RoleSessionName=night",
        "DurationSeconds=900",
        "/us-west-2/sts/",
    ] {
        assert!(assumed[0].contains(part), "{part}");
    }
    assert!(
        requests[1].contains("ASIAOFTHEROLE"),
        "the call is signed by the role"
    );
}

#[tokio::test]
async fn a_role_that_may_not_be_assumed_is_a_matter_of_credentials_and_nothing_was_sent() {
    let words = "User: x is not authorized to perform: sts:AssumeRole on resource: y";
    let server = Server::answering(vec![refused(403, "AccessDenied", words)]).await;
    let aws = with(Settings {
        assume_role: Some(role()),
        ..settings(&server.url)
    });
    let error = aws.identity(&region()).unwrap().caller().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Credentials, "{error}");
    assert!(!error.may_have_taken_effect());
    assert!(error.message.contains("sts:AssumeRole"), "{error}");
    assert_eq!(error.missing_permission(), Some("sts:AssumeRole"));
}

/// A source of credentials that has none, or never answers.
#[derive(Debug)]
struct Source {
    hangs: bool,
}

impl ProvideCredentials for Source {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let hangs = self.hangs;
        future::ProvideCredentials::new(async move {
            if hangs {
                std::future::pending::<()>().await;
            }
            Err(CredentialsError::not_loaded(
                "no providers in chain provided credentials",
            ))
        })
    }
}

#[tokio::test]
async fn without_credentials_a_call_fails_in_bounded_time_and_says_so() {
    let server = Server::answering(vec![identity()]).await;
    for hangs in [false, true] {
        let source = SharedCredentialsProvider::new(Source { hangs });
        let access = Access::new(settings(&server.url)).with_credentials(source);
        let identity = SdkAws::through(access).identity(&region()).unwrap();
        let answer = tokio::time::timeout(Duration::from_secs(10), identity.caller()).await;
        let error = answer.expect("the call is bounded").unwrap_err();
        assert_eq!(
            error.kind,
            ErrorKind::Credentials,
            "hangs: {hangs}: {error}"
        );
        assert!(!error.may_have_taken_effect());
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn no_credential_shows_in_debug_output_or_in_a_message() {
    let words = "The request signature we calculated does not match";
    let server = Server::answering(vec![refused(403, "SignatureDoesNotMatch", words)]).await;
    let aws = with(settings(&server.url));
    let error = aws.identity(&region()).unwrap().caller().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Credentials);
    assert!(server.requests()[0].contains(KEY), "the call was signed");
    let shown = format!("{aws:?} {error:?} {error}");
    for secret in [KEY, SECRET, TOKEN] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
