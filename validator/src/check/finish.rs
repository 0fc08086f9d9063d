//! From verdicts to findings and gaps: severity, tier, places, values, fingerprints, consequences, order.

use std::collections::BTreeMap;

use super::{
    Options, Outcome, consequences, fingerprint, merge, order, place, remedy, settle, show,
};
use crate::inventory::Link;
use crate::mirror::{Mirror, steps};
use crate::rules::{self, Rule};
use crate::source::Location;
use crate::verdict::{
    Asked, Bound, Broken, Consequence, Finding, Gap, Severity, Side, Sink, Spot, Tally, Unsure,
    Written,
};

/// Leaves out verdicts of rules that are not asked for an instance's strategy.
pub(super) fn counted(mirror: &Mirror<'_>, options: &Options, mut sink: Sink) -> Sink {
    let rules: BTreeMap<&str, &Rule> = rules::all().map(|rule| (rule.name, rule)).collect();
    let counts = |asked: &Asked| {
        rules.get(asked.rule).is_some_and(|rule| {
            let id = asked.primary.instance.or(asked.secondary.instance);
            options.wants(rule) && id.is_none_or(|id| rule.on.contains(mirror.strategy(id)))
        })
    };
    sink.broken.retain(|verdict| counts(&verdict.asked));
    sink.unsure.retain(|verdict| counts(&verdict.asked));
    sink
}

/// Makes findings and gaps of all verdicts.
pub(super) fn finish(mirror: &Mirror<'_>, options: &Options, sink: Sink) -> Outcome {
    let rules: BTreeMap<&str, &Rule> = rules::all().map(|rule| (rule.name, rule)).collect();
    let Sink {
        broken,
        unsure,
        mut held,
        ..
    } = counted(mirror, options, sink);
    let causes = consequences::causes(mirror, &broken);
    let mut followers: BTreeMap<usize, Vec<Consequence>> = BTreeMap::new();
    for (at, cause) in causes.iter().enumerate() {
        if let Some(cause) = cause {
            // The same thing said by a broader rule adds nothing.
            let again = broken[at].asked.row && broken[at].asked.rule == broken[*cause].asked.rule;
            if !again && !same_thing(&broken[at], &broken[*cause]) {
                followers
                    .entry(*cause)
                    .or_default()
                    .push(consequence(mirror, &broken[at]));
            }
        }
    }
    let mut findings = Vec::new();
    for (at, verdict) in broken.iter().enumerate() {
        let (None, Some(rule)) = (causes[at], rules.get(verdict.asked.rule)) else {
            continue;
        };
        let mut finding = finding(mirror, options, rule, verdict);
        finding.consequences = followers.remove(&at).unwrap_or_default();
        finding
            .consequences
            .sort_by(|a, b| (&a.address, &a.rule).cmp(&(&b.address, &b.rule)));
        finding.consequences.dedup();
        findings.push(finding);
    }
    let mut findings = merge::merge(findings);
    findings.sort_by(|a, b| order::order(a).cmp(&order::order(b)));
    let mut gaps: Vec<Gap> = unsure
        .iter()
        .filter(|gap| !consequences::explained(gap, &broken, &unsure))
        .filter_map(|gap| Some(self::gap(mirror, options, rules.get(gap.asked.rule)?, gap)))
        .collect();
    gaps.sort_by(|a, b| order::of_gap(a).cmp(&order::of_gap(b)));
    gaps.dedup_by(|a, b| a.fingerprint == b.fingerprint);
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    held.retain(|name, _| rules.get(name).is_some_and(|rule| options.wants(rule)));
    let tally = Tally {
        holds: held.values().sum(),
        broken: count(findings.len()),
        undecided: count(gaps.len()),
    };
    Outcome {
        findings,
        gaps,
        tally,
        held,
    }
}

/// Whether two verdicts speak of the same missing instance.
fn same_thing(one: &Broken, other: &Broken) -> bool {
    let missing = |asked: &Asked| asked.secondary.instance.is_none() && !asked.alone;
    missing(&one.asked) && missing(&other.asked) && one.asked.primary == other.asked.primary
}

fn consequence(mirror: &Mirror<'_>, verdict: &Broken) -> Consequence {
    let asked = &verdict.asked;
    let about = asked.secondary.instance.or(asked.primary.instance);
    Consequence {
        rule: asked.rule.into(),
        address: about
            .map(|id| mirror.instance(id).address.clone())
            .unwrap_or_default(),
        message: verdict.message.clone(),
        fingerprint: print(mirror, asked),
    }
}

