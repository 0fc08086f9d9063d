//! What `drctl report` and `status` tell of an execution afterwards: refusals, consents, runs, what closed it later, and
//! whether its journal holds.

use serde_json::{Value, json};

use crate::aborts::{RESUME, killed};
use crate::bench::{Bench, plan};
use crate::fence::{FENCE, UNFENCED, bench, fencing};

fn report(bench: &Bench, id: &str) -> Value {
    let told = bench.drctl(&["report", id, "--json"]).expect(0, &[]);
    serde_json::from_str(&told.stdout).unwrap()
}

fn events<'a>(evidence: &'a Value, event: &str) -> Vec<&'a Value> {
    let events = evidence["events"].as_array().unwrap();
    events.iter().filter(|it| it["event"] == event).collect()
}

/// The id of the newest execution.
fn newest(bench: &Bench) -> String {
    let values = bench.drctl(&["status", "--json"]).values();
    values[1]["execution"].as_str().unwrap().to_owned()
}

#[test]
fn a_refusal_that_was_consented_to_and_the_fence_that_closed_it_stand_in_the_evidence() {
    let bench = bench(&fencing());
    bench
        .run(&["--lost", "us-east-1"])
        .expect(3, &["fence: refused"]);
    bench.drctl(&[RESUME, UNFENCED].concat()).expect(5, &[]);
    let id = newest(&bench);
    let open = report(&bench, &id);
    let refusal = &open["refusals"][0];
    assert_eq!(
        (&refusal["step"], &refusal["gate"], &refusal["then"]),
        (&json!("fence"), &json!("fenced"), &json!("consented"))
    );
    for part in ["at", "act", "seen", "expected", "next"] {
        assert!(
            refusal[part].as_str().is_some_and(|it| !it.is_empty()),
            "{part}: {refusal}"
        );
    }
    let consent = events(&open, "consent")[0];
    assert!(
        consent["by"].as_str().unwrap().ends_with("user/ada"),
        "{consent}"
    );
    assert!(
        consent["words"].as_str().unwrap().contains("it is gone"),
        "{consent}"
    );
    let used = events(&open, "went_on_by_consent")[0];
    assert_eq!(
        (&used["step"], &used["by"]),
        (&json!("fence"), &consent["by"])
    );
    let summary = open["summary"].as_str().unwrap();
    assert!(
        summary.starts_with("us-west-2 became active at "),
        "{summary}"
    );
    assert!(
        summary.contains("one gate was refused and consented to"),
        "{summary}"
    );
    assert!(
        summary.ends_with("the old writer is not fenced"),
        "{summary}"
    );
    assert_eq!(
        (&open["intact"], &open["closed_by"]),
        (&json!(true), &json!([]))
    );

    bench.drctl(FENCE).expect(0, &["fence: done"]);
    let fence = newest(&bench);
    let closed = report(&bench, &id);
    let by = &closed["closed_by"][0];
    assert_eq!(
        (&by["execution"], &by["mode"], &by["regions"]),
        (&json!(fence), &json!("fence"), &json!(["us-east-1"]))
    );
    assert!(by["at"].is_string() && by["by"].is_string(), "{by}");
    assert_eq!(closed["open"], json!([]));
    assert_eq!(closed["end"], "done_unfenced");
    // The newest execution is the fence, and status says what it closed.
    let closing = format!("by the fence {fence}");
    bench
        .drctl(&["status"])
        .expect(0, &["fenced: the old writer in us-east-1", &closing]);
    let values = bench.drctl(&["status", "--json"]).values();
    assert_eq!(values[0]["closed_by"], closed["closed_by"]);
    bench
        .drctl(&["report", &id])
        .expect(0, &["fenced later", &closing, "## Closed later"]);
}

