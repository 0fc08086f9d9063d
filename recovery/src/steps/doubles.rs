//! Doubles of S3 objects and alarms for the tests of steps.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws::faults::Faulty;
use aws::metrics::{AlarmState, Datapoint, Metric, Metrics, Statistic};
use aws::objects::{BucketFacts, Condition, Object, Objects, Written};
use aws::{Aws, Error, ErrorKind, Region};
use jiff::Timestamp;

type Shared<T> = Arc<Mutex<T>>;

/// What the doubles hold, and what next call of them fails.
#[derive(Clone, Default)]
pub(crate) struct Doubles {
    pub(crate) objects: Shared<BTreeMap<(Region, String, String), Vec<u8>>>,
    pub(crate) alarms: Shared<BTreeMap<(Region, String), Vec<AlarmState>>>,
    pub(crate) errors: Shared<Vec<ErrorKind>>,
}

impl Doubles {
    #[allow(clippy::result_large_err, reason = "as in the traits of AWS")]
    fn meet(&self, service: &str, operation: &str, region: &Region) -> Result<(), Error> {
        match self.errors.lock().unwrap().pop() {
            None => Ok(()),
            Some(kind) => Err(error(kind, service, operation, region)),
        }
    }

    pub(crate) fn has(&self, region: &Region, bucket: &str, key: &str) -> bool {
        let place = (region.clone(), bucket.to_owned(), key.to_owned());
        self.objects.lock().unwrap().contains_key(&place)
    }
}

fn error(kind: ErrorKind, service: &str, operation: &str, region: &Region) -> Error {
    Error {
        kind,
        service: service.to_owned(),
        operation: operation.to_owned(),
        region: region.to_string(),
        code: Some(format!("{kind:?}")),
        message: format!("x is not authorized to perform: {service}:{operation} on y"),
        request_id: None,
    }
}

pub(crate) struct BenchAws {
    pub(crate) faulty: Faulty,
    pub(crate) doubles: Doubles,
}

struct At {
    doubles: Doubles,
    region: Region,
}

macro_rules! pass_on {
    ($($name:ident: $of:path),*) => {
        $(fn $name(&self, region: &Region) -> Result<Arc<dyn $of>, Error> {
            self.faulty.$name(region)
        })*
    };
}

impl Aws for BenchAws {
    pass_on!(
        rds: aws::rds::RdsInstances,
        replica_lag: aws::cloudwatch::ReplicaLag,
        identity: aws::sts::CallerIdentity,
        ecs: aws::ecs::EcsServices,
        groups: aws::autoscaling::AutoScalingGroups,
        records: aws::route53::Records,
        routing_controls: aws::arc::RoutingControls,
        access_point_routes: aws::mrap::AccessPointRoutes,
        secrets: aws::secrets::Secrets,
        parameters: aws::parameters::Parameters,
        functions: aws::lambda::Functions,
        topics: aws::topics::Topics
    );

    fn objects(&self, region: &Region) -> Result<Arc<dyn Objects>, Error> {
        Ok(Arc::new(At {
            doubles: self.doubles.clone(),
            region: region.clone(),
        }))
    }

    fn metrics(&self, region: &Region) -> Result<Arc<dyn Metrics>, Error> {
        Ok(Arc::new(At {
            doubles: self.doubles.clone(),
            region: region.clone(),
        }))
    }

    fn web(&self) -> Result<Arc<dyn aws::web::Web>, Error> {
        self.faulty.web()
    }
}

impl At {
    fn place(&self, bucket: &str, key: &str) -> (Region, String, String) {
        (self.region.clone(), bucket.to_owned(), key.to_owned())
    }
}

#[async_trait]
impl Objects for At {
    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Object>, Error> {
        self.doubles.meet("s3", "GetObject", &self.region)?;
        let objects = self.doubles.objects.lock().unwrap();
        Ok(objects.get(&self.place(bucket, key)).map(|body| Object {
            body: body.clone(),
            etag: "\"1\"".to_owned(),
            date: None,
        }))
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Vec<u8>,
        _: Condition,
        _: Option<&str>,
    ) -> Result<Written, Error> {
        self.doubles.meet("s3", "PutObject", &self.region)?;
        let mut objects = self.doubles.objects.lock().unwrap();
        objects.insert(self.place(bucket, key), body);
        Ok(Written {
            etag: "\"1\"".to_owned(),
            date: None,
        })
    }

    async fn delete(&self, bucket: &str, key: &str, _: Option<&str>) -> Result<(), Error> {
        self.doubles.meet("s3", "DeleteObject", &self.region)?;
        self.doubles
            .objects
            .lock()
            .unwrap()
            .remove(&self.place(bucket, key));
        Ok(())
    }

    async fn list(&self, _: &str, _: &str) -> Result<Vec<String>, Error> {
        Err(error(ErrorKind::Other, "s3", "ListObjectsV2", &self.region))
    }

    async fn bucket(&self, _: &str) -> Result<BucketFacts, Error> {
        Err(error(
            ErrorKind::Other,
            "s3",
            "GetBucketVersioning",
            &self.region,
        ))
    }
}

#[async_trait]
impl Metrics for At {
    async fn datapoints(
        &self,
        _: &Metric,
        _: Statistic,
        _: Timestamp,
        _: Timestamp,
        _: u32,
    ) -> Result<Vec<Datapoint>, Error> {
        Err(error(
            ErrorKind::Other,
            "cloudwatch",
            "GetMetricData",
            &self.region,
        ))
    }

    async fn alarm(&self, name: &str) -> Result<AlarmState, Error> {
        self.doubles
            .meet("cloudwatch", "DescribeAlarms", &self.region)?;
        let mut alarms = self.doubles.alarms.lock().unwrap();
        let states = alarms.get_mut(&(self.region.clone(), name.to_owned()));
        let states = states.ok_or_else(|| {
            error(
                ErrorKind::NotFound,
                "cloudwatch",
                "DescribeAlarms",
                &self.region,
            )
        })?;
        Ok(if states.len() > 1 {
            states.remove(0)
        } else {
            states[0]
        })
    }

    async fn set_alarm(&self, _: &str, _: AlarmState, _: &str) -> Result<(), Error> {
        Err(error(
            ErrorKind::Other,
            "cloudwatch",
            "SetAlarmState",
            &self.region,
        ))
    }
}
