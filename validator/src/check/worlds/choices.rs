//! Choices between values that hang on something unknown: one world for each way that one of them may fall.

use std::collections::{BTreeMap, BTreeSet};

use super::{World, assumed};
use crate::inventory::{Name, Node, Unknown};
use crate::mirror::{InstanceId, Mirror};
use crate::symbol::{Assumption, Choices};

/// Most worlds for choices in a small estate.
const MOST: usize = 32;
/// Instances that all worlds together may hold before choices share worlds.
const ENOUGH: usize = 150_000;
/// The longest expression that a sentence shows.
const SHOWN: usize = 80;

/// All choices, and whose values they decide.
#[derive(Default)]
pub(super) struct Forks {
    choices: Choices,
    instances: BTreeMap<Name, BTreeSet<InstanceId>>,
}

impl Forks {
    pub(super) fn new(mirror: &Mirror<'_>) -> Self {
        let mut forks = Forks::default();
        for (id, instance) in mirror.instances() {
            for node in instance.values.values() {
                forks.node(node, id);
            }
            for unknown in &instance.hangs_on {
                forks.unknown(unknown, id);
            }
        }
        forks
    }

    fn node(&mut self, node: &Node, id: InstanceId) {
        match node {
            Node::Unknown(unknown) => self.unknown(unknown, id),
            Node::List(nodes) | Node::Set(nodes) => {
                nodes.iter().for_each(|node| self.node(node, id));
            }
            Node::Map(nodes) | Node::Object(nodes) => {
                nodes.values().for_each(|node| self.node(node, id));
            }
            _ => {}
        }
    }

    fn unknown(&mut self, unknown: &Unknown, id: InstanceId) {
        let Some(symbol) = &unknown.symbol else {
            return;
        };
        for by in self.choices.read(symbol) {
            self.instances.entry(by).or_default().insert(id);
        }
    }

    /// Whether choices alone decide how many there are of something.
    pub(super) fn decide(&self, unknown: &Unknown) -> bool {
        let Some(symbol) = &unknown.symbol else {
            return false;
        };
        let mut own = Choices::default();
        own.read(symbol).iter().any(|by| {
            let options = self.choices.found.get(by);
            options.is_some_and(|choice| {
                choice.options.iter().all(|option| {
                    let mut assumption = Assumption::default();
                    assumption.choices.insert(by.clone(), option.clone());
                    assumed::many(unknown, &assumption).is_some()
                })
            })
        })
    }

    /// One world for each way that each choice may fall; those that are too many fall together.
    pub(super) fn worlds(&self, mirror: &Mirror<'_>, instances: usize) -> Vec<World> {
        let most = (ENOUGH / instances.max(1)).clamp(6, MOST);
        let mut worlds = Vec::new();
        let mut rest: Vec<&Name> = Vec::new();
        for (by, choice) in &self.choices.found {
            if worlds.len() + choice.options.len() > most {
                rest.push(by);
                continue;
            }
            for option in &choice.options {
                worlds.push(self.world(mirror, &[(by, option)]));
            }
        }
        for first in [true, false] {
            let end = |options: &BTreeSet<Name>| {
                if first {
                    options.first()
                } else {
                    options.last()
                }
                .cloned()
            };
            let all: Vec<(&Name, Name)> = rest
                .iter()
                .filter_map(|by| Some((*by, end(&self.choices.found.get(*by)?.options)?)))
                .collect();
            if !all.is_empty() {
                let all: Vec<(&Name, &Name)> =
                    all.iter().map(|(by, option)| (*by, option)).collect();
                worlds.push(self.world(mirror, &all));
            }
        }
        worlds
    }

    fn world(&self, mirror: &Mirror<'_>, all: &[(&Name, &Name)]) -> World {
        let mut world = World::default();
        let mut because = BTreeSet::new();
        for (by, option) in all {
            let told = self.choices.found.get(*by);
            because.extend(
                told.into_iter()
                    .flat_map(|choice| choice.because.iter().cloned()),
            );
            let touched = self.instances.get(*by).into_iter().flatten().copied();
            world.touched.extend(touched);
            world
                .assumption
                .choices
                .insert((*by).clone(), (*option).clone());
        }
        world.because = because.into_iter().collect();
        let words = words(all);
        world.only = format!("if {words}");
        world.unless = format!("unless {words}");
        for id in world.touched.clone() {
            let hangs_on = &mirror.instance(id).hangs_on;
            let none = |unknown: &std::sync::Arc<Unknown>| {
                assumed::many(unknown, &world.assumption) == Some(false)
            };
            if hangs_on.iter().any(none) {
                world.missing.insert(id);
            }
        }
        world.lack(mirror);
        world
    }
}

impl World {
    /// Takes in what follows from what is missing: who refers to it finds nothing there.
    pub(super) fn lack(&mut self, mirror: &Mirror<'_>) {
        for id in self.missing.clone() {
            self.assumption
                .absent
                .insert(mirror.instance(id).address.clone());
            self.touched
                .extend(mirror.graph.referring(id).map(|(from, _)| from));
        }
    }
}

fn words(all: &[(&Name, &Name)]) -> String {
    let Some((by, option)) = all.first() else {
        return String::new();
    };
    let cut = by.floor_char_boundary(SHOWN);
    let shown = if cut < by.len() {
        format!("{}…", by.get(..cut).unwrap_or_default())
    } else {
        by.to_string()
    };
    let is = match &***option {
        "true" | "false" | "null" | "set" => format!("is {option}"),
        key => format!("is {key:?}"),
    };
    match all.len() {
        1 => format!("{shown} {is}"),
        more => format!("{shown} {is} and {} other choices fall so", more - 1),
    }
}
