//! Each row of the contract, and properties that hold over all situations.

use proptest::prelude::*;

use super::{Decision, Prior, Situation, WhenLost, World, decide};

/// `replica -> primary` exists, the way back does not; `east <-> west` stand for roles that go both ways.
fn possible(from: &str, to: &str) -> bool {
    !(from == "primary" && to == "replica")
}

fn situation<'a>(prior: Option<&'a str>, configured: &'a str, world: &'a str) -> Situation<'a> {
    Situation {
        prior: prior.map(|last_applied| Prior {
            last_applied,
            imported: false,
        }),
        configured: Some(configured),
        from: None,
        world: World::Role(world),
        under_way: None,
        destroying: false,
        when_lost: WhenLost::Refuse,
        possible,
    }
}

fn named(role: &str) -> Decision {
    Decision::NameTheRole {
        observed: role.to_owned(),
    }
}

#[test]
fn row_01_adopts_what_already_is() {
    assert_eq!(
        decide(&situation(None, "primary", "primary")),
        Decision::Adopt
    );
}

#[test]
fn row_02_refuses_a_change_without_a_past() {
    assert_eq!(
        decide(&situation(None, "primary", "replica")),
        named("replica")
    );
    let wrong = Situation {
        from: Some("east"),
        ..situation(None, "primary", "replica")
    };
    assert_eq!(decide(&wrong), named("replica"));
}

#[test]
fn row_03_acts_when_the_present_role_is_named() {
    let s = Situation {
        from: Some("replica"),
        ..situation(None, "primary", "replica")
    };
    assert_eq!(decide(&s), Decision::Execute);
}

#[test]
fn row_04_leaves_what_is_right() {
    assert_eq!(
        decide(&situation(Some("primary"), "primary", "primary")),
        Decision::Keep
    );
}

#[test]
fn row_05_reports_a_change_outside_and_plans_nothing() {
    let observed = "primary".to_owned();
    assert_eq!(
        decide(&situation(Some("replica"), "replica", "primary")),
        Decision::ChangedOutside { observed }
    );
}

#[test]
fn row_06_lets_the_code_follow_the_world() {
    assert_eq!(
        decide(&situation(Some("replica"), "primary", "primary")),
        Decision::Follow
    );
}

#[test]
fn row_07_acts_on_an_edit() {
    assert_eq!(
        decide(&situation(Some("replica"), "primary", "replica")),
        Decision::Execute
    );
    let s = Situation {
        from: Some("north"),
        ..situation(Some("east"), "west", "north")
    };
    assert_eq!(decide(&s), Decision::Execute);
}

#[test]
fn row_08_refuses_an_edit_over_a_third_role() {
    assert_eq!(
        decide(&situation(Some("east"), "west", "north")),
        named("north")
    );
}

#[test]
fn row_09_resumes_whatever_the_state_says() {
    for prior in [None, Some("replica"), Some("primary")] {
        let s = Situation {
            under_way: Some("primary"),
            ..situation(prior, "primary", "replica")
        };
        assert_eq!(decide(&s), Decision::Resume, "{prior:?}");
    }
}

#[test]
fn row_10_refuses_to_cross_a_change_under_way() {
    let s = Situation {
        under_way: Some("primary"),
        ..situation(Some("replica"), "replica", "replica")
    };
    assert_eq!(
        decide(&s),
        Decision::Busy {
            target: "primary".to_owned()
        }
    );
    let unseen = Situation {
        world: World::Unreachable,
        ..s
    };
    assert_eq!(
        decide(&unseen),
        Decision::Busy {
            target: "primary".to_owned()
        },
        "10 counts before 14"
    );
}

#[test]
fn row_11_forgets_but_not_in_the_middle() {
    let s = Situation {
        destroying: true,
        ..situation(Some("primary"), "primary", "primary")
    };
    assert_eq!(decide(&s), Decision::Forget);
    let busy = Situation {
        under_way: Some("primary"),
        ..s
    };
    assert_eq!(
        decide(&busy),
        Decision::Busy {
            target: "primary".to_owned()
        }
    );
    let unseen = Situation {
        world: World::Unreachable,
        ..s
    };
    assert_eq!(decide(&unseen), Decision::Forget, "forgetting asks nobody");
}

