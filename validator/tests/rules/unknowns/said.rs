//! What a check says of an estate, and what it says against what it said before.

use std::collections::{BTreeMap, BTreeSet};

use drcheck::check::{self, Options, Outcome};
use drcheck::inventory::{Inventory, Name};
use drcheck::settings::Settings;
use drcheck::verdict::Finding;

/// What a check says.
#[derive(Default)]
pub(super) struct Said {
    findings: Vec<Spoken>,
    /// All that findings and their consequences speak of, by rule.
    places: BTreeSet<(Name, Name)>,
    /// Fingerprints of findings and of what follows from them.
    prints: BTreeSet<Name>,
    gaps: BTreeMap<Name, String>,
    /// All that gaps speak of, by rule.
    asked: BTreeSet<(Name, Name)>,
}

/// A finding: its rule, where it speaks of, and what it says.
struct Spoken {
    rule: Name,
    addresses: BTreeSet<Name>,
    print: Name,
    message: String,
}

impl Said {
    pub(super) fn of(inventory: &Inventory, settings: &Settings) -> Self {
        match check::check(inventory, settings, &Options::default()) {
            Ok((_, outcome)) => Said::from(&outcome),
            Err(error) => panic!("{error}"),
        }
    }

    fn from(outcome: &Outcome) -> Self {
        let mut said = Said::default();
        let members = |finding: &Finding| finding.members.clone();
        let all = outcome
            .findings
            .iter()
            .flat_map(|finding| std::iter::once(finding.clone()).chain(members(finding)));
        for finding in all {
            let sides = [&finding.primary, &finding.secondary];
            let addresses: BTreeSet<Name> = sides
                .into_iter()
                .filter_map(|side| side.address.clone())
                .chain(finding.instances.iter().cloned())
                .collect();
            for address in &addresses {
                said.places.insert((finding.rule.clone(), address.clone()));
            }
            for follower in &finding.consequences {
                said.prints.insert(follower.fingerprint.clone());
                said.places
                    .insert((follower.rule.clone(), follower.address.clone()));
            }
            said.prints.insert(finding.fingerprint.clone());
            said.findings.push(Spoken {
                rule: finding.rule,
                addresses,
                print: finding.fingerprint,
                message: finding.message,
            });
        }
        for gap in &outcome.gaps {
            let text = format!("{}: {}", gap.rule, gap.message);
            said.gaps.insert(gap.fingerprint.clone(), text);
            for side in [&gap.primary, &gap.secondary] {
                if let Some(address) = &side.address {
                    said.asked.insert((gap.rule.clone(), address.clone()));
                }
            }
        }
        said
    }

    /// Whether anything is said of an address.
    fn at(&self, address: &Name) -> bool {
        self.places.iter().any(|(_, other)| other == address)
    }

    /// Whether a finding was there before: the same, the same rule at one of its places, or, of an instance without
    /// counterpart, a narrower rule.
    fn knows(&self, finding: &Spoken) -> bool {
        let place = |address: &Name| {
            self.places
                .contains(&(finding.rule.clone(), address.clone()))
                || &*finding.rule == "counterpart-missing" && self.at(address)
        };
        self.prints.contains(&finding.print) || finding.addresses.iter().any(place)
    }

    /// What is found here and was not before.
    pub(super) fn made<'s>(&'s self, before: &'s Said) -> impl Iterator<Item = String> + 's {
        let new = self
            .findings
            .iter()
            .filter(|finding| !before.knows(finding));
        new.map(|finding| {
            let addresses: Vec<&str> = finding.addresses.iter().map(|name| &**name).collect();
            format!(
                "NEW {} {}: {}",
                finding.rule,
                addresses.join(", "),
                finding.message
            )
        })
    }

    /// Whether a finding is a question here: the same, the same rule at one of its places or at one that its sentence names,
    /// or, of a broad rule, that of a narrower one there.
    fn asks(&self, finding: &Spoken) -> bool {
        let place = |address: &Name| {
            let same = (finding.rule.clone(), address.clone());
            self.asked.contains(&same)
                || is_broad(&finding.rule) && self.asked.iter().any(|(_, at)| at == address)
        };
        let named = |(rule, address): &(Name, Name)| {
            *rule == finding.rule && finding.message.contains(&**address)
        };
        self.gaps.contains_key(&finding.print)
            || finding.addresses.iter().any(place)
            || self.asked.iter().any(named)
    }

    /// What was found before, and is neither found nor asked here.
    pub(super) fn gone<'s>(&'s self, before: &'s Said) -> impl Iterator<Item = String> + 's {
        let gone = before.findings.iter().filter(|finding| {
            !self.knows(finding)
                && !self.asks(finding)
                && !finding.addresses.iter().any(|address| self.at(address))
        });
        gone.map(|finding| format!("GONE {}: {}", finding.rule, finding.message))
    }

    /// What is asked here and was not before.
    pub(super) fn lost<'s>(&'s self, before: &'s Said) -> impl Iterator<Item = String> + 's {
        let new = self
            .gaps
            .iter()
            .filter(|(print, _)| !before.gaps.contains_key(*print))
            .filter(|(_, text)| !text.split(':').next().is_some_and(asks_one_side));
        new.map(|(_, text)| format!("LOST {text}"))
    }

    /// What another value breaks that held before, and is neither found nor asked here.
    pub(super) fn held<'s>(
        &'s self,
        before: &'s Said,
        other: &'s Said,
    ) -> impl Iterator<Item = String> + 's {
        let broken = other
            .findings
            .iter()
            .filter(|finding| !before.knows(finding));
        let held = broken.filter(|finding| !self.knows(finding) && !self.asks(finding));
        held.map(|finding| format!("HELD {}: {}", finding.rule, finding.message))
    }
}

/// Whether a rule asks of all types: what a narrower rule asks of the same place is told instead.
fn is_broad(rule: &Name) -> bool {
    let broad = [
        "counterpart-missing",
        "attribute-differs",
        "reference-not-translated",
        "depends-on-primary",
    ];
    broad.contains(&&**rule)
}

/// Rules that ask one region alone, or how both differ: the same value on both sides does not answer them.
fn asks_one_side(rule: &str) -> bool {
    [
        "cidr-differs",
        "depends-on-primary",
        "environment-points-at-primary",
        "alarm-watches-primary",
    ]
    .contains(&rule)
}
