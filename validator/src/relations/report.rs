//! Says what came out of a row: under which rule, in which words, and what to do.

use super::blocks::Aligned;
use super::{Must, Row};
use crate::inventory::{Name, Node, Path};
use crate::mirror::{End, InstanceId, Meaning, Mirror, Outcome, Pair};
use crate::rules::{self, Check};
use crate::symbol::PathStep;
use crate::verdict::{Asked, Broken, Edit, Severity, Sink, Spot};

/// The rule under which rows are reported that name none of the table's.
pub(super) const GENERIC: &str = "attribute-differs";

/// The rule of references that lead to the wrong instance.
const REFERENCE: &str = "reference-not-translated";

/// Whether a rule of the list judges the row by itself.
pub(super) fn is_judged(row: &Row) -> bool {
    row.rules
        .iter()
        .filter_map(|name| rules::find(name))
        .any(|rule| !matches!(rule.check, Check::Table))
}

/// Where a row was asked, and of what.
pub(super) struct Place<'p, 'a> {
    pub mirror: &'p Mirror<'a>,
    pub pair: &'p Pair,
    /// The instance that the secondary side is declared in.
    pub holder: InstanceId,
    pub at: &'p Path,
    pub at_s: &'p Path,
    pub values: (Option<&'p Node>, Option<&'p Node>),
    /// The element of a document.
    pub element: Option<Name>,
}

impl Place<'_, '_> {
    fn address(&self) -> &str {
        &self.mirror.instance(self.holder).address
    }

    /// Whether the secondary's value leads to instances: of a set to one that is not the counterpart of any of the primary's.
    fn leads_elsewhere(&self, must: Must) -> bool {
        let root = self.mirror.instance(self.holder).root.as_ref();
        let end = self.mirror.end(self.pair.id);
        let other = self.mirror.meaning(self.values.1, end, root);
        if must != Must::SameSet {
            return other.is_reference();
        }
        let root = self.mirror.instance(self.pair.primary).root.as_ref();
        let one = self.mirror.meaning(self.values.0, End::Primary, root);
        match (&one, &other) {
            (
                Meaning::List(one) | Meaning::Set(one),
                Meaning::List(other) | Meaning::Set(other),
            ) => {
                other.iter().any(|part| !one.contains(part))
                    && other.iter().all(Meaning::is_reference)
            }
            _ => false,
        }
    }

    /// Whether the secondary's value names instances, and nothing else.
    fn is_reference(&self) -> bool {
        let root = self.mirror.instance(self.holder).root.as_ref();
        let end = self.mirror.end(self.pair.id);
        self.mirror.meaning(self.values.1, end, root).is_reference()
    }
}

/// The rule that reports a row.
pub(super) fn rule_of(row: &Row) -> Option<&'static str> {
    row.rules
        .iter()
        .filter_map(|name| rules::find(name))
        .find(|rule| !matches!(rule.check, Check::Elsewhere))
        .map(|rule| rule.name)
}

/// The rule that a row holds for.
fn held_by(place: &Place<'_, '_>, row: &Row, must: Must) -> &'static str {
    rule_of(row).unwrap_or_else(|| {
        if matches!(must, Must::Translated | Must::SameSet) && place.is_reference() {
            REFERENCE
        } else {
            GENERIC
        }
    })
}

