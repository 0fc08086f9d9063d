//! Unknowns never decide, for whole checks: what is not known any more makes no finding and takes none away; where another
//! value would break what holds, it makes a gap. The same unknown on both sides changes nothing.

mod said;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use drcheck::inventory::{Fact, Inventory, Mode, Name, Node, Scope, Unknown};
use drcheck::mirror::{InstanceId, Mirror};
use drcheck::settings::{self, Settings};
use drcheck::symbol::{PathStep, Symbol};
use rayon::prelude::*;

use super::estate;
use said::Said;

/// An estate, and what is said of it.
struct Estate {
    name: &'static str,
    inventory: Inventory,
    settings: Settings,
    said: Said,
}

/// One that mirrors and one that does not, small and large.
static ESTATES: LazyLock<Vec<Estate>> = LazyLock::new(|| {
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixture = |name| {
        (
            house.join("tests/data/estates").join(name),
            estate::shifted(),
        )
    };
    let example = |name| {
        let root = house.join("../examples/mirror-check").join(name);
        let text = std::fs::read(root.join("dr.hcl")).expect("an example has settings");
        let settings = settings::read("dr.hcl", text).expect("they can be read");
        (root, settings)
    };
    [
        ("two-region", fixture("two-region")),
        ("seeded", fixture("seeded")),
        ("live", example("live")),
        ("broken", example("broken")),
    ]
    .into_iter()
    .map(|(name, (root, settings))| {
        let inventory = estate::inventory(&root);
        let said = Said::of(&inventory, &settings);
        Estate {
            name,
            inventory,
            settings,
            said,
        }
    })
    .collect()
});

fn fresh() -> Node {
    Node::Unknown(Arc::new(Unknown {
        because: vec!["var.fresh".into()],
        symbol: Some(Arc::new(Symbol::Input("var.fresh".into()))),
    }))
}

/// Takes away what is known of an argument.
fn take_away(inventory: &mut Inventory, at: usize, argument: &Name) {
    let instance = &mut inventory.instances[at];
    instance.values.insert(argument.clone(), fresh());
    // What an expression referred to is not known either.
    let first = PathStep::Name(argument.clone());
    instance
        .references
        .retain(|reference| reference.path.first() != Some(&first));
}

/// All arguments of an estate that say something.
fn arguments(estate: &Estate) -> Vec<(usize, Name)> {
    let instances = estate.inventory.instances.iter().enumerate();
    instances
        .flat_map(|(at, instance)| {
            let set = instance
                .values
                .iter()
                .filter(|(_, node)| **node != Node::Null);
            set.map(move |(name, _)| (at, name.clone()))
        })
        .collect()
}

type Change = Box<dyn Fn(&mut Inventory) + Send + Sync>;

/// Something that is taken away from an estate, in words.
struct Doubt {
    estate: &'static Estate,
    what: String,
    make: Change,
    /// What it may be instead.
    other: Option<Change>,
    /// Whether the same is unknown on both sides, so that nothing hangs on it.
    alike: bool,
}

impl Doubt {
    /// What the doubt decided: what it made, and what it took away without a question.
    fn decided(&self) -> Vec<String> {
        let estate = self.estate;
        let mut inventory = estate.inventory.clone();
        (self.make)(&mut inventory);
        let (before, after) = (&estate.said, Said::of(&inventory, &estate.settings));
        let mut wrong: Vec<String> = after.made(before).collect();
        if self.alike {
            wrong.extend(after.lost(before));
        } else {
            wrong.extend(after.gone(before));
        }
        if let Some(other) = &self.other {
            let mut inventory = estate.inventory.clone();
            other(&mut inventory);
            let other = Said::of(&inventory, &estate.settings);
            wrong.extend(after.held(before, &other));
        }
        let place = format!("{} {}", estate.name, self.what);
        wrong
            .into_iter()
            .map(|what| format!("{place} => {what}"))
            .filter(|line| !is_accepted(line))
            .collect()
    }
}

/// Answers that an unknown may turn, and why.
const ACCEPTED: [(&str, &str, &str); 1] = [(
    "aws_db_instance.",
    ".identifier => NEW attribute-differs",
    "An alarm names its database by a literal. What the literal means is read from the identifier; where that is not known, \
     the literals of both sides are compared as texts, and they differ.",
)];

fn is_accepted(line: &str) -> bool {
    ACCEPTED
        .iter()
        .any(|(ty, what, why)| line.contains(ty) && line.contains(what) && !why.is_empty())
}

/// Another value for an argument: a scalar that it is not, else nothing.
fn other_value(estate: &Estate, at: usize, argument: &Name) -> Change {
    let number = |number: u64| Node::Number(Box::new(number.into()));
    let other = match estate.inventory.instances[at].values.get(argument) {
        Some(Node::Bool(truth)) => Some(Node::Bool(!truth)),
        Some(own @ Node::Number(_)) if *own == number(1) => Some(number(2)),
        Some(Node::Number(_)) => Some(number(1)),
        Some(Node::String(_)) => Some(Node::String("unlike".into())),
        _ => None,
    };
    let argument = argument.clone();
    Box::new(move |inventory| {
        take_away(inventory, at, &argument);
        let values = &mut inventory.instances[at].values;
        match &other {
            Some(node) => values.insert(argument.clone(), node.clone()),
            None => values.remove(&argument),
        };
    })
}

