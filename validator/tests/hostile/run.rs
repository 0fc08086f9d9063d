//! Runs the program on a directory made for one test, with bounds of time and memory.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Longest run: generous, because machines are shared and the build is not optimised.
const LONGEST: Duration = Duration::from_secs(40);
/// Address space in KiB. One GiB of it is the stack that the program reserves and hardly touches.
const MEMORY: u64 = 3 * 1024 * 1024;

/// A root module for one test.
pub(crate) struct Root {
    directory: TempDir,
}

/// How a run ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Root {
    /// A root whose `main.tf` is this.
    pub(crate) fn new(main: impl AsRef<[u8]>) -> Self {
        let root = Root {
            directory: TempDir::new().expect("a temporary directory"),
        };
        // A repository of its own: what is beside it lies outside of the boundary.
        fs::create_dir_all(root.path("repo/.git")).expect("a new directory");
        root.with("main.tf", main)
    }

    /// The same, with one more file.
    pub(crate) fn with(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path("repo").join(path);
        fs::create_dir_all(path.parent().expect("a file in a directory")).expect("a new directory");
        fs::write(path, text).expect("a new file");
        self
    }

    /// A path beside the repository.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    /// `drcheck inventory` on it.
    pub(crate) fn inventory(&self) -> Ran {
        self.run(&["inventory", "."])
    }

    /// `drcheck inventory --values` on it.
    pub(crate) fn values(&self) -> Ran {
        self.run(&["inventory", ".", "--values"])
    }

    /// `drcheck eval` in it.
    pub(crate) fn eval(&self, expression: &str) -> Ran {
        self.run(&["eval", &many(expression)])
    }

    /// Runs the program in it, and checks that it ends as a program should.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let [out, err] = ["out", "err"].map(|name| self.path(name));
        let began = Instant::now();
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -v \"$0\" && exec \"$@\""])
            .arg(MEMORY.to_string())
            .arg(env!("CARGO_BIN_EXE_drcheck"))
            .args(arguments)
            .current_dir(self.path("repo"))
            .env_remove("RUST_BACKTRACE")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(File::create(&out).expect("a new file"))
            .stderr(File::create(&err).expect("a new file"))
            .spawn()
            .expect("a shell");
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child to wait for") {
                break status;
            }
            if began.elapsed() > LONGEST {
                let _ = child.kill();
                panic!("{arguments:?} is still at it after {LONGEST:?}");
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let read = |path| String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned();
        ended(status, read(&out), read(&err))
    }
}

fn ended(status: ExitStatus, out: String, err: String) -> Ran {
    let shown: String = err.chars().take(2_000).collect();
    assert!(!err.contains("panicked at"), "{shown}");
    let code = status.code().unwrap_or(-1);
    assert!(
        (0..=3).contains(&code),
        "the run ended with {status}: {shown}"
    );
    Ran { code, out, err }
}

impl Ran {
    /// Checks that standard error tells this.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        let shown: String = self.err.chars().take(2_000).collect();
        assert!(self.err.contains(text), "{text:?} is not said in: {shown}");
        self
    }

    /// Checks that the output shows this.
    #[track_caller]
    pub(crate) fn shows(self, text: &str) -> Self {
        let shown: String = self.out.chars().take(2_000).collect();
        assert!(self.out.contains(text), "{text:?} is not shown in: {shown}");
        self
    }

    /// Checks how it ended.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        let shown: String = self.err.chars().take(2_000).collect();
        assert_eq!(self.code, code, "{shown}");
        self
    }
}

/// The text with `many(3000)`, as many different numbers, written as expressions: `range` itself stops at 1,024.
pub(crate) fn many(text: &str) -> String {
    let mut parts = text.split("many(");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (count, rest) = part.split_once(')').expect("a closing parenthesis");
        let thousands = count.strip_suffix("000").expect("whole thousands");
        write!(
            out,
            "flatten([for t in range({thousands}) : range(t * 1000, t * 1000 + 1000)]){rest}"
        )
        .expect("room in a string");
    }
    out
}

/// The first of these cases, and all of them where `DRCHECK_HOSTILE=all` asks for it: each runs the program up to one of its
/// bounds, which takes a while where it is not optimised.
pub(crate) fn some<T>(cases: &[T]) -> &[T] {
    let all = std::env::var_os("DRCHECK_HOSTILE").is_some_and(|asked| asked == "all");
    if all {
        cases
    } else {
        &cases[..cases.len().min(2)]
    }
}
