//! Rows of the role contract for `dr_failover` that need three regions or the way back, and every row in each of
//! Terraform's ways to plan.

use crate::failover::{Estate, consented, lose, state};
use crate::harness::{Root, lab};
use crate::interruptions::{apply_in_the_background, ended, signal, until, until_promoting};

const NO_CHANGES: &str = "No changes. Your infrastructure matches the configuration";

/// Terraform's ways to plan the same root.
pub(crate) const WAYS: [&[&str]; 3] = [&[], &["-refresh=false"], &["-target=dr_failover.orders"]];

/// An estate with a second replica, in a third region.
fn three() -> Estate {
    let estate = Estate::new();
    let (third, source) = (estate.third(), estate.databases.source());
    lab().python(&format!(
        "import boto3, seed; c = boto3.client('rds', region_name='eu-west-1'); c.create_db_instance_read_replica(DBInstanceIdentifier={third:?}, SourceDBInstanceIdentifier={source:?}, DBInstanceClass='db.r6g.large'); seed.wait(c, {third:?})"
    ));
    estate
}

#[test]
fn row_08_where_neither_the_code_nor_the_record_is_right_the_region_has_to_be_named() {
    let estate = three();
    let mut root = Root::new(&estate.in_three("us-east-1", ""));
    root.apply(&[])
        .ok(&["us-east-1 already is active: adopted"]);
    let mut other = Root::new(&estate.in_three("us-east-1", ""));
    other.apply(&[]).ok(&["adopted"]);
    lose(&mut other);
    other.write(&estate.in_three("eu-west-1", &consented()));
    other.apply(&[]).ok(&["1 changed"]);

    lose(&mut root);
    let wanted = "mode = \"failover\"";
    root.write(&estate.in_three("us-west-2", wanted));
    for way in WAYS {
        root.plan(way).fails(&[
            "eu-west-1 is active; say that you know it before us-west-2 becomes it",
            "from = \"eu-west-1\"",
        ]);
    }
    root.write(&estate.in_three("us-west-2", &format!("{wanted}\nfrom = \"us-east-1\"")));
    root.plan(&[]).fails(&["from = \"eu-west-1\""]);
    root.apply(&[]).fails(&["from = \"eu-west-1\""]);
    assert_eq!(state(&root)["last_applied"], "us-east-1");
    // Named rightly it is row 7: what refuses now is the engine, which sees what the replica follows.
    root.write(&estate.in_three("us-west-2", &format!("{wanted}\nfrom = \"eu-west-1\"")));
    root.plan(&[])
        .fails(&["promote refuses"])
        .silent_on("say that you know it");
    assert_eq!(
        estate.databases.promotions(),
        0,
        "of the replica in us-west-2"
    );
}

#[test]
fn row_15_there_is_no_way_back_before_a_reprotect() {
    let estate = Estate::new();
    let mut root = estate.held();
    lose(&mut root);
    root.write(&estate.both("us-west-2", &consented()));
    root.apply(&[]).ok(&["1 changed"]);
    root.extra.clear();
    root.write(&estate.both("us-east-1", ""));
    for way in WAYS {
        root.plan(way).fails(&["reprotect"]);
    }
    root.apply(&[]).fails(&["reprotect"]);
    assert_eq!(state(&root)["active_region"], "us-west-2");
    assert_eq!(estate.databases.promotions(), 1);
}

