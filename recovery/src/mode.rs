//! The modes in which a failover plan is executed.

use std::fmt;

/// What an execution is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Another region becomes active and bounded data loss is accepted.
    Failover,
    /// Another region becomes active without loss; both regions are healthy.
    Switchover,
    /// After a failover, when the lost region is back: replication is rebuilt.
    Reprotect,
    /// An exercise that touches nothing that production uses.
    Drill,
}

impl Mode {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Mode; 4] = [
        Mode::Failover,
        Mode::Switchover,
        Mode::Reprotect,
        Mode::Drill,
    ];

    /// The word that documents and command lines use.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Failover => "failover",
            Mode::Switchover => "switchover",
            Mode::Reprotect => "reprotect",
            Mode::Drill => "drill",
        }
    }

    /// The mode of a word.
    pub fn parse(word: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.name() == word)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
