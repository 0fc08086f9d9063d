//! What differs from world to world, drawn from a seed.

use std::time::Duration;

use recovery::steps::rds_promote_replica::{STATUS_LAG, Settings};

/// The parameters of one world.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    /// The seed that it was drawn from.
    pub(crate) seed: u64,
    /// The replica is backing up, and cannot be promoted, for so long.
    pub(crate) backing_up: Duration,
    /// Lengths of the stages after the promotion took effect: available as before, modifying, rebooting, available too
    /// early, backing up.
    pub(crate) stages: [Duration; 5],
    /// How long a modification stays pending.
    pub(crate) pending: Duration,
    /// The lag in seconds; `None` where it was not measured.
    pub(crate) lag: Option<f64>,
    /// The age of the newest datapoint in seconds.
    pub(crate) lag_age: i64,
    /// Chance of a fault for each call in percent.
    pub(crate) fault_percent: u32,
    /// How many faults there are at most.
    pub(crate) most_faults: u32,
    /// The settings asked for.
    pub(crate) settings: Settings,
    /// The objective.
    pub(crate) bound: Duration,
}

impl Scenario {
    /// The scenario of a seed.
    pub(crate) fn draw(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut up_to = |seconds: u64| Duration::from_millis(random.u64(0..=seconds * 1000));
        let longest_lie = STATUS_LAG.as_secs() - 20;
        let stages = [
            up_to(longest_lie),
            up_to(120),
            up_to(60),
            up_to(60),
            up_to(180),
        ];
        let (backing_up, pending) = (up_to(120), up_to(90));
        Self {
            seed,
            backing_up: if random.u8(0..4) == 0 {
                backing_up
            } else {
                Duration::ZERO
            },
            stages,
            pending,
            lag: match random.u8(0..10) {
                0 => None,
                1 => Some(-1.0),
                2 => Some(f64::from(random.u32(301..4000))),
                _ => Some(f64::from(random.u32(0..100))),
            },
            lag_age: random.i64(0..120),
            fault_percent: random.u32(0..60),
            most_faults: random.u32(0..10),
            settings: Settings {
                backup_retention_days: random.bool().then(|| random.u8(1..=35)),
                multi_az: random.bool().then_some(true),
                deletion_protection: random.bool().then_some(true),
                ..Settings::default()
            },
            bound: Duration::from_mins(5),
        }
    }

    /// Whether a gate has to refuse, by the truth.
    pub(crate) fn must_refuse(&self) -> bool {
        self.lag
            .is_none_or(|lag| lag < 0.0 || lag > self.bound.as_secs_f64())
    }

    /// The same world without faults, with a lag that passes.
    pub(crate) fn calm(mut self) -> Self {
        self.most_faults = 0;
        self.lag = Some(3.0);
        self
    }
}
