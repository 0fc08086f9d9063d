//! Unknowns never decide: what is not known on one side turns no answer into the other, and the same on both sides none at
//! all.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use drcheck::inventory::{Instance, Inventory, Node, Path, Unknown};
use drcheck::mirror::{InstanceId, Mirror, Outcome};
use drcheck::relations::{Answer, Must, answers};
use drcheck::settings::{CidrPolicy, Settings};
use drcheck::symbol::{PathStep, Symbol};
use proptest::prelude::*;

use super::estates::configuration;

/// One that mirrors, and one that does not.
static ESTATES: LazyLock<[Inventory; 2]> =
    LazyLock::new(|| [configuration("two-region"), configuration("seeded")]);

fn settings() -> Settings {
    Settings {
        primary: Some("us-east-1".into()),
        secondary: vec!["us-west-2".into()],
        cidr: Some(CidrPolicy::Shifted),
        ..Settings::default()
    }
}

/// What is asked, in words that do not hang on numbers.
type Key = (String, String, String, Path, Path);

fn asked(mirror: &Mirror<'_>) -> BTreeMap<Key, Outcome> {
    let key = |answer: &Answer| {
        let pair = &mirror.pairs()[usize::try_from(answer.pair.0).expect("a number")];
        let address = |id: InstanceId| mirror.instance(id).address.to_string();
        (
            address(pair.primary),
            address(pair.holder()),
            answer.path.clone(),
            answer.primary.clone(),
            answer.secondary.clone(),
        )
    };
    answers(mirror)
        .into_iter()
        .map(|answer| (key(&answer), answer.outcome))
        .collect()
}

/// Puts an unknown in the place of a value.
fn replaced(inventory: &mut Inventory, at: &(String, Path), unknown: &Unknown) {
    let instance = inventory
        .instances
        .iter_mut()
        .find(|instance| *instance.address == *at.0)
        .expect("an instance that was asked");
    let Some((PathStep::Name(first), rest)) = at.1.split_first() else {
        return;
    };
    if let Some(node) = instance.values.get_mut(first) {
        put(node, rest, unknown);
    }
    // What an expression referred to is not known either.
    instance
        .references
        .retain(|reference| !reference.path.starts_with(&at.1[..1]));
}

fn put(node: &mut Node, path: &[PathStep], unknown: &Unknown) {
    let Some((step, rest)) = path.split_first() else {
        *node = Node::Unknown(Arc::new(unknown.clone()));
        return;
    };
    match (node, step) {
        (Node::Object(nodes) | Node::Map(nodes), PathStep::Name(name)) => {
            if let Some(node) = Arc::make_mut(nodes).get_mut(name) {
                put(node, rest, unknown);
            }
        }
        (Node::List(nodes) | Node::Set(nodes), PathStep::Index(index)) => {
            let mut all = nodes.to_vec();
            if let Some(node) = usize::try_from(*index).ok().and_then(|at| all.get_mut(at)) {
                put(node, rest, unknown);
            }
            *nodes = all.into();
        }
        _ => {}
    }
}

fn fresh() -> Unknown {
    Unknown {
        because: vec!["var.fresh".into()],
        symbol: Some(Arc::new(Symbol::Input("var.fresh".into()))),
    }
}

/// The row that is changed, and all others.
fn agree(
    before: &BTreeMap<Key, Outcome>,
    after: &BTreeMap<Key, Outcome>,
) -> Result<(), TestCaseError> {
    for (key, outcome) in after {
        let Some(earlier) = before.get(key) else {
            continue;
        };
        let flipped = earlier.is_same() && outcome.is_different()
            || earlier.is_different() && outcome.is_same();
        prop_assert!(!flipped, "{key:?}: {earlier:?} became {outcome:?}");
    }
    Ok(())
}

