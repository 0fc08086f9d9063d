//! Points failover or weighted records of Route 53 at the region that becomes active.

mod sets;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws::route53::{RecordSet, Routing};
use aws::{Aws, Error, Region};

use self::sets::{Named, aimed};
use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means, Plane, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Answer, Decision, Look, Memory, Step};

/// Where the control plane of Route 53 is ("AWS Fault Isolation Boundaries", "Global services").
const HOME: &str = "us-east-1";

const ARGUMENTS: &[Argument] = &[
    Argument::required("zone_id", ArgumentType::Text, "Id of the hosted zone."),
    Argument::required(
        "records",
        ArgumentType::ObjectList(&[
            Argument::required("name", ArgumentType::Text, "The record's name."),
            Argument::defaulted("type", ArgumentType::Text, "\"A\"", "The record's type."),
            Argument::required(
                "set_identifiers",
                ArgumentType::ByRegion(&ArgumentType::Text),
                "The set identifier of each region's record.",
            ),
        ]),
        "Failover records (two regions) or weighted ones.",
    ),
    Argument::defaulted(
        "weight",
        ArgumentType::Integer { min: 1, max: 255 },
        "100",
        "The weight of the active region's weighted records; the others get 0.",
    ),
];

const EXAMPLE: &str = r#"{
  "zone_id": "Z0123456789ABCDEFGHIJ",
  "records": [{ "name": "shop.example", "set_identifiers": { "us-east-1": "east", "us-west-2": "west" } }]
}"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct Route53Records;

#[derive(Clone, Debug)]
struct Seen {
    /// The sets of each record.
    sets: Vec<Vec<RecordSet>>,
    /// Whether the change of this run has reached all name servers; `None` where this run knows of none.
    in_sync: Option<bool>,
}

/// `ChangeResourceRecordSets` with these sets.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Upsert(Vec<RecordSet>);

struct Aim {
    aws: Arc<dyn Aws>,
    home: Region,
    zone: String,
    records: Vec<Named>,
    target: Region,
    weight: u32,
    key: String,
    /// An earlier run of this execution sent a change; whether it has reached all name servers is not known.
    sent_before: bool,
    change: Mutex<Option<String>>,
}

#[async_trait]
impl Kind for Route53Records {
    fn name(&self) -> &'static str {
        "route53_records"
    }

    fn doc(&self) -> &'static str {
        "Failover records name the region that becomes active as PRIMARY, or weighted records give it all weight, in \
         one ChangeResourceRecordSets; health checks, values and TTLs stay. Control plane in us-east-1, whatever the \
         regions of the plan: with us-east-1 lost it cannot be done, so prefer route53_health_check_switch or \
         arc_routing_control. Done when the records show it and the change is INSYNC; a run that continues another \
         one sends the same change again, since only a change's id tells that. Records with sets that the document \
         does not name, or of another policy, are refused. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// One minute: changes generally propagate within 60 s (Amazon Route 53 API Reference, `GetChange`).
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn calls(&self, _: &Arguments, _: Mode, _: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        let Ok(home) = Region::new(HOME) else {
            return Vec::new();
        };
        vec![
            parts::reads("route53", "ListResourceRecordSets", &home, Plane::Control),
            parts::changes("route53", "ChangeResourceRecordSets", &home, Plane::Control),
            parts::reads("route53", "GetChange", &home, Plane::Control),
        ]
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        let lost = case.lost.iter().find(|region| region.as_str() == HOME);
        if lost.is_some() {
            return Err(Message::new(
                format!("{HOME} is declared lost, and the control plane of Route 53 is there"),
                "a way to move traffic that does not need it",
                "use route53_health_check_switch or arc_routing_control in the plan; now, move traffic by hand",
            ));
        }
        let records = sets::named(arguments, &case.regions);
        for record in &records {
            if !record.identifiers.contains_key(&case.target) {
                return Err(parts::names_nothing(
                    "records.set_identifiers",
                    &case.target,
                ));
            }
        }
        let key = case.idempotency_key();
        let weight = arguments
            .integer("weight")
            .and_then(|weight| u32::try_from(weight).ok());
        Ok(Box::new(Aim {
            aws: means.aws.clone(),
            home: Region::new(HOME)
                .map_err(|error| Message::new(error.to_string(), "a region", ""))?,
            zone: arguments.text("zone_id").unwrap_or_default().to_owned(),
            records,
            target: case.target.clone(),
            weight: weight.unwrap_or(100),
            sent_before: case.past.iter().any(|past| past.key == key),
            key,
            change: Mutex::default(),
        }))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let zone = arguments.text("zone_id").unwrap_or_default();
        let mut roles = BTreeMap::new();
        let Ok(home) = Region::new(HOME) else {
            return roles;
        };
        for record in sets::named(arguments, regions) {
            let answer = match means.aws.records(&home) {
                Ok(route53) => route53.list(zone, &record.name, &record.kind).await,
                Err(error) => Err(error),
            };
            for (region, identifier) in &record.identifiers {
                let role = match &answer {
                    Ok(sets) => sets::role(sets, identifier),
                    Err(error) => Role::Unknown(error.to_string()),
                };
                // Several records that disagree name no role.
                let known = roles.entry(region.clone()).or_insert_with(|| role.clone());
                if *known != role {
                    *known = Role::Neither;
                }
            }
        }
        roles
    }
}

