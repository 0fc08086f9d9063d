//! What an operator reads for each decision: what was seen, what was expected, the exact line to write next.

use std::fmt::Write as _;

use aws::Region;
use recovery::engine::Record;
use recovery::message::region_list;
use recovery::mode::Mode;
use recovery::next_move;

use super::model::Failover;
use super::sight::{Sighting, is_another};
use crate::contract::Decision;
use crate::execution::look::{Active, under_way};
use crate::roles::finding::Finding;
use crate::roles::lost::if_it_answers;

/// An error about the region.
fn error(summary: String, detail: String) -> Finding {
    Finding {
        error: true,
        summary,
        detail,
        attribute: "active_region",
    }
}

/// A warning about the region.
fn warning(summary: String, detail: String) -> Finding {
    error(summary, detail).into_warning()
}

/// What is configured, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted<'a> {
    /// The region that should be active; empty where it is not known.
    pub(super) region: &'a str,
    /// The mode.
    pub(super) mode: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    /// That of a configuration, or of a state.
    pub(super) fn of(config: &'a Failover) -> Self {
        Wanted {
            region: config.active_region.text().unwrap_or_default(),
            mode: config.mode.text(),
        }
    }
}

/// The finding for a decision, if it has one. Acts have theirs from the engine's preview.
pub(super) fn finding(
    decision: &Decision,
    sight: &Sighting,
    wanted: Wanted<'_>,
) -> Option<Finding> {
    let configured = wanted.region;
    let plan = &sight.standing.around.document.name;
    let seen = seen(sight);
    Some(match decision {
        Decision::Keep | Decision::Forget | Decision::Execute | Decision::Resume => return None,
        Decision::Adopt => warning(
            format!("{plan}: {configured} already is active: adopted"),
            format!("Seen: {seen}.\nThe region is recorded as applied; nothing is executed."),
        ),
        Decision::Follow => warning(
            format!("{plan}: {configured} already is active: the configuration follows"),
            format!("Seen: {seen}.\nIt was made active outside Terraform. Only the record of what was applied last changes; nothing is executed."),
        ),
        Decision::NameTheRole { observed } => error(
            format!("{plan}: {observed} is active; say that you know it before {configured} becomes it"),
            format!("Seen: {seen}.\nExpected: a record of what was applied last that agrees, or `from`. There is none (the resource is new, imported, tainted or replaced, its state was lost, or somebody made another region active), and a failover cannot simply be undone.\nNext: if you mean it, write this line into the resource and plan again:\n\n  from = \"{observed}\"\n"),
        ),
        Decision::ChangedOutside { observed } => warning(
            format!("{plan}: {observed} is active, not {configured}: changed outside Terraform"),
            format!("Seen: {seen}.\nExpected: {configured}, which was applied last.{}\nNothing is planned for it: undoing a failover is never a side effect of a plan.\nNext: to let the configuration follow the world, write\n\n  active_region = \"{observed}\"\n", by_whom(sight, observed)),
        ),
        Decision::Busy { target } => busy(sight, target, wanted),
        Decision::KeepUnseen => warning(
            format!("{plan}: who is active cannot be seen; {configured} stays recorded"),
            "Who could tell is in a region that is declared lost, and nothing there was asked.\nNext: take the region out of `lost_regions` (or DR_LOST_REGIONS) when it answers again.".to_owned(),
        ),
        Decision::LostHere => error(
            format!("{plan}: a region is declared lost, and a switchover needs it"),
            format!("Expected: both regions healthy, because a switchover loses nothing.\nNext: to make {configured} active without the lost region, write\n\n  mode = \"failover\"\n"),
        ),
        Decision::Unreachable if matches!(sight.standing.active, Active::Several(_)) => several(sight),
        Decision::Unreachable => error(
            format!("{plan}: who is active is not known"),
            unreachable(sight, configured),
        ),
        Decision::Impossible { observed } => error(
            format!("{plan}: {observed} cannot be left for {configured}"),
            format!("Seen: {seen}.\nNext: reprotect, then switch over:\n\n  {}\n", next_move::run(Mode::Reprotect, observed)),
        ),
        Decision::Defer => warning(
            format!("{plan}: decided at apply"),
            "The region or a part of the provider block is not known while planning, so nobody could be asked. The plan that the apply makes decides, under the same gates.".to_owned(),
        ),
    })
}

