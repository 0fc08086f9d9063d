//! What a value of the secondary end may lead back to: instances of the other side, and words that name its region. A choice
//! that hangs on an unknown leads back only where all that may be chosen does.

use std::collections::BTreeSet;

use crate::inventory::Name;
use crate::mirror::{Key, Meaning, Part};

/// What was found in a meaning.
#[derive(Default)]
pub(super) struct Gathered {
    /// Instances of either side.
    pub(super) keys: BTreeSet<Key>,
    /// Words that name the other region.
    pub(super) words: BTreeSet<String>,
    /// What is not known and may lead anywhere.
    pub(super) reasons: BTreeSet<Name>,
    /// What decides between values of which some lead back.
    pub(super) choices: BTreeSet<Name>,
}

impl Gathered {
    /// All that a meaning holds.
    pub(super) fn of(meaning: &Meaning) -> Self {
        let mut gathered = Gathered::default();
        gathered.gather(meaning);
        gathered
    }

    fn gather(&mut self, meaning: &Meaning) {
        match meaning {
            Meaning::Text(parts) => {
                for part in parts {
                    match part {
                        Part::Letters(text) => self.words.extend(foreign_word(text)),
                        Part::Hole(meaning) => self.gather(meaning),
                        // Ranges are address plans, not things that can be lost.
                        Part::Reference(_, name) if name.contains("cidr") => {}
                        Part::Reference(key, _) => {
                            self.keys.insert(key.clone());
                        }
                    }
                }
            }
            Meaning::Unknown(because) => {
                // A variable that has no value stands as an expression; here it only gave the value its shape.
                let counts = |reason: &&Name| !reason.contains("var.");
                self.reasons
                    .extend(because.iter().filter(counts).cloned());
            }
            Meaning::Expression(name, parts) => self.expression(name, parts),
            Meaning::List(parts) | Meaning::Set(parts) => {
                parts.iter().for_each(|part| self.gather(part));
            }
            Meaning::Map(parts) => parts.values().for_each(|part| self.gather(part)),
            _ => {}
        }
    }

    fn expression(&mut self, name: &Name, parts: &[Meaning]) {
        if parts.is_empty() {
            self.reasons.insert(name.clone());
        }
        match (&**name, parts) {
            // Whether something is there says nothing of where it is.
            ("==" | "!=" | "length" | "can", _) => {}
            ("?", [by, arms @ ..]) => self.choice(arms.iter().collect(), Some(by)),
            ("coalesce" | "try", arms) => self.choice(arms.iter().collect(), None),
            ("[]" | "element", [of, by]) => self.choice(elements(of), Some(by)),
            ("lookup", [of, by, default @ ..]) => {
                self.choice(elements(of).into_iter().chain(default).collect(), Some(by));
            }
            _ => parts.iter().for_each(|part| self.gather(part)),
        }
    }

    /// One of several values; `by` decides which.
    fn choice(&mut self, arms: Vec<&Meaning>, by: Option<&Meaning>) {
        let arms: Vec<Gathered> = arms.into_iter().map(Gathered::of).collect();
        let all = arms.iter().all(Gathered::leads_back);
        let some = arms.iter().any(Gathered::leads_back);
        if some && !all {
            let by = by.map(Gathered::of).unwrap_or_default();
            let mut reasons = by.reasons;
            reasons.extend(arms.iter().flat_map(|arm| arm.reasons.iter().cloned()));
            if reasons.is_empty() {
                reasons.insert("which of several values is taken".into());
            }
            self.choices.extend(reasons);
        }
        for arm in arms {
            self.choices.extend(arm.choices);
            self.reasons.extend(arm.reasons);
            if some && !all {
                let stays = |key: &Key| !is_other(key);
                self.keys.extend(arm.keys.into_iter().filter(stays));
            } else {
                self.keys.extend(arm.keys);
                self.words.extend(arm.words);
            }
        }
    }

    fn leads_back(&self) -> bool {
        !self.words.is_empty() || self.keys.iter().any(is_other)
    }
}

fn is_other(key: &Key) -> bool {
    matches!(key, Key::Other(_) | Key::Foreign(_))
}

/// What an index may take out of a collection.
fn elements(of: &Meaning) -> Vec<&Meaning> {
    match of {
        Meaning::Map(parts) => parts.values().collect(),
        Meaning::List(parts) | Meaning::Set(parts) => parts.iter().collect(),
        other => vec![other],
    }
}

/// A word of a text that names the other region, or a zone of it.
fn foreign_word(text: &str) -> Option<String> {
    let at = text.find("{peer")?;
    let separator = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '=' | '(' | ')' | '[' | ']' | '\\')
    };
    let start = text.get(..at)?.rfind(separator).map_or(0, |at| at + 1);
    // A zone stands as a word with a blank in it.
    let rest = text.get(at..)?;
    let inside = rest.find('}')?;
    let end = rest
        .get(inside..)?
        .find(separator)
        .map_or(text.len(), |end| at + inside + end);
    text.get(start..end).map(str::to_owned)
}
