//! Where rules put what they find: each relation that a rule asks is answered once, with holds, broken or cannot tell.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Edit, Fix, Severity};
use crate::inventory::{Link, Name, Path};
use crate::mirror::InstanceId;
use crate::source::Location;
use crate::symbol::PathStep;

/// A place in an instance that a verdict is about.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Spot {
    /// The instance; `None` for one that is missing.
    pub instance: Option<InstanceId>,
    /// Where in its values; empty for the whole. Elements of lists and sets by position.
    pub path: Path,
    /// Text to show instead of the value that stands there.
    pub shown: Option<String>,
    /// What stands in no inventory, where there is no instance.
    pub absent: Option<Arc<Absent>>,
    /// Places to show beside its own.
    pub beside: Vec<Link>,
    /// Where what is wrong with it is written, where that is not its own place.
    pub written: Option<Written>,
    /// The name in its value that the verdict is about, where the value holds more than is shown.
    pub focus: Option<&'static str>,
}

/// Where something is written that a verdict says of another place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// At a place of an instance.
    At(InstanceId, Path),
    /// Where it is decided that a primary instance has no counterpart.
    Lacks(InstanceId),
}

/// Something that a source names, but that is no instance of the inventory: a plan destroys it, or does not know it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Absent {
    /// Its address.
    pub address: Name,
    /// Its region.
    pub region: Option<Name>,
    /// Where it is declared, if it is.
    pub source: Option<Location>,
}

impl Spot {
    /// The instance as a whole.
    pub fn at(instance: InstanceId) -> Self {
        Spot {
            instance: Some(instance),
            ..Spot::default()
        }
    }

    /// An attribute, as `a.b[0].c`.
    pub fn of(instance: InstanceId, path: &str) -> Self {
        Spot {
            instance: Some(instance),
            path: parse(path),
            ..Spot::default()
        }
    }

    /// A place by its steps.
    pub fn steps(instance: InstanceId, path: &[PathStep]) -> Self {
        Spot {
            instance: Some(instance),
            path: path.to_vec(),
            ..Spot::default()
        }
    }

    /// Nothing there.
    pub fn missing() -> Self {
        Spot::default()
    }

    /// Something that is no instance.
    pub fn absent(absent: Absent) -> Self {
        Spot {
            absent: Some(Arc::new(absent)),
            ..Spot::default()
        }
    }

    /// The same, with other places to show beside its own.
    #[must_use]
    pub fn beside(mut self, links: impl IntoIterator<Item = Link>) -> Self {
        self.beside.extend(links);
        self
    }

    /// The same, of whose value this name is spoken of.
    #[must_use]
    pub fn focus(mut self, name: &'static str) -> Self {
        self.focus = Some(name);
        self
    }

    /// The same, written at a place of another instance.
    #[must_use]
    pub fn written(mut self, instance: InstanceId, path: &str) -> Self {
        self.written = Some(Written::At(instance, parse(path)));
        self
    }

    /// The same, wrong because a primary instance has no counterpart.
    #[must_use]
    pub fn lacking(mut self, stray: InstanceId) -> Self {
        self.written = Some(Written::Lacks(stray));
        self
    }

    /// The same, with other text to show.
    #[must_use]
    pub fn showing(mut self, text: impl Into<String>) -> Self {
        self.shown = Some(text.into());
        self
    }
}

/// `a.b[0].c` as steps.
pub(crate) fn parse(path: &str) -> Path {
    let mut steps = Path::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let (name, indexes) = part.split_once('[').unwrap_or((part, ""));
        if !name.is_empty() {
            steps.push(PathStep::Name(name.into()));
        }
        for index in indexes.split('[') {
            match index.trim_end_matches(']').parse() {
                Ok(index) => steps.push(PathStep::Index(index)),
                Err(_) if index.is_empty() => {}
                Err(_) => steps.push(PathStep::Name(index.trim_end_matches(']').into())),
            }
        }
    }
    steps
}

/// What a verdict is about, the same whatever the verdict.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The rule's name, one of the list.
    pub rule: &'static str,
    /// For rules of many attributes: `type.path`.
    pub sub: Option<Name>,
    /// The primary side.
    pub primary: Spot,
    /// The secondary side.
    pub secondary: Spot,
    /// The secondary region, where the secondary side is missing.
    pub region: Option<Name>,
    /// What the fingerprint hangs on besides the instances: the schema path, with elements of sets keyed by meaning
    /// (`ingress tcp 443 from 0.0.0.0/0`). Never a value that may change, a line or a file.
    pub key: String,
    /// Another severity than that of the rule.
    pub severity: Option<Severity>,
    /// Whether a row of the relations table asks: what a function of the rule says of the same place says more.
    pub row: bool,
    /// Whether it is about one instance by itself: where one side is empty, no counterpart is missing there.
    pub alone: bool,
}

