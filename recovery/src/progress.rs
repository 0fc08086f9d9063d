//! Progress of a run, told line by line while it happens.

use std::fmt;
use std::time::Duration;

/// Where in its life the step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The gates were asked.
    Gated,
    /// An act is about to be performed, or was answered.
    Performing,
    /// Waiting for the world to reach a state.
    Waiting,
    /// A call failed for a passing reason and will be followed by another look.
    Retrying,
    /// The target state is proved.
    Verified,
}

/// One line of progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Time since the start of the run.
    pub elapsed: Duration,
    /// Where the step is.
    pub phase: Phase,
    /// What is seen or done, in words.
    pub text: String,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed.as_secs();
        write!(f, "[{:02}:{:02}] {}", seconds / 60, seconds % 60, self.text)
    }
}

/// Somebody who wants to know. Called between the calls of the run: it must not block.
pub trait ProgressSink: Send + Sync {
    /// Takes one line.
    fn progress(&self, line: &Progress);
}

/// Nobody wants to know.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl ProgressSink for NoProgress {
    fn progress(&self, _: &Progress) {}
}

impl<F: Fn(&Progress) + Send + Sync> ProgressSink for F {
    fn progress(&self, line: &Progress) {
        self(line);
    }
}
