//! Which copy of a store lies in a secondary region, where nothing but copies does.

use super::copies::{Copies, copies, rules};
use super::selected::{Selected, selected};
use crate::inventory::Name;
use crate::mirror::{Evidence, InstanceId, Mirror, Standing};
use crate::verdict::{Asked, Sink, Spot, Strategy};

/// What AWS Backup keeps. Rules of their own ask for the replication of buckets under every strategy.
const STORES: [&str; 10] = [
    "aws_db_instance",
    "aws_rds_cluster",
    "aws_docdb_cluster",
    "aws_neptune_cluster",
    "aws_dynamodb_table",
    "aws_efs_file_system",
    "aws_fsx_lustre_file_system",
    "aws_fsx_ontap_file_system",
    "aws_fsx_windows_file_system",
    "aws_redshift_cluster",
];

/// Arguments of what stands in a secondary region that make it a copy.
const SOURCES: [&str; 5] = [
    "source_db_instance_arn",
    "replicate_source_db",
    "replication_source_identifier",
    "source_db_snapshot_identifier",
    "source_file_system_id",
];

/// Asks each store of the primary region that only has to be restored which copy of it leaves the region.
pub(super) fn stores(mirror: &Mirror<'_>, rule: &'static str, sink: &mut Sink) {
    for ty in STORES {
        for store in mirror.standing_of_type(ty, Standing::Primary) {
            if mirror.strategy(store) == Strategy::BackupRestore && is_source(mirror, store) {
                ask(mirror, rule, store, sink);
            }
        }
    }
}

/// Whether a store holds data of its own, and is not told to live once.
fn is_source(mirror: &Mirror<'_>, store: InstanceId) -> bool {
    let copied = ["replicate_source_db", "replication_source_identifier"]
        .iter()
        .any(|argument| !mirror.targets(store, argument).is_empty());
    let single = mirror
        .pairing
        .strays
        .iter()
        .any(|stray| stray.instance == store && stray.single.is_some());
    !copied && !single
}

fn ask(mirror: &Mirror<'_>, rule: &'static str, store: InstanceId, sink: &mut Sink) {
    if is_replicated(mirror, store) {
        return sink.holds();
    }
    let name = &mirror.instance(store).address;
    let asked = Asked::new(rule, Spot::at(store), Spot::missing()).keyed("copy");
    let mut open: Vec<Name> = Vec::new();
    let mut selecting: Vec<&Name> = Vec::new();
    for selection in mirror.standing_of_type("aws_backup_selection", Standing::Primary) {
        let chosen = selected(mirror, selection, store);
        if chosen == Selected::No {
            continue;
        }
        match leaves(mirror, selection) {
            Leaves::Yes if chosen == Selected::Yes => return sink.holds(),
            Leaves::No => selecting.push(&mirror.instance(selection).address),
            Leaves::Yes => {}
            Leaves::Open(because) => open.extend(because),
        }
        if let Selected::Open(because) = chosen {
            open.extend(because);
        }
    }
    let ty = "aws_backup_selection";
    open.extend(mirror.adrift(ty, "plan_id", Standing::Primary));
    open.extend(mirror.pairing.open(store).iter().cloned());
    if !mirror.complete() {
        open.push("what the sources that could not be read in full hold".into());
    }
    open.sort();
    open.dedup();
    if !open.is_empty() {
        let message =
            format!("whether a backup of {name} is copied to a secondary region is not known");
        return sink.unsure(asked.unsure(message, open));
    }
    let why = match selecting.first() {
        Some(selection) => {
            format!("{selection} selects it, and its plan copies nothing to a secondary region")
        }
        None => "no backup plan that copies to a secondary region selects it".to_owned(),
    };
    sink.broken(
        asked
            .broken(format!("no copy of {name} lies outside of {}: {why}", mirror.roles.primary))
            .fix("Select it in an aws_backup_selection of a plan with a copy_action to a vault of the secondary region, or replicate it."),
    );
}

/// Whether something of a secondary region is made from a store.
fn is_replicated(mirror: &Mirror<'_>, store: InstanceId) -> bool {
    let arrow = mirror.pairs().iter().any(|pair| {
        let makes =
            |evidence: &Evidence| matches!(evidence, Evidence::Arrow(_) | Evidence::Embedded);
        pair.primary == store && pair.evidence.iter().any(makes)
    });
    let global = !mirror
        .targets(store, "global_cluster_identifier")
        .is_empty()
        && mirror
            .counterpart(store)
            .is_some_and(|twin| !mirror.targets(twin, "global_cluster_identifier").is_empty());
    arrow
        || global
        || mirror.graph.referring(store).any(|(from, edge)| {
            let is_copy = matches!(edge.path.first(), Some(crate::symbol::PathStep::Name(name)) if SOURCES.contains(&&**name));
            // A replication of files is declared at its source.
            let away = matches!(mirror.standing(from), Standing::Secondary(_))
                || &*mirror.instance(from).ty == "aws_efs_replication_configuration";
            is_copy && away
        })
}

/// Whether a plan's copies leave the region.
enum Leaves {
    Yes,
    No,
    Open(Vec<Name>),
}

/// Of the plan of a selection: whether a rule of it copies to a secondary region.
fn leaves(mirror: &Mirror<'_>, selection: InstanceId) -> Leaves {
    let mut open = Vec::new();
    for plan in mirror.targets(selection, "plan_id") {
        if &*mirror.instance(plan).ty != "aws_backup_plan" {
            continue;
        }
        let count = match rules(mirror, plan) {
            Ok(count) => count,
            Err(because) => {
                open.extend(because);
                continue;
            }
        };
        for rule in 0..count {
            match copies(mirror, plan, rule) {
                Copies::Away => return Leaves::Yes,
                Copies::Open(because) => open.extend(because),
                Copies::Nowhere | Copies::Same(_) | Copies::Elsewhere(_) => {}
            }
        }
    }
    if open.is_empty() {
        Leaves::No
    } else {
        Leaves::Open(open)
    }
}
