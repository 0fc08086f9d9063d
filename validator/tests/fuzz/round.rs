//! Runs a target on damaged input until its time is up.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::mutate::damaged;

/// Longest single round, where the machine is shared and the build is not optimised.
const LONGEST: Duration = Duration::from_secs(20);
/// Stack of the thread that the program itself works on.
const STACK: usize = 1 << 30;

/// All files below the fixtures with one of these endings.
pub(crate) fn corpus(endings: &[&str]) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    collect(&data(), endings, &mut found);
    found.sort();
    assert!(!found.is_empty(), "no fixture ends in {endings:?}");
    found
}

/// The directory of the fixtures.
pub(crate) fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

fn collect(directory: &Path, endings: &[&str], found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, endings, found);
        } else if endings
            .iter()
            .any(|ending| path.to_string_lossy().ends_with(ending))
        {
            found.push((path.clone(), std::fs::read(&path).expect("a file")));
        }
    }
}

/// Damages the files in turn and hands them to the target, with the path of the one that was damaged.
pub(crate) fn rounds(
    name: &str,
    files: &[(PathBuf, Vec<u8>)],
    target: impl Fn(&Path, &[u8]) + Sync,
) {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let asked = number("DRCHECK_FUZZ_SECONDS");
    let budget = Duration::from_secs(asked.unwrap_or(2));
    let seed = number("DRCHECK_FUZZ_SEED").unwrap_or_else(|| fastrand::u64(..));
    let work = || {
        let mut random = Rng::with_seed(seed);
        let began = Instant::now();
        let mut count = 0_u64;
        while began.elapsed() < budget {
            let (path, text) = &files[random.usize(0..files.len())];
            let (_, other) = &files[random.usize(0..files.len())];
            let input = damaged(text, other, &mut random);
            once(name, path, &input, &target);
            count += 1;
        }
        if asked.is_some() {
            // Past the harness, which keeps what tests print: runs are long, and somebody looks on.
            writeln!(std::io::stderr(), "{name}: {count} rounds from seed {seed}")
                .expect("a place to tell");
        }
    };
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK);
        let worker = worker.spawn_scoped(scope, work).expect("a thread");
        if let Err(panic) = worker.join() {
            std::panic::resume_unwind(panic);
        }
    });
}

fn once(name: &str, path: &Path, input: &[u8], target: &impl Fn(&Path, &[u8])) {
    // Written before: what ends the process leaves its input behind, too.
    let kept = std::env::temp_dir().join(format!("drcheck-fuzz-{name}-{}", std::process::id()));
    std::fs::write(&kept, input).expect("room for the input");
    let began = Instant::now();
    let ended = catch_unwind(AssertUnwindSafe(|| target(path, input)));
    let took = began.elapsed();
    assert!(
        ended.is_ok(),
        "{name} panics on {} made from {}",
        kept.display(),
        path.display()
    );
    assert!(
        took < LONGEST,
        "{name} takes {took:?} on {} made from {}",
        kept.display(),
        path.display()
    );
    std::fs::remove_file(&kept).expect("the file is there");
}
