//! Stored states and identities, as another release may have written them.

use serde_json::{Map, Value as Json};
use tfplugin6::v6;

use super::Server;
use super::lifecycle::give;
use crate::diagnostics::Diagnostics;
use crate::provider::Provider;
use crate::schema::{Block, BlockNesting, Nesting};
use crate::wire;

impl<P: Provider> Server<P> {
    pub(super) fn upgrade_state(
        &self,
        request: &v6::upgrade_resource_state::Request,
    ) -> v6::upgrade_resource_state::Response {
        let mut diags = Diagnostics::new();
        let upgraded_state = self.upgraded(request, &mut diags);
        v6::upgrade_resource_state::Response {
            upgraded_state,
            diagnostics: wire::diagnostics(diags),
        }
    }

    fn upgraded(
        &self,
        request: &v6::upgrade_resource_state::Request,
        diags: &mut Diagnostics,
    ) -> Option<v6::DynamicValue> {
        let resource = self.resource(&request.type_name, diags)?;
        let current = resource.version();
        let name = &request.type_name;
        if request.version > current {
            let detail = format!(
                "The state has schema version {}, this release knows {current}. Use the release that wrote it, or a later one.",
                request.version
            );
            diags.error(
                format!("State of {name} was written by a newer provider"),
                detail,
            );
            return None;
        }
        let raw = request
            .raw_state
            .as_ref()
            .map(|raw| &raw.json[..])
            .unwrap_or_default();
        let mut json: Json = match serde_json::from_slice(raw) {
            Ok(json) => json,
            Err(error) => {
                diags.error(format!("State of {name} cannot be read"), format!("It is not JSON: {error}. States of Terraform before 0.12 are not supported."));
                return None;
            }
        };
        if request.version < current {
            json = resource
                .upgrade(request.version, json)
                .map_err(|error| diags.error(format!("State of {name} cannot be upgraded"), error))
                .ok()?;
        }
        let ty = resource.block().ty();
        fit(&mut json, &resource.block());
        let state = cty::json::decode(json.to_string().as_bytes(), &ty)
            .map_err(|error| diags.mismatch("a stored state", &error))
            .ok()?;
        give(&state, &ty, diags)
    }

    pub(super) fn upgrade_identity(
        &self,
        request: &v6::upgrade_resource_identity::Request,
    ) -> v6::upgrade_resource_identity::Response {
        let mut diags = Diagnostics::new();
        let upgraded_identity = self.upgraded_identity(request, &mut diags);
        v6::upgrade_resource_identity::Response {
            upgraded_identity,
            diagnostics: wire::diagnostics(diags),
        }
    }

    fn upgraded_identity(
        &self,
        request: &v6::upgrade_resource_identity::Request,
        diags: &mut Diagnostics,
    ) -> Option<v6::ResourceIdentityData> {
        let resource = self.resource(&request.type_name, diags)?;
        let Some(block) = resource.identity_block() else {
            diags.error(
                format!("{} has no identity", request.type_name),
                "The state holds one; it was written by another provider or release.",
            );
            return None;
        };
        let raw = request
            .raw_identity
            .as_ref()
            .map(|raw| &raw.json[..])
            .unwrap_or_default();
        let value = cty::json::decode(raw, &block.ty())
            .map_err(|error| diags.mismatch("a stored identity", &error))
            .ok()?;
        Some(v6::ResourceIdentityData {
            identity_data: Some(give(&value, &block.ty(), diags)?),
        })
    }
}

/// Makes a stored object fit the schema: attributes that were dropped go, attributes that came are null, blocks that came
/// are as if none was written.
pub(crate) fn fit(json: &mut Json, block: &Block) {
    let Json::Object(entries) = json else { return };
    let known = |name: &String| {
        block.attributes.iter().any(|a| a.name == name)
            || block.blocks.iter().any(|b| b.name == name)
    };
    entries.retain(|name, _| known(name));
    for attribute in &block.attributes {
        let value = entries.entry(attribute.name).or_insert(Json::Null);
        match &attribute.nested {
            Some((block, Nesting::Single)) => fit(value, block),
            Some((block, _)) => each(value, block),
            None => {}
        }
    }
    for nested in &block.blocks {
        let value = entries.entry(nested.name).or_insert(Json::Null);
        if value.is_null() {
            match nested.nesting {
                BlockNesting::Single => continue,
                BlockNesting::Group | BlockNesting::Map => *value = Json::Object(Map::new()),
                BlockNesting::List | BlockNesting::Set => *value = Json::Array(Vec::new()),
            }
        }
        match nested.nesting {
            BlockNesting::Single | BlockNesting::Group => fit(value, &nested.block),
            _ => each(value, &nested.block),
        }
    }
}

fn each(json: &mut Json, block: &Block) {
    match json {
        Json::Object(entries) => entries.values_mut().for_each(|value| fit(value, block)),
        Json::Array(elements) => elements.iter_mut().for_each(|value| fit(value, block)),
        _ => {}
    }
}
