//! S3: conditions, the server's clock, bodies that break off, what a bucket says.

use super::{Server, aws, contains, region, settings, with, xml};
use crate::objects::{Condition, Objects};
use crate::sdk::tests::Answer;
use crate::{Aws, ErrorKind};

const DATED: &str = "application/xml\r\netag: \"e1\"\r\ndate: Fri, 01 May 2026 10:00:00 GMT";

fn s3_error(status: u16, code: &str) -> Answer {
    xml(
        status,
        format!("<Error><Code>{code}</Code><Message>no</Message></Error>"),
    )
}

async fn s3(answers: Vec<Answer>) -> (std::sync::Arc<dyn Objects>, Server) {
    let (aws, server) = aws(answers).await;
    (aws.objects(&region()).unwrap(), server)
}

#[tokio::test]
async fn an_object_is_read_with_its_tag_and_the_servers_clock() {
    let (s3, server) = s3(vec![Answer::Http(200, DATED, "body".to_owned())]).await;
    let seen = s3.get("bucket", "plans/p 1.json").await.unwrap().unwrap();
    assert_eq!(
        (seen.body.as_slice(), seen.etag.as_str()),
        (b"body".as_slice(), "\"e1\"")
    );
    assert_eq!(seen.date.unwrap().to_string(), "2026-05-01T10:00:00Z");
    contains(
        &server.requests()[0],
        &["GET /bucket/plans/p%201.json", "/us-west-2/s3/"],
    );
}

