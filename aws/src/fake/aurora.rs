//! Aurora global clusters: the lifecycle of switchover and failover, and the snapshot of lost writes.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::refusal::Refusal;
use super::{ACCOUNT, ByPlace, Effect, FakeAws, Local};
use crate::aurora::{
    Cluster, ClusterSnapshot, FailoverState, GlobalCluster, GlobalClusters, Member,
};
use crate::{Error, ErrorKind, Region};

/// How long a move of the writer shows before it is done.
const MOVING: Duration = Duration::from_mins(4);

/// The ARN of a cluster.
pub fn cluster_arn(region: &Region, id: &str) -> String {
    format!("arn:aws:rds:{region}:{ACCOUNT}:cluster:{id}")
}

struct Move {
    since: Timestamp,
    state: FailoverState,
}

struct Global {
    shown: GlobalCluster,
    under_way: Option<Move>,
}

/// Global clusters, clusters and snapshots.
#[derive(Default)]
pub(super) struct Globals {
    by_id: BTreeMap<String, Global>,
    clusters: ByPlace<Cluster>,
    snapshots: ByPlace<Vec<ClusterSnapshot>>,
}

fn region_and_id(arn: &str) -> Option<(Region, String)> {
    let parts: Vec<&str> = arn.split(':').collect();
    let [_, _, _, region, _, "cluster", id] = parts[..] else {
        return None;
    };
    Some((Region::new(region).ok()?, id.to_owned()))
}

impl FakeAws {
    /// Adds a global cluster of clusters with one instance each; the first one is the writer.
    pub fn add_global_cluster(&self, id: &str, members: &[(&Region, &str)]) {
        let mut world = self.world();
        let shown = GlobalCluster {
            id: id.to_owned(),
            status: "available".to_owned(),
            engine: "aurora-postgresql".to_owned(),
            engine_version: "16.4".to_owned(),
            members: (0..)
                .zip(members)
                .map(|(place, (region, id))| Member {
                    arn: cluster_arn(region, id),
                    writer: place == 0,
                    synchronization: (place > 0).then(|| "connected".to_owned()),
                })
                .collect(),
            failover: None,
        };
        for (region, id) in members {
            let cluster = Cluster {
                id: (*id).to_owned(),
                arn: cluster_arn(region, id),
                status: "available".to_owned(),
                engine_version: "16.4".to_owned(),
                instances: 1,
                backup_retention_days: 1,
                kms_key_id: None,
                endpoint: Some(format!("{id}.cluster-fake.{region}.rds.amazonaws.com")),
            };
            world
                .globals
                .clusters
                .insert(((*region).clone(), (*id).to_owned()), cluster);
        }
        let global = Global {
            shown,
            under_way: None,
        };
        world.globals.by_id.insert(id.to_owned(), global);
    }

    /// Changes a cluster by hand.
    pub fn edit_cluster(&self, region: &Region, id: &str, change: impl FnOnce(&mut Cluster)) {
        let place = (region.clone(), id.to_owned());
        if let Some(cluster) = self.world().globals.clusters.get_mut(&place) {
            change(cluster);
        }
    }

    /// Changes a global cluster by hand.
    pub fn edit_global_cluster(&self, id: &str, change: impl FnOnce(&mut GlobalCluster)) {
        if let Some(global) = self.world().globals.by_id.get_mut(id) {
            change(&mut global.shown);
        }
    }
}

impl Globals {
    /// The global cluster as it shows at a moment.
    fn settled(&mut self, id: &str, lie: Duration, now: Timestamp) -> Result<&mut Global, Refusal> {
        let global = self.by_id.get_mut(id).ok_or_else(|| {
            let message = format!("Global cluster {id} not found");
            Refusal::of(
                ErrorKind::NotFound,
                "rds",
                "GlobalClusterNotFoundFault",
                message,
            )
        })?;
        let Some(under_way) = &global.under_way else {
            return Ok(global);
        };
        let waited = Duration::try_from(now.duration_since(under_way.since)).unwrap_or_default();
        let state = under_way.state.clone();
        if waited >= lie + MOVING {
            "available".clone_into(&mut global.shown.status);
            global.shown.failover = None;
            global.under_way = None;
            for member in &mut global.shown.members {
                member.writer = member.arn == state.to;
                member.synchronization = (!member.writer).then(|| "connected".to_owned());
            }
            if state.data_loss_allowed
                && let Some(place) = region_and_id(&state.from)
            {
                let id = format!(
                    "rds:unplanned-global-failover-{}-{}",
                    place.1,
                    now.as_second()
                );
                let lost = ClusterSnapshot {
                    id,
                    status: "available".to_owned(),
                    progress: 100,
                    created_at: Some(now),
                };
                self.snapshots.entry(place).or_default().push(lost);
            }
        } else if waited >= lie {
            global.shown.status.clone_from(&state.status);
            global.shown.failover = Some(state);
        }
        Ok(global)
    }
}

