//! Entries that are expired, or that mean nothing any more, as findings.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::apply::is_expired;
use super::fit::Entry;
use crate::check::{self, Options};
use crate::inventory::{Mode, Name, Scope};
use crate::mirror::{Evidence, Mirror, without_own_key};
use crate::rules::{self, Rule};
use crate::settings::{matches, nearest};
use crate::source::Location;
use crate::verdict::{Family, Finding, Fix, Gap, Side};

/// What an entry met.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// A finding that it accepts, or would if it were not expired.
    pub(super) used: bool,
    /// Why it does not accept a finding that it is nearly about.
    pub(super) near: Option<String>,
}

/// What is told of one entry.
struct About<'a> {
    rule: &'static str,
    name: &'a str,
    key: String,
    address: Option<Name>,
    place: Option<&'a Location>,
    message: String,
    fix: String,
}

/// What is told of all entries.
#[derive(Default)]
pub(super) struct Told {
    /// Findings of the family of exceptions.
    pub(super) findings: Vec<Finding>,
    /// Entries that mean what they say, by rule.
    pub(super) held: BTreeMap<&'static str, u64>,
}

impl Told {
    /// An entry means what it says, where the rule is asked.
    fn holds(&mut self, options: &Options, rule: &'static str) {
        if rules::find(rule).is_some_and(|rule| options.wants(rule)) {
            *self.held.entry(rule).or_default() += 1;
        }
    }
}

/// A finding of the family of exceptions, where its rule is asked.
fn finding(mirror: &Mirror<'_>, options: &Options, about: About<'_>) -> Option<Finding> {
    let rule: &Rule = rules::find(about.rule).filter(|rule| options.wants(rule))?;
    let told = mirror.settings.rules.get(rule.name);
    Some(Finding {
        rule: rule.name.into(),
        sub: None,
        family: Family::Exceptions,
        severity: told.and_then(|told| told.severity).unwrap_or(rule.severity),
        tier: None,
        module: "".into(),
        primary: Side {
            address: about.address,
            place: about.place.cloned(),
            ..Side::default()
        },
        secondary: Side::default(),
        message: about.message,
        impact: rule.impact.to_owned(),
        fix: Some(Fix {
            text: about.fix,
            edit: None,
        }),
        instances: Vec::new(),
        members: Vec::new(),
        consequences: Vec::new(),
        fingerprint: check::fingerprint(rule.name, None, about.name, "", &about.key),
        key: about.key,
        accepted: None,
        in_baseline: false,
    })
}

/// Findings about entries that accept findings.
pub(super) fn about_accepts(
    mirror: &Mirror<'_>,
    options: &Options,
    entries: &[Entry],
    seen: &[Seen],
    found: (&[Finding], &[Gap]),
    today: Date,
) -> Told {
    let mut told = Told::default();
    for (entry, seen) in entries.iter().zip(seen) {
        let accept = &entry.accept;
        let asked = rules::find(&accept.rule).is_some_and(|rule| options.wants(rule));
        let from_comment = entry.line.is_some();
        let shown = if from_comment {
            format!("the comment at {}", accept.name)
        } else {
            format!("accept {:?}", accept.name)
        };
        // A fingerprint never hangs on lines.
        let name = if from_comment { "" } else { &*accept.name };
        let value = entry.line.as_ref().and_then(|line| line.value.as_deref());
        let key = format!("{} {}", accept.rule, value.unwrap_or_default());
        let about = |rule, message, fix: &str| About {
            rule,
            name,
            key: key.clone(),
            address: (!from_comment).then(|| accept.pair.clone()),
            place: accept.place.as_ref(),
            message,
            fix: fix.to_owned(),
        };
        if seen.used && is_expired(entry, today) {
            let message = format!(
                "{shown} ended on {}: {} counts again",
                accept.expires, accept.rule
            );
            let fix = format!(
                "Repair what it accepted, or let {} decide on a new day.",
                accept.owner
            );
            let about = about("accept-expired", message, &fix);
            told.findings.extend(finding(mirror, options, about));
        } else if seen.used {
            told.holds(options, "accept-expired");
            told.holds(options, "accept-unused");
        } else if asked && !is_open(mirror, entry, found) {
            let why = seen.near.clone().unwrap_or_else(|| nothing(mirror, entry));
            let message = format!("{shown} accepts nothing: {why}");
            let fix = if seen.near.is_some() {
                "Decide anew: change the entry, or remove it."
            } else {
                "Remove it."
            };
            let about = about("accept-unused", message, fix);
            told.findings.extend(finding(mirror, options, about));
        }
    }
    told
}

/// Why an entry meets no finding at all.
fn nothing(mirror: &Mirror<'_>, entry: &Entry) -> String {
    let rule = &entry.accept.rule;
    if entry.line.is_some() {
        return format!("there is no finding of {rule} on its line");
    }
    let pair = &entry.accept.pair;
    let there = mirror
        .inventory
        .instances
        .iter()
        .any(|instance| entry.names(Some(&instance.address)));
    if there {
        return format!("there is no finding of {rule} about {pair}");
    }
    format!("there is no instance {pair}{}", near(mirror, pair))
}

fn near(mirror: &Mirror<'_>, address: &str) -> String {
    let all = mirror
        .inventory
        .instances
        .iter()
        .map(|instance| &*instance.address);
    nearest(address, all)
        .map(|near| format!("; did you mean {near}?"))
        .unwrap_or_default()
}

