//! Rows of the role contract for `dr_failover` crossed with what else may befall a root: tainted, replaced, its state lost,
//! a saved plan that the world overtook, two applies at once. Rows in Terraform's ways to plan are in `failover_rows`.

use crate::failover::{Estate, consented, lose, state};
use crate::failover_rows::WAYS;
use crate::failover_together::both_apply_and_one_promotes;
use crate::harness::Root;
use crate::interruptions::{apply_in_the_background, ended, signal, until_promoting};

const NO_CHANGES: &str = "No changes. Your infrastructure matches the configuration";
const ADDRESS: &str = "dr_failover.orders";
const REPLACE: &str = "-replace=dr_failover.orders";
const WEST: &str = "from = \"us-west-2\"";
const EAST: &str = "from = \"us-east-1\"";

/// A root that has published the plan and holds nothing else; the east is lost.
fn published(estate: &Estate) -> Root {
    let mut root = Root::new(&estate.plan());
    root.apply(&[]).ok(&["1 added"]);
    lose(&mut root);
    root
}

/// A root that holds the east, which is lost.
fn lost(estate: &Estate) -> Root {
    let mut root = estate.held();
    lose(&mut root);
    root
}

/// A root whose failover to the west was killed in the middle of its promotion.
fn killed(estate: &Estate) -> Root {
    let root = lost(estate);
    root.write(&estate.both("us-west-2", &consented()));
    let child = apply_in_the_background(&root);
    until_promoting(&estate.databases);
    signal("-KILL", &format!("-{}", child.id()));
    ended(child);
    root
}

fn forgotten(root: &Root) {
    root.run(&["state", "rm", ADDRESS]).ok(&[]);
}

#[test]
fn row_01_a_saved_adoption_of_what_is_no_longer_active_is_refused() {
    let estate = Estate::new();
    let mut root = Root::new(&estate.plan());
    root.apply(&[]).ok(&["1 added"]);
    root.write(&estate.both("us-east-1", ""));
    root.plan(&["-out=saved"]).ok(&["adopted", "1 to add"]);
    estate.fail_over_outside();
    lose(&mut root);
    root.run(&["apply", "-no-color", "saved"]).fails(&[WEST]);
    assert!(state(&root).is_null());
    assert_eq!(estate.databases.promotions(), 1, "the one outside");
}

#[test]
fn rows_02_and_03_tainted_or_replaced_it_is_done_once_the_region_is_named() {
    let estate = Estate::new();
    let root = lost(&estate);
    root.write(&estate.both("us-west-2", &consented()));
    for way in WAYS {
        root.plan(way).ok(&["Cannot be undone", "1 to change"]);
    }
    root.plan(&[REPLACE]).fails(&[EAST]);
    let named = estate.both("us-west-2", &format!("{EAST}\n{}", consented()));
    root.write(&named);
    root.plan(&[REPLACE])
        .ok(&["Cannot be undone", "1 to add, 0 to change, 1 to destroy"]);
    root.run(&["taint", ADDRESS]).ok(&[]);
    root.write(&estate.both("us-west-2", &consented()));
    for way in WAYS {
        root.plan(way).fails(&[EAST]);
    }
    root.write(&named);
    root.apply(&[]).ok(&["1 added, 0 changed, 1 destroyed"]);
    assert_eq!(state(&root)["last_applied"], "us-west-2");
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    // Row 13: the way back leads into the region that is lost.
    root.write(&estate.both("us-east-1", "mode = \"failover\""));
    for way in WAYS {
        root.plan(way).fails(&[
            "us-east-1 cannot become active: it is declared lost",
            "unset DR_LOST_REGIONS",
            "active_region = \"us-west-2\"",
        ]);
    }
    assert_eq!(estate.databases.promotions(), 1);
}

#[test]
fn row_03_a_saved_create_adopts_what_somebody_did_meanwhile() {
    let estate = Estate::new();
    let root = published(&estate);
    root.write(&estate.both("us-west-2", &format!("{EAST}\n{}", consented())));
    root.plan(&["-out=saved"])
        .ok(&["Cannot be undone", "1 to add"]);
    estate.fail_over_outside();
    root.run(&["apply", "-no-color", "saved"]).ok(&["1 added"]);
    assert_eq!(state(&root)["execution_status"], "adopted");
    assert_eq!(estate.databases.promotions(), 1, "the one outside");
}

#[test]
fn row_03_of_two_creates_at_once_one_executes() {
    let estate = Estate::new();
    let roots = [published(&estate), published(&estate)];
    for root in &roots {
        root.write(&estate.both("us-west-2", &format!("{EAST}\n{}", consented())));
    }
    both_apply_and_one_promotes(&estate, &roots);
}

#[test]
fn rows_05_and_06_forgotten_after_a_failover_outside_the_region_has_to_be_named_or_followed() {
    let estate = Estate::new();
    let mut root = estate.held();
    let mut other = estate.held();
    estate.fail_over_outside();
    lose(&mut root);
    root.plan(&[REPLACE]).fails(&[WEST]);
    root.run(&["taint", ADDRESS]).ok(&[]);
    root.plan(&["-refresh=false"]).fails(&[WEST]);
    // Row 6: tainted, replaced or not, the code that follows is adopted.
    root.write(&estate.both("us-west-2", ""));
    root.plan(&[])
        .ok(&["us-west-2 already is active: adopted", "1 to destroy"]);
    root.run(&["untaint", ADDRESS]).ok(&[]);
    root.plan(&["-out=saved"])
        .ok(&["the configuration follows", "1 to change"]);
    lose(&mut other);
    other.write(&estate.both("us-west-2", ""));
    let running = [&root, &other].map(apply_in_the_background);
    for ran in running.map(ended) {
        ran.ok(&["1 changed"]);
    }
    root.run(&["apply", "-no-color", "saved"])
        .fails(&["Saved plan is stale"]);
    root.write(&estate.both("us-east-1", ""));
    forgotten(&root);
    for way in WAYS {
        root.plan(way).fails(&[WEST]);
    }
    assert_eq!(estate.databases.promotions(), 1, "the one outside");
}

