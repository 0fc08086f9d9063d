//! What it hangs on whether instances exist, and which worlds are looked at: each `count` or `for_each` that is not known is
//! one doubt, however many instances it makes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::World;
use super::choices::Forks;
use crate::inventory::{Instance, Mode, Name, Node, Unknown};
use crate::mirror::{InstanceId, Mirror, Standing, without_own_key};
use crate::symbol;

/// Instances that a sentence names before it counts the others.
const NAMED: usize = 2;
/// Most worlds in which one doubt alone is taken for nothing; more doubts share worlds.
const MOST: usize = 16;
/// Instances that all worlds together may hold before doubts share worlds.
const ENOUGH: usize = 100_000;

/// One doubt: what exists by it, and what would settle it.
struct Doubt {
    instances: BTreeSet<InstanceId>,
    because: BTreeSet<Name>,
    /// Where its instances stand.
    standings: BTreeSet<Standing>,
}

/// All doubts of an estate, in a fixed order.
pub(super) struct Doubts(Vec<Doubt>);

/// What stands for one unknown expression: the same text in one root is the same value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Expression {
    Told(Option<Name>, String),
    /// Nothing is told of it: a resource, and the how many-th on the way to it.
    Own(Option<Name>, String, usize),
}

impl Doubts {
    pub(super) fn new(mirror: &Mirror<'_>, forks: &Forks) -> Self {
        let mut found: BTreeMap<Expression, Vec<(InstanceId, Vec<Name>)>> = BTreeMap::new();
        for (id, instance) in mirror.instances() {
            if !is_open(instance) {
                continue;
            }
            for (expression, because) in expressions(instance, Some(forks)) {
                found.entry(expression).or_default().push((id, because));
            }
        }
        if found.is_empty() {
            return Doubts(Vec::new());
        }
        let same = proved_same(mirror);
        let mut doubts: BTreeMap<Expression, Doubt> = BTreeMap::new();
        for (expression, instances) in found {
            let first = representative(&same, &expression);
            let doubt = doubts.entry(first).or_insert_with(|| Doubt {
                instances: BTreeSet::new(),
                because: BTreeSet::new(),
                standings: BTreeSet::new(),
            });
            for (id, because) in instances {
                doubt.instances.insert(id);
                doubt.because.extend(because);
                doubt.standings.insert(mirror.standing(id));
            }
        }
        Doubts(doubts.into_values().collect())
    }

    /// The worlds besides the one that has all: without what one doubt makes, for each; without all that only one secondary
    /// region may have; without anything that is in doubt.
    pub(super) fn worlds(&self, mirror: &Mirror<'_>, instances: usize) -> Vec<World> {
        let most = (ENOUGH / instances.max(1)).clamp(4, MOST);
        let mut worlds: Vec<BTreeSet<usize>> = self.shared(most);
        for side in self.sides() {
            worlds.push(side);
        }
        worlds.push((0..self.0.len()).collect());
        let mut seen = BTreeSet::new();
        worlds.retain(|world| !world.is_empty() && seen.insert(world.clone()));
        worlds
            .iter()
            .map(|doubts| self.world(mirror, doubts))
            .collect()
    }

    /// Each doubt by itself; where there are too many, doubts about the same sides together.
    fn shared(&self, most: usize) -> Vec<BTreeSet<usize>> {
        if self.0.len() <= most {
            return (0..self.0.len()).map(|at| BTreeSet::from([at])).collect();
        }
        let mut sides: BTreeMap<&BTreeSet<Standing>, Vec<usize>> = BTreeMap::new();
        for (at, doubt) in self.0.iter().enumerate() {
            sides.entry(&doubt.standings).or_default().push(at);
        }
        let each = self.0.len().div_ceil(most);
        sides
            .values()
            .flat_map(|doubts| doubts.chunks(each))
            .map(|doubts| doubts.iter().copied().collect())
            .collect()
    }

    /// All doubts of what stands in one secondary region alone.
    fn sides(&self) -> Vec<BTreeSet<usize>> {
        let mut sides: BTreeMap<Standing, BTreeSet<usize>> = BTreeMap::new();
        for (at, doubt) in self.0.iter().enumerate() {
            let mut standings = doubt.standings.iter();
            if let (Some(side @ Standing::Secondary(_)), None) =
                (standings.next(), standings.next())
            {
                sides.entry(*side).or_default().insert(at);
            }
        }
        sides.into_values().collect()
    }

