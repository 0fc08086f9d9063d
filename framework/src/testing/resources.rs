//! Managed resources under test: one call for each thing that Terraform does.

use bytes::Bytes;
use cty::{Path, Value};
use tfplugin6::v6;
use tfplugin6::v6::provider_server::Provider as Rpc;
use tonic::Request;

use super::proposed::proposed;
use super::{
    CAPABILITIES, Found, Harness, Object, Outcome, Planned, answer, dynamic, rules, undynamic,
};
use crate::diagnostics::Diagnostics;
use crate::provider::Provider;
use crate::schema::Block;
use crate::wire;

fn identity_data(identity: Option<&Value>) -> Option<v6::ResourceIdentityData> {
    let identity = identity?;
    let data = wire::dynamic(identity, identity.ty()).expect(super::ENCODES);
    Some(v6::ResourceIdentityData {
        identity_data: Some(data),
    })
}

impl<P: Provider> Harness<P> {
    /// Checks a configuration.
    pub async fn validate(&self, name: &str, config: &Value) -> Diagnostics {
        let request = v6::validate_resource_config::Request {
            type_name: name.to_owned(),
            config: Some(dynamic(config, &self.block(name))),
            client_capabilities: Some(CAPABILITIES),
        };
        let response = answer(
            self.server
                .validate_resource_config(Request::new(request))
                .await,
        );
        wire::read_diagnostics(response.diagnostics)
    }

    /// Plans a create (no object), an update, or a destroy (no configuration).
    pub async fn plan(
        &self,
        name: &str,
        object: Option<&Object>,
        config: Option<&Value>,
    ) -> Planned {
        let private = object.map(|o| o.private.clone()).unwrap_or_default();
        self.plan_with(name, object, config, private).await
    }

    async fn plan_with(
        &self,
        name: &str,
        object: Option<&Object>,
        config: Option<&Value>,
        private: Vec<u8>,
    ) -> Planned {
        let block = self.block(name);
        let null = Value::null(block.ty());
        let prior = object.map_or(&null, |o| &o.state);
        let config = config.unwrap_or(&null);
        let request = v6::plan_resource_change::Request {
            type_name: name.to_owned(),
            prior_state: Some(dynamic(prior, &block)),
            proposed_new_state: Some(dynamic(&proposed(&block, prior, config), &block)),
            config: Some(dynamic(config, &block)),
            prior_private: Bytes::from(private),
            client_capabilities: Some(CAPABILITIES),
            prior_identity: identity_data(object.and_then(|o| o.identity.as_ref())),
            ..Default::default()
        };
        let response = answer(
            self.server
                .plan_resource_change(Request::new(request))
                .await,
        );
        let mut diags = wire::read_diagnostics(response.diagnostics);
        let state = undynamic(response.planned_state.as_ref(), &block, &mut diags);
        if !diags.has_errors() {
            rules::plan(&block, prior, config, &state, &mut diags);
        }
        Planned {
            is_empty: state == *prior,
            replace: response
                .requires_replace
                .into_iter()
                .map(|path| wire::read_path(path).to_string())
                .collect(),
            private: response.planned_private.to_vec(),
            identity: self.identity(name, response.planned_identity.as_ref(), &mut diags),
            state,
            diags,
        }
    }

    /// Does all that `terraform apply` does with one resource: check, plan, replace if need be, plan again, apply. An
    /// object that is tainted is replaced.
    pub async fn apply(&self, name: &str, object: Option<&Object>, config: &Value) -> Outcome {
        let mut diags = self.validate(name, config).await;
        if diags.has_errors() {
            return Outcome {
                object: object.cloned(),
                diags,
                replaced: false,
            };
        }
        let tainted = object.is_some_and(|o| o.tainted);
        let mut planned = self
            .plan(name, object.filter(|_| !tainted), Some(config))
            .await;
        let mut prior = object;
        let replaced = object.is_some() && (tainted || !planned.replace.is_empty());
        if !planned.diags.has_errors() && replaced {
            let gone = self.destroy(name, object).await;
            diags.extend(gone.diags);
            if diags.has_errors() {
                return Outcome {
                    object: gone.object,
                    diags,
                    replaced: false,
                };
            }
            prior = None;
            let private = if tainted { Vec::new() } else { planned.private };
            planned = self.plan_with(name, None, Some(config), private).await;
        }
        let failed = planned.diags.has_errors();
        diags.extend(planned.diags.clone());
        if failed || (prior.is_some() && planned.is_empty) {
            return Outcome {
                object: prior.cloned(),
                diags,
                replaced,
            };
        }
        let mut outcome = self.apply_planned(name, prior, config, &planned).await;
        diags.extend(outcome.diags);
        outcome.diags = diags;
        outcome.replaced = replaced;
        outcome
    }

