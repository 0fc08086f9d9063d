//! Unknowns never decide, for whole checks: what is not known any more makes no finding and takes none away; where another
//! value would break what holds, it makes a gap. The same unknown on both sides changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use drcheck::check::{self, Options, Outcome};
use drcheck::inventory::{Fact, Inventory, Mode, Name, Node, Scope, Unknown};
use drcheck::mirror::{InstanceId, Mirror};
use drcheck::settings::{self, Settings};
use drcheck::symbol::{PathStep, Symbol};
use drcheck::verdict::Finding;
use rayon::prelude::*;

use super::estate;

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

/// What a check says.
#[derive(Default)]
struct Said {
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
    fn of(inventory: &Inventory, settings: &Settings) -> Self {
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
    fn made<'s>(&'s self, before: &'s Said) -> impl Iterator<Item = String> + 's {
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
    fn gone<'s>(&'s self, before: &'s Said) -> impl Iterator<Item = String> + 's {
        let gone = before.findings.iter().filter(|finding| {
            !self.knows(finding)
                && !self.asks(finding)
                && !finding.addresses.iter().any(|address| self.at(address))
        });
        gone.map(|finding| format!("GONE {}: {}", finding.rule, finding.message))
    }

    /// What is asked here and was not before.
    fn lost<'s>(&'s self, before: &'s Said) -> impl Iterator<Item = String> + 's {
        let new = self
            .gaps
            .iter()
            .filter(|(print, _)| !before.gaps.contains_key(*print))
            .filter(|(_, text)| !text.split(':').next().is_some_and(asks_one_side));
        new.map(|(_, text)| format!("LOST {text}"))
    }

    /// What another value breaks that held before, and is neither found nor asked here.
    fn held<'s>(&'s self, before: &'s Said, other: &'s Said) -> impl Iterator<Item = String> + 's {
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

/// Some of the doubts, always the same.
fn some(of: fn(&'static Estate) -> Vec<Doubt>, count: usize) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = ESTATES.iter().flat_map(of).collect();
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

#[test]
#[ignore = "some thousands of checks"]
fn no_unknown_argument_decides_anything() {
    let all = some(of_arguments, usize::MAX);
    assert!(all.len() > 3_000, "{}", all.len());
    undecided(&all);
}

#[test]
#[ignore = "some thousands of checks"]
fn no_unknown_of_both_sides_changes_anything() {
    undecided(&some(of_both, usize::MAX));
}

#[test]
#[ignore = "some thousands of checks"]
fn no_unknown_region_or_number_makes_a_stray() {
    undecided(&some(of_places, usize::MAX));
}
