//! Listener rules that only the secondary has, and that take requests from the rules that production has.

use crate::inventory::{Name, Node};
use crate::mirror::{End, InstanceId, Maybe, Meaning, Mirror, Outcome, Pair, list, number, text};
use crate::settings::glob;
use crate::verdict::{Asked, Severity, Sink, Spot};

const TYPE: &str = "aws_lb_listener_rule";
const RULE: &str = "balancer-differs";

/// What a rule matches: by host and path; and whether by anything else.
struct Matched {
    hosts: Vec<String>,
    paths: Vec<String>,
    more: bool,
}

/// How much of what one rule matches another one takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    Nothing,
    /// Perhaps, or under more conditions.
    Perhaps,
    /// Requests that it is known to match.
    Some,
}

pub(super) fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, listener) in mirror.pairs_of("aws_lb_listener") {
        let owned = mirror
            .graph
            .owned(listener, mirror.inventory, TYPE, "listener_arn");
        let (twins, alone): (Vec<_>, Vec<_>) = owned
            .into_iter()
            .partition(|id| mirror.pairing.pair_of(*id, None).is_some());
        for rule in alone {
            ask(mirror, (pair, listener), rule, &twins, sink);
        }
    }
}

fn ask(
    mirror: &Mirror<'_>,
    (pair, listener): (&Pair, InstanceId),
    rule: InstanceId,
    twins: &[InstanceId],
    sink: &mut Sink,
) {
    let name = &mirror.instance(rule).address;
    let region = mirror.roles.secondary[pair.secondary].clone();
    let asked = |of: Spot| {
        Asked::new(RULE, of, Spot::of(rule, "condition"))
            .keyed("requests taken")
            .in_region(region.clone())
            .severe(Severity::Breaks)
    };
    let read = taken(mirror, (pair, listener), rule, twins);
    let mut open = mirror.pairing.open(rule).to_vec();
    match read {
        Ok(None) => sink.holds(),
        Ok(Some((Taken::Some, loser, _))) if open.is_empty() && mirror.complete() => {
            let twin = mirror.counterpart(loser);
            let what = &mirror.instance(loser).address;
            sink.broken(
                asked(twin.map_or_else(Spot::missing, Spot::at))
                    .broken(format!(
                        "{name} is tried first and answers otherwise than {what}, and production has no such rule"
                    ))
                    .impact("Requests that production serves get another answer."),
            );
        }
        Ok(Some((_, loser, because))) => {
            open.extend(because);
            if open.is_empty() {
                open.push(format!("whether anybody asks for what {name} matches").into());
            }
            let twin = mirror.counterpart(loser);
            let asked = asked(twin.map_or_else(Spot::missing, Spot::at));
            let message =
                format!("whether {name} takes requests that production serves is not known");
            sink.unsure(asked.unsure(message, open));
        }
        Err(because) => {
            let message =
                format!("whether {name} takes requests that production serves is not known");
            sink.unsure(asked(Spot::at(pair.primary)).unsure(message, because));
        }
    }
}

/// How much is taken, from whom, and why it is not known whether it gets another answer.
type Worst = (Taken, InstanceId, Vec<Name>);

/// From which rule, or from the listener's default, requests are taken that get another answer.
fn taken(
    mirror: &Mirror<'_>,
    (pair, listener): (&Pair, InstanceId),
    rule: InstanceId,
    twins: &[InstanceId],
) -> Result<Option<Worst>, Vec<Name>> {
    let own = matched(mirror, rule)?;
    // Without a number AWS takes one after all others.
    let priority = |id| number(mirror.value(id, "priority")).or(f64::INFINITY);
    let own_priority = priority(rule)?;
    let end = mirror.end(pair.id);
    let answer = answer(mirror, rule, "action", end);
    let mut worst: Option<Worst> = None;
    let mut note = |taken: Taken, loser: InstanceId, path: &str| {
        let theirs = self::answer(mirror, loser, path, end);
        let (taken, because) = match differs(mirror, &theirs, &answer) {
            Outcome::Same => return,
            Outcome::Differs(_) => (taken, Vec::new()),
            Outcome::Unknown(because) => (taken.min(Taken::Perhaps), because),
        };
        if taken > Taken::Nothing && worst.as_ref().is_none_or(|(other, ..)| taken > *other) {
            worst = Some((taken, loser, because));
        }
    };
    let mut rest = Taken::Some;
    for twin in twins {
        let their = matched(mirror, *twin)?;
        let covered = within(&own, &their) && !their.more;
        let is_before = priority(*twin)? < own_priority;
        // What stands before it has served its requests already.
        if covered && is_before {
            return Ok(None);
        }
        if !is_before && own_priority.is_finite() {
            note(overlap(&own, &their), *twin, "action");
        }
        // What is within a rule of production never reaches the default.
        if covered {
            rest = Taken::Nothing;
        }
    }
    if rest > Taken::Nothing {
        let all = own
            .paths
            .iter()
            .chain(&own.hosts)
            .all(|pattern| is_all(pattern));
        match (all && !own.more, serves(mirror, listener)) {
            (true, _) => note(Taken::Some, listener, "default_action"),
            (false, true) => note(Taken::Perhaps, listener, "default_action"),
            (false, false) => {}
        }
    }
    Ok(worst)
}

/// Whether the default of a listener leads to targets.
fn serves(mirror: &Mirror<'_>, listener: InstanceId) -> bool {
    let ty = text(mirror.value(listener, "default_action[0].type"));
    !matches!(ty, Maybe::Known(ty) if matches!(ty.as_str(), "fixed-response" | "redirect"))
}

