//! Runs the program as a user would, and keeps what it printed for the tests that ask for the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use serde_json::Value as Json;
use tempfile::TempDir;

/// What the variable without a value gets; the recorded plans and states hold it too.
pub(crate) const PASSWORD: &str = "not-a-real-password";

/// What a run printed and how it ended.
pub(crate) struct Run {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

/// The directory of an estate.
pub(crate) fn estate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/estates")
        .join(name)
}

/// Runs a command in a directory; nothing of this machine's settings is seen.
pub(crate) fn drcheck(arguments: &[&str], directory: &Path) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drcheck"));
    for (name, _) in std::env::vars() {
        if name.starts_with("TF_") || name.starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    let output = command
        .args(arguments)
        .current_dir(directory)
        .stdin(std::process::Stdio::null())
        .output()
        .expect("drcheck starts");
    Run {
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        code: output.status.code(),
    }
}

/// Two keys for digests.
pub(crate) struct Keys {
    directory: TempDir,
}

impl Keys {
    pub(crate) fn one(&self) -> String {
        self.named("one")
    }

    pub(crate) fn other(&self) -> String {
        self.named("other")
    }

    fn named(&self, name: &str) -> String {
        self.directory.path().join(name).display().to_string()
    }
}

pub(crate) fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let directory = TempDir::new().expect("a temporary directory");
        for name in ["one", "other"] {
            std::fs::write(directory.path().join(name), format!("the key {name}")).expect("a key");
        }
        Keys { directory }
    })
}

/// A source of an inventory: an estate, and the arguments that name the source in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Source(pub(crate) &'static str, pub(crate) &'static [&'static str]);

pub(crate) const CONFIGURATION: Source = Source(
    "two-region",
    &[".", "--var", "db_password=not-a-real-password"],
);
pub(crate) const PLAN: Source = Source("two-region", &["--plan", "plan.json"]);
pub(crate) const STORED: Source = Source("two-region", &["--state", "terraform.tfstate"]);
pub(crate) const SHOWN: Source = Source("two-region", &["--state", "state.json"]);
pub(crate) const JOINED: Source = Source(
    "two-region",
    &[
        ".",
        "--var",
        "db_password=not-a-real-password",
        "--plan",
        "plan.json",
    ],
);
pub(crate) const SEEDED_CONFIGURATION: Source =
    Source("seeded", &[".", "--var", "db_password=not-a-real-password"]);
pub(crate) const SEEDED_PLAN: Source = Source("seeded", &["--plan", "plan.json"]);
pub(crate) const REGION_ATTRIBUTE: Source = Source("region-attribute", &["--plan", "plan.json"]);
pub(crate) const KEYS_CONFIGURATION: Source = Source("provider-keys", &["."]);
pub(crate) const KEYS_PLAN: Source = Source("provider-keys", &["--plan", "plan.json"]);

/// Every source of which there is a recording.
pub(crate) const ALL: [Source; 10] = [
    CONFIGURATION,
    PLAN,
    STORED,
    SHOWN,
    JOINED,
    SEEDED_CONFIGURATION,
    SEEDED_PLAN,
    REGION_ATTRIBUTE,
    KEYS_CONFIGURATION,
    KEYS_PLAN,
];

/// The printed inventory of a source, under the first key and with the account given.
pub(crate) fn printed(source: Source) -> &'static [u8] {
    static PRINTED: Mutex<BTreeMap<Source, &'static [u8]>> = Mutex::new(BTreeMap::new());
    if let Some(text) = PRINTED.lock().expect("no panic inside").get(&source) {
        return text;
    }
    let run = inventory_run(source, &keys().one());
    assert_eq!(run.code, Some(0), "{source:?}: {}", run.stderr);
    let text: &'static [u8] = run.stdout.leak();
    PRINTED
        .lock()
        .expect("no panic inside")
        .insert(source, text);
    text
}

/// Prints the inventory of a source under a key.
pub(crate) fn inventory_run(source: Source, key: &str) -> Run {
    let Source(name, arguments) = source;
    let mut all = vec!["inventory", "--format", "json", "--digest-key", key];
    all.extend(["--account", "123456789012"]);
    all.extend(arguments);
    drcheck(&all, &estate(name))
}

/// The inventory of a source.
pub(crate) fn inventory(source: Source) -> Json {
    serde_json::from_slice(printed(source)).expect("the inventory is JSON")
}

/// The instances of a source by address.
pub(crate) fn instances(source: Source) -> BTreeMap<String, Json> {
    by_address(&inventory(source))
}

pub(crate) fn by_address(inventory: &Json) -> BTreeMap<String, Json> {
    let all = inventory["instances"].as_array().expect("instances");
    let found: BTreeMap<String, Json> = all
        .iter()
        .map(|instance| {
            let address = instance["address"].as_str().expect("an address");
            (address.to_owned(), instance.clone())
        })
        .collect();
    assert_eq!(found.len(), all.len(), "an address appears twice");
    found
}
