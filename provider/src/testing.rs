//! The provider over AWS in memory and virtual time: the estate of the engine's own tests, called as Terraform calls.

#![allow(
    clippy::unwrap_used,
    clippy::result_large_err,
    reason = "a test that fails says where; a failed call costs a round trip in the world that is played"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use aws::clock::Clock;
use aws::faults::Schedule;
use aws::{Aws, Region};
use serde_json::Value as Json;
use terraform_framework::action::ErasedAction;
use terraform_framework::data_source::ErasedDataSource;
use terraform_framework::provider::ConfigureCx;
use terraform_framework::resource::ErasedResource;
use terraform_framework::testing::{Harness, json};
use terraform_framework::{Diagnostics, Provider, async_trait};

use crate::client::Client;
use crate::provider_block::ProviderBlock;
use crate::{DrProvider, provider_block};

#[allow(dead_code, reason = "the engine's tests use more of it")]
#[path = "../../recovery/tests/failover/estate.rs"]
mod estate;

use estate::Estate;
pub(crate) use estate::{east, west};

/// The provider with another AWS and another clock.
pub(crate) struct Fakes {
    aws: Arc<dyn Aws>,
    clock: Arc<dyn Clock>,
    lost: Arc<Mutex<BTreeSet<Region>>>,
    allowed: Arc<Mutex<BTreeSet<String>>>,
}

#[async_trait]
impl Provider for Fakes {
    type Config = ProviderBlock;
    type Client = Client;

    fn name(&self) -> &'static str {
        "dr"
    }

    async fn validate(&self, config: &ProviderBlock, diags: &mut Diagnostics) {
        provider_block::validate(config, diags);
    }

    async fn configure(
        &self,
        _: ProviderBlock,
        _: &ConfigureCx,
        _: &mut Diagnostics,
    ) -> Option<Client> {
        let mut client = Client::new(Arc::clone(&self.aws), Arc::clone(&self.clock));
        client.lost_regions = self.lost.lock().unwrap().clone();
        client.allowed_account_ids = self.allowed.lock().unwrap().clone();
        Some(client)
    }

    fn resources(&self) -> Vec<Box<dyn ErasedResource<Client>>> {
        DrProvider.resources()
    }

    fn data_sources(&self) -> Vec<Box<dyn ErasedDataSource<Client>>> {
        DrProvider.data_sources()
    }

    fn actions(&self) -> Vec<Box<dyn ErasedAction<Client>>> {
        DrProvider.actions()
    }
}

/// An estate in peace, and the provider that reaches it.
pub(crate) struct House {
    pub(crate) estate: Estate,
    pub(crate) harness: Harness<Fakes>,
    lost: Arc<Mutex<BTreeSet<Region>>>,
    allowed: Arc<Mutex<BTreeSet<String>>>,
}

impl House {
    /// Peace at noon; nothing is published.
    pub(crate) fn new() -> Self {
        House::around(Estate::new(Schedule::calm()))
    }

    /// The same with another plan of the same estate.
    pub(crate) fn of(document: recovery::document::Document) -> Self {
        House::around(Estate::of(Schedule::calm(), document))
    }

    fn around(estate: Estate) -> Self {
        let lost = Arc::<Mutex<BTreeSet<Region>>>::default();
        let provider = Fakes {
            aws: Arc::new(estate.faulty.clone()),
            clock: Arc::new(estate.clock.clone()),
            lost: Arc::clone(&lost),
            allowed: Arc::default(),
        };
        let allowed = Arc::clone(&provider.allowed);
        let harness = estate.clock.drive(Harness::configured(provider, json!({})));
        House {
            harness: harness.expect("it ends"),
            estate,
            lost,
            allowed,
        }
    }

    /// Peace with the plan published and an observation made.
    pub(crate) fn prepared() -> Self {
        let house = House::new();
        house.estate.prepare();
        house
    }

    /// The region falls silent, and somebody declares it lost.
    pub(crate) fn lose(&self, region: &Region) {
        self.estate.faulty.lose(region);
        self.declare(std::slice::from_ref(region));
    }

    /// Declares these regions lost, and no others.
    pub(crate) fn declare(&self, lost: &[Region]) {
        *self.lost.lock().unwrap() = lost.iter().cloned().collect();
        let configured = self.drive(self.harness.configure(json!({})));
        assert!(!configured.has_errors(), "{configured:?}");
    }

    /// Allows these accounts and no others.
    pub(crate) fn allow(&self, accounts: &[&str]) {
        *self.allowed.lock().unwrap() = accounts.iter().map(|&it| it.to_owned()).collect();
        let configured = self.drive(self.harness.configure(json!({})));
        assert!(!configured.has_errors(), "{configured:?}");
    }

    /// Runs work to its end on virtual time.
    pub(crate) fn drive<T>(&self, work: impl Future<Output = T>) -> T {
        self.estate.clock.drive(work).expect("it ends")
    }

    /// An execution whose runner is gone after half a minute, before its end.
    pub(crate) fn kill_in_the_middle(&self, order: &recovery::engine::Order) {
        let cancel = terraform_framework::CancellationToken::new();
        let around = self.estate.around(&order.lost);
        let nobody = |_: recovery::engine::Event| {};
        let mut run = Box::pin(recovery::engine::execute(&around, order, &cancel, &nobody));
        let killed = self.drive(async {
            tokio::select! {
                biased;
                _ = &mut run => false,
                () = aws::clock::Clock::sleep(&self.estate.clock, std::time::Duration::from_secs(30)) => true,
            }
        });
        assert!(killed, "it takes longer than that");
    }

    /// The document that is published.
    pub(crate) fn document(&self) -> String {
        self.estate.document.canonical().expect("whole numbers")
    }

    /// Its digest.
    pub(crate) fn digest(&self) -> String {
        self.estate.document.digest().expect("whole numbers")
    }
}

/// The plan of the example as the arguments of `dr_failover_plan`.
pub(crate) fn arguments() -> Json {
    let mut plan: Json = serde_json::from_str(estate::PLAN).expect("the example is JSON");
    let members = plan.as_object_mut().expect("an object");
    members.remove("schema");
    plan
}

/// All that was said, for looking for words.
pub(crate) fn said(diags: &Diagnostics) -> String {
    let mut said = String::new();
    for it in diags.iter() {
        let kind = if it.error { "error" } else { "warning" };
        writeln!(said, "{kind} {}: {}\n{}", it.path, it.summary, it.detail).unwrap();
    }
    said
}
