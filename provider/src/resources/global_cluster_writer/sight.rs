//! Asks AWS for the global cluster, in the first region that answers: what is seen, or why it is not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use aws::aurora::GlobalCluster;
use aws::{ErrorKind, Region};
use jiff::Timestamp;
use recovery::document::Objective;
use recovery::kind::Case;
use recovery::mode::Mode;
use recovery::steps::aurora_global_writer::{AuroraGlobalWriter, Request, region_of};
use terraform_framework::{Value, duration};

use super::model::GlobalClusterWriter;
use crate::client::{Barred, Client};
use crate::contract::World;
use crate::roles::consents;
use crate::roles::finding::Finding;
use crate::roles::timeouts;

/// No region is waited for longer while planning.
const LONGEST_LOOK: Duration = Duration::from_mins(1);
/// Used where the configured bound is not known.
const DEFAULT_BOUND: Duration = Duration::from_mins(5);

/// The global cluster, as a region showed it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) global: GlobalCluster,
    /// Where the writer is.
    pub(super) writer: Region,
}

/// The world as far as it was seen.
pub(super) enum Sighting {
    /// Seen.
    Seen(Seen),
    /// Every region that could be asked is declared lost.
    Lost,
    /// No region answers.
    Unreachable(String),
    /// Region or provider are known only at apply.
    NotYet,
    /// AWS answered, and the answer stops everything.
    Failed(Finding),
    /// There is no such global cluster.
    Missing(Finding),
}

impl Seen {
    /// The member of a region.
    pub(super) fn member(&self, region: &Region) -> Option<&str> {
        let mut members = self.global.members.iter();
        let found = members.find(|it| region_of(&it.arn).as_ref() == Some(region));
        found.map(|member| member.arn.as_str())
    }

    /// The members as the state holds them.
    pub(super) fn member_arns(&self) -> BTreeMap<String, Value<String>> {
        let members = self.global.members.iter();
        let by_region = members.filter_map(|it| {
            let region = region_of(&it.arn)?;
            Some((region.to_string(), it.arn.clone().into()))
        });
        by_region.collect()
    }

    /// Where a move that is under way leads.
    pub(super) fn under_way(&self) -> Option<Region> {
        match &self.global.failover {
            // The old writer is being brought back (Amazon RDS API Reference, FailoverState).
            Some(state) if state.status == "cancelling" => region_of(&state.from),
            Some(state) => region_of(&state.to),
            None => None,
        }
    }

    /// In a line.
    pub(super) fn line(&self) -> String {
        let id = &self.global.id;
        let mut line = format!(
            "{id} is {}, its writer in {}",
            self.global.status, self.writer
        );
        if let Some(state) = &self.global.failover {
            let to = region_of(&state.to).map_or_else(|| state.to.clone(), |it| it.to_string());
            line = format!("{line}, {} to {to}", state.status);
        }
        line
    }
}

impl Sighting {
    /// The world for the contract. A writer in a lost region is seen by its other members, but only a failover may go
    /// by that; to everything else it is lost.
    pub(super) fn world(
        &self,
        client: &Client,
        config: &GlobalClusterWriter,
        text: &str,
    ) -> World<'_> {
        match self {
            Sighting::Seen(seen) => {
                let target_lost = Region::new(text).is_ok_and(|target| client.is_lost(&target));
                let moves = seen.writer.as_str() != text;
                let goes_on = moves && !target_lost && config.mode.text() == Some("failover");
                if (client.is_lost(&seen.writer) && !goes_on) || (target_lost && moves) {
                    World::Lost
                } else {
                    World::Role(seen.writer.as_str())
                }
            }
            Sighting::Lost => World::Lost,
            Sighting::Unreachable(_) => World::Unreachable,
            Sighting::NotYet | Sighting::Failed(_) | Sighting::Missing(_) => World::NotYet,
        }
    }

    /// What was seen, for messages.
    pub(super) fn line(&self) -> String {
        match self {
            Sighting::Seen(seen) => seen.line(),
            Sighting::Unreachable(text) => text.clone(),
            _ => String::new(),
        }
    }
}