/// Whether two answers differ: what is not known in either proves nothing.
fn differs(mirror: &Mirror<'_>, one: &Meaning, other: &Meaning) -> Outcome {
    let outcome = mirror.compare_meanings(one, other);
    let mut open = one.open();
    open.extend(other.open());
    if outcome.is_different() && !open.is_empty() {
        return Outcome::Unknown(open);
    }
    outcome
}

/// What is done with a request, in either form of a forward.
fn answer(mirror: &Mirror<'_>, id: InstanceId, path: &str, end: End) -> Meaning {
    let root = mirror.instance(id).root.as_ref();
    let actions = match list(mirror.value(id, path)) {
        Maybe::Known(actions) => actions,
        Maybe::Unset => &[],
        Maybe::Unknown(because) => return Meaning::Unknown(because),
    };
    let one = |at: usize, action: &Node| {
        let group = format!("{path}[{at}].forward[0].target_group");
        let group = match list(mirror.value(id, &group)) {
            Maybe::Known([only]) => crate::views::elements::entry(only, "arn"),
            _ => None,
        };
        let group = crate::views::elements::entry(action, "target_group_arn").or(group);
        if let Some(group) = group {
            return mirror.meaning(Some(group), end, root);
        }
        let mut meaning = mirror.meaning(Some(action), end, root);
        if let Meaning::Map(parts) = &mut meaning {
            parts.remove("order");
        }
        meaning
    };
    let all = actions.iter().enumerate();
    Meaning::List(all.map(|(at, action)| one(at, action)).collect())
}

fn matched(mirror: &Mirror<'_>, rule: InstanceId) -> Result<Matched, Vec<Name>> {
    let mut found = Matched {
        hosts: Vec::new(),
        paths: Vec::new(),
        more: false,
    };
    let conditions = match list(mirror.value(rule, "condition")) {
        Maybe::Known(conditions) => conditions.len(),
        Maybe::Unset => 0,
        Maybe::Unknown(because) => return Err(because),
    };
    for at in 0..conditions {
        for (kind, into) in [
            ("host_header", &mut found.hosts),
            ("path_pattern", &mut found.paths),
        ] {
            match list(mirror.value(rule, &format!("condition[{at}].{kind}[0].values"))) {
                Maybe::Known(values) => {
                    for value in values {
                        match text(Some(value)) {
                            Maybe::Known(text) => into.push(text),
                            Maybe::Unset => {}
                            Maybe::Unknown(because) => return Err(because),
                        }
                    }
                }
                Maybe::Unset => {}
                Maybe::Unknown(because) => return Err(because),
            }
        }
        for kind in [
            "http_header",
            "http_request_method",
            "query_string",
            "source_ip",
        ] {
            let block = mirror.value(rule, &format!("condition[{at}].{kind}"));
            found.more |= block.is_some_and(|block| !block.is_empty());
        }
    }
    for patterns in [&mut found.hosts, &mut found.paths] {
        if patterns.is_empty() {
            patterns.push("*".into());
        }
    }
    Ok(found)
}

fn is_all(pattern: &str) -> bool {
    matches!(pattern, "*" | "/*")
}

/// Whether all that a rule matches by host and path another one matches too.
fn within(inner: &Matched, outer: &Matched) -> bool {
    let covered = |inner: &[String], outer: &[String]| {
        inner
            .iter()
            .all(|one| outer.iter().any(|other| is_all(other) || glob(other, one)))
    };
    covered(&inner.hosts, &outer.hosts) && covered(&inner.paths, &outer.paths)
}

/// How much of what one rule matches another one, which is tried first, takes.
fn overlap(first: &Matched, then: &Matched) -> Taken {
    let between = |first: &[String], then: &[String]| {
        let pairs = first
            .iter()
            .flat_map(|one| then.iter().map(move |other| patterns(one, other)));
        pairs.max().unwrap_or(Taken::Nothing)
    };
    let taken = between(&first.hosts, &then.hosts).min(between(&first.paths, &then.paths));
    if first.more || then.more {
        taken.min(Taken::Perhaps)
    } else {
        taken
    }
}

/// Whether two patterns match a request both: one within the other, or not, or perhaps.
fn patterns(one: &str, other: &str) -> Taken {
    if is_all(one) || is_all(other) || glob(one, other) || glob(other, one) {
        return Taken::Some;
    }
    let literal = |pattern: &str| {
        let end = pattern.find(['*', '?']).unwrap_or(pattern.len());
        pattern.get(..end).unwrap_or_default().to_owned()
    };
    let (a, b) = (literal(one), literal(other));
    let wild = |pattern: &str| pattern.contains(['*', '?']);
    let apart = !(a.starts_with(&b) || b.starts_with(&a)) || !wild(one) && !wild(other);
    if apart {
        Taken::Nothing
    } else {
        Taken::Perhaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_within_each_other_apart_or_perhaps_not() {
        assert_eq!(patterns("/*", "/api/*"), Taken::Some);
        assert_eq!(patterns("/api/uploads/*", "/api/*"), Taken::Some);
        assert_eq!(patterns("/assets/*", "/api/*"), Taken::Nothing);
        assert_eq!(patterns("/a", "/b"), Taken::Nothing);
        assert_eq!(patterns("/api/*/edit", "/api/x*"), Taken::Perhaps);
    }
}
