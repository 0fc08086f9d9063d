//! What to do about a global cluster, and what its gates answer: pure functions of what was seen.

use std::time::Duration;

use super::super::again::{self, Twice};
use super::observe::region_of;
use super::{Act, Request, Seen};
use crate::consent::{Judged, judge, judge_plan};
use crate::gate::data_at_risk::{self, LagEvidence, SourceLife, data_at_risk};
use crate::gate::fenced::{OldWriter, fenced};
use crate::gate::ready_to_serve::{Answer, Fact, ready_to_serve};
use crate::gate::{Gate, GateResult, Verdict};
use crate::kind::Case;
use crate::message::Message;
use crate::mode::Mode;
use crate::step::{Decision, Memory};

/// Decides.
pub fn decide(seen: &Seen, request: &Request, memory: &Memory<Act>) -> Decision<Act> {
    let global = &seen.global;
    if let Some(state) = &global.failover {
        return Decision::Wait(format!(
            "{} is {} to {}; waiting until that is over",
            global.id, state.status, state.to
        ));
    }
    if seen.is_writer() {
        return decide_writer(seen, request, memory);
    }
    if let Some(failure) = cannot_start(seen, request) {
        return Decision::Fail(failure);
    }
    let transitional = [
        "creating",
        "modifying",
        "upgrading",
        "deleting",
        "failing-over",
    ];
    let lossy = request.case.mode != Mode::Switchover;
    let waits = if lossy {
        transitional.contains(&global.status.as_str())
    } else {
        global.status != "available"
    };
    if waits {
        return Decision::Wait(format!("{} is {}", global.id, global.status));
    }
    let target = seen.target.arn.clone();
    let act = if lossy {
        Act::Failover(request.case.target.clone(), target)
    } else {
        match seen.writer().and_then(|writer| region_of(&writer.arn)) {
            Some(region) => Act::Switchover(region, target),
            None => return Decision::Wait("the global cluster shows no writer".to_owned()),
        }
    };
    let moves = |act: &Act| matches!(act, Act::Failover(..) | Act::Switchover(..));
    again::send(memory, act, moves, "the move of the writer", Twice::Never)
}

fn cannot_start(seen: &Seen, request: &Request) -> Option<Message> {
    let target = &seen.target;
    if seen.member().is_none() {
        return Some(Message::new(
            format!("{} is no member of {}", target.arn, seen.global.id),
            "a secondary cluster of the global cluster",
            "name the right cluster under clusters",
        ));
    }
    if request.case.mode == Mode::Reprotect {
        return Some(Message::new(
            format!("the writer is not in {}", request.case.target),
            "the active region as the writer",
            "run a switchover or a failover first; reprotect moves no writer",
        ));
    }
    (target.instances == 0).then(|| {
        Message::new(
            format!("{} in {} has no instance", target.id, request.case.target),
            "a cluster with an instance: a headless one serves nobody",
            "add an instance (aws rds create-db-instance) and run it again when it is available",
        )
    })
}

fn decide_writer(seen: &Seen, request: &Request, memory: &Memory<Act>) -> Decision<Act> {
    if seen.global.status != "available" {
        return Decision::Wait(format!(
            "the target is the writer; {} is {}; waiting for available",
            seen.global.id, seen.global.status
        ));
    }
    if seen.target.status != "available" {
        return Decision::Wait(format!(
            "the target is the writer and {}; waiting for available",
            seen.target.status
        ));
    }
    for lost in &seen.lost_writes {
        let ready = lost.snapshot.status == "available";
        if lost.copy.is_none() && ready {
            let act = Act::Copy(lost.region.clone(), lost.snapshot.id.clone());
            let wanted = act.clone();
            let words = format!("CopyDBClusterSnapshot {}", lost.snapshot.id);
            return again::send(memory, act, move |it| *it == wanted, &words, Twice::Never);
        }
        // A failover goes on; reprotect sees the copy through.
        if request.case.mode == Mode::Reprotect && lost.copy.as_deref() != Some("available") {
            return Decision::Wait(format!(
                "{} is {}, its copy {}",
                lost.snapshot.id,
                lost.snapshot.status,
                lost.copy.as_deref().unwrap_or("not made yet")
            ));
        }
    }
    Decision::Done
}

/// The consents that count now: those of an execution, and those for this writer and this target.
pub(super) fn consents(seen: &Seen, request: &Request) -> Judged {
    let case = &request.case;
    let region = case.target.as_str();
    let of_plan = judge_plan(&case.consents, seen.at, &case.step, region, case.epoch);
    let writer = seen.writer().map(|writer| writer.arn.as_str());
    let (target, arn) = (&seen.target.id, &seen.target.arn);
    judge(&request.consents, seen.at, writer, target, arn).and(of_plan)
}

