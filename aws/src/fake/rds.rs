//! What RDS of the fake answers.

use async_trait::async_trait;

use super::instances::World;
use super::lifecycle::Change;
use super::refusal::Refusal;
use super::{Call, Effect, Local, standalone};
use crate::Error;
use crate::rds::{
    CreateReplica, DbInstance, DbStatus, InstanceId, ModifyDbInstance, PromoteReadReplica,
    RdsInstances, SourceRef,
};

impl Local {
    /// One call: done at once, noted, and answered.
    pub(super) fn answer<T>(
        &self,
        operation: &'static str,
        id: &str,
        work: impl FnOnce(&mut World) -> Result<(T, Effect), Refusal>,
    ) -> Result<T, Error> {
        let at = self.aws.clock.now();
        let mut world = self.aws.world();
        let answer = work(&mut world);
        let effect = match &answer {
            Ok((_, effect)) => *effect,
            Err(refusal) => Effect::Refused(refusal.kind),
        };
        world.note(Call {
            operation,
            region: self.region.clone(),
            id: id.to_owned(),
            at,
            effect,
        });
        let number = world.log.len();
        answer
            .map(|(value, _)| value)
            .map_err(|refusal| refusal.into_error(operation, &self.region, number))
    }

    /// The instance, if it can be changed now.
    fn changeable(&self, world: &World, id: &InstanceId) -> Result<DbInstance, Refusal> {
        let found = world.truth(&self.region, id.as_str());
        let found = found.ok_or_else(|| Refusal::not_found(id.as_str()))?;
        if found.status != DbStatus::Available || world.is_busy(&self.region, id.as_str()) {
            let message = format!("Instance {id} is not in available state.");
            return Err(Refusal::state(message));
        }
        Ok(found)
    }

    fn promote(
        &self,
        world: &mut World,
        request: &PromoteReadReplica,
    ) -> Result<(DbInstance, Effect), Refusal> {
        let id = request.id.as_str();
        let found = self.changeable(world, &request.id)?;
        if found.source.is_none() {
            return Err(Refusal::state("DB Instance is not a read replica."));
        }
        // AWS's default: a promoted replica keeps backups for a day.
        let retention = retention(request.backup_retention_days)?.unwrap_or(1);
        let stages = world
            .lifecycle
            .promotion(retention, request.backup_window.clone());
        world.schedule(&self.region, id, stages);
        Ok((found, Effect::Changed))
    }

    fn change(
        &self,
        world: &mut World,
        request: &ModifyDbInstance,
    ) -> Result<(DbInstance, Effect), Refusal> {
        let before = self.changeable(world, &request.id)?;
        let id = request.id.as_str();
        let days = retention(request.backup_retention_days)?;
        world.edit(&self.region, id, |it| {
            // These two are made at once and without `modifying`.
            it.deletion_protection = request
                .deletion_protection
                .unwrap_or(it.deletion_protection);
            it.backup_window = request.backup_window.clone().or(it.backup_window.take());
            it.pending.backup_retention_days = days.filter(|d| *d != it.backup_retention_days);
            it.pending.multi_az = request.multi_az.filter(|m| *m != it.multi_az);
            let class = request.instance_class.clone();
            it.pending.instance_class = class.filter(|c| *c != it.instance_class);
        });
        let after = world
            .truth(&self.region, id)
            .unwrap_or_else(|| before.clone());
        if !after.pending.is_empty() {
            let stages = world.lifecycle.change(after.pending.clone());
            world.schedule(&self.region, id, stages);
        }
        let moved = self.move_it(world, request, &before)?;
        let changed = if after == before && !moved {
            Effect::Nothing
        } else {
            Effect::Changed
        };
        Ok((after, changed))
    }
}

impl Local {
    /// Other security groups, or another name. Neither shows at once.
    fn move_it(
        &self,
        world: &mut World,
        request: &ModifyDbInstance,
        before: &DbInstance,
    ) -> Result<bool, Refusal> {
        let lie = world.lifecycle.lie;
        let mut stages = Vec::new();
        let groups = request.security_groups.clone();
        if let Some(groups) = groups.filter(|groups| *groups != before.security_groups) {
            stages.push((lie, Change::Regrouped(groups)));
        }
        if let Some(name) = &request.new_identifier {
            if world.truth(&self.region, name.as_str()).is_some() {
                return Err(Refusal::exists(name.as_str()));
            }
            let renaming = DbStatus::Other("renaming".to_owned());
            stages.push((lie, Change::Status(renaming)));
            let renamed = lie + world.lifecycle.rebooting;
            stages.push((renamed, Change::Renamed(name.to_string())));
        }
        let moved = !stages.is_empty();
        world.schedule(&self.region, request.id.as_str(), stages);
        Ok(moved)
    }

