//! Which fault meets which call.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::{Error, ErrorKind, Region};

/// What can happen to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused as one too many; never takes effect.
    Throttle,
    /// 503 instead of being done.
    ServerErrorBeforeEffect,
    /// 500 although it was done.
    ServerErrorAfterEffect,
    /// The connection breaks before the service does it.
    ResetBeforeEffect,
    /// The connection breaks after the service did it.
    ResetAfterEffect,
    /// It never arrives and nothing ever comes back.
    BlackHoleBeforeEffect,
    /// It is done and nothing ever comes back.
    BlackHoleAfterEffect,
    /// The caller may not.
    AccessDenied,
    /// The region does not answer at all.
    RegionLost,
}

impl Fault {
    /// Faults that pass: what a seeded schedule draws from unless told otherwise.
    pub const PASSING: [Fault; 7] = [
        Fault::Throttle,
        Fault::ServerErrorBeforeEffect,
        Fault::ServerErrorAfterEffect,
        Fault::ResetBeforeEffect,
        Fault::ResetAfterEffect,
        Fault::BlackHoleBeforeEffect,
        Fault::BlackHoleAfterEffect,
    ];

    /// Whether the service does what it was asked although the caller never learns of it.
    pub fn lets_the_call_arrive(self) -> bool {
        matches!(
            self,
            Fault::ServerErrorAfterEffect | Fault::ResetAfterEffect | Fault::BlackHoleAfterEffect
        )
    }

    /// What the caller sees.
    pub(super) fn error(
        self,
        service: &str,
        operation: &str,
        region: &Region,
        number: usize,
    ) -> Error {
        let denied = format!(
            "User: arn:aws:iam::123456789012:user/operator is not authorized to perform: {service}:{operation} on this resource"
        );
        let (kind, code, message) = match self {
            Fault::Throttle => (ErrorKind::Throttled, Some("Throttling"), "Rate exceeded"),
            Fault::ServerErrorBeforeEffect => (
                ErrorKind::Unavailable,
                Some("ServiceUnavailable"),
                "the service is not available",
            ),
            Fault::ServerErrorAfterEffect => (
                ErrorKind::Unavailable,
                Some("InternalFailure"),
                "an internal error occurred",
            ),
            Fault::ResetBeforeEffect | Fault::ResetAfterEffect => {
                (ErrorKind::Timeout, None, "connection reset by peer")
            }
            Fault::BlackHoleBeforeEffect | Fault::BlackHoleAfterEffect => {
                (ErrorKind::Timeout, None, "no answer in time")
            }
            Fault::AccessDenied => (
                ErrorKind::AccessDenied,
                Some("AccessDenied"),
                denied.as_str(),
            ),
            Fault::RegionLost => (
                ErrorKind::Unreachable,
                None,
                "the endpoint cannot be connected to",
            ),
        };
        // Only what AWS answered has an id.
        let request_id = code.map(|_| format!("fault-{number}"));
        Error {
            kind,
            service: service.to_owned(),
            operation: operation.to_owned(),
            region: region.to_string(),
            code: code.map(str::to_owned),
            message: message.to_owned(),
            request_id,
        }
    }
}

/// Which fault meets which call.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// What all draws follow from.
    pub seed: u64,
    /// Share of calls that meet a fault, in percent.
    pub percent: u32,
    /// At most this many drawn faults in all, so that a run comes to an end.
    pub most: u32,
    /// What is drawn from; none is drawn where it is empty.
    pub faults: Vec<Fault>,
    /// Latency of a call, in milliseconds.
    pub latency_millis: RangeInclusive<u64>,
    /// When a client gives up a call that vanished. `None`: never, the caller has to.
    pub attempt_timeout: Option<Duration>,
    /// When a client gives up connecting to a lost region.
    pub connect_timeout: Duration,
    /// Calls that meet a fault for sure: operation, number from 0 in its region, fault.
    pub script: Vec<(String, u64, Fault)>,
}

impl Schedule {
    /// No faults, no latency, but what is added with [`then`](Schedule::then).
    pub fn calm() -> Self {
        Schedule {
            seed: 0,
            percent: 0,
            most: u32::MAX,
            faults: Fault::PASSING.to_vec(),
            latency_millis: 0..=0,
            attempt_timeout: Some(Duration::from_secs(15)),
            connect_timeout: Duration::from_secs(3),
            script: Vec::new(),
        }
    }

    /// `percent` of the calls meet a passing fault, twenty at most, and each takes up to two seconds.
    pub fn seeded(seed: u64, percent: u32) -> Self {
        Schedule {
            seed,
            percent,
            most: 20,
            latency_millis: 5..=2000,
            ..Schedule::calm()
        }
    }

    /// The call number `number` (from 0, of its region) of an operation meets this fault.
    #[must_use]
    pub fn then(mut self, operation: &str, number: u64, fault: Fault) -> Self {
        self.script.push((operation.to_owned(), number, fault));
        self
    }

    pub(super) fn scripted(&self, operation: &str, number: u64) -> Option<Fault> {
        let mut script = self.script.iter();
        script
            .find(|(o, n, _)| o == operation && *n == number)
            .map(|(_, _, fault)| *fault)
    }

    pub(super) fn draw(
        &self,
        operation: &str,
        region: &Region,
        number: u64,
    ) -> (Option<Fault>, Duration) {
        let text = operation
            .bytes()
            .chain([b' '])
            .chain(region.as_str().bytes());
        let mixed = text.chain(number.to_le_bytes()).fold(
            self.seed ^ 0xcbf2_9ce4_8422_2325,
            |hash, byte| {
                // FNV-1a: any mixing does, as long as it stays the same.
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            },
        );
        let mut random = fastrand::Rng::with_seed(mixed);
        let latency = Duration::from_millis(random.u64(self.latency_millis.clone()));
        let hit = random.u32(0..100) < self.percent;
        let fault = random.choice(&self.faults).copied().filter(|_| hit);
        (fault, latency)
    }
}
