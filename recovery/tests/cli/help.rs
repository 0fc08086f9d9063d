//! Help, manual page and completions; and what is typed wrongly.

use crate::bench::{Bench, plan};

const COMMANDS: &[&str] = &[
    "", "plan", "run", "resume", "pause", "abort", "retry", "skip", "approve", "status", "fence",
    "login", "bundle", "watch", "observe", "assess", "doctor", "report", "verify",
];

#[test]
fn help_says_what_every_command_takes() {
    let bench = Bench::new(&plan());
    for command in COMMANDS {
        let mut words: Vec<&str> = command.split(' ').filter(|it| !it.is_empty()).collect();
        words.push("--help");
        let ended = bench.drctl(&words).expect(0, &["Usage: drctl"]);
        let name = format!("help-{}", if command.is_empty() { "all" } else { command });
        insta::assert_snapshot!(name, ended.stdout);
    }
}

#[test]
fn manual_and_completions_name_every_command() {
    let bench = Bench::new(&plan());
    let manual = bench.drctl(&["man"]).expect(0, &[".TH drctl"]).stdout;
    for shell in ["bash", "zsh", "fish"] {
        let completions = bench.drctl(&["completions", shell]).expect(0, &[]).stdout;
        for command in &COMMANDS[1..] {
            assert!(completions.contains(command), "{command} in {shell}");
            assert!(manual.contains(command), "{command} in the manual");
        }
    }
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_known() {
    let bench = Bench::new(&plan());
    for (typed, words) in [
        (
            &["frobnicate"] as &[&str],
            &["unrecognized subcommand"] as &[&str],
        ),
        (&["run"], &["--to <REGION>"]),
        (&["run", "--to", "Mars"], &["Mars"]),
        (
            &["run", "--to", "us-west-2", "--mode", "panic"],
            &["possible values: failover"],
        ),
        (
            &["run", "--to", "us-west-2", "--lost-at", "yesterday"],
            &["yesterday"],
        ),
        (
            &["run", "--to", "us-west-2", "--heartbeat", "0"],
            &["1..=60"],
        ),
        (
            &["run", "--to", "us-west-2", "--accept", "unfenced"],
            &["--reason"],
        ),
        (
            &["plan", "steps", "rds_promote"],
            &["no kind of step is called rds_promote"],
        ),
        (
            &["report", "--output", "pdf=x"],
            &["html=FILE, json=FILE or markdown=FILE"],
        ),
        (&["observe", "--every", "soon"], &["a duration such as 5m"]),
        (
            &["plan", "prove", "--lost", "eu-west-1"],
            &["no region of the plan", "us-east-1, us-west-2"],
        ),
        (
            &["skip", "--step", "swich", "--reason", "r"],
            &["the plan has no step swich", "switch"],
        ),
    ] {
        bench.drctl(typed).expect(2, words);
        let error = bench.drctl(&[typed, &["--json"]].concat());
        assert_eq!(error.code, 2, "{typed:?}");
        let error = error.error();
        for part in ["seen", "expected", "next"] {
            assert!(error[part].is_string(), "{typed:?}: {error}");
        }
    }
}