/// Whether it cannot be told that an entry accepts nothing: the question is undecided, it follows from another finding, or
/// not all was read.
fn is_open(mirror: &Mirror<'_>, entry: &Entry, (findings, gaps): (&[Finding], &[Gap])) -> bool {
    let rule = &entry.accept.rule;
    // A consequence is told of one side; the entry may name the other one.
    let names = |address: &Name| {
        entry.names(Some(address))
            || mirror
                .instances()
                .filter(|(_, instance)| instance.address == *address)
                .filter_map(|(id, _)| mirror.counterpart(id))
                .any(|twin| entry.names(Some(&mirror.instance(twin).address)))
    };
    let follows = findings
        .iter()
        .flat_map(|finding| &finding.consequences)
        .any(|consequence| {
            consequence.rule == *rule && (entry.line.is_some() || names(&consequence.address))
        });
    let undecided = gaps.iter().any(|gap| {
        gap.rule == *rule
            && (entry.line.is_some()
                || entry.names(gap.primary.address.as_deref())
                || entry.names(gap.secondary.address.as_deref()))
    });
    follows || undecided || !mirror.complete()
}

/// Findings about `single`, `pair` and `use` entries.
pub(super) fn about_the_rest(mirror: &Mirror<'_>, options: &Options, told: &mut Told) {
    if mirror.complete() {
        singles(mirror, options, told);
        uses(mirror, options, told);
    }
    pairs(mirror, options, told);
}

fn singles(mirror: &Mirror<'_>, options: &Options, told: &mut Told) {
    for single in &mirror.settings.singles {
        let mut named = mirror
            .instances()
            .filter(|(_, instance)| matches(&single.address, &instance.address, &instance.ty))
            .peekable();
        let why = if named.peek().is_none() {
            format!(
                "there is no instance {}{}",
                single.address,
                near(mirror, &single.address)
            )
        } else {
            // What is global or only read is never asked for a counterpart, but other rules look here.
            let paired = named.all(|(id, instance)| {
                instance.mode == Mode::Managed
                    && instance.scope == Scope::Regional
                    && mirror.pairing.pair_of(id, None).is_some()
            });
            if !paired {
                told.holds(options, "single-unused");
                continue;
            }
            "it has a counterpart".to_owned()
        };
        told.findings.extend(finding(
            mirror,
            options,
            About {
                rule: "single-unused",
                name: &single.address,
                key: String::new(),
                address: Some(single.address.clone()),
                place: single.place.as_ref(),
                message: format!("single {:?} means nothing: {why}", single.address),
                fix: "Remove it.".into(),
            },
        ));
    }
}

fn uses(mirror: &Mirror<'_>, options: &Options, told: &mut Told) {
    for entry in &mirror.settings.uses {
        let address = &entry.address;
        if mirror
            .instances()
            .any(|(_, instance)| matches(address, &instance.address, &instance.ty))
        {
            told.holds(options, "use-unused");
            continue;
        }
        let about = About {
            rule: "use-unused",
            name: address,
            key: String::new(),
            address: Some(address.clone()),
            place: entry.place.as_ref(),
            message: format!(
                "use {address:?} means nothing: there is no instance {address}{}",
                near(mirror, address)
            ),
            fix: "Remove it.".into(),
        };
        told.findings.extend(finding(mirror, options, about));
    }
}

fn pairs(mirror: &Mirror<'_>, options: &Options, told: &mut Told) {
    for pair in &mirror.settings.pairs {
        let counts = mirror.pairs().iter().any(|found| {
            found.evidence.contains(&Evidence::Told)
                && mirror.instance(found.primary).address == pair.primary
                && mirror.instance(found.holder()).address == pair.secondary
        });
        let why = if counts {
            None
        } else {
            wrong(mirror, &pair.primary, "primary")
                .or_else(|| wrong(mirror, &pair.secondary, "secondary"))
                .or_else(|| Some("one of them is named by another pair".into()))
        };
        if why.is_none() {
            told.holds(options, "pair-unknown");
        }
        let Some(why) = why.filter(|why| mirror.complete() || !why.starts_with("there is no"))
        else {
            continue;
        };
        told.findings.extend(finding(
            mirror,
            options,
            About {
                rule: "pair-unknown",
                name: &pair.primary,
                key: pair.secondary.to_string(),
                address: Some(pair.primary.clone()),
                place: pair.place.as_ref(),
                message: format!(
                    "pair {:?} and {:?} does not count: {why}",
                    pair.primary, pair.secondary
                ),
                fix: "Name one instance of each region, with its key.".into(),
            },
        ));
    }
}

/// Why an address cannot be that side of a pair.
fn wrong(mirror: &Mirror<'_>, address: &Name, side: &str) -> Option<String> {
    let mut found = mirror
        .inventory
        .instances
        .iter()
        .filter(|instance| instance.address == *address)
        .peekable();
    if found.peek().is_none() {
        let keyed = mirror
            .inventory
            .instances
            .iter()
            .find(|instance| without_own_key(&instance.address) == &**address);
        return Some(match keyed {
            Some(instance) => format!("{address} needs a key, as in {}", instance.address),
            None => format!("there is no instance {address}{}", near(mirror, address)),
        });
    }
    let fits = |region: &Name| {
        if side == "primary" {
            *region == mirror.roles.primary
        } else {
            mirror.roles.secondary.contains(region)
        }
    };
    let mut regions = found.map(|instance| &instance.region.value);
    if regions
        .clone()
        .any(|region| region.as_ref().is_some_and(fits))
    {
        return None;
    }
    let region = regions.next().and_then(|region| region.as_deref());
    Some(match region {
        Some(region) => format!("{address} stands in {region}, which is not the {side} region"),
        None => format!("the region of {address} is not known"),
    })
}
