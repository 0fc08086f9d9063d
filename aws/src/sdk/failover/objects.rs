//! S3 through the SDK: path style where an endpoint is given, writes sent once, the server's clock told.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::{ByteStream, DateTime, DateTimeFormat};
use aws_sdk_s3::types::ServerSideEncryption;
use aws_sdk_s3::{Client, Config};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use jiff::Timestamp;

use super::bucket;
use super::endpoint::of_environment;
use crate::objects::{BucketFacts, Condition, Object, Objects, Written};
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkObjects(Regional<Client>);

/// The largest body that is read. What is kept here (documents, journals, observations) is far smaller.
const LARGEST: usize = 16 << 20;

/// Pages of 1000 keys that are listed at most.
const PAGES: usize = 1000;

impl SdkObjects {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkObjects(Regional::new(access, region, "s3", client))
    }

    async fn fetch(&self, bucket: &str, key: &str) -> Result<Option<Fetched>, Error> {
        let date = ServerDate::default();
        let request = self.0.client().await.get_object().bucket(bucket).key(key);
        let request = request.customize().interceptor(date.clone());
        match request.send().await {
            Ok(answer) => Ok(Some(Fetched { answer, date })),
            Err(failed) => {
                let failed = error(&self.0.call(GET), &failed);
                // A bucket that is missing is another matter.
                let absent = failed.code.as_deref() == Some("NoSuchKey");
                if absent { Ok(None) } else { Err(failed) }
            }
        }
    }

    /// The body, within the bound of an operation: the SDK's own ends with the head of the answer.
    async fn body(&self, stream: ByteStream) -> Result<Vec<u8>, Error> {
        let failed = |kind, message: String| self.0.call(GET).failed(kind, message);
        let bound = self.0.access.settings.operation_timeout;
        match tokio::time::timeout(bound, read(stream)).await {
            Ok(Ok(Some(body))) => Ok(body),
            Ok(Ok(None)) => {
                let message = format!("the object is larger than {LARGEST} bytes");
                Err(failed(ErrorKind::Other, message))
            }
            Ok(Err(broken)) => Err(failed(ErrorKind::Unavailable, broken)),
            Err(_) => Err(failed(
                ErrorKind::Timeout,
                "no whole body in time".to_owned(),
            )),
        }
    }
}

const GET: &str = "GetObject";

/// An answer whose body is still to come.
struct Fetched {
    answer: GetObjectOutput,
    date: ServerDate,
}

/// A body up to the bound; `None` for a larger one.
async fn read(mut stream: ByteStream) -> Result<Option<Vec<u8>>, String> {
    let mut body = Vec::new();
    while let Some(part) = stream.next().await {
        body.extend_from_slice(&part.map_err(|e| e.to_string())?);
        if body.len() > LARGEST {
            return Ok(None);
        }
    }
    Ok(Some(body))
}

fn client(config: &SdkConfig, endpoint: Option<&str>) -> Client {
    let mut builder = aws_sdk_s3::config::Builder::from(config);
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint_url(endpoint);
    }
    // A bucket's name in front of the host of an emulator resolves nowhere.
    let own = endpoint.is_some() || of_environment(config, "S3").is_some();
    Client::from_conf(builder.force_path_style(own).build())
}

/// For writes.
fn once() -> aws_sdk_s3::config::Builder {
    Config::builder().retry_config(no_retries())
}

/// Keeps the `Date` of the last answer.
#[derive(Clone, Debug, Default)]
struct ServerDate(Arc<Mutex<Option<Timestamp>>>);

impl ServerDate {
    fn seen(&self) -> Option<Timestamp> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for ServerDate {
    fn name(&self) -> &'static str {
        "ServerDate"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|text| DateTime::from_str(text, DateTimeFormat::HttpDate).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            date.and_then(|at| Timestamp::from_second(at.secs()).ok());
        Ok(())
    }
}

#[async_trait]
impl Objects for SdkObjects {
    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Object>, Error> {
        let settings = &self.0.access.settings;
        let mut pause = settings.initial_backoff;
        let mut attempt = 1;
        loop {
            let Some(Fetched { answer, date }) = self.fetch(bucket, key).await? else {
                return Ok(None);
            };
            let Some(etag) = answer.e_tag().map(str::to_owned) else {
                return Err(self.0.empty(GET, ErrorKind::Other, "an entity tag"));
            };
            // The SDK repeats what breaks before the body; what breaks within is repeated here.
            match self.body(answer.body).await {
                Ok(body) => {
                    let date = date.seen();
                    return Ok(Some(Object { body, etag, date }));
                }
                Err(broken) if broken.is_transient() && attempt < settings.max_attempts => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                    attempt += 1;
                }
                Err(broken) => return Err(broken),
            }
        }
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Vec<u8>,
        condition: Condition,
        kms_key: Option<&str>,
    ) -> Result<Written, Error> {
        const OPERATION: &str = "PutObject";
        let date = ServerDate::default();
        let request = self.0.client().await.put_object();
        let mut request = request.bucket(bucket).key(key).body(ByteStream::from(body));
        if let Some(kms_key) = kms_key {
            request = request
                .server_side_encryption(ServerSideEncryption::AwsKms)
                .ssekms_key_id(kms_key);
        }
        let (request, unchanged) = match condition {
            Condition::Always => (request, false),
            Condition::Absent => (request.if_none_match("*"), false),
            Condition::Unchanged(etag) => (request.if_match(etag), true),
        };
        let request = request.customize().config_override(once());
        let answer = request.interceptor(date.clone()).send().await;
        let answer = answer.map_err(|e| {
            let mut failed = error(&self.0.call(OPERATION), &e);
            // S3 says 404 where the object is gone (Amazon S3 User Guide, "conditional writes"): the condition does not
            // hold.
            if unchanged && failed.code.as_deref() == Some("NoSuchKey") {
                failed.kind = ErrorKind::PreconditionFailed;
            }
            failed
        })?;
        let Some(etag) = answer.e_tag().map(str::to_owned) else {
            // It was written, but nobody knows as what.
            return Err(self
                .0
                .empty(OPERATION, ErrorKind::Unavailable, "an entity tag"));
        };
        Ok(Written {
            etag,
            date: date.seen(),
        })
    }

    async fn delete(&self, bucket: &str, key: &str, etag: Option<&str>) -> Result<(), Error> {
        let request = self
            .0
            .client()
            .await
            .delete_object()
            .bucket(bucket)
            .key(key)
            .set_if_match(etag.map(str::to_owned));
        let answer = request.customize().config_override(once()).send().await;
        match answer {
            Ok(_) => Ok(()),
            Err(failed) => {
                let failed = error(&self.0.call("DeleteObject"), &failed);
                let absent = failed.code.as_deref() == Some("NoSuchKey");
                if absent { Ok(()) } else { Err(failed) }
            }
        }
    }

    async fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<String>, Error> {
        const OPERATION: &str = "ListObjectsV2";
        let request = self.0.client().await.list_objects_v2();
        let request = request.bucket(bucket).prefix(prefix);
        let mut pages = request.into_paginator().send();
        let mut keys = Vec::new();
        for _ in 0..PAGES {
            let Some(page) = pages.next().await else {
                return Ok(keys);
            };
            let page = page.map_err(|e| error(&self.0.call(OPERATION), &e))?;
            let here = page.contents().iter().filter_map(|object| object.key());
            keys.extend(here.map(str::to_owned));
        }
        Err(self.0.unreadable(OPERATION, "more pages than are read"))
    }

    async fn bucket(&self, bucket: &str) -> Result<BucketFacts, Error> {
        bucket::facts(&self.0, bucket).await
    }
}
