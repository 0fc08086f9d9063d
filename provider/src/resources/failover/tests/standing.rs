//! What stands in the stores before an edit: executions that were begun, ended or forgotten, and who was left behind.

use std::collections::BTreeSet;
use std::time::Duration;

use aws::clock::Clock;
use recovery::command::{self, Command, Order};
use serde_json::{Value as Json, json};
use terraform_framework::testing::Object;

use super::{NAME, apply, begun, config, consent, failed_over, held, plan, promotions};
use crate::testing::{House, east, said, west};

/// The region is back, and nobody declares it lost any more.
pub(super) fn give_back(house: &House) {
    house.estate.faulty.give_back(&east());
    house.declare(&[]);
}

/// The evidence in a state.
fn evidence(object: &Object) -> Json {
    serde_json::from_str(object.text("evidence")).expect("JSON")
}

#[test]
fn an_old_failover_is_not_gone_on_with_by_a_switchover() {
    let (house, object) = held();
    house.lose(&east());
    begun(&house);
    give_back(&house);
    for more in [json!({}), json!({ "mode": "switchover" })] {
        let refused = apply(&house, Some(&object), "us-west-2", &more);
        let told = said(&refused.diags);
        for words in [
            "a failover is not finished, and `mode` says switchover",
            "mode = \"failover\"",
            "drctl resume 01",
            "drctl abort 01",
            "declared at 2026-08-01T12:",
        ] {
            assert!(told.contains(words), "{words} is not in:\n{told}");
        }
        assert!(!told.contains("Goes on with"), "{told}");
    }
    assert_eq!(promotions(&house), 0);
}

#[test]
fn what_an_ended_execution_was_told_of_the_loss_does_not_count_for_the_next_run() {
    let (house, object) = held();
    house.lose(&east());
    begun(&house);
    let told = said(&plan(&house, Some(&object), "us-west-2", &consent(&house)).diags);
    for words in [
        "Goes on with execution 01",
        "It was told that a region was lost at 2026-08-01T12:",
        "lost_at = \"2026-08-01T12:",
        "Its RTO counts from 2026-08-01T12:",
    ] {
        assert!(told.contains(words), "{words} is not in:\n{told}");
    }
    let done = apply(&house, Some(&object), "us-west-2", &consent(&house)).expect_clean();
    assert_eq!(evidence(&done)["lost_at"], Json::Null);
}

#[test]
fn who_goes_on_after_an_end_says_the_moments_anew() {
    let (house, object) = held();
    house.lose(&east());
    begun(&house);
    let declared_at = house.estate.clock.now().to_string();
    let mut more = consent(&house);
    more["lost_at"] = json!("2026-08-01T12:00:00Z");
    more["declared_at"] = json!(declared_at);
    let done = apply(&house, Some(&object), "us-west-2", &more).expect_clean();
    let evidence = evidence(&done);
    assert_eq!(evidence["lost_at"], "2026-08-01T12:00:00Z");
    assert_eq!(evidence["declared_at"], json!(declared_at));
}

#[test]
fn a_preview_of_what_is_gone_on_with_knows_what_people_decided_in_it() {
    let (house, object) = held();
    house.lose(&east());
    let config = config(&house, "us-west-2", &consent(&house));
    let clock = house.estate.clock.clone();
    let around = house.estate.around(&BTreeSet::from([east()]));
    let (outcome, ()) = house.drive(async {
        tokio::join!(house.harness.apply(NAME, Some(&object), &config), async {
            clock.sleep(Duration::from_secs(20)).await;
            let id = around.newest_execution().await.expect("listed");
            let id = id.expect("begun");
            let step = "scale-api".to_owned();
            let order = Command {
                schema: 1,
                id: id.clone(),
                execution: id,
                by: "ada".to_owned(),
                reason: Some("by hand".to_owned()),
                order: Order::Skip { step },
            };
            command::issue(&around.stores, &order)
                .await
                .expect("written");
            clock.sleep(Duration::from_secs(40)).await;
            house.harness.stop().await;
        })
    });
    assert!(said(&outcome.diags).contains("was interrupted"));
    // The consents were given in the first run; the second says nothing of them.
    let more = json!({ "mode": "failover" });
    let planned = plan(&house, Some(&object), "us-west-2", &more);
    let told = said(&planned.diags);
    assert!(!planned.diags.has_errors(), "{told}");
    assert!(
        told.contains("scale-api: nothing to do") && told.contains("scale-api is skipped"),
        "{told}"
    );
}

