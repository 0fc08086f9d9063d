//! Whether an order fits the plan, what it goes on with, and the world as it was seen; pure.

use aws::Region;

use super::active::Activity;
use super::{Order, Refusal, Surroundings};
use crate::epoch::EpochRecord;
use crate::journal::Declared;
use crate::kind::Role;
use crate::message::Message;
use crate::mode::Mode;
use crate::next_move;

/// Refuses to go on with an execution that another one has come after; pure.
pub(super) fn over(
    id: &str,
    declared: &Declared,
    highest: Option<&EpochRecord>,
) -> Result<(), Refusal> {
    let later = highest.filter(|record| record.epoch >= declared.epoch && record.execution != id);
    let Some(later) = later else {
        return Ok(());
    };
    Err(Refusal::Unfit(Message::new(
        format!(
            "execution {id} was to complete epoch {}; since then {} completed epoch {} and made {} active",
            declared.epoch, later.execution, later.epoch, later.active
        ),
        "an execution that nothing has come after",
        format!(
            "begin another one with {}: it starts from what is seen now",
            next_move::run(declared.mode, &declared.target)
        ),
    )))
}

/// Whether an order fits the plan and what it goes on with; pure.
pub(super) fn fits(
    around: &Surroundings,
    order: &Order,
    earlier: Option<&Declared>,
) -> Result<(), Refusal> {
    let document = &around.document;
    let known: Vec<&str> = document.regions.iter().map(Region::as_str).collect();
    let refuse = |seen: String, expected: String, next: &str| {
        Err(Refusal::Unfit(Message::new(seen, expected, next)))
    };
    if order.mode == Mode::Drill {
        return refuse(
            "a drill".to_owned(),
            "failover, switchover or reprotect: a drill could touch what production uses"
                .to_owned(),
            "drctl plan check --to REGION --plan FILE shows what every step would do, and changes nothing",
        );
    }
    for region in std::iter::once(&order.target).chain(&order.lost) {
        if !document.regions.contains(region) {
            let seen = format!("{region} is no region of the plan {}", document.name);
            return refuse(seen, known.join(", "), "name one of them");
        }
    }
    if order.lost.contains(&order.target) {
        let seen = format!("{} is to become active and is declared lost", order.target);
        return refuse(
            seen,
            "a target that answers".to_owned(),
            "choose another target, or take it off the lost ones",
        );
    }
    if order.mode == Mode::Switchover && !order.lost.is_empty() {
        let lost: Vec<&str> = order.lost.iter().map(Region::as_str).collect();
        let seen = format!("a switchover with {} lost", lost.join(", "));
        return refuse(
            seen,
            "both regions healthy: a switchover loses nothing".to_owned(),
            "use --mode failover; in Terraform mode = \"failover\", or the action dr_failover",
        );
    }
    if let Some(earlier) = earlier {
        if earlier.digest != around.digest {
            let seen = format!(
                "the execution was begun with the document {}, this is {}",
                earlier.digest, around.digest
            );
            return refuse(
                seen,
                "the same document to the end".to_owned(),
                "resume it with the document that it was begun with, or abort it and begin anew",
            );
        }
        if earlier.mode != order.mode || earlier.target != order.target {
            let seen = format!("the execution is a {} to {}", earlier.mode, earlier.target);
            return refuse(
                seen,
                format!("a {} to {}", order.mode, order.target),
                "resume it as it is, or abort it and begin another one",
            );
        }
    }
    Ok(())
}

