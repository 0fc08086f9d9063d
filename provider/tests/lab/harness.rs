//! The lab, Terraform roots in it, and what AWS shows afterwards.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

/// One lab for all tests of this process. It ends with the process, however that ends.
pub(crate) struct Lab {
    pub(crate) env: HashMap<String, String>,
    terraform: String,
    address: String,
}

/// The root of this repository.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("inside the workspace")
        .to_path_buf()
}

fn launcher(directory: &Path, arguments: &[&str]) -> String {
    let out = Command::new("python3")
        .arg(workspace().join("lab/lab.py"))
        .args(arguments)
        .env("LAB_DIR", directory)
        .stderr(Stdio::inherit())
        .output()
        .expect("python3 runs");
    assert!(
        out.status.success(),
        "lab.py {arguments:?} failed: {}",
        String::from_utf8_lossy(&out.stdout)
    );
    String::from_utf8(out.stdout).expect("text")
}

/// The lab, started at the first call.
pub(crate) fn lab() -> &'static Lab {
    static LAB: OnceLock<Lab> = OnceLock::new();
    LAB.get_or_init(|| {
        let directory =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lab-{}", std::process::id()));
        let pid = std::process::id().to_string();
        let status = launcher(&directory, &["up", "--json", "--follow", &pid]);
        let status: Value = serde_json::from_str(&status).expect("status is JSON");
        launcher(
            &directory,
            &[
                "mirror",
                "--binary",
                env!("CARGO_BIN_EXE_terraform-provider-dr"),
            ],
        );
        let env =
            serde_json::from_str(&launcher(&directory, &["env", "--json"])).expect("env is JSON");
        let url = status["services"]["aws"]["url"].as_str().expect("url");
        let lab = Lab {
            env,
            terraform: status["terraform"].as_str().expect("path").to_owned(),
            address: url.trim_start_matches("http://").to_owned(),
        };
        lab.control(
            "POST",
            "/lab/settings",
            Some(&json!({ "phase": 0.4, "lying": 0.6 })),
        );
        lab
    })
}

impl Lab {
    /// One request to a control endpoint (`lab/README.md`).
    pub(crate) fn control(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(&self.address).expect("the emulator listens");
        write!(stream, "{method} {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        let (head, content) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        assert!(head.contains("200"), "{method} {path}: {answer}");
        serde_json::from_str(content).expect("JSON")
    }

    /// Orders a fault for the next call of an action in a region.
    pub(crate) fn fault(&self, kind: &str, action: &str, region: &str) {
        let fault = json!({ "kind": kind, "action": action, "region": region });
        self.control("POST", "/lab/faults", Some(&fault));
    }

    /// Runs the AWS client of the emulator's own packages: a second opinion on what is true.
    pub(crate) fn python(&self, code: &str) -> String {
        let python = Path::new(&self.terraform).with_file_name("python");
        let out = Command::new(python)
            .args(["-c", code])
            .env("PYTHONPATH", workspace().join("lab"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(&self.env)
            .output()
            .expect("python runs");
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8(out.stdout).expect("text")
    }
}

/// A primary database in us-east-1 with a replica in another region, of its own names.
pub(crate) struct Databases {
    pub(crate) primary: String,
    pub(crate) replica: String,
    pub(crate) region: &'static str,
}

impl Databases {
    /// Seeds both and waits until they are available; the replica is in us-west-2.
    pub(crate) fn new() -> Self {
        Self::new_in("us-west-2")
    }

    /// The same with the replica in another region, where a fault that is ordered hits nobody else.
    pub(crate) fn new_in(region: &'static str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let databases = Databases {
            primary: format!("orders-{number}"),
            replica: format!("orders-{number}-replica"),
            region,
        };
        lab().python(&format!(
            "import seed; seed.SECONDARY_REGION = {region:?}; seed.seed({:?}, {:?})",
            databases.primary, databases.replica
        ));
        databases
    }

    /// ARN of the primary.
    pub(crate) fn source(&self) -> String {
        format!("arn:aws:rds:us-east-1:123456789012:db:{}", self.primary)
    }

    /// The replica as `DescribeDBInstances` shows it.
    pub(crate) fn seen(&self) -> Value {
        let code = format!(
            "import boto3, json; d = boto3.client('rds', region_name={:?}).describe_db_instances(DBInstanceIdentifier={:?}); print(json.dumps(d['DBInstances'][0], default=str))",
            self.region, self.replica
        );
        serde_json::from_str(&lab().python(&code)).expect("JSON")
    }

    /// Promotes behind Terraform's back, and waits until it is done.
    pub(crate) fn promote_outside(&self) {
        lab().python(&format!("import boto3, seed; c = boto3.client('rds', region_name={1:?}); c.promote_read_replica(DBInstanceIdentifier={0:?}); import time\nwhile 'ReadReplicaSourceDBInstanceIdentifier' in c.describe_db_instances(DBInstanceIdentifier={0:?})['DBInstances'][0]: time.sleep(0.1)\nseed.wait(c, {0:?})", self.replica, self.region));
    }

    /// Begins a promotion behind Terraform's back, and returns in its middle, when replication has stopped.
    pub(crate) fn begin_promotion_outside(&self) {
        lab().python(&format!("import boto3, time; c = boto3.client('rds', region_name={1:?}); c.promote_read_replica(DBInstanceIdentifier={0:?})\nwhile c.describe_db_instances(DBInstanceIdentifier={0:?})['DBInstances'][0]['DBInstanceStatus'] == 'available': time.sleep(0.05)", self.replica, self.region));
    }

    /// Sets the replica's lag; `null` for no datapoints.
    pub(crate) fn lag(&self, seconds: Value) {
        lab().control(
            "POST",
            "/lab/lag",
            Some(&json!({ "region": self.region, "instance": self.replica, "seconds": seconds })),
        );
    }

    /// Calls of an action on the replica so far.
    pub(crate) fn calls(&self, action: &str) -> Vec<Value> {
        let calls = lab().control("GET", &format!("/lab/calls?action={action}"), None);
        let calls = calls.as_array().expect("a list").clone();
        calls
            .into_iter()
            .filter(|c| c["params"]["DBInstanceIdentifier"] == self.replica.as_str())
            .collect()
    }

    /// How many promotions of the replica took effect.
    pub(crate) fn promotions(&self) -> usize {
        self.calls("PromoteReadReplica")
            .iter()
            .filter(|c| c["took_effect"] == true)
            .count()
    }
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
}

impl Ran {
    /// The command succeeded and said all of this.
    #[track_caller]
    pub(crate) fn ok(self, said: &[&str]) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.text);
        self.says(said)
    }

