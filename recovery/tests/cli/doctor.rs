//! `drctl doctor`: one line for each check, and an exit code that only what is broken moves.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::bench::{Bench, Ended, in_buckets, plan};

/// A bench where everything is as it should be: published, observed, tried, with a bundle.
fn healthy() -> Bench {
    let bench = Bench::published(&in_buckets(plan()));
    bench.run(&[]).expect(0, &[]);
    bench.drctl(&["observe"]).expect(0, &[]);
    bundle(&bench, json!({}));
    bench
}

/// A bundle as drctl writes it, with a small file for the program: the real one takes seconds to hash.
fn bundle(bench: &Bench, other: Value) {
    let plan = bench.drctl(&["plan", "show"]).expect(0, &[]).stdout;
    let digest = &bench.drctl(&["plan", "validate", "--json"]).values()[0]["digest"];
    let mut about = json!({
        "format": 1, "plan": "shop", "digest": digest, "drctl": env!("CARGO_PKG_VERSION"),
        "made_at": jiff::Timestamp::now().to_string(),
    });
    for (key, value) in other.as_object().unwrap() {
        about[key] = value.clone();
    }
    let mut sums = String::new();
    for (name, text) in [
        ("drctl", "a program".to_owned()),
        ("plan.json", plan),
        ("bundle.json", about.to_string()),
    ] {
        let hash = Sha256::digest(&text);
        let hash = hash.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let _ = writeln!(sums, "{hash}  {name}");
        bench.write(&format!("bundle/{name}"), &text);
    }
    bench.write("bundle/SHA256SUMS", &sums);
}

const DOCTOR: &[&str] = &["doctor", "--bundle", "bundle"];

/// The check of a name, of a run with `--json`.
#[track_caller]
fn check(told: &Ended, name: &str) -> Value {
    let values = told.values();
    let found = values.iter().find(|it| it["check"] == name);
    found
        .cloned()
        .unwrap_or_else(|| panic!("{name} in {}", told.said()))
}

#[track_caller]
fn verdict(bench: &Bench, typed: &[&str], name: &str) -> (Value, i32) {
    let told = bench.drctl(&[typed, &["--json"]].concat());
    (check(&told, name), told.code)
}

#[test]
fn a_healthy_estate_is_ok_line_by_line() {
    let bench = healthy();
    let told = bench.drctl(DOCTOR).expect(
        0,
        &[
            "ok: credentials in us-east-1",
            "ok: store s3://dr-west/failover/",
            "ok: clock against us-west-2",
            "ok: the plan is published in every store",
            "ok: the newest observation",
            "ok: the plan gets by without us-east-1",
            "ok: permissions in us-west-2",
            "ok: the bundle",
            "ok: the last execution",
            "ok: old writers are fenced",
            "0 warning, 0 not known, 0 broken",
        ],
    );
    assert!(!told.said().contains("next:"), "{}", told.said());
    let told = bench.drctl(&[DOCTOR, &["--json"]].concat()).expect(0, &[]);
    let values = told.values();
    let (last, checks) = values.split_last().unwrap();
    assert!(checks.iter().all(|it| it["verdict"] == "ok"), "{checks:?}");
    assert_eq!(last["checks"], checks.len());
    assert_eq!((&last["ok"], &last["broken"]), (&last["checks"], &json!(0)));
}

#[test]
fn iam_is_asked_as_the_caller_about_what_the_steps_name() {
    let bench = healthy();
    bench.drctl(DOCTOR).expect(0, &[]);
    let asked = bench.aws.world().simulated.clone();
    let ada = "arn:aws:iam::123456789012:user/ada";
    assert!(asked.iter().all(|(who, ..)| who == ada), "{asked:?}");
    for (action, resource) in [
        ("s3:PutObject", "arn:aws:s3:::shop-switch/active"),
        ("s3:PutObject", "arn:aws:s3:::dr-west/failover/lock"),
        ("s3:ListBucket", "arn:aws:s3:::dr-east"),
    ] {
        let question = (ada.to_owned(), action.to_owned(), resource.to_owned());
        assert!(asked.contains(&question), "{question:?} in {asked:?}");
    }
}

#[test]
fn a_permission_that_is_missing_is_broken_and_says_who_needs_it() {
    let bench = healthy();
    let missing = "s3:PutObject".to_owned();
    bench.aws.world().not_allowed.insert(missing);
    bench.drctl(DOCTOR).expect(
        1,
        &[
            "broken: permission s3:PutObject in us-west-2: no policy allows it on arn:aws:s3:::shop-switch/active; switch cannot be done without it",
            "next: allow s3:PutObject to the caller",
        ],
    );
    let name = "permission s3:PutObject in us-west-2";
    let (told, code) = verdict(&bench, DOCTOR, name);
    assert_eq!((&told["verdict"], code), (&json!("broken"), 1));
    assert_eq!(told["next"], "allow s3:PutObject to the caller");
}

