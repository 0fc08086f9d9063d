//! Whether there is a bundle, of this plan, whole, and not too old.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use recovery::message::Message;
use serde_json::Value;

use super::Verdict;
use crate::bundle::{ABOUT, problems};

/// A bundle that is older than this is made anew: roles, hosts and drctl itself change.
const OLDEST: Duration = Duration::from_hours(90 * 24);

const NEXT: &str =
    "drctl bundle --plan FILE --out DIR, and keep it where it is reached without the lost region";

fn message(seen: impl Into<String>) -> Message {
    Message::new(
        seen,
        "a whole bundle of this plan, at most 90 days old",
        NEXT,
    )
}

pub(super) fn verdict(directory: Option<&Path>, digest: &str, now: Timestamp) -> Verdict {
    let beside = beside_the_binary();
    let Some(directory) = directory.or(beside.as_deref()) else {
        return Verdict::NotKnown(Message {
            next: format!("name one with --bundle DIR or in DRCTL_BUNDLE; {NEXT}"),
            ..message("no bundle is named")
        });
    };
    let place = directory.display();
    match problems(directory) {
        Err(told) => return Verdict::Broken(message(told.seen)),
        Ok((_, found)) => {
            if let Some(first) = found.first() {
                return Verdict::Broken(message(format!("{place}: {first}")));
            }
        }
    }
    let about = std::fs::read(directory.join(ABOUT)).unwrap_or_default();
    let about: Value = serde_json::from_slice(&about).unwrap_or_default();
    let of = about["digest"].as_str().unwrap_or("no plan");
    if of != digest {
        let seen = format!("{place} is of {of}, this plan is {digest}");
        return Verdict::Broken(message(seen));
    }
    let made = about["made_at"].as_str().unwrap_or_default();
    let Ok(made) = made.parse::<Timestamp>() else {
        return Verdict::NotKnown(message(format!("{place} does not say when it was made")));
    };
    let age = Duration::try_from(now.duration_since(made)).unwrap_or_default();
    let version = about["drctl"].as_str().unwrap_or("an unknown version");
    if age > OLDEST {
        let seen = format!("{place} is {} old", days(age));
        return Verdict::Warning(message(seen));
    }
    if version != env!("CARGO_PKG_VERSION") {
        let this = env!("CARGO_PKG_VERSION");
        let seen = format!("{place} holds drctl {version}, this is {this}");
        return Verdict::Warning(message(seen));
    }
    Verdict::Ok
}

/// The directory of the running program, where that is a bundle.
fn beside_the_binary() -> Option<std::path::PathBuf> {
    let program = std::env::current_exe().ok()?;
    let directory = program.parent()?;
    directory
        .join(ABOUT)
        .is_file()
        .then(|| directory.to_owned())
}

/// An age in days, as people count them.
pub(super) fn days(age: Duration) -> String {
    match age.as_secs() / 86_400 {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