fn print(mirror: &Mirror<'_>, asked: &Asked) -> crate::inventory::Name {
    let address = |spot: &Spot| match (spot.instance, &spot.absent) {
        (Some(id), _) => Some(mirror.instance(id).address.clone()),
        (None, absent) => absent.as_ref().map(|absent| absent.address.clone()),
    };
    let primary = address(&asked.primary).unwrap_or_default();
    let secondary = address(&asked.secondary)
        .or_else(|| asked.region.clone())
        .unwrap_or_default();
    fingerprint::fingerprint(
        asked.rule,
        asked.sub.as_deref(),
        &primary,
        &secondary,
        &asked.key,
    )
}

fn severity(mirror: &Mirror<'_>, rule: &Rule, asked: &Asked) -> Severity {
    let told = mirror
        .settings
        .rules
        .get(rule.name)
        .and_then(|told| told.severity);
    told.or(asked.severity).unwrap_or(rule.severity)
}

/// Which of the secondary regions a question is about.
fn region_at(mirror: &Mirror<'_>, asked: &Asked) -> usize {
    let named = asked.region.as_ref().and_then(|region| {
        let mut all = mirror.roles.secondary.iter();
        all.position(|other| other == region)
    });
    named.unwrap_or(0)
}

/// Both sides, each with the place that tells it from the other.
fn sides(mirror: &Mirror<'_>, options: &Options, asked: &Asked) -> (Side, Side) {
    let mut primary = side(mirror, options, &asked.primary);
    let mut secondary = side(mirror, options, &asked.secondary);
    let missing = asked.secondary.instance.is_none() && asked.secondary.absent.is_none();
    if missing {
        secondary.region = asked
            .region
            .clone()
            .or_else(|| mirror.roles.secondary.first().cloned());
    }
    // A question about one instance alone has no place on the other side.
    let stray = asked
        .primary
        .instance
        .filter(|_| missing && asked.primary.path.is_empty() && !asked.alone);
    let lacking = match asked.secondary.written {
        Some(Written::Lacks(id)) => Some(id),
        _ => stray,
    };
    if let Some(id) = lacking {
        let (chain, place) = place::of_absence(mirror, id, region_at(mirror, asked));
        if place.is_some() || missing {
            (secondary.chain, secondary.place) = (chain, place);
        }
    }
    if asked.primary.instance.is_none() && primary.region.is_none() {
        primary.region = Some(mirror.roles.primary.clone());
    }
    place(mirror, asked, &mut primary, &mut secondary);
    primary.chain.extend(asked.primary.beside.iter().cloned());
    secondary
        .chain
        .extend(asked.secondary.beside.iter().cloned());
    (primary, secondary)
}

/// Gives both sides the places at which they part.
fn place(mirror: &Mirror<'_>, asked: &Asked, primary: &mut Side, secondary: &mut Side) {
    let first = |links: &[Link]| links.first().map(|link| link.location.clone());
    let spots = (&asked.primary, &asked.secondary);
    let elsewhere = (spots.0.written.is_some(), spots.1.written.is_some());
    let (one, two) = if elsewhere.0 == elsewhere.1 {
        (primary.chain.clone(), secondary.chain.clone())
    } else {
        // What is written elsewhere for one side alone is no twin of the other one's place.
        (own_chain(mirror, spots.0), own_chain(mirror, spots.1))
    };
    let mut found = (place::parting(&one, &two), place::parting(&two, &one));
    // A block says where it stands; what differs in it stands further in.
    if let (Some(id), Some(other)) = (spots.0.instance, spots.1.instance)
        && elsewhere == (false, false)
        && (found == (None, None) || one.is_empty() || two.is_empty())
    {
        let one = place::inside(mirror.instance(id), &spots.0.path);
        let two = place::inside(mirror.instance(other), &spots.1.path);
        let within = (place::parting(&one, &two), place::parting(&two, &one));
        if within.0.is_some() && within.1.is_some() {
            found = within;
        }
    }
    let shown = |own: Option<Location>, alone: bool, chain: &[Link]| match own {
        Some(place) if !alone => Some(place),
        _ => first(chain),
    };
    let alone = elsewhere.0 != elsewhere.1;
    if let Some(place) = shown(found.0, alone && elsewhere.0, &primary.chain) {
        primary.place = Some(place);
    }
    let there = spots.1.instance.is_some() || elsewhere.1;
    if there && let Some(place) = shown(found.1, alone && elsewhere.1, &secondary.chain) {
        secondary.place = Some(place);
    }
}