/// Somebody rebuilds the replication from the east, which serves.
pub(super) fn reprotected(house: &House, active: &aws::Region) {
    let order = recovery::engine::Order {
        mode: recovery::mode::Mode::Reprotect,
        target: active.clone(),
        lost: BTreeSet::new(),
        lost_at: None,
        ..house.estate.failover()
    };
    let done = house.estate.run(&order).expect("it begins");
    assert_eq!(done.end, recovery::engine::End::Done, "{done:#?}");
}

#[test]
fn a_reprotect_does_not_hide_the_failover_before_it() {
    let (house, object) = held();
    house.lose(&east());
    begun(&house);
    let unfinished = house.drive(house.estate.around(&BTreeSet::new()).newest_execution());
    let unfinished = unfinished.expect("listed").expect("begun");
    give_back(&house);
    reprotected(&house, &east());
    let more = json!({ "mode": "failover" });
    let told = said(&plan(&house, Some(&object), "us-west-2", &more).diags);
    assert!(
        told.contains(&format!("Goes on with execution {unfinished}")),
        "{told}"
    );
    let crossed = plan(&house, Some(&object), "us-east-1", &more);
    assert!(
        said(&crossed.diags).contains("is not finished"),
        "{}",
        said(&crossed.diags)
    );
    let config = json!({ "failover_plan": house.document() });
    let config = house.harness.config("dr_failover_status", config);
    let status = house.drive(
        house
            .harness
            .read_data_source("dr_failover_status", &config),
    );
    let status = status.object.expect("read");
    assert_eq!(status.text("unfinished_execution"), unfinished);
}

#[test]
fn a_refresh_after_a_reprotect_keeps_what_the_failover_measured() {
    let (house, object) = held();
    let object = failed_over(&house, &object);
    give_back(&house);
    reprotected(&house, &west());
    let read = house.drive(house.harness.refresh(NAME, &object));
    let read = read.object.expect("there");
    for name in ["execution_id", "evidence", "execution_status"] {
        assert_eq!(read.text(name), object.text(name), "{name}");
    }
    for name in ["measured_rto_seconds", "measured_rpo_seconds"] {
        assert_eq!(read.attribute(name), object.attribute(name), "{name}");
    }
}

/// The replica of the west follows nobody any more.
pub(super) fn standalone(house: &House) {
    let change = |it: &mut aws::rds::DbInstance| (it.source, it.replication) = (None, None);
    let fake = &house.estate.fake;
    fake.edit(&west(), "moleculeflow-replica", change);
}

/// A failover that promoted the west and was killed before it wrote its epoch; then the east answered again.
fn killed_after_its_promotion(house: &House) {
    house.lose(&east());
    begun(house);
    standalone(house);
    give_back(house);
}

#[test]
fn two_writers_do_not_keep_an_execution_from_being_gone_on_with() {
    let (house, object) = held();
    killed_after_its_promotion(&house);
    let read = house.drive(house.harness.refresh(NAME, &object));
    assert!(
        !read.diags.has_errors() && said(&read.diags).contains("two regions serve"),
        "{}",
        said(&read.diags)
    );
    let destroyed = house.drive(house.harness.destroy(NAME, Some(&object)));
    assert!(
        destroyed.object.is_some() && said(&destroyed.diags).contains("is not finished"),
        "{}",
        said(&destroyed.diags)
    );
    let crossed = plan(&house, Some(&object), "us-east-1", &json!({}));
    assert!(
        said(&crossed.diags).contains("is not finished"),
        "{}",
        said(&crossed.diags)
    );
    let done = apply(&house, Some(&object), "us-west-2", &consent(&house)).expect_clean();
    assert_eq!(done.text("active_region"), "us-west-2");
    assert_eq!(
        done.attribute("epoch")
            .as_number()
            .and_then(terraform_framework::cty::Number::to_i64),
        Some(1)
    );
    assert_eq!(promotions(&house), 0, "it was promoted before");
}

#[test]
fn only_who_is_silent_is_to_be_declared_lost() {
    let (house, object) = held();
    house.estate.faulty.lose(&west());
    house
        .estate
        .fake
        .set_status(&east(), "moleculeflow-prod", "stopped");
    let told = said(&plan(&house, Some(&object), "us-east-1", &json!({})).diags);
    assert!(
        told.contains("export DR_LOST_REGIONS=us-west-2\n"),
        "{told}"
    );
    // Where nothing at all was seen, nobody is named.
    house.estate.faulty.lose(&east());
    house.declare(&[]);
    let told = said(&plan(&house, Some(&object), "us-east-1", &json!({})).diags);
    assert!(told.contains("export DR_LOST_REGIONS=REGION\n"), "{told}");
}