    /// Applies a plan as Terraform does: it plans again with what is known by now, holds that to the first plan, then
    /// applies it. The configuration is the one of the plan with its unknown values known.
    pub async fn apply_planned(
        &self,
        name: &str,
        object: Option<&Object>,
        config: &Value,
        planned: &Planned,
    ) -> Outcome {
        let mut again = self.plan(name, object, Some(config)).await;
        let summary = "Provider produced inconsistent final plan";
        if !again.diags.has_errors() {
            rules::kept(
                &planned.state,
                &again.state,
                &Path::root(),
                summary,
                &mut again.diags,
            );
        }
        if again.diags.has_errors() {
            return Outcome {
                object: object.cloned(),
                diags: again.diags,
                replaced: false,
            };
        }
        let mut outcome = self.apply_plan(name, object, Some(config), &again).await;
        let mut diags = again.diags;
        diags.extend(outcome.diags);
        outcome.diags = diags;
        outcome
    }

    /// Plans and applies a destroy.
    pub async fn destroy(&self, name: &str, object: Option<&Object>) -> Outcome {
        let planned = self.plan(name, object, None).await;
        if planned.diags.has_errors() {
            return Outcome {
                object: object.cloned(),
                diags: planned.diags,
                replaced: false,
            };
        }
        let mut outcome = self.apply_plan(name, object, None, &planned).await;
        let mut diags = planned.diags;
        diags.extend(outcome.diags);
        outcome.diags = diags;
        outcome
    }

    /// Applies a plan as it is.
    pub async fn apply_plan(
        &self,
        name: &str,
        object: Option<&Object>,
        config: Option<&Value>,
        planned: &Planned,
    ) -> Outcome {
        let block = self.block(name);
        let null = Value::null(block.ty());
        let request = v6::apply_resource_change::Request {
            type_name: name.to_owned(),
            prior_state: Some(dynamic(object.map_or(&null, |o| &o.state), &block)),
            planned_state: Some(dynamic(&planned.state, &block)),
            config: Some(dynamic(config.unwrap_or(&null), &block)),
            planned_private: Bytes::from(planned.private.clone()),
            planned_identity: identity_data(planned.identity.as_ref()),
            ..Default::default()
        };
        let response = answer(
            self.server
                .apply_resource_change(Request::new(request))
                .await,
        );
        let mut diags = wire::read_diagnostics(response.diagnostics);
        let state = undynamic(response.new_state.as_ref(), &block, &mut diags);
        if !diags.has_errors() {
            rules::applied(&planned.state, &state, &mut diags);
        }
        let identity = self.identity(name, response.new_identity.as_ref(), &mut diags);
        let tainted = object.is_none() && diags.has_errors();
        let left = Object {
            state,
            private: response.private.to_vec(),
            identity,
            tainted,
        };
        // Like Terraform: an error without an object keeps the prior one, unless that was to be destroyed.
        let object = Some(left).filter(|left| !left.state.is_null());
        Outcome {
            object,
            diags,
            replaced: false,
        }
    }

