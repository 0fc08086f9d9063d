//! Tries edits: each is applied to the texts in memory, the whole estate is read and checked again, and the edit stays only
//! if its finding is gone and nothing new was found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::locate::{self, Files, Patch};
use super::text::{self, Change};
use super::{FileChange, Fixed, Place, Tried};
use crate::inventory::{Instance, Inventory, Name};
use crate::load::Edited;
use crate::verdict::{Edit, Finding};

/// An estate as it was read and checked.
#[derive(Debug)]
pub struct Looked {
    /// What was read.
    pub inventory: Inventory,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Fingerprints of what could not be told.
    pub gaps: BTreeSet<Name>,
}

/// Reads and checks the estate with other texts in its files.
pub type Check<'c> = dyn Fn(&Edited) -> Result<Looked, String> + 'c;

/// Rounds of edits: each follows from what the one before brought to light.
const MOST_ROUNDS: usize = 4;

/// Tries the edit of every finding that is wanted.
pub fn apply(
    first: Looked,
    place: Place<'_>,
    wanted: &dyn Fn(&Finding) -> bool,
    check: &Check<'_>,
) -> Fixed {
    let mut trial = Trial {
        place,
        check,
        now: first,
        edited: Edited::default(),
        shown: BTreeMap::new(),
    };
    let mut tried = Vec::new();
    let mut seen = BTreeSet::new();
    // What an edit brings to light may have an edit of its own: a rule that is enabled lacks what enabled rules need.
    for _ in 0..MOST_ROUNDS {
        let targets: Vec<Name> = trial
            .now
            .findings
            .iter()
            .filter(|finding| edit_of(finding).is_some() && wanted(finding))
            .map(|finding| finding.fingerprint.clone())
            .filter(|fingerprint| seen.insert(fingerprint.clone()))
            .collect();
        if targets.is_empty() {
            break;
        }
        match trial.all(&targets) {
            Some(all) => tried.extend(all),
            None => tried.extend(targets.iter().filter_map(|target| trial.one(target))),
        }
    }
    Fixed {
        files: trial.files(),
        edited: trial.edited,
        tried,
    }
}

fn edit_of(finding: &Finding) -> Option<&Edit> {
    finding.fix.as_ref()?.edit.as_deref()
}

fn address_of(edit: &Edit) -> &Name {
    match edit {
        Edit::Set { address, .. } | Edit::Insert { address, .. } => address,
        Edit::Add { after, .. } => after,
    }
}

struct Trial<'a> {
    place: Place<'a>,
    check: &'a Check<'a>,
    now: Looked,
    edited: Edited,
    /// Changed files by the name that is shown.
    shown: BTreeMap<String, PathBuf>,
}

impl Trial<'_> {
    /// All edits at once; nothing where they do not all go through together.
    fn all(&mut self, targets: &[Name]) -> Option<Vec<Tried>> {
        if targets.len() < 2 {
            return None;
        }
        let mut patches = Vec::new();
        let mut tried = Vec::new();
        for target in targets {
            let finding = self.finding(target)?;
            let patch = self.patch(finding);
            tried.push(said(
                finding,
                patch.as_ref().map(|patch| patch.file.clone()),
            ));
            patches.extend(patch);
        }
        let edited = self.with(&patches).ok()?;
        let after = (self.check)(&edited).ok()?;
        let done = targets
            .iter()
            .zip(&tried)
            .filter(|(_, tried)| tried.result.is_ok());
        for (target, _) in done {
            refusal(&self.now, &after, target).is_none().then_some(())?;
        }
        self.accept(edited, after, &patches);
        Some(tried)
    }

    /// One edit, on top of those that stayed; nothing where another one settled its finding already.
    fn one(&mut self, target: &Name) -> Option<Tried> {
        let finding = self.finding(target)?;
        let attempt = self.patch(finding).and_then(|patch| {
            let patches = vec![patch];
            let edited = self.with(&patches)?;
            let after = (self.check)(&edited)?;
            match refusal(&self.now, &after, target) {
                None => Ok((patches, edited, after)),
                Some(why) => Err(why),
            }
        });
        let tried = said(
            finding,
            attempt
                .as_ref()
                .map(|(patches, ..)| patches[0].file.clone()),
        );
        if let Ok((patches, edited, after)) = attempt {
            self.accept(edited, after, &patches);
        }
        Some(tried)
    }

    fn finding(&self, target: &Name) -> Option<&Finding> {
        self.now
            .findings
            .iter()
            .find(|finding| finding.fingerprint == *target)
    }

    fn patch(&self, finding: &Finding) -> Result<Patch, String> {
        let edit = edit_of(finding).ok_or("it has no edit")?;
        let instance = self.instance(finding, edit)?;
        locate::patch(&Files::new(self.place, &self.edited), instance, edit)
    }

    /// The instance of an edit: a side of the finding, or the only one of that address.
    fn instance(&self, finding: &Finding, edit: &Edit) -> Result<&Instance, String> {
        let address = address_of(edit);
        let all = &self.now.inventory.instances;
        let side = [&finding.primary, &finding.secondary]
            .into_iter()
            .filter_map(|side| all.get(side.instance?.index()))
            .find(|instance| instance.address == *address);
        if let Some(instance) = side {
            return Ok(instance);
        }
        let mut named = all.iter().filter(|instance| instance.address == *address);
        match (named.next(), named.next()) {
            (Some(instance), None) => Ok(instance),
            _ => Err(format!("{address} is not one instance")),
        }
    }

    /// The texts after these patches.
    fn with(&self, patches: &[Patch]) -> Result<Edited, String> {
        let mut changes: BTreeMap<&PathBuf, Vec<Change>> = BTreeMap::new();
        for patch in patches {
            changes
                .entry(&patch.path)
                .or_default()
                .extend(patch.changes.iter().cloned());
        }
        let mut edited = (*self.edited).clone();
        for (path, changes) in changes {
            let before = self.text(path)?;
            let after =
                text::changed(&before, &changes).ok_or("another edit changes the same place")?;
            edited.insert(path.clone(), after.into());
        }
        Ok(Arc::new(edited))
    }

    fn text(&self, path: &PathBuf) -> Result<Arc<[u8]>, String> {
        match self.edited.get(path) {
            Some(text) => Ok(text.clone()),
            None => Ok(crate::load::read_file(path)?.into()),
        }
    }

    fn accept(&mut self, edited: Edited, after: Looked, patches: &[Patch]) {
        for patch in patches {
            self.shown.insert(patch.file.clone(), patch.path.clone());
        }
        self.edited = edited;
        self.now = after;
    }

    fn files(&self) -> BTreeMap<String, FileChange> {
        self.shown
            .iter()
            .filter_map(|(name, path)| {
                let change = FileChange {
                    path: path.clone(),
                    before: crate::load::read_file(path).ok()?.into(),
                    after: self.edited.get(path)?.clone(),
                };
                Some((name.clone(), change))
            })
            .collect()
    }
}

