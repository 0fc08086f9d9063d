//! Kinds of steps for tests of documents, schedules, predictions and proofs: they only declare.

use std::time::Duration;

use aws::Region;

use crate::argument::{Argument, ArgumentType, Arguments};
use crate::kind::{ApiCall, Case, Kind, Means, Plane};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;

/// All of them.
pub(crate) const KINDS: &[&'static dyn Kind] = &[
    &MoveWriter,
    &AskOld,
    &Pause,
    &PointRecords,
    &Rebuild,
    &ReadOld,
];

const INSTANCES: Argument = Argument::required(
    "instances",
    ArgumentType::ByRegion(&ArgumentType::Text),
    "The database of each region.",
);

fn call(
    service: &'static str,
    operation: &'static str,
    region: &Region,
    plane: Plane,
    needed: bool,
) -> ApiCall {
    ApiCall {
        service,
        operation,
        region: region.clone(),
        plane,
        changes: false,
        needed,
    }
}

macro_rules! common {
    ($name:literal, $minutes:literal) => {
        fn name(&self) -> &'static str {
            $name
        }

        fn usual_duration(&self) -> Duration {
            Duration::from_mins($minutes)
        }

        fn harmless_twice(&self) -> bool {
            true
        }

        fn build(&self, _: &Arguments, _: &Case, _: &Means) -> Result<Box<dyn PlanStep>, Message> {
            Err(Message::new("a kind for tests", "a real one", ""))
        }
    };
}

/// Makes the target's database the writer; can be the authority.
pub(crate) struct MoveWriter;

impl Kind for MoveWriter {
    common!("move_writer", 10);

    fn doc(&self) -> &'static str {
        "The target's instance is the writer. Nothing else | moves."
    }

    fn arguments(&self) -> &'static [Argument] {
        const DECLARED: &[Argument] = &[
            INSTANCES,
            Argument::defaulted(
                "backup_days",
                ArgumentType::Integer { min: 0, max: 35 },
                "7",
                "Days that backups are kept.",
            ),
        ];
        DECLARED
    }

    fn one_way(&self) -> bool {
        true
    }

    fn can_be_authority(&self) -> bool {
        true
    }

    fn check(&self, arguments: &Arguments, regions: &[Region]) -> Vec<(String, Message)> {
        let bad = regions
            .iter()
            .filter(|region| arguments.text_in("instances", region) == Some("bad"));
        bad.map(|region| {
            (
                format!("instances.{region}"),
                Message::new("bad", "good", "write good"),
            )
        })
        .collect()
    }

    fn calls(
        &self,
        _: &Arguments,
        mode: Mode,
        target: &Region,
        from: Option<&Region>,
    ) -> Vec<ApiCall> {
        let mut calls = vec![ApiCall {
            changes: true,
            ..call("rds", "PromoteReadReplica", target, Plane::Control, true)
        }];
        let needed = mode == Mode::Switchover;
        calls.extend(
            from.map(|from| call("rds", "DescribeDBInstances", from, Plane::Control, needed)),
        );
        calls
    }
}

/// Needs an answer of the region that is left.
pub(crate) struct AskOld;

impl Kind for AskOld {
    common!("ask_old", 1);

    fn doc(&self) -> &'static str {
        "The old region is quiet"
    }

    fn arguments(&self) -> &'static [Argument] {
        &[]
    }

    fn calls(&self, _: &Arguments, _: Mode, _: &Region, from: Option<&Region>) -> Vec<ApiCall> {
        let calls = from.map(|from| call("ecs", "DescribeServices", from, Plane::Control, true));
        calls.into_iter().collect()
    }
}

/// Waits on purpose.
pub(crate) struct Pause;

impl Kind for Pause {
    common!("pause", 0);

    fn doc(&self) -> &'static str {
        "Time has passed."
    }

    fn arguments(&self) -> &'static [Argument] {
        const DECLARED: &[Argument] = &[Argument::required(
            "for",
            ArgumentType::Duration,
            "How long.",
        )];
        DECLARED
    }

    fn waits(&self, arguments: &Arguments) -> Duration {
        arguments.duration("for").unwrap_or_default()
    }

    fn calls(&self, _: &Arguments, _: Mode, _: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        Vec::new()
    }
}

/// Changes records of Route 53.
pub(crate) struct PointRecords;

impl Kind for PointRecords {
    common!("point_records", 2);

    fn doc(&self) -> &'static str {
        "Records point at the target."
    }

    fn arguments(&self) -> &'static [Argument] {
        &[]
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        let change = call(
            "route53",
            "ChangeResourceRecordSets",
            target,
            Plane::Control,
            true,
        );
        vec![change]
    }
}

/// Runs in reprotect and has an argument of every type.
pub(crate) struct Rebuild;

impl Kind for Rebuild {
    common!("rebuild", 120);

    fn doc(&self) -> &'static str {
        "Replication runs again."
    }

    fn runs_in(&self) -> &'static [Mode] {
        &[Mode::Reprotect]
    }

    fn arguments(&self) -> &'static [Argument] {
        const PART: &[Argument] = &[
            Argument::required("name", ArgumentType::Text, "Name of the part."),
            Argument::defaulted("for", ArgumentType::Duration, "\"60s\"", "How long."),
        ];
        const DECLARED: &[Argument] = &[
            Argument::required("style", ArgumentType::Choice(&["fast", "slow"]), "How."),
            Argument::defaulted("force", ArgumentType::Flag, "false", "Whether to force it."),
            Argument::optional("tags", ArgumentType::TextMap, "Tags."),
            Argument::optional("names", ArgumentType::TextList, "Names."),
            Argument::optional("part", ArgumentType::Object(PART), "One part."),
            Argument::optional("parts", ArgumentType::ObjectList(PART), "More parts."),
            Argument::optional(
                "by_region",
                ArgumentType::ByRegion(&ArgumentType::Object(PART)),
                "A part of each region.",
            ),
        ];
        DECLARED
    }

    fn calls(&self, _: &Arguments, _: Mode, _: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        Vec::new()
    }
}

/// Reads with keys, images and lists that arguments name.
pub(crate) struct ReadOld;

impl Kind for ReadOld {
    common!("read_old", 1);

    fn doc(&self) -> &'static str {
        "What is named can be read."
    }

    fn arguments(&self) -> &'static [Argument] {
        const DECLARED: &[Argument] = &[
            Argument::required(
                "keys",
                ArgumentType::ByRegion(&ArgumentType::TextList),
                "Keys of each region.",
            ),
            Argument::optional("image", ArgumentType::Text, "An image."),
        ];
        DECLARED
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        vec![call("s3", "ListObjectsV2", target, Plane::Data, true)]
    }
}
