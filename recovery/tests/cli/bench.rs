//! A place of its own for each test: a directory with plan and stores, an AWS on loopback, and drctl run in it.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::objects::Bucket;
use crate::server::Server;

/// What a run of drctl came to.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Everything that was said, for searching.
    pub(crate) fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// The values of its lines, where it printed JSON.
    pub(crate) fn values(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}")))
            .collect()
    }

    /// The error of a JSON run.
    pub(crate) fn error(&self) -> Value {
        let values = self.values();
        let mut errors = values.iter().filter_map(|value| value.get("error"));
        errors
            .next_back()
            .cloned()
            .unwrap_or_else(|| panic!("{self:?}"))
    }

    /// It ended so, and said all of these.
    #[track_caller]
    pub(crate) fn expect(self, code: i32, words: &[&str]) -> Ended {
        assert_eq!(self.code, code, "{}", self.said());
        for word in words {
            assert!(self.said().contains(word), "{word:?} in\n{}", self.said());
        }
        self
    }
}

/// A test's place.
pub(crate) struct Bench {
    pub(crate) directory: TempDir,
    pub(crate) aws: Server,
}

/// A plan of two regions whose only resource is a switch in an S3 bucket of the second one.
pub(crate) fn plan() -> Value {
    json!({
        "schema": 1,
        "name": "shop",
        "regions": ["us-east-1", "us-west-2"],
        "tiers": { "critical": { "rto": "1h", "rpo": "5m" } },
        "authority": "switch",
        "stores": {
            "us-east-1": { "directory": "stores/us-east-1" },
            "us-west-2": { "directory": "stores/us-west-2" }
        },
        "steps": [
            { "name": "switch", "tier": "critical", "run_in": ["failover", "switchover", "reprotect"], "route53_health_check_switch": {
                "switches": [{ "region": "us-west-2", "bucket": "shop-switch", "key": "active" }] } }
        ]
    })
}

/// A step before the others, which then come after it.
pub(crate) fn with_first(mut plan: Value, step: Value) -> Value {
    let name = step["name"].clone();
    let steps = plan["steps"].as_array_mut().unwrap();
    for other in steps
        .iter_mut()
        .filter(|other| other.get("after").is_none())
    {
        other["after"] = json!([name]);
    }
    steps.insert(0, step);
    plan
}

/// The same with stores in buckets.
pub(crate) fn in_buckets(mut plan: Value) -> Value {
    plan["stores"] = json!({
        "us-east-1": { "bucket": "dr-east", "prefix": "failover/" },
        "us-west-2": { "bucket": "dr-west", "prefix": "failover/" },
    });
    plan
}

impl Bench {
    /// With this plan, not published.
    pub(crate) fn new(plan: &Value) -> Self {
        let bench = Bench {
            directory: TempDir::new().unwrap(),
            aws: Server::new(),
        };
        for name in ["shop-switch", "dr-east", "dr-west"] {
            let mut world = bench.aws.world();
            world
                .objects
                .buckets
                .insert(name.to_owned(), Bucket::default());
        }
        bench.write("plan.json", &plan.to_string());
        bench
    }

    /// With this plan, published.
    pub(crate) fn published(plan: &Value) -> Self {
        let bench = Bench::new(plan);
        bench.drctl(&["plan", "publish"]).expect(0, &["published"]);
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_drctl"));
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env_clear()
            .env("HOME", self.directory.path())
            .env("AWS_ENDPOINT_URL", &self.aws.url)
            .env("AWS_ACCESS_KEY_ID", "AKIDOFTHETEST")
            .env("AWS_SECRET_ACCESS_KEY", "the-secret-of-the-test")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("DRCTL_PLAN", "plan.json")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn drctl(&self, arguments: &[&str]) -> Ended {
        ended(self.command(arguments).spawn().unwrap())
    }

    /// A failover to the second region, without pauses.
    pub(crate) fn run(&self, more: &[&str]) -> Ended {
        self.drctl(&[RUN, more].concat())
    }

    /// The same in the background.
    pub(crate) fn begin(&self, more: &[&str]) -> Child {
        self.command(&[RUN, more].concat()).spawn().unwrap()
    }

    /// With something to read on stdin.
    pub(crate) fn told(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        // Who does not read it has refused before.
        let _unread = child.stdin.take().unwrap().write_all(input.as_bytes());
        ended(child)
    }

    /// Whether the second region's switch is on.
    pub(crate) fn switched(&self) -> bool {
        let world = self.aws.world();
        world.objects.buckets["shop-switch"]
            .objects
            .contains_key("active")
    }

    /// The files of the journal of the only execution in a store, in order.
    pub(crate) fn journal(&self, region: &str) -> Vec<PathBuf> {
        let executions = self.path(&format!("stores/{region}/executions"));
        let Ok(executions) = std::fs::read_dir(executions) else {
            return Vec::new();
        };
        let mut files: Vec<PathBuf> = executions
            .flat_map(|it| std::fs::read_dir(it.unwrap().path()).unwrap())
            .map(|it| it.unwrap().path())
            .collect();
        files.sort();
        files
    }

    /// Waits until something is so.
    #[track_caller]
    pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
        let began = Instant::now();
        while !holds() {
            assert!(began.elapsed() < Duration::from_mins(1), "never: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

pub(crate) const RUN: &[&str] = &[
    "run",
    "--to",
    "us-west-2",
    "--poll",
    "0.05",
    "--heartbeat",
    "1",
];

/// Waits for it, and keeps what it said.
pub(crate) fn ended(child: Child) -> Ended {
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
