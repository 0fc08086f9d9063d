//! Terraform roots that use the example provider.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

fn workspace() -> PathBuf {
    let framework = Path::new(env!("CARGO_MANIFEST_DIR"));
    framework
        .parent()
        .expect("inside the workspace")
        .to_path_buf()
}

fn lab(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("python3");
    command
        .arg(workspace().join("lab/lab.py"))
        .args(arguments)
        .env("LAB_DIR", directory);
    let out = command.output().expect("python3 runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).expect("text")
}

struct Tools {
    terraform: PathBuf,
    config: PathBuf,
}

/// Terraform out of the lab's packages, and a mirror with the example in it.
fn tools() -> &'static Tools {
    static TOOLS: OnceLock<Tools> = OnceLock::new();
    TOOLS.get_or_init(|| {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("framework-lab");
        let packages = lab(&directory, &["setup"]);
        let test = std::env::current_exe().expect("this test is a file");
        let target = test
            .parent()
            .and_then(Path::parent)
            .expect("in target/PROFILE/deps");
        let binary = target.join("examples/conformance");
        let binary = binary.to_str().expect("a path in UTF-8");
        lab(
            &directory,
            &["mirror", "--source", "examples/conf", "--binary", binary],
        );
        Tools {
            terraform: Path::new(packages.trim()).join("bin/terraform"),
            config: directory.join("terraform.rc"),
        }
    })
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn ok(self, said: &[&str]) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.text);
        self.says(said)
    }

    #[track_caller]
    pub(crate) fn fails(self, said: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "{}", self.text);
        self.says(said)
    }

    #[track_caller]
    fn says(self, said: &[&str]) -> Self {
        let flat: Vec<&str> = self.text.split_whitespace().collect();
        let flat = flat.join(" ");
        for words in said {
            assert!(flat.contains(words), "{words:?} is not in:\n{}", self.text);
        }
        self
    }

    #[track_caller]
    pub(crate) fn silent_on(self, words: &str) -> Self {
        assert!(
            !self.text.contains(words),
            "{words:?} is in:\n{}",
            self.text
        );
        self
    }
}

/// A root in a directory of its own; objects live as files beside it.
pub(crate) struct Root {
    directory: tempfile::TempDir,
}

impl Root {
    /// A root with this content, initialised.
    pub(crate) fn new(content: &str) -> Self {
        let root = Root {
            directory: tempfile::tempdir().expect("a directory"),
        };
        std::fs::create_dir(root.store()).expect("made");
        root.write(content);
        root.run(&["init", "-no-color", "-input=false"]).ok(&[]);
        root
    }

    /// Where objects live.
    pub(crate) fn store(&self) -> PathBuf {
        self.directory.path().join("store")
    }

    /// Replaces the content.
    pub(crate) fn write(&self, content: &str) {
        let head = format!(
            "terraform {{\n  required_providers {{\n    conf = {{ source = \"examples/conf\" }}\n  }}\n}}\nprovider \"conf\" {{\n  store = \"{}\"\n}}\n",
            self.store().display()
        );
        std::fs::write(self.directory.path().join("main.tf"), head + content).expect("written");
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let tools = tools();
        let mut command = Command::new(&tools.terraform);
        command.args(arguments).current_dir(self.directory.path());
        command
            .env("TF_CLI_CONFIG_FILE", &tools.config)
            .env("CHECKPOINT_DISABLE", "1");
        let out = command.output().expect("terraform runs");
        let text = [out.stdout, out.stderr].concat();
        Ran {
            code: out.status.code(),
            text: String::from_utf8_lossy(&text).replace(['│', '╷', '╵'], " "),
        }
    }

    pub(crate) fn plan(&self, more: &[&str]) -> Ran {
        self.run(&[&["plan", "-no-color", "-input=false"], more].concat())
    }

    pub(crate) fn apply(&self, more: &[&str]) -> Ran {
        self.run(
            &[
                &["apply", "-no-color", "-input=false", "-auto-approve"],
                more,
            ]
            .concat(),
        )
    }

    /// Plans nothing, right after an apply.
    #[track_caller]
    pub(crate) fn is_settled(&self) {
        self.plan(&["-detailed-exitcode"]).ok(&["No changes"]);
    }

    /// The state as it is stored.
    pub(crate) fn state(&self) -> Value {
        let text = std::fs::read_to_string(self.directory.path().join("terraform.tfstate"));
        serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default()
    }

    /// Puts another state in its place.
    pub(crate) fn store_state(&self, state: &Value) {
        let file = self.directory.path().join("terraform.tfstate");
        std::fs::write(file, state.to_string()).expect("written");
    }

    /// The first instance of the first resource in the state.
    pub(crate) fn instance(&self) -> Value {
        self.state()["resources"][0]["instances"][0].clone()
    }
}
