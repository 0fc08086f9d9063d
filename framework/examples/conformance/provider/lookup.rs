//! The data source `conf_thing`: finds a thing by name.

use terraform_framework::cty::Path;
use terraform_framework::data_source::DataSource;
use terraform_framework::validate::length;
use terraform_framework::{Cx, Diagnostics, Model, Value, async_trait};

use super::Store;
use super::thing::Thing;

/// Finds a thing by its name.
#[derive(Model, Clone, Debug)]
pub(crate) struct Found {
    /// Name of the thing.
    #[attr(required, validate = length(1, 30))]
    pub(crate) name: Value<String>,
    /// Its colour.
    #[attr(computed)]
    pub(crate) color: Value<String>,
}

/// The data source.
pub(crate) struct Lookup;

#[async_trait]
impl DataSource for Lookup {
    type Client = Store;
    type Model = Found;

    fn name(&self) -> &'static str {
        "conf_lookup"
    }

    async fn read(&self, cx: &Cx<Store>, config: Found, diags: &mut Diagnostics) -> Option<Found> {
        let name = config.name.text()?.to_owned();
        assert!(name != "panic", "told to panic");
        let Some(thing) = cx.client().get::<Thing>(&format!("thing-{name}")) else {
            let detail =
                "It was looked for in the store. Is it made in another store, or not made yet?";
            diags.error_at(
                Path::root().attribute("name"),
                format!("There is no thing {name}"),
                detail,
            );
            return None;
        };
        Some(Found {
            color: thing.color,
            ..config
        })
    }
}
