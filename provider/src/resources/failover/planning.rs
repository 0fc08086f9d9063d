//! What a plan shows: one decision of the contract, the preview of its acts, and the planned values that go with it.

use aws::Region;
use recovery::document::Document;
use recovery::engine::{Fencing, outlook, preview_family};
use recovery::gate::{Gate, GateResult};
use recovery::message::Message;
use recovery::mode::Mode;
use recovery::{next_move, publication};
use terraform_framework::cty::Path;
use terraform_framework::private::Private;
use terraform_framework::resource::{Plan, PlanRequest};
use terraform_framework::{Cx, Diagnostics};

use super::messages::{Wanted, finding, goes_on, target_lost};
use super::model::Failover;
use super::sight::{Given, Sighting, given, sight};
use crate::client::Client;
use crate::contract::Decision;
use crate::execution::consents::Bound;
use crate::execution::{children, consents, preview as shown, run};
use crate::messages::paragraphs;
use crate::roles::shape::shape;

/// Looks, decides, and shapes the planned values.
pub(super) async fn plan(
    cx: &Cx<Client>,
    request: &PlanRequest<'_, Failover>,
    plan: &mut Plan<Failover>,
    diags: &mut Diagnostics,
) {
    let config = request.config;
    let document = match given(config, diags) {
        Given::Bad => return,
        Given::NotYet => return not_yet(request, &mut plan.planned, diags),
        Given::Plan(document) => *document,
    };
    if request
        .prior
        .is_some_and(|prior| is_another(prior, &document))
    {
        plan.replace.push(Path::root().attribute("failover_plan"));
    }
    // A replacement is a forget and a create: the create has no past, so the present region has to be named.
    let replaced = request.prior.is_some() && !plan.replace.is_empty();
    let prior = request.prior.filter(|_| !replaced);
    let Some(mut sight) = sight(cx.client(), document, diags).await else {
        return;
    };
    // The default of the mode stands in what is planned.
    let wanted = &plan.planned;
    let decision = sight.decision(wanted, prior, request.private, false);
    tracing::info!(
        plan = sight.standing.around.document.name,
        ?decision,
        "decided"
    );
    let configured = config.active_region.text().unwrap_or_default();
    if let Some(finding) = finding(&decision, &sight, Wanted::of(wanted)) {
        finding.say(diags);
    }
    tell_unfenced(&sight, diags);
    match Region::new(configured) {
        Ok(target) if decision.acts() => {
            preview_acts(cx.client(), &mut sight, wanted, &target, diags).await;
        }
        Ok(target) => tell_inert(&sight, wanted, &target, diags),
        Err(_) => {}
    }
    shape(&mut plan.planned, prior, &decision);
}

/// Every plan warns until a fence or a reprotect has closed it.
fn tell_unfenced(sight: &Sighting, diags: &mut Diagnostics) {
    let fencing = sight.standing.view.as_ref().map(|view| &view.past.fencing);
    let problem = fencing.ok().and_then(Fencing::problem);
    if let Some(problem) = problem {
        let plan = &sight.standing.around.document.name;
        let summary = format!("{plan}: an old writer is not proved to be fenced");
        diags.warning(summary, paragraphs(&problem));
    }
}

/// Whether the state is of another failover plan.
fn is_another(prior: &Failover, document: &Document) -> bool {
    let recorded = prior.plan.text();
    let recorded = recorded.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let name = recorded.as_ref().and_then(|it| it.get("name")?.as_str());
    name.is_some_and(|name| name != document.name)
}

/// The failover plan is known only later: then nothing may act, because nothing was previewed.
fn not_yet(request: &PlanRequest<'_, Failover>, planned: &mut Failover, diags: &mut Diagnostics) {
    let last = request.prior.and_then(|prior| prior.last_applied.text());
    let configured = request.config.active_region.text();
    let changes = match last {
        Some(last) => configured != Some(last),
        None => !request.config.from.is_null(),
    };
    if changes {
        diags.error_at(
            Path::root().attribute("plan_digest"),
            "Apply the failover plan first",
            "The failover plan is known only after it was applied, and the active region changes: what is previewed is what runs.\nNext: apply the plan alone, for example with -target, then plan again.",
        );
        return;
    }
    diags.warning(
        "The active region is decided at apply",
        "The failover plan is not known while planning, so nobody could be asked. The plan that the apply makes decides; nothing is executed by it unless it was begun before.",
    );
    shape(planned, request.prior, &Decision::Defer);
}

