//! The simulated world: one replica and its source in another region, the lag metric, and seeded faults.
//!
//! It is adversarial where AWS is vague: after an accepted promotion `available` with the source still set goes on for
//! a while, `available` shows again before the promotion is finished, and settings show later than they were accepted.
//! It also knows the truth, which the invariants are checked against.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use aws::cloudwatch::{LagPoint, ReplicaLag};
use aws::rds::{DbInstance, InstanceId, ModifyDbInstance, PromoteReadReplica, RdsInstances};
use aws::sts::{Caller, CallerIdentity};
use aws::{Aws, Error, ErrorKind, Region};
use jiff::Timestamp;
use recovery::steps::rds_promote_replica::Settings;

use crate::clock::SimulatedClock;
use crate::scenario::Scenario;
use crate::shapes::{error, instance};

/// One thing that happened, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A run of the engine began.
    RunStarts,
    /// The run was asked to stop.
    Cancelled,
    /// A call left: operation, when.
    Call(&'static str, Duration),
    /// The call took effect.
    Effect(&'static str),
    /// The call was answered: well, or with this kind of error.
    Answer(&'static str, Result<(), ErrorKind>),
}

struct State {
    random: fastrand::Rng,
    faults_left: u32,
    promoted: Option<(Duration, Option<u8>)>,
    modified: Option<(Duration, Settings)>,
    log: Vec<Event>,
    denied: Option<(&'static str, ErrorKind)>,
}

/// The world, shared by all its regions.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) clock: SimulatedClock,
    pub(crate) scenario: Scenario,
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Throttle,
    ServerError,
    Reset,
    BlackHole,
}

impl World {
    pub(crate) fn new(scenario: Scenario) -> Self {
        let state = State {
            random: fastrand::Rng::with_seed(scenario.seed),
            faults_left: scenario.most_faults,
            promoted: None,
            modified: None,
            log: Vec::new(),
            denied: None,
        };
        Self {
            clock: SimulatedClock::default(),
            scenario,
            state: Arc::new(Mutex::new(state)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic holds the lock")
    }

    /// Every call of this operation is answered with this error.
    pub(crate) fn deny(&self, operation: &'static str, kind: ErrorKind) {
        self.state().denied = Some((operation, kind));
    }

    pub(crate) fn note(&self, event: Event) {
        self.state().log.push(event);
    }

    pub(crate) fn log(&self) -> Vec<Event> {
        self.state().log.clone()
    }

    /// Whether the replica is by now a writer with everything asked for: the truth, not what is shown.
    pub(crate) fn is_truly_done(&self) -> bool {
        let state = self.state();
        let Some((at, retention)) = state.promoted else {
            return false;
        };
        let now = self.clock.elapsed();
        let finished = now >= at + self.scenario.stages.iter().sum::<Duration>();
        let asked = &self.scenario.settings;
        let settled = |after: &Settings| {
            after.multi_az == asked.multi_az
                && after.deletion_protection == asked.deletion_protection
        };
        // Only the standby takes time; protection is on at once.
        let pending = if asked.multi_az.is_some() {
            self.scenario.pending
        } else {
            Duration::ZERO
        };
        let rest = *asked == asked.taken_by_promotion()
            || matches!(&state.modified, Some((at, after)) if now >= *at + pending && settled(after));
        finished && retention == asked.backup_retention_days && rest
    }

    /// One call: latency, perhaps a fault before the effect, the effect, perhaps a fault after it.
    async fn call<T>(
        &self,
        operation: &'static str,
        effect: impl FnOnce(&mut State) -> Result<T, ErrorKind>,
    ) -> Result<T, Error> {
        let answer = self.answer(self.begin(operation), operation, effect).await;
        let word = answer.as_ref().map(|_| ()).map_err(|kind| *kind);
        self.note(Event::Answer(operation, word));
        answer.map_err(|kind| error(kind, operation))
    }

    async fn answer<T>(
        &self,
        (fault, after, latency): (Fault, bool, Duration),
        operation: &'static str,
        effect: impl FnOnce(&mut State) -> Result<T, ErrorKind>,
    ) -> Result<T, ErrorKind> {
        self.clock.wait(latency).await;
        if !after {
            self.fault(fault).await?;
        }
        let value = {
            let mut state = self.state();
            match state.denied {
                Some((denied, kind)) if denied == operation => return Err(kind),
                _ => effect(&mut state)?,
            }
        };
        self.clock.wait(latency / 2).await;
        if after {
            self.fault(fault).await?;
        }
        Ok(value)
    }

    fn begin(&self, operation: &'static str) -> (Fault, bool, Duration) {
        let now = self.clock.elapsed();
        let mut state = self.state();
        state.log.push(Event::Call(operation, now));
        // Acts are rarer than looks and what goes wrong with them matters more.
        let act = matches!(operation, "promote" | "modify");
        let percent = self.scenario.fault_percent + if act { 40 } else { 0 };
        let mut fault = Fault::None;
        if state.faults_left > 0 && state.random.u32(0..100) < percent {
            state.faults_left -= 1;
            fault = match state.random.u32(0..4) {
                0 => Fault::Throttle,
                1 => Fault::ServerError,
                2 => Fault::Reset,
                _ => Fault::BlackHole,
            };
        }
        // A throttled call never takes effect; any other fault may come before or after the effect.
        let after = fault != Fault::Throttle && state.random.bool();
        (
            fault,
            after,
            Duration::from_millis(state.random.u64(5..2000)),
        )
    }

    async fn fault(&self, fault: Fault) -> Result<(), ErrorKind> {
        match fault {
            Fault::None => Ok(()),
            Fault::Throttle => Err(ErrorKind::Throttled),
            Fault::ServerError => Err(ErrorKind::Unavailable),
            Fault::Reset => Err(ErrorKind::Timeout),
            Fault::BlackHole => {
                self.clock.wait(Duration::from_hours(24)).await;
                Err(ErrorKind::Timeout)
            }
        }
    }

    /// What RDS shows of the replica now.
    fn shown(&self, state: &State) -> DbInstance {
        let now = self.clock.elapsed();
        let Some((at, retention)) = state.promoted else {
            let busy = now < self.scenario.backing_up;
            return instance(
                if busy { "backing-up" } else { "available" },
                true,
                Some("replicating"),
            );
        };
        let mut end = at;
        let stage = self.scenario.stages.iter().position(|stage| {
            end += *stage;
            now < end
        });
        let mut shown = match stage {
            Some(0) => return instance("available", true, Some("replicating")),
            Some(1) => return instance("modifying", true, Some("replicating")),
            Some(2) => return instance("rebooting", self.scenario.seed.is_multiple_of(2), None),
            Some(3) => return self.shown_too_early(),
            Some(_) => instance("backing-up", false, None),
            None => instance("available", false, None),
        };
        shown.backup_retention_days = retention.unwrap_or(1);
        if let Some((at, after)) = &state.modified {
            if now < *at + self.scenario.pending {
                shown.pending.multi_az = after.multi_az;
            } else {
                shown.multi_az = after.multi_az.unwrap_or(false);
            }
            shown.deletion_protection = after.deletion_protection.unwrap_or(false);
        }
        shown
    }

    /// Available, without a source, and yet not finished: each time another part of the done condition tells.
    fn shown_too_early(&self) -> DbInstance {
        let mut shown = instance("available", false, None);
        match self.scenario.seed % 3 {
            0 if self.scenario.settings.backup_retention_days.is_some() => {}
            1 => shown
                .pending
                .others
                .push("BackupRetentionPeriod".to_owned()),
            _ => shown = instance("available", false, Some("terminated")),
        }
        shown
    }
}

/// One service of one region; the flag says whether it is the source's.
struct Rds(World, bool);

#[async_trait]
impl RdsInstances for Rds {
    async fn describe(&self, _: &InstanceId) -> Result<DbInstance, Error> {
        let world = &self.0;
        if self.1 {
            return world
                .call("describe source", |_| {
                    Ok(instance("available", false, None))
                })
                .await;
        }
        world.call("describe", |state| Ok(world.shown(state))).await
    }

    async fn promote_read_replica(
        &self,
        request: &PromoteReadReplica,
    ) -> Result<DbInstance, Error> {
        let world = &self.0;
        let retention = request.backup_retention_days;
        world
            .call("promote", |state| {
                let now = world.clock.elapsed();
                if state.promoted.is_some() || now < world.scenario.backing_up {
                    return Err(ErrorKind::InvalidState);
                }
                state.promoted = Some((now, retention));
                state.log.push(Event::Effect("promote"));
                Ok(world.shown(state))
            })
            .await
    }

    async fn modify(&self, request: &ModifyDbInstance) -> Result<DbInstance, Error> {
        let world = &self.0;
        let settings = Settings {
            backup_retention_days: request.backup_retention_days,
            multi_az: request.multi_az,
            deletion_protection: request.deletion_protection,
            ..Settings::default()
        };
        world
            .call("modify", |state| {
                let now = world.clock.elapsed();
                let done = state
                    .promoted
                    .map(|(at, _)| at + world.scenario.stages.iter().sum::<Duration>());
                if done.is_none_or(|done| now < done) {
                    return Err(ErrorKind::InvalidState);
                }
                if state.modified.is_none() {
                    state.modified = Some((now, settings));
                    state.log.push(Event::Effect("modify"));
                }
                Ok(world.shown(state))
            })
            .await
    }
}

#[async_trait]
impl ReplicaLag for Rds {
    async fn datapoints(
        &self,
        _: &str,
        from: Timestamp,
        to: Timestamp,
        _: u32,
    ) -> Result<Vec<LagPoint>, Error> {
        let world = &self.0;
        let at = aws::clock::Clock::now(&world.clock)
            - jiff::SignedDuration::from_secs(world.scenario.lag_age);
        let points = world.scenario.lag.map(|seconds| LagPoint { at, seconds });
        world
            .call("lag", |_| {
                Ok(points
                    .into_iter()
                    .filter(|point| point.at >= from && point.at < to)
                    .collect())
            })
            .await
    }
}

#[async_trait]
impl CallerIdentity for Rds {
    async fn caller(&self) -> Result<Caller, Error> {
        Err(error(ErrorKind::Other, "no simulation asks who is calling"))
    }
}

impl Aws for World {
    fn rds(&self, region: &Region) -> Result<Arc<dyn RdsInstances>, Error> {
        Ok(Arc::new(Rds(self.clone(), region.as_str() == "us-east-1")))
    }

    fn identity(&self, _: &Region) -> Result<Arc<dyn CallerIdentity>, Error> {
        Ok(Arc::new(Rds(self.clone(), false)))
    }

    fn replica_lag(&self, _: &Region) -> Result<Arc<dyn ReplicaLag>, Error> {
        Ok(Arc::new(Rds(self.clone(), false)))
    }
}
