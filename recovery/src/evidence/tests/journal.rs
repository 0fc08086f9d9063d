//! The journal of a failover with everything that can happen to one.

use jiff::Timestamp;

use crate::document::Document;
use crate::journal::{
    CommandNote, ConsentNote, Declaration, Entry, GateNote, Note, Phase, Raw, SCHEMA, TakeoverNote,
};
use crate::steps::KINDS;

pub(super) const ID: &str = "01J4A000000000000000000000";

pub(super) fn document() -> Document {
    let text = r#"{
        "schema": 1, "name": "shop", "regions": ["us-east-1", "us-west-2"],
        "tiers": { "critical": { "rto": "1h", "rpo": "5m" } },
        "authority": "promote",
        "stores": { "us-east-1": { "directory": "e" }, "us-west-2": { "directory": "w" } },
        "steps": [
            { "name": "settle", "tier": "critical", "run_in": ["failover"],
              "wait": { "duration": "1m", "reason": "caches" } },
            { "name": "fence", "tier": "critical", "fence_database": {
                "instances": { "us-east-1": "shop", "us-west-2": "shop-west" }, "by": "stop" } },
            { "name": "promote", "tier": "critical", "rds_promote_replica": {
                "instances": { "us-east-1": "shop", "us-west-2": "shop-west" } } }
        ]
    }"#;
    match Document::read(text, KINDS) {
        Ok((document, _)) => document,
        Err(problems) => panic!("{problems:?}"),
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    format!("2026-08-01T{text}Z").parse().unwrap()
}

/// A journal that is written entry by entry.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) entries: Vec<Raw>,
    previous: Option<String>,
}

impl Writer {
    pub(super) fn write(&mut self, time: &str, note: Note) {
        let number = u64::try_from(self.entries.len()).unwrap() + 1;
        let entry = Entry {
            schema: SCHEMA,
            execution: ID.to_owned(),
            number,
            previous: self.previous.clone(),
            time: Some(at(time)),
            run: "r".to_owned(),
            note,
        };
        let bytes = entry.bytes();
        self.previous = Some(crate::canonical::hash(&bytes));
        self.entries.push(Raw { number, bytes });
    }

    pub(super) fn begins(
        &mut self,
        time: &str,
        phase: Phase,
        actor: &str,
        consents: Vec<ConsentNote>,
    ) {
        let declaration = Declaration {
            plan: "shop".to_owned(),
            digest: "d1".to_owned(),
            mode: "failover".to_owned(),
            target: "us-west-2".to_owned(),
            from: Some("us-east-1".to_owned()),
            lost: vec!["us-east-1".to_owned()],
            declared_at: at("11:58:50"),
            lost_at: Some(at("11:50:00")),
            last_seen: None,
            epoch: 3,
            lost_stores: vec!["us-east-1".to_owned()],
            only: Vec::new(),
        };
        let note = Note {
            actor: Some(actor.to_owned()),
            declaration: Some(declaration),
            consents,
            ..Note::new(phase)
        };
        self.write(time, note);
    }

    pub(super) fn step(
        &mut self,
        time: &str,
        step: &str,
        phase: Phase,
        change: impl Fn(&mut Note),
    ) {
        let mut note = Note::of_step(phase, step);
        change(&mut note);
        self.write(time, note);
    }
}

pub(super) fn gate(verdict: &str) -> GateNote {
    GateNote {
        gate: "fenced".to_owned(),
        verdict: verdict.to_owned(),
        seen: "us-east-1 is declared lost".to_owned(),
        expected: "a proof that shop accepts no writes".to_owned(),
        next: (verdict == "refused").then(|| "fence it, or --accept unfenced".to_owned()),
        at_risk_millis: None,
    }
}

pub(super) fn consent() -> ConsentNote {
    ConsentNote {
        risk: "unfenced".to_owned(),
        up_to_millis: None,
        step: None,
        until: at("13:00:00"),
        target: "us-west-2".to_owned(),
        epoch: 3,
        by: "ben".to_owned(),
        reason: "us-east-1 is gone, customers wait".to_owned(),
    }
}

fn takeover() -> TakeoverNote {
    TakeoverNote {
        store: "s3://west/failover/".to_owned(),
        from: Some("ada".to_owned()),
        execution: Some(ID.to_owned()),
        since: Some(at("11:59:00")),
        at: Some(at("12:02:00")),
        silent_millis: 31_000,
    }
}

/// Ada's process is killed, ben takes over and is refused, and consents; one step is skipped; nobody has fenced.
pub(super) fn journal() -> Vec<Raw> {
    let mut journal = Writer::default();
    journal.begins("11:59:00", Phase::Declared, "ada", Vec::new());
    journal.step("11:59:01", "settle", Phase::Waiting, |_| {});
    journal.begins("12:02:00", Phase::Resumed, "ben", Vec::new());
    let mut note = Note::new(Phase::TookOver);
    note.actor = Some("ben".to_owned());
    note.takeover = Some(takeover());
    journal.write("12:02:01", note);
    journal.step("12:02:02", "settle", Phase::Skipped, |note| {
        note.actor = Some("cleo".to_owned());
        note.command = Some(CommandNote {
            id: "01J4A000000000000000000001".to_owned(),
            order: "skip settle".to_owned(),
            by: "cleo".to_owned(),
            reason: Some("caches are empty".to_owned()),
        });
    });
    journal.step("12:02:03", "fence", Phase::Waiting, |_| {});
    journal.step("12:02:10", "fence", Phase::Gated, |note| {
        note.gates = vec![gate("refused")];
        note.operation = Some("go on although shop in us-east-1 is not proved fenced".to_owned());
        note.outcome = Some("refused".to_owned());
    });
    journal.step("12:02:11", "fence", Phase::Refused, |note| {
        note.gates = vec![gate("refused")];
        note.outcome = Some("seen: us-east-1 is declared lost".to_owned());
    });
    let mut note = Note::new(Phase::Ended);
    note.outcome = Some("refused".to_owned());
    journal.write("12:02:12", note);
    journal.begins("12:02:30", Phase::Resumed, "ben", vec![consent()]);
    journal.step("12:02:31", "fence", Phase::Performing, |note| {
        note.gates = vec![gate("consented")];
        note.operation = Some("go on although shop in us-east-1 is not proved fenced".to_owned());
        note.decision = Some("one-way".to_owned());
    });
    journal.step("12:02:32", "fence", Phase::Done, |note| {
        note.decision = Some(crate::engine::UNFENCED.to_owned());
        note.outcome = Some("done".to_owned());
    });
    journal.step("12:03:00", "promote", Phase::Done, |note| {
        note.outcome = Some("done".to_owned());
    });
    let mut note = Note::new(Phase::Epoch);
    note.epoch = Some(3);
    journal.write("12:03:01", note);
    let mut note = Note::new(Phase::Ended);
    note.outcome = Some("done_unfenced".to_owned());
    journal.write("12:03:02", note);
    journal.entries
}
