//! What is needed beside the plan: credentials without an identity provider, and a bundle that runs alone.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::bench::{Bench, ended, plan};

const LOGIN: &[&str] = &[
    "login",
    "--role-arn",
    "arn:aws:iam::123456789012:role/recovery",
    "--mfa-serial",
    "arn:aws:iam::123456789012:mfa/ada",
    "--region",
    "us-west-2",
];

#[test]
fn login_prints_what_credential_process_reads_and_keeps_it_from_others() {
    let bench = Bench::new(&plan());
    let with_code = [
        LOGIN,
        &[
            "--token-code",
            "123456",
            "--duration",
            "1h",
            "--cache",
            "session.json",
        ],
    ]
    .concat();
    let told = bench.drctl(&with_code).expect(0, &[]);
    let value: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(
        (&value["Version"], &value["AccessKeyId"]),
        (&1.into(), &"ASIAOFTHEROLE".into())
    );
    assert_eq!(value["Expiration"], "2099-01-01T00:00:00Z");
    let asked = bench.aws.world().sessions[0].clone();
    assert_eq!(asked.region, "us-west-2");
    assert_eq!(asked.field("DurationSeconds").as_deref(), Some("3600"));
    assert_eq!(
        asked.field("SerialNumber").as_deref(),
        Some("arn:aws:iam::123456789012:mfa/ada")
    );
    // From the file, without asking anybody.
    let cached = [LOGIN, &["--cache", "session.json"]].concat();
    assert_eq!(bench.drctl(&cached).expect(0, &[]).stdout, told.stdout);
    assert_eq!(bench.aws.world().sessions.len(), 1);
    let mode = std::fs::metadata(bench.path("session.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::set_permissions(
        bench.path("session.json"),
        std::fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    let refused = bench
        .drctl(&cached)
        .expect(2, &["others may read it (mode 644)"]);
    assert!(!refused.said().contains("the-secret-key"));
}

#[test]
fn login_refuses_what_is_no_code_and_tells_no_secret() {
    let bench = Bench::new(&plan());
    bench
        .drctl(&[LOGIN, &["--token-code", "12345"]].concat())
        .expect(2, &["a code of 5 characters"]);
    bench
        .drctl(&[LOGIN, &["--token-code", "123456", "--duration", "13h"]].concat())
        .expect(2, &["between 15m and 12h"]);
    assert!(bench.aws.world().sessions.is_empty());
    let wrong = bench.drctl(&[LOGIN, &["--token-code", "654321", "--json"]].concat());
    assert_eq!(wrong.code, 1, "{}", wrong.said());
    assert!(
        wrong.error()["seen"]
            .as_str()
            .unwrap()
            .contains("invalid MFA")
    );
    for secret in ["654321", "the-secret-of-the-test", "the-session-token"] {
        assert!(!wrong.said().contains(secret), "{}", wrong.said());
    }
    // A code is good once: it was sent once.
    assert_eq!(bench.aws.world().sessions.len(), 1);
}

#[test]
fn a_bundle_is_whole_runs_alone_and_tells_what_was_changed() {
    let bench = Bench::published(&plan());
    bench
        .drctl(&["bundle", "--out", "bundle"])
        .expect(0, &["glibc 2."]);
    bench
        .drctl(&["bundle", "--out", "bundle"])
        .expect(2, &["bundle", "not there yet"]);
    bench
        .drctl(&["bundle", "--check", "bundle"])
        .expect(0, &["ok"]);
    let readme = std::fs::read_to_string(bench.path("bundle/README.md")).unwrap();
    assert!(
        readme.contains(
            "./drctl run --plan plan.json --to us-west-2 --mode failover --lost us-east-1"
        )
    );
    let about: Value =
        serde_json::from_slice(&std::fs::read(bench.path("bundle/bundle.json")).unwrap()).unwrap();
    assert_eq!(about["plan"], "shop");
    let hosts = std::fs::read_to_string(bench.path("bundle/endpoints.txt")).unwrap();
    assert!(
        hosts.contains("us-west-2 sts.us-west-2.amazonaws.com"),
        "{hosts}"
    );
    // It runs with nothing but itself: the digest is the published one.
    let alone = Command::new(bench.path("bundle/drctl"))
        .args(["plan", "validate", "--plan", "plan.json"])
        .current_dir(bench.path("bundle"))
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    ended(alone.unwrap()).expect(0, &[about["digest"].as_str().unwrap()]);
    // Its doctor looks at the bundle that it is in.
    let mut doctor = Command::new(bench.path("bundle/drctl"));
    doctor
        .args(["doctor", "--json"])
        .current_dir(bench.directory.path())
        .env_clear()
        .env("AWS_ENDPOINT_URL", &bench.aws.url)
        .env("DRCTL_PLAN", "plan.json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let told = ended(doctor.spawn().unwrap()).values();
    let judged = told.iter().find(|it| it["check"] == "the bundle").unwrap();
    assert_eq!(judged["verdict"], "ok", "{judged}");
    bench.write("bundle/plan.json", "{}");
    std::fs::remove_file(bench.path("bundle/README.md")).unwrap();
    bench
        .drctl(&["bundle", "--check", "bundle"])
        .expect(1, &["plan.json was changed", "README.md: No such file"]);
    let value = &bench
        .drctl(&["bundle", "--check", "bundle", "--json"])
        .values()[0];
    assert_eq!(value["problems"].as_array().unwrap().len(), 2);
    bench
        .drctl(&["bundle", "--check", "nowhere"])
        .expect(2, &["drctl bundle --plan FILE --out DIR"]);
}
