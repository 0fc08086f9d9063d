//! From verdicts to findings and gaps: severity, tier, places, values, fingerprints, consequences, order.

use std::collections::BTreeMap;

use super::{Options, Outcome, consequences, fingerprint, merge, place, settle, show};
use crate::mirror::{Mirror, steps};
use crate::rules::{self, Rule};
use crate::verdict::{
    Asked, Bound, Broken, Consequence, Finding, Gap, Severity, Side, Sink, Spot, Tally, Unsure,
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
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut gaps: Vec<Gap> = unsure
        .iter()
        .filter(|gap| !consequences::explained(gap, &broken, &unsure))
        .filter_map(|gap| Some(self::gap(mirror, options, rules.get(gap.asked.rule)?, gap)))
        .collect();
    gaps.sort_by(|a, b| gap_order(a).cmp(&gap_order(b)));
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

pub(crate) type Order<'a> = (
    std::cmp::Reverse<Severity>,
    crate::verdict::Family,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
);

/// The order of reports: worst first.
pub(crate) fn order(finding: &Finding) -> Order<'_> {
    (
        std::cmp::Reverse(finding.severity),
        finding.family,
        &finding.rule,
        finding.primary.address.as_deref().unwrap_or_default(),
        finding.secondary.address.as_deref().unwrap_or_default(),
        &finding.fingerprint,
    )
}

fn gap_order(gap: &Gap) -> Order<'_> {
    (
        std::cmp::Reverse(gap.severity),
        gap.family,
        &gap.rule,
        gap.primary.address.as_deref().unwrap_or_default(),
        gap.secondary.address.as_deref().unwrap_or_default(),
        &gap.fingerprint,
    )
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

/// Both sides, each with the place that tells it from the other.
fn sides(mirror: &Mirror<'_>, options: &Options, asked: &Asked) -> (Side, Side) {
    let mut primary = side(mirror, options, &asked.primary);
    let mut secondary = side(mirror, options, &asked.secondary);
    if asked.secondary.instance.is_none() && asked.secondary.absent.is_none() {
        let region = asked
            .region
            .clone()
            .or_else(|| mirror.roles.secondary.first().cloned());
        let at = region
            .as_ref()
            .and_then(|region| {
                mirror
                    .roles
                    .secondary
                    .iter()
                    .position(|other| other == region)
            })
            .unwrap_or(0);
        // A question about one instance alone has no place on the other side.
        let stray = asked
            .primary
            .instance
            .filter(|_| asked.primary.path.is_empty() && !asked.alone);
        if let Some(id) = stray {
            let (chain, place) = place::of_absence(mirror, id, at);
            secondary.chain = chain;
            secondary.place = place;
        }
        secondary.region = region;
    }
    if asked.primary.instance.is_none() && primary.region.is_none() {
        primary.region = Some(mirror.roles.primary.clone());
    }
    if let Some(place) = place::telling(&primary.chain, &secondary.chain) {
        primary.place = Some(place);
    }
    if asked.secondary.instance.is_some()
        && let Some(place) = place::telling(&secondary.chain, &primary.chain)
    {
        secondary.place = Some(place);
    }
    primary.chain.extend(asked.primary.beside.iter().cloned());
    secondary
        .chain
        .extend(asked.secondary.beside.iter().cloned());
    (primary, secondary)
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
    let value = spot.shown.clone().or_else(|| node.map(show::shown));
    let bound = node.map_or_else(Bound::default, |node| show::bound(node, options.keyed));
    let mut chain = place::chain(instance, &spot.path);
    if chain.is_empty() && spot.path.is_empty() {
        chain = instance
            .places
            .get("for_each")
            .or_else(|| instance.places.get("count"))
            .map(|links| links.to_vec())
            .unwrap_or_default();
    }
    Side {
        instance: Some(id),
        address: Some(instance.address.clone()),
        region: instance.region.value.clone(),
        path: spot.path.clone(),
        value,
        bound,
        source: instance.source.clone(),
        place: instance.source.clone(),
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
        fix: verdict.fix.clone(),
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
