//! Two operators who know nothing of each other: same or opposite targets, one cut off, one asleep, one dead.

use std::sync::Arc;
use std::time::Duration;

use aws::Region;
use aws::clock::Clock as _;
use aws::fake::Lag;
use aws::faults::Faulty;
use recovery::engine::{End, Event, Execution, Refusal, Surroundings, execute};
use recovery::{epoch, journal};
use tokio_util::sync::CancellationToken;

use super::invariants::{Known, Watch, claims, left, newest};
use super::mutants::Mistake;
use super::runs::{all_worlds, judge, one_run};
use super::tally::Tally;
use super::world::{Fate, Scenario, World};
use crate::estate::{east, west};
use crate::life::{Life, live};

/// What stands between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Story {
    /// Both want the same, and reach everything that is not lost.
    Same,
    /// One leads to the west, the other to the east.
    Opposite,
    /// One does not reach a region for a while, and does not say so.
    CutOff,
    /// One declares the east lost, which the other reaches.
    Declares,
    /// One is not scheduled for minutes, and then wakes.
    Asleep,
    /// One dies, and the other goes on.
    Dies,
    /// Each declares the other's region lost: no store in common.
    NothingShared,
}

pub(crate) const STORIES: [Story; 7] = [
    Story::Same,
    Story::Opposite,
    Story::CutOff,
    Story::Declares,
    Story::Asleep,
    Story::Dies,
    Story::NothingShared,
];

/// Somebody at a machine.
pub(crate) struct Operator {
    pub(crate) actor: &'static str,
    pub(crate) target: Region,
    pub(crate) lost: Option<Region>,
    pub(crate) skew: i64,
    pub(crate) starts: Duration,
    pub(crate) way: Faulty,
    pub(crate) random: fastrand::Rng,
}

pub(crate) type Ends = Vec<Result<Execution, Refusal>>;

/// Runs until there is nothing more to do, and says how each run ended.
pub(crate) async fn operate(world: &World, mut who: Operator) -> Ends {
    let clock = &world.estate.clock;
    clock.sleep(who.starts).await;
    let mut ends = Vec::new();
    for _ in 0..8 {
        let epoch = super::invariants::epoch(world) + 1;
        let mut order = world.order_to(&who.target, who.actor, who.lost.clone(), epoch);
        let around = world.around_at(who.skew, Arc::new(who.way.clone()), &order.lost);
        if who.random.bool() {
            order.resume = under_way(&around, &who.target).await;
        }
        let cancel = CancellationToken::new();
        let sink = |_: Event| {};
        let end = execute(&around, &order, &cancel, &sink).await;
        let again = match &end {
            Ok(execution) => execution.end == End::Interrupted,
            Err(Refusal::Unfit(_)) => false,
            Err(_) => true,
        };
        ends.push(end);
        if !again {
            break;
        }
        let pause = who.random.u64(20..120);
        clock.sleep(Duration::from_secs(pause)).await;
    }
    ends
}

/// The newest execution that leads to a region, as its store tells somebody who asks.
pub(crate) async fn under_way(around: &Surroundings, target: &Region) -> Option<String> {
    let store = around.stores.of(target)?;
    let ids = journal::executions(&around.stores, store.as_ref()).await;
    for id in ids.ok()?.into_iter().rev() {
        let raw = journal::read(&around.stores, store.as_ref(), &id).await;
        let state = journal::fold(&id, &raw.ok()?).ok()?;
        if state.declared.is_some_and(|it| it.target == *target) {
            return Some(id);
        }
    }
    None
}

/// Takes a region from somebody for a while.
async fn cut_off(world: &World, way: Faulty, region: Region, from: Duration, to: Duration) -> Ends {
    let clock = &world.estate.clock;
    clock.sleep(from).await;
    way.lose(&region);
    clock.sleep(to.saturating_sub(from)).await;
    way.give_back(&region);
    Vec::new()
}

fn scenario(seed: u64, story: Story) -> Scenario {
    let mut scenario = Scenario::draw(seed);
    scenario.fate = match (story, scenario.fate) {
        (Story::Same | Story::Asleep | Story::Dies, Fate::Lost | Fate::ComesBack) => Fate::Lost,
        _ => Fate::Healthy,
    };
    if story == Story::Opposite {
        scenario.lag = Lag::Steady(1.0);
    }
    scenario
}

