//! The resource over AWS in memory and virtual time, called as Terraform calls it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws::Region;
use aws::clock::{Clock, VirtualClock};
use aws::fake::{FakeAws, cluster_arn};
use aws::metrics::Metric;
use serde_json::{Value as Json, json};
use terraform_framework::provider::ConfigureCx;
use terraform_framework::resource::ErasedResource;
use terraform_framework::testing::{Harness, Object};
use terraform_framework::{Diagnostics, Provider, async_trait};

use super::GlobalClusterWriterResource;
use crate::client::Client;
use crate::provider_block::ProviderBlock;

const NAME: &str = "dr_global_cluster_writer";

fn east() -> Region {
    Region::new("us-east-1").unwrap()
}

fn west() -> Region {
    Region::new("us-west-2").unwrap()
}

struct Fakes {
    aws: FakeAws,
    clock: VirtualClock,
    lost: Arc<Mutex<BTreeSet<Region>>>,
}

#[async_trait]
impl Provider for Fakes {
    type Config = ProviderBlock;
    type Client = Client;

    fn name(&self) -> &'static str {
        "dr"
    }

    async fn configure(
        &self,
        _: ProviderBlock,
        _: &ConfigureCx,
        _: &mut Diagnostics,
    ) -> Option<Client> {
        let mut client = Client::new(Arc::new(self.aws.clone()), Arc::new(self.clock.clone()));
        client.lost_regions = self.lost.lock().unwrap().clone();
        Some(client)
    }

    fn resources(&self) -> Vec<Box<dyn ErasedResource<Client>>> {
        vec![Box::new(GlobalClusterWriterResource)]
    }
}

/// A global cluster with its writer in us-east-1.
struct House {
    aws: FakeAws,
    clock: VirtualClock,
    lost: Arc<Mutex<BTreeSet<Region>>>,
    harness: Harness<Fakes>,
}

impl House {
    fn new() -> Self {
        let clock = VirtualClock::starting_at("2026-05-01T12:00:00Z".parse().unwrap());
        let aws = FakeAws::new(Arc::new(clock.clone()));
        let members = [(&east(), "orders-east"), (&west(), "orders-west")];
        aws.add_global_cluster("orders", &members);
        let lag = Metric {
            namespace: "AWS/RDS".into(),
            name: "AuroraGlobalDBRPOLag".into(),
            dimensions: vec![("DBClusterIdentifier".into(), "orders-west".into())],
        };
        aws.set_metric_of_the_past(&west(), &lag, Some(850.0));
        let lost = Arc::<Mutex<BTreeSet<Region>>>::default();
        let provider = Fakes {
            aws: aws.clone(),
            clock: clock.clone(),
            lost: Arc::clone(&lost),
        };
        let harness = clock.drive(Harness::configured(provider, json!({})));
        House {
            harness: harness.unwrap(),
            aws,
            clock,
            lost,
        }
    }

    fn drive<T>(&self, work: impl Future<Output = T>) -> T {
        self.clock.drive(work).expect("it ends")
    }

    fn lose(&self, region: &Region) {
        self.lost.lock().unwrap().insert(region.clone());
        let configured = self.drive(self.harness.configure(json!({})));
        assert!(!configured.has_errors(), "{configured:?}");
    }

    /// Applies; what is left and all that was said.
    fn apply(&self, object: Option<&Object>, more: Json) -> (Option<Object>, String) {
        let config = self.harness.config(NAME, arguments(more));
        let outcome = self.drive(self.harness.apply(NAME, object, &config));
        (outcome.object, said(&outcome.diags))
    }

    /// Plans; whether it is empty, and all that was said.
    fn plan(&self, object: Option<&Object>, more: Json) -> (bool, String) {
        let config = self.harness.config(NAME, arguments(more));
        let planned = self.drive(self.harness.plan(NAME, object, Some(&config)));
        (planned.is_empty, said(&planned.diags))
    }

    /// The writer in the east, held.
    fn held(&self) -> Object {
        let (object, said) = self.apply(None, json!({ "writer_region": "us-east-1" }));
        assert!(said.contains("adopted"), "{said}");
        object.unwrap()
    }

