//! The RPCs of the protocol, each handed to the room that does it.

use std::pin::Pin;

use futures_core::Stream;
use tfplugin6::v6::provider_server::Provider as Rpc;
use tfplugin6::v6::{
    apply_resource_change, call_function, close_ephemeral_resource, configure_provider,
    configure_state_store, delete_state, generate_resource_config, get_functions, get_metadata,
    get_provider_schema, get_resource_identity_schemas, get_states, import_resource_state,
    invoke_action, list_resource, lock_state, move_resource_state, open_ephemeral_resource,
    plan_action, plan_resource_change, read_data_source, read_resource, read_state_bytes,
    renew_ephemeral_resource, stop_provider, unlock_state, upgrade_resource_identity,
    upgrade_resource_state, validate_action_config, validate_data_resource_config,
    validate_ephemeral_resource_config, validate_list_resource_config, validate_provider_config,
    validate_resource_config, validate_state_store, write_state_bytes,
};
use tonic::{Request, Response, Status, Streaming};

use super::Server;
use super::actions::Events;
use super::guard::{guarded, guarded_with};
use super::refusal::Refusal;
use super::unsupported::unsupported;
use crate::provider::Provider;

type Answer<T> = Result<Response<T>, Status>;
type Messages<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A stream of one message.
fn single<T: Send + 'static>(message: T) -> Messages<T> {
    Box::pin(tokio_stream::once(Ok(message)))
}

#[tonic::async_trait]
impl<P: Provider> Rpc for Server<P> {
    type ListResourceStream = Messages<list_resource::Event>;
    type InvokeActionStream = Events;
    type ReadStateBytesStream = Messages<read_state_bytes::Response>;

