//! How much has to run in the region that becomes active: a share of what the old region ran, or a floor.

use aws::Region;
use serde_json::{Value, json};

use crate::argument::{Argument, ArgumentType, Arguments};
use crate::kind::Case;
use crate::message::Message;

/// The share of what the old region ran.
pub(crate) const PERCENT: Argument = Argument::defaulted(
    "percent",
    ArgumentType::Integer { min: 1, max: 1000 },
    "100",
    "Percent of what the old region ran in the newest observation; rounded up.",
);

/// The least, whatever the old region ran.
pub(crate) const FLOOR: Argument = Argument::optional(
    "floor",
    ArgumentType::Integer {
        min: 1,
        max: 100_000,
    },
    "The least that has to run; also what counts when there is no observation of the old region.",
);

/// What has to run, and where the number comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// How many.
    pub(crate) count: u32,
    /// Why.
    pub(crate) basis: String,
    /// What somebody should know about it.
    pub(crate) warning: Option<String>,
}

/// The figures of a region, as [`crate::kind::Kind::measure`] gives them.
pub(crate) fn figures(running: u32, desired: u32, bounds: Option<(u32, u32)>) -> Value {
    let (minimum, maximum) = bounds.unzip();
    json!({ "running": running, "desired": desired, "minimum": minimum, "maximum": maximum })
}

/// How much is needed. Never a guess: without a usable observation and without a floor there is no answer.
pub(crate) fn need(arguments: &Arguments, case: &Case) -> Result<Need, Message> {
    let floor = arguments
        .integer("floor")
        .and_then(|floor| u32::try_from(floor).ok());
    let percent = arguments.integer("percent").unwrap_or(100);
    match (old_running(case), floor) {
        (Ok((region, running)), floor) => {
            let share = u64::from(running) * u64::try_from(percent).unwrap_or(100);
            let share = u32::try_from(share.div_ceil(100)).unwrap_or(u32::MAX);
            let floor = floor.unwrap_or(0);
            let basis =
                format!("{percent} % of the {running} that ran in {region}, at least {floor}");
            Ok(Need {
                count: share.max(floor),
                basis,
                warning: None,
            })
        }
        (Err(why), Some(floor)) => Ok(Need {
            count: floor,
            basis: "the floor".to_owned(),
            warning: Some(format!("{why}; only the floor of {floor} is asked for")),
        }),
        (Err(why), None) => Err(Message::new(
            why,
            "an observation in peace of what the old region runs, or a floor",
            "set `floor` on the step and publish the plan; in peace, keep `drctl observe` running",
        )),
    }
}

fn old_running(case: &Case) -> Result<(&Region, u32), String> {
    let from = case.from.as_ref();
    let from = from.ok_or_else(|| "nobody could tell which region was active".to_owned())?;
    let figures = case.baseline.get(from);
    let figures = figures.ok_or_else(|| format!("no observation of {from}"))?;
    let running = figures.get("running").and_then(Value::as_u64);
    match running.and_then(|running| u32::try_from(running).ok()) {
        None => Err(format!(
            "the observation of {from} does not say how much ran"
        )),
        Some(0) => Err(format!("nothing ran in {from} when it was last observed")),
        Some(running) => Ok((from, running)),
    }
}

/// The maximum does not allow what is needed.
pub(crate) fn maximum_too_small(what: &str, maximum: u32, need: &Need, how: &str) -> Message {
    Message::new(
        format!(
            "{what} may run {maximum} at most, and {} are needed ({})",
            need.count, need.basis
        ),
        format!("a maximum of {} or more", need.count),
        format!("{how}, then run it again: nothing was changed"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::bench::{case, east};

    fn asked(arguments: Value, running: Option<Value>) -> Result<Need, Message> {
        let Value::Object(members) = arguments else {
            panic!()
        };
        let mut case = case();
        case.baseline
            .extend(running.map(|figures| (east(), figures)));
        need(&Arguments::new(members), &case)
    }

    #[test]
    fn a_share_is_rounded_up_and_the_floor_holds() {
        for (percent, floor, running, count) in [
            (100, None, 4, 4),
            (50, None, 3, 2),
            (1, None, 1, 1),
            (150, None, 5, 8),
            (50, Some(3), 4, 3),
            (100, Some(3), 4, 4),
        ] {
            let arguments = json!({ "percent": percent, "floor": floor });
            let need = asked(arguments, Some(figures(running, running, None)));
            assert_eq!(need.unwrap().count, count, "{percent} {floor:?} {running}");
        }
    }

    #[test]
    fn without_a_usable_observation_only_a_floor_counts_and_is_told() {
        for figures in [
            None,
            Some(json!({})),
            Some(json!({ "running": 0 })),
            Some(json!({ "running": "4" })),
        ] {
            let refused = asked(json!({ "percent": 100 }), figures.clone()).unwrap_err();
            assert!(refused.next.contains("floor"), "{refused}");
            assert!(refused.seen.contains("us-east-1"), "{refused}");
            let need = asked(json!({ "percent": 100, "floor": 2 }), figures).unwrap();
            assert_eq!(need.count, 2);
            assert!(need.warning.unwrap().contains("floor of 2"));
        }
    }

    #[test]
    fn an_unknown_old_region_is_no_reason_to_take_another() {
        let mut case = case();
        case.from = None;
        case.baseline.insert(east(), figures(9, 9, None));
        let arguments = Arguments::default();
        assert!(need(&arguments, &case).is_err());
    }
}