    /// The command failed and said all of this.
    #[track_caller]
    pub(crate) fn fails(self, said: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "{}", self.text);
        self.says(said)
    }

    /// Exactly one error was said, and no warning.
    #[track_caller]
    pub(crate) fn once(self) -> Self {
        let count = |what: &str| self.text.matches(what).count();
        let told = (count("Error: "), count("Warning: "));
        assert_eq!(told, (1, 0), "{}", self.text);
        self
    }

    #[track_caller]
    fn says(self, said: &[&str]) -> Self {
        let flat = flat(&self.text);
        for words in said {
            assert!(
                flat.contains(&self::flat(words)),
                "{words:?} is not in:\n{}",
                self.text
            );
        }
        self
    }

    /// The command did not say this.
    #[track_caller]
    pub(crate) fn silent_on(self, words: &str) -> Self {
        assert!(
            !flat(&self.text).contains(words),
            "{words:?} is in:\n{}",
            self.text
        );
        self
    }
}

/// Without Terraform's frames and line breaks.
fn flat(text: &str) -> String {
    text.replace(['│', '╷', '╵'], " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A Terraform root in a directory of its own.
pub(crate) struct Root {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) extra: HashMap<String, String>,
}

const HEAD: &str = r#"
terraform {
  required_providers {
    dr = { source = "estate-recovery/dr" }
  }
}
"#;

impl Root {
    /// An empty directory.
    pub(crate) fn bare() -> Self {
        Root {
            directory: tempfile::tempdir().expect("a directory"),
            extra: HashMap::new(),
        }
    }

    /// A root with this content, initialised. The provider's region is us-west-2 unless the content says otherwise.
    pub(crate) fn new(content: &str) -> Self {
        let root = Root::bare();
        root.write(content);
        root.run(&["init", "-no-color", "-input=false"]).ok(&[]);
        root
    }

    /// AWS does not answer any more: nothing listens where it is looked for.
    pub(crate) fn silence(&mut self) {
        let (endpoint, nobody) = ("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
        self.extra.insert(endpoint.to_owned(), nobody.to_owned());
    }

    /// Replaces the content.
    pub(crate) fn write(&self, content: &str) {
        let block = if content.contains("provider \"dr\"") {
            ""
        } else {
            "provider \"dr\" {\n  region = \"us-west-2\"\n}\n"
        };
        self.write_as_is(&format!("{HEAD}{block}{content}"));
    }

    /// Replaces the content by a whole root: nothing is added.
    pub(crate) fn write_as_is(&self, content: &str) {
        let file = self.directory.path().join("main.tf");
        std::fs::write(file, content).expect("written");
    }

    /// The command, in this directory and the lab's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&lab().terraform);
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env_remove("TF_LOG")
            .envs(&lab().env)
            .envs(&self.extra)
            .stdin(Stdio::null());
        command
    }

    /// Runs a command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let out = self.command(arguments).output().expect("terraform runs");
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
        Ran {
            code: out.status.code(),
            text,
        }
    }

    /// `terraform plan`.
    pub(crate) fn plan(&self, more: &[&str]) -> Ran {
        self.run(&[&["plan", "-no-color", "-input=false"], more].concat())
    }

    /// `terraform apply` without asking.
    pub(crate) fn apply(&self, more: &[&str]) -> Ran {
        self.run(
            &[
                &["apply", "-no-color", "-input=false", "-auto-approve"],
                more,
            ]
            .concat(),
        )
    }

    /// Attributes of the one resource in the state; null when there is none.
    pub(crate) fn state(&self) -> Value {
        let shown = self.run(&["show", "-json"]).ok(&[]).text;
        let shown: Value = serde_json::from_str(&shown).expect("JSON");
        shown["values"]["root_module"]["resources"][0]["values"].clone()
    }
}

/// The resource under test, for a replica.
pub(crate) fn promotion(databases: &Databases, role: &str, more: &str) -> String {
    format!(
        "resource \"dr_replica_promotion\" \"orders\" {{\n  db_instance_identifier = \"{}\"\n  role = \"{role}\"\n{more}\n}}\n",
        databases.replica
    )
}