    fn world(&self, mirror: &Mirror<'_>, doubts: &BTreeSet<usize>) -> World {
        let mut world = World::default();
        let mut because = BTreeSet::new();
        for at in doubts {
            world.missing.extend(self.0[*at].instances.iter().copied());
            because.extend(self.0[*at].because.iter().cloned());
        }
        world.because = because.into_iter().collect();
        let words = words(mirror, &world.missing);
        world.only = format!("without {words}");
        world.unless = format!("with {words}");
        world.lack(mirror);
        world
    }
}

/// The first instances by name, and how many more there are.
fn words(mirror: &Mirror<'_>, missing: &BTreeSet<InstanceId>) -> String {
    let names: Vec<&str> = missing
        .iter()
        .take(NAMED)
        .map(|id| &*mirror.instance(*id).address)
        .collect();
    let more = match missing.len().saturating_sub(NAMED) {
        0 => String::new(),
        1 => " and one more".into(),
        more => format!(" and {more} more"),
    };
    let them = if missing.len() == 1 { "it" } else { "them" };
    let names = names.join(", ");
    format!("{names}{more} (how many there are of {them} is not known)")
}

/// Whether it is not known that an instance of AWS exists.
fn is_open(instance: &Instance) -> bool {
    !instance.expansion_known && instance.mode == Mode::Managed && instance.ty.starts_with("aws_")
}

/// What an instance's existence hangs on, each with what would settle it; without what choices decide.
fn expressions(instance: &Instance, forks: Option<&Forks>) -> Vec<(Expression, Vec<Name>)> {
    let reason = || {
        vec![Name::from(format!(
            "how many {} there are",
            instance.address
        ))]
    };
    let own = |at| {
        let resource = without_own_key(&instance.address).to_owned();
        Expression::Own(instance.root.clone(), resource, at)
    };
    if instance.hangs_on.is_empty() {
        return vec![(own(0), reason())];
    }
    let of = |(at, unknown): (usize, &Arc<Unknown>)| {
        let because = if unknown.because.is_empty() {
            reason()
        } else {
            unknown.because.clone()
        };
        (told(instance, unknown).unwrap_or_else(|| own(at)), because)
    };
    let open =
        |(_, unknown): &(usize, &Arc<Unknown>)| forks.is_none_or(|forks| !forks.decide(unknown));
    let hangs_on = instance.hangs_on.iter().enumerate();
    hangs_on.filter(open).map(of).collect()
}

/// The text of an expression, where it says all.
fn told(instance: &Instance, unknown: &Unknown) -> Option<Expression> {
    let text = symbol::text(unknown.symbol.as_ref()?);
    let whole = !text.contains('…') && !text.contains("(sensitive)") && !text.contains("unknown(");
    whole.then(|| Expression::Told(instance.root.clone(), text))
}

/// Expressions of both sides of pairs that are proved to be the same: each with a smaller one.
fn proved_same(mirror: &Mirror<'_>) -> BTreeMap<Expression, Expression> {
    let mut same = BTreeMap::new();
    for pair in mirror.pairs() {
        let Some(secondary) = pair.instance() else {
            continue;
        };
        let (one, other) = (mirror.instance(pair.primary), mirror.instance(secondary));
        if !is_open(one) || !is_open(other) || one.hangs_on.len() != other.hangs_on.len() {
            continue;
        }
        let expressions = expressions(one, None)
            .into_iter()
            .zip(expressions(other, None));
        let unknowns = one.hangs_on.iter().zip(&other.hangs_on);
        for (((one, _), (other, _)), (a, b)) in expressions.zip(unknowns) {
            let node = |unknown: &Arc<Unknown>| Node::Unknown(unknown.clone());
            let outcome = mirror.compare(pair.id, Some(&node(a)), Some(&node(b)));
            if outcome.is_same() && a.symbol.is_some() && b.symbol.is_some() {
                let (one, other) = (representative(&same, &one), representative(&same, &other));
                if one != other {
                    let (less, more) = if one < other {
                        (one, other)
                    } else {
                        (other, one)
                    };
                    same.insert(more, less);
                }
            }
        }
    }
    same
}

fn representative(same: &BTreeMap<Expression, Expression>, of: &Expression) -> Expression {
    let mut last = of;
    // Each step leads to a smaller one.
    while let Some(less) = same.get(last) {
        last = less;
    }
    last.clone()
}