/// The chain of a spot itself.
fn own_chain(mirror: &Mirror<'_>, spot: &Spot) -> Vec<Link> {
    let Some(id) = spot.instance else {
        return Vec::new();
    };
    let instance = mirror.instance(id);
    let chain = place::chain(instance, &spot.path);
    if chain.is_empty() && spot.path.is_empty() {
        return place::expansion(instance).map_or_else(Vec::new, |links| links.to_vec());
    }
    chain
}

fn side(mirror: &Mirror<'_>, options: &Options, spot: &Spot) -> Side {
    let Some(id) = spot.instance else {
        let absent = spot.absent.as_deref().cloned().unwrap_or_default();
        return Side {
            address: spot.absent.is_some().then_some(absent.address),
            region: absent.region,
            path: spot.path.clone(),
            value: spot.shown.clone(),
            source: absent.source.clone(),
            place: absent.source,
            ..Side::default()
        };
    };
    let instance = mirror.instance(id);
    let node = steps(instance, &spot.path).filter(|_| spot.shown.is_none());
    let value = spot.shown.clone().or_else(|| {
        node.map(|node| match spot.focus {
            Some(name) => show::shown_from(node, name),
            None => show::shown(node),
        })
    });
    let bound = node.map_or_else(Bound::default, |node| show::bound(node, options.keyed));
    let (written, path) = match &spot.written {
        Some(Written::At(id, path)) => (mirror.instance(*id), path),
        Some(Written::Lacks(id)) if spot.instance.is_some() => (mirror.instance(*id), &spot.path),
        _ => (instance, &spot.path),
    };
    let mut chain = place::chain(written, path);
    if chain.is_empty() && path.is_empty() {
        chain = place::expansion(written).map_or_else(Vec::new, |links| links.to_vec());
    }
    Side {
        instance: Some(id),
        address: Some(instance.address.clone()),
        region: instance.region.value.clone(),
        path: spot.path.clone(),
        value,
        bound,
        source: instance.source.clone(),
        place: written.source.clone(),
        chain,
    }
}

/// The module that a verdict is about something of.
fn module(mirror: &Mirror<'_>, asked: &Asked) -> crate::inventory::Name {
    if let Some(id) = asked.primary.instance.or(asked.secondary.instance) {
        return mirror.instance(id).module.clone();
    }
    let absent = asked
        .primary
        .absent
        .as_ref()
        .or(asked.secondary.absent.as_ref());
    let parts = absent.map(|absent| crate::documents::address::parts(&absent.address));
    let parts = parts.unwrap_or_default();
    parts[..parts.len().saturating_sub(2)].join(".").into()
}

fn finding(mirror: &Mirror<'_>, options: &Options, rule: &Rule, verdict: &Broken) -> Finding {
    let asked = &verdict.asked;
    let (primary, secondary) = sides(mirror, options, asked);
    let id = asked.primary.instance.or(asked.secondary.instance);
    Finding {
        rule: rule.name.into(),
        sub: asked.sub.clone(),
        family: rule.family,
        severity: severity(mirror, rule, asked),
        tier: id
            .and_then(|id| mirror.tier(id))
            .map(|tier| tier.name.clone()),
        module: module(mirror, asked),
        primary,
        secondary,
        message: verdict.message.clone(),
        impact: verdict
            .impact
            .clone()
            .unwrap_or_else(|| rule.impact.to_owned()),
        fix: remedy::of(mirror, rule, verdict),
        instances: Vec::new(),
        members: Vec::new(),
        key: asked.key.clone(),
        consequences: Vec::new(),
        fingerprint: print(mirror, asked),
        accepted: None,
        in_baseline: false,
    }
}

fn gap(mirror: &Mirror<'_>, options: &Options, rule: &Rule, verdict: &Unsure) -> Gap {
    let asked = &verdict.asked;
    let (primary, secondary) = sides(mirror, options, asked);
    let id = asked.primary.instance.or(asked.secondary.instance);
    Gap {
        rule: rule.name.into(),
        sub: asked.sub.clone(),
        family: rule.family,
        severity: severity(mirror, rule, asked),
        tier: id
            .and_then(|id| mirror.tier(id))
            .map(|tier| tier.name.clone()),
        primary,
        secondary,
        message: verdict.message.clone(),
        because: verdict.because.clone(),
        settle: verdict
            .settle
            .clone()
            .unwrap_or_else(|| settle::settle(mirror.inventory, &verdict.because)),
        fingerprint: print(mirror, asked),
    }
}
