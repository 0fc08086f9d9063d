//! A circuit breaker: whoever does not answer twice in a row is not asked for a while, so that a region that is lost costs
//! two waits and not one for every call. Pure; time comes from outside.
//!
//! Services of a region that have never answered this process are one party: where two of their calls went unanswered, and
//! another region does answer, the third would hardly do better. Where nobody answers it is our own network, and
//! everybody is asked as patiently as ever. A service that has answered counts for itself alone, and never suffers for others.
//! S3, once it has answered, is always asked: lock and journal are there, they bound their calls themselves, and a lease
//! must not run out because of a pause of ours.
//!
//! What is refused here was not sent: [`Unreachable`](crate::ErrorKind::Unreachable), never an unclear answer.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// So many calls in a row that were not answered.
const ENOUGH: u32 = 2;
/// The first pause; each later one is twice as long.
const FIRST: Duration = Duration::from_secs(5);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(30);

/// Who is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Party {
    /// The region of the signature; the host of a call without one.
    pub(super) region: String,
    /// The service of the signature.
    pub(super) service: String,
}

/// Whether a call may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// It may.
    Granted,
    /// It may, and alone: it shows whether the party answers again.
    Probe,
    /// It may not, for so long.
    Refused(Duration),
}

/// One circuit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Circuit {
    unanswered: u32,
    pause: Duration,
    open_until: Option<Duration>,
    probing: bool,
}

impl Circuit {
    fn ask(&mut self, now: Duration) -> Leave {
        match self.open_until {
            None => Leave::Granted,
            Some(until) if now < until => Leave::Refused(until.saturating_sub(now)),
            // Somebody is finding out.
            Some(_) if self.probing => Leave::Refused(Duration::ZERO),
            Some(_) => {
                self.probing = true;
                Leave::Probe
            }
        }
    }

    fn unanswered(&mut self, now: Duration, may_open: bool) {
        self.unanswered = self.unanswered.saturating_add(1);
        // Calls that were sent before it opened say nothing new.
        let under_way = self.open_until.is_some() && !self.probing;
        if self.unanswered < ENOUGH || under_way || !may_open {
            return;
        }
        self.probing = false;
        self.pause = if self.pause.is_zero() {
            FIRST
        } else {
            (self.pause * 2).min(LONGEST)
        };
        self.open_until = Some(now + self.pause);
    }
}

/// All circuits of a process.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    /// Of services that have answered.
    services: BTreeMap<Party, Circuit>,
    /// Of all others, by region.
    regions: BTreeMap<String, Circuit>,
    /// Where somebody has answered.
    heard: BTreeSet<String>,
}

impl Breaker {
    /// Asks for leave to call. Whoever gets it tells later how it went.
    pub(super) fn ask(&mut self, party: &Party, now: Duration) -> Leave {
        self.circuit(party).map_or(Leave::Granted, |it| it.ask(now))
    }

    /// The party answered, whatever it said.
    pub(super) fn answered(&mut self, party: &Party) {
        self.services.insert(party.clone(), Circuit::default());
        self.regions.remove(&party.region);
        self.heard.insert(party.region.clone());
    }

    /// No connection came about, or nothing came back in time.
    pub(super) fn unanswered(&mut self, party: &Party, now: Duration) {
        let own = self.services.contains_key(party);
        let elsewhere = self.heard.iter().any(|region| *region != party.region);
        if let Some(circuit) = self.circuit(party) {
            circuit.unanswered(now, own || elsewhere);
        }
    }

    /// The call ended for another reason, such as somebody who stopped waiting: it tells nothing.
    pub(super) fn untold(&mut self, party: &Party) {
        if let Some(circuit) = self.circuit(party) {
            circuit.probing = false;
        }
    }

