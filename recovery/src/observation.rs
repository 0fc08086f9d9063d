//! What was seen in peace: roles and figures of every step in every region, for the day when a region does not answer.

use std::collections::BTreeMap;
use std::time::Duration;

use aws::{ErrorKind, Region};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical;
use crate::kind::Role;
use crate::message::{Message, duration_text};
use crate::store::{StaleStore, Store, Stores};

/// How old the newest observation may be before a plan counts as not ready.
pub const MAX_AGE: Duration = Duration::from_mins(15);

/// How far ahead of the store's time an observation may seem to be: clocks differ a little.
const SKEW: Duration = Duration::from_mins(1);

/// How a step's resource was seen in a region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sight {
    /// The word of its role; absent where the kind has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Why the role is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Figures, such as running tasks or lag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Value>,
}

impl Sight {
    /// From what a kind answered.
    pub fn new(role: Option<&Role>, figures: Option<Value>) -> Self {
        let why = match role {
            Some(Role::Unknown(why)) => Some(why.clone()),
            _ => None,
        };
        Sight {
            role: role.map(|role| role.name().to_owned()),
            why,
            figures,
        }
    }
}

/// One observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The format.
    pub schema: u32,
    /// The plan.
    pub plan: String,
    /// The digest of the plan's document.
    pub digest: String,
    /// When it was made, by the observer's clock.
    pub at: Timestamp,
    /// Who observed.
    pub by: String,
    /// What was seen: by step, by region.
    pub steps: BTreeMap<String, BTreeMap<String, Sight>>,
}

impl Observation {
    /// How a step was seen in a region.
    pub fn sight(&self, step: &str, region: &Region) -> Option<&Sight> {
        self.steps.get(step)?.get(region.as_str())
    }

    /// Whether a step was seen to be active in a region.
    pub fn was_active(&self, step: &str, region: &Region) -> bool {
        let role = self
            .sight(step, region)
            .and_then(|sight| sight.role.as_deref());
        role == Some(Role::Active.name())
    }

    /// The figures of a step by region.
    pub fn baseline(&self, step: &str) -> BTreeMap<Region, Value> {
        let sights = self.steps.get(step).into_iter().flatten();
        let figures = sights.filter_map(|(region, sight)| {
            let region = Region::new(region.clone()).ok()?;
            Some((region, sight.figures.clone()?))
        });
        figures.collect()
    }

    fn key(&self, again: u32) -> String {
        let time = self.at.strftime("%Y%m%dT%H%M%S%.3fZ");
        let again = if again == 0 {
            String::new()
        } else {
            format!("-{again}")
        };
        format!("observations/{time}{again}.json")
    }
}

/// The newest observation, and what stood in the way of finding it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Newest {
    /// It; `None` where there is none.
    pub observation: Option<Observation>,
    /// The time by a store of this answer; `None` where no store told one.
    pub now: Option<Timestamp>,
    /// Stores that could not be read, or whose newest observation is older.
    pub stale: Vec<StaleStore>,
}

/// How old the newest observation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Not older than allowed.
    Fresh(Duration),
    /// Older.
    Old(Duration),
    /// Made this far in the future: one of two clocks is wrong, so its age is unknown.
    Ahead(Duration),
    /// There is none.
    Never,
}

impl Freshness {
    /// What is wrong; `None` when it is fresh.
    pub fn problem(self, max_age: Duration) -> Option<Message> {
        let seen = match self {
            Freshness::Fresh(_) => return None,
            Freshness::Old(age) => {
                format!("the newest observation is {} old", duration_text(age))
            }
            Freshness::Ahead(ahead) => format!(
                "the newest observation was made {} in the future by the store's time",
                duration_text(ahead)
            ),
            Freshness::Never => "there is no observation".to_owned(),
        };
        Some(Message::new(
            seen,
            format!("one that is at most {} old", duration_text(max_age)),
            "drctl observe --plan PLAN --every 5m keeps them coming",
        ))
    }
}

