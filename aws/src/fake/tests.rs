//! Lifecycles of the fake, told as AWS documents them.

mod buckets;
mod changes;
mod lag_metric;
mod moves;
mod promotion;
mod records;
mod secrets;
mod services;
mod settings;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{FakeAws, standalone};
use crate::clock::VirtualClock;
use crate::rds::{DbInstance, InstanceId, ModifyDbInstance, PromoteReadReplica};
use crate::{Aws, Error, Region};

const PRIMARY: &str = "orders";
const REPLICA: &str = "orders-replica";

fn east() -> Region {
    Region::new("us-east-1").unwrap()
}

fn west() -> Region {
    Region::new("us-west-2").unwrap()
}

fn at(text: &str) -> Timestamp {
    format!("2026-08-01T{text}Z").parse().unwrap()
}

/// A primary in the east with a replica in the west, at noon.
struct Estate {
    clock: VirtualClock,
    aws: FakeAws,
}

impl Estate {
    fn new() -> Self {
        let clock = VirtualClock::starting_at(at("12:00:00"));
        let aws = FakeAws::new(Arc::new(clock.clone()));
        aws.add(&east(), standalone(&east(), PRIMARY));
        aws.add_replica(&west(), REPLICA, &east(), PRIMARY);
        Estate { clock, aws }
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    fn describe(&self, region: &Region, id: &str) -> Result<DbInstance, Error> {
        let rds = self.aws.rds(region).unwrap();
        let id = InstanceId::new(id).unwrap();
        self.clock.drive(rds.describe(&id)).unwrap()
    }

    fn replica(&self) -> DbInstance {
        self.describe(&west(), REPLICA).unwrap()
    }

    fn status(&self) -> String {
        self.replica().status.to_string()
    }

    fn promote(&self, request: &PromoteReadReplica) -> Result<DbInstance, Error> {
        let rds = self.aws.rds(&west()).unwrap();
        self.clock.drive(rds.promote_read_replica(request)).unwrap()
    }

    fn modify(&self, request: &ModifyDbInstance) -> Result<DbInstance, Error> {
        let rds = self.aws.rds(&west()).unwrap();
        self.clock.drive(rds.modify(request)).unwrap()
    }
}

fn promotion() -> PromoteReadReplica {
    PromoteReadReplica::new(InstanceId::new(REPLICA).unwrap())
}

fn modification() -> ModifyDbInstance {
    ModifyDbInstance::new(InstanceId::new(REPLICA).unwrap())
}
