//! What drctl prints: words or JSON to stdout, errors and progress to stderr, and how it ends.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is where drctl prints"
)]

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::OnceLock;

use recovery::engine::{End, Refusal};
use recovery::message::Message;
use serde_json::{Value, json};

/// How drctl ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It is done.
    Done,
    /// It failed, or something is not as it should be.
    Failed,
    /// Wrong usage, or a bad plan.
    Usage,
    /// A gate refused.
    Refused,
    /// Interrupted, and can be resumed.
    Interrupted,
    /// Done, but nobody has proved that the old writer is fenced.
    Unfenced,
}

impl Exit {
    /// Of a question whether something holds.
    pub(crate) fn of_check(holds: bool) -> Exit {
        if holds { Exit::Done } else { Exit::Failed }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
            Exit::Interrupted => 4,
            Exit::Unfenced => 5,
        })
    }
}

impl From<End> for Exit {
    fn from(end: End) -> Exit {
        match end {
            End::Done => Exit::Done,
            End::DoneUnfenced => Exit::Unfenced,
            End::Refused => Exit::Refused,
            End::Failed | End::Aborted => Exit::Failed,
            End::Interrupted => Exit::Interrupted,
        }
    }
}

/// Why a command goes no further.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) exit: Exit,
    pub(crate) message: Message,
}

impl Stop {
    pub(crate) fn usage(message: Message) -> Self {
        Stop {
            exit: Exit::Usage,
            message,
        }
    }

    pub(crate) fn failed(message: Message) -> Self {
        Stop {
            exit: Exit::Failed,
            message,
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unfit(message) => Stop::usage(message),
            Refusal::NoAnswer(message) => Stop::failed(message),
            Refusal::Locked(message) => Stop {
                exit: Exit::Refused,
                message,
            },
        }
    }
}

/// Why something that was asked for could not be printed, such as a disk that is full.
static UNPRINTED: OnceLock<String> = OnceLock::new();

/// Keeps why something was not printed. A reader that has gone away is no failure.
fn printed(result: io::Result<()>) {
    if let Err(error) = result
        && error.kind() != ErrorKind::BrokenPipe
    {
        // The first reason is told.
        let _known = UNPRINTED.set(error.to_string());
    }
}

/// How it ends when everything is printed: what nobody could read is not done.
pub(crate) fn finish(exit: Exit) -> Exit {
    printed(io::stdout().flush());
    let Some(why) = UNPRINTED.get() else {
        return exit;
    };
    Show::error(&format!("not everything could be written to stdout: {why}"));
    match exit {
        Exit::Done => Exit::Failed,
        other => other,
    }
}

/// Where it prints, and in which form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Show {
    pub(crate) json: bool,
    color: bool,
}

impl Show {
    pub(crate) fn new(json: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Show {
            json,
            color: !json && !plain && io::stdout().is_terminal(),
        }
    }

    /// A line of words, where words are wanted. A reader that has gone away is no failure.
    pub(crate) fn line(self, text: impl AsRef<str>) {
        if !self.json {
            printed(writeln!(io::stdout(), "{}", printable(text.as_ref())));
        }
    }

    /// Text as it is, for documents and pages.
    pub(crate) fn text(text: &str) {
        printed(write!(io::stdout(), "{text}"));
    }

    /// The help that was asked for, or what was typed wrongly.
    pub(crate) fn help(error: &clap::Error) {
        printed(error.print());
    }

    /// A question to whoever types; stdout stays clean.
    pub(crate) fn prompt(text: &str) {
        let _reader_gone = write!(io::stderr(), "{text}");
    }

    /// A value, where JSON is wanted: one a line.
    pub(crate) fn value(self, value: &Value) {
        if self.json {
            printed(writeln!(io::stdout(), "{value}"));
        }
    }

    /// Something for a person, beside what is asked for.
    pub(crate) fn note(self, text: impl AsRef<str>) {
        if !self.json {
            let _reader_gone = writeln!(io::stderr(), "{}", printable(text.as_ref()));
        }
    }

    /// What went wrong, in a line.
    pub(crate) fn error(text: &str) {
        let _reader_gone = writeln!(io::stderr(), "error: {}", printable(text));
    }

    /// What went wrong: seen, expected, next.
    pub(crate) fn message(self, message: &Message) {
        if self.json {
            self.value(&json!({ "error": message_json(message) }));
        } else {
            for line in message.to_string().lines() {
                let _reader_gone = writeln!(io::stderr(), "{}", printable(line));
            }
        }
    }

    /// A word in the colour of how it stands.
    pub(crate) fn state(self, word: &str) -> String {
        let code = match word {
            "done" | "passed" | "active" | "proven" | "ok" => 32,
            "refused" | "failed" | "timed out" | "aborted" | "not proven" | "broken" => 31,
            _ => 33,
        };
        if self.color {
            format!("\u{1b}[{code}m{word}\u{1b}[0m")
        } else {
            word.to_owned()
        }
    }

    pub(crate) fn completions(shell: clap_complete::Shell, command: &mut clap::Command) {
        let mut script = Vec::new();
        clap_complete::generate(shell, command, "drctl", &mut script);
        printed(io::stdout().write_all(&script));
    }
}

/// A message as JSON.
pub(crate) fn message_json(message: &Message) -> Value {
    json!({ "seen": message.seen, "expected": message.expected, "next": message.next })
}

/// Text from outside cannot move the cursor or colour the terminal; colours of our own stay.
fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' if letters.peek() == Some(&'[') => {
                let rest: String = letters.clone().skip(1).take_while(|c| *c != 'm').collect();
                let own = matches!(rest.as_str(), "0" | "31" | "32" | "33");
                safe.push(if own { '\u{1b}' } else { '\u{fffd}' });
            }
            '\t' => safe.push(' '),
            '\n' => safe.push('\n'),
            other if other.is_control() => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}