#[test]
fn silence_beside_a_lost_region_is_not_taken_for_loss() {
    let (house, object) = held();
    house.lose(&east());
    house.estate.faulty.deny("DescribeDBInstances");
    for (region, more) in [
        ("us-east-1", json!({})),
        ("us-west-2", json!({ "mode": "failover" })),
    ] {
        let planned = plan(&house, Some(&object), region, &more);
        let told = said(&planned.diags);
        assert!(
            planned.diags.has_errors() && told.contains("who is active is not known"),
            "{told}"
        );
        assert!(
            told.contains("export DR_LOST_REGIONS=us-west-2\n"),
            "{told}"
        );
    }
}

/// The readiness as a data source reads it: whether, and all that is in the way.
fn readiness(house: &House) -> (Option<bool>, String) {
    let config = json!({ "failover_plan": house.document() });
    let config = house.harness.config("dr_failover_readiness", config);
    let read = house.drive(
        house
            .harness
            .read_data_source("dr_failover_readiness", &config),
    );
    let read = read.object.expect("read");
    (
        read.attribute("ready").as_bool(),
        format!("{:?}", read.attribute("problems")),
    )
}

#[test]
fn nothing_is_ready_while_something_stands_in_the_way() {
    let (house, object) = held();
    let (_, problems) = readiness(&house);
    for words in [
        "not finished",
        "unfenced",
        "two regions serve",
        "who is active",
    ] {
        assert!(!problems.contains(words), "{problems}");
    }
    killed_after_its_promotion(&house);
    let (ready, problems) = readiness(&house);
    assert_eq!(ready, Some(false));
    for words in ["two regions serve", "is not finished: refused"] {
        assert!(problems.contains(words), "{problems}");
    }
    let (house, _) = (House::prepared(), object);
    house.estate.faulty.deny("DescribeDBInstances");
    let (ready, problems) = readiness(&house);
    assert!(
        ready == Some(false) && problems.contains("who is active is not known"),
        "{problems}"
    );
}

#[test]
fn an_unfenced_writer_is_told_by_every_plan_until_a_reprotect_closes_it() {
    let (house, object) = held();
    let object = failed_over(&house, &object);
    let told = said(&plan(&house, Some(&object), "us-west-2", &json!({})).diags);
    assert!(
        told.contains("left the old writer unfenced") && told.contains("drctl fence"),
        "{told}"
    );
    let (ready, problems) = readiness(&house);
    assert!(
        ready == Some(false) && problems.contains("left the old writer unfenced"),
        "{problems}"
    );
    let config = json!({ "failover_plan": house.document() });
    let config = house.harness.config("dr_failover_status", config);
    let status = || {
        house
            .drive(
                house
                    .harness
                    .read_data_source("dr_failover_status", &config),
            )
            .object
            .expect("read")
    };
    assert_eq!(
        status().text("unfenced_execution"),
        object.text("execution_id")
    );
    assert_eq!(status().text("fencing"), "open");
    give_back(&house);
    reprotected(&house, &west());
    assert_eq!(status().text("fencing"), "closed");
    let again = plan(&house, Some(&object), "us-west-2", &json!({}));
    assert!(
        !said(&again.diags).contains("unfenced"),
        "{}",
        said(&again.diags)
    );
}

#[test]
fn a_journal_that_cannot_be_read_leaves_open_who_is_fenced() {
    let (house, object) = held();
    // Two unfinished executions, the older of them with a broken journal: what came before is not known.
    house.lose(&east());
    begun(&house);
    let around = house.estate.around(&BTreeSet::from([east()]));
    let older = house
        .drive(around.newest_execution())
        .expect("listed")
        .expect("begun");
    house.drive(house.estate.clock.sleep(Duration::from_secs(5)));
    begun(&house);
    let key = format!("failover/executions/{older}/0001.json");
    for region in [east(), west()] {
        let bucket = format!("moleculeflow-dr-{region}");
        assert!(region == east() || house.estate.fake.object(&region, &bucket, &key).is_some());
        house
            .estate
            .fake
            .set_object(&region, &bucket, &key, Some(b"{}".to_vec()));
    }
    let more = json!({ "mode": "failover" });
    let told = said(&plan(&house, Some(&object), "us-west-2", &more).diags);
    assert!(
        told.contains("whether an old writer is left unfenced is not known"),
        "{told}"
    );
    let (ready, problems) = readiness(&house);
    assert!(
        ready == Some(false) && problems.contains("is not known"),
        "{problems}"
    );
}