/// Two operators, as the story has them.
fn operators(world: &World, story: Story, random: &mut fastrand::Rng) -> [Operator; 2] {
    let lost = (world.scenario.fate == Fate::Lost).then(east);
    let mut operator = |number: u64, actor| {
        let way = world.way(number);
        if let Some(region) = &lost {
            way.lose(region);
        }
        Operator {
            actor,
            target: west(),
            lost: lost.clone(),
            skew: 0,
            starts: Duration::from_millis(random.u64(0..240_000)),
            way,
            random: random.fork(),
        }
    };
    let (mut ada, mut bob) = (operator(1, "ada"), operator(2, "bob"));
    ada.skew = world.scenario.skew;
    match story {
        Story::Same | Story::CutOff => {}
        Story::Opposite => bob.target = east(),
        Story::Declares => {
            bob.lost = Some(east());
            bob.way.lose(&east());
        }
        Story::Asleep | Story::Dies => ada.starts = Duration::ZERO,
        Story::NothingShared => {
            ada.lost = Some(east());
            ada.way.lose(&east());
            bob.target = east();
            bob.lost = Some(west());
            bob.way.lose(&west());
        }
    }
    [ada, bob]
}

/// Plays a story to its end, and then lets a third operator see it through.
fn tell(seed: u64, story: Story, world: &World) -> Result<Vec<String>, String> {
    let mut random = fastrand::Rng::with_seed(seed ^ 0xB0B);
    let [ada, bob] = operators(world, story, &mut random);
    let targets = [ada.target.clone(), bob.target.clone()];
    let ways = [ada.way.clone(), bob.way.clone()];
    let knows = |it: &Operator| Known {
        actor: it.actor.to_owned(),
        lost: it.lost.iter().cloned().collect(),
    };
    let nobody = Known {
        actor: "nobody".to_owned(),
        lost: Vec::new(),
    };
    let watch = Watch::new(world, vec![knows(&ada), knows(&bob), nobody]);
    let mut watch = watch.asleep(story == Story::Asleep);
    let seconds = |count| Duration::from_secs(count);
    let from = world.estate.clock.monotonic() + seconds(random.u64(0..400));
    let nap = (story == Story::Asleep).then(|| (from, from + seconds(random.u64(20..600))));
    let kill = (story == Story::Dies).then(|| random.usize(0..700));
    let (cut, whose) = (random.bool(), random.bool());
    let region = if cut { east() } else { west() };
    let way = if whose {
        ada.way.clone()
    } else {
        bob.way.clone()
    };
    let (start, end) = (random.u64(0..300), random.u64(5..400));
    let mut lives = vec![
        Life::new(operate(world, ada)).killed_at(kill).paused(nap),
        Life::new(operate(world, bob)),
    ];
    if story == Story::CutOff {
        let (from, to) = (seconds(start), seconds(start + end));
        lives.push(Life::new(cut_off(world, way, region, from, to)));
    }
    live(&world.estate.clock, &mut lives, |life, _| {
        watch.polled(life);
    });
    Tally::shape(world.scenario.shape);
    for (life, way) in lives.iter().zip(&ways) {
        Tally::run(life.output.is_none());
        Tally::way(way);
    }
    let mut found = watch.found;
    let mut words = Vec::new();
    for (life, target) in lives.iter().zip(&targets) {
        for end in life.output.iter().flatten() {
            words.push(format!("{}: {}", words.len(), in_words(end)));
            match end {
                Ok(execution) => found.extend(claims(world, target, execution)),
                Err(Refusal::Locked(message)) => found.extend(not_told(message)),
                Err(_) => {}
            }
        }
    }
    found.extend(left(world, true));
    found.extend(ranked(world, story, &lives));
    if story != Story::NothingShared {
        // Otherwise each may think that it is the first to move: then the two are told, see above.
        found.extend(adopted(world));
    }
    if found.is_empty() && !matches!(story, Story::Opposite | Story::NothingShared) {
        found.extend(see_through(world, &mut words));
    }
    if found.is_empty() {
        return Ok(words);
    }
    Err(format!(
        "{found:#?}\n{words:#?}\n{story:?}, replay with RECOVERY_SEED={seed}\n{:?}",
        world.scenario
    ))
}

pub(crate) fn in_words(end: &Result<Execution, Refusal>) -> String {
    match end {
        Ok(execution) => format!(
            "{} {} {:?}",
            execution.id,
            execution.end.name(),
            execution.message
        ),
        Err(refusal) => format!("{refusal:?}"),
    }
}

