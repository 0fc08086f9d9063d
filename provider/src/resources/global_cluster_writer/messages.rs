//! What an operator reads for each decision: what was seen, what was expected, the exact line to write next.

use crate::contract::Decision;
use crate::roles::finding::Finding;

/// What a message is about.
#[derive(Clone, Debug)]
pub(super) struct About<'a> {
    /// The global cluster.
    pub(super) id: &'a str,
    /// The configured region.
    pub(super) target: &'a str,
    /// What was seen, in a line.
    pub(super) seen: String,
    /// Whether the configured region is the one that is declared lost.
    pub(super) target_lost: bool,
    /// Where the writer was seen.
    pub(super) writer: Option<String>,
    /// What to do if the configured region answers all the same.
    pub(super) if_it_answers: String,
}

fn error(summary: String, detail: String) -> Finding {
    told(true, summary, detail)
}

fn warning(summary: String, detail: String) -> Finding {
    told(false, summary, detail)
}

fn told(error: bool, summary: String, detail: String) -> Finding {
    Finding {
        error,
        summary,
        detail,
        attribute: "writer_region",
    }
}

/// The message for a decision, if it has one. Acts have theirs from the engine's preview.
pub(super) fn message(decision: &Decision, about: &About<'_>) -> Option<Finding> {
    let About {
        id, target, seen, ..
    } = about;
    Some(match decision {
        Decision::Keep | Decision::Forget | Decision::Execute => return None,
        Decision::Adopt => warning(
            format!("The writer of {id} already is in {target}: adopted"),
            format!("Seen: {seen}.\nThe region is recorded as applied; nothing in AWS is touched."),
        ),
        Decision::Follow => warning(
            format!("The writer of {id} already is in {target}: the configuration follows"),
            format!("Seen: {seen}.\nIt was moved outside Terraform. Only the record of what was applied last changes; nothing in AWS is touched."),
        ),
        Decision::Resume => warning(
            format!("The writer of {id} is on its way to {target}: the apply goes on with it"),
            format!("Seen: {seen}.\nA move was begun and is not finished. The apply waits for it and proves the result; it is not begun a second time."),
        ),
        Decision::NameTheRole { observed } => error(
            format!("The writer of {id} is in {observed}; say that you know it before it moves to {target}"),
            format!("Seen: {seen}.\nExpected: a record of what was applied last that agrees, or `from`. There is none (the resource is new, imported, tainted or replaced, its state was lost, or somebody moved the writer elsewhere).\nNext: if you mean it, write this line into the resource and plan again:\n\n  from = \"{observed}\"\n"),
        ),
        Decision::ChangedOutside { observed } => warning(
            format!("The writer of {id} is in {observed}, not {target}: changed outside Terraform"),
            format!("Seen: {seen}.\nExpected: {target}, which was applied last.\nNothing is planned for it: undoing a failover is never a side effect of a plan.\nNext: to let the configuration follow the world, write\n\n  writer_region = \"{observed}\"\n"),
        ),
        Decision::Busy { target: leads } => error(
            format!("The writer of {id} is on its way to {leads}"),
            format!("Seen: {seen}.\nExpected: no move under way that leads elsewhere than the configuration.\nNext: write `writer_region = \"{leads}\"` and apply to finish it, or wait until {id} is available and plan again."),
        ),
        Decision::KeepUnseen => warning(
            format!("A region of {id} is declared lost: what was applied stays recorded"),
            format!("Nothing there was asked, and what the state says may no longer be true.\nNext: to make another region's cluster the writer, write its region and\n\n  mode    = \"failover\"\n  lost_at = \"<when {target} was lost, RFC 3339>\"\n\nTake the region out of `lost_regions` (or DR_LOST_REGIONS) when it answers again."),
        ),
        Decision::LostHere => lost(about),
        Decision::Unreachable => error(
            format!("No region tells where the writer of {id} is"),
            format!("{seen}\nNext: try again; if a region is lost, declare it, and nothing will call it any more:\n\n  export DR_LOST_REGIONS=REGION\n\nor write it into `lost_regions` of the provider block."),
        ),
        Decision::Impossible { observed } => error(
            format!("The writer of {id} cannot move to {target}"),
            format!("Seen: {seen}; no member in {target}.\nExpected: a secondary cluster in {target} that follows {observed}.\nNext: add a cluster with an instance there (global_cluster_identifier = \"{id}\"), wait until it is connected, and plan again. To keep this resource, write\n\n  writer_region = \"{observed}\"\n"),
        ),
        Decision::Defer => warning(
            format!("The writer of {id} is decided at apply"),
            "The region or a part of the provider block is not known while planning, so AWS could not be asked. The plan that the apply makes decides, under the same gates.".to_owned(),
        ),
    })
}

/// Row 13: somebody has to say that data may be lost, or choose a region that answers.
fn lost(about: &About<'_>) -> Finding {
    let About {
        id, target, seen, ..
    } = about;
    if about.target_lost {
        let keep = about.writer.as_ref().map_or_else(String::new, |writer| {
            format!(
                "\nTo keep the writer where it was seen, write\n\n  writer_region = \"{writer}\"\n"
            )
        });
        return error(
            format!("The writer of {id} cannot move to {target}: that region is declared lost"),
            format!(
                "Seen: {target} is declared lost, and nothing calls it.\nExpected: a region that answers.\nNext: {}{keep}",
                about.if_it_answers
            ),
        );
    }
    error(
        format!("The writer's region of {id} is declared lost, and a switchover needs it"),
        format!(
            "Seen: {}.\nExpected: both regions healthy, because a switchover loses nothing.\nNext: to make {target} the writer without it, write\n\n  mode    = \"failover\"\n  lost_at = \"<when it was lost, RFC 3339>\"\n",
            if seen.is_empty() {
                "its region is not asked"
            } else {
                seen
            }
        ),
    )
}
