//! AWS in memory: RDS instances in regions with the lifecycles that AWS documents, their lag metric, and who is calling.
//!
//! It keeps no time of its own: every answer is computed for the [`Clock`]'s present moment, so it runs on a
//! [`VirtualClock`](crate::clock::VirtualClock), on tokio's paused time and on the machine's clock alike, and never
//! sleeps. It is adversarial where AWS is vague: an accepted promotion shows nothing for a while, the source's link goes
//! last, and reads can be stale.

mod arc;
mod aurora;
mod autoscaling;
mod call_log;
mod ecs;
mod elasticache;
mod instances;
mod lag;
mod lambda;
mod lifecycle;
mod metrics;
mod mrap;
mod objects;
mod parameters;
mod permissions;
mod rds;
mod refusal;
mod route53;
mod secrets;
mod services;
mod tables;
#[cfg(test)]
mod tests;
mod topics;
mod web;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

pub use aurora::cluster_arn;
pub use call_log::{Call, Effect};
pub use instances::standalone;
pub use lag::Lag;
pub use lifecycle::Lifecycle;
pub use metrics::connections;
pub use topics::Published;

use crate::aurora::GlobalClusters;
use crate::clock::Clock;
use crate::cloudwatch::ReplicaLag;
use crate::elasticache::GlobalDatastores;
use crate::metrics::Metrics;
use crate::objects::Objects;
use crate::rds::{DbInstance, DbStatus, RdsInstances, ReplicationStatus, SourceRef};
use crate::sts::{Caller, CallerIdentity, Session, SessionRequest, Sessions};
use crate::tables::Tables;
use crate::{Aws, Error, Region};
use instances::World;

/// The account that the fake plays.
pub const ACCOUNT: &str = "123456789012";

/// AWS in memory. Copies share their world.
#[derive(Clone)]
pub struct FakeAws {
    clock: Arc<dyn Clock>,
    world: Arc<Mutex<World>>,
    services: Arc<Mutex<services::Services>>,
}

impl FakeAws {
    /// An empty account with the default [`Lifecycle`].
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        FakeAws {
            clock,
            world: Arc::default(),
            services: Arc::default(),
        }
    }

    /// Sets how long transitions take from now on.
    pub fn set_lifecycle(&self, lifecycle: Lifecycle) {
        self.world().lifecycle = lifecycle;
    }

    /// Lets reads be stale: each shows a moment up to `bound` ago, drawn from `seed`.
    pub fn set_staleness(&self, bound: Duration, seed: u64) {
        let mut world = self.world();
        world.staleness = bound;
        world.random = fastrand::Rng::with_seed(seed);
    }

    /// Adds an instance as it is; it has been there for ever.
    pub fn add(&self, region: &Region, instance: DbInstance) {
        self.world().add(region, instance);
    }

    /// Adds a replica of an instance, in any region, and names it at its source.
    pub fn add_replica(&self, region: &Region, id: &str, source_region: &Region, source: &str) {
        let mut replica = standalone(region, id);
        let arn = instances::arn(source_region, source);
        let (shown_source, shown_replica) = if region == source_region {
            (source.to_owned(), id.to_owned())
        } else {
            (arn, replica.arn.clone())
        };
        replica.source = Some(SourceRef(shown_source));
        replica.replication = Some(ReplicationStatus("replicating".to_owned()));
        replica.backup_retention_days = 0;
        self.add(region, replica);
        self.edit(source_region, source, |it| it.replicas.push(shown_replica));
    }

    /// Changes an instance by hand, at once; does nothing where there is none.
    pub fn edit(&self, region: &Region, id: &str, change: impl FnOnce(&mut DbInstance)) {
        self.world().edit(region, id, change);
    }

    /// Sets a status by hand, such as `failed` or `storage-full`.
    pub fn set_status(&self, region: &Region, id: &str, status: &str) {
        self.edit(region, id, |it| it.status = DbStatus::from(status));
    }

    /// Sets how the lag of a replica goes from this moment on; earlier moments stay as they were.
    pub fn set_lag(&self, region: &Region, id: &str, lag: Lag) {
        let from = self.clock.now();
        self.world().lag.set(region, id, from, lag);
    }

    /// Sets how the lag of a replica has always gone until now.
    pub fn set_lag_of_the_past(&self, region: &Region, id: &str, lag: Lag) {
        let from = jiff::Timestamp::MIN;
        self.world().lag.set(region, id, from, lag);
    }

    /// A security group lets nothing in: connections of an instance behind only such groups end when it restarts.
    pub fn close_group(&self, group: &str) {
        self.world().closed.insert(group.to_owned());
    }

    /// Every call that arrived, in order. What faults cut before it arrived is not among them.
    pub fn calls(&self) -> Vec<Call> {
        self.world().log.clone()
    }

    /// The calls that arrived after the first `count`, in order.
    pub fn calls_since(&self, count: usize) -> Vec<Call> {
        let world = self.world();
        world.log.get(count..).unwrap_or_default().to_vec()
    }

    /// How many calls of an operation changed something.
    pub fn effects(&self, operation: &str) -> usize {
        let world = self.world();
        let made = world.log.iter();
        made.filter(|call| call.operation == operation && call.effect == Effect::Changed)
            .count()
    }

    /// An instance as it truly is at this moment, whatever reads show.
    pub fn truth(&self, region: &Region, id: &str) -> Option<DbInstance> {
        self.world().truth(region, id)
    }

    /// The world, brought to the present moment.
    fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.settle(self.clock.now());
        world
    }
}

