//! `dr_failover_status`: who is active, and what the newest executions of a failover plan came to.

use std::collections::BTreeMap;

use recovery::engine::{Record, Surroundings};
use recovery::evidence::{Evidence, TierEvidence};
use recovery::publication;
use terraform_framework::cty::Path;
use terraform_framework::data_source::DataSource;
use terraform_framework::validate::between;
use terraform_framework::{About, Cx, Diagnostics, Model, Nested, Value, async_trait};

use crate::client::Client;
use crate::execution::given;
use crate::execution::look::{Active, View};
use crate::execution::standing::Standing;
use crate::messages::paragraphs;

/// So many executions are told where nobody says.
const MOST: i64 = 5;

/// The data source.
#[derive(Debug)]
pub(crate) struct FailoverStatusSource;

/// Who is active by a failover plan's authority, and what its newest executions came to. Reads only.
///
/// The values differ from plan to plan; use them in outputs and checks, not in arguments of resources.
#[derive(Model, Clone, Debug)]
pub(crate) struct FailoverStatus {
    /// The failover plan: `dr_failover_plan.NAME.document`, or the text of a plan file of `drctl`.
    #[attr(required)]
    pub(crate) failover_plan: Value<String>,
    /// How many executions are told, newest first. Default: 5.
    #[attr(optional, validate = between(0, 100))]
    pub(crate) most: Value<i64>,
    /// The active region; null where nobody can tell.
    #[attr(computed)]
    pub(crate) active_region: Value<String>,
    /// What that rests on.
    #[attr(computed)]
    pub(crate) because: Value<String>,
    /// How many role changes were completed; null before the first one.
    #[attr(computed)]
    pub(crate) epoch: Value<i64>,
    /// Steps whose resource does not serve where the authority says, or serves elsewhere too.
    #[attr(computed)]
    pub(crate) divergent_steps: Value<Vec<Value<String>>>,
    /// The digest that all stores point to; null where there is none, or they differ.
    #[attr(computed)]
    pub(crate) published_digest: Value<String>,
    /// Id of the execution that is not finished; null where there is none.
    #[attr(computed)]
    pub(crate) unfinished_execution: Value<String>,
    /// Whether an old writer is left that may still accept writes: `closed`, `open`, or `not_known`.
    #[attr(computed)]
    pub(crate) fencing: Value<String>,
    /// Id of the execution that left the old writer unfenced, where nothing has closed that since; else null.
    #[attr(computed)]
    pub(crate) unfenced_execution: Value<String>,
    /// The newest executions, newest first.
    #[attr(computed)]
    pub(crate) executions: Value<Vec<Value<Nested<Execution>>>>,
}

/// One execution.
#[derive(Model, Clone, Debug)]
pub(crate) struct Execution {
    /// Its id.
    #[attr(computed)]
    pub(crate) id: Value<String>,
    /// `failover`, `switchover` or `reprotect`.
    #[attr(computed)]
    pub(crate) mode: Value<String>,
    /// The region that it made active.
    #[attr(computed)]
    pub(crate) target_region: Value<String>,
    /// `running`, `done`, `done_unfenced`, `refused`, `failed`, `interrupted` or `aborted`.
    #[attr(computed)]
    pub(crate) status: Value<String>,
    /// Who ran it.
    #[attr(computed)]
    pub(crate) actor: Value<String>,
    /// When it was declared, in RFC 3339.
    #[attr(computed)]
    pub(crate) declared_at: Value<String>,
    /// When it ended, in RFC 3339; null while it has not.
    #[attr(computed)]
    pub(crate) ended_at: Value<String>,
    /// By tier, the seconds from the declaration to the tier's last verified step.
    #[attr(computed)]
    pub(crate) measured_rto_seconds: Value<BTreeMap<String, Value<i64>>>,
    /// By tier, the largest upper bound of lost data in seconds that a gate measured.
    #[attr(computed)]
    pub(crate) measured_rpo_seconds: Value<BTreeMap<String, Value<i64>>>,
    /// What stays to be done: an unfenced writer, stale stores.
    #[attr(computed)]
    pub(crate) open: Value<Vec<Value<String>>>,
}