fn seen(sight: &Sighting) -> String {
    let because = sight
        .standing
        .view
        .as_ref()
        .map(|view| view.seen.activity.because.clone())
        .unwrap_or_default();
    match (&sight.standing.active, because.is_empty()) {
        (Active::Region(region), true) => format!("{region} is active"),
        (Active::Several(because), true) => because.clone(),
        (_, false) => because,
        (active, true) => format!("{active:?}"),
    }
}

/// The execution that made the region active, where it is known: the one that completed the highest epoch, if it led
/// there.
fn by_whom(sight: &Sighting, observed: &str) -> String {
    let Ok(view) = &sight.standing.view else {
        return String::new();
    };
    match &view.seen.epochs.highest {
        Some(record) if record.active != observed => format!(
            "\nNo execution of this plan wrote so: the last one, {}, made {} active, epoch {}.",
            record.execution, record.active, record.epoch
        ),
        Some(record) => {
            let actor = view
                .past
                .moved
                .as_ref()
                .filter(|it| it.id == record.execution);
            let actor = actor.and_then(|it| it.state.actor.clone());
            let by = actor.map_or_else(String::new, |actor| format!(" by {actor}"));
            let id = &record.execution;
            format!("\nIt was execution {id}{by}, epoch {}.", record.epoch)
        }
        None => "\nNo execution of this plan wrote so.".to_owned(),
    }
}

fn busy(sight: &Sighting, target: &str, wanted: Wanted<'_>) -> Finding {
    let plan = &sight.standing.around.document.name;
    let configured = wanted.region;
    let record = sight.unfinished();
    let begun = record.and_then(|it| Some((it, it.state.declared.as_ref()?.mode)));
    if let (Some((record, begun)), Some(mode)) = (begun, wanted.mode)
        && configured == target
        && is_another(Some(mode), begun)
    {
        return other_mode(plan, record, begun, mode);
    }
    let (id, told) = record.map_or_else(Default::default, |it| (it.id.clone(), under_way(it)));
    error(
        format!("{plan}: an execution to {target} is not finished"),
        format!(
            "Seen: {told}.\nExpected: no unfinished execution that leads elsewhere than to {configured}.\nNext: finish it or end it, then plan again:\n\n  {}\n  {}\n\nor, to go on with it, write\n\n  active_region = \"{target}\"\n",
            next_move::resume(&id),
            next_move::abort(&id)
        ),
    )
}

/// What was begun in another mode: it is not gone on with under the rules of this one.
fn other_mode(plan: &str, record: &Record, begun: Mode, configured: &str) -> Finding {
    let (id, told) = (&record.id, under_way(record));
    error(
        format!("{plan}: a {begun} is not finished, and `mode` says {configured}"),
        format!(
            "Seen: {told}.\nExpected: no unfinished execution of another mode than {configured}.\nNext: to go on with it, write\n\n  mode = \"{begun}\"\n\nor finish it or end it, then plan again:\n\n  {}\n  {}\n",
            next_move::resume(id),
            next_move::abort(id)
        ),
    )
}

/// How it is told that an execution is gone on with: what it is, and which moments count.
pub(super) fn goes_on(record: &Record, config: &Failover) -> String {
    let mut text = format!("Goes on with {}.\n", under_way(record));
    let Some(declared) = record.state.declared.as_ref() else {
        return text;
    };
    let ended = !record.is_under_way();
    if !ended && !declared.lost.is_empty() {
        let _ = writeln!(
            text,
            "It was told that {} is lost: nothing there is called until it ends.",
            region_list(&declared.lost)
        );
    }
    match (declared.lost_at, config.lost_at.text()) {
        (Some(at), None) if ended => {
            let _ = writeln!(
                text,
                "It was told that a region was lost at {at}. It has ended since, so that no longer counts; if it does, write\n\n  lost_at = \"{at}\"\n"
            );
        }
        (Some(at), None) => {
            let _ = writeln!(text, "The region was lost at {at}, as it was told.");
        }
        _ => {}
    }
    let recorded = declared.declared_at;
    let from = match config.declared_at.text() {
        Some(ordered) if ended => format!("{ordered}, as `declared_at` says"),
        Some(_) => format!("{recorded}: it is under way, and `declared_at` does not move that"),
        None if ended => format!("{recorded}, unless `declared_at` says otherwise"),
        None => recorded.to_string(),
    };
    let _ = writeln!(text, "Its RTO counts from {from}.");
    text
}

