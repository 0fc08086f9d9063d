//! Health questions: bounded in time and size, and no redirect is followed.

use std::time::Duration;

use super::{Server, contains, settings, with, xml};
use crate::sdk::tests::Answer;
use crate::web::WebAnswer;
use crate::{Aws, Error, ErrorKind};

async fn get(url: &str, timeout: Duration) -> Result<WebAnswer, Error> {
    let web = with(settings("http://127.0.0.1:1")).web().unwrap();
    web.get(url, timeout).await
}

const LONG: Duration = Duration::from_secs(5);

#[tokio::test]
async fn status_and_body_are_told_whatever_they_are() {
    let server = Server::answering(vec![Answer::Http(503, "text/plain", "down".to_owned())]).await;
    let seen = get(&format!("{}/health?deep=1", server.url), LONG)
        .await
        .unwrap();
    assert_eq!((seen.status, seen.body.as_str()), (503, "down"));
    assert!(seen.elapsed > Duration::ZERO);
    contains(
        &server.requests()[0],
        &["GET /health?deep=1 HTTP/1.1", "host: 127.0.0.1"],
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let elsewhere = "text/plain\r\nlocation: http://127.0.0.1:1/";
    let server = Server::answering(vec![Answer::Http(302, elsewhere, String::new())]).await;
    assert_eq!(get(&server.url, LONG).await.unwrap().status, 302);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_large_body_is_cut() {
    let server = Server::answering(vec![xml(200, "a".repeat(200_000))]).await;
    assert_eq!(get(&server.url, LONG).await.unwrap().body.len(), 65536);
}

#[tokio::test]
async fn silence_before_or_within_the_body_is_bounded() {
    for silent in [Answer::Silence, Answer::Stops("text/plain", "o")] {
        let server = Server::answering(vec![silent]).await;
        let short = Duration::from_millis(200);
        let asked = tokio::time::timeout(LONG, get(&server.url, short)).await;
        let failed = asked.expect("the question is bounded").unwrap_err();
        assert_eq!(failed.kind, ErrorKind::Timeout, "{failed}");
    }
}

#[tokio::test]
async fn what_does_not_answer_is_told_by_host_without_a_password() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let failed = get(&format!("http://user:pass@{closed}/x"), LONG)
        .await
        .unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Unreachable, "{failed}");
    assert_eq!(failed.region, closed.to_string());
    assert!(
        !format!("{failed:?} {failed}").contains("pass"),
        "{failed:?}"
    );
    let broken = Server::answering(vec![Answer::Breaks("text/plain", "o")]).await;
    assert_eq!(
        get(&broken.url, LONG).await.unwrap_err().kind,
        ErrorKind::Unavailable
    );
}

#[tokio::test]
async fn only_http_is_asked() {
    for url in ["file:///etc/passwd", "example.com", "ftp://x/"] {
        assert_eq!(
            get(url, LONG).await.unwrap_err().kind,
            ErrorKind::Other,
            "{url}"
        );
    }
}
