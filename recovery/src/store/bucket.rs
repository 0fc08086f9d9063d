//! A store in a versioned bucket.

use std::sync::Arc;

use async_trait::async_trait;
use aws::objects::{Condition, Objects};
use aws::{Error, ErrorKind, Region};

use super::{Kept, Store, Stored};

/// A store in a bucket.
///
/// Conditional writes: `If-None-Match: *` and `If-Match`, answered 412 where the condition does not hold and 409 where
/// another write came between; an `If-Match` for a key that is gone is answered 404.
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>; conditional deletes:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html>.
pub struct BucketStore {
    region: Region,
    objects: Arc<dyn Objects>,
    bucket: String,
    prefix: String,
    kms_key: Option<String>,
}

impl BucketStore {
    /// The store under a prefix of a bucket; a slash is put at the end of a prefix that has none.
    pub fn new(
        region: Region,
        objects: Arc<dyn Objects>,
        bucket: String,
        mut prefix: String,
        kms_key: Option<String>,
    ) -> Self {
        if !prefix.is_empty() && !prefix.ends_with('/') {
            prefix.push('/');
        }
        BucketStore {
            region,
            objects,
            bucket,
            prefix,
            kms_key,
        }
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    async fn write(&self, key: &str, body: &[u8], condition: Condition) -> Result<Kept, Error> {
        let written = self
            .objects
            .put(
                &self.bucket,
                &self.key(key),
                body.to_vec(),
                condition,
                self.kms_key.as_deref(),
            )
            .await?;
        Ok(Kept {
            etag: written.etag,
            date: written.date,
        })
    }
}

fn is_missing_key(error: &Error) -> bool {
    error.kind == ErrorKind::NotFound && error.code.as_deref() != Some("NoSuchBucket")
}

#[async_trait]
impl Store for BucketStore {
    fn region(&self) -> &Region {
        &self.region
    }

    fn place(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }

    async fn get(&self, key: &str) -> Result<Option<Stored>, Error> {
        let object = self.objects.get(&self.bucket, &self.key(key)).await?;
        Ok(object.map(|object| Stored {
            body: object.body,
            etag: object.etag,
            date: object.date,
        }))
    }

    async fn create(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        self.write(key, body, Condition::Absent).await
    }

    async fn replace(&self, key: &str, body: &[u8], etag: &str) -> Result<Kept, Error> {
        let condition = Condition::Unchanged(etag.to_owned());
        let written = self.write(key, body, condition).await;
        written.map_err(|error| {
            // What is gone is not unchanged.
            if is_missing_key(&error) {
                Error {
                    kind: ErrorKind::PreconditionFailed,
                    ..error
                }
            } else {
                error
            }
        })
    }

    async fn put(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        self.write(key, body, Condition::Always).await
    }

    async fn remove(&self, key: &str, etag: &str) -> Result<(), Error> {
        let key = self.key(key);
        let deleted = self.objects.delete(&self.bucket, &key, Some(etag)).await;
        match deleted {
            Err(error) if is_missing_key(&error) => Ok(()),
            other => other,
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let keys = self.objects.list(&self.bucket, &self.key(prefix)).await?;
        let own = keys.into_iter().filter_map(|key| {
            let own = key.strip_prefix(&self.prefix)?;
            Some(own.to_owned())
        });
        Ok(own.collect())
    }

    async fn unfit(&self) -> Result<Option<String>, Error> {
        let facts = self.objects.bucket(&self.bucket).await?;
        if !facts.versioned {
            return Ok(Some(format!(
                "versioning of the bucket {} is not enabled: an overwritten document could not be brought back",
                self.bucket
            )));
        }
        // A rule covers keys that are ours where either prefix begins with the other.
        let rule = facts.rules.iter().find(|rule| {
            let (theirs, ours) = (rule.prefix.as_str(), self.prefix.as_str());
            rule.enabled && (ours.starts_with(theirs) || theirs.starts_with(ours))
        });
        Ok(rule.map(|rule| {
            format!(
                "the replication rule {:?} of the bucket {} copies {:?} to {}: a lock that replication brought is taken by nobody",
                rule.id, self.bucket, rule.prefix, rule.destination
            )
        }))
    }
}
