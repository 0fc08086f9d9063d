//! Verifies that a DynamoDB global table can be written in a region: nothing is called that changes anything.
//!
//! Every replica of a global table takes writes; there is no role to move. What another region wrote and did not
//! replicate yet arrives when it is back, and the last writer wins (Amazon DynamoDB Developer Guide, "Global tables").

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::tables::Table;
use aws::{Aws, Error, ErrorKind, Region};
use serde_json::{Value, json};

use super::databases::{control, target_answers, told};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

/// `dynamodb_global_table`.
pub struct DynamodbGlobalTableKind;

const ARGUMENTS: &[Argument] = &[Argument::required(
    "table",
    ArgumentType::Text,
    "Name of the global table, the same in every region.",
)];

/// The step itself.
pub struct DynamodbGlobalTable {
    aws: Arc<dyn Aws>,
    table: String,
    case: Case,
}

/// It does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {}

/// Replica states that no waiting ends (Amazon DynamoDB API Reference, `ReplicaDescription`).
fn is_broken(status: &str) -> bool {
    matches!(
        status,
        "CREATION_FAILED" | "INACCESSIBLE_ENCRYPTION_CREDENTIALS" | "REGION_DISABLED" | "ARCHIVED"
    )
}

impl DynamodbGlobalTable {
    /// The others whose replicas have to be active: all that answer, but in a failover none.
    fn others(&self) -> impl Iterator<Item = &Region> {
        let all = self.case.mode != Mode::Failover;
        self.case
            .others()
            .filter(move |region| all && self.case.answers(region))
    }
}

#[async_trait]
impl Step for DynamodbGlobalTable {
    type Seen = Table;
    type Act = Act;

    fn title(&self) -> String {
        format!("{} is active in {}", self.table, self.case.target)
    }

    async fn look(&self, _: Look) -> Result<Table, Error> {
        self.aws
            .tables(&self.case.target)?
            .describe(&self.table)
            .await
    }

    fn decide(&self, seen: &Table, _: &Memory<Act>) -> Decision<Act> {
        let replicas = |region: &Region| {
            let found = seen.replicas.iter().find(|(there, _)| there == region);
            found.map(|(_, status)| status.as_str())
        };
        let fail = |seen: String, next: &str| {
            let expected = format!("{} as a global table with active replicas", self.table);
            Decision::Fail(Message::new(seen, expected, next))
        };
        if is_broken(&seen.status) {
            return fail(
                self.describe(seen),
                "make its key usable, or restore it from a backup",
            );
        }
        // While it is updated it takes writes all the same.
        if seen.status != "ACTIVE" && seen.status != "UPDATING" {
            return Decision::Wait(format!("{} is {}", self.table, seen.status));
        }
        if !self.case.others().any(|region| replicas(region).is_some()) {
            return fail(
                self.describe(seen),
                "add replicas in the plan's other regions",
            );
        }
        for region in self.others() {
            match replicas(region) {
                Some("ACTIVE") => {}
                Some(status) if is_broken(status) => {
                    return fail(
                        format!("the replica in {region} is {status}"),
                        "see why, and repair it",
                    );
                }
                Some(status) => {
                    return Decision::Wait(format!("the replica in {region} is {status}"));
                }
                None => {
                    return fail(format!("there is no replica in {region}"), "add one");
                }
            }
        }
        Decision::Done
    }

    fn gates(&self, _: &Table) -> Vec<GateResult> {
        Vec::new()
    }

    async fn perform(&self, act: &Act) -> Result<(), Error> {
        match *act {}
    }

    fn risk(&self, act: &Act) -> Risk {
        match *act {}
    }

    fn describe_act(&self, act: &Act) -> String {
        match *act {}
    }

    fn warnings(&self, _: &Table) -> Vec<String> {
        if self.case.mode != Mode::Failover {
            return Vec::new();
        }
        vec![format!(
            "what other regions wrote to {} and did not replicate arrives when they are back; the last writer wins",
            self.table
        )]
    }

    fn describe(&self, seen: &Table) -> String {
        let replicas = seen.replicas.iter();
        let replicas: Vec<String> = replicas
            .map(|(region, status)| format!("{region} {status}"))
            .collect();
        let target = &self.case.target;
        format!(
            "{} is {} in {target}; replicas: {}",
            seen.name,
            seen.status,
            replicas.join(", ")
        )
    }

    fn explain(&self, error: &Error) -> Message {
        told(error, "the global table in the target region")
    }
}