/// How many rows are tried; `RELATIONS_CASES` asks for more.
fn cases() -> u32 {
    let asked = std::env::var("RELATIONS_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(100)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_unknown_on_one_side_decides_nothing(estate in 0..2_usize, row in 0..10_000_usize, side in any::<bool>()) {
        let settings = settings();
        let inventory = &ESTATES[estate];
        let mirror = Mirror::new(inventory, &settings).expect("two regions");
        let before = asked(&mirror);
        let (key, outcome) = before.iter().nth(row % before.len()).expect("rows are asked");
        let at = if side { (key.0.clone(), key.3.clone()) } else { (key.1.clone(), key.4.clone()) };
        let mut other = inventory.clone();
        replaced(&mut other, &at, &fresh());
        let mirror = Mirror::new(&other, &settings).expect("two regions");
        let after = asked(&mirror);
        agree(&before, &after)?;
        // The row that was changed says so, where its value counted.
        let twin = if side { (&key.1, &key.4) } else { (&key.0, &key.3) };
        let said = inventory.instances.iter().any(|instance| {
            *instance.address == **twin.0 && at_path(instance, twin.1).is_some()
        });
        if said && let Some(changed) = after.get(key)
            && !matches!(outcome, Outcome::Unknown(_))
            && mirror.inventory.instances.iter().any(|instance| {
                *instance.address == *at.0 && holds_fresh(instance, &at.1)
            })
        {
            let ty = &mirror.pairs().iter().find(|pair| *mirror.instance(pair.primary).address == *key.0)
                .map(|pair| mirror.instance(pair.primary).ty.clone()).expect("a pair");
            let decided = changed.is_different() || changed.is_same() && counted(ty, key);
            prop_assert!(!decided, "{key:?} {side}: {outcome:?} became {changed:?}");
        }
    }

    #[test]
    fn the_same_unknown_on_both_sides_is_the_same(estate in 0..2_usize, row in 0..10_000_usize) {
        let settings = settings();
        let inventory = &ESTATES[estate];
        let mirror = Mirror::new(inventory, &settings).expect("two regions");
        let before = asked(&mirror);
        let (key, outcome) = before.iter().nth(row % before.len()).expect("rows are asked");
        let mut other = inventory.clone();
        replaced(&mut other, &(key.0.clone(), key.3.clone()), &fresh());
        replaced(&mut other, &(key.1.clone(), key.4.clone()), &fresh());
        let mirror = Mirror::new(&other, &settings).expect("two regions");
        let after = asked(&mirror);
        for (key, outcome) in &after {
            let worse = outcome.is_different() && before.get(key).is_some_and(Outcome::is_same);
            prop_assert!(!worse, "{key:?} is broken by the same unknown on both sides");
        }
        if outcome.is_same() && let Some(changed) = after.get(key) {
            prop_assert!(changed.is_same(), "{key:?}: {changed:?}");
        }
    }
}

fn holds_fresh(instance: &Instance, path: &Path) -> bool {
    matches!(at_path(instance, path), Some(Node::Unknown(unknown)) if unknown.because == fresh().because)
}

fn at_path<'a>(instance: &'a Instance, path: &Path) -> Option<&'a Node> {
    let Some((PathStep::Name(first), rest)) = path.split_first() else {
        return None;
    };
    let mut node = instance.values.get(first);
    for step in rest {
        node = match (node, step) {
            (Some(Node::Object(nodes) | Node::Map(nodes)), PathStep::Name(name)) => nodes.get(name),
            (Some(Node::List(nodes) | Node::Set(nodes)), PathStep::Index(at)) => {
                usize::try_from(*at).ok().and_then(|at| nodes.get(at))
            }
            _ => None,
        };
    }
    node
}

/// Whether a value counts: replicas have some from their source, and of some it only counts that they are set.
fn counted(ty: &str, key: &Key) -> bool {
    let present = drcheck::relations::row(ty, &key.2)
        .is_some_and(|row| matches!(row.must, Must::Present | Must::AsMany));
    !present && !key.1.contains("replica") && !key.1.contains("elasticache_replication_group")
}