    /// Reads an object back; `None` in the answer when it is gone.
    pub async fn refresh(&self, name: &str, object: &Object) -> Found {
        let block = self.block(name);
        let request = v6::read_resource::Request {
            type_name: name.to_owned(),
            current_state: Some(dynamic(&object.state, &block)),
            private: Bytes::from(object.private.clone()),
            client_capabilities: Some(CAPABILITIES),
            current_identity: identity_data(object.identity.as_ref()),
            ..Default::default()
        };
        let response = answer(self.server.read_resource(Request::new(request)).await);
        let mut diags = wire::read_diagnostics(response.diagnostics);
        let state = undynamic(response.new_state.as_ref(), &block, &mut diags);
        if !state.is_wholly_known() {
            diags.error(
                "Provider produced invalid object",
                "A refresh returned something unknown",
            );
        }
        let identity = self.identity(name, response.new_identity.as_ref(), &mut diags);
        let left = Object {
            state,
            private: response.private.to_vec(),
            identity,
            tainted: object.tainted,
        };
        Found {
            object: Some(left).filter(|left| !left.state.is_null()),
            diags,
        }
    }

    /// Imports by the text of an id, then reads, as Terraform does.
    pub async fn import(&self, name: &str, id: &str) -> Found {
        let request = v6::import_resource_state::Request {
            type_name: name.to_owned(),
            id: id.to_owned(),
            ..Default::default()
        };
        self.import_with(name, request).await
    }

    /// Imports by identity, then reads.
    pub async fn import_by_identity(&self, name: &str, identity: &Value) -> Found {
        let identity = identity_data(Some(identity));
        let request = v6::import_resource_state::Request {
            type_name: name.to_owned(),
            identity,
            ..Default::default()
        };
        self.import_with(name, request).await
    }

    async fn import_with(&self, name: &str, request: v6::import_resource_state::Request) -> Found {
        let by_identity = request.identity.is_some();
        let response = answer(
            self.server
                .import_resource_state(Request::new(request))
                .await,
        );
        let mut diags = wire::read_diagnostics(response.diagnostics);
        let Some(imported) = response.imported_resources.into_iter().next() else {
            if !diags.has_errors() {
                diags.error("Import returned no resources", "");
            }
            return Found {
                object: None,
                diags,
            };
        };
        let block = self.block(name);
        let state = undynamic(imported.state.as_ref(), &block, &mut diags);
        let identity = self.identity(name, imported.identity.as_ref(), &mut diags);
        if by_identity && identity.is_none() {
            diags.error(
                "Import returned no identity",
                "The provider didn't return an identity",
            );
        }
        let object = Object {
            state,
            private: imported.private.to_vec(),
            identity,
            tainted: false,
        };
        let mut found = self.refresh(name, &object).await;
        if found.object.is_none() && !found.diags.has_errors() {
            found
                .diags
                .error("Cannot import non-existent remote object", "");
        }
        diags.extend(found.diags);
        Found {
            object: found.object,
            diags,
        }
    }

    /// Reads a stored state of some schema version.
    pub async fn upgrade(&self, name: &str, version: i64, stored: serde_json::Value) -> Found {
        let json = Bytes::from(stored.to_string());
        let raw_state = Some(v6::RawState {
            json,
            ..Default::default()
        });
        let request = v6::upgrade_resource_state::Request {
            type_name: name.to_owned(),
            version,
            raw_state,
        };
        let response = answer(
            self.server
                .upgrade_resource_state(Request::new(request))
                .await,
        );
        let mut diags = wire::read_diagnostics(response.diagnostics);
        let state = undynamic(
            response.upgraded_state.as_ref(),
            &self.block(name),
            &mut diags,
        );
        let object = Object {
            state,
            private: Vec::new(),
            identity: None,
            tainted: false,
        };
        Found {
            object: Some(object).filter(|o| !o.state.is_null()),
            diags,
        }
    }

    fn identity(
        &self,
        name: &str,
        data: Option<&v6::ResourceIdentityData>,
        diags: &mut Diagnostics,
    ) -> Option<Value> {
        let block: Block = self.server.identity_block(name)?;
        let value = undynamic(data?.identity_data.as_ref(), &block, diags);
        Some(value).filter(|value| !value.is_null())
    }
}
