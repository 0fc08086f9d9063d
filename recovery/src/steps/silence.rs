//! Regions beside the target that give no answer: they hold back nothing of the target, and are not waited for for ever.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws::clock::Clock;
use aws::{Error, ErrorKind, Region};

use super::parts::SETTLE;
use crate::message::Message;
use crate::step::Decision;

/// A region gave no answer.
#[derive(Clone, Debug)]
pub(crate) struct Silence {
    why: String,
    /// How long its endpoint could not be connected to.
    unreachable: Duration,
}

/// Since when regions cannot be connected to.
pub(crate) struct Silences {
    clock: Arc<dyn Clock>,
    since: Mutex<BTreeMap<Region, Duration>>,
}

impl Silences {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Silences {
            clock,
            since: Mutex::default(),
        }
    }

    fn since(&self) -> MutexGuard<'_, BTreeMap<Region, Duration>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[allow(clippy::result_large_err, reason = "as in the traits of AWS")]
    /// An answer of a region as it is; a passing error of one as its silence.
    ///
    /// # Errors
    /// What does not pass by itself.
    pub(crate) fn hear<T>(
        &self,
        region: &Region,
        answer: Result<T, Error>,
    ) -> Result<Result<T, Silence>, Error> {
        match answer {
            Ok(value) => {
                self.since().remove(region);
                Ok(Ok(value))
            }
            Err(error) if error.is_transient() => Ok(Err(self.note(region, &error))),
            Err(error) => Err(error),
        }
    }

    fn note(&self, region: &Region, error: &Error) -> Silence {
        let mut since = self.since();
        let now = self.clock.monotonic();
        let first = if error.kind == ErrorKind::Unreachable {
            *since.entry(region.clone()).or_insert(now)
        } else {
            since.remove(region);
            now
        };
        Silence {
            why: error.to_string(),
            unreachable: now.saturating_sub(first),
        }
    }
}

impl Silence {
    /// Waits for the region, and gives up on one that cannot be connected to for [`SETTLE`].
    pub(crate) fn decide<A>(&self, what: &str, region: &Region) -> Decision<A> {
        let text = format!("{what} in {region} does not answer: {}", self.why);
        if self.unreachable < SETTLE {
            return Decision::Wait(text);
        }
        Decision::Fail(Message::new(
            text,
            format!("an answer from {region}"),
            format!(
                "if {region} is lost, declare that: --lost {region}; else run it again when it answers"
            ),
        ))
    }
}