/// Whether what is asked for makes sense in the world as it was seen; pure.
pub(super) fn refuse_what_is(
    order: &Order,
    activity: &Activity,
    from: Option<&Region>,
    highest: Option<&EpochRecord>,
    primary: bool,
) -> Result<(), Refusal> {
    let moves = matches!(order.mode, Mode::Failover | Mode::Switchover);
    if moves
        && activity.active.as_ref() == Some(&order.target)
        && activity.divergent_steps.is_empty()
    {
        let finish = format!(
            "{} finishes the one that has come so far, and writes its epoch",
            next_move::resume("ID")
        );
        let next = match highest {
            Some(record) if record.active != order.target.as_str() => format!(
                "epoch {} made {} active, and none has come after it: {finish}; where there is none, {} holds nothing \
                 that was written since",
                record.epoch, record.active, order.target
            ),
            None if !primary => format!("no execution wrote so: {finish}"),
            _ => format!(
                "nothing to do; {} shows where every step stands",
                next_move::status()
            ),
        };
        return Err(Refusal::Unfit(Message::new(
            format!("{} is active already: {}", order.target, activity.because),
            "a region that is not active",
            next,
        )));
    }
    // By what serves, or by what was completed last: where the two differ, either may be right.
    let by_epoch = highest.map(|record| record.active.as_str());
    let serves = activity.active.as_ref().map(Region::as_str);
    let known = [serves, by_epoch].into_iter().flatten();
    if order.mode == Mode::Reprotect
        && let Some(active) = known.clone().next()
        && !known.into_iter().any(|it| it == order.target.as_str())
    {
        return Err(Refusal::Unfit(Message::new(
            format!(
                "{active} is active, not {}: {}",
                order.target, activity.because
            ),
            "the active region as the target: a reprotect makes the others follow it, and overwrites what they hold",
            format!("drctl run --plan FILE --mode reprotect --to {active}"),
        )));
    }
    if order.mode == Mode::Switchover && from.is_none() {
        return Err(Refusal::Unfit(Message::new(
            activity.because.clone(),
            "an active region that answers: a switchover loses nothing",
            "use --mode failover; in Terraform mode = \"failover\", or the action dr_failover",
        )));
    }
    Ok(())
}

/// Refuses to begin towards the region that is active by the epoch, or by design where there is none, while the authority
/// cannot be asked there: what serves would be taken for promoted. Pure.
pub(super) fn refuse_unseen(
    order: &Order,
    authority: &str,
    activity: &Activity,
    highest: Option<&EpochRecord>,
    primary: bool,
) -> Result<(), Refusal> {
    let target = &order.target;
    let moves = matches!(order.mode, Mode::Failover | Mode::Switchover);
    let roles = activity.roles.get(authority);
    let role = roles.and_then(|roles| roles.get(target));
    let by_epoch = highest.map_or(primary, |record| record.active == target.as_str());
    let why = match role {
        Some(Role::Unknown(why)) => why.as_str(),
        Some(_) => return Ok(()),
        None => "it was not answered",
    };
    if !moves || !by_epoch || activity.active.is_some() {
        return Ok(());
    }
    let known = match highest {
        Some(record) => format!("by epoch {}", record.epoch),
        None => "by design, and no failover has been completed".to_owned(),
    };
    Err(Refusal::NoAnswer(Message::new(
        format!("{target} is active {known}, and {authority} could not be asked there: {why}"),
        "a region that is not active",
        format!(
            "run it again when the authority answers; {} shows where every step stands",
            next_move::status()
        ),
    )))
}

/// Refuses to begin towards a region whose authority neither serves nor waits: it was fenced, or another writer of a
/// higher epoch has come after it, and what was written since is not in it. Nothing would be copied to it: it would
/// only be called active. Pure.
pub(super) fn refuse_a_second_writer(
    order: &Order,
    authority: &str,
    activity: &Activity,
) -> Result<(), Refusal> {
    let moves = matches!(order.mode, Mode::Failover | Mode::Switchover);
    let roles = activity.roles.get(authority);
    let role = roles.and_then(|roles| roles.get(&order.target));
    if !moves || role != Some(&Role::Neither) {
        return Ok(());
    }
    let target = &order.target;
    Err(Refusal::Unfit(Message::new(
        format!(
            "{authority} neither serves nor waits in {target}; {}",
            activity.because
        ),
        format!("{target} following the active region, so that it holds what was written there"),
        format!(
            "{} builds the replication to it again; an execution that is under way goes on with {}",
            next_move::reprotect(activity.active.as_ref()),
            next_move::resume("ID")
        ),
    )))
}