#[async_trait]
impl DataSource for FailoverStatusSource {
    type Client = Client;
    type Model = FailoverStatus;

    fn name(&self) -> &'static str {
        "dr_failover_status"
    }

    fn about(&self) -> About {
        About {
            subcategory: "Failover",
            guide: "",
        }
    }

    async fn read(
        &self,
        cx: &Cx<Client>,
        config: FailoverStatus,
        diags: &mut Diagnostics,
    ) -> Option<FailoverStatus> {
        let (around, view) = open(cx, &config.failover_plan, diags).await?;
        let most = config.most.known().copied().unwrap_or(MOST);
        let mut found = config;
        let records = around
            .records(usize::try_from(most).unwrap_or_default())
            .await;
        let records = records.unwrap_or_default();
        let mut executions = Vec::new();
        for record in &records {
            executions.push(Value::Known(Nested(execution(&around, record).await)));
        }
        found.executions = Value::Known(executions);
        fill(&mut found, &around, &view);
        Some(found)
    }
}

/// Opens a plan and looks; what is wrong is told.
pub(super) async fn open(
    cx: &Cx<Client>,
    plan: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<(Surroundings, View)> {
    let client = cx.client();
    if let Some(part) = client.not_yet {
        diags.error(
            "The provider is not configured yet",
            format!("`{part}` of the provider block is known only at apply."),
        );
        return None;
    }
    let document = given::read(plan.text()?, diags)?;
    let name = document.name.clone();
    let looked = match Standing::of(client, document).await {
        Ok(standing) => standing.view.map(|view| (standing.around, view)),
        Err(message) => Err(message),
    };
    match looked {
        Ok(found) => Some(found),
        Err(message) => {
            let path = Path::root().attribute("failover_plan");
            diags.error_at(
                path,
                format!("{name} cannot be looked at"),
                paragraphs(&message),
            );
            None
        }
    }
}

fn fill(found: &mut FailoverStatus, around: &Surroundings, view: &View) {
    found.active_region = match view.active(&around.document.authority) {
        Active::Region(region) => region.to_string().into(),
        _ => Value::Null,
    };
    found.because = view.seen.activity.because.clone().into();
    let highest = view.seen.epochs.highest.as_ref();
    found.epoch = highest.and_then(|it| i64::try_from(it.epoch).ok()).into();
    found.divergent_steps = texts(&view.seen.activity.divergent_steps);
    found.published_digest = publication::decide(&view.pointed, None).ok().into();
    let unfinished = view.unfinished(&around.digest);
    found.unfinished_execution = unfinished.map(|record| record.id.clone()).into();
    let fencing = &view.past.fencing;
    found.fencing = fencing.name().into();
    found.unfenced_execution = fencing.execution().map(str::to_owned).into();
}

pub(super) fn texts(texts: &[String]) -> Value<Vec<Value<String>>> {
    Value::Known(texts.iter().cloned().map(Value::Known).collect())
}

async fn execution(around: &Surroundings, record: &Record) -> Execution {
    let evidence = around.evidence(&record.id, &record.entries).await;
    Execution {
        id: record.id.clone().into(),
        mode: evidence.mode.clone().into(),
        target_region: evidence.target.clone().into(),
        status: record.status().into(),
        actor: evidence.actor.clone().into(),
        declared_at: evidence.declared_at.clone().into(),
        ended_at: evidence.ended_at.clone().into(),
        measured_rto_seconds: by_tier(&evidence, |tier| tier.rto_measured_seconds),
        measured_rpo_seconds: by_tier(&evidence, |tier| tier.rpo_measured_seconds),
        open: texts(&evidence.open),
    }
}

/// A figure of each tier.
pub(crate) fn by_tier(
    evidence: &Evidence,
    measured: fn(&TierEvidence) -> Option<u64>,
) -> Value<BTreeMap<String, Value<i64>>> {
    let tiers = evidence.tiers.iter();
    let seconds = tiers.map(|tier| {
        let seconds = measured(tier).and_then(|seconds| i64::try_from(seconds).ok());
        (tier.tier.clone(), seconds.into())
    });
    Value::Known(seconds.collect())
}