impl Asked {
    /// A question about two places; the key is the path of the primary side, or that of the secondary.
    pub fn new(rule: &'static str, primary: Spot, secondary: Spot) -> Self {
        let path = if primary.path.is_empty() {
            &secondary.path
        } else {
            &primary.path
        };
        let key = crate::mirror::schema_path(path);
        Asked {
            rule,
            sub: None,
            primary,
            secondary,
            region: None,
            key,
            severity: None,
            row: false,
            alone: false,
        }
    }

    /// The same with another key.
    #[must_use]
    pub fn keyed(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// The same, about this secondary region.
    #[must_use]
    pub fn in_region(mut self, region: impl Into<Name>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The same, about one instance by itself.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// The same with another severity.
    #[must_use]
    pub fn severe(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Broken, with one sentence: what was seen and what was expected.
    pub fn broken(self, message: impl Into<String>) -> Broken {
        Broken {
            asked: self,
            message: message.into(),
            impact: None,
            fix: None,
            follows: Vec::new(),
            covers: Vec::new(),
        }
    }

    /// Undecided: what cannot be told, and what would settle it.
    pub fn unsure(self, message: impl Into<String>, because: Vec<Name>) -> Unsure {
        Unsure {
            asked: self,
            message: message.into(),
            because,
            settle: None,
        }
    }
}

/// A broken relation.
#[derive(Clone, Debug)]
pub struct Broken {
    /// What was asked.
    pub asked: Asked,
    /// One sentence: what was seen and what was expected.
    pub message: String,
    /// What it means in a failover, where the rule's own sentence does not say it.
    pub impact: Option<String>,
    /// What to do.
    pub fix: Option<Fix>,
    /// Strays that it follows from: it becomes a consequence of what is said of them.
    pub follows: Vec<InstanceId>,
    /// Other places that this verdict explains: what broader rules say of them becomes its consequence. The two sides of
    /// the question are covered anyway.
    pub covers: Vec<Spot>,
}

impl Broken {
    /// The same with what it means in a failover.
    #[must_use]
    pub fn impact(mut self, text: impl Into<String>) -> Self {
        self.impact = Some(text.into());
        self
    }

    /// The same with what to do.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            text: text.into(),
            edit: None,
        });
        self
    }

    /// The same with an edit that `drcheck fix` can write.
    #[must_use]
    pub fn edit(mut self, text: impl Into<String>, edit: Edit) -> Self {
        self.fix = Some(Fix {
            text: text.into(),
            edit: Some(Arc::new(edit)),
        });
        self
    }

    /// The same, following from strays.
    #[must_use]
    pub fn follows(mut self, strays: impl IntoIterator<Item = InstanceId>) -> Self {
        self.follows.extend(strays);
        self
    }

    /// The same, explaining these places too.
    #[must_use]
    pub fn covers(mut self, spots: impl IntoIterator<Item = Spot>) -> Self {
        self.covers.extend(spots);
        self
    }
}

/// An undecided relation.
#[derive(Clone, Debug)]
pub struct Unsure {
    /// What was asked.
    pub asked: Asked,
    /// One sentence: what cannot be told, and why.
    pub message: String,
    /// What is not known.
    pub because: Vec<Name>,
    /// What would settle it, where `because` does not say it by itself.
    pub settle: Option<String>,
}

impl Unsure {
    /// The same with what would settle it.
    #[must_use]
    pub fn settle(mut self, text: impl Into<String>) -> Self {
        self.settle = Some(text.into());
        self
    }
}

/// How many relations were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tally {
    /// Proved.
    pub holds: u64,
    /// Proved not to hold.
    pub broken: u64,
    /// Undecided.
    pub undecided: u64,
}

/// Collects verdicts.
#[derive(Debug, Default)]
pub struct Sink {
    /// The rule that is asked now.
    pub(crate) asking: &'static str,
    /// Relations that hold, by rule.
    pub(crate) held: BTreeMap<&'static str, u64>,
    /// Relations that do not.
    pub(crate) broken: Vec<Broken>,
    /// Undecided ones.
    pub(crate) unsure: Vec<Unsure>,
    /// What rows of the relations table were asked, where somebody wants to know.
    pub(crate) rows: Option<Vec<crate::relations::Answer>>,
}

impl Sink {
    /// A relation of the rule that is asked now holds.
    pub fn holds(&mut self) {
        self.holds_for(self.asking);
    }

    /// A relation of a rule holds.
    pub fn holds_for(&mut self, rule: &'static str) {
        *self.held.entry(rule).or_default() += 1;
    }

    /// A relation is broken.
    pub fn broken(&mut self, broken: Broken) {
        self.broken.push(broken);
    }

    /// A relation cannot be told.
    pub fn unsure(&mut self, unsure: Unsure) {
        self.unsure.push(unsure);
    }
}