#[test]
fn rows_03_05_and_06_are_the_same_in_every_way_to_plan() {
    let estate = Estate::new();
    let mut root = estate.held();
    estate.fail_over_outside();
    lose(&mut root);
    for way in WAYS {
        root.plan(way)
            .ok(&["changed outside Terraform", "No changes"]);
    }
    root.apply(&["-refresh-only"]).ok(&["Apply complete"]);
    assert_eq!(state(&root)["observed"], "us-west-2");
    assert_eq!(state(&root)["last_applied"], "us-east-1");
    root.write(&estate.both("us-west-2", ""));
    for way in WAYS {
        root.plan(way)
            .ok(&["the configuration follows", "1 to change"]);
    }
    root.apply(&["-target=dr_failover.orders"])
        .ok(&["1 changed"]);
    assert_eq!(state(&root)["last_applied"], "us-west-2");
    // The state is lost after the failover: what is true is adopted, and nothing is done again.
    root.run(&["state", "rm", "dr_failover.orders"]).ok(&[]);
    for way in WAYS {
        root.plan(way)
            .ok(&["us-west-2 already is active: adopted", "1 to add"]);
    }
    root.apply(&["-refresh=false"]).ok(&["1 added"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(estate.databases.promotions(), 1, "the one outside");
}

#[test]
fn row_03_fails_over_in_a_create_that_is_targeted() {
    let estate = Estate::new();
    let mut root = Root::new(&estate.plan());
    root.apply(&[]).ok(&["1 added"]);
    lose(&mut root);
    let create = |more: &str| estate.both("us-west-2", &format!("{more}\n{}", consented()));
    root.write(&create(""));
    for way in WAYS {
        root.plan(way).fails(&["from = \"us-east-1\""]);
    }
    root.write(&create("from = \"us-east-1\""));
    for way in WAYS {
        root.plan(way).ok(&["Cannot be undone", "1 to add"]);
    }
    root.apply(&["-target=dr_failover.orders"]).ok(&["1 added"]);
    assert_eq!(state(&root)["last_applied"], "us-west-2");
    root.plan(&["-detailed-exitcode", "-replace=dr_failover.orders"]);
    root.run(&["taint", "dr_failover.orders"]).ok(&[]);
    // Replaced where it is active already: forgotten and adopted.
    root.apply(&[])
        .ok(&["already is active: adopted", "1 added"]);
    assert_eq!(estate.databases.promotions(), 1);
}

#[test]
fn row_14_with_every_region_declared_lost_nobody_is_asked_and_nothing_is_recorded() {
    let estate = Estate::new();
    let mut root = estate.held();
    root.extra.insert(
        "DR_LOST_REGIONS".to_owned(),
        "us-east-1,us-west-2".to_owned(),
    );
    for region in ["us-east-1", "us-west-2"] {
        root.write(&estate.both(region, ""));
        for way in WAYS {
            root.plan(way).fails(&[
                "who is active is not known",
                "Seen: nothing, because all regions of the plan are declared lost",
                "a store that answers",
                "answers, do not declare it lost any more",
                "export DR_LOST_REGIONS=us-",
            ]);
        }
    }
    root.apply(&[]).fails(&["who is active is not known"]);
    assert_eq!(state(&root)["active_region"], "us-east-1");
    assert_eq!(estate.databases.promotions(), 0);
}

/// Kills Terraform and its provider at a moment of a failover, and lets the next apply finish.
#[track_caller]
fn killed_when(moment: &str, comes: impl Fn(&Estate) -> bool) {
    let estate = Estate::new();
    let mut root = estate.held();
    lose(&mut root);
    root.write(&estate.both("us-west-2", &consented()));
    let child = apply_in_the_background(&root);
    until(moment, || comes(&estate));
    signal("-KILL", &format!("-{}", child.id()));
    assert_eq!(ended(child).code, None, "killed at: {moment}");
    assert_eq!(state(&root)["last_applied"], "us-east-1");
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(state(&root)["last_applied"], "us-west-2");
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(estate.databases.promotions(), 1, "killed at: {moment}");
}

#[test]
fn an_apply_killed_before_the_journal_begins_is_begun_anew() {
    killed_when("a look", |it| {
        !it.databases.calls("DescribeDBInstances").is_empty()
    });
}

#[test]
fn an_apply_killed_with_its_journal_open_is_gone_on_with() {
    killed_when("a journal", Estate::has_journal);
}

#[test]
fn an_apply_killed_with_the_call_promotes_once() {
    killed_when("the promotion", |it| it.databases.promotions() > 0);
}

#[test]
fn a_promotion_under_way_is_gone_on_with_in_every_way_and_crossed_in_none() {
    let estate = Estate::new();
    let mut root = estate.held();
    lose(&mut root);
    root.write(&estate.both("us-west-2", &consented()));
    let child = apply_in_the_background(&root);
    until_promoting(&estate.databases);
    signal("-KILL", &format!("-{}", child.id()));
    ended(child);
    for way in WAYS {
        root.write(&estate.both("us-west-2", &consented()));
        root.plan(way)
            .ok(&["Goes on with execution", "1 to change"]);
        root.write(&estate.both("us-east-1", ""));
        root.plan(way).fails(&["is not finished", "drctl resume"]);
    }
    root.write(&estate.both("us-west-2", &consented()));
    root.apply(&["-target=dr_failover.orders"])
        .ok(&["1 changed"]);
    assert_eq!(estate.databases.promotions(), 1);
}
