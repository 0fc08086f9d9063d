//! Managed resources: plan, apply, import, and the state they come with.

use bytes::Bytes;
use cty::{PathError, Type, Value};
use tfplugin6::v6;

use super::Server;
use crate::diagnostics::Diagnostics;
use crate::private::Private;
use crate::provider::Provider;
use crate::resource::{ErasedResource, ImportFrom, WirePlanRequest};
use crate::{validate, wire};

/// Reads a value of the request, or says what is wrong with it.
pub(super) fn take(
    message: Option<&v6::DynamicValue>,
    ty: &Type,
    what: &str,
    diags: &mut Diagnostics,
) -> Option<Value> {
    wire::value(message, ty)
        .map_err(|error| diags.mismatch(what, &error))
        .ok()
}

/// Writes a value of the answer, or says what is wrong with it.
pub(super) fn give(value: &Value, ty: &Type, diags: &mut Diagnostics) -> Option<v6::DynamicValue> {
    let wrong = |error: &PathError| diags_of(error);
    wire::dynamic(value, ty)
        .map_err(|error| diags.extend(wrong(&error)))
        .ok()
}

fn diags_of(error: &PathError) -> Diagnostics {
    let mut diags = Diagnostics::new();
    diags.error_at(
        error.path.clone(),
        "The provider made a value that does not match its schema",
        format!("This is a bug in the provider: {}", error.message),
    );
    diags
}

fn identity<C>(
    resource: &dyn ErasedResource<C>,
    value: Option<Value>,
    diags: &mut Diagnostics,
) -> Option<v6::ResourceIdentityData> {
    let ty = resource.identity_block()?.ty();
    Some(v6::ResourceIdentityData {
        identity_data: Some(give(&value?, &ty, diags)?),
    })
}

fn bytes(private: &Private) -> Bytes {
    Bytes::from(private.to_bytes())
}

impl<P: Provider> Server<P> {
    pub(super) async fn validate_resource(
        &self,
        request: v6::validate_resource_config::Request,
    ) -> Diagnostics {
        let mut diags = Diagnostics::new();
        let Some(resource) = self.resource(&request.type_name, &mut diags) else {
            return diags;
        };
        let Some(config) = take(
            request.config.as_ref(),
            &resource.block().ty(),
            "a configuration",
            &mut diags,
        ) else {
            return diags;
        };
        if !request
            .client_capabilities
            .is_some_and(|c| c.write_only_attributes_allowed)
        {
            validate::refuse_write_only(&resource.block(), &config, &mut diags);
        }
        resource.validate(config, &mut diags).await;
        diags
    }

    pub(super) async fn plan(
        &self,
        request: v6::plan_resource_change::Request,
    ) -> v6::plan_resource_change::Response {
        let mut diags = Diagnostics::new();
        let answer = self
            .plan_with(&request, &mut diags)
            .await
            .unwrap_or_else(|| v6::plan_resource_change::Response {
                planned_state: request.prior_state.clone(),
                planned_private: request.prior_private.clone(),
                ..Default::default()
            });
        v6::plan_resource_change::Response {
            diagnostics: wire::diagnostics(diags),
            ..answer
        }
    }

    async fn plan_with(
        &self,
        request: &v6::plan_resource_change::Request,
        diags: &mut Diagnostics,
    ) -> Option<v6::plan_resource_change::Response> {
        let resource = self.resource(&request.type_name, diags)?;
        let ty = resource.block().ty();
        let wire_request = WirePlanRequest {
            config: take(request.config.as_ref(), &ty, "a configuration", diags)?,
            prior: take(request.prior_state.as_ref(), &ty, "a state", diags)?,
            proposed: take(
                request.proposed_new_state.as_ref(),
                &ty,
                "a proposed state",
                diags,
            )?,
            private: Private::from_bytes(&request.prior_private),
        };
        let cx = self.cx(diags)?;
        let plan = resource.plan(&cx, wire_request, diags).await?;
        Some(v6::plan_resource_change::Response {
            planned_state: give(&plan.planned, &ty, diags),
            requires_replace: plan.replace.iter().map(wire::path).collect(),
            planned_private: bytes(&plan.private),
            planned_identity: identity(resource, plan.identity, diags),
            ..Default::default()
        })
    }