/// Puts the verdict of a row into the sink.
pub(super) fn say(
    place: &Place<'_, '_>,
    row: &Row,
    must: Must,
    severity: Option<Severity>,
    verdict: Outcome,
    sink: &mut Sink,
) {
    if let Some(rows) = &mut sink.rows {
        rows.push(super::Answer {
            pair: place.pair.id,
            path: key(place, row),
            primary: place.at.clone(),
            secondary: place.at_s.clone(),
            outcome: verdict.clone(),
        });
    }
    if must == Must::Special {
        return special(place, row, verdict, sink);
    }
    if verdict.is_same() {
        return sink.holds_for(held_by(place, row, must));
    }
    let reference = verdict.is_different()
        && matches!(must, Must::Translated | Must::SameSet)
        && place.leads_elsewhere(must);
    // A group that is the wrong one is not yet the default one.
    let rule = rule_of(row).filter(|rule| !(reference && *rule == "default-group-used"));
    let rule = rule.unwrap_or(if reference { REFERENCE } else { GENERIC });
    let asked = asked(place, row, rule, severity);
    let (path, name) = (key(place, row), place.address());
    match verdict {
        Outcome::Same => {}
        Outcome::Differs(_) if must == Must::Ask => sink.unsure(
            asked
                .unsure(
                    format!(
                        "{path} of {name} is not the primary's, which may be meant. {}",
                        row.why
                    ),
                    vec!["whether the difference is meant".into()],
                )
                .settle(settle(place, row)),
        ),
        Outcome::Differs(difference) => {
            let message = message(place, row, must, reference);
            let broken = asked.broken(message).impact(row.why);
            let broken = fixed(place, must, broken);
            let follows = if difference.only_strays {
                difference.strays
            } else {
                Vec::new()
            };
            sink.broken(broken.follows(follows));
        }
        Outcome::Unknown(because) => {
            let message = format!(
                "whether {path} of {name} agrees with the primary's hangs on {}",
                few(&because)
            );
            sink.unsure(asked.unsure(message, because));
        }
    }
}

/// The first of several reasons.
fn few(because: &[Name]) -> String {
    let mut text = because
        .iter()
        .take(3)
        .map(|reason| &**reason)
        .collect::<Vec<_>>()
        .join(", ");
    if because.len() > 3 {
        let more = format!(" and {} more", because.len() - 3);
        text.push_str(&more);
    }
    text
}

fn asked(
    place: &Place<'_, '_>,
    row: &Row,
    rule: &'static str,
    severity: Option<Severity>,
) -> Asked {
    let ty = &place.mirror.instance(place.holder).ty;
    let generic = rule == GENERIC || rule == REFERENCE;
    Asked {
        sub: generic.then(|| format!("{ty}.{}", row.path).into()),
        severity: Some(severity.unwrap_or(row.severity)),
        row: true,
        ..Asked::new(
            rule,
            Spot::steps(place.pair.primary, place.at),
            Spot::steps(place.holder, place.at_s),
        )
    }
    .keyed(key(place, row))
}

/// What a question hangs on besides the pair: the path, in documents with the element and the part of it.
fn key(place: &Place<'_, '_>, row: &Row) -> String {
    match (row.inside, &place.element) {
        (Some(inside), Some(element)) => format!("{} {element}.{inside}", row.path),
        _ => row.path.to_string(),
    }
}

/// A row that a rule of its own judges: where no rule does, a difference is a question.
fn special(place: &Place<'_, '_>, row: &Row, verdict: Outcome, sink: &mut Sink) {
    if is_judged(row) {
        return;
    }
    match verdict {
        Outcome::Same => sink.holds_for(GENERIC),
        Outcome::Differs(_) => sink.unsure(
            asked(place, row, GENERIC, None)
                .unsure(
                    format!(
                        "{} of {} is not the primary's. {}",
                        row.path,
                        place.address(),
                        row.why
                    ),
                    vec!["whether the difference matters".into()],
                )
                .settle(settle(place, row)),
        ),
        Outcome::Unknown(_) => {}
    }
}

fn settle(place: &Place<'_, '_>, row: &Row) -> String {
    format!(
        "Say it in dr.hcl: relation \"{}\" \"{}\" {{ must = \"equal\" }}, or \"ignored\".",
        place.mirror.instance(place.holder).ty,
        row.path
    )
}

fn message(place: &Place<'_, '_>, row: &Row, must: Must, reference: bool) -> String {
    let expectation = match must {
        Must::AtLeast if row.lower => "is above the primary's",
        Must::AtLeast => "is below the primary's",
        Must::ReachableAtLeast => "cannot reach the primary's",
        Must::NotWeaker => "is weaker than the primary's",
        Must::SameSet => "lacks elements of the primary's",
        Must::AsMany => "has fewer elements than the primary's",
        Must::Present => "is not set, and the primary's is",
        Must::Equal | Must::Ask => "is not the primary's",
        _ => "is not the counterpart of the primary's",
    };
    let text = format!("{} of {} {expectation}", key(place, row), place.address());
    let expected = expected(place);
    match (reference, expected) {
        (true, Some(expected)) => format!("{text}: {expected} is expected"),
        _ => text,
    }
}