#[test]
fn row_12_an_import_vouches_for_nothing() {
    let imported = |configured, world| Situation {
        prior: Some(Prior {
            last_applied: "replica",
            imported: true,
        }),
        ..situation(None, configured, world)
    };
    assert_eq!(decide(&imported("replica", "replica")), Decision::Keep);
    assert_eq!(decide(&imported("primary", "replica")), named("replica"));
    let said = Situation {
        from: Some("replica"),
        ..imported("primary", "replica")
    };
    assert_eq!(decide(&said), Decision::Execute);
    let observed = "primary".to_owned();
    assert_eq!(
        decide(&imported("replica", "primary")),
        Decision::ChangedOutside { observed }
    );
}

#[test]
fn row_13_a_lost_region_changes_nothing_here_and_may_be_left_behind_elsewhere() {
    let s = Situation {
        world: World::Lost,
        ..situation(Some("replica"), "replica", "")
    };
    assert_eq!(decide(&s), Decision::KeepUnseen);
    let edited = Situation {
        world: World::Lost,
        ..situation(Some("replica"), "primary", "")
    };
    assert_eq!(decide(&edited), Decision::LostHere);
    let elsewhere = Situation {
        when_lost: WhenLost::Proceed,
        ..edited
    };
    assert_eq!(decide(&elsewhere), Decision::Execute);
}

#[test]
fn row_14_silence_is_an_error_unless_declared() {
    let s = Situation {
        world: World::Unreachable,
        ..situation(Some("replica"), "replica", "")
    };
    assert_eq!(decide(&s), Decision::Unreachable);
}

#[test]
fn row_15_names_the_way_back() {
    let impossible = Decision::Impossible {
        observed: "primary".to_owned(),
    };
    assert_eq!(
        decide(&situation(Some("primary"), "replica", "primary")),
        impossible
    );
    assert_eq!(decide(&situation(None, "replica", "primary")), impossible);
}

#[test]
fn what_is_not_known_yet_is_deferred() {
    let s = Situation {
        configured: None,
        ..situation(Some("replica"), "", "replica")
    };
    assert_eq!(decide(&s), Decision::Defer);
    let s = Situation {
        world: World::NotYet,
        ..situation(Some("replica"), "primary", "")
    };
    assert_eq!(decide(&s), Decision::Defer);
}

fn role() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("replica"), Just("primary"), Just("east"), Just("west")]
}

fn any_situation() -> impl Strategy<Value = Situation<'static>> {
    let world = prop_oneof![
        role().prop_map(World::Role),
        Just(World::Lost),
        Just(World::Unreachable),
        Just(World::NotYet)
    ];
    let prior = proptest::option::of((role(), any::<bool>()));
    (
        prior,
        proptest::option::of(role()),
        proptest::option::of(role()),
        world,
        proptest::option::of(role()),
        any::<bool>(),
    )
        .prop_map(
            |(prior, configured, from, world, under_way, destroying)| Situation {
                prior: prior.map(|(last_applied, imported)| Prior {
                    last_applied,
                    imported,
                }),
                configured,
                from,
                world,
                under_way,
                destroying,
                when_lost: WhenLost::Refuse,
                possible,
            },
        )
}

proptest! {
    /// A role changes only where somebody asked for it: the code was edited, the present role was named, or it is already under way.
    #[test]
    fn acts_only_on_somebodys_word(s in any_situation()) {
        if decide(&s).acts() {
            let edited = s.prior.is_some_and(|p| Some(p.last_applied) != s.configured);
            let World::Role(observed) = s.world else {
                prop_assert!(s.under_way.is_some());
                return Ok(());
            };
            prop_assert!(edited || s.from == Some(observed) || s.under_way == s.configured);
        }
    }

    /// Nothing is ever done to a world that was not seen.
    #[test]
    fn never_acts_blind(s in any_situation()) {
        if matches!(s.world, World::Unreachable | World::NotYet) {
            prop_assert!(!decide(&s).acts());
        }
    }

    /// Once applied, the same configuration over the same world plans nothing.
    #[test]
    fn is_quiet_after_it_was_applied(s in any_situation()) {
        let Some(configured) = s.configured else { return Ok(()) };
        let after = Situation {
            prior: Some(Prior { last_applied: configured, imported: false }),
            world: World::Role(configured),
            under_way: None,
            destroying: false,
            ..s
        };
        prop_assert_eq!(decide(&after), Decision::Keep);
    }
}