/// Shows what would be done, in one warning; what is refused already is an error.
async fn preview_acts(
    client: &Client,
    sight: &mut Sighting,
    config: &Failover,
    target: &Region,
    diags: &mut Diagnostics,
) {
    if sight.standing.around.stores.lost().contains(target) {
        return target_lost(sight, target).say(diags);
    }
    if let Err(message) = may_run(sight, target) {
        let path = Path::root().attribute("plan_digest");
        return diags.error_at(path, "Apply the failover plan first", paragraphs(&message));
    }
    if let Err(message) = Box::pin(sight.join(client, config, target)).await {
        let path = Path::root().attribute("child_plans");
        let summary = "A plan that the failover plan runs is in the way";
        return diags.error_at(path, summary, paragraphs(&message));
    }
    let sight = &*sight;
    let Ok(view) = &sight.standing.view else {
        return;
    };
    let document = &sight.standing.around.document;
    let mode = sight.mode(config);
    let bound = sight.bound(target);
    let (heard, inert) = consents::judge(&config.consent.items, &bound, "the configuration");
    let order = sight.order(config, target, "terraform plan".to_owned(), heard);
    let family = match preview_family(&sight.standing.around, &order, Some(&view.seen)).await {
        Ok(family) => family,
        Err(refusal) => {
            let told = run::refusal(&refusal, &document.name);
            let detail = format!("{}{}", told.detail, mode_hint(sight, config));
            return diags.error_at(
                Path::root().attribute("active_region"),
                told.summary,
                detail,
            );
        }
    };
    let refused = shown::refused_for_good(&family, mode);
    let refused: Vec<(&str, &GateResult)> = refused
        .iter()
        .map(|(step, gate)| (&**step, *gate))
        .collect();
    for line in inert.iter().filter(|_| !refused.is_empty()) {
        let path = Path::root().attribute("consent");
        diags.warning_at(path, "A consent is stale", line.clone());
    }
    tell_refused(&refused, mode, &bound, diags);
    if diags.has_errors() {
        return;
    }
    let previews = outlook::joined(&family);
    let risk = shown::risk_words(&previews);
    let goes_on = sight.unfinished().map_or_else(String::new, |record| {
        format!("{}\n", goes_on(record, config))
    });
    let mut text = format!("{goes_on}{}", shown::text(document, mode, &previews));
    for line in children::digests(&sight.standing.around) {
        text.push_str("\n\n");
        shown::put(&mut text, "", &format!("runs the plan {line}"));
    }
    for line in &inert {
        text.push_str("\n\n");
        shown::put(&mut text, "", line);
    }
    let summary = format!("{mode} of {} to {target}: {risk}", document.name);
    diags.warning_at(Path::root().attribute("active_region"), summary, text);
}

/// One error for each question that was answered no, with the steps that ask it, what each saw, and the consent to
/// write.
fn tell_refused(
    refused: &[(&str, &GateResult)],
    mode: Mode,
    bound: &Bound<'_>,
    diags: &mut Diagnostics,
) {
    let mut told: Vec<Gate> = Vec::new();
    for (_, gate) in refused {
        if told.contains(&gate.gate) {
            continue;
        }
        told.push(gate.gate);
        let same = refused.iter().filter(|(_, it)| it.gate == gate.gate);
        let same: Vec<(&str, &GateResult)> = same.copied().collect();
        let steps: Vec<&str> = same.iter().map(|(step, _)| *step).collect();
        let mut detail = seen_by(&same);
        let accepted = consents::acceptances(&same, mode, bound);
        if let Some((step, _)) = same
            .iter()
            .find(|(step, _)| bound.document.step(step).is_none())
        {
            detail.push_str(&of_a_child(step, mode, bound));
        }
        if !accepted.is_empty() {
            let blocks: Vec<String> = accepted.iter().map(|it| it.block(bound)).collect();
            detail = format!(
                "{detail}\n\nTo accept the risk, write this into the resource and plan again:\n\n{}\n",
                blocks.join("\n")
            );
        }
        let summary = format!("{} refuses: {}", steps.join(", "), gate.gate);
        diags.error_at(Path::root().attribute("active_region"), summary, detail);
    }
}