#[tokio::test]
async fn an_object_that_is_absent_is_an_answer_and_a_bucket_that_is_absent_is_none() {
    let (s3, _server) = s3(vec![
        s3_error(404, "NoSuchKey"),
        s3_error(404, "NoSuchBucket"),
    ])
    .await;
    assert_eq!(s3.get("bucket", "k").await.unwrap(), None);
    let failed = s3.get("bucket", "k").await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_denied_read_is_not_taken_for_an_absent_object() {
    let (s3, _server) = s3(vec![s3_error(403, "AccessDenied")]).await;
    let failed = s3.get("bucket", "k").await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::AccessDenied);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_read_again() {
    let whole = Answer::Http(200, DATED, "body".to_owned());
    let (s3, server) = s3(vec![Answer::Breaks(DATED, "bo"), whole]).await;
    let seen = s3.get("bucket", "k").await.unwrap().unwrap();
    assert_eq!(seen.body, b"body");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn half_a_body_is_never_taken_for_whole() {
    let (s3, server) = s3(vec![Answer::Breaks(DATED, "bo")]).await;
    let failed = s3.get("bucket", "k").await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Unavailable);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn conditions_travel_as_headers() {
    let cases = [
        (Condition::Always, None),
        (Condition::Absent, Some("if-none-match: *")),
        (
            Condition::Unchanged("\"e0\"".to_owned()),
            Some("if-match: \"e0\""),
        ),
    ];
    for (condition, header) in cases {
        let (s3, server) = s3(vec![Answer::Http(200, DATED, String::new())]).await;
        let written = s3
            .put("b", "k", b"{}".to_vec(), condition, None)
            .await
            .unwrap();
        assert_eq!(written.etag, "\"e1\"");
        assert_eq!(written.date.unwrap().to_string(), "2026-05-01T10:00:00Z");
        let request = &server.requests()[0];
        contains(request, &["PUT /b/k"]);
        match header {
            Some(header) => contains(request, &[header]),
            None => assert!(!request.contains("if-match") && !request.contains("if-none-match")),
        }
    }
}

#[tokio::test]
async fn a_conditional_write_is_sent_once_and_each_refusal_has_its_kind() {
    let unchanged = || Condition::Unchanged("\"e0\"".to_owned());
    let cases = [
        (
            s3_error(412, "PreconditionFailed"),
            Condition::Absent,
            ErrorKind::PreconditionFailed,
        ),
        (
            s3_error(412, "PreconditionFailed"),
            unchanged(),
            ErrorKind::PreconditionFailed,
        ),
        (
            s3_error(409, "ConditionalRequestConflict"),
            Condition::Absent,
            ErrorKind::Conflict,
        ),
        (
            s3_error(404, "NoSuchKey"),
            unchanged(),
            ErrorKind::PreconditionFailed,
        ),
        (
            s3_error(404, "NoSuchBucket"),
            unchanged(),
            ErrorKind::NotFound,
        ),
        (
            s3_error(503, "SlowDown"),
            Condition::Absent,
            ErrorKind::Throttled,
        ),
        (
            s3_error(500, "InternalError"),
            Condition::Absent,
            ErrorKind::Unavailable,
        ),
        // Written, and then the connection broke.
        (Answer::Close, Condition::Absent, ErrorKind::Timeout),
        (Answer::Silence, Condition::Absent, ErrorKind::Timeout),
        // Written, as nobody knows what.
        (xml(200, ""), Condition::Absent, ErrorKind::Unavailable),
    ];
    for (answer, condition, kind) in cases {
        let (s3, server) = s3(vec![answer.clone()]).await;
        let written = s3.put("b", "k", b"{}".to_vec(), condition, None).await;
        let failed = written.unwrap_err();
        assert_eq!(failed.kind, kind, "{answer:?}: {failed}");
        assert_eq!(server.requests().len(), 1, "{answer:?}");
    }
}

#[tokio::test]
async fn deleting_what_is_absent_is_harmless_and_what_changed_is_refused() {
    let answers = vec![
        xml(204, ""),
        s3_error(404, "NoSuchKey"),
        s3_error(412, "PreconditionFailed"),
    ];
    let (s3, server) = s3(answers).await;
    s3.delete("b", "k", None).await.unwrap();
    s3.delete("b", "k", Some("\"e0\"")).await.unwrap();
    let failed = s3.delete("b", "k", Some("\"e0\"")).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::PreconditionFailed);
    let requests = server.requests();
    assert!(!requests[0].contains("if-match"));
    contains(&requests[1], &["DELETE /b/k", "if-match: \"e0\""]);
}

#[tokio::test]
async fn keys_are_listed_over_all_pages() {
    let page = |keys: &[&str], next: &str| {
        let contents: Vec<String> = keys
            .iter()
            .map(|key| format!("<Contents><Key>{key}</Key></Contents>"))
            .collect();
        xml(
            200,
            format!(
                "<ListBucketResult>{}{next}</ListBucketResult>",
                contents.concat()
            ),
        )
    };
    let next = "<IsTruncated>true</IsTruncated><NextContinuationToken>t1</NextContinuationToken>";
    let (s3, server) = s3(vec![page(&["p/1", "p/2"], next), page(&["p/3"], "")]).await;
    assert_eq!(s3.list("b", "p/").await.unwrap(), ["p/1", "p/2", "p/3"]);
    let requests = server.requests();
    contains(&requests[0], &["GET /b/?list-type=2", "prefix=p%2F"]);
    contains(&requests[1], &["continuation-token=t1"]);
}

/// Four rules: of the second version with a prefix, with several conditions, of the first version, and for all keys.
fn replication() -> String {
    let rule = |id: &str, status: &str, filter: &str, markers: &str| {
        format!(
            "<Rule><ID>{id}</ID><Status>{status}</Status>{filter}<Destination><Bucket>arn:aws:s3:::west</Bucket></Destination>{markers}</Rule>"
        )
    };
    let markers = "<DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication>";
    let rules = [
        rule(
            "new",
            "Enabled",
            "<Filter><Prefix>data/</Prefix></Filter>",
            markers,
        ),
        rule(
            "and",
            "Disabled",
            "<Filter><And><Prefix>logs/</Prefix></And></Filter>",
            "",
        ),
        rule("old", "Enabled", "<Prefix>old/</Prefix>", ""),
        rule("all", "Enabled", "<Filter></Filter>", ""),
    ];
    format!(
        "<ReplicationConfiguration>{}</ReplicationConfiguration>",
        rules.concat()
    )
}

#[tokio::test]
async fn a_bucket_tells_versioning_replication_and_lock() {
    let versioning = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    let replication = replication();
    let lock = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
        <Mode>GOVERNANCE</Mode><Years>2</Years></DefaultRetention></Rule></ObjectLockConfiguration>";
    let (s3, server) = s3(vec![
        xml(200, versioning),
        xml(200, replication),
        xml(200, lock),
    ])
    .await;
    let seen = s3.bucket("b").await.unwrap();
    assert_eq!((seen.versioned, seen.lock_days), (true, Some(730)));
    let rules: Vec<(&str, bool, &str, bool)> = seen
        .rules
        .iter()
        .map(|r| {
            (
                r.id.as_str(),
                r.enabled,
                r.prefix.as_str(),
                r.delete_markers,
            )
        })
        .collect();
    let expected = [
        ("new", true, "data/", true),
        ("and", false, "logs/", false),
        ("old", true, "old/", false),
        ("all", true, "", false),
    ];
    assert_eq!(rules, expected);
    assert_eq!(seen.rules[0].destination, "arn:aws:s3:::west");
    let requests = server.requests();
    for (request, query) in requests
        .iter()
        .zip(["?versioning", "?replication", "?object-lock"])
    {
        contains(request, &["GET /b", query]);
    }
}

#[tokio::test]
async fn a_plain_bucket_has_neither_and_one_that_may_not_be_read_is_no_plain_one() {
    let plain = vec![
        xml(200, "<VersioningConfiguration></VersioningConfiguration>"),
        s3_error(404, "ReplicationConfigurationNotFoundError"),
        s3_error(404, "ObjectLockConfigurationNotFoundError"),
    ];
    let (bucket, _server) = s3(plain).await;
    let seen = bucket.bucket("b").await.unwrap();
    assert_eq!(
        (seen.versioned, seen.rules.len(), seen.lock_days),
        (false, 0, None)
    );
    let denied = vec![
        xml(200, "<VersioningConfiguration></VersioningConfiguration>"),
        s3_error(403, "AccessDenied"),
    ];
    let (bucket, _server) = s3(denied).await;
    assert_eq!(
        bucket.bucket("b").await.unwrap_err().kind,
        ErrorKind::AccessDenied
    );
}

#[tokio::test]
async fn a_body_that_stops_costs_no_more_than_the_operation_may() {
    let server = Server::answering(vec![Answer::Stops(DATED, "bo")]).await;
    let mut bounded = settings(&server.url);
    bounded.operation_timeout = std::time::Duration::from_millis(200);
    bounded.max_attempts = 2;
    let s3 = with(bounded).objects(&region()).unwrap();
    let read = tokio::time::timeout(std::time::Duration::from_secs(10), s3.get("b", "k"));
    let failed = read.await.expect("the call is bounded").unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Timeout, "{failed}");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_request_that_cannot_be_built_had_no_effect() {
    let (s3, server) = s3(vec![xml(200, "")]).await;
    let written = s3.put("b", "", Vec::new(), Condition::Absent, None).await;
    let failed = written.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Other, "{failed}");
    assert!(!failed.may_have_taken_effect());
    assert!(server.requests().is_empty());
}
