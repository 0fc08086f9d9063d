//! What earlier executions tell: when the plan was last tried, and what one left open.

use std::time::Duration;

use jiff::Timestamp;
use recovery::engine::{Fencing, Record};
use recovery::message::Message;

use super::bundle::days;
use super::{Chart, Verdict};
use crate::world::World;

/// A plan that nobody tried for longer than this is not known to work: estates change.
const OLDEST: Duration = Duration::from_hours(180 * 24);

pub(super) async fn check(world: &World, chart: &mut Chart) {
    let (last, fencing) = match world.around.past().await {
        Ok(past) => (last(past.newest.as_ref(), world.clock.now()), past.fencing),
        Err(message) => (
            Verdict::NotKnown(message.clone()),
            Fencing::NotKnown(message.seen),
        ),
    };
    chart.tell("the last execution", &last);
    let open = match (&fencing, fencing.problem()) {
        (_, None) => Verdict::Ok,
        (Fencing::NotKnown(_), Some(message)) => Verdict::NotKnown(message),
        (_, Some(message)) => Verdict::Broken(message),
    };
    chart.tell("old writers are fenced", &open);
}

/// Pure: how the newest execution stands.
fn last(newest: Option<&Record>, now: Timestamp) -> Verdict {
    const TRY: &str = "try it by a switchover in a quiet hour: drctl run --mode switchover --to REGION (drills are refused until they \
                       are isolated)";
    let expected = "an execution that ended done, at most 180 days ago";
    let Some(newest) = newest else {
        let seen = "no execution yet: nobody has tried this plan";
        return Verdict::Warning(Message::new(seen, expected, TRY));
    };
    let id = &newest.id;
    let declared = newest.state.declared.as_ref();
    let mode = declared.map_or_else(String::new, |it| format!("{} ", it.mode));
    if !newest.is_over() {
        let seen = format!("the {mode}{id} has no end: {}", newest.status());
        let next =
            format!("drctl status shows it; drctl resume {id} goes on, drctl abort {id} ends it");
        return Verdict::Warning(Message::new(seen, expected, next));
    }
    let ended = newest.state.ended.as_ref().and_then(|(_, at)| *at);
    let Some(ended) = ended.or(declared.map(|it| it.declared_at)) else {
        let seen = format!("the {mode}{id} does not say when it ended");
        return Verdict::NotKnown(Message::new(seen, expected, TRY));
    };
    let age = Duration::try_from(now.duration_since(ended)).unwrap_or_default();
    if newest.status() == "aborted" {
        let seen = format!("the {mode}{id} was aborted {} ago", days(age));
        return Verdict::Warning(Message::new(seen, expected, TRY));
    }
    if age > OLDEST {
        let seen = format!("the {mode}{id} ended {} ago", days(age));
        return Verdict::Warning(Message::new(seen, expected, TRY));
    }
    Verdict::Ok
}