    async fn get_metadata(
        &self,
        _: Request<get_metadata::Request>,
    ) -> Answer<get_metadata::Response> {
        guarded("naming what there is", async { self.metadata() }).await
    }

    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Answer<get_provider_schema::Response> {
        guarded("reading the schema", async { self.schemas() }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<get_resource_identity_schemas::Request>,
    ) -> Answer<get_resource_identity_schemas::Response> {
        guarded("reading the identity schemas", async {
            self.identity_schemas()
        })
        .await
    }

    async fn get_functions(
        &self,
        _: Request<get_functions::Request>,
    ) -> Answer<get_functions::Response> {
        guarded("reading the functions", async { self.functions() }).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<validate_provider_config::Request>,
    ) -> Answer<validate_provider_config::Response> {
        let request = request.into_inner();
        guarded("checking the provider block", async {
            Refusal::with(self.validate_provider(request.config.as_ref()).await)
        })
        .await
    }

    async fn configure_provider(
        &self,
        request: Request<configure_provider::Request>,
    ) -> Answer<configure_provider::Response> {
        let request = request.into_inner();
        guarded("configuring the provider", async {
            Refusal::with(self.configure(request).await)
        })
        .await
    }

    async fn stop_provider(
        &self,
        _: Request<stop_provider::Request>,
    ) -> Answer<stop_provider::Response> {
        tracing::info!("asked to stop");
        self.cancel().cancel();
        Ok(Response::new(stop_provider::Response::default()))
    }

    async fn validate_resource_config(
        &self,
        request: Request<validate_resource_config::Request>,
    ) -> Answer<validate_resource_config::Response> {
        let request = request.into_inner();
        let operation = format!("checking {}", request.type_name);
        guarded(&operation, async {
            Refusal::with(self.validate_resource(request).await)
        })
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<upgrade_resource_state::Request>,
    ) -> Answer<upgrade_resource_state::Response> {
        let request = request.into_inner();
        let operation = format!("reading the stored state of {}", request.type_name);
        guarded(&operation, async { self.upgrade_state(&request) }).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<upgrade_resource_identity::Request>,
    ) -> Answer<upgrade_resource_identity::Response> {
        let request = request.into_inner();
        let operation = format!("reading the stored identity of {}", request.type_name);
        guarded(&operation, async { self.upgrade_identity(&request) }).await
    }

    async fn read_resource(
        &self,
        request: Request<read_resource::Request>,
    ) -> Answer<read_resource::Response> {
        let request = request.into_inner();
        let kept = (request.current_state.clone(), request.private.clone());
        let failed = |diagnostics| {
            let (new_state, private) = kept;
            read_resource::Response {
                diagnostics,
                new_state,
                private,
                ..Default::default()
            }
        };
        let operation = format!("reading {}", request.type_name);
        guarded_with(&operation, async { self.read(request).await }, failed).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<plan_resource_change::Request>,
    ) -> Answer<plan_resource_change::Response> {
        let request = request.into_inner();
        let planned_state = request.prior_state.clone();
        let failed = |diagnostics| plan_resource_change::Response {
            diagnostics,
            planned_state,
            ..Default::default()
        };
        let operation = format!("planning {}", request.type_name);
        guarded_with(&operation, async { self.plan(request).await }, failed).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<apply_resource_change::Request>,
    ) -> Answer<apply_resource_change::Response> {
        let request = request.into_inner();
        let kept = (request.prior_state.clone(), request.planned_private.clone());
        let failed = |diagnostics| {
            let (new_state, private) = kept;
            apply_resource_change::Response {
                diagnostics,
                new_state,
                private,
                ..Default::default()
            }
        };
        let operation = format!("applying {}", request.type_name);
        guarded_with(&operation, async { self.apply(request).await }, failed).await
    }

    async fn import_resource_state(
        &self,
        request: Request<import_resource_state::Request>,
    ) -> Answer<import_resource_state::Response> {
        let request = request.into_inner();
        let operation = format!("importing {}", request.type_name);
        guarded(&operation, async { self.import(request).await }).await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<validate_data_resource_config::Request>,
    ) -> Answer<validate_data_resource_config::Response> {
        let request = request.into_inner();
        let operation = format!("checking {}", request.type_name);
        guarded(&operation, async {
            Refusal::with(self.validate_data_source(request).await)
        })
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<read_data_source::Request>,
    ) -> Answer<read_data_source::Response> {
        let request = request.into_inner();
        let operation = format!("reading {}", request.type_name);
        guarded(&operation, async { self.read_data_source(request).await }).await
    }

    async fn call_function(
        &self,
        request: Request<call_function::Request>,
    ) -> Answer<call_function::Response> {
        let request = request.into_inner();
        let operation = format!("the function {}", request.name);
        guarded(&operation, async { self.call_function(&request) }).await
    }

    async fn validate_action_config(
        &self,
        request: Request<validate_action_config::Request>,
    ) -> Answer<validate_action_config::Response> {
        let request = request.into_inner();
        let operation = format!("checking {}", request.type_name);
        guarded(&operation, async {
            Refusal::with(self.validate_action(request).await)
        })
        .await
    }

    async fn plan_action(
        &self,
        request: Request<plan_action::Request>,
    ) -> Answer<plan_action::Response> {
        let request = request.into_inner();
        let operation = format!("planning {}", request.action_type);
        guarded(&operation, async {
            Refusal::with(self.plan_action(request).await)
        })
        .await
    }

    async fn invoke_action(&self, request: Request<invoke_action::Request>) -> Answer<Events> {
        Ok(Response::new(self.invoke(request.into_inner())))
    }

    async fn move_resource_state(
        &self,
        _: Request<move_resource_state::Request>,
    ) -> Answer<move_resource_state::Response> {
        Ok(unsupported("Moves from other resource types"))
    }

    async fn generate_resource_config(
        &self,
        _: Request<generate_resource_config::Request>,
    ) -> Answer<generate_resource_config::Response> {
        Ok(unsupported("Generated configurations"))
    }

    async fn validate_ephemeral_resource_config(
        &self,
        _: Request<validate_ephemeral_resource_config::Request>,
    ) -> Answer<validate_ephemeral_resource_config::Response> {
        Ok(unsupported("Ephemeral resources"))
    }

    async fn open_ephemeral_resource(
        &self,
        _: Request<open_ephemeral_resource::Request>,
    ) -> Answer<open_ephemeral_resource::Response> {
        Ok(unsupported("Ephemeral resources"))
    }

    async fn renew_ephemeral_resource(
        &self,
        _: Request<renew_ephemeral_resource::Request>,
    ) -> Answer<renew_ephemeral_resource::Response> {
        Ok(unsupported("Ephemeral resources"))
    }

    async fn close_ephemeral_resource(
        &self,
        _: Request<close_ephemeral_resource::Request>,
    ) -> Answer<close_ephemeral_resource::Response> {
        Ok(unsupported("Ephemeral resources"))
    }

    async fn validate_list_resource_config(
        &self,
        _: Request<validate_list_resource_config::Request>,
    ) -> Answer<validate_list_resource_config::Response> {
        Ok(unsupported("List resources"))
    }

    async fn validate_state_store_config(
        &self,
        _: Request<validate_state_store::Request>,
    ) -> Answer<validate_state_store::Response> {
        Ok(unsupported("State stores"))
    }

    async fn configure_state_store(
        &self,
        _: Request<configure_state_store::Request>,
    ) -> Answer<configure_state_store::Response> {
        Ok(unsupported("State stores"))
    }

    async fn lock_state(&self, _: Request<lock_state::Request>) -> Answer<lock_state::Response> {
        Ok(unsupported("State stores"))
    }

    async fn unlock_state(
        &self,
        _: Request<unlock_state::Request>,
    ) -> Answer<unlock_state::Response> {
        Ok(unsupported("State stores"))
    }

    async fn get_states(&self, _: Request<get_states::Request>) -> Answer<get_states::Response> {
        Ok(unsupported("State stores"))
    }

    async fn delete_state(
        &self,
        _: Request<delete_state::Request>,
    ) -> Answer<delete_state::Response> {
        Ok(unsupported("State stores"))
    }

    async fn list_resource(
        &self,
        _: Request<list_resource::Request>,
    ) -> Answer<Self::ListResourceStream> {
        Ok(unsupported("List resources").map(single))
    }

    async fn read_state_bytes(
        &self,
        _: Request<read_state_bytes::Request>,
    ) -> Answer<Self::ReadStateBytesStream> {
        Ok(unsupported("State stores").map(single))
    }

    async fn write_state_bytes(
        &self,
        _: Request<Streaming<write_state_bytes::RequestChunk>>,
    ) -> Answer<write_state_bytes::Response> {
        Ok(unsupported("State stores"))
    }
}
