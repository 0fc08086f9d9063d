//! Makes the instances of the other regions replicas of the active writer again, after a failover.
//!
//! What stands there under the name is the old primary, with writes that the new one may not have: it is tagged and
//! renamed, never deleted, and only after it was seen that it is not the active writer and accepts no writes
//! (second-writer check). Then `CreateDBInstanceReadReplica` is called in its region (Amazon RDS User Guide, "Creating
//! a read replica in a different AWS Region": source by ARN; an encrypted one needs a key of the replica's region).

mod decide;
mod kind;
mod observe;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::rds::{CreateReplica, InstanceId, ModifyDbInstance};
use aws::{Aws, Error, Region};

pub use self::decide::decide;
pub use self::kind::RdsCreateReplicaKind;
pub use self::observe::{PlaceSeen, Seen};

use super::databases::told;
use crate::gate::GateResult;
use crate::kind::Case;
use crate::message::Message;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

/// The tag of an old primary: the ARN of the writer that replaced it.
pub(super) const REPLACED_TAG: &str = "dr:replaced-by";

/// What the replica of a region shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its region.
    pub region: Region,
    /// Its name, which the old primary may have.
    pub id: InstanceId,
    /// The name that the old primary gets.
    pub renamed: InstanceId,
    /// The class; the writer's where it is not given.
    pub instance_class: Option<String>,
    /// The subnet group.
    pub subnet_group: Option<String>,
    /// The security groups.
    pub security_groups: Vec<String>,
    /// The parameter group.
    pub parameter_group: Option<String>,
    /// A key of its region.
    pub kms_key_id: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The active writer.
    pub writer: InstanceId,
    /// Where replicas shall be.
    pub places: Vec<Place>,
    /// The execution.
    pub case: Case,
}

/// What the step can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// `AddTagsToResource` of the old primary by ARN: what replaced it.
    Mark(Place, String, String),
    /// `ModifyDBInstance` of the old primary with its new name.
    Rename(Place),
    /// `CreateDBInstanceReadReplica` of the writer by ARN.
    Create(Place, String),
}

impl Act {
    fn place(&self) -> &Place {
        match self {
            Act::Mark(place, ..) | Act::Rename(place) | Act::Create(place, _) => place,
        }
    }

    fn operation(&self) -> &'static str {
        match self {
            Act::Mark(..) => "AddTagsToResource",
            Act::Rename(_) => "ModifyDBInstance",
            Act::Create(..) => "CreateDBInstanceReadReplica",
        }
    }
}

/// The step itself.
pub struct RdsCreateReplica {
    aws: Arc<dyn Aws>,
    clock: Arc<dyn Clock>,
    request: Request,
}

#[async_trait]
impl Step for RdsCreateReplica {
    type Seen = Seen;
    type Act = Act;

    fn title(&self) -> String {
        let places = self.request.places.iter();
        let places: Vec<String> = places
            .map(|it| format!("{} in {}", it.id, it.region))
            .collect();
        let writer = &self.request.writer;
        format!(
            "{} follows {writer} in {}",
            places.join(", "),
            self.request.case.target
        )
    }

    async fn look(&self, look: Look) -> Result<Seen, Error> {
        observe::look(self.aws.as_ref(), self.clock.as_ref(), &self.request, look).await
    }

    fn decide(&self, seen: &Seen, memory: &Memory<Act>) -> Decision<Act> {
        decide(seen, memory)
    }

    fn gates(&self, seen: &Seen) -> Vec<GateResult> {
        decide::gates(seen, &self.request.case)
    }

    async fn perform(&self, act: &Act) -> Result<(), Error> {
        let place = act.place();
        let rds = self.aws.rds(&place.region)?;
        match act {
            Act::Mark(_, arn, writer) => {
                rds.add_tags(arn, &[(REPLACED_TAG.to_owned(), writer.clone())])
                    .await?;
            }
            Act::Rename(_) => {
                let mut call = ModifyDbInstance::new(place.id.clone());
                call.new_identifier = Some(place.renamed.clone());
                rds.modify(&call).await?;
            }
            Act::Create(_, source) => {
                let case = &self.request.case;
                let call = CreateReplica {
                    id: place.id.clone(),
                    source: source.clone(),
                    source_region: case.target.clone(),
                    instance_class: place.instance_class.clone(),
                    subnet_group: place.subnet_group.clone(),
                    security_groups: place.security_groups.clone(),
                    parameter_group: place.parameter_group.clone(),
                    kms_key_id: place.kms_key_id.clone(),
                    tags: vec![("dr:execution".to_owned(), case.idempotency_key())],
                };
                rds.create_replica(&call).await?;
            }
        }
        Ok(())
    }

    fn risk(&self, act: &Act) -> Risk {
        match act {
            // The name could be given back, but by then others stand behind it: the second-writer check comes first.
            Act::Rename(_) => Risk::OneWay,
            Act::Mark(..) => Risk::Harmless,
            Act::Create(..) => Risk::Reversible,
        }
    }

    fn describe_act(&self, act: &Act) -> String {
        let place = act.place();
        let it = format!("{} {} in {}", act.operation(), place.id, place.region);
        match act {
            Act::Mark(_, _, writer) => format!("{it} ({REPLACED_TAG} = {writer})"),
            Act::Rename(_) => format!("{it} (new identifier {}; it is kept)", place.renamed),
            Act::Create(_, source) => format!("{it} (source {source})"),
        }
    }

    fn warnings(&self, seen: &Seen) -> Vec<String> {
        let mut warnings = decide::consents(seen, &self.request.case).warnings;
        for place in &seen.places {
            if let Ok(Some(old)) = &place.renamed {
                warnings.push(format!(
                    "the old primary {} in {} is kept and goes on to cost: look for writes that {} has not, then \
                     delete it yourself",
                    old.identifier, place.place.region, self.request.writer
                ));
            }
            if let Err(why) = &place.instance {
                warnings.push(format!(
                    "{} in {} was left out: {why}",
                    place.place.id, place.place.region
                ));
            }
        }
        warnings
    }

    fn describe(&self, seen: &Seen) -> String {
        seen.to_string()
    }

    fn explain(&self, error: &Error) -> Message {
        told(
            error,
            "a writer that can be followed, and regions that answer",
        )
    }
}
