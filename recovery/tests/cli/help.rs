//! Help, manual page and completions; and what is typed wrongly.

use crate::bench::{Bench, plan};

const COMMANDS: &[&str] = &[
    "", "plan", "run", "resume", "pause", "abort", "retry", "skip", "approve", "status", "fence",
    "login", "bundle", "watch", "observe", "assess", "doctor", "report", "verify", "man",
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
fn every_command_has_a_page_of_the_manual() {
    let bench = Bench::new(&plan());
    bench
        .drctl(&["man", "--dir", "pages/man1"])
        .expect(0, &["written: ", " pages in pages/man1"]);
    let mut written: Vec<String> = std::fs::read_dir(bench.path("pages/man1"))
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    written.sort();
    for command in COMMANDS {
        let dashed = command.replace(' ', "-");
        let name = match dashed.as_str() {
            "" => "drctl.1".to_owned(),
            dashed => format!("drctl-{dashed}.1"),
        };
        assert!(written.contains(&name), "{name} in {written:?}");
        let page = std::fs::read_to_string(bench.path("pages/man1").join(&name)).unwrap();
        let title = name.trim_end_matches(".1");
        assert!(page.contains(&format!(".TH {title} 1")), "{name}: {page}");
        // What is printed for one is what was written for it.
        let words: Vec<&str> = command.split(' ').filter(|it| !it.is_empty()).collect();
        let printed = bench.drctl(&[&["man"], &words[..]].concat()).expect(0, &[]);
        assert_eq!(printed.stdout, page, "{name}");
    }
    // Commands below commands too, and nothing of the sort of help.
    for name in ["drctl-plan-check.1", "drctl-plan-publish.1", "drctl-man.1"] {
        assert!(written.iter().any(|it| it == name), "{name} in {written:?}");
    }
    assert!(!written.iter().any(|it| it.contains("help")), "{written:?}");
    let run = std::fs::read_to_string(bench.path("pages/man1/drctl-run.1")).unwrap();
    for word in ["lost\\-at", "heartbeat", "Run it again at any time"] {
        assert!(run.contains(word), "{word} in {run}");
    }
    let value = &bench
        .drctl(&["man", "--dir", "pages/man1", "--json"])
        .values()[0];
    assert_eq!(value["pages"].as_array().unwrap().len(), written.len());
    bench
        .drctl(&["man", "plan", "chekc"])
        .expect(2, &["drctl plan has no command chekc", "validate, check"]);
    bench.write("file", "");
    bench
        .drctl(&["man", "--dir", "file/man1"])
        .expect(1, &["file/man1", "--dir"]);
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
