//! What cannot be printed is no success; a reader that goes away is no failure.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::bench::{Bench, Ended, ended, plan};

const COMMANDS: &[&[&str]] = &[
    &["report"],
    &["report", "--json"],
    &["verify"],
    &["plan", "show"],
    &["plan", "validate"],
    &["status"],
    &["status", "--json"],
    &["assess", "--to", "us-east-1"],
    &["completions", "bash"],
    &["man"],
    &["--help"],
];

fn done() -> Bench {
    let bench = Bench::published(&plan());
    bench.run(&[]).expect(0, &[]);
    bench
}

fn into(bench: &Bench, command: &[&str], stdout: Stdio) -> Ended {
    let mut command = bench.command(command);
    ended(command.stdout(stdout).spawn().unwrap())
}

#[test]
fn a_disk_that_is_full_is_no_success() {
    let bench = done();
    for command in COMMANDS {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let told = into(&bench, command, full.into());
        assert_eq!(told.code, 1, "{command:?}: {}", told.stderr);
        assert!(
            told.stderr
                .contains("not everything could be written to stdout"),
            "{command:?}: {}",
            told.stderr
        );
        // Where it can be printed the same command is well.
        bench.drctl(command).expect(0, &[]);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let bench = done();
    for command in COMMANDS {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let told = into(&bench, command, writer.into());
        assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{command:?}");
    }
}
