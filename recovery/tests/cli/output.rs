//! What cannot be printed is no success; a reader that goes away is no failure.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::aborts::{RESUME, killed};
use crate::bench::{Bench, Ended, RUN, ended, plan};
use crate::fence::{FENCE, UNFENCED, bench as unfenced, fencing};

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
        assert_eq!(told.code, 0, "{command:?}: {}", told.stderr);
        assert!(
            !told.stderr.contains("error"),
            "{command:?}: {}",
            told.stderr
        );
    }
}

#[test]
fn every_line_is_json_where_json_is_asked_for() {
    let bench = unfenced(&fencing());
    // Taking a line for JSON that is none ends the test.
    let json = |command: &[&str], code: i32| {
        let told = bench
            .drctl(&[command, &["--json"]].concat())
            .expect(code, &[]);
        assert_eq!(told.stderr, "", "{command:?}");
        assert!(!told.values().is_empty(), "{command:?}");
    };
    json(&[RUN, &["--lost", "us-east-1"]].concat(), 3);
    json(&["watch"], 3);
    json(&["status"], 0);
    json(&["pause"], 0);
    // A paused execution is told to go on by whoever resumes it, so nothing is waited for here.
    json(&["abort"], 0);
    json(&[RUN, UNFENCED].concat(), 5);
    json(&["watch"], 5);
    let pace = ["--poll", "0.05", "--heartbeat", "1"];
    json(&[&["watch", "--fence"], &pace[..]].concat(), 0);
    json(FENCE, 0);
    for command in [
        &["verify"] as &[&str],
        &["doctor"],
        &["observe"],
        &["plan", "validate"],
        &["plan", "show"],
        &["plan", "steps"],
        &["plan", "steps", "wait"],
        &["man", "run"],
    ] {
        let told = bench.drctl(&[command, &["--json"]].concat());
        assert!(!told.values().is_empty(), "{command:?}: {}", told.stderr);
    }
    let bench = killed(&[]);
    let told = bench.drctl(&["skip", "--step", "settle", "--reason", "r", "--json"]);
    assert_eq!(told.values().len(), 1);
    let told = bench.drctl(&[RESUME, &["--json"]].concat());
    assert_eq!((told.code, told.values().is_empty()), (0, false));
}

#[test]
fn times_that_make_no_sense_are_refused_with_the_ones_that_do() {
    let bench = Bench::new(&plan());
    for (typed, words) in [
        (
            &["observe", "--every", "0s"] as &[&str],
            &["--every 0s", "10s or more"] as &[&str],
        ),
        (
            &["observe", "--every", "9s"],
            &["--every 9s", "10s or more"],
        ),
        (
            &["run", "--to", "us-west-2", "--poll", "0"],
            &["0.05 to 15"],
        ),
        (
            &["run", "--to", "us-west-2", "--poll", "NaN"],
            &["0.05 to 15"],
        ),
        (&["resume", "--poll", "-1"], &[]),
        (&["watch", "--poll", "3600"], &["0.05 to 15"]),
    ] {
        bench.drctl(typed).expect(2, words);
        let error = bench.drctl(&[typed, &["--json"]].concat());
        assert_eq!(error.code, 2, "{typed:?}");
        assert!(error.error()["seen"].is_string(), "{typed:?}");
        assert_eq!(error.stderr, "", "{typed:?}");
    }
}