    /// Moves that AWS accepted.
    fn moves(&self) -> usize {
        let calls = self.aws.calls();
        let moved = ["SwitchoverGlobalCluster", "FailoverGlobalCluster"];
        let of_moves = calls.iter().filter(|it| moved.contains(&it.operation));
        of_moves.count()
    }

    /// Somebody moves the writer without Terraform.
    fn move_outside(&self) {
        let clusters = aws::Aws::global_clusters(&self.aws, &east()).unwrap();
        let target = cluster_arn(&west(), "orders-west");
        self.drive(clusters.switchover("orders", &target)).unwrap();
    }

    fn wait(&self) {
        self.drive(self.clock.sleep(Duration::from_mins(10)));
    }
}

fn arguments(more: Json) -> Json {
    let mut all = json!({ "global_cluster_identifier": "orders" });
    let Json::Object(more) = more else {
        panic!("an object")
    };
    all.as_object_mut().unwrap().extend(more);
    all
}

fn said(diags: &Diagnostics) -> String {
    let lines = diags.iter().map(|it| {
        let kind = if it.error { "error" } else { "warning" };
        format!("{kind} {}: {}\n{}\n", it.path, it.summary, it.detail)
    });
    lines.collect()
}

fn to_west() -> Json {
    json!({ "writer_region": "us-west-2" })
}

#[track_caller]
fn says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "{word:?} is not in:\n{said}");
    }
}

#[test]
fn rows_1_and_4_adopt_what_is_there_and_then_plan_nothing() {
    let house = House::new();
    let object = house.held();
    assert_eq!(object.text("last_applied"), "us-east-1");
    let (empty, said) = house.plan(Some(&object), json!({ "writer_region": "us-east-1" }));
    assert!(empty && said.is_empty(), "{said}");
    assert_eq!(house.moves(), 0);
}

#[test]
fn row_2_a_move_without_a_past_needs_the_present_region_named() {
    let house = House::new();
    let (object, said) = house.apply(None, to_west());
    says(&said, &["error writer_region", "from = \"us-east-1\""]);
    assert!(object.is_none());
    assert_eq!(house.moves(), 0);
}

#[test]
fn rows_3_and_7_switch_over_once_and_say_first_that_nothing_is_lost() {
    let house = House::new();
    let named = json!({ "writer_region": "us-west-2", "from": "us-east-1" });
    let (object, told) = house.apply(None, named.clone());
    says(
        &told,
        &["switchover from us-east-1 to us-west-2, nothing lost"],
    );
    let object = object.unwrap();
    assert_eq!(object.text("execution_status"), "done");
    assert_eq!(object.text("observed"), "us-west-2");
    assert!(house.plan(Some(&object), named).0);
    let back = json!({ "writer_region": "us-east-1" });
    let (object, _) = house.apply(Some(&object), back);
    assert_eq!(object.unwrap().text("last_applied"), "us-east-1");
    assert_eq!(house.moves(), 2);
}

#[test]
fn rows_5_and_6_never_move_back_what_was_moved_outside() {
    let house = House::new();
    let object = house.held();
    house.move_outside();
    house.wait();
    let (empty, told) = house.plan(Some(&object), json!({ "writer_region": "us-east-1" }));
    assert!(empty, "{told}");
    says(
        &told,
        &["changed outside Terraform", "writer_region = \"us-west-2\""],
    );
    let (object, told) = house.apply(Some(&object), to_west());
    says(&told, &["the configuration follows"]);
    assert_eq!(object.unwrap().text("last_applied"), "us-west-2");
    assert_eq!(house.moves(), 1, "the one outside");
}

#[test]
fn rows_9_to_11_resume_a_move_under_way_and_neither_cross_nor_forget_it() {
    let house = House::new();
    let object = house.held();
    house.move_outside();
    house.drive(house.clock.sleep(Duration::from_mins(2)));
    let (_, told) = house.plan(Some(&object), json!({ "writer_region": "us-east-1" }));
    says(&told, &["error", "on its way to us-west-2"]);
    let destroyed = house.drive(house.harness.destroy(NAME, Some(&object)));
    says(&said(&destroyed.diags), &["on its way to us-west-2"]);
    let (object, told) = house.apply(Some(&object), to_west());
    says(&told, &["the apply goes on with it"]);
    let object = object.unwrap();
    assert_eq!(object.text("execution_status"), "done");
    assert_eq!(house.moves(), 1, "the one outside");
    let destroyed = house.drive(house.harness.destroy(NAME, Some(&object)));
    assert!(destroyed.object.is_none() && !destroyed.diags.has_errors());
    assert_eq!(house.moves(), 1);
}