#[test]
fn who_may_not_ask_iam_is_told_what_to_allow_and_fails_nothing() {
    let bench = healthy();
    // With an endpoint of one's own IAM is signed for by the region that asks.
    for region in ["us-east-1", "us-west-2"] {
        let denied = format!("{region} SimulatePrincipalPolicy");
        bench.aws.world().denied.insert(denied);
    }
    bench.drctl(DOCTOR).expect(
        0,
        &[
            "not known: permissions in us-east-1: iam SimulatePrincipalPolicy in us-east-1: AccessDenied",
            "not known: permissions in us-west-2",
            "next: allow iam:SimulatePrincipalPolicy to the caller",
            "2 not known, 0 broken",
        ],
    );
    let (told, code) = verdict(&bench, DOCTOR, "permissions in us-west-2");
    assert_eq!((&told["verdict"], code), (&json!("not known"), 0));
    // It stops at the first refusal of a region.
    let world = bench.aws.world();
    let asked = world.asked.iter();
    let asked = asked.filter(|it| it.contains("SimulatePrincipalPolicy"));
    assert_eq!(asked.count(), 4);
}

#[test]
fn what_nobody_has_tried_is_a_warning_in_words() {
    let bench = Bench::published(&in_buckets(plan()));
    bench.drctl(&["observe"]).expect(0, &[]);
    bench.drctl(&["doctor"]).expect(
        0,
        &[
            "warning: the last execution: no execution yet: nobody has tried this plan",
            "next: try it by a switchover",
            "not known: the bundle: no bundle is named",
            "1 warning, 1 not known, 0 broken",
        ],
    );
    // One that failed has no end yet.
    let denied = "us-west-2 PutObject shop-switch".to_owned();
    bench.aws.world().denied.insert(denied);
    bench.run(&[]).expect(1, &["switch: failed"]);
    let (told, code) = verdict(&bench, &["doctor"], "the last execution");
    assert_eq!((&told["verdict"], code), (&json!("warning"), 0));
    assert!(
        told["why"]
            .as_str()
            .unwrap()
            .ends_with("has no end: failed")
    );
    assert!(told["next"].as_str().unwrap().contains("drctl resume"));
    bench.drctl(&["abort"]).expect(0, &[]);
    let (told, _) = verdict(&bench, &["doctor"], "the last execution");
    let why = told["why"].as_str().unwrap();
    assert!(why.contains("was aborted less than a day ago"), "{why}");
}

#[test]
fn a_bundle_is_judged_by_its_hashes_its_plan_its_age_and_its_program() {
    let bench = healthy();
    let judged = |typed: &[&str]| verdict(&bench, typed, "the bundle");
    for (key, value, word, code, why) in [
        ("drctl", "0.0.1", "warning", 0, "holds drctl 0.0.1"),
        ("made_at", "2020-01-01T00:00:00Z", "warning", 0, " days old"),
        ("made_at", "soon", "not known", 0, "when it was made"),
        ("digest", "another", "broken", 1, "is of another"),
    ] {
        bundle(&bench, json!({ key: value }));
        let (told, ended) = judged(DOCTOR);
        assert_eq!((&told["verdict"], ended), (&json!(word), code), "{told}");
        assert!(told["why"].as_str().unwrap().contains(why), "{told}");
        assert!(told["next"].as_str().unwrap().contains("drctl bundle"));
    }
    bench.write("bundle/plan.json", "{}");
    let (told, code) = judged(DOCTOR);
    assert_eq!((&told["verdict"], code), (&json!("broken"), 1));
    let why = told["why"].as_str().unwrap();
    assert!(why.contains("plan.json was changed"), "{why}");
    let (told, code) = judged(&["doctor", "--bundle", "nowhere"]);
    assert_eq!((&told["verdict"], code), (&json!("broken"), 1));
}

#[test]
fn a_region_whose_credentials_do_not_work_is_broken_and_its_permissions_are_not_known() {
    let bench = healthy();
    let denied = "us-east-1 GetCallerIdentity".to_owned();
    bench.aws.world().denied.insert(denied);
    let told = bench.drctl(DOCTOR).expect(
        1,
        &[
            "broken: credentials in us-east-1: sts GetCallerIdentity in us-east-1",
            "next: drctl login --help",
            "not known: permissions in us-east-1",
            "ok: permissions in us-west-2",
        ],
    );
    assert!(!told.said().contains("the-secret-of-the-test"));
}
