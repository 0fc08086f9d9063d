//! Stored states, stored identities, data sources, functions.

use serde_json::Value as Json;
use tfplugin6::v6;

use super::Server;
use super::lifecycle::{give, take};
use crate::diagnostics::Diagnostics;
use crate::provider::Provider;
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
        fit(&mut json, &ty);
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

    pub(super) async fn validate_data_source(
        &self,
        request: v6::validate_data_resource_config::Request,
    ) -> Diagnostics {
        let mut diags = Diagnostics::new();
        match self.0.data_sources.get(request.type_name.as_str()) {
            None => self.no_such("data source", &request.type_name, &mut diags),
            Some(source) => {
                if let Some(config) = take(
                    request.config.as_ref(),
                    &source.block().ty(),
                    "a configuration",
                    &mut diags,
                ) {
                    source.validate(config, &mut diags).await;
                }
            }
        }
        diags
    }

    pub(super) async fn read_data_source(
        &self,
        request: v6::read_data_source::Request,
    ) -> v6::read_data_source::Response {
        let mut diags = Diagnostics::new();
        let state = self.found(&request, &mut diags).await;
        v6::read_data_source::Response {
            state,
            diagnostics: wire::diagnostics(diags),
            deferred: None,
        }
    }

    async fn found(
        &self,
        request: &v6::read_data_source::Request,
        diags: &mut Diagnostics,
    ) -> Option<v6::DynamicValue> {
        let Some(source) = self.0.data_sources.get(request.type_name.as_str()) else {
            self.no_such("data source", &request.type_name, diags);
            return None;
        };
        let ty = source.block().ty();
        let config = take(request.config.as_ref(), &ty, "a configuration", diags)?;
        let cx = self.cx(diags)?;
        let found = source.read(&cx, config, diags).await?;
        give(&found, &ty, diags)
    }

    pub(super) fn call_function(
        &self,
        request: &v6::call_function::Request,
    ) -> v6::call_function::Response {
        let refuse = |text: String, argument: Option<usize>| v6::call_function::Response {
            result: None,
            error: Some(v6::FunctionError {
                text,
                function_argument: argument.and_then(|a| i64::try_from(a).ok()),
            }),
        };
        let Some(function) = self.0.functions.get(request.name.as_str()) else {
            return refuse(
                format!(
                    "the provider {} has no function {}",
                    self.0.provider.name(),
                    request.name
                ),
                None,
            );
        };
        let mut arguments = Vec::new();
        for (position, (message, parameter)) in request
            .arguments
            .iter()
            .zip(&function.parameters)
            .enumerate()
        {
            match wire::value(Some(message), &parameter.ty) {
                Ok(value) => arguments.push(value),
                Err(error) => return refuse(error.to_string(), Some(position)),
            }
        }
        match function.call(&arguments) {
            Ok(result) => match wire::dynamic(&result, &function.result) {
                Ok(result) => v6::call_function::Response {
                    result: Some(result),
                    error: None,
                },
                Err(error) => refuse(error.to_string(), None),
            },
            Err(error) => refuse(error.text, error.argument),
        }
    }
}

/// Makes a stored object fit the schema's type: attributes that were dropped go, attributes that came are null.
fn fit(json: &mut Json, ty: &cty::Type) {
    match (json, ty) {
        (Json::Object(entries), cty::Type::Object(object)) => {
            entries.retain(|name, _| object.attributes().contains_key(name.as_str()));
            for (name, ty) in object.attributes() {
                fit(entries.entry(name.as_ref()).or_insert(Json::Null), ty);
            }
        }
        (Json::Object(entries), cty::Type::Map(element)) => {
            entries.values_mut().for_each(|value| fit(value, element))
        }
        (Json::Array(elements), cty::Type::List(element) | cty::Type::Set(element)) => {
            elements.iter_mut().for_each(|value| fit(value, element))
        }
        _ => {}
    }
}
