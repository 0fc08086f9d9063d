//! What an operator reads for each decision: what was seen, what was expected, the exact line to write next.

use crate::contract::Decision;
use crate::roles::finding::Finding;

/// The instance as it was seen, for messages.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    /// Identifier of the instance.
    pub(crate) id: String,
    /// Its region.
    pub(crate) region: String,
    /// Status and source, such as `available, follows arn:aws:rds:…`; empty where nothing was seen.
    pub(crate) detail: String,
    /// What to do if the region is declared lost and answers.
    pub(crate) if_it_answers: String,
}

fn error(summary: String, detail: String) -> Finding {
    Finding {
        error: true,
        summary,
        detail,
        attribute: "role",
    }
}

fn warning(summary: String, detail: String) -> Finding {
    Finding {
        error: false,
        summary,
        detail,
        attribute: "role",
    }
}

/// The message for a decision, if it has one. Acts have theirs from the engine's preview.
pub(crate) fn message(decision: &Decision, sight: &Sight, configured: &str) -> Option<Finding> {
    let Sight {
        id, region, detail, ..
    } = sight;
    match decision {
        Decision::Keep | Decision::Forget | Decision::Execute => None,
        Decision::Adopt => Some(warning(
            format!("{id} in {region} already is {configured}: adopted"),
            format!("Seen: {detail}.\nThe role is recorded as applied; the role in AWS is not touched."),
        )),
        Decision::Follow => Some(warning(
            format!("{id} in {region} already is {configured}: the configuration follows"),
            format!("Seen: {detail}.\nThe promotion was done outside Terraform. Only the record of what was applied last changes; the role in AWS is not touched."),
        )),
        Decision::Resume => Some(warning(
            format!("{id} in {region} is on its way to {configured}: the apply goes on with it"),
            format!("Seen: {detail}.\nA promotion of this instance was begun and is not finished. The apply waits for it, applies the settings and proves the result; it is not begun a second time."),
        )),
        Decision::NameTheRole { observed } => Some(name_the_role(sight, observed, configured)),
        Decision::ChangedOutside { observed } => Some(warning(
            format!("{id} in {region} is {observed}, not {configured}: changed outside Terraform"),
            format!(
                "Seen: {detail}.\nExpected: role \"{configured}\", which was applied last.\nNothing is planned for it: undoing a failover is never a side effect of a plan.\nNext: to let the configuration follow the world, write\n\n  role = \"{observed}\"\n"
            ),
        )),
        Decision::Busy { target } => Some(busy(sight, target, configured)),
        Decision::KeepUnseen => Some(warning(
            format!("{region} is declared lost: {id} keeps its recorded role"),
            "Nothing in that region was asked. What the state says may no longer be true there.\nNext: take the region out of `lost_regions` (or DR_LOST_REGIONS) when it answers again.".to_owned(),
        )),
        Decision::LostHere => Some(lost_here(sight, configured)),
        Decision::Unreachable => Some(error(
            format!("{region} does not answer, so the role of {id} is not known"),
            format!("{detail}\nNext: try again; if the region is lost, declare it, and nothing will call it any more:\n\n  export DR_LOST_REGIONS={region}\n\nor write `lost_regions = [\"{region}\"]` into the provider block."),
        )),
        Decision::Impossible { observed } => Some(impossible(sight, observed, configured)),
        Decision::Defer => Some(warning(
            format!("{id}: decided at apply"),
            "The role, the identifier, the region or the credentials are not known while planning, so AWS could not be asked. The plan that the apply makes decides, under the same gates.".to_owned(),
        )),
    }
}

/// Row 13: the role lives in the lost region itself.
fn lost_here(sight: &Sight, configured: &str) -> Finding {
    let Sight {
        id,
        region,
        if_it_answers,
        ..
    } = sight;
    let recorded = if configured == "primary" {
        "replica"
    } else {
        "primary"
    };
    error(
        format!("{id} cannot become {configured}: its own region {region} is declared lost"),
        format!(
            "Seen: {region} is declared lost, and nothing calls it.\nExpected: a region that answers: a role changes where the instance is.\nNext: {if_it_answers}\nIf it does not, hold a replica in a region that answers with a resource of its own, and promote that one; to keep this one as it was recorded, write\n\n  role = \"{recorded}\"\n"
        ),
    )
}

fn name_the_role(sight: &Sight, observed: &str, configured: &str) -> Finding {
    let Sight {
        id, region, detail, ..
    } = sight;
    error(
        format!(
            "{id} in {region} is {observed}; say that you know it before it becomes {configured}"
        ),
        format!(
            "Seen: {detail}.\nExpected: a record of what was applied last, or `from`. There is none for this role (the resource is new, imported, tainted or replaced, or its state was lost), and a promotion cannot be undone.\nNext: if you mean it, write this line into the resource and plan again:\n\n  from = \"{observed}\"\n"
        ),
    )
}

fn busy(sight: &Sight, target: &str, configured: &str) -> Finding {
    let Sight {
        id, region, detail, ..
    } = sight;
    error(
        format!("{id} in {region} is on its way to {target}"),
        format!(
            "Seen: {detail}.\nExpected: no change of role under way while the configuration says role = \"{configured}\".\nNext: a promotion cannot be stopped. Write `role = \"{target}\"` and apply to finish it, or wait until the instance is available and plan again."
        ),
    )
}

fn impossible(sight: &Sight, observed: &str, configured: &str) -> Finding {
    let Sight {
        id, region, detail, ..
    } = sight;
    error(
        format!("{id} in {region} is {observed} and cannot become {configured} again"),
        format!(
            "Seen: {detail}.\nA standalone RDS instance cannot be made a replica: its history has parted from the old source.\nNext: reprotect. Create a new read replica of {id} in the other region, hold that one with a resource of its own, and switch over to it. To keep this resource, write\n\n  role = \"{observed}\"\n"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::{Finding, Sight, message};
    use crate::contract::Decision;

    fn said(decision: &Decision) -> Option<Finding> {
        let sight = Sight {
            id: "orders".into(),
            region: "us-west-2".into(),
            detail: "available, follows arn:x".into(),
            if_it_answers: "unset DR_LOST_REGIONS".into(),
        };
        message(decision, &sight, "primary")
    }

    #[test]
    fn errors_carry_the_line_to_write() {
        let observed = || "replica".to_owned();
        for (decision, line) in [
            (
                Decision::NameTheRole {
                    observed: observed(),
                },
                "from = \"replica\"",
            ),
            (
                Decision::Impossible {
                    observed: observed(),
                },
                "role = \"replica\"",
            ),
            (Decision::Busy { target: observed() }, "role = \"replica\""),
            (Decision::Unreachable, "DR_LOST_REGIONS=us-west-2"),
            (Decision::LostHere, "unset DR_LOST_REGIONS"),
            (Decision::LostHere, "role = \"replica\""),
        ] {
            let message = said(&decision).unwrap();
            assert!(
                message.error && message.detail.contains(line),
                "{decision:?}: {message:?}"
            );
            assert!(message.summary.contains("orders"), "{message:?}");
        }
    }

    #[test]
    fn what_changes_nothing_in_aws_is_a_warning_or_silent() {
        for decision in [
            Decision::Adopt,
            Decision::Follow,
            Decision::KeepUnseen,
            Decision::Defer,
            Decision::ChangedOutside {
                observed: "replica".into(),
            },
        ] {
            assert!(!said(&decision).unwrap().error, "{decision:?}");
        }
        assert_eq!(said(&Decision::Keep), None);
    }
}