/// Judges the age of the newest observation; pure.
pub fn freshness(made: Option<Timestamp>, now: Timestamp, max_age: Duration) -> Freshness {
    let Some(made) = made else {
        return Freshness::Never;
    };
    let age = now.duration_since(made);
    match Duration::try_from(age) {
        Ok(age) if age <= max_age => Freshness::Fresh(age),
        Ok(age) => Freshness::Old(age),
        Err(_) if age.unsigned_abs() <= SKEW => Freshness::Fresh(Duration::ZERO),
        Err(_) => Freshness::Ahead(age.unsigned_abs()),
    }
}

/// Writes an observation to every store that answers. Returns the stores that do not hold it.
pub async fn write(stores: &Stores, observation: &Observation) -> Vec<StaleStore> {
    let bytes = canonical::bytes(observation);
    let bytes = bytes.as_slice();
    let written = stores
        .each(|store| write_to(stores, store.as_ref(), observation, bytes))
        .await;
    let failed = written.into_iter().filter_map(|(store, answer)| {
        let why = answer.err()?.to_string();
        let region = store.region().clone();
        Some(StaleStore { region, why })
    });
    stores.stale().into_iter().chain(failed).collect()
}

async fn write_to(
    stores: &Stores,
    store: &dyn Store,
    observation: &Observation,
    bytes: &[u8],
) -> Result<(), aws::Error> {
    let region = store.region();
    let mut again = 0;
    loop {
        let key = observation.key(again);
        match stores.harmless(region, || store.create(&key, bytes)).await {
            Err(error) if error.kind == ErrorKind::PreconditionFailed => {
                let there = stores.harmless(region, || store.get(&key)).await?;
                if there.is_some_and(|there| there.body == bytes) {
                    return Ok(());
                }
                // Another observer in the same millisecond.
                again += 1;
                if again > 9 {
                    return Err(error);
                }
            }
            answer => return answer.map(|_| ()),
        }
    }
}

/// Finds the newest observation in the stores that answer.
pub async fn newest(stores: &Stores) -> Newest {
    let found = stores.each(|store| newest_in(stores, store.as_ref())).await;
    let mut newest = Newest {
        stale: stores.stale(),
        ..Newest::default()
    };
    let made = |found: &Result<Option<Found>, String>| match found {
        Ok(Some((observation, _))) => Some(observation.at),
        _ => None,
    };
    let latest = found.iter().filter_map(|(_, answer)| made(answer)).max();
    for (store, answer) in found {
        let at = made(&answer);
        let why = match answer {
            Ok(Some((observation, date))) if at == latest => {
                newest.observation.get_or_insert(observation);
                newest.now = newest.now.max(date);
                continue;
            }
            Ok(Some((observation, _))) => {
                format!("its newest observation is of {}", observation.at)
            }
            Ok(None) if latest.is_some() => "it has no observation".to_owned(),
            Ok(None) => continue,
            Err(why) => why,
        };
        let region = store.region().clone();
        newest.stale.push(StaleStore { region, why });
    }
    newest
}

type Found = (Observation, Option<Timestamp>);

/// Observations of years may be there: those of today are listed first, then of yesterday, then all.
async fn newest_in(stores: &Stores, store: &dyn Store) -> Result<Option<Found>, String> {
    let now = stores.clock().now();
    let yesterday = now.saturating_sub(Duration::from_hours(24)).unwrap_or(now);
    let day = |at: Timestamp| format!("observations/{}", at.strftime("%Y%m%d"));
    let mut unreadable = None;
    for prefix in [day(now), day(yesterday), "observations/".to_owned()] {
        let region = store.region();
        let keys = stores.harmless(region, || store.list(&prefix)).await;
        let keys = keys.map_err(|error| error.to_string())?;
        for key in keys.iter().rev().take(3) {
            let kept = stores.harmless(region, || store.get(key)).await;
            let Some(kept) = kept.map_err(|error| error.to_string())? else {
                continue;
            };
            match canonical::read(&kept.body) {
                Ok(observation) => return Ok(Some((observation, kept.date))),
                Err(why) => unreadable = Some(format!("{key} is no observation: {why}")),
            }
        }
    }
    unreadable.map_or(Ok(None), Err)
}
