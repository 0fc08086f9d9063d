//! S3 through the schedule.

use async_trait::async_trait;

use super::Wrapped;
use crate::Error;
use crate::objects::{BucketFacts, Condition, Object, Objects, Written};

#[async_trait]
impl Objects for Wrapped<dyn Objects> {
    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Object>, Error> {
        let work = self.inner.get(bucket, key);
        self.faulty
            .call("s3", "GetObject", &self.region, work)
            .await
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Vec<u8>,
        condition: Condition,
        kms_key: Option<&str>,
    ) -> Result<Written, Error> {
        let work = self.inner.put(bucket, key, body, condition, kms_key);
        self.faulty
            .call("s3", "PutObject", &self.region, work)
            .await
    }

    async fn delete(&self, bucket: &str, key: &str, etag: Option<&str>) -> Result<(), Error> {
        let work = self.inner.delete(bucket, key, etag);
        self.faulty
            .call("s3", "DeleteObject", &self.region, work)
            .await
    }

    async fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<String>, Error> {
        let work = self.inner.list(bucket, prefix);
        self.faulty
            .call("s3", "ListObjectsV2", &self.region, work)
            .await
    }

    async fn bucket(&self, bucket: &str) -> Result<BucketFacts, Error> {
        let work = self.inner.bucket(bucket);
        self.faulty
            .call("s3", "GetBucketVersioning", &self.region, work)
            .await
    }
}