/// An unknown in the place of each argument.
fn of_arguments(estate: &'static Estate) -> Vec<Doubt> {
    let doubt = |(at, argument): (usize, Name)| Doubt {
        estate,
        what: format!("{}.{argument}", estate.inventory.instances[at].address),
        other: Some(other_value(estate, at, &argument)),
        make: Box::new(move |inventory| take_away(inventory, at, &argument)),
        alike: false,
    };
    arguments(estate).into_iter().map(doubt).collect()
}

/// The same unknown in the place of an argument of both sides of each pair.
fn of_both(estate: &'static Estate) -> Vec<Doubt> {
    let mirror = Mirror::new(&estate.inventory, &estate.settings).expect("two regions");
    let pairs = mirror.pairs().iter().filter_map(|pair| {
        let index = |id: InstanceId| usize::try_from(id.0).expect("a position");
        Some((index(pair.primary), index(pair.instance()?)))
    });
    let values = |at: usize| &estate.inventory.instances[at].values;
    let shared = pairs.flat_map(|(one, other)| {
        let names = values(one)
            .keys()
            .filter(move |name| values(other).contains_key(*name));
        names.map(move |name| (one, other, name.clone()))
    });
    let doubt = |(one, other, argument): (usize, usize, Name)| Doubt {
        estate,
        what: format!(
            "{}.{argument} of both sides",
            estate.inventory.instances[one].address
        ),
        make: Box::new(move |inventory| {
            take_away(inventory, one, &argument);
            take_away(inventory, other, &argument);
        }),
        other: None,
        alike: true,
    };
    shared.map(doubt).collect()
}

/// An unknown region of each instance, and an unknown number of each resource.
fn of_places(estate: &'static Estate) -> Vec<Doubt> {
    let instances = estate.inventory.instances.iter().enumerate();
    let managed = instances
        .filter(|(_, instance)| instance.mode == Mode::Managed && instance.ty.starts_with("aws_"));
    managed
        .flat_map(|(at, instance)| {
            let resource = (
                instance.module.clone(),
                instance.ty.clone(),
                instance.name.clone(),
            );
            let region = Doubt {
                estate,
                what: format!("region of {}", instance.address),
                make: Box::new(move |inventory| {
                    inventory.instances[at].region = Fact {
                        value: None,
                        because: vec!["var.fresh".into()],
                    };
                }),
                other: Some(Box::new(move |inventory| {
                    inventory.instances[at].region = Fact {
                        value: Some("eu-central-1".into()),
                        because: Vec::new(),
                    };
                })),
                alike: false,
            };
            let gone = resource.clone();
            let number = Doubt {
                estate,
                what: format!("number of {}", instance.address),
                make: Box::new(move |inventory| {
                    for instance in &mut inventory.instances {
                        let own = (&instance.module, &instance.ty, &instance.name);
                        instance.expansion_known &= own != (&resource.0, &resource.1, &resource.2);
                    }
                }),
                other: Some(Box::new(move |inventory| {
                    inventory.instances.retain(|instance| {
                        let own = (&instance.module, &instance.ty, &instance.name);
                        own != (&gone.0, &gone.1, &gone.2)
                    });
                })),
                alike: false,
            };
            // What lives everywhere lies in no region.
            let regional = instance.scope == Scope::Regional;
            [regional.then_some(region), Some(number)]
                .into_iter()
                .flatten()
        })
        .collect()
}

/// Some of the doubts, always the same; all of them where `DRCHECK_UNKNOWNS=all` asks for it, as `make unknowns` does.
fn some(of: fn(&'static Estate) -> Vec<Doubt>, count: usize) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = ESTATES.iter().flat_map(of).collect();
    if std::env::var_os("DRCHECK_UNKNOWNS").is_some_and(|asked| asked == "all") {
        return doubts;
    }
    fastrand::Rng::with_seed(7).shuffle(&mut doubts);
    doubts.truncate(count);
    doubts
}

/// Nothing is decided by any of the doubts.
fn undecided(doubts: &[Doubt]) {
    let wrong: Vec<String> = doubts.par_iter().flat_map_iter(Doubt::decided).collect();
    let count = wrong.len();
    assert!(
        wrong.is_empty(),
        "{count} by {} doubts:\n{}",
        doubts.len(),
        wrong.join("\n")
    );
}

#[test]
fn there_are_thousands_of_arguments_to_doubt() {
    let all: usize = ESTATES
        .iter()
        .map(|estate| of_arguments(estate).len())
        .sum();
    assert!(all > 3_000, "{all}");
}

#[test]
fn an_unknown_argument_decides_nothing() {
    undecided(&some(of_arguments, 120));
}

#[test]
fn the_same_unknown_on_both_sides_changes_nothing() {
    undecided(&some(of_both, 60));
}

#[test]
fn an_unknown_region_or_number_makes_no_stray() {
    undecided(&some(of_places, 60));
}
