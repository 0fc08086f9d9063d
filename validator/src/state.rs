//! Reads states: `terraform show -json`, and the file as it is stored.

mod neighbours;
mod raw;
mod shown;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::documents::{self, error};
use crate::inventory::normal::{Masked, Normaliser};
use crate::inventory::{
    DocumentError, Fact, Instance, Inventory, Mode, Name, Sealer, SourceInfo, SourceKind, Unknown,
};
use crate::plan::{index, untyped};
use crate::schema;

const WHAT: &str = "a state";
const HOW: &str = "terraform show -json > state.json, or terraform state pull, writes one";

/// What tells the forms of a state apart.
#[derive(Deserialize)]
struct Probe {
    #[serde(default)]
    version: Option<u64>,
    #[serde(default)]
    format_version: Option<String>,
    #[serde(default)]
    terraform_version: Option<String>,
    #[serde(default)]
    resource_changes: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    instances: Option<serde::de::IgnoredAny>,
}

/// Reads a state in either form. `accounts` are those that are named by region, with the empty region for all.
///
/// # Errors
/// When the text is no state, is damaged, or has another version.
pub fn read(
    bytes: &[u8],
    shown: &str,
    accounts: &BTreeMap<String, String>,
    sealer: &Sealer,
) -> Result<Inventory, DocumentError> {
    let text = documents::text(bytes);
    let probe: Probe = documents::parse(&text, shown, WHAT, HOW)?;
    if probe.resource_changes.is_some() {
        let detail = "It is read with --plan; a state as JSON comes from terraform show -json without a plan file.";
        return Err(error(shown, "this is a plan, not a state", detail));
    }
    if probe.instances.is_some() && probe.version.is_none() {
        let detail =
            "It is read with --inventory; a state as JSON comes from terraform show -json.";
        return Err(error(
            shown,
            "this is a saved inventory, not a state",
            detail,
        ));
    }
    let told = match (probe.version, &probe.format_version) {
        (Some(4), None) => raw::read(&text, shown)?,
        (Some(version), None) => {
            let detail = if version < 4 {
                "Version 4 can be read: a plan or apply with Terraform 0.12 or later writes it anew."
            } else {
                "Version 4 can be read; a newer drcheck may read it."
            };
            return Err(error(
                shown,
                format!("the state has version {version}"),
                detail,
            ));
        }
        (_, version) => {
            documents::check_version(version.as_deref(), 1, shown, "state")?;
            shown::read(&text, shown)?
        }
    };
    let source = SourceInfo {
        kind: SourceKind::State,
        path: shown.into(),
        root: None,
        terraform_version: probe.terraform_version.as_deref().map(Into::into),
        complete: true,
        files: 1,
        broken_files: 0,
    };
    Ok(Inventory {
        sources: vec![source],
        diagnostics: Vec::new(),
        instances: instances(told, accounts, sealer),
        ..Inventory::default()
    })
}

/// An instance as a state tells it.
struct Told {
    address: String,
    module: String,
    mode: Mode,
    ty: String,
    name: String,
    index: Json,
    values: Json,
    sensitive: Json,
    /// The provider configuration; only the stored form has it.
    provider_key: Option<String>,
}

fn instances(
    told: Vec<Told>,
    accounts: &BTreeMap<String, String>,
    sealer: &Sealer,
) -> Vec<Instance> {
    let normaliser = Normaliser {
        sealer,
        why: &|_| Unknown::aws(),
        absent_is_open: false,
        saved: false,
    };
    let made = told.iter().map(|told| instance(told, &normaliser));
    let mut made: Vec<(Instance, crate::documents::evidence::Evidence)> = made.collect();
    let keys = Keys::new(&made);
    for (instance, own) in &mut made {
        keys.place(instance, own, accounts);
    }
    let mut instances: Vec<Instance> = made.into_iter().map(|(instance, _)| instance).collect();
    neighbours::place(&mut instances);
    instances.sort_by(|a, b| a.address.cmp(&b.address));
    instances
}

fn instance(
    told: &Told,
    normaliser: &Normaliser<'_>,
) -> (Instance, crate::documents::evidence::Evidence) {
    let block = match told.mode {
        Mode::Data => schema::data_source(&told.ty),
        _ => schema::resource(&told.ty),
    };
    let masked = Masked {
        value: Some(&told.values),
        unknown: None,
        sensitive: Some(&told.sensitive),
    };
    let values = match &block {
        Some(block) => normaliser.block(block, masked),
        None => untyped(normaliser, masked),
    };
    let mut own = crate::documents::evidence::of(&told.ty, &values);
    if told.mode == Mode::Data {
        own = data_evidence(&told.ty, &told.values);
    }
    let instance = Instance {
        address: told.address.as_str().into(),
        root: None,
        module: told.module.as_str().into(),
        mode: told.mode,
        ty: told.ty.as_str().into(),
        name: told.name.as_str().into(),
        index: index(&told.index),
        scope: schema::scope(&told.ty),
        account: Fact::default(),
        region: Fact::default(),
        provider_key: told.provider_key.as_deref().map(Name::from),
        expansion_known: true,
        hangs_on: Vec::new(),
        in_schema: block.is_some(),
        damaged: false,
        values,
        assumed: Vec::new(),
        references: Vec::new(),
        ignore_changes: Vec::new(),
        source: None,
        places: BTreeMap::new(),
    };
    (instance, own)
}

