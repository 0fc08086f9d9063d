//! What a journal comes to, and what shows when somebody changed it.

use std::collections::BTreeSet;

use recovery::journal::{
    Anchor, CommandNote, Copy, Note, Observed, Phase, Problem, Raw, TakeoverNote, fold, verify,
};
use recovery::mode::Mode;

use crate::journal::{declared, entries, lock, open, whole};
use crate::world::{World, east, seconds, west};

fn story(world: &World) -> Vec<Raw> {
    let stores = world.calm();
    let step = |phase, outcome: Option<&str>| Note {
        outcome: outcome.map(str::to_owned),
        operation: Some("rds PromoteReadReplica orders-replica".into()),
        observed: Some(Observed::line("orders-replica: available, follows orders")),
        duration_millis: Some(61_000),
        ..Note::of_step(phase, "database")
    };
    let keyed = |phase, key: &str| Note {
        key: Some(key.into()),
        outcome: (phase == Phase::Answered).then(|| "accepted".to_owned()),
        ..Note::of_step(phase, "hook")
    };
    let took_over = TakeoverNote {
        store: "s3://dr/orders/".into(),
        from: Some("bob".into()),
        execution: Some("e0".into()),
        since: None,
        at: None,
        silent_millis: 30_000,
    };
    let command = CommandNote {
        id: "01ARZ3NDEKTSV4RRFFQ69G5FAV".into(),
        order: "skip mail".into(),
        by: "carol".into(),
        reason: Some("no mail".into()),
    };
    let notes = vec![
        declared(),
        Note {
            takeover: Some(took_over),
            ..Note::new(Phase::TookOver)
        },
        step(Phase::Performing, None),
        step(Phase::Answered, Some("accepted")),
        keyed(Phase::Performing, "k1"),
        keyed(Phase::Answered, "k1"),
        keyed(Phase::Performing, "k2"),
        step(Phase::Done, Some("done")),
        Note {
            command: Some(command),
            step: Some("mail".into()),
            ..Note::new(Phase::Obeyed)
        },
        Note::of_step(Phase::Skipped, "mail"),
        Note::new(Phase::Paused),
        Note {
            epoch: Some(3),
            ..Note::new(Phase::Epoch)
        },
        Note {
            outcome: Some("done_unfenced".into()),
            ..Note::new(Phase::Ended)
        },
    ];
    world.run(async {
        let held = lock("alice", &stores).await;
        let (journal, _) = open(&stores, &held).await;
        for note in notes {
            journal.append(note).await.unwrap();
        }
    });
    entries(world)
}

#[test]
fn a_journal_folds_into_what_people_decided_and_where_the_steps_are() {
    let world = World::new();
    let entries = story(&world);
    let state = fold("e1", &entries).unwrap();
    let declared = state.declared.as_ref().unwrap();
    assert_eq!(
        (declared.mode, &declared.target, declared.epoch),
        (Mode::Failover, &west(), 3)
    );
    assert_eq!(declared.lost, BTreeSet::from([east()]));
    assert_eq!(
        declared.lost_at,
        Some("2026-08-01T11:50:00Z".parse().unwrap())
    );
    let database = &state.steps["database"];
    assert_eq!(database.phase, Phase::Done);
    assert_eq!(database.duration, Some(seconds(61)));
    assert_eq!(database.operations.len(), 1);
    assert_eq!(state.steps["mail"].phase, Phase::Skipped);
    let unanswered: Vec<_> = state
        .unanswered()
        .map(|(step, act)| (step, act.key.as_str()))
        .collect();
    assert_eq!(unanswered, [("hook", "k2")]);
    let past = state.past("hook");
    assert_eq!(
        (past.len(), past[0].answer.as_deref()),
        (2, Some("accepted"))
    );
    assert_eq!(state.takeovers[0].from.as_deref(), Some("bob"));
    assert!(state.obeyed.contains("01ARZ3NDEKTSV4RRFFQ69G5FAV") && state.paused);
    assert_eq!(state.completed_epoch, Some(3));
    assert_eq!(state.ended.as_ref().unwrap().0, "done_unfenced");
    assert_eq!(state.entries, 13);
}

