//! Rows of the role contract for the writer of an Aurora global cluster crossed with what else may befall a root: tainted,
//! replaced, its state lost, a saved plan that the world overtook, two applies at once.

use serde_json::json;

use crate::global_writer::{ADDRESS, Globals, WAYS};
use crate::harness::{Root, lab};
use crate::interruptions::{apply_in_the_background, ended};

const REPLACE: &str = "-replace=dr_global_cluster_writer.orders";
const WEST: &str = "from = \"us-west-2\"";
const EAST: &str = "from = \"us-east-1\"";

fn forgotten(root: &Root) {
    root.run(&["state", "rm", ADDRESS]).ok(&[]);
}

#[test]
fn row_01_a_saved_adoption_of_what_has_moved_is_refused_and_two_at_once_adopt() {
    let globals = Globals::new();
    let roots = [(); 2].map(|()| Root::new(&globals.resource("us-east-1", "")));
    roots[0].plan(&["-out=saved"]).ok(&["adopted"]);
    let ran = roots.each_ref().map(apply_in_the_background).map(ended);
    for ran in ran {
        ran.ok(&["1 added"]);
    }
    forgotten(&roots[0]);
    let root = &roots[0];
    root.plan(&["-out=saved"]).ok(&["adopted"]);
    globals.move_outside("us-west-2");
    root.run(&["apply", "-no-color", "saved"]).fails(&[WEST]);
    assert!(root.state().is_null());
    assert_eq!(globals.moves(), 1, "the one outside");
}

#[test]
fn rows_02_and_03_tainted_or_replaced_it_is_done_once_the_region_is_named() {
    let globals = Globals::new();
    let root = globals.held();
    root.run(&["taint", ADDRESS]).ok(&[]);
    root.write(&globals.resource("us-west-2", ""));
    for way in WAYS {
        root.plan(way).fails(&[EAST]);
    }
    root.run(&["untaint", ADDRESS]).ok(&[]);
    root.write(&globals.resource("us-west-2", EAST));
    root.plan(&[REPLACE])
        .ok(&["nothing lost", "1 to add, 0 to change, 1 to destroy"]);
    root.run(&["taint", ADDRESS]).ok(&[]);
    root.apply(&[]).ok(&["1 added, 0 changed, 1 destroyed"]);
    assert_eq!(globals.writer(), "us-west-2");
    root.plan(&["-detailed-exitcode"]).ok(&["No changes"]);
    assert_eq!(globals.moves(), 1);
}

#[test]
fn row_03_saved_or_twice_at_once_a_create_moves_the_writer_once() {
    let globals = Globals::new();
    let roots = [(); 2].map(|()| Root::new(&globals.resource("us-west-2", EAST)));
    let late = Root::new(&globals.resource("us-west-2", EAST));
    late.plan(&["-out=saved"]).ok(&["nothing lost"]);
    let ran = roots.each_ref().map(apply_in_the_background).map(ended);
    assert!(ran.iter().any(|it| it.code == Some(0)), "{ran:#?}");
    assert_eq!(globals.moves(), 1);
    late.run(&["apply", "-no-color", "saved"]).ok(&["1 added"]);
    for root in roots.iter().chain([&late]) {
        root.apply(&[]).ok(&[]);
        assert_eq!(root.state()["last_applied"], "us-west-2");
    }
    assert_eq!(globals.moves(), 1);
}

#[test]
fn row_05_forgotten_after_a_move_outside_the_region_has_to_be_named() {
    let globals = Globals::new();
    let root = globals.held();
    globals.move_outside("us-west-2");
    root.plan(&[REPLACE]).fails(&[WEST]);
    root.run(&["taint", ADDRESS]).ok(&[]);
    root.plan(&["-refresh=false"]).fails(&[WEST]);
    forgotten(&root);
    for way in WAYS {
        root.plan(way).fails(&[WEST]);
    }
    assert_eq!(globals.moves(), 1, "the one outside");
}

