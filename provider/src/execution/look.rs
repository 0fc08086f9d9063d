//! Looks at a plan's world and its stores: who is active, what was published, which execution is the newest.

use std::collections::BTreeMap;
use std::time::Duration;

use aws::Region;
use recovery::engine::{Past, Record, Seen, Surroundings, who_is_active};
use recovery::epoch;
use recovery::kind::Role;
use recovery::message::Message;
use recovery::publication::{self, Pointed};

/// No look takes longer: every call in it is bounded already, this bounds all of them together.
const LONGEST_LOOK: Duration = Duration::from_mins(3);

/// What was seen.
#[derive(Debug)]
pub(crate) struct View {
    /// Who is active, by the plan's authority, and the completed role changes.
    pub(crate) seen: Seen,
    /// The document that each store points to.
    pub(crate) pointed: Pointed,
    /// The newest executions.
    pub(crate) past: Past,
    lost: Vec<Region>,
}

/// The active region, as far as it could be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Active {
    /// This one.
    Region(Region),
    /// Who could tell is declared lost, and everybody else answered.
    Lost,
    /// Nobody could tell; why.
    Silent(String),
    /// Two writers that nothing ranks; which.
    Several(String),
}

/// Looks, within a bound.
///
/// # Errors
/// When no store answers, or one of the newest journals is broken.
pub(crate) async fn look(around: &Surroundings) -> Result<View, Message> {
    let clock = &around.means.clock;
    tokio::select! {
        biased;
        looked = look_at_all(around) => looked,
        () = clock.sleep(LONGEST_LOOK) => Err(Message::new(
            format!("no answer within {} s", LONGEST_LOOK.as_secs()),
            "answers of the plan's regions and stores",
            "declare lost what does not answer, or try again",
        )),
    }
}

async fn look_at_all(around: &Surroundings) -> Result<View, Message> {
    let lost = around.stores.lost();
    let declared = lost.iter().cloned().collect();
    let (activity, epochs, pointed, past) = tokio::join!(
        who_is_active(&around.document, &declared, &around.means),
        epoch::read(&around.stores),
        publication::pointed(&around.stores),
        around.past(),
    );
    Ok(View {
        seen: Seen { activity, epochs },
        pointed,
        past: past?,
        lost,
    })
}

impl View {
    /// The active region. Of two writers it is the one that the highest epoch names.
    pub(crate) fn active(&self, authority: &str) -> Active {
        if let Some(active) = &self.seen.activity.active {
            return Active::Region(active.clone());
        }
        let roles = self.seen.activity.roles.get(authority);
        let serving = self.serving(authority);
        // Silence where nobody is declared lost is not loss: whoever is silent may serve.
        let mut asked = roles.into_iter().flat_map(BTreeMap::values);
        let unanswered = asked.any(|role| matches!(role, Role::Unknown(_)));
        // Where two executions completed one epoch, it ranks nobody.
        let ranked = self.seen.epochs.active().ok().flatten();
        let by_epoch = serving
            .iter()
            .find(|region| ranked.as_ref() == Some(**region));
        match (by_epoch, serving.as_slice()) {
            (Some(region), _) => Active::Region((*region).clone()),
            (None, [_, _, ..]) => Active::Several(self.seen.activity.because.clone()),
            _ if !self.lost.is_empty() && !unanswered => Active::Lost,
            _ => Active::Silent(self.silence(authority)),
        }
    }

    /// What the authority is in each region.
    fn roles(&self, authority: &str) -> impl Iterator<Item = (&Region, &Role)> {
        self.seen
            .activity
            .roles
            .get(authority)
            .into_iter()
            .flatten()
    }

    /// The regions in which the authority serves.
    pub(crate) fn serving(&self, authority: &str) -> Vec<&Region> {
        let serving = self
            .roles(authority)
            .filter(|(_, role)| **role == Role::Active);
        serving.map(|(region, _)| region).collect()
    }

    /// The regions that were asked and did not answer: who is active, or what is published.
    pub(crate) fn silent(&self, authority: &str) -> Vec<&Region> {
        let roles = self
            .roles(authority)
            .filter(|(_, role)| matches!(role, Role::Unknown(_)));
        let stores = self.pointed.iter().filter(|(_, answer)| answer.is_err());
        let regions = roles.map(|(region, _)| region);
        let mut regions: Vec<&Region> = regions.chain(stores.map(|(region, _)| region)).collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }

    /// Why nobody could tell.
    fn silence(&self, authority: &str) -> String {
        let roles = self.seen.activity.roles.get(authority);
        let unknown = roles.into_iter().flatten().filter_map(|(region, role)| {
            let Role::Unknown(why) = role else {
                return None;
            };
            Some(format!("{region}: {why}"))
        });
        let mut parts = vec![self.seen.activity.because.clone()];
        parts.extend(unknown);
        parts.join("; ")
    }

    /// The failover or switchover that was begun and has not come to its end.
    pub(crate) fn unfinished(&self, digest: &str) -> Option<&Record> {
        let highest = self.seen.epochs.highest.as_ref();
        self.past.unfinished(digest, highest)
    }

    /// Whether no store that answers points to a document.
    pub(crate) fn is_unpublished(&self) -> bool {
        let mut answers = self.pointed.values();
        answers.all(|answer| matches!(answer, Ok(None)))
    }
}

/// What an unfinished execution is, since when and by whom.
pub(crate) fn under_way(record: &Record) -> String {
    let declared = record.state.declared.as_ref();
    let what = declared.map_or_else(String::new, |it| {
        format!(
            " ({} to {}, declared at {})",
            it.mode, it.target, it.declared_at
        )
    });
    let actor = record.state.actor.as_deref().unwrap_or("somebody");
    format!(
        "execution {}{what} of {actor} is {}",
        record.id,
        record.status()
    )
}
