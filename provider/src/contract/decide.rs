//! The decision itself: rows in the order in which they count (11, 12, 10, 14, 9, 13, 15, then 1 to 8).

use super::{Decision, Prior, Situation, WhenLost, World};

/// Decides what a plan shows and an apply does in this situation.
///
/// Total: every situation has an answer, and the answer for "cannot be known yet" is to defer, never to act.
pub(crate) fn decide(situation: &Situation<'_>) -> Decision {
    if situation.destroying {
        return match situation.under_way {
            Some(target) => Decision::Busy {
                target: target.to_owned(),
            },
            None => Decision::Forget,
        };
    }
    let Some(configured) = situation.configured else {
        return Decision::Defer;
    };
    match (situation.world, situation.under_way) {
        (_, Some(target)) if target != configured => Decision::Busy {
            target: target.to_owned(),
        },
        (World::Unreachable, _) => Decision::Unreachable,
        (World::NotYet, _) => Decision::Defer,
        (_, Some(_)) => Decision::Resume,
        (World::Lost, None) => lost(situation, configured),
        (World::Role(observed), None) => known(situation, configured, observed),
    }
}

/// Row 13: nobody can ask the world.
fn lost(situation: &Situation<'_>, configured: &str) -> Decision {
    match situation.prior {
        Some(prior) if prior.last_applied == configured => Decision::KeepUnseen,
        _ if situation.when_lost == WhenLost::Proceed => Decision::Execute,
        _ => Decision::LostHere,
    }
}

/// Rows 15 and 1 to 8 (12 where the state was imported): configured and observed role are both known.
fn known(situation: &Situation<'_>, configured: &str, observed: &str) -> Decision {
    let settled = situation
        .prior
        .is_some_and(|prior| prior.last_applied == configured);
    if !settled && observed != configured && !(situation.possible)(observed, configured) {
        return Decision::Impossible {
            observed: observed.to_owned(),
        };
    }
    let (named, as_configured) = (situation.from == Some(observed), observed == configured);
    let vouched = named
        || situation
            .prior
            .is_some_and(|prior| expected(prior, observed));
    let observed = observed.to_owned();
    match (situation.prior.is_some(), settled, as_configured) {
        (false, _, true) => Decision::Adopt,
        (true, true, true) => Decision::Keep,
        (true, true, false) => Decision::ChangedOutside { observed },
        (true, false, true) => Decision::Follow,
        (_, _, false) if vouched => Decision::Execute,
        (_, _, false) => Decision::NameTheRole { observed },
    }
}

/// Whether the world is as we left it. An import only copied the world, so it vouches for nothing.
fn expected(prior: Prior<'_>, observed: &str) -> bool {
    !prior.imported && prior.last_applied == observed
}