#[test]
fn row_06_a_saved_record_never_becomes_an_act() {
    let globals = Globals::new();
    let root = globals.held();
    globals.move_outside("us-west-2");
    root.write(&globals.resource("us-west-2", ""));
    root.run(&["taint", ADDRESS]).ok(&[]);
    root.plan(&[]).ok(&["already is in us-west-2: adopted"]);
    root.run(&["untaint", ADDRESS]).ok(&[]);
    root.plan(&["-out=saved"])
        .ok(&["the configuration follows", "1 to change"]);
    // Somebody moves it back: what was planned is a record, not a move.
    globals.move_outside("us-east-1");
    let ran = root.run(&["apply", "-no-color", "saved"]);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert_eq!(
        (globals.moves(), &*globals.writer()),
        (2, "us-east-1"),
        "the two outside"
    );
    assert_eq!(root.state()["last_applied"], "us-east-1");
}

#[test]
fn rows_09_and_10_whatever_became_of_the_state_a_move_is_gone_on_with_and_not_crossed() {
    let globals = Globals::new();
    let root = globals.held();
    lab().control("POST", "/lab/settings", Some(&json!({ "phase": 60.0 })));
    globals.move_begins("us-west-2");
    lab().control("POST", "/lab/settings", Some(&json!({ "phase": 0.4 })));
    let goes_on = |ways: &[&[&str]]| {
        for way in ways {
            root.write(&globals.resource("us-west-2", ""));
            root.plan(way).ok(&["the apply goes on with it"]);
            root.write(&globals.resource("us-east-1", ""));
            root.plan(way)
                .fails(&["on its way to us-west-2", "writer_region = \"us-west-2\""]);
        }
    };
    goes_on(&WAYS);
    root.write(&globals.resource("us-west-2", ""));
    root.plan(&[REPLACE])
        .ok(&["the apply goes on with it", "1 to destroy"]);
    root.run(&["taint", ADDRESS]).ok(&[]);
    goes_on(&[&[]]);
    forgotten(&root);
    goes_on(&[&[]]);
    assert_eq!(globals.moves(), 1, "the one outside");
}

#[test]
fn row_12_what_was_imported_vouches_for_nothing_in_any_way_to_plan() {
    let globals = Globals::new();
    let root = Root::new(&globals.resource("us-east-1", ""));
    let id = format!("us-west-2/{}", globals.id);
    root.run(&["import", "-no-color", ADDRESS, &id])
        .ok(&["Import successful"]);
    root.write(&globals.resource("us-west-2", ""));
    for way in WAYS {
        root.plan(way).fails(&[EAST]);
    }
    globals.move_outside("us-west-2");
    root.write(&globals.resource("us-east-1", ""));
    for way in WAYS {
        root.plan(way)
            .ok(&["changed outside Terraform", "writer_region = \"us-west-2\""]);
    }
    assert_eq!(globals.moves(), 1, "the one outside");
}

#[test]
fn rows_13_14_and_15_are_the_same_in_every_way_to_plan() {
    let globals = Globals::new();
    let mut root = globals.held();
    root.write(&globals.resource("eu-west-1", ""));
    for way in WAYS {
        root.plan(way)
            .fails(&["cannot move to eu-west-1", "writer_region = \"us-east-1\""]);
    }
    let lost = |root: &mut Root, region: &str| {
        let lost = ("DR_LOST_REGIONS".to_owned(), region.to_owned());
        root.extra.extend([lost]);
    };
    lost(&mut root, "us-east-1");
    root.write(&globals.resource("us-east-1", ""));
    for way in WAYS {
        root.plan(way).ok(&["declared lost", "No changes"]);
    }
    root.write(&globals.resource("us-west-2", ""));
    for way in WAYS {
        root.plan(way).fails(&["mode    = \"failover\""]);
    }
    lost(&mut root, "us-west-2");
    for way in WAYS {
        root.plan(way).fails(&[
            "cannot move to us-west-2: that region is declared lost",
            "unset DR_LOST_REGIONS",
            "writer_region = \"us-east-1\"",
        ]);
    }
    root.extra.clear();
    root.silence();
    for way in WAYS {
        root.plan(way)
            .fails(&["No region tells", "DR_LOST_REGIONS"]);
    }
    assert_eq!(globals.moves(), 0);
}