/// Every gate of the move. A switchover loses nothing by itself and demotes the old writer, so it asks for less.
pub(super) fn gates(seen: &Seen, request: &Request) -> Vec<GateResult> {
    let case = &request.case;
    let judged = consents(seen, request);
    let mut gates = vec![right_writer(seen, case), ready_to_serve(&facts(seen, case))];
    if case.mode != Mode::Switchover {
        let nobody_looked = LagEvidence {
            now: seen.at,
            source: SourceLife::Unknown("it was not measured".to_owned()),
            points: Err("it was not measured".to_owned()),
            replication: None,
            replicating: false,
            postgres: false,
            metric: "AuroraGlobalDBRPOLag",
        };
        let lag = seen.lag.as_ref().unwrap_or(&nobody_looked);
        let bound = case
            .objective
            .map_or(Duration::ZERO, |objective| objective.rpo);
        gates.push(data_at_risk::gate(
            &data_at_risk(lag),
            &lag.source,
            bound,
            &judged,
        ));
        gates.push(fenced(&old_writer(seen), &judged));
    }
    gates
}

/// AWS asks the old writer to stop and does not say whether it did, so only its own state proves something.
fn old_writer(seen: &Seen) -> OldWriter {
    match &seen.writer {
        Some(Ok(cluster)) if cluster.status == "stopped" => OldWriter::TakesNoWrites {
            status: cluster.status.clone(),
        },
        Some(Ok(cluster)) => OldWriter::Open(format!(
            "{} is {}, and AWS fences it at best effort",
            cluster.id, cluster.status
        )),
        Some(Err(why)) => OldWriter::Unseen(why.clone()),
        None => OldWriter::Unseen("nobody looked".to_owned()),
    }
}

fn right_writer(seen: &Seen, case: &Case) -> GateResult {
    let arn = seen.writer().map_or("none", |writer| writer.arn.as_str());
    let region = region_of(arn);
    let (verdict, expected, next) = match &case.from {
        None => (
            Verdict::Passed,
            "any writer; which region was active is not known".to_owned(),
            "",
        ),
        Some(from) if region.as_ref() == Some(from) => {
            (Verdict::Passed, format!("a writer in {from}"), "")
        }
        Some(from) => (
            Verdict::Refused { may_change: false },
            format!("a writer in {from}"),
            "see which region is active; somebody moved the writer since the execution was declared",
        ),
    };
    GateResult {
        gate: Gate::RightSource,
        verdict,
        message: Message::new(format!("the writer is {arn}"), expected, next),
        at_risk: None,
    }
}

fn facts(seen: &Seen, case: &Case) -> Vec<Fact> {
    let target = &seen.target;
    let fine = |is: bool| if is { Answer::Fine } else { Answer::NotYet };
    let mut facts = vec![
        Fact::new(
            format!("{} is {}", target.id, target.status),
            fine(target.status == "available"),
        ),
        Fact::new(
            format!("{} instances", target.instances),
            fine(target.instances > 0),
        ),
        Fact::new(
            target.kms_key_id.as_deref().map_or_else(
                || "not encrypted".to_owned(),
                |key| format!("encrypted with {key}"),
            ),
            Answer::Fine,
        ),
    ];
    let (own, global) = (&target.engine_version, &seen.global.engine_version);
    facts.push(Fact::new(
        format!("version {own}, the global cluster {global}"),
        if own == global {
            Answer::Fine
        } else {
            Answer::Wrong(
                "bring all members to one version, or detach the target and rebuild".to_owned(),
            )
        },
    ));
    if case.mode == Mode::Switchover {
        let state = seen
            .member()
            .and_then(|member| member.synchronization.as_deref());
        facts.push(Fact::new(
            format!("synchronisation {}", state.unwrap_or("not shown")),
            match state {
                Some("connected") => Answer::Fine,
                Some(_) => Answer::NotYet,
                None => Answer::Unknown,
            },
        ));
        let (text, answer) = match &seen.writer {
            Some(Ok(writer)) => {
                let text = format!("the writer is {}", writer.status);
                (text, fine(writer.status == "available"))
            }
            Some(Err(why)) => (format!("the writer is not seen: {why}"), Answer::Unknown),
            None => ("the writer was not looked at".to_owned(), Answer::Unknown),
        };
        facts.push(Fact::new(text, answer));
    }
    facts.push(Fact::new(
        "not seen: parameter groups, roles and alarms of the target, which are its own",
        Answer::Unseen,
    ));
    facts
}
