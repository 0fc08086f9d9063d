//! What is told to do next: it works as written, and names who did what.

use serde_json::json;

use super::standing::{give_back, standalone};
use super::{NAME, failed_over, held, plan};
use crate::testing::{House, east, said, west};

#[test]
fn two_writers_without_an_execution_are_an_error_and_can_be_forgotten() {
    let (house, object) = held();
    standalone(&house);
    for region in ["us-east-1", "us-west-2"] {
        let planned = plan(&house, Some(&object), region, &json!({}));
        assert!(
            planned.diags.has_errors()
                && said(&planned.diags).contains("two regions serve, and nothing ranks them")
                && ["us-east-1", "us-west-2"].iter().all(|it| {
                    said(&planned.diags).contains(&format!("drctl fence --active {it} --plan FILE"))
                }),
            "{}",
            said(&planned.diags)
        );
    }
    let gone = house.drive(house.harness.destroy(NAME, Some(&object)));
    assert!(gone.object.is_none(), "{}", said(&gone.diags));
}

#[test]
fn a_change_by_hand_is_not_laid_at_the_door_of_the_last_execution() {
    let (house, object) = held();
    let replica = house.estate.fake.truth(&west(), "moleculeflow-replica");
    let replica = replica.expect("there");
    let object = failed_over(&house, &object);
    give_back(&house);
    // Somebody makes the old primary the writer again, without drctl.
    house
        .estate
        .fake
        .edit(&west(), "moleculeflow-replica", |it| {
            (it.source, it.replication) = (replica.source.clone(), replica.replication.clone());
        });
    let planned = plan(&house, Some(&object), "us-west-2", &json!({}));
    let told = said(&planned.diags);
    assert!(
        told.contains("us-east-1 is active, not us-west-2: changed outside Terraform")
            && told.contains("No execution of this plan wrote so: the last one, 01")
            && told.contains("made us-west-2 active, epoch 1")
            && !told.contains("It was execution"),
        "{told}"
    );
}

#[test]
fn who_left_a_writer_unfenced_is_told_the_command_that_fences_it() {
    let (house, object) = held();
    house.lose(&east());
    let more = super::consent(&house);
    let outcome = super::apply(&house, Some(&object), "us-west-2", &more);
    let told = said(&outcome.diags);
    assert!(
        told.contains("when its region answers again: drctl fence --plan FILE"),
        "{told}"
    );
}

#[test]
fn an_unfinished_execution_is_finished_or_ended_with_its_plan() {
    let house = House::prepared();
    house.lose(&east());
    super::begun(&house);
    let around = house
        .estate
        .around(&std::collections::BTreeSet::from([east()]));
    let id = house.drive(around.newest_execution());
    let id = id.expect("listed").expect("begun");
    let told = said(&plan(&house, None, "us-east-1", &json!({ "mode": "failover" })).diags);
    for line in [
        format!("drctl resume {id} --plan FILE"),
        format!("drctl abort {id} --plan FILE"),
        "\n  active_region = \"us-west-2\"\n".to_owned(),
    ] {
        assert!(told.contains(&line), "{line} is not in:\n{told}");
    }
}
