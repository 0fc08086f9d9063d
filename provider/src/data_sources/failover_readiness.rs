//! `dr_failover_readiness`: could we fail over now? Gates of every step, the dependency proof, the RTO to expect.

use std::collections::BTreeMap;

use aws::Region;
use recovery::engine::outlook::{at_risk, in_the_way_of, joined};
use recovery::engine::{Member, Order, Seen, Surroundings, observe, preview_family};
use recovery::gate::GateResult;
use recovery::kind::Role;
use recovery::message::Message;
use recovery::mode::Mode;
use recovery::observation::{self, MAX_AGE, freshness};
use recovery::plan_step::{Intent, Preview};
use recovery::predict::{history, predict};
use recovery::prove::{Weight, prove};
use terraform_framework::data_source::DataSource;
use terraform_framework::validate::one_of;
use terraform_framework::{About, Cx, Diagnostics, Model, Nested, Value, async_trait};

use super::failover_status::{open, texts};
use crate::client::Client;
use crate::execution::given::is_region;
use crate::execution::look::{Active, View};
use crate::execution::preview::seconds;
use crate::execution::{caller, children};
use crate::provider_block::region;

/// So many earlier executions tell how long steps take.
const HISTORY: usize = 10;

/// The data source.
#[derive(Debug)]
pub(crate) struct FailoverReadinessSource;

/// Whether a failover plan could be executed now: the gates of every step, whether it gets by without each region, and
/// the RTO to expect by what earlier executions took. Reads only; nothing is locked and nothing is changed.
///
/// The values differ from plan to plan; use them in outputs and checks, not in arguments of resources.
#[derive(Model, Clone, Debug)]
pub(crate) struct FailoverReadiness {
    /// The failover plan: `dr_failover_plan.NAME.document`, or the text of a plan file of `drctl`.
    #[attr(required)]
    pub(crate) failover_plan: Value<String>,
    /// Documents of the plans that steps of the kind `failover_plan` run: `dr_failover_plan.NAME.document` of each. Default:
    /// as they were published beside the plan.
    #[attr(optional)]
    pub(crate) child_plans: Value<Vec<Value<String>>>,
    /// The region that would become active. Default: the first region of the plan that is neither active nor lost.
    #[attr(optional, computed, validate = region())]
    pub(crate) target_region: Value<String>,
    /// `failover` or `switchover`. Default: `failover`.
    #[attr(optional, validate = one_of(["failover", "switchover"]))]
    pub(crate) mode: Value<String>,
    /// Whether to write what is seen in peace (roles, capacity, lag) to every store, as `drctl observe` does: an execution
    /// without the lost region goes by it. Nothing is written while a region is lost or does not answer. Default: false.
    #[attr(optional)]
    pub(crate) observe: Value<bool>,
    /// Whether nothing is in the way: it is known who is active, no execution is unfinished and no old writer unfenced,
    /// every gate is open or is opened by an earlier step, no step would fail, the proof holds, and what was observed in
    /// peace is fresh.
    #[attr(computed)]
    pub(crate) ready: Value<bool>,
    /// What is in the way, one line each.
    #[attr(computed)]
    pub(crate) problems: Value<Vec<Value<String>>>,
    /// The active region; null where nobody can tell.
    #[attr(computed)]
    pub(crate) active_region: Value<String>,
    /// The most data, in seconds, that would be lost, as gates measured it; null where one could not tell.
    #[attr(computed)]
    pub(crate) data_at_risk_seconds: Value<i64>,
    /// The steps in order; after them those of the plans that it runs, by `PLAN/STEP`.
    #[attr(computed)]
    pub(crate) steps: Value<Vec<Value<Nested<Step>>>>,
    /// By tier, the RTO to expect.
    #[attr(computed)]
    pub(crate) predicted_rto: Value<BTreeMap<String, Value<Nested<Predicted>>>>,
    /// By region, whether the plan gets by without it.
    #[attr(computed)]
    pub(crate) proof: Value<BTreeMap<String, Value<Nested<Proof>>>>,
}

/// A step as it would go now.
#[derive(Model, Clone, Debug)]
pub(crate) struct Step {
    /// Its name.
    #[attr(computed)]
    pub(crate) name: Value<String>,
    /// `nothing`, `waits`, `acts`, `fails` or `unknown`.
    #[attr(computed)]
    pub(crate) intent: Value<String>,
    /// What it would do or wait for, or why that is not known.
    #[attr(computed)]
    pub(crate) words: Value<String>,
    /// Whether the act cannot be undone.
    #[attr(computed)]
    pub(crate) one_way: Value<bool>,
    /// What was seen.
    #[attr(computed)]
    pub(crate) world: Value<String>,
    /// Its gates now.
    #[attr(computed)]
    pub(crate) gates: Value<Vec<Value<Nested<Gate>>>>,
}

