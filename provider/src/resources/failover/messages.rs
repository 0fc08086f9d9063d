//! What an operator reads for each decision: what was seen, what was expected, the exact line to write next.

use recovery::engine::Record;
use terraform_framework::Diagnostics;
use terraform_framework::cty::Path;

use super::sight::Sighting;
use crate::contract::Decision;
use crate::execution::look::Active;

/// A finding for the operator, before it becomes a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// Whether the plan stops here.
    pub(super) error: bool,
    /// One line: what is the case.
    pub(super) summary: String,
    /// Seen, expected, next.
    pub(super) detail: String,
}

impl Finding {
    fn error(summary: String, detail: String) -> Self {
        Finding {
            error: true,
            summary,
            detail,
        }
    }

    fn warning(summary: String, detail: String) -> Self {
        Finding {
            error: false,
            summary,
            detail,
        }
    }

    /// Tells it.
    pub(super) fn say(self, diags: &mut Diagnostics) {
        let path = Path::root().attribute("active_region");
        if self.error {
            diags.error_at(path, self.summary, self.detail);
        } else {
            diags.warning_at(path, self.summary, self.detail);
        }
    }
}

/// The finding for a decision, if it has one. Acts have theirs from the engine's preview.
pub(super) fn finding(decision: &Decision, sight: &Sighting, configured: &str) -> Option<Finding> {
    let plan = &sight.around.document.name;
    let seen = seen(sight);
    Some(match decision {
        Decision::Keep | Decision::Forget | Decision::Execute | Decision::Resume => return None,
        Decision::Adopt => Finding::warning(
            format!("{plan}: {configured} already is active: adopted"),
            format!("Seen: {seen}.\nThe region is recorded as applied; nothing is executed."),
        ),
        Decision::Follow => Finding::warning(
            format!("{plan}: {configured} already is active: the configuration follows"),
            format!("Seen: {seen}.\nIt was made active outside Terraform. Only the record of what was applied last changes; nothing is executed."),
        ),
        Decision::NameTheRole { observed } => Finding::error(
            format!("{plan}: {observed} is active; say that you know it before {configured} becomes it"),
            format!("Seen: {seen}.\nExpected: a record of what was applied last that agrees, or `from`. There is none (the resource is new, imported, tainted or replaced, its state was lost, or somebody made another region active), and a failover cannot simply be undone.\nNext: if you mean it, write this line into the resource and plan again:\n\n  from = \"{observed}\"\n"),
        ),
        Decision::ChangedOutside { observed } => Finding::warning(
            format!("{plan}: {observed} is active, not {configured}: changed outside Terraform"),
            format!("Seen: {seen}.\nExpected: {configured}, which was applied last.{}\nNothing is planned for it: undoing a failover is never a side effect of a plan.\nNext: to let the configuration follow the world, write\n\n  active_region = \"{observed}\"\n", by_whom(sight)),
        ),
        Decision::Busy { target } => busy(sight, target, configured),
        Decision::KeepUnseen => Finding::warning(
            format!("{plan}: who is active cannot be seen; {configured} stays recorded"),
            "Who could tell is in a region that is declared lost, and nothing there was asked.\nNext: take the region out of `lost_regions` (or DR_LOST_REGIONS) when it answers again.".to_owned(),
        ),
        Decision::LostHere => Finding::error(
            format!("{plan}: a region is declared lost, and a switchover needs it"),
            format!("Expected: both regions healthy, because a switchover loses nothing.\nNext: to make {configured} active without the lost region, write\n\n  mode = \"failover\"\n"),
        ),
        Decision::Unreachable => Finding::error(
            format!("{plan}: who is active is not known"),
            unreachable(sight),
        ),
        Decision::Impossible { observed } => Finding::error(
            format!("{plan}: {observed} cannot be left for {configured}"),
            format!("Seen: {seen}.\nNext: reprotect, then switch over: drctl run --mode reprotect --to {observed}."),
        ),
        Decision::Defer => Finding::warning(
            format!("{plan}: decided at apply"),
            "The region or a part of the provider block is not known while planning, so nobody could be asked. The plan that the apply makes decides, under the same gates.".to_owned(),
        ),
    })
}

fn seen(sight: &Sighting) -> String {
    let because = sight
        .view
        .as_ref()
        .map(|view| view.activity.because.clone())
        .unwrap_or_default();
    match (&sight.active, because.is_empty()) {
        (Active::Region(region), true) => format!("{region} is active"),
        (_, false) => because,
        (active, true) => format!("{active:?}"),
    }
}

/// The execution that changed it, where it is known.
fn by_whom(sight: &Sighting) -> String {
    let Ok(view) = &sight.view else {
        return String::new();
    };
    match &view.epochs.highest {
        Some(record) => {
            let actor = view.newest.as_ref().filter(|it| it.id == record.execution);
            let actor = actor.and_then(|it| it.state.actor.clone());
            let by = actor.map_or_else(String::new, |actor| format!(" by {actor}"));
            let id = &record.execution;
            format!("\nIt was execution {id}{by}, epoch {}.", record.epoch)
        }
        None => "\nNo execution of this plan wrote so.".to_owned(),
    }
}

fn busy(sight: &Sighting, target: &str, configured: &str) -> Finding {
    let plan = &sight.around.document.name;
    let record = sight.unfinished();
    let (id, told) = record.map_or_else(Default::default, |it| (it.id.clone(), under_way(it)));
    Finding::error(
        format!("{plan}: an execution to {target} is not finished"),
        format!(
            "Seen: {told}.\nExpected: no unfinished execution that leads elsewhere than to {configured}.\nNext: finish it or end it, then plan again:\n\n  drctl resume {id}\n  drctl abort {id}\n\nor write active_region = \"{target}\" and apply to go on with it."
        ),
    )
}

/// What an unfinished execution is, since when and by whom.
pub(super) fn under_way(record: &Record) -> String {
    let declared = record.state.declared.as_ref();
    let what = declared.map_or_else(String::new, |it| {
        format!(
            " ({} to {}, declared at {})",
            it.mode, it.target, it.declared_at
        )
    });
    let actor = record.state.actor.as_deref().unwrap_or("somebody");
    format!(
        "execution {}{what} of {actor} is {}",
        record.id,
        record.status()
    )
}

fn unreachable(sight: &Sighting) -> String {
    let why = match &sight.active {
        Active::Silent(why) => why.trim_end_matches('.').to_owned(),
        _ => seen(sight),
    };
    let why = if why.starts_with("Seen: ") {
        why
    } else {
        format!("Seen: {why}")
    };
    let regions: Vec<&str> = sight
        .around
        .document
        .regions
        .iter()
        .map(aws::Region::as_str)
        .collect();
    format!(
        "{why}.\nNext: try again; if a region ({}) is lost, declare it, and nothing will call it any more:\n\n  export DR_LOST_REGIONS={}\n\nor write it into `lost_regions` of the provider block.",
        regions.join(", "),
        regions.first().copied().unwrap_or_default()
    )
}
