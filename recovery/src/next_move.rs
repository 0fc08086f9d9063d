//! Lines of drctl as messages name them: each works as typed, once `FILE` and other words in capitals are put in.

use std::fmt::Display;

use aws::Region;

use crate::mode::Mode;

/// Begins an execution.
pub fn run(mode: Mode, target: impl Display) -> String {
    format!("drctl run --mode {mode} --to {target} --plan FILE")
}

/// Rebuilds replication around the region that is active; its name is left to fill in where nobody knows it.
pub fn reprotect(active: Option<&Region>) -> String {
    run(Mode::Reprotect, active.map_or("REGION", Region::as_str))
}

/// Goes on with an execution.
pub fn resume(execution: &str) -> String {
    format!("drctl resume {execution} --plan FILE")
}

/// Goes on with an execution, and accepts a risk: `unfenced`, `unknown_lag` or `data_loss_up_to=10m`.
pub fn resume_accepting(execution: &str, risk: &str) -> String {
    format!("drctl resume {execution} --plan FILE --accept {risk} --reason TEXT")
}

/// Ends an execution.
pub fn abort(execution: &str) -> String {
    format!("drctl abort {execution} --plan FILE")
}

/// Lets an execution begin nothing new.
pub fn pause(execution: &str) -> String {
    format!("drctl pause {execution} --plan FILE")
}

/// Follows an execution.
pub fn watch(execution: &str) -> String {
    format!("drctl watch {execution} --plan FILE")
}

/// Checks the journal of an execution.
pub fn verify(execution: &str) -> String {
    format!("drctl verify {execution} --plan FILE")
}

/// Shows who is active and where the newest execution stands.
pub fn status() -> String {
    "drctl status --plan FILE".to_owned()
}

/// The same without a region that is lost.
pub fn status_without(lost: &Region) -> String {
    format!("drctl status --lost {lost} --plan FILE")
}

/// Asks what a failover would be, without a region that is lost.
pub fn assess_without(lost: &Region) -> String {
    format!("drctl assess --lost {lost} --plan FILE")
}

/// Fences what an execution left unfenced.
pub fn fence() -> String {
    "drctl fence --plan FILE".to_owned()
}

/// Fences every writer but that of a region.
pub fn fence_all_but(active: impl Display) -> String {
    format!("drctl fence --active {active} --plan FILE")
}

/// Goes on without a step of the newest execution.
pub fn skip(step: &str) -> String {
    format!("drctl skip --step {step} --plan FILE --reason TEXT")
}

/// Answers a step that asks; the newest execution where none is named.
pub fn approve(step: &str, token: &str, execution: Option<&str>) -> String {
    let execution = execution.map_or_else(String::new, |id| format!(" {id}"));
    format!("drctl approve{execution} --step {step} --token {token} --plan FILE")
}

/// Publishes a plan to its stores.
pub fn publish() -> String {
    "drctl plan publish --plan FILE".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `drctl COMMAND --help` says: held against the program by its own tests.
    fn help(command: &str) -> String {
        let file = format!(
            "{}/tests/cli/snapshots/cli__help__help-{command}.snap",
            env!("CARGO_MANIFEST_DIR")
        );
        std::fs::read_to_string(&file).expect("a snapshot of the help")
    }

    #[test]
    fn every_line_has_the_arguments_that_its_command_takes_and_needs() {
        let west = Region::new("us-west-2").expect("a region");
        for line in [
            run(Mode::Failover, &west),
            reprotect(Some(&west)),
            reprotect(None),
            resume("01J"),
            resume_accepting("01J", "unfenced"),
            abort("01J"),
            pause("01J"),
            watch("01J"),
            verify("01J"),
            status(),
            status_without(&west),
            assess_without(&west),
            fence(),
            fence_all_but(&west),
            skip("promote"),
            approve("ask", "repeat-1", None),
            approve("ask", "repeat-1", Some("01J")),
        ] {
            let mut words = line.split(' ').skip(1);
            let help = help(words.next().expect("a command"));
            let usage = help.lines().find(|line| line.starts_with("Usage: "));
            let usage = usage.expect("a usage");
            let needed = usage
                .split(' ')
                .filter(|it| it.starts_with("--"))
                .chain(["--plan"]);
            for option in needed {
                assert!(line.contains(option), "{line}: no {option}");
            }
            let mut values = 0;
            while let Some(word) = words.next() {
                if word.starts_with("--") {
                    assert!(help.contains(&format!(" {word} <")), "{line}: {word}");
                    assert!(words.next().is_some(), "{line}: {word} has no value");
                } else {
                    values += 1;
                }
            }
            assert!(
                values == 0 || values == 1 && usage.ends_with("[EXECUTION]"),
                "{line}: {usage}"
            );
        }
    }
}