#[test]
fn rows_09_and_10_whatever_became_of_the_state_an_execution_is_gone_on_with_and_not_crossed() {
    let estate = Estate::new();
    let root = killed(&estate);
    let (there, back) = (
        estate.both("us-west-2", &consented()),
        estate.both("us-east-1", ""),
    );
    root.plan(&[REPLACE])
        .ok(&["Goes on with execution", "1 to destroy"]);
    root.run(&["taint", ADDRESS]).ok(&[]);
    root.plan(&[])
        .ok(&["Goes on with execution", "1 to destroy"]);
    root.write(&back);
    root.plan(&[]).fails(&["is not finished", "drctl resume"]);
    forgotten(&root);
    for way in WAYS {
        root.write(&there);
        root.plan(way).ok(&["Goes on with execution", "1 to add"]);
        root.write(&back);
        root.plan(way).fails(&[
            "is not finished",
            "drctl resume",
            "drctl abort",
            "active_region = \"us-west-2\"",
        ]);
    }
    // Somebody else finishes what a saved plan would have gone on with.
    root.write(&there);
    root.plan(&["-out=saved"]).ok(&["Goes on with execution"]);
    let mut other = Root::new(&there);
    lose(&mut other);
    other.apply(&[]).ok(&["2 added"]);
    root.run(&["apply", "-no-color", "saved"]).ok(&["1 added"]);
    assert_eq!(state(&root)["last_applied"], "us-west-2");
    assert_eq!(estate.databases.promotions(), 1);
}

#[test]
fn row_09_of_two_applies_that_go_on_at_once_one_does() {
    let estate = Estate::new();
    let root = killed(&estate);
    let mut other = Root::new(&estate.plan());
    other.apply(&[]).ok(&["1 added"]);
    lose(&mut other);
    other.write(&estate.both("us-west-2", &consented()));
    let ran = [&root, &other].map(apply_in_the_background).map(ended);
    assert!(ran.iter().any(|it| it.code == Some(0)), "{ran:#?}");
    for root in [&root, &other] {
        root.apply(&[]).ok(&[]);
        assert_eq!(state(root)["last_applied"], "us-west-2");
    }
    assert_eq!(estate.databases.promotions(), 1);
}

#[test]
fn row_11_a_saved_destroy_forgets_and_touches_nothing_however_the_world_moved() {
    let estate = Estate::new();
    let mut root = estate.held();
    let target = format!("-target={ADDRESS}");
    root.plan(&["-destroy", &target, "-out=saved"])
        .ok(&["1 to destroy"]);
    estate.fail_over_outside();
    lose(&mut root);
    root.run(&["apply", "-no-color", "saved"])
        .ok(&["1 destroyed"]);
    assert!(state(&root).is_null());
    assert_eq!(estate.databases.promotions(), 1, "the one outside");
    assert!(estate.store("us-west-2").join("current").exists());
}

#[test]
fn row_12_what_was_imported_vouches_for_nothing_in_any_way_to_plan() {
    let estate = Estate::new();
    let mut root = estate.held();
    forgotten(&root);
    let id = format!("us-west-2/{}", estate.store("us-west-2").display());
    root.run(&["import", "-no-color", ADDRESS, &id])
        .ok(&["Import successful"]);
    root.write(&estate.both("us-west-2", ""));
    for way in WAYS {
        root.plan(way).fails(&[EAST]);
    }
    root.write(&estate.both("us-east-1", ""));
    estate.fail_over_outside();
    lose(&mut root);
    for way in WAYS {
        root.plan(way)
            .ok(&["changed outside Terraform", "active_region = \"us-west-2\""]);
    }
    // Whoever could tell is lost now too: an import says what to write instead.
    root.extra.insert(
        "DR_LOST_REGIONS".to_owned(),
        "us-east-1,us-west-2".to_owned(),
    );
    forgotten(&root);
    root.run(&["import", "-no-color", ADDRESS, &id]).fails(&[
        "us-west-2 is declared lost",
        "export DR_LOST_REGIONS=us-east-1",
    ]);
    assert_eq!(estate.databases.promotions(), 1, "the one outside");
}

#[test]
fn rows_13_and_14_are_the_same_in_every_way_to_plan() {
    let estate = Estate::new();
    let mut root = lost(&estate);
    for way in WAYS {
        root.plan(&[way, &["-detailed-exitcode"]].concat())
            .ok(&[NO_CHANGES.split('.').next().expect("a sentence")]);
    }
    root.write(&estate.both("us-west-2", ""));
    for way in WAYS {
        root.plan(way).fails(&["mode = \"failover\""]);
    }
    root.extra.clear();
    root.silence();
    for way in WAYS {
        root.plan(way)
            .fails(&["who is active is not known", "export DR_LOST_REGIONS="]);
    }
    assert_eq!(state(&root)["last_applied"], "us-east-1");
    assert_eq!(estate.databases.promotions(), 0);
}