/// Consents of the resource are bound to the steps of its own plan.
fn of_a_child(step: &str, mode: Mode, bound: &Bound<'_>) -> String {
    let plan = step.rsplit_once('/').map_or(step, |(plan, _)| plan);
    format!(
        "\n\nA consent here counts for {} alone. To accept a risk of {plan}, run it with drctl, and accept it there:\n\n  {}\n",
        bound.document.name,
        next_move::run(mode, bound.target)
    )
}

/// What the gates of one question saw; named by their steps where they saw different things.
fn seen_by(gates: &[(&str, &GateResult)]) -> String {
    let mut parts: Vec<(&Message, Vec<&str>)> = Vec::new();
    for (step, gate) in gates {
        match parts
            .iter_mut()
            .find(|(message, _)| **message == gate.message)
        {
            Some((_, steps)) => steps.push(step),
            None => parts.push((&gate.message, vec![step])),
        }
    }
    if let [(only, _)] = parts.as_slice() {
        return paragraphs(only);
    }
    let parts: Vec<String> = parts
        .iter()
        .map(|(message, steps)| format!("{}\n{}", steps.join(", "), paragraphs(message)))
        .collect();
    parts.join("\n\n")
}

/// Whether the store of the target holds the document that is previewed.
fn may_run(sight: &Sighting, target: &Region) -> Result<(), Message> {
    let Ok(view) = &sight.standing.view else {
        return Ok(());
    };
    let digest = &sight.standing.around.digest;
    let next = "apply the failover plan alone, for example with -target=dr_failover_plan.NAME, then plan again";
    if view.is_unpublished() {
        return Err(Message::new(
            "no store points to a failover plan",
            format!("the plan {digest} in the store of {target}"),
            next,
        ));
    }
    let published = publication::decide(&view.pointed, Some(target))?;
    if published != *digest {
        return Err(Message::new(
            format!("the published plan is {published}"),
            format!("{digest}: what is previewed is what runs"),
            next,
        ));
    }
    Ok(())
}

fn mode_hint(sight: &Sighting, config: &Failover) -> &'static str {
    let lost = !sight.standing.around.stores.lost().is_empty();
    if lost && config.mode.text() == Some("switchover") {
        "\nA switchover needs every region. To go without the lost one, write\n\n  mode = \"failover\"\n"
    } else {
        ""
    }
}

/// Consents that count for nothing are told also where nothing is executed.
fn tell_inert(sight: &Sighting, config: &Failover, target: &Region, diags: &mut Diagnostics) {
    let (_, inert) = consents::judge(&config.consent.items, &sight.bound(target), "");
    for line in inert {
        diags.warning_at(
            Path::root().attribute("consent"),
            "A consent is stale",
            format!("Seen: {line}.\nNext: take it out."),
        );
    }
}

/// A destroy forgets, but not in the middle of an execution. Whoever does not answer cannot object.
pub(super) async fn plan_destroy(cx: &Cx<Client>, state: &Failover, diags: &mut Diagnostics) {
    let mut unheard = Diagnostics::new();
    let Given::Plan(document) = given(state, &mut unheard) else {
        return;
    };
    let Some(sight) = sight(cx.client(), *document, &mut unheard).await else {
        return;
    };
    let decision = sight.decision(state, None, &Private::default(), true);
    // Whatever its mode, it is in the way of a destroy.
    let wanted = Wanted {
        mode: None,
        ..Wanted::of(state)
    };
    if let Some(finding) = finding(&decision, &sight, wanted) {
        finding.say(diags);
    }
}