#[test]
fn every_change_of_an_entry_but_the_last_shows_by_itself_and_of_the_last_against_a_copy() {
    let world = World::new();
    let entries = story(&world);
    let last = entries.len() - 1;
    let copy = Copy {
        place: "s3://copy/",
        entries: &entries,
    };
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..500 {
        let mut edited = entries.clone();
        let index = random.usize(0..edited.len());
        let bytes = &mut edited[index].bytes;
        let at = random.usize(0..bytes.len());
        bytes[at] = bytes[at].wrapping_add(random.u8(1..=255));
        let alone = verify("e1", &edited, &[], &[]);
        assert!(index == last || !alone.problems.is_empty(), "{index} {at}");
        let compared = verify("e1", &edited, std::slice::from_ref(&copy), &[]);
        let differs = Problem::Differs {
            number: entries[index].number,
            place: "s3://copy/".into(),
        };
        assert!(compared.problems.contains(&differs), "{compared:?}");
    }
}

#[test]
fn gaps_swaps_strangers_and_cuts_are_named_and_what_cannot_be_told_is_said() {
    let world = World::new();
    let entries = story(&world);
    let fine = whole(&entries);
    assert!(
        fine.cannot_tell
            .iter()
            .any(|it| it.contains("entry 13 was changed")),
        "{fine:?}"
    );

    let short = Copy {
        place: "s3://copy/",
        entries: &entries[..9],
    };
    let behind = verify("e1", &entries, &[short], &[]);
    assert!(behind.problems.is_empty(), "{behind:?}");
    assert!(
        behind
            .cannot_tell
            .iter()
            .any(|it| it.starts_with("whether entries 10 to 13 were cut off in s3://copy/")),
        "{behind:?}"
    );

    let mut gap = entries.clone();
    gap.remove(4);
    assert!(
        verify("e1", &gap, &[], &[])
            .problems
            .contains(&Problem::Missing { number: 5 })
    );
    assert!(
        fold("e1", &gap)
            .unwrap_err()
            .seen
            .contains("entry 5 is missing")
    );

    let mut swapped = entries.clone();
    let (a, b) = (swapped[2].bytes.clone(), swapped[3].bytes.clone());
    (swapped[2].bytes, swapped[3].bytes) = (b, a);
    let problems = verify("e1", &swapped, &[], &[]).problems;
    assert!(
        matches!(problems[0], Problem::Misplaced { number: 3, .. }),
        "{problems:?}"
    );

    let stranger = verify("e2", &entries, &[], &[]).problems;
    assert!(
        matches!(stranger[0], Problem::Misplaced { number: 1, .. }),
        "{stranger:?}"
    );

    let cut = &entries[..10];
    let alone = verify("e1", cut, &[], &[]);
    assert_eq!(alone.problems, []);
    assert!(
        alone.cannot_tell.iter().any(|it| it.contains("cut off")),
        "{alone:?}"
    );
    let copy = Copy {
        place: "s3://copy/",
        entries: &entries,
    };
    let compared = verify("e1", cut, &[copy], &[]).problems;
    assert!(
        matches!(&compared[0], Problem::CutOff { number: 11, .. }),
        "{compared:?}"
    );

    let head = fold("e1", &entries).unwrap().head.unwrap();
    let anchor = |hash: &str| Anchor {
        place: "the epoch of us-east-1".into(),
        number: 13,
        hash: hash.into(),
    };
    let anchored = verify("e1", &entries, &[], &[anchor(&head)]);
    assert_eq!(
        (anchored.problems.len(), anchored.cannot_tell.len()),
        (0, 0),
        "{anchored:?}"
    );
    assert!(matches!(
        verify("e1", &entries, &[], &[anchor("00")]).problems[0],
        Problem::Differs { .. }
    ));
    assert!(matches!(
        verify("e1", cut, &[], &[anchor(&head)]).problems[0],
        Problem::CutOff { .. }
    ));
}
