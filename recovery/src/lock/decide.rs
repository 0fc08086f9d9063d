//! The lock's decisions; pure.

use std::time::Duration;

use super::body::Body;
use crate::store::Stored;

/// Intervals without a heartbeat after which a lock may be taken over.
pub const SILENT_INTERVALS: u32 = 3;

/// How long a proved renewal lets its owner act: a little less than the silence that a watcher waits for, because two
/// clocks do not run at exactly the same speed.
pub fn lease(interval: Duration) -> Duration {
    (interval * SILENT_INTERVALS).saturating_sub(interval / 4)
}

/// Whether an act that may be under way for this long can start with so much lease left.
pub fn may_act(lease_left: Duration, attempt_timeout: Duration) -> bool {
    lease_left > attempt_timeout
}

/// Whose lock it is that a write met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Ours, by this very write.
    ThisWrite,
    /// Ours, by another write whose answer was lost.
    OtherWrite,
    /// Nobody's any more.
    Gone,
    /// Somebody else's.
    Theirs,
}

/// Reads back after a condition did not hold: it may have been our own success.
pub(super) fn whose(mine: &Body, stored: Option<&Stored>) -> Whose {
    let Some(stored) = stored else {
        return Whose::Gone;
    };
    match Body::read(stored) {
        Some(body) if body.token != mine.token => Whose::Theirs,
        Some(body) if body.beat == mine.beat => Whose::ThisWrite,
        Some(_) => Whose::OtherWrite,
        None => Whose::Theirs,
    }
}

/// An entity tag that was seen, and when by the watcher's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Watch {
    pub(super) etag: String,
    /// A moment after the tag was read.
    pub(super) since: Duration,
}

/// What a watcher knows of the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// It has written since.
    Alive,
    /// Silent, but not for long enough.
    Waiting(Duration),
    /// Silent for three intervals.
    Silent(Duration),
}

impl Watch {
    /// Judges a tag that was just read.
    pub(super) fn judge(&self, etag: &str, interval: Duration, now: Duration) -> Sign {
        let watched = now.saturating_sub(self.since);
        let needed = interval * SILENT_INTERVALS;
        if etag != self.etag {
            Sign::Alive
        } else if watched >= needed {
            Sign::Silent(watched)
        } else {
            Sign::Waiting(needed.saturating_sub(watched))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn body(token: &str, beat: u64) -> Body {
        Body {
            schema: 1,
            plan: "orders".into(),
            execution: "e1".into(),
            actor: "alice".into(),
            token: token.into(),
            beat,
            interval_millis: 10_000,
            since: None,
        }
    }

    fn stored(body: &[u8]) -> Stored {
        Stored {
            body: body.to_vec(),
            etag: "\"1\"".into(),
            date: None,
        }
    }

    #[test]
    fn a_write_that_met_itself_is_told_from_one_that_met_another() {
        let mine = body("a", 4);
        for (there, whose_it_is) in [
            (Some(body("a", 4).bytes()), Whose::ThisWrite),
            (Some(body("a", 3).bytes()), Whose::OtherWrite),
            (Some(body("b", 4).bytes()), Whose::Theirs),
            (Some(b"not a lock".to_vec()), Whose::Theirs),
            (None, Whose::Gone),
        ] {
            let there = there.map(|bytes| stored(&bytes));
            assert_eq!(whose(&mine, there.as_ref()), whose_it_is, "{there:?}");
        }
    }

    #[test]
    fn silence_counts_from_the_first_sight_and_any_write_ends_it() {
        let second = Duration::from_secs;
        let watch = Watch {
            etag: "1".into(),
            since: second(100),
        };
        let judge = |etag, at| watch.judge(etag, second(10), second(at));
        assert_eq!(judge("1", 100), Sign::Waiting(second(30)));
        assert_eq!(judge("1", 129), Sign::Waiting(second(1)));
        assert_eq!(judge("1", 130), Sign::Silent(second(30)));
        assert_eq!(judge("2", 131), Sign::Alive);
    }

    proptest! {
        /// Whatever happens in between: an act that may start ends before anybody may take the lock over.
        #[test]
        fn an_act_has_ended_when_the_takeover_begins(
            interval in 1_u64..600_000, sent in 0_u64..1_000_000, seen_after in 0_u64..1_000_000,
            starts_after in 0_u64..2_000_000, timeout in 0_u64..2_000_000,
        ) {
            let millis = Duration::from_millis;
            let interval = millis(interval);
            let start = millis(sent + starts_after);
            let left = (millis(sent) + lease(interval)).saturating_sub(start);
            let watch = Watch { etag: "1".into(), since: millis(sent + seen_after) };
            if may_act(left, millis(timeout)) {
                let end = start + millis(timeout);
                prop_assert!(matches!(watch.judge("1", interval, end), Sign::Waiting(_)));
            }
        }
    }
}