/// Whoever is refused learns who holds the lock, since when, and how to follow.
fn not_told(message: &recovery::message::Message) -> Option<String> {
    let gone = message.seen.contains("is not there any more");
    let who = ["ada", "bob"].iter().any(|who| message.seen.contains(who));
    let told = who && message.seen.contains(" since ") && message.next.contains("drctl watch");
    (!told && !gone).then(|| format!("the refused operator is told only: {message}"))
}

/// Without a store in common the epochs of the writers decide, and two that are the same are told.
fn ranked(world: &World, story: Story, lives: &[Life<'_, Ends>]) -> Vec<String> {
    let around = world.around(
        Arc::new(world.estate.fake.clone()),
        &std::collections::BTreeSet::new(),
    );
    let clock = &world.estate.clock;
    let epochs = clock.drive(epoch::read(&around.stores)).expect("it ends");
    let completed = |life: &Life<'_, Ends>| {
        let ends = life.output.iter().flatten().flatten();
        ends.filter_map(|execution| execution.epoch).max()
    };
    let both: Vec<_> = lives.iter().filter_map(completed).collect();
    let mut found = Vec::new();
    if story == Story::NothingShared {
        let same = both.len() == 2 && both[0] == both[1];
        if same != epochs.rival.is_some() {
            found.push(format!("completed {both:?}, told {epochs:?}"));
        }
    } else if epochs.rival.is_some() {
        found.push(format!("two executions completed one epoch: {epochs:?}"));
    }
    let highest = both.iter().max().copied().unwrap_or_default();
    if epochs.highest.as_ref().map_or(0, |record| record.epoch) < highest {
        found.push(format!(
            "epoch {highest} was completed, the stores say {epochs:?}"
        ));
    }
    found
}

/// A writer that was left, and that nothing has followed since, never becomes the active one again: what was written
/// meanwhile is not in it.
fn adopted(world: &World) -> Option<String> {
    let fake = &world.estate.fake;
    let epoch = |region: &Region, id| {
        let instance = fake.truth(region, id)?;
        let tag = instance.tags.get("dr:epoch")?;
        tag.parse::<u64>().ok()
    };
    if fake.effects("PromoteReadReplica") == 0 {
        return None;
    }
    let (old, new) = (
        epoch(&east(), "moleculeflow-prod"),
        epoch(&west(), "moleculeflow-replica"),
    );
    (old >= new && old.is_some()).then(|| {
        format!("the writer that was left carries epoch {old:?}, the promoted one {new:?}")
    })
}

/// After all that, somebody for whom nothing is in the way gets there.
fn see_through(world: &World, words: &mut Vec<String>) -> Vec<String> {
    let lost = world.scenario.fate == Fate::Lost;
    let way = world.calm_way();
    for _ in 0..4 {
        let epoch = super::invariants::epoch(world) + 1;
        let mut order = world.order_to(&west(), "carol", lost.then(east), epoch);
        order.resume = newest(world, &west());
        let mut ran = one_run(world, &way, &order, None, |_| {});
        if matches!(&ran.end, Some(Err(Refusal::Unfit(message))) if message.seen.contains("was to complete epoch"))
        {
            order.resume = None;
            ran = one_run(world, &way, &order, None, |_| {});
        }
        words.push(format!(
            "carol: {}",
            ran.end.as_ref().map_or_else(String::new, in_words)
        ));
        let mut found = ran.found;
        found.extend(left(world, true));
        if !found.is_empty() {
            return found;
        }
        if matches!(&ran.end, Some(Err(Refusal::Unfit(message))) if message.seen.contains("is active already")
            && super::invariants::epoch(world) > 0)
        {
            return Vec::new();
        }
        match judge(world, ran.end.as_ref()) {
            Ok(Some(_)) => return Vec::new(),
            Ok(None) => {}
            Err(what) => return vec![what],
        }
    }
    vec!["the third operator never got there".to_owned()]
}

/// The story of a seed, played by the real engine or by one with a mistake.
pub(crate) fn of_seed(seed: u64, mistake: Option<Mistake>) -> Result<Vec<String>, String> {
    let place = usize::try_from(seed % STORIES.len() as u64).expect("a few");
    play(seed, STORIES[place], mistake)
}

pub(crate) fn play(
    seed: u64,
    story: Story,
    mistake: Option<Mistake>,
) -> Result<Vec<String>, String> {
    let mut world = World::new(scenario(seed, story));
    if let Some(mistake) = mistake {
        world.play_with(mistake);
    }
    tell(seed, story, &world)
}

#[test]
fn two_operators_never_both_start_what_cannot_be_undone_and_a_third_gets_there() {
    all_worlds("two operators", 0..105, |seed| {
        of_seed(seed, None).map(|_| ())
    });
}
