//! How a run of one step ended, in words: what was seen last, what was begun, how to go on.

use super::{Answer, Run};
use crate::message::{Message, duration_text};
use crate::outcome::Outcome;
use crate::progress::Phase;
use crate::step::Step;

impl<S: Step> Run<'_, S> {
    pub(super) fn done(&self) -> Outcome {
        self.tell(Phase::Verified, self.world_text());
        if self.looks == 1 {
            Outcome::AlreadyDone
        } else {
            Outcome::Done
        }
    }

    pub(super) fn timed_out(&self) -> Outcome {
        let mut seen = format!(
            "after {} (timeout {}): {}",
            duration_text(self.elapsed()),
            duration_text(self.context.timeout),
            self.world_text()
        );
        if !self.last_wait.is_empty() {
            seen = format!("{seen}; {}", self.last_wait);
        }
        if let Some(error) = &self.last_error {
            seen = format!("{seen}; last error: {error}");
        }
        Outcome::TimedOut(Message::new(seen, self.step.title(), self.go_on()))
    }

    pub(super) fn interrupted(&self) -> Outcome {
        Outcome::Interrupted(Message::new(
            format!("asked to stop; {}", self.world_text()),
            self.step.title(),
            self.go_on(),
        ))
    }

    fn go_on(&self) -> String {
        let begun = match self.memory.performed.last() {
            None => "nothing was changed".to_owned(),
            Some(last) => {
                let answer = match last.answer {
                    Answer::Accepted => "was accepted and goes on in AWS",
                    Answer::Ambiguous => "may have been accepted",
                    Answer::Rejected => "was rejected",
                };
                format!("{} {answer}", self.step.describe_act(&last.act))
            }
        };
        format!("{begun}; run it again: it looks first and goes on from what it sees")
    }

    pub(super) fn world_text(&self) -> String {
        match &self.world {
            Some(world) => self.step.describe(world),
            None => "nothing was seen yet".to_owned(),
        }
    }
}
