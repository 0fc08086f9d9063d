//! Regions and accounts of provider configurations: no resource of a plan says its own.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::configuration::references;
use super::head::Head;
use crate::documents::address::module_path;
use crate::documents::evidence::{is_region, region_of_zone};
use crate::inventory::Fact;
use crate::world::is_account;

/// What is known of each provider configuration, by its key.
pub(super) struct Regions {
    by_key: BTreeMap<String, Fact>,
    accounts: BTreeMap<String, String>,
}

impl Regions {
    pub(super) fn new(head: &Head) -> Self {
        let mut regions = Regions {
            by_key: BTreeMap::new(),
            accounts: BTreeMap::new(),
        };
        for (key, provider) in &head.configuration.provider_config {
            let fact = stated(
                head,
                key,
                &provider.expressions["region"],
                provider.module_address.as_deref(),
            );
            regions.by_key.insert(key.clone(), fact);
        }
        for (module, shown) in &head.telling {
            let local = format!("data.{}.{}", shown.ty, shown.name);
            let declared = head
                .configuration
                .module(&module_path(module))
                .and_then(|found| found.resource(&local));
            let Some(key) = declared.and_then(|resource| resource.provider_config_key.clone())
            else {
                continue;
            };
            // One that names its region asks about another.
            let asks = declared.is_some_and(|resource| {
                !resource.expressions["name"].is_null() || !resource.expressions["region"].is_null()
            });
            if !asks {
                regions.tell(key, shown);
            }
        }
        regions
    }

    fn tell(&mut self, key: String, shown: &crate::documents::values::Shown) {
        let text = |name: &str| shown.values[name].as_str();
        let region = match shown.ty.as_str() {
            "aws_region" => text("region")
                .or_else(|| text("name"))
                .or_else(|| text("id")),
            "aws_availability_zones" => {
                let zone = shown.values["names"].get(0).and_then(Json::as_str);
                zone.and_then(region_of_zone)
            }
            _ => {
                if let Some(account) = text("account_id").filter(|account| is_account(account)) {
                    self.accounts.insert(key, account.to_owned());
                }
                return;
            }
        };
        let Some(region) = region else { return };
        let known = self.by_key.entry(key).or_default();
        if known.value.is_none() {
            known.value = Some(region.into());
            known.because = vec![format!("{} was read under this provider", shown.address).into()];
        }
    }

    /// The region of a provider configuration.
    pub(super) fn region(&self, key: Option<&str>) -> Fact {
        let Some(key) = key else {
            return Fact::unknown("the plan's configuration does not hold this resource");
        };
        self.by_key
            .get(key)
            .cloned()
            .unwrap_or_else(|| environment(key))
    }

    /// The account of a provider configuration.
    pub(super) fn account(&self, key: Option<&str>) -> Option<&str> {
        self.accounts.get(key?).map(String::as_str)
    }
}

fn environment(key: &str) -> Fact {
    Fact::unknown(&format!(
        "provider {key} names no region in the plan, so that the environment or a profile decided; the configuration or a \
         state tells more"
    ))
}

/// The region that a provider block states: a constant, or a root variable whose value the plan holds.
fn stated(head: &Head, key: &str, expression: &Json, module: Option<&str>) -> Fact {
    if expression.is_null() {
        return environment(key);
    }
    let step = format!("provider {key} in the plan's configuration");
    if let Some(region) = expression["constant_value"].as_str() {
        return Fact {
            value: Some(region.into()),
            because: vec![step.into()],
        };
    }
    let references = references(expression);
    if let [only] = references.as_slice()
        && module.is_none()
        && let Some(name) = only.strip_prefix("var.")
    {
        let default = || {
            head.configuration
                .root_module
                .variables
                .get(name)
                .map(|variable| &variable.default)
        };
        let value = head
            .variables
            .get(name)
            .filter(|value| !value.is_null())
            .or_else(default);
        // The reference is all that the plan holds of the expression: one that only uses the variable shows itself by a
        // value that is no region.
        if let Some(region) = value.and_then(Json::as_str).filter(|text| is_region(text)) {
            return Fact {
                value: Some(region.into()),
                because: vec![step.into(), format!("var.{name} of the plan").into()],
            };
        }
    }
    let mut because = vec![step.into()];
    because.extend(
        references
            .into_iter()
            .map(|reference| format!("{reference}, whose value is not in the plan").into()),
    );
    Fact {
        value: None,
        because,
    }
}
