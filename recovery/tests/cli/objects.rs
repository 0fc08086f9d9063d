//! S3 of the server: objects with conditional writes, and what buckets say about themselves.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::server::{Answer, Request};

/// What is kept.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) buckets: BTreeMap<String, Bucket>,
    writes: u64,
}

/// A bucket.
#[derive(Default)]
pub(crate) struct Bucket {
    pub(crate) unversioned: bool,
    /// The prefix of a rule that replicates it.
    pub(crate) replicated: Option<String>,
    /// Bodies and entity tags.
    pub(crate) objects: BTreeMap<String, (Vec<u8>, String)>,
}

fn place(request: &Request) -> (String, String, String) {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let path = path.trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    (bucket.to_owned(), key.to_owned(), query.to_owned())
}

/// The operation with what it is about.
pub(crate) fn operation(request: &Request) -> String {
    let (bucket, key, query) = place(request);
    let name = match (request.method.as_str(), key.is_empty()) {
        ("GET", true) if query.contains("versioning") => "GetBucketVersioning",
        ("GET", true) if query.contains("replication") => "GetBucketReplication",
        ("GET", true) if query.contains("object-lock") => "GetObjectLockConfiguration",
        ("GET", true) => "ListBucket",
        ("GET", false) => "GetObject",
        ("PUT", _) => "PutObject",
        ("DELETE", _) => "DeleteObject",
        _ => "Unknown",
    };
    format!("{name} {bucket}/{key}")
}

/// An error as S3 writes it.
pub(crate) fn refused(status: u16, code: &str, message: &str) -> Answer {
    Answer::xml(
        status,
        format!(
            "<Error><Code>{code}</Code><Message>{message}</Message><RequestId>r</RequestId></Error>"
        ),
    )
}

pub(crate) fn answer(request: &Request, state: &mut State) -> Answer {
    let (name, key, query) = place(request);
    state.writes += 1;
    let tag = format!("\"{:032x}\"", state.writes);
    let Some(bucket) = state.buckets.get_mut(&name) else {
        return refused(404, "NoSuchBucket", "The specified bucket does not exist");
    };
    if key.is_empty() {
        return about(bucket, &query);
    }
    let there = bucket.objects.get(&key).cloned();
    let condition = |name: &str| request.headers.get(name).cloned();
    match request.method.as_str() {
        "GET" => match there {
            None => refused(404, "NoSuchKey", "The specified key does not exist."),
            Some((body, etag)) => Answer {
                status: 200,
                headers: vec![("etag".to_owned(), etag)],
                body,
            },
        },
        "PUT" | "DELETE" => {
            let absent = condition("if-none-match").is_some();
            let wanted = condition("if-match");
            let holds = match (&there, &wanted) {
                (Some(_), None) => !absent,
                (Some((_, etag)), Some(wanted)) => etag == wanted,
                (None, wanted) => wanted.is_none(),
            };
            if !holds {
                return refused(412, "PreconditionFailed", "a condition does not hold");
            }
            if request.method == "DELETE" {
                bucket.objects.remove(&key);
                return Answer {
                    status: 204,
                    headers: Vec::new(),
                    body: Vec::new(),
                };
            }
            bucket
                .objects
                .insert(key, (request.body.clone(), tag.clone()));
            Answer {
                status: 200,
                headers: vec![("etag".to_owned(), tag)],
                body: Vec::new(),
            }
        }
        _ => refused(405, "MethodNotAllowed", "not played"),
    }
}

fn about(bucket: &Bucket, query: &str) -> Answer {
    if query.contains("versioning") {
        let status = if bucket.unversioned {
            ""
        } else {
            "<Status>Enabled</Status>"
        };
        return Answer::xml(
            200,
            format!("<VersioningConfiguration>{status}</VersioningConfiguration>"),
        );
    }
    if query.contains("replication") {
        return match &bucket.replicated {
            None => refused(
                404,
                "ReplicationConfigurationNotFoundError",
                "there is none",
            ),
            Some(prefix) => Answer::xml(
                200,
                format!(
                    "<ReplicationConfiguration><Role>arn:aws:iam::1:role/r</Role><Rule><ID>all</ID><Status>Enabled</Status><Priority>1</Priority><Filter><Prefix>{prefix}</Prefix></Filter><DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::elsewhere</Bucket></Destination></Rule></ReplicationConfiguration>"
                ),
            ),
        };
    }
    if query.contains("object-lock") {
        return refused(404, "ObjectLockConfigurationNotFoundError", "there is none");
    }
    let prefix = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("prefix="));
    let prefix = prefix.unwrap_or_default().replace("%2F", "/");
    let keys = bucket.objects.keys().filter(|key| key.starts_with(&prefix));
    let mut contents = String::new();
    for key in keys {
        let _ = write!(
            contents,
            "<Contents><Key>{key}</Key><Size>1</Size></Contents>"
        );
    }
    Answer::xml(
        200,
        format!("<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"),
    )
}
