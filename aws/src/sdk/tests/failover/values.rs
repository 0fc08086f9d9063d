//! Secrets, parameters and messages: what is read, and what is never shown.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::instrument::WithSubscriber;

use super::{aws, contains, json, refused_in_json, region, xml};
use crate::secrets::SecretValue;
use crate::{Aws, ErrorKind, Region};

const VALUE: &str = "the-password-of-the-test";

#[tokio::test]
async fn a_replica_of_a_secret_names_its_primary_and_an_original_its_replicas() {
    let replica = "{\"ARN\":\"arn:db\",\"Name\":\"db\",\"PrimaryRegion\":\"us-east-1\"}";
    let original = "{\"ARN\":\"arn:db\",\"Name\":\"db\",\"PrimaryRegion\":\"us-west-2\",\"ReplicationStatus\":[\
        {\"Region\":\"us-east-1\",\"Status\":\"InProgress\"}]}";
    let alone = "{\"ARN\":\"arn:db\",\"Name\":\"db\"}";
    let (aws, server) = aws(vec![
        json(replica),
        json(original),
        json(alone),
        refused_in_json(400, "ResourceNotFoundException"),
    ])
    .await;
    let secrets = aws.secrets(&region()).unwrap();
    let east = Region::new("us-east-1").unwrap();
    let seen = secrets.describe("db").await.unwrap();
    assert_eq!(
        (seen.primary_region, seen.replicas),
        (Some(east.clone()), vec![])
    );
    let seen = secrets.describe("db").await.unwrap();
    assert_eq!(seen.primary_region, None);
    assert_eq!(seen.replicas, [(east, "InProgress".to_owned())]);
    let seen = secrets.describe("db").await.unwrap();
    assert_eq!((seen.primary_region, seen.arn.as_str()), (None, "arn:db"));
    assert_eq!(
        secrets.describe("db").await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    contains(
        &server.requests()[0],
        &["secretsmanager.DescribeSecret", "\"SecretId\":\"db\""],
    );
}

#[tokio::test]
async fn a_secret_that_waits_for_deletion_is_in_the_wrong_state_and_a_binary_one_is_told() {
    let (aws, _server) = aws(vec![
        refused_in_json(400, "InvalidRequestException"),
        json("{\"SecretBinary\":\"AAEC\"}"),
    ])
    .await;
    let secrets = aws.secrets(&region()).unwrap();
    assert_eq!(
        secrets.value("db").await.unwrap_err().kind,
        ErrorKind::InvalidState
    );
    let failed = secrets.value("db").await.unwrap_err();
    assert!(failed.message.contains("binary"), "{failed}");
}

/// Everything that is logged, at the most talkative level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_secrets_value_stands_in_no_log_no_error_and_no_debug_output() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let body = format!("{{\"SecretString\":\"{VALUE}\"}}");
    let calls = async {
        let (aws, server) = aws(vec![
            json("{\"Name\":\"db\"}"),
            json(&body),
            json("{}"),
            refused_in_json(400, "ResourceExistsException"),
        ])
        .await;
        let secrets = aws.secrets(&region()).unwrap();
        secrets.describe("db").await.unwrap();
        let value = secrets.value("db").await.unwrap();
        assert_eq!(value, SecretValue(VALUE.to_owned()));
        secrets.put_value("db", &value, "token").await.unwrap();
        let failed = secrets.put_value("db", &value, "token").await.unwrap_err();
        assert!(server.requests()[2].contains(VALUE), "it was sent");
        format!("{value:?} {failed} {failed:?}")
    };
    let shown = calls.with_subscriber(subscriber).await;
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(
        logged.contains("transmitting request"),
        "other calls are logged: {logged}"
    );
    // What the SDK shows of a body depends on its version and on the environment: nothing of such a call is logged.
    for silent in [VALUE, "GetSecretValue", "PutSecretValue"] {
        assert!(!logged.contains(silent), "{silent} in {logged}");
    }
    assert!(!shown.contains(VALUE), "{shown}");
}

#[tokio::test]
async fn a_parameter_is_read_and_a_secure_one_never_in_the_clear() {
    let parameter = |kind: &str| {
        json(&format!(
            "{{\"Parameter\":{{\"Name\":\"/db/host\",\"Type\":\"{kind}\",\"Value\":\"v\",\"Version\":3}}}}"
        ))
    };
    let (aws, server) = aws(vec![
        parameter("String"),
        parameter("SecureString"),
        refused_in_json(400, "ParameterNotFound"),
    ])
    .await;
    let parameters = aws.parameters(&region()).unwrap();
    let seen = parameters.get("/db/host").await.unwrap();
    assert_eq!(
        (seen.kind.as_str(), seen.value.as_str(), seen.version),
        ("String", "v", 3)
    );
    let secure = parameters.get("/db/host").await.unwrap();
    assert_eq!(
        (secure.kind.as_str(), secure.value.as_str()),
        ("SecureString", "")
    );
    let failed = parameters.get("/db/host").await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NotFound);
    for request in server.requests() {
        contains(
            &request,
            &["AmazonSSM.GetParameter", "\"WithDecryption\":false"],
        );
    }
}

#[tokio::test]
async fn a_published_message_has_an_id_and_an_empty_subject_is_left_out() {
    let published = "<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>";
    let (aws, server) = aws(vec![xml(200, published)]).await;
    let topics = aws.topics(&region()).unwrap();
    assert_eq!(topics.publish("arn:t", "", "text").await.unwrap(), "m-1");
    assert!(!server.requests()[0].contains("Subject"));
}