fn said(finding: &Finding, result: Result<String, &String>) -> Tried {
    Tried {
        rule: finding.rule.clone(),
        address: edit_of(finding).map_or_else(Name::default, |edit| address_of(edit).clone()),
        text: finding
            .fix
            .as_ref()
            .map(|fix| fix.text.clone())
            .unwrap_or_default(),
        result: result.map_err(Clone::clone),
    }
}

/// Why an edit must not stay; nothing where its finding is gone and nothing came up.
fn refusal(before: &Looked, after: &Looked, target: &Name) -> Option<String> {
    if after
        .findings
        .iter()
        .any(|finding| finding.fingerprint == *target)
    {
        return Some("the finding is there after the edit too".into());
    }
    if after.gaps.contains(target) {
        return Some("after the edit it could not be told".into());
    }
    let errors = |looked: &Looked| {
        looked
            .inventory
            .diagnostics
            .iter()
            .filter(|told| told.severity == crate::diagnostic::Severity::Error)
            .count()
    };
    if errors(after) > errors(before) {
        return Some("the configuration has errors after the edit".into());
    }
    let known = Known::of(before);
    let settled = before
        .findings
        .iter()
        .find(|finding| finding.fingerprint == *target);
    // What counts only now, for the same instance, and less than what was settled.
    let due = |finding: &Finding| {
        settled.is_some_and(|settled| {
            finding.severity < settled.severity
                && edit_of(settled).map(address_of) == finding.primary.address.as_ref()
        })
    };
    let new = after
        .findings
        .iter()
        .find(|finding| !known.has(finding) && !due(finding))?;
    let address = new
        .primary
        .address
        .as_ref()
        .or(new.secondary.address.as_ref());
    Some(format!(
        "the edit would break {} of {}",
        new.rule,
        address.map_or("another instance", |address| address)
    ))
}

/// What was found before: as findings, as consequences of them, or as one of several instances with one cause.
struct Known<'l> {
    fingerprints: BTreeSet<&'l Name>,
    instances: BTreeSet<(&'l Name, &'l Name)>,
}

impl<'l> Known<'l> {
    fn of(looked: &'l Looked) -> Self {
        let mut known = Known {
            fingerprints: looked.gaps.iter().collect(),
            instances: BTreeSet::new(),
        };
        for finding in &looked.findings {
            known.fingerprints.insert(&finding.fingerprint);
            for consequence in &finding.consequences {
                known.fingerprints.insert(&consequence.fingerprint);
            }
            for instance in &finding.instances {
                known.instances.insert((&finding.rule, instance));
            }
        }
        known
    }

    fn has(&self, finding: &Finding) -> bool {
        let named = |address: &Option<Name>| {
            address
                .as_ref()
                .is_some_and(|address| self.instances.contains(&(&finding.rule, address)))
        };
        self.fingerprints.contains(&finding.fingerprint)
            || named(&finding.primary.address)
            || named(&finding.secondary.address)
    }
}