#[async_trait]
impl Kind for DynamodbGlobalTableKind {
    fn name(&self) -> &'static str {
        "dynamodb_global_table"
    }

    fn doc(&self) -> &'static str {
        "Verifies that the table is active in the target region and is a global table; in a switchover and in \
         reprotect also that the replicas of the other regions are. Changes nothing. How much the others did not \
         replicate yet is not judged: its metric lives in the region that wrote. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Failover, Mode::Switchover, Mode::Reprotect]
    }

    /// One call.
    fn usual_duration(&self) -> Duration {
        Duration::from_secs(5)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        vec![control("dynamodb", "DescribeTable", target, false, true)]
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        target_answers(case)?;
        Ok(Box::new(DynamodbGlobalTable {
            aws: means.aws.clone(),
            table: arguments.text("table").unwrap_or_default().to_owned(),
            case: case.clone(),
        }))
    }

    /// Every active replica serves.
    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let name = arguments.text("table").unwrap_or_default();
        let mut roles = BTreeMap::new();
        for region in regions {
            let answer = match means.aws.tables(region) {
                Ok(tables) => tables.describe(name).await,
                Err(error) => Err(error),
            };
            let role = match answer {
                Ok(table) if table.status == "ACTIVE" || table.status == "UPDATING" => Role::Active,
                Ok(_) => Role::Neither,
                Err(error) if error.kind == ErrorKind::NotFound => Role::Neither,
                Err(error) => Role::Unknown(error.to_string()),
            };
            roles.insert(region.clone(), role);
        }
        roles
    }

    async fn measure(
        &self,
        arguments: &Arguments,
        region: &Region,
        means: &Means,
    ) -> Option<Value> {
        let table = means.aws.tables(region).ok()?;
        let table = table.describe(arguments.text("table")?).await.ok()?;
        Some(json!({ "status": table.status, "replicas": table.replicas.len() }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Estate, case, changes, east, east_lost, west};
    use super::*;
    use crate::outcome::Outcome;

    fn run(mode: Mode, status: &str, replica: Option<&str>) -> Outcome {
        let estate = Estate::new();
        let replicas = replica.map(|status| (east(), status.to_owned()));
        estate.fake.put_table(
            &west(),
            Table {
                name: "carts".to_owned(),
                status: status.to_owned(),
                replicas: replicas.into_iter().collect(),
            },
        );
        let case = if mode == Mode::Failover {
            east_lost(&estate)
        } else {
            case(mode)
        };
        let ended = estate.run(&DynamodbGlobalTableKind, json!({ "table": "carts" }), &case);
        assert_eq!(changes(&estate), Vec::<&str>::new());
        assert!(
            estate
                .faulty
                .attempts()
                .iter()
                .all(|call| call.region == west())
        );
        ended.outcome
    }

    #[test]
    fn each_state_has_its_answer() {
        use Mode::{Failover, Switchover};
        for (mode, status, replica, word) in [
            (Failover, "ACTIVE", Some("ACTIVE"), "already done"),
            (Failover, "UPDATING", Some("UPDATING"), "already done"),
            // What the lost region's replica is said to be does not matter.
            (
                Failover,
                "ACTIVE",
                Some("INACCESSIBLE_ENCRYPTION_CREDENTIALS"),
                "already done",
            ),
            (Failover, "ACTIVE", None, "failed"),
            (
                Failover,
                "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
                Some("ACTIVE"),
                "failed",
            ),
            (Failover, "CREATING", Some("ACTIVE"), "timed out"),
            (Switchover, "ACTIVE", Some("ACTIVE"), "already done"),
            (Switchover, "ACTIVE", Some("CREATING"), "timed out"),
            (Switchover, "ACTIVE", Some("REGION_DISABLED"), "failed"),
            (Switchover, "ACTIVE", None, "failed"),
        ] {
            let outcome = run(mode, status, replica);
            assert_eq!(
                outcome.name(),
                word,
                "{mode} {status} {replica:?}: {outcome:?}"
            );
        }
    }

    #[test]
    fn in_a_failover_no_other_replica_counts_even_where_its_region_answers() {
        let estate = Estate::new();
        let table = Table {
            name: "carts".to_owned(),
            status: "ACTIVE".to_owned(),
            replicas: vec![(east(), "REGION_DISABLED".to_owned())],
        };
        estate.fake.put_table(&west(), table);
        let arguments = json!({ "table": "carts" });
        let ended = estate.run(&DynamodbGlobalTableKind, arguments, &case(Mode::Failover));
        assert_eq!(ended.outcome, Outcome::AlreadyDone);
    }

    #[test]
    fn a_table_that_is_not_there_fails_with_the_next_move() {
        let estate = Estate::new();
        let arguments = json!({ "table": "carts" });
        let ended = estate.run(&DynamodbGlobalTableKind, arguments, &case(Mode::Failover));
        let Outcome::Failed(message) = ended.outcome else {
            panic!("{:?}", ended.outcome);
        };
        assert!(message.next.contains("name"), "{message}");
    }
}
