//! Instances of all regions, what is scheduled to happen to them, and what reads show of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use super::lag::{Lag, Lags};
use super::lifecycle::Change;
use super::objects::Buckets;
use super::{ACCOUNT, ByPlace, Call, Lifecycle};
use crate::Region;
use crate::rds::{DbInstance, DbStatus, PendingModifications, ReplicationStatus, SourceRef};

/// An available standalone `PostgreSQL` instance with a day of backups; change what you need.
pub fn standalone(region: &Region, id: &str) -> DbInstance {
    DbInstance {
        identifier: id.to_owned(),
        arn: arn(region, id),
        resource_id: format!("db-{}", id.to_uppercase()),
        engine: "postgres".to_owned(),
        engine_version: "16.4".to_owned(),
        status: DbStatus::Available,
        source: None,
        replicas: Vec::new(),
        replication: None,
        backup_retention_days: 1,
        backup_window: Some("03:00-04:00".to_owned()),
        multi_az: false,
        deletion_protection: false,
        instance_class: "db.r6g.large".to_owned(),
        kms_key_id: None,
        endpoint: Some(format!("{id}.fake.{region}.rds.amazonaws.com")),
        security_groups: vec!["sg-0123456789abcdef0".to_owned()],
        pending: PendingModifications::default(),
        tags: BTreeMap::new(),
    }
}

pub(super) fn arn(region: &Region, id: &str) -> String {
    format!("arn:aws:rds:{region}:{ACCOUNT}:db:{id}")
}

/// One instance: how it has looked since when, and what will happen to it.
struct Kept {
    history: Vec<(Timestamp, DbInstance)>,
    scheduled: Vec<(Timestamp, Change)>,
}

impl Kept {
    fn now(&self) -> &DbInstance {
        let (_, latest) = self
            .history
            .last()
            .expect("a history begins with the instance");
        latest
    }

    fn set(&mut self, at: Timestamp, instance: DbInstance) {
        self.history.push((at, instance));
    }

    fn seen_at(&self, moment: Timestamp) -> &DbInstance {
        let past = self.history.iter().rev().find(|(at, _)| *at <= moment);
        past.map_or_else(|| self.now(), |(_, instance)| instance)
    }
}

/// The account.
#[derive(Default)]
pub(super) struct World {
    instances: ByPlace<Kept>,
    now: Timestamp,
    pub(super) lifecycle: Lifecycle,
    pub(super) lag: Lags,
    pub(super) metrics: super::metrics::Series,
    pub(super) globals: super::aurora::Globals,
    pub(super) datastores: super::elasticache::Datastores,
    pub(super) tables: ByPlace<crate::tables::Table>,
    /// Security groups that let nothing in.
    pub(super) closed: BTreeSet<String>,
    pub(super) buckets: Buckets,
    pub(super) log: Vec<Call>,
    pub(super) staleness: Duration,
    pub(super) random: fastrand::Rng,
}

impl World {
    pub(super) fn note(&mut self, call: Call) {
        self.log.push(call);
    }

    pub(super) fn add(&mut self, region: &Region, instance: DbInstance) {
        let place = (region.clone(), instance.identifier.clone());
        let history = vec![(Timestamp::MIN, instance)];
        let scheduled = Vec::new();
        self.instances.insert(place, Kept { history, scheduled });
    }

    pub(super) fn truth(&self, region: &Region, id: &str) -> Option<DbInstance> {
        self.kept(region, id).map(|kept| kept.now().clone())
    }

    /// What a read shows: the truth, or a moment of the recent past.
    pub(super) fn read(&mut self, region: &Region, id: &str) -> Option<DbInstance> {
        let bound = u64::try_from(self.staleness.as_millis()).unwrap_or(u64::MAX);
        let age = Duration::from_millis(self.random.u64(0..=bound));
        let moment = self.now.saturating_sub(age).unwrap_or(Timestamp::MIN);
        self.kept(region, id)
            .map(|kept| kept.seen_at(moment).clone())
    }

    /// Whether something is scheduled for it.
    pub(super) fn is_busy(&self, region: &Region, id: &str) -> bool {
        self.kept(region, id)
            .is_some_and(|kept| !kept.scheduled.is_empty())
    }

    pub(super) fn edit(&mut self, region: &Region, id: &str, change: impl FnOnce(&mut DbInstance)) {
        let now = self.now;
        if let Some(kept) = self.instances.get_mut(&(region.clone(), id.to_owned())) {
            let mut instance = kept.now().clone();
            change(&mut instance);
            kept.set(now, instance);
        }
    }

    pub(super) fn schedule(&mut self, region: &Region, id: &str, stages: Vec<(Duration, Change)>) {
        let now = self.now;
        if let Some(kept) = self.instances.get_mut(&(region.clone(), id.to_owned())) {
            let due = |after| now.saturating_add(after).unwrap_or(Timestamp::MAX);
            let stages = stages
                .into_iter()
                .map(|(after, change)| (due(after), change));
            kept.scheduled.extend(stages);
        }
    }

