//! Reading the steps of a document.

use std::time::Duration;

use aws::Region;

use super::arguments::arguments;
use super::fields::{self, Fields, one_of};
use super::json::{self, Member, Node};
use super::problem::{Findings, Path};
use super::read::MOST_STEPS;
use super::{OnFailure, StepEntry};
use crate::argument::Arguments;
use crate::kind::Kind;
use crate::mode::Mode;
use crate::nearest::{did_you_mean, nearest};

const FIELDS: [&str; 6] = ["name", "after", "tier", "timeout", "on_failure", "run_in"];

/// The shortest default of a step's timeout.
pub const LEAST_TIMEOUT: Duration = Duration::from_mins(5);
/// The default of a step's timeout is so many times the usual duration of its kind.
pub const TIMEOUT_FACTOR: u32 = 3;

/// The timeout of a step of a kind where the document says nothing.
pub fn default_timeout(kind: &dyn Kind, arguments: &Arguments) -> Duration {
    let usual = kind.usual_duration().saturating_add(kind.waits(arguments));
    let timeout = usual.saturating_mul(TIMEOUT_FACTOR).max(LEAST_TIMEOUT);
    // Whole seconds, and nothing that could not be read back.
    Duration::from_secs(timeout.as_secs()).min(Duration::from_hours(366 * 24))
}

/// A step while it is read: what was readable.
#[derive(Default)]
pub(super) struct DraftStep {
    pub(super) name: Option<String>,
    /// What it comes after, where the document says so.
    pub(super) after: Given<Vec<String>>,
    pub(super) tier: Given<String>,
    timeout: Given<Duration>,
    on_failure: Given<OnFailure>,
    run_in: Given<Vec<Mode>>,
    pub(super) kind: Option<&'static dyn Kind>,
    pub(super) arguments: Option<Arguments>,
}

/// A field that has a default.
#[derive(Clone, Debug, Default)]
pub(super) enum Given<T> {
    /// The document says nothing.
    #[default]
    No,
    /// It says this.
    Yes(T),
    /// It says something that could not be read.
    Wrong,
}

impl<T> Given<T> {
    fn of(read: Option<T>) -> Self {
        read.map_or(Given::Wrong, Given::Yes)
    }

    fn or(self, default: impl FnOnce() -> Option<T>) -> Option<T> {
        match self {
            Given::No => default(),
            Given::Yes(value) => Some(value),
            Given::Wrong => None,
        }
    }
}

impl DraftStep {
    /// Whether it runs in a mode, as far as that was readable.
    pub(super) fn runs_in(&self, mode: Mode) -> bool {
        match (&self.run_in, self.kind) {
            (Given::Yes(modes), _) => modes.contains(&mode),
            (Given::No, Some(kind)) => kind.runs_in().contains(&mode),
            _ => false,
        }
    }

    /// Whether it is known in which modes it runs.
    pub(super) fn modes_known(&self) -> bool {
        match &self.run_in {
            Given::Yes(_) => true,
            Given::No => self.kind.is_some(),
            Given::Wrong => false,
        }
    }

    /// The step of the document.
    pub(super) fn finish(self, position: usize, names: &[Option<String>]) -> Option<StepEntry> {
        let (kind, arguments) = (self.kind?, self.arguments?);
        Some(StepEntry {
            name: self.name?,
            after: self.after.or(|| match position.checked_sub(1) {
                None => Some(Vec::new()),
                Some(previous) => Some(vec![names.get(previous)?.clone()?]),
            })?,
            tier: match self.tier {
                Given::No => None,
                given => Some(given.or(|| None)?),
            },
            timeout: self
                .timeout
                .or(|| Some(default_timeout(kind, &arguments)))?,
            on_failure: self.on_failure.or(|| Some(OnFailure::Stop))?,
            run_in: self.run_in.or(|| Some(kind.runs_in().to_vec()))?,
            kind,
            arguments,
        })
    }
}