/// A gate now.
#[derive(Model, Clone, Debug)]
pub(crate) struct Gate {
    /// The question.
    #[attr(computed)]
    pub(crate) name: Value<String>,
    /// Whether it lets the act through.
    #[attr(computed)]
    pub(crate) open: Value<bool>,
    /// What was seen, with its numbers.
    #[attr(computed)]
    pub(crate) seen: Value<String>,
    /// What would have been right.
    #[attr(computed)]
    pub(crate) expected: Value<String>,
    /// The safe next move, where it is closed.
    #[attr(computed)]
    pub(crate) next: Value<String>,
    /// The most data, in seconds, that the act would lose, where this gate measured it.
    #[attr(computed)]
    pub(crate) at_risk_seconds: Value<i64>,
}

/// A predicted RTO.
#[derive(Model, Clone, Debug)]
pub(crate) struct Predicted {
    /// What is promised, in seconds.
    #[attr(computed)]
    pub(crate) objective_seconds: Value<i64>,
    /// Half of the executions take no longer, in seconds.
    #[attr(computed)]
    pub(crate) p50_seconds: Value<i64>,
    /// 95 of a hundred take no longer, in seconds.
    #[attr(computed)]
    pub(crate) p95_seconds: Value<i64>,
    /// Whether all of it was measured in earlier executions; else declared durations are among it.
    #[attr(computed)]
    pub(crate) measured: Value<bool>,
}

/// Whether the plan gets by without a region.
#[derive(Model, Clone, Debug)]
pub(crate) struct Proof {
    /// Whether it does, for every region that could take over.
    #[attr(computed)]
    pub(crate) proven: Value<bool>,
    /// What it needs there, or what cannot be told.
    #[attr(computed)]
    pub(crate) findings: Value<Vec<Value<String>>>,
}

#[async_trait]
impl DataSource for FailoverReadinessSource {
    type Client = Client;
    type Model = FailoverReadiness;

    fn name(&self) -> &'static str {
        "dr_failover_readiness"
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
        config: FailoverReadiness,
        diags: &mut Diagnostics,
    ) -> Option<FailoverReadiness> {
        let (around, view) = open(cx, &config.failover_plan, diags).await?;
        if !is_region(
            &around.document,
            "target_region",
            &config.target_region,
            diags,
        ) {
            return None;
        }
        let mode = config.mode.text().and_then(Mode::parse);
        let mode = mode.unwrap_or(Mode::Failover);
        let mut found = config;
        let mut problems = Vec::new();
        let active = view.active(&around.document.authority);
        standing(&around, &view, &active, &mut problems);
        let active = match active {
            Active::Region(region) => Some(region),
            _ => None,
        };
        found.active_region = active.as_ref().map(Region::to_string).into();
        proofs(&mut found, &around, &mut problems);
        if found.observe.known() == Some(&true) && in_peace(&around, &view) {
            let by = caller(&around).await;
            let (seen, _) = observe(&around, &by).await;
            for stale in observation::write(&around.stores, &seen).await {
                problems.push(format!("not observed in {}: {}", stale.region, stale.why));
            }
        }
        fresh(&around, &mut problems).await;
        predicted(&mut found, &around, mode).await;
        let named = found.target_region.text().map(str::to_owned);
        let target = target(&around, active.as_ref(), named.as_deref());
        found.target_region = target.as_ref().map(Region::to_string).into();
        let family = if let Some(target) = &target {
            let given = &found.child_plans;
            let joined = children::join(cx.client(), &around, given, target).await;
            let whole = joined.unwrap_or_else(|message| {
                problems.push(message.seen);
                around.clone()
            });
            previews(&whole, &view.seen, mode, target, &mut problems).await
        } else {
            problems.push("no region could become active".to_owned());
            Vec::new()
        };
        steps(&mut found, mode, &family, &mut problems);
        found.ready = problems.is_empty().into();
        found.problems = texts(&problems);
        Some(found)
    }
}

/// What earlier executions left, and whether it is known who is active.
fn standing(around: &Surroundings, view: &View, active: &Active, problems: &mut Vec<String>) {
    match active {
        Active::Region(_) => {}
        Active::Several(because) => problems.push(format!("two regions serve: {because}")),
        Active::Silent(why) => problems.push(format!("who is active is not known: {why}")),
        Active::Lost => problems.push(format!(
            "who is active is not known: {}, and who could tell is declared lost",
            view.seen.activity.because
        )),
    }
    if let Some(record) = view.unfinished(&around.digest) {
        let status = record.status();
        problems.push(format!("execution {} is not finished: {status}", record.id));
    }
    problems.extend(view.past.fencing.problem().map(|problem| problem.seen));
}

/// Whether every region answers: what is seen then is what a later execution goes by.
fn in_peace(around: &Surroundings, view: &View) -> bool {
    let mut roles = view.seen.activity.roles.values().flat_map(BTreeMap::values);
    let answers = roles.all(|role| !matches!(role, Role::Unknown(_)));
    answers && around.stores.lost().is_empty() && view.seen.activity.active.is_some()
}

fn target(around: &Surroundings, active: Option<&Region>, named: Option<&str>) -> Option<Region> {
    let lost = around.stores.lost();
    let mut regions = around.document.regions.iter();
    let fits = |region: &&Region| match named {
        Some(named) => region.as_str() == named,
        None => active != Some(*region) && !lost.contains(region),
    };
    regions.find(fits).cloned()
}