    /// Makes everything happen that is due, in order, each at its own moment.
    pub(super) fn settle(&mut self, now: Timestamp) {
        while let Some((at, place)) = self.next_due(now) {
            self.now = at;
            let kept = self.instances.get_mut(&place);
            let kept = kept.expect("a due place comes from the map");
            let (_, change) = kept.scheduled.remove(0);
            self.happen(&place, change);
        }
        self.now = now;
    }

    fn next_due(&self, now: Timestamp) -> Option<(Timestamp, (Region, String))> {
        let first = |kept: &Kept| kept.scheduled.first().map(|(at, _)| *at);
        let due = self
            .instances
            .iter()
            .filter_map(|(place, kept)| Some((first(kept)?, place)));
        let (at, place) = due.filter(|(at, _)| *at <= now).min()?;
        Some((at, place.clone()))
    }

    fn happen(&mut self, (region, id): &(Region, String), change: Change) {
        match change {
            Change::Status(status) => self.edit(region, id, |it| it.status = status),
            Change::Applied(pending) => self.edit(region, id, |it| {
                it.status = DbStatus::Available;
                it.backup_retention_days = pending
                    .backup_retention_days
                    .unwrap_or(it.backup_retention_days);
                it.multi_az = pending.multi_az.unwrap_or(it.multi_az);
                it.instance_class = pending.instance_class.unwrap_or(it.instance_class.clone());
                it.pending = PendingModifications::default();
            }),
            Change::Regrouped(groups) => {
                self.edit(region, id, |it| it.security_groups = groups);
            }
            Change::Renamed(name) => self.rename(region, id, &name),
            Change::Restarted => {
                self.edit(region, id, |it| it.status = DbStatus::Available);
                self.cut(region, id);
            }
            Change::Following => self.edit(region, id, |it| {
                it.status = DbStatus::Available;
                it.replication = Some(ReplicationStatus("replicating".to_owned()));
            }),
            Change::Promoted { retention, window } => {
                self.edit(region, id, |it| {
                    it.status = DbStatus::Available;
                    it.source = None;
                    it.replication = None;
                    it.backup_retention_days = retention;
                    it.backup_window = window.or(it.backup_window.take());
                });
                self.forget_replica(region, id);
                self.lag.set(region, id, self.now, Lag::Missing);
            }
        }
    }

    /// Ends connections that the instance's groups would not let in again.
    fn cut(&mut self, region: &Region, id: &str) {
        let groups = self.truth(region, id).map(|it| it.security_groups);
        if groups.is_some_and(|groups| groups.iter().all(|group| self.closed.contains(group))) {
            let metric = super::metrics::connections(id);
            self.metrics.set(region, &metric, self.now, Some(0.0));
        }
    }

    /// The same instance under another name; what follows it follows it still.
    fn rename(&mut self, region: &Region, id: &str, name: &str) {
        let Some(mut kept) = self.instances.remove(&(region.clone(), id.to_owned())) else {
            return;
        };
        let mut instance = kept.now().clone();
        let (old, new) = (arn(region, id), arn(region, name));
        name.clone_into(&mut instance.identifier);
        instance.arn.clone_from(&new);
        instance.endpoint = Some(format!("{name}.fake.{region}.rds.amazonaws.com"));
        instance.status = DbStatus::Available;
        // Reads by the new name show no moment of before it.
        kept.history = vec![(self.now, instance)];
        let place = (region.clone(), name.to_owned());
        self.instances.insert(place, kept);
        let followers: Vec<_> = self
            .instances
            .iter()
            .filter(|(_, it)| {
                it.now()
                    .source
                    .as_ref()
                    .is_some_and(|it| it.as_str() == old)
            })
            .map(|(place, _)| place.clone())
            .collect();
        for (there, follower) in followers {
            self.edit(&there, &follower, |it| {
                it.source = Some(SourceRef(new.clone()));
            });
        }
    }

    /// Takes a promoted replica off its source's list.
    fn forget_replica(&mut self, region: &Region, id: &str) {
        let promoted = arn(region, id);
        let sources: Vec<_> = self
            .instances
            .iter()
            .filter(|((there, _), kept)| {
                kept.now()
                    .replicas
                    .iter()
                    .any(|name| *name == promoted || (there == region && name == id))
            })
            .map(|(place, _)| place.clone())
            .collect();
        for (there, source) in sources {
            self.edit(&there, &source, |it| {
                it.replicas
                    .retain(|name| *name != promoted && (there != *region || name != id));
            });
        }
    }

    fn kept(&self, region: &Region, id: &str) -> Option<&Kept> {
        self.instances.get(&(region.clone(), id.to_owned()))
    }
}