/// The counterpart of what the primary's value leads to, where that is one instance.
fn expected(place: &Place<'_, '_>) -> Option<String> {
    let mirror = place.mirror;
    let mut targets: Vec<InstanceId> = mirror
        .graph
        .out(place.pair.primary)
        .iter()
        .filter(|edge| edge.path.starts_with(place.at))
        .map(|edge| edge.to)
        .collect();
    targets.sort();
    targets.dedup();
    let [only] = targets.as_slice() else {
        return None;
    };
    let pair = mirror.pairing.pair_of(*only, Some(place.pair.secondary))?;
    let counterpart = mirror.pairs().get(pair.index())?.instance()?;
    (counterpart != *only).then(|| mirror.instance(counterpart).address.to_string())
}

/// Offers the primary's value, where it is one that means the same in both regions.
fn fixed(place: &Place<'_, '_>, must: Must, broken: Broken) -> Broken {
    let expression = match place.values.0 {
        Some(Node::Bool(truth)) => truth.to_string(),
        Some(Node::Number(number)) => number.to_string(),
        Some(Node::String(text)) if must != Must::Translated && plain(place, text) => {
            format!("\"{text}\"")
        }
        _ => return broken,
    };
    if !matches!(
        must,
        Must::Equal | Must::AtLeast | Must::ReachableAtLeast | Must::NotWeaker
    ) {
        return broken;
    }
    let Some(PathStep::Name(last)) = place.at_s.last() else {
        return broken;
    };
    let text = format!("Set {last} = {expression}.");
    // A block that is not there cannot be edited.
    let there = place.at_s.len() == 1 || place.values.1.is_some();
    if place.holder == place.pair.primary || !there {
        return broken.fix(text);
    }
    broken.edit(
        text,
        Edit::Set {
            address: place.mirror.instance(place.holder).address.clone(),
            path: place.at_s.clone(),
            expression,
        },
    )
}

fn plain(place: &Place<'_, '_>, text: &str) -> bool {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./: ".contains(c);
    text.len() <= 100 && text.chars().all(safe) && !text.contains(&*place.mirror.roles.primary)
}

/// Says that nothing answers to some blocks of the primary.
pub(super) fn block(
    mirror: &Mirror<'_>,
    pair: &Pair,
    holder: InstanceId,
    path: &[Name],
    row: &Row,
    aligned: &Aligned,
    sink: &mut Sink,
) {
    let text: Vec<&str> = path.iter().map(|name| &**name).collect();
    let text = text.join(".");
    let at: Path = path.iter().cloned().map(PathStep::Name).collect();
    let ty = &mirror.instance(holder).ty;
    let name = &mirror.instance(holder).address;
    let rule = rule_of(row).unwrap_or(GENERIC);
    let asked = Asked {
        sub: (rule == GENERIC).then(|| format!("{ty}.{text}").into()),
        severity: Some(row.severity),
        row: true,
        ..Asked::new(
            rule,
            Spot::steps(pair.primary, &at),
            Spot::steps(holder, &at),
        )
    };
    let asked = asked.keyed(text.clone());
    if aligned.open.is_empty() || aligned.extra.is_empty() {
        let count = aligned.missing.len();
        let what = if count == 1 { "a block" } else { "blocks" };
        sink.broken(
            asked
                .broken(format!(
                    "{name} has nothing that answers to {what} {text} of the primary"
                ))
                .impact(row.why),
        );
    } else {
        let because = aligned.open.clone();
        sink.unsure(asked.unsure(
            format!(
                "which blocks {text} of {name} answer to the primary's hangs on {}",
                few(&because)
            ),
            because,
        ));
    }
}