    /// `None` for who is always asked.
    fn circuit(&mut self, party: &Party) -> Option<&mut Circuit> {
        match self.services.get_mut(party) {
            Some(_) if party.service == "s3" => None,
            Some(circuit) => Some(circuit),
            None => Some(self.regions.entry(party.region.clone()).or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(region: &str, service: &str) -> Party {
        Party {
            region: region.to_owned(),
            service: service.to_owned(),
        }
    }

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// A breaker that two services of a region, neither of which ever answered, have opened at ten seconds.
    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        breaker.answered(&party("us-west-2", "sts"));
        for (service, now) in [("s3", 5), ("sts", 10)] {
            let party = party("us-east-1", service);
            assert_eq!(breaker.ask(&party, at(0)), Leave::Granted);
            breaker.unanswered(&party, at(now));
        }
        breaker
    }

    #[test]
    fn a_region_that_never_answered_is_not_asked_after_two_calls_of_any_service() {
        let mut breaker = opened();
        for service in ["s3", "rds", "sts"] {
            let leave = breaker.ask(&party("us-east-1", service), at(11));
            assert_eq!(leave, Leave::Refused(at(4)), "{service}");
        }
        let other = party("us-west-2", "s3");
        assert_eq!(breaker.ask(&other, at(11)), Leave::Granted);
    }

    #[test]
    fn where_nobody_answers_everybody_is_asked_as_ever() {
        let mut breaker = Breaker::default();
        let (east, west) = (party("us-east-1", "s3"), party("us-west-2", "s3"));
        for second in 1..10 {
            breaker.unanswered(&east, at(second));
            breaker.unanswered(&west, at(second));
            assert_eq!(breaker.ask(&east, at(second)), Leave::Granted);
            assert_eq!(breaker.ask(&west, at(second)), Leave::Granted);
        }
        // As soon as one answers the other one is the exception.
        breaker.answered(&west);
        breaker.unanswered(&east, at(11));
        assert_eq!(breaker.ask(&east, at(11)), Leave::Refused(at(5)));
        assert_eq!(breaker.ask(&west, at(11)), Leave::Granted);
    }

    #[test]
    fn one_call_finds_out_and_an_answer_closes_it() {
        let mut breaker = opened();
        let (rds, s3) = (party("us-east-1", "rds"), party("us-east-1", "s3"));
        assert_eq!(breaker.ask(&rds, at(15)), Leave::Probe);
        assert_eq!(breaker.ask(&s3, at(15)), Leave::Refused(at(0)));
        breaker.answered(&rds);
        assert_eq!(breaker.ask(&s3, at(16)), Leave::Granted);
        assert_eq!(breaker.ask(&rds, at(16)), Leave::Granted);
        // One that is not answered is none in a row.
        breaker.unanswered(&rds, at(17));
        assert_eq!(breaker.ask(&rds, at(17)), Leave::Granted);
    }

    #[test]
    fn pauses_grow_up_to_the_longest_while_nobody_answers() {
        let mut breaker = opened();
        let party = party("us-east-1", "sts");
        let mut now = at(15);
        for pause in [10, 20, 30, 30] {
            assert_eq!(breaker.ask(&party, now), Leave::Probe);
            breaker.unanswered(&party, now);
            let leave = breaker.ask(&party, now);
            assert_eq!(leave, Leave::Refused(at(pause)));
            now += at(pause);
        }
    }

    #[test]
    fn a_probe_that_nobody_waited_for_leaves_the_next_one_to_find_out() {
        let mut breaker = opened();
        let party = party("us-east-1", "sts");
        assert_eq!(breaker.ask(&party, at(15)), Leave::Probe);
        breaker.untold(&party);
        assert_eq!(breaker.ask(&party, at(15)), Leave::Probe);
    }

    #[test]
    fn calls_that_were_under_way_when_it_opened_do_not_prolong_the_pause() {
        let mut breaker = opened();
        let party = party("us-east-1", "s3");
        breaker.unanswered(&party, at(12));
        assert_eq!(breaker.ask(&party, at(12)), Leave::Refused(at(3)));
    }

    #[test]
    fn a_service_that_has_answered_counts_for_itself_alone() {
        let mut breaker = Breaker::default();
        let (rds, ecs, sts) = (
            party("us-east-1", "rds"),
            party("us-east-1", "ecs"),
            party("us-east-1", "sts"),
        );
        breaker.answered(&party("us-west-2", "sts"));
        breaker.answered(&rds);
        breaker.answered(&ecs);
        breaker.unanswered(&rds, at(1));
        breaker.unanswered(&rds, at(2));
        assert_eq!(breaker.ask(&rds, at(3)), Leave::Refused(at(4)));
        assert_eq!(breaker.ask(&ecs, at(3)), Leave::Granted);
        assert_eq!(breaker.ask(&sts, at(3)), Leave::Granted);
        // Nor does it suffer for those that never did.
        breaker.unanswered(&sts, at(4));
        breaker.unanswered(&sts, at(5));
        assert_eq!(breaker.ask(&sts, at(6)), Leave::Refused(at(4)));
        assert_eq!(breaker.ask(&ecs, at(6)), Leave::Granted);
        // An answer of anybody there gives them a chance at once.
        breaker.answered(&ecs);
        assert_eq!(breaker.ask(&sts, at(6)), Leave::Granted);
    }

    #[test]
    fn s3_that_has_answered_is_always_asked() {
        let mut breaker = Breaker::default();
        let s3 = party("us-west-2", "s3");
        breaker.answered(&s3);
        for second in 0..10 {
            breaker.unanswered(&s3, at(second));
            assert_eq!(breaker.ask(&s3, at(second)), Leave::Granted);
        }
    }
}