    pub(super) async fn apply(
        &self,
        request: v6::apply_resource_change::Request,
    ) -> v6::apply_resource_change::Response {
        let mut diags = Diagnostics::new();
        let answer = self
            .apply_with(&request, &mut diags)
            .await
            .unwrap_or_else(|| v6::apply_resource_change::Response {
                new_state: request.prior_state.clone(),
                private: request.planned_private.clone(),
                ..Default::default()
            });
        v6::apply_resource_change::Response {
            diagnostics: wire::diagnostics(diags),
            ..answer
        }
    }

    async fn apply_with(
        &self,
        request: &v6::apply_resource_change::Request,
        diags: &mut Diagnostics,
    ) -> Option<v6::apply_resource_change::Response> {
        let resource = self.resource(&request.type_name, diags)?;
        let ty = resource.block().ty();
        let config = take(request.config.as_ref(), &ty, "a configuration", diags)?;
        let prior = take(request.prior_state.as_ref(), &ty, "a state", diags)?;
        let planned = take(request.planned_state.as_ref(), &ty, "a plan", diags)?;
        let cx = self.cx(diags)?;
        let applied = resource
            .apply(
                &cx,
                config,
                prior,
                planned,
                Private::from_bytes(&request.planned_private),
                diags,
            )
            .await;
        Some(v6::apply_resource_change::Response {
            new_state: give(&applied.state, &ty, diags),
            private: bytes(&applied.private),
            new_identity: identity(resource, applied.identity, diags)
                .or_else(|| request.planned_identity.clone()),
            ..Default::default()
        })
    }

    pub(super) async fn import(
        &self,
        request: v6::import_resource_state::Request,
    ) -> v6::import_resource_state::Response {
        let mut diags = Diagnostics::new();
        let imported = self.import_with(&request, &mut diags).await;
        v6::import_resource_state::Response {
            imported_resources: imported
                .into_iter()
                .filter(|_| !diags.has_errors())
                .collect(),
            diagnostics: wire::diagnostics(diags),
            deferred: None,
        }
    }

    async fn import_with(
        &self,
        request: &v6::import_resource_state::Request,
        diags: &mut Diagnostics,
    ) -> Option<v6::import_resource_state::ImportedResource> {
        let resource = self.resource(&request.type_name, diags)?;
        let from = match (&request.identity, resource.identity_block()) {
            (Some(given), Some(block)) if request.id.is_empty() => ImportFrom::Identity(take(
                given.identity_data.as_ref(),
                &block.ty(),
                "an identity",
                diags,
            )?),
            _ => ImportFrom::Id(request.id.clone()),
        };
        let cx = self.cx(diags)?;
        let imported = resource.import(&cx, from, diags).await?;
        Some(v6::import_resource_state::ImportedResource {
            type_name: request.type_name.clone(),
            state: give(&imported.state, &resource.block().ty(), diags),
            private: bytes(&imported.private),
            identity: identity(resource, imported.identity, diags),
        })
    }

    pub(super) async fn read(
        &self,
        request: v6::read_resource::Request,
    ) -> v6::read_resource::Response {
        let mut diags = Diagnostics::new();
        let answer = self
            .read_with(&request, &mut diags)
            .await
            .unwrap_or_else(|| v6::read_resource::Response {
                new_state: request.current_state.clone(),
                private: request.private.clone(),
                new_identity: request.current_identity.clone(),
                ..Default::default()
            });
        v6::read_resource::Response {
            diagnostics: wire::diagnostics(diags),
            ..answer
        }
    }

    async fn read_with(
        &self,
        request: &v6::read_resource::Request,
        diags: &mut Diagnostics,
    ) -> Option<v6::read_resource::Response> {
        let resource = self.resource(&request.type_name, diags)?;
        let ty = resource.block().ty();
        let state = take(request.current_state.as_ref(), &ty, "a state", diags)?;
        let cx = self.cx(diags)?;
        let found = resource
            .read(&cx, state, Private::from_bytes(&request.private), diags)
            .await;
        Some(v6::read_resource::Response {
            new_state: give(&found.state, &ty, diags),
            private: bytes(&found.private),
            new_identity: identity(resource, found.identity, diags)
                .or_else(|| request.current_identity.clone()),
            ..Default::default()
        })
    }
}
