//! Rows of the role contract for the writer of an Aurora global cluster that need three regions, or a kill at other moments.

use crate::global_writer::{ADDRESS, Globals, WAYS};
use crate::interruptions::{apply_in_the_background, ended, signal, until};

/// A global cluster with a member in a third region.
fn three() -> Globals {
    let globals = Globals::new();
    globals.python(
        "third = boto3.client('rds', region_name='eu-west-1')
third.create_db_cluster(DBClusterIdentifier=f'{g}-third', GlobalClusterIdentifier=g, Engine='aurora-postgresql', MasterUsername='app', MasterUserPassword='not-a-real-password')
third.create_db_instance(DBInstanceIdentifier=f'{g}-third-1', DBClusterIdentifier=f'{g}-third', Engine='aurora-postgresql', DBInstanceClass='db.r6g.large')",
    );
    globals
}

/// Moves the writer to the third region behind Terraform's back.
fn move_to_third(globals: &Globals) {
    globals.python(
        "w = [m['DBClusterArn'] for m in see()['GlobalClusterMembers'] if m['IsWriter']][0]
boto3.client('rds', region_name=w.split(':')[3]).switchover_global_cluster(GlobalClusterIdentifier=g, TargetDbClusterIdentifier=f'arn:aws:rds:eu-west-1:123456789012:cluster:{g}-third')
while see()['Status'] != 'available': time.sleep(0.1)",
    );
}

#[test]
fn row_08_where_neither_the_code_nor_the_record_is_right_the_region_has_to_be_named() {
    let globals = three();
    let root = globals.held();
    move_to_third(&globals);
    root.write(&globals.resource("us-west-2", ""));
    for way in WAYS {
        root.plan(way).fails(&[
            "say that you know it before it moves to us-west-2",
            "from = \"eu-west-1\"",
        ]);
    }
    root.write(&globals.resource("us-west-2", "from = \"us-east-1\""));
    root.plan(&[]).fails(&["from = \"eu-west-1\""]);
    root.apply(&[]).fails(&["from = \"eu-west-1\""]);
    assert_eq!(globals.moves(), 1, "the one outside");
    assert_eq!(root.state()["last_applied"], "us-east-1");
    root.write(&globals.resource("us-west-2", "from = \"eu-west-1\""));
    for way in WAYS {
        root.plan(way)
            .ok(&["switchover from eu-west-1 to us-west-2, nothing lost"]);
    }
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(globals.writer(), "us-west-2");
    assert_eq!(globals.moves(), 2);
}

#[test]
fn row_01_after_the_state_was_lost_the_moved_writer_is_adopted_in_every_way() {
    let globals = Globals::new();
    let root = globals.held();
    globals.move_outside("us-west-2");
    root.run(&["state", "rm", ADDRESS]).ok(&[]);
    root.write(&globals.resource("us-west-2", ""));
    for way in WAYS {
        root.plan(way).ok(&["already is in us-west-2: adopted"]);
    }
    root.apply(&[&format!("-target={ADDRESS}")])
        .ok(&["1 added"]);
    root.run(&["taint", ADDRESS]).ok(&[]);
    root.apply(&[]).ok(&["adopted", "1 added"]);
    assert_eq!(globals.moves(), 1, "the one outside");
}

#[test]
fn an_apply_killed_as_a_whole_while_the_writer_moves_is_gone_on_with() {
    let globals = Globals::new();
    let root = globals.held();
    root.write(&globals.resource("us-west-2", ""));
    let child = apply_in_the_background(&root);
    until("a move", || globals.moves() > 0);
    signal("-KILL", &format!("-{}", child.id()));
    assert_eq!(ended(child).code, None);
    assert_eq!(root.state()["last_applied"], "us-east-1");
    root.apply(&[]).ok(&["Apply complete"]);
    assert_eq!(root.state()["last_applied"], "us-west-2");
    assert_eq!(globals.moves(), 1);
}
