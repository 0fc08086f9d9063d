//! What RDS of the fake answers.

use async_trait::async_trait;

use super::instances::World;
use super::refusal::Refusal;
use super::{Call, Effect, Local};
use crate::Error;
use crate::rds::{
    DbInstance, DbStatus, InstanceId, ModifyDbInstance, PromoteReadReplica, RdsInstances,
};

impl Local {
    /// One call: done at once, noted, and answered.
    fn answer(
        &self,
        operation: &'static str,
        id: &InstanceId,
        work: impl FnOnce(&mut World) -> Result<(DbInstance, Effect), Refusal>,
    ) -> Result<DbInstance, Error> {
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
            id: id.to_string(),
            at,
            effect,
        });
        let number = world.log.len();
        answer
            .map(|(instance, _)| instance)
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
        let changed = if after == before {
            Effect::Nothing
        } else {
            Effect::Changed
        };
        Ok((after, changed))
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
        self.answer("DescribeDBInstances", id, |world| {
            let shown = world.read(&self.region, id.as_str());
            let shown = shown.ok_or_else(|| Refusal::not_found(id.as_str()))?;
            Ok((shown, Effect::Read))
        })
    }

    async fn promote_read_replica(
        &self,
        request: &PromoteReadReplica,
    ) -> Result<DbInstance, Error> {
        self.answer("PromoteReadReplica", &request.id, |world| {
            self.promote(world, request)
        })
    }

    async fn modify(&self, request: &ModifyDbInstance) -> Result<DbInstance, Error> {
        self.answer("ModifyDBInstance", &request.id, |world| {
            self.change(world, request)
        })
    }
}
