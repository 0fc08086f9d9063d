//! What lives in several regions: which of them are asked, and how their parts are shown.

use std::collections::BTreeMap;

use aws::Region;
use jiff::Timestamp;
use recovery::replication::several::{Asked, Part, Several, Silent};
use terraform_framework::cty::{Number, Path};
use terraform_framework::{Diagnostics, Model, Nested, Value};

use crate::client::{Barred, Client};

/// Regions by name, as an argument gives them.
pub(super) type Regions = Value<Vec<Value<String>>>;

/// Parts by region.
pub(super) type Members = Value<BTreeMap<String, Value<Nested<Member>>>>;

/// The part of one region.
#[derive(Model, Clone, Debug)]
pub(crate) struct Member {
    /// Its name: the ARN of a cluster, a replication group, or the table.
    #[attr(computed)]
    pub(crate) id: Value<String>,
    /// `writer` where it takes the writes, else `reader`. Every replica of a global table is a writer.
    #[attr(computed)]
    pub(crate) role: Value<String>,
    /// Its status, as AWS names it; null where nobody says.
    #[attr(computed)]
    pub(crate) status: Value<String>,
    /// `replicating`, `unmeasured` (replicates, but nobody knows how far behind), `broken`, `unknown` (its region is lost or
    /// does not answer), or `not_a_replica`.
    #[attr(computed)]
    pub(crate) health: Value<String>,
    /// Seconds that it was behind when it was last measured; null where that is not known.
    #[attr(computed)]
    pub(crate) lag_seconds: Value<Number>,
    /// When the lag was measured, in RFC 3339.
    #[attr(computed)]
    pub(crate) measured_at: Value<String>,
    /// Why health or lag is not known.
    #[attr(computed)]
    pub(crate) reason: Value<String>,
}

/// The regions to ask: those that are named, else the provider's. Lost ones are not called, nor those in which nobody says
/// whose credentials these are; `None` where something is wrong, and told.
async fn asked(
    client: &Client,
    regions: &Regions,
    path: &Path,
    diags: &mut Diagnostics,
) -> Option<Asked> {
    let named = regions.known().into_iter().flatten();
    let named = named.filter_map(|it| Region::new(it.text()?).ok());
    let mut asked = Asked {
        regions: named.collect(),
        barred: BTreeMap::new(),
    };
    if asked.regions.is_empty() {
        asked.regions.extend(client.default_region.clone());
    }
    if asked.regions.is_empty() {
        diags.error_at(path.attribute("regions"), "No region", "Neither this entry nor the provider names a region. Write regions = [\"us-east-1\", \"us-west-2\"] here, or region = \"us-west-2\" into the provider block, or export AWS_REGION.");
        return None;
    }
    for region in asked.regions.clone() {
        let why = barred(client, &region, path, diags).await?;
        asked.barred.extend(why.map(|why| (region, why)));
    }
    // A part may live in a region that is not asked: the lost ones are told as such all the same.
    for region in &client.lost_regions {
        let why = format!("{region} is declared lost");
        asked.barred.entry(region.clone()).or_insert(why);
    }
    Some(asked)
}

/// Why a region is not called; `None` within where it is, and around it where the account is refused.
pub(super) async fn barred(
    client: &Client,
    region: &Region,
    path: &Path,
    diags: &mut Diagnostics,
) -> Option<Option<String>> {
    if client.is_lost(region) {
        return Some(Some(format!("{region} is declared lost")));
    }
    match client.admit(region).await {
        Ok(()) => Some(None),
        Err(Barred::Unknown(error)) => Some(Some(error.to_string())),
        Err(Barred::Account { seen }) => {
            diags.error_at(
                path.clone(),
                format!("The AWS credentials belong to account {seen}"),
                "It is not among `allowed_account_ids` of the provider.",
            );
            None
        }
    }
}

/// What was seen of something by its name: in the regions to ask, by a question of its kind; `None` where nothing was,
/// and that is told.
pub(super) async fn seen(
    client: &Client,
    what: &Value<String>,
    regions: &Regions,
    (path, diags): (&Path, &mut Diagnostics),
    question: impl AsyncFnOnce(&str, &Asked) -> Result<Several, Silent>,
) -> Option<Several> {
    let name = what.text()?;
    let asked = asked(client, regions, path, diags).await?;
    let seen = question(name, &asked).await;
    seen.map_err(|why| silent(name, &why, &asked, client, path, diags))
        .ok()
}

/// The parts as the state shows them.
pub(super) fn members(seen: &Several) -> Members {
    let parts = seen.parts.iter();
    let parts =
        parts.map(|(region, part)| (region.to_string(), Value::Known(Nested(member(part)))));
    Value::Known(parts.collect())
}

fn member(part: &Part) -> Member {
    let role = if part.writes { "writer" } else { "reader" };
    let (lag_seconds, measured_at) = lag(part.lag);
    Member {
        id: part.name.clone().into(),
        role: role.into(),
        status: part.status.clone().into(),
        health: part.health.name().into(),
        lag_seconds,
        measured_at,
        reason: part.unknown.clone().into(),
    }
}

/// A lag as two attributes, to the millisecond.
pub(super) fn lag(lag: Option<(Timestamp, f64)>) -> (Value<Number>, Value<String>) {
    let seconds = lag.and_then(|(_, seconds)| Number::parse(&format!("{seconds:.3}")).ok());
    (seconds.into(), lag.map(|(at, _)| at.to_string()).into())
}

/// Nobody answered: an error, but a warning where every region was declared lost.
fn silent(
    what: &str,
    why: &Silent,
    asked: &Asked,
    client: &Client,
    path: &Path,
    diags: &mut Diagnostics,
) {
    if asked.regions.iter().all(|region| client.is_lost(region)) {
        let summary = format!("All regions are declared lost: {what} was not looked at");
        return diags.warning_at(
            path.clone(),
            summary,
            "Nothing in them is asked; its values are null.",
        );
    }
    let regions = asked.regions.iter();
    let lines: Vec<String> = regions
        .filter_map(|region| Some(format!("{region}: {}", why.0.get(region)?)))
        .collect();
    let first = asked.regions.iter().find(|region| !client.is_lost(region));
    let first = first.map_or("REGION", Region::as_str);
    diags.error_at(
        path.clone(),
        format!("No region tells of {what}"),
        format!(
            "Seen: {}.\nExpected: an answer of one region that has a part of it.\nNext: check the name, or name another region in `regions`; if a region is lost, declare it: export DR_LOST_REGIONS={first}",
            lines.join("; ")
        ),
    );
}
