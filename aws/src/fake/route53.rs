//! Route 53 of the fake: one control plane whatever region asks, changes that show at once and are in sync later.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::services::{absent, changed};
use super::{Effect, FakeAws, Local};
use crate::Error;
use crate::route53::{RecordSet, Records};

/// How long a change is `PENDING`; real ones usually need up to a minute (Amazon Route 53 API Reference, `GetChange`).
const IN_SYNC: Duration = Duration::from_secs(40);

#[derive(Default)]
pub(super) struct State {
    zones: BTreeMap<String, Vec<RecordSet>>,
    changes: Vec<Timestamp>,
}

impl FakeAws {
    /// Adds a record set to a zone, and the zone where there is none.
    pub fn add_record(&self, zone: &str, set: RecordSet) {
        let mut services = self.services();
        let sets = services.records.zones.entry(zone.to_owned()).or_default();
        sets.push(set);
    }
}

#[async_trait]
impl Records for Local {
    async fn list(&self, zone: &str, name: &str, kind: &str) -> Result<Vec<RecordSet>, Error> {
        self.serve("ListResourceRecordSets", name, |services, _| {
            let sets = services.records.zones.get(zone);
            let sets = sets.ok_or_else(|| absent("route53", "NoSuchHostedZone", zone))?;
            let fits = |set: &&RecordSet| set.name == name && set.kind == kind;
            Ok((sets.iter().filter(fits).cloned().collect(), Effect::Read))
        })
    }

    async fn upsert(&self, zone: &str, sets: &[RecordSet]) -> Result<String, Error> {
        self.serve("ChangeResourceRecordSets", zone, |services, now| {
            let kept = services.records.zones.get_mut(zone);
            let kept = kept.ok_or_else(|| absent("route53", "NoSuchHostedZone", zone))?;
            let before = kept.clone();
            for set in sets {
                let same = |other: &RecordSet| {
                    (&other.name, &other.kind, &other.set_identifier)
                        == (&set.name, &set.kind, &set.set_identifier)
                };
                kept.retain(|other| !same(other));
                kept.push(set.clone());
            }
            let moved = sets.iter().any(|set| !before.contains(set));
            services.records.changes.push(now);
            let id = format!("/change/C{}", services.records.changes.len());
            Ok((id, changed(moved)))
        })
    }

    async fn in_sync(&self, change: &str) -> Result<bool, Error> {
        self.serve("GetChange", change, |services, now| {
            let number = change.strip_prefix("/change/C");
            let number = number.and_then(|number| number.parse::<usize>().ok());
            let submitted = number.and_then(|number| {
                let index = number.checked_sub(1)?;
                services.records.changes.get(index)
            });
            let submitted = submitted.ok_or_else(|| absent("route53", "NoSuchChange", change))?;
            let due = submitted.saturating_add(IN_SYNC).unwrap_or(*submitted);
            Ok((due <= now, Effect::Read))
        })
    }
}
