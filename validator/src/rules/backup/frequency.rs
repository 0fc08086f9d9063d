//! Whether backups are made as often as the objective of their tier asks.

use super::copies::{Copies, copies, rules};
use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, number};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies, Strategy};
use crate::views::schedules;

pub(super) const RULE: Rule = Rule {
    name: "frequency-misses-rpo",
    family: Family::Backup,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "Backups are made less often than the tier's RPO allows, and nothing else copies the data.",
    impact: "More data is lost than the objective allows.",
    doc: "\
## What it asks
For backup plans that a tier with an RPO matches: the longest time between two backups, plus start window (60 minutes by default) and
completion window (180 minutes by default), against the RPO. The best rule of a plan counts; of rules that copy to another
region the best of those. Where stores are replicated, an RPO of less than a day is about their lag: outside of
`backup-restore` it is asked of backups only in a tier that holds no store. A copy in another region is a snapshot that follows
the schedule, also that of a continuous backup.

## How to fix it
Back up more often, shorten the windows, or choose another strategy for the tier.

Source: AWS Backup developer guide, backup windows.
",
    check: Check::Code(frequency),
};

/// Whether the tier of a plan holds stores: where they are replicated, an objective of less than a day is about their lag,
/// not about backups.
fn replicates(mirror: &Mirror<'_>, plan: InstanceId) -> bool {
    let Some(tier) = mirror.tier(plan) else {
        return false;
    };
    STORES.iter().flat_map(|ty| mirror.of_type(ty)).any(|id| {
        mirror
            .tier(*id)
            .is_some_and(|other| other.name == tier.name)
    })
}

/// What AWS Backup keeps and something else can replicate.
const STORES: [&str; 10] = [
    "aws_db_instance",
    "aws_rds_cluster",
    "aws_docdb_cluster",
    "aws_neptune_cluster",
    "aws_dynamodb_table",
    "aws_s3_bucket",
    "aws_efs_file_system",
    "aws_fsx_ontap_file_system",
    "aws_elasticache_replication_group",
    "aws_redshift_cluster",
];

/// What a rule of a plan may lose, in hours.
#[derive(Clone, Copy)]
struct Loss {
    gap: f64,
    start: f64,
    completion: f64,
}

impl Loss {
    fn hours(self) -> f64 {
        self.gap + self.start + self.completion
    }
}

/// What a rule of a plan may lose: the longest time between two backups, and the windows to start and to finish.
fn loss(mirror: &Mirror<'_>, plan: InstanceId, rule: usize) -> Result<Option<Loss>, Vec<Name>> {
    let schedule = match crate::mirror::text(mirror.value(plan, &format!("rule[{rule}].schedule")))
    {
        Maybe::Known(schedule) => schedule,
        Maybe::Unset => return Ok(None),
        Maybe::Unknown(because) => return Err(because),
    };
    let gap = schedules::longest_gap(&schedule)
        .ok_or_else(|| vec![format!("how often {schedule} runs").into()])?;
    let window = |name: &str, default: f64| {
        number(mirror.value(plan, &format!("rule[{rule}].{name}")))
            .or(default)
            .map(|minutes| minutes / 60.0)
    };
    Ok(Some(Loss {
        gap,
        start: window("start_window", 60.0)?,
        completion: window("completion_window", 180.0)?,
    }))
}

fn frequency(mirror: &Mirror<'_>, sink: &mut Sink) {
    for plan in mirror.of_type("aws_backup_plan").to_vec() {
        let Some(rpo) = mirror.tier(plan).and_then(|tier| tier.rpo) else {
            continue;
        };
        let allowed = f64::from(u32::try_from(rpo).unwrap_or(u32::MAX)) / 3600.0;
        if allowed < 24.0
            && mirror.strategy(plan) != Strategy::BackupRestore
            && replicates(mirror, plan)
        {
            continue;
        }
        let count = rules(mirror, plan).unwrap_or(0);
        // Where some rules copy to another region, only those count after its loss.
        let away: Vec<usize> = (0..count)
            .filter(|rule| matches!(copies(mirror, plan, *rule), Copies::Away))
            .collect();
        let counting = if away.is_empty() {
            (0..count).collect()
        } else {
            away
        };
        let mut best: Option<(Loss, usize)> = None;
        let mut open = Vec::new();
        for rule in counting {
            match loss(mirror, plan, rule) {
                Ok(Some(loss)) if best.is_none_or(|(least, _)| loss.hours() < least.hours()) => {
                    best = Some((loss, rule));
                }
                Ok(_) => {}
                Err(because) => open.extend(because),
            }
        }
        let at = best.map_or(0, |(_, rule)| rule);
        let asked = Asked::new(
            RULE.name,
            Spot::of(plan, &format!("rule[{at}].schedule")),
            Spot::missing(),
        )
        .keyed("rule.schedule");
        let name = &mirror.instance(plan).address;
        match best {
            Some((loss, _)) if loss.hours() <= allowed => sink.holds(),
            _ if !open.is_empty() => sink.unsure(
                asked.unsure(format!("how often {name} makes backups is not known"), open),
            ),
            Some((Loss { gap, start, completion }, _)) => sink.broken(asked.broken(format!(
                "{name} may lose {gap:.1} h between two backups + {start:.1} h to start + {completion:.1} h to complete = {:.1} h, the RPO is {allowed:.1} h",
                gap + start + completion
            ))),
            None => {}
        }
    }
}