/// The steps; one that could not be read at all is there with nothing, so that positions stay.
pub(super) fn steps(
    fields: &Fields<'_>,
    kinds: &[&'static dyn Kind],
    regions: Option<&[Region]>,
    findings: &mut Findings,
) -> Vec<DraftStep> {
    let Some((node, path)) = fields.need("steps", "the steps in order", findings) else {
        return Vec::new();
    };
    let elements = fields::list(node, &path, findings).unwrap_or_default();
    if elements.len() > MOST_STEPS
        || matches!(&node.value, json::Json::List(list) if list.is_empty())
    {
        findings.refuse(
            &path,
            format!("{} steps", elements.len()),
            format!("1 to {MOST_STEPS} steps"),
            "list what has to be done; split a plan that is too large into child plans",
        );
        return Vec::new();
    }
    elements
        .iter()
        .map(|(node, path)| step(node, path, kinds, regions, findings).unwrap_or_default())
        .collect()
}

fn step(
    node: &Node,
    path: &Path,
    kinds: &[&'static dyn Kind],
    regions: Option<&[Region]>,
    findings: &mut Findings,
) -> Option<DraftStep> {
    let fields = Fields::open(node, path, findings)?;
    let mut step = DraftStep {
        name: fields
            .need("name", "the step's name, such as \"promote\"", findings)
            .and_then(|(node, path)| fields::name(node, &path, findings)),
        ..DraftStep::default()
    };
    if let Some((node, path)) = fields.get("after") {
        step.after = Given::of(fields::texts(node, &path, findings));
    }
    if let Some((node, path)) = fields.get("tier") {
        step.tier = Given::of(fields::text(node, &path, findings));
    }
    if let Some((node, path)) = fields.get("timeout") {
        let least = Duration::from_secs(1);
        step.timeout = Given::of(fields::time(node, &path, least, findings));
    }
    if let Some((node, path)) = fields.get("on_failure") {
        let word = fields::choice(node, &path, &["stop", "continue"], findings);
        step.on_failure = Given::of(word.map(|word| match word.as_str() {
            "continue" => OnFailure::Continue,
            _ => OnFailure::Stop,
        }));
    }
    if let Some((node, path)) = fields.get("run_in") {
        step.run_in = Given::of(modes(node, &path, findings));
    }
    if let Some((kind, member)) = kind(&fields, kinds, findings) {
        step.kind = Some(kind);
        let path = path.key(kind.name());
        let declared = kind.arguments();
        step.arguments = arguments(declared, &member.node, &path, regions, findings);
    }
    Some(step)
}

fn modes(node: &Node, path: &Path, findings: &mut Findings) -> Option<Vec<Mode>> {
    let words: Vec<&str> = Mode::ALL.iter().map(|mode| mode.name()).collect();
    let elements = fields::list(node, path, findings)?;
    let mut modes = Vec::new();
    for (node, path) in &elements {
        let word = fields::choice(node, path, &words, findings);
        match word.and_then(|word| Mode::parse(&word)) {
            Some(mode) if modes.contains(&mode) => {
                let seen = format!("{mode} a second time");
                findings.refuse(path, seen, "each mode once", "take it out");
            }
            Some(mode) => modes.push(mode),
            None => {}
        }
    }
    if elements.is_empty() {
        findings.refuse(
            path,
            "an empty list",
            one_of(&words),
            "name the modes, or take the step out",
        );
    }
    (!modes.is_empty() && modes.len() == elements.len()).then_some(modes)
}

/// The one member that names a kind; tells about all that is neither a field nor a kind.
fn kind<'n>(
    fields: &Fields<'n>,
    kinds: &[&'static dyn Kind],
    findings: &mut Findings,
) -> Option<(&'static dyn Kind, &'n Member)> {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let mut found: Option<(&'static dyn Kind, &Member)> = None;
    let mut strangers: Vec<&Member> = Vec::new();
    let mut several = false;
    for member in fields.unknown(&FIELDS) {
        let kind = kinds.iter().find(|kind| kind.name() == member.key);
        match (kind, &found) {
            (None, _) => strangers.push(member),
            // The same kind twice is told as a member that is written twice.
            (Some(kind), Some((first, _))) if kind.name() == first.name() => {}
            (Some(kind), Some((first, _))) => {
                several = true;
                findings.refuse(
                    &fields.path().key(&member.key),
                    format!("the kind {} beside the kind {}", kind.name(), first.name()),
                    "exactly one kind",
                    "make two steps of it",
                );
            }
            (Some(kind), None) => found = Some((*kind, member)),
        }
    }
    // A step without a kind most likely misspells it: then the stranger is the kind, and one problem is enough.
    let near = |member: &&Member| {
        let object = member.node.members().is_some();
        object || nearest(&member.key, words.iter().copied()).is_some()
    };
    let meant = strangers.iter().position(near).filter(|_| found.is_none());
    for (position, member) in strangers.iter().enumerate() {
        if meant == Some(position) {
            unknown_kind(fields.path(), member, &words, findings);
        } else {
            let mut known = FIELDS.to_vec();
            if found.is_none() {
                known.extend(&words);
            }
            fields::unknown_field(fields.path(), member, &known, findings);
        }
    }
    if found.is_none() && meant.is_none() {
        findings.refuse(
            fields.path(),
            "a step without a kind",
            format!("one member that says what is done: {}", one_of(&words)),
            "add it with an object of its arguments",
        );
    }
    found.filter(|_| !several)
}

fn unknown_kind(path: &Path, member: &Member, words: &[&str], findings: &mut Findings) {
    let otherwise = "see the list of step kinds in the reference";
    findings.refuse(
        &path.key(&member.key),
        format!("an unknown kind of step {:?}", json::clip(&member.key)),
        one_of(words),
        did_you_mean(&member.key, words.iter().copied(), otherwise),
    );
}
