//! Global datastores and their failover.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::refusal::Refusal;
use super::{Effect, FakeAws, Local};
use crate::elasticache::{GlobalDatastore, GlobalDatastores};
use crate::{Error, ErrorKind, Region};

/// How long a failover shows `modifying` before the primary is another one.
const MOVING: Duration = Duration::from_mins(3);

/// Datastores with the failover that is under way: since when, to which region.
pub(super) type Datastores = BTreeMap<String, (GlobalDatastore, Option<(Timestamp, Region)>)>;

impl FakeAws {
    /// Adds a datastore.
    pub fn put_datastore(&self, datastore: GlobalDatastore) {
        let id = datastore.id.clone();
        self.world().datastores.insert(id, (datastore, None));
    }
}

fn missing(id: &str) -> Refusal {
    let code = "GlobalReplicationGroupNotFoundFault";
    Refusal::of(
        ErrorKind::NotFound,
        "elasticache",
        code,
        format!("no datastore {id}"),
    )
}

/// What shows at a moment: nothing for a while, then `modifying`, then the other primary.
fn settle(
    kept: &mut (GlobalDatastore, Option<(Timestamp, Region)>),
    lie: Duration,
    now: Timestamp,
) {
    let Some((since, to)) = kept.1.clone() else {
        return;
    };
    let waited = Duration::try_from(now.duration_since(since)).unwrap_or_default();
    if waited < lie {
        return;
    }
    if waited < lie + MOVING {
        "modifying".clone_into(&mut kept.0.status);
        return;
    }
    "available".clone_into(&mut kept.0.status);
    for member in &mut kept.0.members {
        member.primary = member.region == to;
    }
    kept.1 = None;
}

#[async_trait]
impl GlobalDatastores for Local {
    async fn describe(&self, id: &str) -> Result<GlobalDatastore, Error> {
        let now = self.aws.clock.now();
        self.answer("DescribeGlobalReplicationGroups", id, |world| {
            let lie = world.lifecycle.lie;
            let kept = world.datastores.get_mut(id).ok_or_else(|| missing(id))?;
            settle(kept, lie, now);
            Ok((kept.0.clone(), Effect::Read))
        })
    }

    async fn failover(&self, id: &str, region: &Region, group: &str) -> Result<(), Error> {
        let now = self.aws.clock.now();
        self.answer("FailoverGlobalReplicationGroup", id, |world| {
            let lie = world.lifecycle.lie;
            let kept = world.datastores.get_mut(id).ok_or_else(|| missing(id))?;
            settle(kept, lie, now);
            let state = |message: &str| {
                let code = "InvalidGlobalReplicationGroupState";
                Refusal::of(ErrorKind::InvalidState, "elasticache", code, message)
            };
            if kept.1.is_some() || kept.0.status != "available" {
                return Err(state("the global datastore is not available"));
            }
            let mut members = kept.0.members.iter();
            let member = members.find(|member| member.region == *region && member.group == group);
            match member {
                None => Err(state("no such secondary")),
                Some(member) if member.primary => Err(state("it is the primary already")),
                Some(_) => {
                    kept.1 = Some((now, region.clone()));
                    Ok(((), Effect::Changed))
                }
            }
        })
    }
}
