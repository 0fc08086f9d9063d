//! What the provider offers.

use tfplugin6::v6;

use super::Server;
use crate::model::Model;
use crate::provider::Provider;
use crate::wire;

/// No RPC here relies on `GetProviderSchema`, so Terraform may keep the schema it has.
const CAPABILITIES: v6::ServerCapabilities = v6::ServerCapabilities {
    plan_destroy: true,
    get_provider_schema_optional: true,
    move_resource_state: false,
    generate_resource_config: false,
};

impl<P: Provider> Server<P> {
    pub(super) fn metadata(&self) -> v6::get_metadata::Response {
        let names = |names: Vec<&'static str>| {
            names
                .into_iter()
                .map(|name| v6::get_metadata::TypeMetadata {
                    type_name: name.to_owned(),
                })
                .collect()
        };
        v6::get_metadata::Response {
            server_capabilities: Some(CAPABILITIES),
            data_sources: names(self.0.data_sources.keys().copied().collect()),
            resources: names(self.0.resources.keys().copied().collect()),
            actions: names(self.0.actions.keys().copied().collect()),
            functions: self
                .0
                .functions
                .keys()
                .map(|name| v6::get_metadata::FunctionMetadata {
                    name: (*name).to_owned(),
                })
                .collect(),
            ..v6::get_metadata::Response::default()
        }
    }

    pub(super) fn schemas(&self) -> v6::get_provider_schema::Response {
        v6::get_provider_schema::Response {
            provider: Some(wire::schema(0, &P::Config::block())),
            resource_schemas: self
                .0
                .resources
                .iter()
                .map(|(name, r)| ((*name).to_owned(), wire::schema(r.version(), &r.block())))
                .collect(),
            data_source_schemas: self
                .0
                .data_sources
                .iter()
                .map(|(name, d)| ((*name).to_owned(), wire::schema(0, &d.block())))
                .collect(),
            action_schemas: self
                .0
                .actions
                .iter()
                .map(|(name, a)| {
                    (
                        (*name).to_owned(),
                        v6::ActionSchema {
                            schema: Some(wire::schema(0, &a.block())),
                        },
                    )
                })
                .collect(),
            functions: self.function_signatures(),
            provider_meta: Some(wire::schema(0, &crate::schema::Block::default())),
            server_capabilities: Some(CAPABILITIES),
            ..v6::get_provider_schema::Response::default()
        }
    }

    pub(super) fn identity_schemas(&self) -> v6::get_resource_identity_schemas::Response {
        let schemas = self.0.resources.iter().filter_map(|(name, r)| {
            Some((
                (*name).to_owned(),
                wire::identity_schema(&r.identity_block()?),
            ))
        });
        v6::get_resource_identity_schemas::Response {
            identity_schemas: schemas.collect(),
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn functions(&self) -> v6::get_functions::Response {
        v6::get_functions::Response {
            functions: self.function_signatures(),
            diagnostics: Vec::new(),
        }
    }

    fn function_signatures(&self) -> std::collections::HashMap<String, v6::Function> {
        self.0
            .functions
            .iter()
            .map(|(name, f)| ((*name).to_owned(), wire::function(f)))
            .collect()
    }
}