    fn replicate(
        &self,
        world: &mut World,
        request: &CreateReplica,
    ) -> Result<(DbInstance, Effect), Refusal> {
        let id = request.id.as_str();
        if world.truth(&self.region, id).is_some() {
            return Err(Refusal::exists(id));
        }
        let name = request.source.rsplit(':').next().unwrap_or_default();
        let source = world.truth(&request.source_region, name);
        let source = source.ok_or_else(|| Refusal::not_found(&request.source))?;
        if source.status != DbStatus::Available || source.backup_retention_days == 0 {
            let message = "the source is not available, or keeps no automated backups";
            return Err(Refusal::state(message));
        }
        if source.kms_key_id.is_some() && request.kms_key_id.is_none() {
            let message = "Cannot create a cross region encrypted replica without a KMS key";
            return Err(Refusal::value(message));
        }
        let mut replica = standalone(&self.region, id);
        replica.engine.clone_from(&source.engine);
        replica.engine_version.clone_from(&source.engine_version);
        replica.kms_key_id.clone_from(&request.kms_key_id);
        let class = request.instance_class.as_ref();
        replica
            .instance_class
            .clone_from(class.unwrap_or(&source.instance_class));
        if !request.security_groups.is_empty() {
            replica.security_groups.clone_from(&request.security_groups);
        }
        replica.source = Some(SourceRef(source.arn.clone()));
        replica.status = DbStatus::Other("creating".to_owned());
        replica.backup_retention_days = 0;
        replica.tags = request.tags.iter().cloned().collect();
        world.add(&self.region, replica.clone());
        let stages = world.lifecycle.replication();
        world.schedule(&self.region, id, stages);
        let shown = replica.arn.clone();
        world.edit(&request.source_region, name, |it| it.replicas.push(shown));
        Ok((replica, Effect::Changed))
    }

    fn halt(&self, world: &mut World, id: &InstanceId) -> Result<((), Effect), Refusal> {
        let found = self.changeable(world, id)?;
        if found.source.is_some() || !found.replicas.is_empty() {
            let message = "an instance that has a read replica, or is one, cannot be stopped";
            return Err(Refusal::state(message));
        }
        let stages = world.lifecycle.stop();
        world.schedule(&self.region, id.as_str(), stages);
        Ok(((), Effect::Changed))
    }
}

fn retention(days: Option<u8>) -> Result<Option<u8>, Refusal> {
    match days {
        Some(days) if days > 35 => {
            let message =
                format!("Invalid backup retention period: {days}. Must be between 0 and 35.");
            Err(Refusal::value(message))
        }
        days => Ok(days),
    }
}

#[async_trait]
impl RdsInstances for Local {
    async fn describe(&self, id: &InstanceId) -> Result<DbInstance, Error> {
        self.answer("DescribeDBInstances", id.as_str(), |world| {
            let shown = world.read(&self.region, id.as_str());
            let shown = shown.ok_or_else(|| Refusal::not_found(id.as_str()))?;
            Ok((shown, Effect::Read))
        })
    }

    async fn promote_read_replica(
        &self,
        request: &PromoteReadReplica,
    ) -> Result<DbInstance, Error> {
        self.answer("PromoteReadReplica", request.id.as_str(), |world| {
            self.promote(world, request)
        })
    }

    async fn modify(&self, request: &ModifyDbInstance) -> Result<DbInstance, Error> {
        self.answer("ModifyDBInstance", request.id.as_str(), |world| {
            self.change(world, request)
        })
    }

    async fn reboot(&self, id: &InstanceId) -> Result<(), Error> {
        self.answer("RebootDBInstance", id.as_str(), |world| {
            self.changeable(world, id)?;
            let stages = world.lifecycle.restart();
            world.schedule(&self.region, id.as_str(), stages);
            Ok(((), Effect::Changed))
        })
    }

    async fn stop(&self, id: &InstanceId) -> Result<(), Error> {
        self.answer("StopDBInstance", id.as_str(), |world| self.halt(world, id))
    }

    async fn create_replica(&self, request: &CreateReplica) -> Result<DbInstance, Error> {
        let operation = "CreateDBInstanceReadReplica";
        self.answer(operation, request.id.as_str(), |world| {
            self.replicate(world, request)
        })
    }

    async fn add_tags(&self, arn: &str, tags: &[(String, String)]) -> Result<(), Error> {
        let id = arn.rsplit(':').next().unwrap_or_default();
        self.answer("AddTagsToResource", id, |world| {
            if world.truth(&self.region, id).is_none() {
                return Err(Refusal::not_found(id));
            }
            world.edit(&self.region, id, |it| it.tags.extend(tags.iter().cloned()));
            Ok(((), Effect::Changed))
        })
    }
}