/// A data source may be about anything; only a few speak of their provider.
fn data_evidence(ty: &str, values: &Json) -> crate::documents::evidence::Evidence {
    let text = |name: &str| values[name].as_str().filter(|text| !text.is_empty());
    let mut own = crate::documents::evidence::Evidence::default();
    match ty {
        "aws_region" => {
            own.region = text("id").map(|region| (region.into(), "the region that was read"));
        }
        "aws_availability_zones" => {
            let zone = values["names"].get(0).and_then(Json::as_str);
            let region = zone.and_then(crate::documents::evidence::region_of_zone);
            own.region = region.map(|region| (region.into(), "the zones that were read"));
        }
        "aws_caller_identity" => own.account = text("account_id").map(Name::from),
        _ => {}
    }
    own
}

/// What the instances under each provider configuration say together.
struct Keys {
    /// Regions with the number of instances that show them.
    regions: BTreeMap<Name, BTreeMap<Name, usize>>,
    accounts: BTreeMap<Name, BTreeMap<Name, usize>>,
}

impl Keys {
    fn new(made: &[(Instance, crate::documents::evidence::Evidence)]) -> Self {
        let mut keys = Keys {
            regions: BTreeMap::new(),
            accounts: BTreeMap::new(),
        };
        for (instance, own) in made {
            let Some(key) = &instance.provider_key else {
                continue;
            };
            if let Some((region, _)) = &own.region {
                *keys
                    .regions
                    .entry(key.clone())
                    .or_default()
                    .entry(region.clone())
                    .or_default() += 1;
            }
            if let Some(account) = &own.account {
                *keys
                    .accounts
                    .entry(key.clone())
                    .or_default()
                    .entry(account.clone())
                    .or_default() += 1;
            }
        }
        keys
    }

    fn place(
        &self,
        instance: &mut Instance,
        own: &crate::documents::evidence::Evidence,
        accounts: &BTreeMap<String, String>,
    ) {
        if !instance.ty.starts_with("aws_") {
            instance.region = Fact::unknown("not a resource of AWS");
            instance.account = instance.region.clone();
            return;
        }
        let by_key = instance
            .provider_key
            .as_ref()
            .and_then(|key| self.regions.get(key));
        instance.region = match (&own.region, by_key) {
            (Some((region, why)), _) => known(region, (*why).to_owned()),
            (None, Some(regions)) => unanimous(
                regions,
                instance.provider_key.as_deref().unwrap_or_default(),
            ),
            (None, None) if instance.provider_key.is_some() => Fact::unknown(
                "no instance of its provider configuration shows a region in its own values",
            ),
            (None, None) => Fact::unknown(
                "this form of a state does not tell the provider, and its own values show no region; the stored state \
                 (terraform state pull) or the configuration tells",
            ),
        };
        let of_key = instance
            .provider_key
            .as_ref()
            .and_then(|key| self.accounts.get(key));
        let single = of_key
            .filter(|found| found.len() == 1)
            .and_then(|found| found.keys().next());
        let named = instance
            .region
            .value
            .as_deref()
            .and_then(|region| accounts.get(region));
        instance.account = match (&own.account, single, named.or_else(|| accounts.get(""))) {
            (Some(account), ..) => known(account, "its own values".into()),
            (None, Some(account), _) => known(
                account,
                "other instances of its provider configuration".into(),
            ),
            (None, None, Some(account)) => known(account, "named for its region".into()),
            (None, None, None) => {
                Fact::unknown("no account shows in its values: pass --account [REGION=]ID")
            }
        };
    }
}

fn known(value: &str, why: String) -> Fact {
    Fact {
        value: Some(value.into()),
        because: vec![why.into()],
    }
}

fn unanimous(regions: &BTreeMap<Name, usize>, key: &str) -> Fact {
    let mut all = regions.iter();
    if let (Some((region, count)), None) = (all.next(), all.next()) {
        known(
            region,
            format!(
                "{count} instances of provider {key} show it in their own values, and none another"
            ),
        )
    } else {
        let shown: Vec<String> = regions
            .iter()
            .map(|(region, count)| format!("{region} ({count})"))
            .collect();
        Fact::unknown(&format!(
            "instances of provider {key} show several regions: {}",
            shown.join(", ")
        ))
    }
}