/// One region of the account; all services of it.
struct Local {
    aws: FakeAws,
    region: Region,
}

impl FakeAws {
    fn local(&self, region: &Region) -> Arc<Local> {
        Arc::new(Local {
            aws: self.clone(),
            region: region.clone(),
        })
    }
}

impl Aws for FakeAws {
    fn rds(&self, region: &Region) -> Result<Arc<dyn RdsInstances>, Error> {
        Ok(self.local(region))
    }

    fn replica_lag(&self, region: &Region) -> Result<Arc<dyn ReplicaLag>, Error> {
        Ok(self.local(region))
    }

    fn identity(&self, region: &Region) -> Result<Arc<dyn CallerIdentity>, Error> {
        Ok(self.local(region))
    }

    fn sessions(&self, region: &Region) -> Result<Arc<dyn Sessions>, Error> {
        Ok(self.local(region))
    }

    fn global_clusters(&self, region: &Region) -> Result<Arc<dyn GlobalClusters>, Error> {
        Ok(self.local(region))
    }

    fn global_datastores(&self, region: &Region) -> Result<Arc<dyn GlobalDatastores>, Error> {
        Ok(self.local(region))
    }

    fn tables(&self, region: &Region) -> Result<Arc<dyn Tables>, Error> {
        Ok(self.local(region))
    }

    fn metrics(&self, region: &Region) -> Result<Arc<dyn Metrics>, Error> {
        Ok(self.local(region))
    }
    fn ecs(&self, region: &Region) -> Result<Arc<dyn crate::ecs::EcsServices>, Error> {
        Ok(self.local(region))
    }

    fn groups(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::autoscaling::AutoScalingGroups>, Error> {
        Ok(self.local(region))
    }

    fn records(&self, region: &Region) -> Result<Arc<dyn crate::route53::Records>, Error> {
        Ok(self.local(region))
    }

    fn routing_controls(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::arc::RoutingControls>, Error> {
        Ok(self.local(region))
    }

    fn access_point_routes(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::mrap::AccessPointRoutes>, Error> {
        Ok(self.local(region))
    }

    fn secrets(&self, region: &Region) -> Result<Arc<dyn crate::secrets::Secrets>, Error> {
        Ok(self.local(region))
    }

    fn parameters(&self, region: &Region) -> Result<Arc<dyn crate::parameters::Parameters>, Error> {
        Ok(self.local(region))
    }

    fn permissions(
        &self,
        region: &Region,
    ) -> Result<Arc<dyn crate::permissions::Permissions>, Error> {
        Ok(self.local(region))
    }

    fn functions(&self, region: &Region) -> Result<Arc<dyn crate::lambda::Functions>, Error> {
        Ok(self.local(region))
    }

    fn topics(&self, region: &Region) -> Result<Arc<dyn crate::topics::Topics>, Error> {
        Ok(self.local(region))
    }

    fn web(&self) -> Result<Arc<dyn crate::web::Web>, Error> {
        Ok(Arc::new(web::FakeWeb(self.clone())))
    }
    fn objects(&self, region: &Region) -> Result<Arc<dyn Objects>, Error> {
        Ok(self.local(region))
    }
}

#[async_trait]
impl CallerIdentity for Local {
    async fn caller(&self) -> Result<Caller, Error> {
        let at = self.aws.clock.now();
        self.aws.world().note(Call {
            operation: "GetCallerIdentity",
            region: self.region.clone(),
            id: String::new(),
            at,
            effect: Effect::Read,
        });
        Ok(Caller {
            account: ACCOUNT.to_owned(),
            arn: format!("arn:aws:iam::{ACCOUNT}:user/operator"),
        })
    }
}

#[async_trait]
impl Sessions for Local {
    async fn assume_role(&self, request: &SessionRequest) -> Result<Session, Error> {
        let lasts = request.duration.unwrap_or(Duration::from_hours(1));
        self.serve("AssumeRole", &request.role_arn, |_, now| {
            let session = Session {
                access_key_id: "ASIAOFTHEFAKE".to_owned(),
                secret_access_key: "secret".to_owned(),
                session_token: "token".to_owned(),
                expires: now.saturating_add(lasts).unwrap_or(now),
            };
            Ok((session, Effect::Read))
        })
    }
}

/// Instances by region and identifier.
type ByPlace<T> = BTreeMap<(Region, String), T>;
