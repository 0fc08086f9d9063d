//! Tests of the consents to write.

use std::time::Duration;

use aws::Region;
use jiff::Timestamp;
use recovery::document::Document;
use recovery::gate::{Gate, GateResult, Verdict};
use recovery::message::Message;
use recovery::mode::Mode;
use recovery::steps::KINDS;

use super::{Bound, acceptances};

/// Two databases.
fn document() -> Document {
    let database = |name: &str| {
        serde_json::json!({
            "name": name, "tier": "critical",
            "rds_promote_replica": { "instances": { "us-east-1": name, "us-west-2": format!("{name}-replica") } },
        })
    };
    let text = serde_json::json!({
        "schema": 1, "name": "shop", "regions": ["us-east-1", "us-west-2"], "authority": "orders",
        "tiers": { "critical": { "rto": "1h", "rpo": "5m" } },
        "stores": { "us-east-1": { "directory": "/e" }, "us-west-2": { "directory": "/w" } },
        "steps": [database("orders"), database("billing")],
    });
    match Document::read(&text.to_string(), KINDS) {
        Ok((document, _)) => document,
        Err(problems) => panic!("{}", problems[0]),
    }
}

fn refused(gate: Gate, seconds: Option<u64>) -> GateResult {
    GateResult {
        gate,
        verdict: Verdict::Refused { may_change: false },
        message: Message::default(),
        at_risk: seconds.map(Duration::from_secs),
    }
}

#[test]
fn one_consent_covers_the_largest_amount_of_all_steps_and_unknown_lag_has_its_own() {
    let document = document();
    let target = Region::new("us-west-2").expect("a region");
    let bound = Bound {
        document: &document,
        digest: "d1",
        epoch: 3,
        target: &target,
        now: "2026-08-01T12:00:00Z"
            .parse::<Timestamp>()
            .expect("a moment"),
    };
    let gates = [
        ("orders", refused(Gate::DataAtRisk, Some(90))),
        ("billing", refused(Gate::DataAtRisk, Some(610))),
        ("billing", refused(Gate::DataAtRisk, None)),
        ("orders", refused(Gate::RightSource, None)),
        ("nobody", refused(Gate::Fenced, None)),
    ];
    let gates: Vec<(&str, &GateResult)> = gates.iter().map(|(step, gate)| (*step, gate)).collect();
    let found = acceptances(&gates, Mode::Failover, &bound);
    let words: Vec<String> = found.iter().map(super::Acceptance::word).collect();
    assert_eq!(words, ["data_loss_up_to=12m", "unknown_lag"]);
    let block = found[0].block(&bound);
    for line in [
        "bound       = \"12m\"",
        "until       = \"2026-08-01T13:00:00Z\"",
        "steps       = [\"orders\", \"billing\"]",
        "epoch       = 3",
    ] {
        assert!(block.contains(line), "{line} is not in:\n{block}");
    }
}
