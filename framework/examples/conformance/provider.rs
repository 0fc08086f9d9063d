//! The provider `conf`: every kind of attribute, block and trouble, for tests against Terraform itself.

mod announce;
mod blocks;
pub(crate) mod fragile;
mod functions;
mod lookup;
mod store;
pub(crate) mod thing;

use terraform_framework::action::ErasedAction;
use terraform_framework::data_source::ErasedDataSource;
use terraform_framework::function::Function;
use terraform_framework::provider::ConfigureCx;
use terraform_framework::resource::ErasedResource;
use terraform_framework::{Diagnostics, Model, Provider, Value, async_trait};

pub(crate) use store::Store;

/// Keeps objects as files, so that tests can change and remove them behind Terraform's back.
#[derive(Model, Clone, Debug)]
pub(crate) struct Config {
    /// Directory of the objects. Without it, objects live in the state alone.
    #[attr(optional)]
    pub(crate) store: Value<String>,
    /// Whether configuring fails.
    #[attr(optional)]
    pub(crate) broken: Value<bool>,
    /// Whether configuring panics.
    #[attr(optional)]
    pub(crate) panics: Value<bool>,
}

/// The provider.
pub(crate) struct Conformance;

#[async_trait]
impl Provider for Conformance {
    type Config = Config;
    type Client = Store;

    fn name(&self) -> &'static str {
        "conf"
    }

    async fn configure(
        &self,
        config: Config,
        _: &ConfigureCx,
        diags: &mut Diagnostics,
    ) -> Option<Store> {
        assert!(config.panics != Value::Known(true), "told to panic");
        if config.broken == Value::Known(true) {
            diags.error("The provider is broken", "It was told to be.");
            return None;
        }
        if config.store.is_unknown() {
            diags.warning(
                "The store is not known yet",
                "Objects live in the state alone while planning.",
            );
        }
        Some(Store::new(config.store.text()))
    }

    fn resources(&self) -> Vec<Box<dyn ErasedResource<Store>>> {
        vec![
            Box::new(thing::Things),
            Box::new(blocks::Houses),
            Box::new(fragile::Fragiles),
        ]
    }

    fn data_sources(&self) -> Vec<Box<dyn ErasedDataSource<Store>>> {
        vec![Box::new(lookup::Lookup)]
    }

    fn actions(&self) -> Vec<Box<dyn ErasedAction<Store>>> {
        vec![Box::new(announce::Announce)]
    }

    fn functions(&self) -> Vec<Function> {
        functions::all()
    }
}