#[test]
fn row_12_an_import_is_quiet_and_vouches_for_nothing() {
    let house = House::new();
    let found = house.drive(house.harness.import(NAME, "us-west-2/orders"));
    let object = found.object.expect("it is there");
    let (empty, said) = house.plan(Some(&object), json!({ "writer_region": "us-east-1" }));
    assert!(empty, "{said}");
    let (_, said) = house.plan(Some(&object), to_west());
    says(&said, &["error", "from = \"us-east-1\""]);
    let nowhere = house.drive(house.harness.import(NAME, "us-west-2/orders-global"));
    assert!(nowhere.object.is_none());
}

#[test]
fn row_13_a_lost_region_is_left_by_a_failover_with_a_consent_and_by_nothing_less() {
    let house = House::new();
    let object = house.held();
    house.lose(&east());
    let (empty, told) = house.plan(Some(&object), json!({ "writer_region": "us-east-1" }));
    assert!(empty, "{told}");
    says(&told, &["declared lost", "mode    = \"failover\""]);
    let (_, told) = house.plan(Some(&object), to_west());
    says(&told, &["error", "a switchover needs it"]);
    let lost_at = house.clock.now().to_string();
    let mut order = json!({ "writer_region": "us-west-2", "mode": "failover", "lost_at": lost_at });
    let (_, told) = house.plan(Some(&object), order.clone());
    says(
        &told,
        &["error", "fenced", "risk   = \"unfenced\"", "orders-west"],
    );
    let until = house.clock.now() + jiff::SignedDuration::from_hours(2);
    order["consent"] = json!([{
        "risk": "unfenced",
        "until": until.to_string(),
        "source": cluster_arn(&east(), "orders-east"),
        "target": "orders-west",
    }]);
    let (_, told) = house.plan(Some(&object), order.clone());
    says(
        &told,
        &["warning", "failover from us-east-1 to us-west-2, at most"],
    );
    let (object, told) = house.apply(Some(&object), order);
    assert_eq!(object.unwrap().text("observed"), "us-west-2", "{told}");
    says(&told, &["unfenced"]);
    let calls = house.aws.calls();
    let lossy = calls
        .iter()
        .filter(|it| it.operation == "FailoverGlobalCluster");
    assert!(lossy.map(|it| &it.region).eq([&west()]));
    let before = calls.iter().rposition(|it| it.region == east());
    assert!(before.is_none_or(|at| calls[at].operation == "DescribeGlobalClusters"));
}

#[test]
fn row_15_a_region_without_a_member_is_an_error_that_says_what_to_add() {
    let house = House::new();
    let object = house.held();
    let (_, told) = house.plan(Some(&object), json!({ "writer_region": "eu-west-1" }));
    says(&told, &["error", "cannot move to eu-west-1", "no member"]);
    assert_eq!(house.moves(), 0);
}

#[test]
fn a_headless_target_is_refused_before_anything_starts() {
    let house = House::new();
    let object = house.held();
    house
        .aws
        .edit_cluster(&west(), "orders-west", |it| it.instances = 0);
    let (_, told) = house.plan(Some(&object), to_west());
    says(&told, &["error", "has no instance"]);
    let (kept, _) = house.apply(Some(&object), to_west());
    assert_eq!(kept.unwrap().text("writer_region"), "us-east-1");
    assert_eq!(house.moves(), 0);
}

#[test]
fn what_is_gone_is_forgotten_by_a_refresh_and_an_error_of_a_plan() {
    let house = House::new();
    let config = house.harness.config(
        NAME,
        json!({ "global_cluster_identifier": "billing", "writer_region": "us-east-1" }),
    );
    let planned = house.drive(house.harness.plan(NAME, None, Some(&config)));
    says(
        &said(&planned.diags),
        &[
            "billing does not exist",
            "describe-global-clusters --region us-east-1",
        ],
    );
}
