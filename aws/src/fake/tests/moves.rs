//! Moves of a writer between regions: global clusters and datastores.

use super::super::cluster_arn;
use super::{Estate, east, west};
use crate::aurora::GlobalCluster;
use crate::elasticache::{DatastoreMember, GlobalDatastore};
use crate::{Aws, Error, ErrorKind, Region};

const GLOBAL: &str = "orders";

fn estate() -> Estate {
    let estate = Estate::new();
    let members = [(&east(), "orders-east"), (&west(), "orders-west")];
    estate.aws.add_global_cluster(GLOBAL, &members);
    estate
}

fn shown(estate: &Estate) -> GlobalCluster {
    let clusters = estate.aws.global_clusters(&west()).unwrap();
    estate
        .clock
        .drive(clusters.describe(GLOBAL))
        .unwrap()
        .unwrap()
}

fn moved(estate: &Estate, region: &Region, lossy: bool) -> Result<(), Error> {
    let clusters = estate.aws.global_clusters(region).unwrap();
    let target = cluster_arn(&west(), "orders-west");
    if lossy {
        estate
            .clock
            .drive(clusters.failover(GLOBAL, &target))
            .unwrap()
    } else {
        estate
            .clock
            .drive(clusters.switchover(GLOBAL, &target))
            .unwrap()
    }
}

#[test]
fn a_move_shows_after_a_while_then_its_state_then_the_other_writer() {
    for (region, lossy, status) in [
        (west(), true, "failing-over"),
        (east(), false, "switching-over"),
    ] {
        let estate = estate();
        moved(&estate, &region, lossy).unwrap();
        assert_eq!(
            shown(&estate).status,
            "available",
            "as if nothing had happened"
        );
        estate.pass(60);
        let under_way = shown(&estate);
        assert_eq!(under_way.status, status);
        assert_eq!(under_way.failover.unwrap().data_loss_allowed, lossy);
        assert!(under_way.members[0].writer, "not yet");
        let again = moved(&estate, &region, lossy).unwrap_err();
        assert_eq!(again.kind, ErrorKind::InvalidState);
        estate.pass(600);
        let done = shown(&estate);
        assert_eq!((done.status.as_str(), &done.failover), ("available", &None));
        assert!(done.members[1].writer && !done.members[0].writer);
        let clusters = estate.aws.global_clusters(&east()).unwrap();
        let snapshots = clusters.snapshots("orders-east");
        let snapshots = estate.clock.drive(snapshots).unwrap().unwrap();
        assert_eq!(
            snapshots.len(),
            usize::from(lossy),
            "only a failover loses writes"
        );
    }
}

#[test]
fn the_wrong_region_a_headless_target_and_the_writer_itself_are_refused() {
    let estate = estate();
    assert!(
        moved(&estate, &east(), true).is_err(),
        "a failover is asked where the target is"
    );
    assert!(
        moved(&estate, &west(), false).is_err(),
        "a switchover where the writer is"
    );
    estate
        .aws
        .edit_cluster(&west(), "orders-west", |it| it.instances = 0);
    assert!(moved(&estate, &west(), true).is_err(), "headless");
    assert_eq!(estate.aws.effects("FailoverGlobalCluster"), 0);
}

#[test]
fn a_datastore_moves_its_primary_and_refuses_a_second_move_meanwhile() {
    let estate = Estate::new();
    let member = |region, group: &str, primary| DatastoreMember {
        group: group.to_owned(),
        region,
        primary,
        status: "associated".to_owned(),
    };
    estate.aws.put_datastore(GlobalDatastore {
        id: "sessions".to_owned(),
        status: "available".to_owned(),
        members: vec![member(east(), "a", true), member(west(), "b", false)],
    });
    let stores = estate.aws.global_datastores(&west()).unwrap();
    let (region, describe) = (west(), || {
        estate
            .clock
            .drive(stores.describe("sessions"))
            .unwrap()
            .unwrap()
    });
    let failover = |group: &str| {
        estate
            .clock
            .drive(stores.failover("sessions", &region, group))
            .unwrap()
    };
    assert!(failover("other").is_err());
    failover("b").unwrap();
    assert!(failover("b").is_err());
    estate.pass(60);
    assert_eq!(describe().status, "modifying");
    estate.pass(600);
    assert!(describe().members[1].primary && !describe().members[0].primary);
}

#[test]
fn a_snapshot_of_lost_writes_is_copied_once_where_it_lies() {
    let estate = estate();
    moved(&estate, &west(), true).unwrap();
    estate.pass(660);
    assert_eq!(shown(&estate).failover, None);
    let lost = |region: &Region| {
        let clusters = estate.aws.global_clusters(region).unwrap();
        let snapshots = clusters.snapshots("orders-east");
        estate.clock.drive(snapshots).unwrap().unwrap()
    };
    let snapshot = lost(&east()).pop().unwrap();
    let copy = |region: &Region| {
        let clusters = estate.aws.global_clusters(region).unwrap();
        let copied = clusters.copy_snapshot(&snapshot.id, "kept");
        estate.clock.drive(copied).unwrap()
    };
    assert_eq!(copy(&west()).unwrap_err().kind, ErrorKind::NotFound);
    copy(&east()).unwrap();
    assert_eq!(lost(&east()).len(), 2);
    let again = copy(&east()).unwrap_err();
    assert_eq!(
        again.code.as_deref(),
        Some("DBClusterSnapshotAlreadyExistsFault")
    );
    assert_eq!(lost(&east()).len(), 2);
}
