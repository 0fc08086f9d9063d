//! S3 of the fake: buckets with conditional writes.
//!
//! Adversarial where S3 is: without a key the entity tag follows from the bytes alone, so writing the same bytes again
//! gives the same tag; a conditional write may meet another one and be answered 409; `Date` has whole seconds.
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html> and
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html> (`ETag`).

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};

use async_trait::async_trait;
use jiff::{Timestamp, TimestampRound, Unit};

use super::{ByPlace, Call, Effect, FakeAws, Local};
use crate::objects::{BucketFacts, Condition, Object, Objects, Written};
use crate::{Error, ErrorKind, Region};

/// Buckets of all regions.
#[derive(Default)]
pub(super) struct Buckets {
    all: ByPlace<Bucket>,
    writes: u64,
    conflict_percent: u32,
    random: fastrand::Rng,
}

#[derive(Default)]
struct Bucket {
    facts: BucketFacts,
    objects: BTreeMap<String, Kept>,
}

struct Kept {
    body: Vec<u8>,
    etag: String,
}

impl FakeAws {
    /// Adds an empty bucket, or sets what an existing one says about itself.
    pub fn set_bucket(&self, region: &Region, bucket: &str, facts: BucketFacts) {
        let place = (region.clone(), bucket.to_owned());
        self.world().buckets.all.entry(place).or_default().facts = facts;
    }

    /// Adds an empty versioned bucket without replication.
    pub fn add_bucket(&self, region: &Region, bucket: &str) {
        let versioned = BucketFacts {
            versioned: true,
            ..BucketFacts::default()
        };
        self.set_bucket(region, bucket, versioned);
    }

    /// Lets this share of conditional writes, drawn from `seed`, be answered 409 without being done.
    pub fn set_conflicts(&self, percent: u32, seed: u64) {
        let buckets = &mut self.world().buckets;
        buckets.conflict_percent = percent;
        buckets.random = fastrand::Rng::with_seed(seed);
    }

    /// An object as it truly is; no call.
    pub fn object(&self, region: &Region, bucket: &str, key: &str) -> Option<Vec<u8>> {
        let place = (region.clone(), bucket.to_owned());
        let world = self.world();
        let kept = world.buckets.all.get(&place)?.objects.get(key)?;
        Some(kept.body.clone())
    }

    /// Writes an object by hand, or deletes it; no call.
    pub fn set_object(&self, region: &Region, bucket: &str, key: &str, body: Option<Vec<u8>>) {
        let place = (region.clone(), bucket.to_owned());
        let buckets = &mut self.world().buckets;
        let number = buckets.next();
        let objects = &mut buckets.all.entry(place).or_default().objects;
        match body {
            Some(body) => {
                let etag = etag(&body, None, number);
                objects.insert(key.to_owned(), Kept { body, etag });
            }
            None => {
                objects.remove(key);
            }
        }
    }
}

impl Buckets {
    fn next(&mut self) -> u64 {
        self.writes += 1;
        self.writes
    }

    fn find(&mut self, region: &Region, bucket: &str) -> Result<&mut Bucket, Refused> {
        let place = (region.clone(), bucket.to_owned());
        self.all.get_mut(&place).ok_or(Refused::NO_BUCKET)
    }

    fn put(
        &mut self,
        place: (&Region, &str, &str),
        body: Vec<u8>,
        condition: &Condition,
        kms_key: Option<&str>,
    ) -> Result<String, Refused> {
        let (region, bucket, key) = place;
        let number = self.next();
        let conflict = self.random.u32(0..100) < self.conflict_percent;
        let objects = &mut self.find(region, bucket)?.objects;
        if conflict && *condition != Condition::Always {
            return Err(Refused::CONFLICT);
        }
        match (condition, objects.get(key)) {
            (Condition::Absent, Some(_)) => return Err(Refused::PRECONDITION),
            (Condition::Unchanged(_), None) => return Err(Refused::NO_KEY),
            (Condition::Unchanged(etag), Some(kept)) if *etag != kept.etag => {
                return Err(Refused::PRECONDITION);
            }
            _ => {}
        }
        let etag = etag(&body, kms_key, number);
        let kept = Kept {
            body,
            etag: etag.clone(),
        };
        objects.insert(key.to_owned(), kept);
        Ok(etag)
    }

    fn delete(&mut self, place: (&Region, &str, &str), etag: Option<&str>) -> Result<(), Refused> {
        let (region, bucket, key) = place;
        let objects = &mut self.find(region, bucket)?.objects;
        match (etag, objects.get(key)) {
            (Some(_), None) => Err(Refused::NO_KEY),
            (Some(etag), Some(kept)) if etag != kept.etag => Err(Refused::PRECONDITION),
            _ => {
                objects.remove(key);
                Ok(())
            }
        }
    }
}