/// Regions that may know the global cluster: what is configured, what was applied, where members were seen, and the
/// provider's own.
fn candidates(client: &Client, models: &[&GlobalClusterWriter]) -> Vec<Region> {
    let mut names: Vec<String> = Vec::new();
    for model in models {
        for value in [&model.writer_region, &model.from, &model.last_applied] {
            names.extend(value.text().map(str::to_owned));
        }
        names.extend(
            model
                .member_arns
                .known()
                .into_iter()
                .flatten()
                .map(|(region, _)| region.clone()),
        );
    }
    let mut regions: Vec<Region> = Vec::new();
    let named = names.iter().filter_map(|name| Region::new(name).ok());
    for region in named.chain(client.default_region.clone()) {
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    regions
}

/// Looks, within a bound for each region.
pub(super) async fn look(
    client: &Client,
    global: &str,
    models: &[&GlobalClusterWriter],
) -> Sighting {
    if client.not_yet.is_some() {
        return Sighting::NotYet;
    }
    let candidates = candidates(client, models);
    if candidates.is_empty() {
        return Sighting::NotYet;
    }
    let mut silent = Vec::new();
    let mut missing = Vec::new();
    for region in candidates.iter().filter(|it| !client.is_lost(it)) {
        match client.admit(region).await {
            Ok(()) => {}
            Err(Barred::Account { seen }) => {
                return Sighting::Failed(Finding::wrong_account(client, &seen, ATTRIBUTE));
            }
            Err(Barred::Unknown(error)) if error.is_transient() => {
                silent.push(error.to_string());
                continue;
            }
            Err(Barred::Unknown(error)) => return failed(&error, global, region),
        }
        match describe(client, global, region).await {
            Ok(cluster) => return seen(cluster),
            Err(None) => silent.push(format!(
                "{region}: no answer within {} s",
                LONGEST_LOOK.as_secs()
            )),
            Err(Some(error)) if error.kind == ErrorKind::NotFound => {
                missing.push(region.to_string());
            }
            Err(Some(error)) if error.is_transient() => silent.push(error.to_string()),
            Err(Some(error)) => return failed(&error, global, region),
        }
    }
    match (silent.is_empty(), missing.is_empty()) {
        (true, true) => Sighting::Lost,
        (true, false) => Sighting::Missing(missing_message(global, &missing)),
        (false, _) => Sighting::Unreachable(format!("Seen: {}.", silent.join("; "))),
    }
}

const ATTRIBUTE: &str = "global_cluster_identifier";

async fn describe(
    client: &Client,
    global: &str,
    region: &Region,
) -> Result<GlobalCluster, Option<aws::Error>> {
    let clusters = client.aws.global_clusters(region).map_err(Some)?;
    tokio::select! {
        biased;
        answer = clusters.describe(global) => answer.map_err(Some),
        () = client.clock.sleep(LONGEST_LOOK) => Err(None),
    }
}

/// The cluster with its writer, where it shows one.
pub(super) fn shown(global: GlobalCluster) -> Option<Seen> {
    let writer = global.members.iter().find(|member| member.writer);
    let of_move = global.failover.as_ref().and_then(|it| region_of(&it.from));
    let writer = writer.and_then(|it| region_of(&it.arn)).or(of_move)?;
    Some(Seen { global, writer })
}

fn seen(global: GlobalCluster) -> Sighting {
    match shown(global.clone()) {
        Some(seen) => Sighting::Seen(seen),
        None => Sighting::Failed(Finding {
            error: true,
            summary: format!("{} has no writer", global.id),
            detail: format!(
                "Seen: {} is {}, with {} members and no writer among them.\nExpected: one member that takes writes.\nNext: see the events of the global cluster; wait if a move is under way, and plan again.",
                global.id,
                global.status,
                global.members.len()
            ),
            attribute: ATTRIBUTE,
        }),
    }
}

fn missing_message(global: &str, regions: &[String]) -> Finding {
    Finding {
        error: true,
        summary: format!("The global cluster {global} does not exist"),
        detail: format!(
            "Seen: no global cluster {global}; asked in {}.\nExpected: an Aurora global cluster of that name.\nNext: check identifier, region and account: aws rds describe-global-clusters --region {}.",
            regions.join(", "),
            regions.first().map_or("", String::as_str)
        ),
        attribute: ATTRIBUTE,
    }
}

fn failed(error: &aws::Error, global: &str, region: &Region) -> Sighting {
    let (summary, next) = match error.kind {
        ErrorKind::AccessDenied => (
            format!("AWS denies access to the global cluster {global} in {region}"),
            format!(
                "allow {} to the caller, or use other credentials; a move needs rds:DescribeGlobalClusters, rds:DescribeDBClusters, rds:SwitchoverGlobalCluster, rds:FailoverGlobalCluster and cloudwatch:GetMetricData",
                error.missing_permission().unwrap_or("what is denied")
            ),
        ),
        ErrorKind::Credentials => (
            format!("No usable AWS credentials for {region}"),
            "renew the credentials and run it again".to_owned(),
        ),
        _ => (
            format!("AWS refuses to describe the global cluster {global} in {region}"),
            "settle what AWS names, then run it again".to_owned(),
        ),
    };
    Sighting::Failed(Finding {
        error: true,
        summary,
        detail: format!("Seen: {error}.\nNext: {next}."),
        attribute: ATTRIBUTE,
    })
}

/// The engine's step that makes the target the writer.
pub(super) fn step(
    client: &Client,
    seen: &Seen,
    config: &GlobalClusterWriter,
    target: &Region,
    creating: bool,
) -> AuroraGlobalWriter {
    let bound = config.max_data_loss.text();
    let bound = bound.and_then(|text| duration::parse(text).ok());
    let timeout = timeouts::bound(config.timeouts.as_ref(), creating);
    let members = seen.global.members.iter();
    let clusters: Vec<(Region, String)> = members
        .filter_map(|it| Some((region_of(&it.arn)?, it.arn.clone())))
        .collect();
    let failover = config.mode.text() == Some("failover");
    let case = Case {
        plan: "terraform".to_owned(),
        execution: String::new(),
        step: "dr_global_cluster_writer".to_owned(),
        mode: if failover {
            Mode::Failover
        } else {
            Mode::Switchover
        },
        regions: clusters.iter().map(|(region, _)| region.clone()).collect(),
        target: target.clone(),
        from: Some(seen.writer.clone()),
        lost: client
            .lost_regions
            .clone()
            .into_iter()
            .collect::<BTreeSet<_>>(),
        lost_at: config
            .lost_at
            .text()
            .and_then(|text| text.parse::<Timestamp>().ok()),
        last_seen: None,
        objective: Some(Objective {
            rto: timeout,
            rpo: bound.unwrap_or(DEFAULT_BOUND),
        }),
        consents: Vec::new(),
        baseline: BTreeMap::new(),
        past: Vec::new(),
        epoch: 0,
        timeout,
    };
    let request = Request {
        global: seen.global.id.clone(),
        clusters,
        consents: consents::heard(&config.consent.items),
        case,
    };
    AuroraGlobalWriter::new(Arc::clone(&client.aws), Arc::clone(&client.clock), request)
}