#[test]
fn a_run_that_was_killed_and_who_took_it_over_stand_in_the_evidence() {
    let bench = killed(&[]);
    bench
        .drctl(&["skip", "--step", "settle", "--reason", "not today"])
        .expect(0, &[]);
    bench.drctl(RESUME).expect(0, &["switch: done"]);
    let evidence = report(&bench, &newest(&bench));
    let runs = evidence["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2, "{evidence}");
    assert_eq!(runs[0]["end"], "gone");
    for part in [
        "by",
        "began_at",
        "last_entry_at",
        "followed_by",
        "followed_at",
    ] {
        assert!(runs[0][part].is_string(), "{part}: {}", runs[0]);
    }
    assert!(runs[0]["silent_seconds"].as_u64() >= Some(3), "{}", runs[0]);
    assert_eq!(runs[1]["end"], "done");
    assert_eq!(
        events(&evidence, "took_over").len(),
        2,
        "one for each store"
    );
    assert_eq!(events(&evidence, "gone").len(), 1);
    let order = events(&evidence, "order")[0];
    assert_eq!(order["step"], "settle");
    let summary = evidence["summary"].as_str().unwrap();
    assert!(
        summary.contains("was gone after its last entry"),
        "{summary}"
    );
    assert!(summary.contains("left out by order: settle"), "{summary}");
}

/// A failover that is done, with one entry changed in every store.
fn tampered() -> Bench {
    let bench = Bench::published(&plan());
    bench.run(&[]).expect(0, &[]);
    for region in ["us-east-1", "us-west-2"] {
        let file = &bench.journal(region)[1];
        let entry = std::fs::read_to_string(file).unwrap();
        let changed = entry.replace("\"step\":\"switch\"", "\"step\":\"swatch\"");
        assert_ne!(changed, entry);
        std::fs::write(file, changed).unwrap();
    }
    bench
}

#[test]
fn a_journal_that_was_changed_is_told_by_report_status_and_watch() {
    let bench = tampered();
    let told = bench.drctl(&["report"]).expect(
        1,
        &["is not intact", "entry 3 does not follow", "drctl verify"],
    );
    // The evidence is there all the same, and marked at its top.
    let top = told.stdout.find("**The journal is not intact**").unwrap();
    assert!(
        top < told.stdout.find("## Steps").unwrap(),
        "{}",
        told.stdout
    );
    let json = bench.drctl(&["report", "--json"]);
    assert_eq!(json.code, 1);
    let evidence: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(evidence["intact"], false);
    let problems = evidence["chain"]["problems"].as_array().unwrap();
    assert!(!problems.is_empty());
    let files = [
        "report",
        "--output",
        "html=e.html",
        "--output",
        "json=e.json",
    ];
    bench
        .drctl(&files)
        .expect(1, &["written: e.html", "is not intact"]);
    let page = std::fs::read_to_string(bench.path("e.html")).unwrap();
    assert!(page.contains("The journal is not intact"), "{page}");
    let values = bench.drctl(&[&files[..], &["--json"]].concat()).values();
    assert_eq!(
        values[0],
        json!({ "written": "e.html", "form": "html", "intact": false })
    );
    assert!(values[2]["error"]["seen"].is_string(), "{values:?}");

    let words = [
        "broken: the journal of execution",
        "is not intact",
        "drctl verify",
    ];
    bench.drctl(&["status"]).expect(0, &words);
    let values = bench.drctl(&["status", "--json"]).values();
    assert_eq!(values[1]["intact"], false);
    bench.drctl(&["watch"]).expect(0, &words);
    let values = bench.drctl(&["watch", "--json"]).values();
    assert_eq!(values[0]["intact"], false, "{values:?}");
}

#[test]
fn a_copy_that_was_changed_in_one_store_is_told_too() {
    let bench = Bench::published(&plan());
    bench.run(&[]).expect(0, &[]);
    let file = &bench.journal("us-east-1")[1];
    let entry = std::fs::read_to_string(file).unwrap();
    std::fs::write(
        file,
        entry.replace("\"step\":\"switch\"", "\"step\":\"swatch\""),
    )
    .unwrap();
    bench
        .drctl(&["report"])
        .expect(1, &["is not intact", "us-east-1"]);
    bench.drctl(&["status"]).expect(0, &["is not intact"]);
}

#[test]
fn a_journal_that_is_written_while_it_is_read_is_not_called_changed() {
    let bench = Bench::published(&crate::aborts::waiting());
    let mut run = bench.begin(&[]);
    Bench::until("it has begun", || bench.journal("us-west-2").len() >= 2);
    for _ in 0..5 {
        let values = bench.drctl(&["status", "--json"]).values();
        assert_eq!(values[1]["intact"], true, "{values:?}");
        assert!(
            values[1]["summary"]
                .as_str()
                .unwrap()
                .contains("is not proved active yet"),
            "{values:?}"
        );
    }
    bench.drctl(&["abort"]).expect(0, &["its runner is alive"]);
    assert_eq!(run.wait().unwrap().code(), Some(1));
}