/// As long as S3's and in quotes: the same for the same bytes, unless they are encrypted with a key of KMS.
fn etag(body: &[u8], kms_key: Option<&str>, number: u64) -> String {
    let half = |seed: u64| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(seed);
        hasher.write_u64(if kms_key.is_some() { number } else { 0 });
        hasher.write(body);
        hasher.finish()
    };
    format!("\"{:016x}{:016x}\"", half(1), half(2))
}

/// How S3 refuses.
struct Refused {
    kind: ErrorKind,
    code: &'static str,
    message: &'static str,
}

impl Refused {
    const NO_BUCKET: Refused = Refused {
        kind: ErrorKind::NotFound,
        code: "NoSuchBucket",
        message: "The specified bucket does not exist",
    };
    const NO_KEY: Refused = Refused {
        kind: ErrorKind::NotFound,
        code: "NoSuchKey",
        message: "The specified key does not exist.",
    };
    const PRECONDITION: Refused = Refused {
        kind: ErrorKind::PreconditionFailed,
        code: "PreconditionFailed",
        message: "At least one of the pre-conditions you specified did not hold",
    };
    const CONFLICT: Refused = Refused {
        kind: ErrorKind::Conflict,
        code: "ConditionalRequestConflict",
        message: "The conditional request cannot succeed due to a conflicting operation against this resource.",
    };
}

impl Local {
    /// The time of an answer as HTTP writes it, in whole seconds.
    fn date(&self) -> Option<Timestamp> {
        let seconds = TimestampRound::new()
            .smallest(Unit::Second)
            .mode(jiff::RoundMode::Trunc);
        self.aws.clock.now().round(seconds).ok()
    }

    /// Notes the call and words its refusal.
    fn s3<T>(
        &self,
        operation: &'static str,
        id: String,
        changes: bool,
        work: impl FnOnce(&mut Buckets) -> Result<T, Refused>,
    ) -> Result<T, Error> {
        let at = self.aws.clock.now();
        let mut world = self.aws.world();
        let answer = work(&mut world.buckets);
        let effect = match &answer {
            Ok(_) if changes => Effect::Changed,
            Ok(_) => Effect::Read,
            Err(refused) => Effect::Refused(refused.kind),
        };
        world.note(Call {
            operation,
            region: self.region.clone(),
            id,
            at,
            effect,
        });
        let number = world.log.len();
        answer.map_err(|refused| Error {
            kind: refused.kind,
            service: "s3".to_owned(),
            operation: operation.to_owned(),
            region: self.region.to_string(),
            code: Some(refused.code.to_owned()),
            message: refused.message.to_owned(),
            request_id: Some(format!("fake-{number}")),
        })
    }
}

#[async_trait]
impl Objects for Local {
    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Object>, Error> {
        let date = self.date();
        self.s3("GetObject", format!("{bucket}/{key}"), false, |buckets| {
            let kept = buckets.find(&self.region, bucket)?.objects.get(key);
            Ok(kept.map(|kept| Object {
                body: kept.body.clone(),
                etag: kept.etag.clone(),
                date,
            }))
        })
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Vec<u8>,
        condition: Condition,
        kms_key: Option<&str>,
    ) -> Result<Written, Error> {
        let date = self.date();
        self.s3("PutObject", format!("{bucket}/{key}"), true, |buckets| {
            let place = (&self.region, bucket, key);
            let etag = buckets.put(place, body, &condition, kms_key)?;
            Ok(Written { etag, date })
        })
    }

    async fn delete(&self, bucket: &str, key: &str, etag: Option<&str>) -> Result<(), Error> {
        self.s3("DeleteObject", format!("{bucket}/{key}"), true, |buckets| {
            buckets.delete((&self.region, bucket, key), etag)
        })
    }

    async fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<String>, Error> {
        let id = format!("{bucket}/{prefix}");
        self.s3("ListObjectsV2", id, false, |buckets| {
            let keys = buckets.find(&self.region, bucket)?.objects.keys();
            let under = keys.filter(|key| key.starts_with(prefix));
            Ok(under.cloned().collect())
        })
    }

    async fn bucket(&self, bucket: &str) -> Result<BucketFacts, Error> {
        self.s3("GetBucketVersioning", bucket.to_owned(), false, |buckets| {
            Ok(buckets.find(&self.region, bucket)?.facts.clone())
        })
    }
}