async fn previews(
    around: &Surroundings,
    seen: &Seen,
    mode: Mode,
    target: &Region,
    problems: &mut Vec<String>,
) -> Vec<Member> {
    let order = Order {
        mode,
        target: target.clone(),
        lost: around.stores.lost().into_iter().collect(),
        lost_at: None,
        declared_at: None,
        actor: "terraform plan".to_owned(),
        consents: Vec::new(),
        resume: None,
    };
    match preview_family(around, &order, Some(seen)).await {
        Ok(family) => family,
        Err(refusal) => {
            problems.push(refusal.message().seen.clone());
            Vec::new()
        }
    }
}

fn steps(found: &mut FailoverReadiness, mode: Mode, family: &[Member], problems: &mut Vec<String>) {
    let previews = joined(family);
    let steps = previews.iter().map(|(name, preview)| {
        let step = step(name, preview);
        let words = step.words.text().unwrap_or_default();
        if matches!(step.intent.text(), Some("fails" | "unknown")) {
            problems.push(format!("{name}: {words}"));
        }
        Value::Known(Nested(step))
    });
    found.steps = Value::Known(steps.collect());
    for (step, gate) in in_the_way_of(family, mode) {
        problems.push(format!("{step}: {}: {}", gate.gate, gate.message.seen));
    }
    let (most, unknown) = at_risk(&previews);
    found.data_at_risk_seconds = most.filter(|_| !unknown).map(seconds).into();
}

fn step(name: &str, preview: &Result<Preview, Message>) -> Step {
    let (intent, words) = match preview {
        Err(message) => ("unknown", message.seen.clone()),
        Ok(preview) => match &preview.intent {
            Intent::Nothing => ("nothing", String::new()),
            Intent::Wait(reason) => ("waits", reason.clone()),
            Intent::Act(act) => ("acts", act.words.clone()),
            Intent::Fail(message) => ("fails", message.seen.clone()),
        },
    };
    let one_way = preview.as_ref().is_ok_and(|preview| {
        matches!(&preview.intent, Intent::Act(act) if act.risk == recovery::risk::Risk::OneWay)
    });
    let seen = preview.as_ref().ok();
    let gates = seen.into_iter().flat_map(|preview| &preview.gates);
    Step {
        name: name.into(),
        intent: intent.into(),
        words: words.into(),
        one_way: one_way.into(),
        world: seen.map(|preview| preview.world.clone()).into(),
        gates: Value::Known(gates.map(|it| Value::Known(Nested(gate(it)))).collect()),
    }
}

fn gate(gate: &GateResult) -> Gate {
    Gate {
        name: gate.gate.to_string().into(),
        open: gate.is_open().into(),
        seen: gate.message.seen.clone().into(),
        expected: gate.message.expected.clone().into(),
        next: gate.message.next.clone().into(),
        at_risk_seconds: gate.at_risk.map(seconds).into(),
    }
}

fn proofs(found: &mut FailoverReadiness, around: &Surroundings, problems: &mut Vec<String>) {
    let regions = around.document.regions.iter();
    let proofs = regions.map(|region| {
        let proof = prove(&around.document, region);
        let findings = proof.cases.iter().flat_map(|case| &case.findings);
        let findings = findings.filter(|finding| finding.weight != Weight::Note);
        let mut lines: Vec<String> = findings.map(|it| it.message.seen.clone()).collect();
        lines.dedup();
        if !proof.is_proven() {
            problems.push(format!("not proved to get by without {region}"));
        }
        let proof = Proof {
            proven: proof.is_proven().into(),
            findings: texts(&lines),
        };
        (region.to_string(), Value::Known(Nested(proof)))
    });
    found.proof = Value::Known(proofs.collect());
}

/// What an execution would go by has to be fresh.
async fn fresh(around: &Surroundings, problems: &mut Vec<String>) {
    let newest = observation::newest(&around.stores).await;
    let made = newest.observation.as_ref().map(|it| it.at);
    let now = newest.now.unwrap_or_else(|| around.means.clock.now());
    if let Some(problem) = freshness(made, now, MAX_AGE).problem(MAX_AGE) {
        problems.push(problem.seen);
    }
}

async fn predicted(found: &mut FailoverReadiness, around: &Surroundings, mode: Mode) {
    let records = around.records(HISTORY).await.unwrap_or_default();
    let past = history(records.iter().map(|record| &record.state), mode);
    let tiers = predict(&around.document, mode, &past).tiers;
    let tiers = tiers.into_iter().filter_map(|tier| {
        let predicted = tier.predicted?;
        let predicted = Predicted {
            objective_seconds: seconds(tier.rto).into(),
            p50_seconds: seconds(predicted.p50).into(),
            p95_seconds: seconds(predicted.p95).into(),
            measured: (!predicted.declared).into(),
        };
        Some((tier.tier, Value::Known(Nested(predicted))))
    });
    found.predicted_rto = Value::Known(tiers.collect());
}
