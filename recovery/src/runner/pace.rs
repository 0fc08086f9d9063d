//! How fast a run polls and how long it is patient.

use std::time::Duration;

/// The waits of a run. The defaults suit AWS; tests and the lab shorten them.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The first pause between two looks.
    pub first_pause: Duration,
    /// The longest pause between two looks.
    pub longest_pause: Duration,
    /// The bound of any single call, above the client's own timeouts: a safety net for a peer that never answers.
    pub call_timeout: Duration,
    /// The bound of one attempt of an act that cannot be undone: no more than the lock's lease allows.
    pub act_timeout: Duration,
    /// The oldest look that an act may rest on, counted from its answer: whoever was held up in between looks again.
    pub freshness: Duration,
    /// How long what the gates ask for is asked again when it fails for a passing reason, before it counts as unknown.
    pub measure_patience: Duration,
    /// How long an endpoint that cannot be connected to is tried while nothing was begun.
    pub reach_patience: Duration,
    /// Seed of the jitter; `None` draws one.
    pub seed: Option<u64>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(15),
            call_timeout: Duration::from_secs(90),
            act_timeout: Duration::from_secs(90),
            freshness: Duration::from_secs(15),
            measure_patience: Duration::from_mins(2),
            reach_patience: Duration::from_mins(2),
            seed: None,
        }
    }
}

impl Pace {
    /// The pause after `polls` earlier ones: doubling, at most [`Pace::longest_pause`], with jitter over its upper half
    /// so that many runs do not ask in step.
    pub(crate) fn pause(&self, polls: u32, random: &mut fastrand::Rng) -> Duration {
        let doubled = self
            .first_pause
            .saturating_mul(2_u32.saturating_pow(polls.min(16)));
        let full = doubled.min(self.longest_pause);
        full / 2 + (full / 2).mul_f64(random.f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_longest_one_and_never_past_it() {
        let pace = Pace::default();
        let mut random = fastrand::Rng::with_seed(7);
        for polls in 0..200 {
            let pause = pace.pause(polls, &mut random);
            assert!(pause <= pace.longest_pause, "{polls}: {pause:?}");
            assert!(pause >= pace.first_pause / 2, "{polls}: {pause:?}");
        }
        assert!(pace.pause(10, &mut random) >= pace.longest_pause / 2);
    }
}