/// Two writers that nothing ranks.
fn several(sight: &Sighting) -> Finding {
    let authority = &sight.standing.around.document.authority;
    let serving = sight
        .standing
        .view
        .iter()
        .flat_map(|view| view.serving(authority));
    let lines: Vec<String> = serving
        .map(|region| format!("  {}", next_move::fence_all_but(region)))
        .collect();
    error(
        format!(
            "{}: two regions serve, and nothing ranks them",
            sight.standing.around.document.name
        ),
        format!(
            "Seen: {}.\nExpected: one writer, or an epoch that names one of them.\nNext: see which one customers write to, keep that one and fence the other, by one of\n\n{}\n",
            seen(sight),
            lines.join("\n")
        ),
    )
}

/// Row 13: the region that should become active is itself declared lost.
pub(super) fn target_lost(sight: &Sighting, target: &Region) -> Finding {
    let plan = &sight.standing.around.document.name;
    let keep = match &sight.standing.active {
        Active::Region(active) if active != target => {
            format!("\nTo keep {active} active, write\n\n  active_region = \"{active}\"\n")
        }
        _ => String::new(),
    };
    error(
        format!("{plan}: {target} cannot become active: it is declared lost"),
        format!(
            "Seen: {target} is declared lost, and nothing calls it.\nExpected: a region that answers.\nNext: {}{keep}",
            if_it_answers(&sight.declared, target.as_str())
        ),
    )
}

/// An import has to see who is active, and who could tell is declared lost.
pub(super) fn import_unseen(sight: &Sighting) -> Finding {
    let document = &sight.standing.around.document;
    let lost = sight.standing.around.stores.lost();
    let lost = lost.first().map_or("the region", Region::as_str);
    error(
        format!(
            "{}: who is active cannot be seen, so it cannot be imported",
            document.name
        ),
        format!(
            "Seen: {}.\nExpected: an active region: an import records what is seen.\nNext: {}\nIf it does not, create the resource instead of importing it, with the region that you know to be the active one:\n\n  active_region = \"REGION\"\n  from          = \"REGION\"\n",
            seen(sight),
            if_it_answers(&sight.declared, lost)
        ),
    )
}

/// Nobody was asked, because all regions are declared lost.
fn all_lost(sight: &Sighting, configured: &str) -> String {
    let regions = sight.standing.around.document.regions.iter();
    let regions: Vec<&str> = regions.map(Region::as_str).collect();
    let answers = if configured.is_empty() {
        regions.first().copied().unwrap_or_default()
    } else {
        configured
    };
    format!(
        "Seen: nothing, because all regions of the plan are declared lost ({}): neither who is active could be asked nor a store.\nExpected: a region that answers, and a store that answers.\nNext: {}",
        regions.join(", "),
        if_it_answers(&sight.declared, answers)
    )
}

fn unreachable(sight: &Sighting, configured: &str) -> String {
    let around = &sight.standing.around;
    let lost = around.stores.lost();
    if around.document.regions.iter().all(|it| lost.contains(it)) {
        return all_lost(sight, configured);
    }
    let why = match &sight.standing.active {
        Active::Silent(why) => why.trim_end_matches('.').to_owned(),
        _ => seen(sight),
    };
    let why = if why.starts_with("Seen: ") {
        why
    } else {
        format!("Seen: {why}")
    };
    let authority = &sight.standing.around.document.authority;
    let silent = sight
        .standing
        .view
        .iter()
        .flat_map(|view| view.silent(authority));
    let silent: Vec<&str> = silent.map(Region::as_str).collect();
    // Where nobody knows who is silent, no region is named: the wrong one would be given up.
    let (which, declare) = if silent.is_empty() {
        let regions = sight.standing.around.document.regions.iter();
        let regions: Vec<&str> = regions.map(Region::as_str).collect();
        (
            format!("a region ({})", regions.join(", ")),
            "REGION".to_owned(),
        )
    } else {
        (silent.join(", "), silent.join(","))
    };
    format!(
        "{why}.\nNext: try again; if {which} is lost, declare it, and nothing will call it any more:\n\n  export DR_LOST_REGIONS={declare}\n\nor write it into `lost_regions` of the provider block."
    )
}
