//! Recovery strategies, and sets of them.

/// How the secondary region is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// Only copies of data.
    BackupRestore,
    /// Data runs, the rest is declared.
    PilotLight,
    /// Everything runs, smaller.
    WarmStandby,
    /// Both regions serve.
    ActiveActive,
}

impl Strategy {
    /// All, from the slowest to the fastest.
    pub const ALL: [Strategy; 4] = [
        Strategy::BackupRestore,
        Strategy::PilotLight,
        Strategy::WarmStandby,
        Strategy::ActiveActive,
    ];

    /// The word in `dr.hcl`.
    pub fn word(self) -> &'static str {
        match self {
            Strategy::BackupRestore => "backup-restore",
            Strategy::PilotLight => "pilot-light",
            Strategy::WarmStandby => "warm-standby",
            Strategy::ActiveActive => "active-active",
        }
    }

    /// The strategy of a word.
    pub fn of(word: &str) -> Option<Self> {
        Strategy::ALL
            .into_iter()
            .find(|strategy| strategy.word() == word)
    }
}

/// A set of strategies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Strategies(u8);

impl Strategies {
    /// All four.
    pub const ALL: Strategies = Strategies(0b1111);
    /// All in which something runs or stands ready in the secondary: not backup-restore.
    pub const STANDING: Strategies = Strategies(0b1110);
    /// Warm standby and active-active.
    pub const RUNNING: Strategies = Strategies(0b1100);

    /// From letters: B, P, W, A.
    pub fn letters(text: &str) -> Self {
        let mut set = Strategies::default();
        for letter in text.chars() {
            set.0 |= match letter {
                'B' => 0b0001,
                'P' => 0b0010,
                'W' => 0b0100,
                'A' => 0b1000,
                _ => 0,
            };
        }
        set
    }

    /// Whether one is in it.
    pub fn contains(self, strategy: Strategy) -> bool {
        let bit = match strategy {
            Strategy::BackupRestore => 0b0001,
            Strategy::PilotLight => 0b0010,
            Strategy::WarmStandby => 0b0100,
            Strategy::ActiveActive => 0b1000,
        };
        self.0 & bit != 0
    }
}
