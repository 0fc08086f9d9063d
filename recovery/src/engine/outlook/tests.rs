//! Which step opens a gate that is closed now, and which gates stay in the way.

use std::sync::Arc;

use serde_json::{Value, json};

use super::in_the_way_of;
use crate::document::Document;
use crate::engine::Member;
use crate::gate::{Gate, GateResult, Verdict};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::{Intent, Preview};
use crate::steps::KINDS;

fn instances(name: &str) -> Value {
    json!({ "us-east-1": name, "us-west-2": format!("{name}-west") })
}

fn fence(name: &str, of: &str) -> Value {
    json!({ "name": name, "tier": "critical", "after": [],
        "fence_database": { "instances": instances(of), "by": "stop" } })
}

fn promote(name: &str, of: &str, after: &[&str]) -> Value {
    json!({ "name": name, "tier": "critical", "after": after,
        "rds_promote_replica": { "instances": instances(of) } })
}

fn aurora(after: &[&str]) -> Value {
    json!({ "name": "writer", "tier": "critical", "after": after, "aurora_global_writer": {
        "global_cluster": "shop", "clusters": { "us-east-1": "e", "us-west-2": "w" } } })
}

/// A plan in a family of which every gate `fenced` is closed, but those of fences.
fn member(under: &str, steps: Vec<Value>, authority: &str) -> Member {
    let plan = json!({
        "schema": 1, "name": "shop", "regions": ["us-east-1", "us-west-2"],
        "tiers": { "critical": { "rto": "1h", "rpo": "5m" } },
        "authority": authority,
        "stores": { "us-east-1": { "directory": "e" }, "us-west-2": { "directory": "w" } },
        "steps": steps
    });
    let (document, _) = Document::read(&plan.to_string(), KINDS).expect("a plan");
    let closed = GateResult {
        gate: Gate::Fenced,
        verdict: Verdict::Refused { may_change: true },
        message: Message::new(
            "the old writer accepts writes",
            "none that does",
            "fence it",
        ),
        at_risk: None,
    };
    let previews = document.steps.iter().map(|step| {
        let asks = matches!(
            step.kind.name(),
            "rds_promote_replica" | "aurora_global_writer"
        );
        let preview = Preview {
            world: String::new(),
            intent: Intent::Nothing,
            gates: asks.then(|| closed.clone()).into_iter().collect(),
            warnings: Vec::new(),
        };
        (step.name.clone(), Ok(preview))
    });
    let previews = previews.collect();
    Member {
        under: under.to_owned(),
        document: Arc::new(document),
        previews,
    }
}

fn left(family: &[Member]) -> Vec<String> {
    let closed = in_the_way_of(family, Mode::Failover).into_iter();
    closed.map(|(step, _)| step).collect()
}

#[test]
fn a_fence_opens_the_gate_of_the_writer_that_it_fences_and_no_other() {
    let steps = vec![
        fence("fence", "shop"),
        promote("promote", "shop", &["fence"]),
        promote("promote-other", "billing", &["fence"]),
        aurora(&["fence"]),
    ];
    let plan = member("", steps, "promote");
    assert_eq!(left(&[plan]), ["promote-other", "writer"]);
}

#[test]
fn a_fence_that_does_not_come_before_opens_nothing() {
    let steps = vec![fence("fence", "shop"), promote("promote", "shop", &[])];
    assert_eq!(left(&[member("", steps, "promote")]), ["promote"]);
}

#[test]
fn a_fence_of_the_plan_above_opens_gates_of_the_plans_that_it_runs_afterwards() {
    let runs = |after: &[&str]| {
        json!({ "name": "child", "after": after, "tier": "critical",
            "failover_plan": { "plan": "billing" } })
    };
    let family = |after: &[&str]| {
        let above = vec![
            fence("fence", "shop"),
            promote("own", "shop", &["fence"]),
            runs(after),
        ];
        let below = vec![promote("promote", "shop", &[])];
        [
            member("", above, "own"),
            member("billing/", below, "promote"),
        ]
    };
    assert_eq!(left(&family(&["fence"])), Vec::<String>::new());
    assert_eq!(left(&family(&[])), ["billing/promote"]);
}