impl Aim {
    fn change(&self) -> Option<String> {
        self.change
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The records hold; whether they have reached all name servers is another question.
    fn decide_sync(&self, seen: &Seen, act: Upsert, memory: &Memory<Upsert>) -> Decision<Upsert> {
        match seen.in_sync {
            Some(true) => Decision::Done,
            Some(false) => Decision::Wait("the records hold; the change is PENDING".to_owned()),
            None if memory.performed.is_empty() && !self.sent_before => Decision::Done,
            // The answer with the change's id was lost, or an earlier run had it: the same change again has an id.
            None => match memory.last(|_| true) {
                Some((last, age))
                    if last.answer == Answer::Accepted || age < Duration::from_secs(10) =>
                {
                    Decision::Wait("the records hold; waiting to ask for the change".to_owned())
                }
                _ => Decision::Act(act),
            },
        }
    }
}

#[async_trait]
impl Step for Aim {
    type Seen = Seen;
    type Act = Upsert;

    fn title(&self) -> String {
        let names: Vec<_> = self
            .records
            .iter()
            .map(|record| record.name.as_str())
            .collect();
        format!("{} point at {}", names.join(", "), self.target)
    }

    async fn look(&self, _: Look) -> Result<Seen, Error> {
        let route53 = self.aws.records(&self.home)?;
        let mut sets = Vec::new();
        for record in &self.records {
            sets.push(route53.list(&self.zone, &record.name, &record.kind).await?);
        }
        let in_sync = match self.change() {
            Some(change) => Some(route53.in_sync(&change).await?),
            None => None,
        };
        Ok(Seen { sets, in_sync })
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Upsert>) -> Decision<Upsert> {
        let mut wanted = Vec::new();
        for (record, sets) in self.records.iter().zip(&seen.sets) {
            match aimed(record, sets, &self.target, self.weight) {
                Ok(sets) => wanted.extend(sets),
                Err(message) => return Decision::Fail(message),
            }
        }
        let holds = wanted
            .iter()
            .all(|set| seen.sets.iter().flatten().any(|now| now == set));
        let act = Upsert(wanted);
        if holds {
            return self.decide_sync(seen, act, memory);
        }
        let words = self.describe_act(&act);
        parts::again(act, &words, memory)
    }

    fn gates(&self, _: &Seen) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &Upsert) -> Result<(), Error> {
        let change = self
            .aws
            .records(&self.home)?
            .upsert(&self.zone, &act.0)
            .await?;
        *self.change.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
        Ok(())
    }

    fn risk(&self, _: &Upsert) -> Risk {
        Risk::Reversible
    }

    fn describe_act(&self, act: &Upsert) -> String {
        format!(
            "ChangeResourceRecordSets {} ({})",
            self.zone,
            sets::words(&act.0)
        )
    }

    /// The records can be observed, that a change has reached all name servers only by its id.
    fn idempotency_key(&self, _: &Upsert) -> Option<String> {
        Some(self.key.clone())
    }

    fn describe(&self, seen: &Seen) -> String {
        let sets: Vec<RecordSet> = seen.sets.iter().flatten().cloned().collect();
        let sync = match seen.in_sync {
            Some(true) => ", INSYNC",
            Some(false) => ", PENDING",
            None => "",
        };
        format!("{}{sync}", sets::words(&sets))
    }

    fn explain(&self, error: &Error) -> Message {
        let permissions = "route53:ListResourceRecordSets, route53:ChangeResourceRecordSets and route53:GetChange";
        parts::explain(
            error,
            &format!("the hosted zone {}", self.zone),
            permissions,
        )
    }
}