impl Local {
    fn move_writer(&self, id: &str, target: &str, lossy: bool) -> Result<(), Error> {
        let operation = if lossy {
            "FailoverGlobalCluster"
        } else {
            "SwitchoverGlobalCluster"
        };
        let now = self.aws.clock.now();
        let state = |message: &str| {
            let code = "InvalidGlobalClusterStateFault";
            Refusal::of(ErrorKind::InvalidState, "rds", code, message)
        };
        self.answer(operation, id, |world| {
            let lie = world.lifecycle.lie;
            let headless = region_and_id(target)
                .and_then(|place| world.globals.clusters.get(&place))
                .is_none_or(|cluster| cluster.instances == 0);
            let global = world.globals.settled(id, lie, now)?;
            let writer = global.shown.members.iter().find(|member| member.writer);
            let from = writer.map(|member| member.arn.clone()).unwrap_or_default();
            // A failover is asked for where the new writer is, a switchover where the old one is.
            let asked = if lossy { target } else { &from };
            if region_and_id(asked).is_none_or(|(region, _)| region != self.region) {
                return Err(state("asked in the wrong region"));
            }
            if headless || from == target || global.under_way.is_some() {
                return Err(state("the global cluster does not allow it"));
            }
            let status = if lossy {
                "failing-over"
            } else {
                "switching-over"
            };
            global.under_way = Some(Move {
                since: now,
                state: FailoverState {
                    status: status.to_owned(),
                    from,
                    to: target.to_owned(),
                    data_loss_allowed: lossy,
                },
            });
            Ok(((), Effect::Changed))
        })
    }
}

#[async_trait]
impl GlobalClusters for Local {
    async fn describe(&self, id: &str) -> Result<GlobalCluster, Error> {
        let now = self.aws.clock.now();
        self.answer("DescribeGlobalClusters", id, |world| {
            let lie = world.lifecycle.lie;
            let global = world.globals.settled(id, lie, now)?;
            Ok((global.shown.clone(), Effect::Read))
        })
    }

    async fn cluster(&self, id: &str) -> Result<Cluster, Error> {
        let name = id.rsplit(':').next().unwrap_or(id);
        self.answer("DescribeDBClusters", name, |world| {
            let place = (self.region.clone(), name.to_owned());
            let found = world.globals.clusters.get(&place).cloned();
            let found = found.ok_or_else(|| {
                let message = format!("DBCluster {name} not found.");
                Refusal::of(
                    ErrorKind::NotFound,
                    "rds",
                    "DBClusterNotFoundFault",
                    message,
                )
            })?;
            Ok((found, Effect::Read))
        })
    }

    async fn switchover(&self, id: &str, target_arn: &str) -> Result<(), Error> {
        self.move_writer(id, target_arn, false)
    }

    async fn failover(&self, id: &str, target_arn: &str) -> Result<(), Error> {
        self.move_writer(id, target_arn, true)
    }

    async fn snapshots(&self, cluster: &str) -> Result<Vec<ClusterSnapshot>, Error> {
        let name = cluster.rsplit(':').next().unwrap_or(cluster);
        self.answer("DescribeDBClusterSnapshots", name, |world| {
            let place = (self.region.clone(), name.to_owned());
            let found = world.globals.snapshots.get(&place).cloned();
            Ok((found.unwrap_or_default(), Effect::Read))
        })
    }

    async fn copy_snapshot(&self, snapshot: &str, copy: &str) -> Result<(), Error> {
        let now = self.aws.clock.now();
        self.answer("CopyDBClusterSnapshot", snapshot, |world| {
            let mut lists = world.globals.snapshots.iter_mut();
            let of_region = lists.find(|((region, _), list)| {
                *region == self.region && list.iter().any(|it| it.id == snapshot)
            });
            let Some((_, list)) = of_region else {
                let (code, message) = (
                    "DBClusterSnapshotNotFoundFault",
                    format!("no snapshot {snapshot}"),
                );
                return Err(Refusal::of(ErrorKind::NotFound, "rds", code, message));
            };
            if list.iter().any(|it| it.id == copy) {
                let code = "DBClusterSnapshotAlreadyExistsFault";
                return Err(Refusal::of(
                    ErrorKind::Other,
                    "rds",
                    code,
                    "it exists already",
                ));
            }
            list.push(ClusterSnapshot {
                id: copy.to_owned(),
                status: "available".to_owned(),
                progress: 100,
                created_at: Some(now),
            });
            Ok(((), Effect::Changed))
        })
    }
}
