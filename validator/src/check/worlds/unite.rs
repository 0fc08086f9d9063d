//! What worlds agree in: a verdict that not all of them give is a question.

use std::collections::{BTreeMap, BTreeSet};

use super::World;
use crate::inventory::Name;
use crate::mirror::{InstanceId, Mirror};
use crate::verdict::{Asked, Broken, Sink, Spot, Unsure};

/// One side of a question: an instance, or the address of something that is none.
type Place = (Option<InstanceId>, Option<Name>);

/// Where a question stands: rule, attribute, both sides.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Where {
    rule: &'static str,
    sub: Option<Name>,
    primary: Place,
    secondary: Place,
    region: Option<Name>,
}

/// A question, the same in all worlds.
type Question = (Where, String);

/// Verdicts of the world that has all, and what other worlds say against them.
pub(super) struct United<'m, 'a> {
    mirror: &'m Mirror<'a>,
    sink: Sink,
    /// For each broken verdict the one that it follows from.
    causes: Vec<Option<usize>>,
    broken: BTreeSet<Question>,
    unsure: BTreeSet<Question>,
    /// Broken verdicts that another world does not give, and why.
    doubted: BTreeMap<usize, (String, Vec<Name>)>,
    /// What only other worlds ask or find.
    more: BTreeMap<Question, Unsure>,
}

impl<'m, 'a> United<'m, 'a> {
    pub(super) fn new(mirror: &'m Mirror<'a>, sink: Sink) -> Self {
        United {
            mirror,
            causes: super::super::consequences::causes(mirror, &sink.broken),
            broken: sink.broken.iter().map(|v| question(&v.asked)).collect(),
            unsure: sink.unsure.iter().map(|v| question(&v.asked)).collect(),
            sink,
            doubted: BTreeMap::new(),
            more: BTreeMap::new(),
        }
    }

    /// Takes in what another world says; `roots` tells which of its verdicts follow from no other.
    pub(super) fn hear(&mut self, world: &World, said: &Sink, roots: &[bool]) {
        let broken: BTreeSet<Question> = said.broken.iter().map(|v| question(&v.asked)).collect();
        let unsure: BTreeSet<Question> = said.unsure.iter().map(|v| question(&v.asked)).collect();
        // The same difference, told of more or less than in the world that has all.
        let changed: BTreeSet<&Where> = broken
            .iter()
            .filter(|question| !self.broken.contains(question))
            .map(|(place, _)| place)
            .collect();
        for (at, verdict) in self.sink.broken.iter().enumerate() {
            let question = question(&verdict.asked);
            let given = broken.contains(&question)
                || !unsure.contains(&question)
                    && (changed.contains(&question.0) || self.is_not_asked(&verdict.asked, world));
            if !given {
                let words = format!("{}, {}", world.unless, verdict.message);
                self.doubted
                    .entry(at)
                    .or_insert_with(|| (words, world.because.clone()));
            }
        }
        for (verdict, is_root) in said.broken.iter().zip(roots) {
            if *is_root {
                let words = format!("{}, {}", world.only, verdict.message);
                let asked = verdict.asked.clone();
                self.add(asked.unsure(words, world.because.clone()));
            }
        }
        for question in &said.unsure {
            self.add(question.clone());
        }
    }

    fn add(&mut self, unsure: Unsure) {
        let question = question(&unsure.asked);
        if !self.broken.contains(&question) && !self.unsure.contains(&question) {
            self.more.entry(question).or_insert(unsure);
        }
    }

    /// Whether a world that lacks one of two compared instances has nothing to compare, or lacks the one that is asked about.
    fn is_not_asked(&self, asked: &Asked, world: &World) -> bool {
        let lacks = |spot: &Spot| spot.instance.is_some_and(|id| world.missing.contains(&id));
        let about = lacks(&asked.primary) || lacks(&asked.secondary);
        let paired = match (asked.primary.instance, asked.secondary.instance) {
            (Some(one), Some(other)) => self
                .mirror
                .pairs()
                .iter()
                .any(|pair| pair.primary == one && pair.instance() == Some(other)),
            _ => false,
        };
        about && (asked.alone || paired)
    }

    /// What is said in the end.
    pub(super) fn sink(mut self) -> Sink {
        let mut unsure = Vec::new();
        let mut broken: Vec<Broken> = Vec::new();
        for (at, verdict) in std::mem::take(&mut self.sink.broken)
            .into_iter()
            .enumerate()
        {
            match (self.doubted.remove(&at), self.causes[at]) {
                (None, _) => broken.push(verdict),
                // What it follows from is asked already.
                (Some(_), Some(_)) => {}
                (Some((words, because)), None) => {
                    unsure.push(verdict.asked.unsure(words, because));
                }
            }
        }
        for question in self.more.into_values() {
            if let Some(held) = self.sink.held.get_mut(question.asked.rule) {
                *held = held.saturating_sub(1);
            }
            unsure.push(question);
        }
        self.sink.broken = broken;
        self.sink.unsure.extend(unsure);
        self.sink
    }
}

fn question(asked: &Asked) -> Question {
    let place = |spot: &Spot| {
        let absent = spot.absent.as_ref().map(|absent| absent.address.clone());
        (spot.instance, absent)
    };
    let place = Where {
        rule: asked.rule,
        sub: asked.sub.clone(),
        primary: place(&asked.primary),
        secondary: place(&asked.secondary),
        region: asked.region.clone(),
    };
    (place, asked.key.clone())
}
