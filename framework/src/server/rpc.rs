//! The RPCs of the protocol, each handed to the room that does it.

use std::pin::Pin;

use futures_core::Stream;
use tfplugin6::v6;
use tfplugin6::v6::provider_server::Provider as Rpc;
use tonic::{Request, Response, Status, Streaming};

use super::Server;
use super::actions::Events;
use super::guard::guarded;
use super::unsupported::unsupported;
use crate::provider::Provider;
use crate::wire::diagnostics;

type Answer<T> = Result<Response<T>, Status>;
type Messages<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A stream of one message.
fn single<T: Send + 'static>(message: T) -> Messages<T> {
    Box::pin(tokio_stream::once(Ok(message)))
}

#[tonic::async_trait]
impl<P: Provider> Rpc for Server<P> {
    type ListResourceStream = Messages<v6::list_resource::Event>;
    type InvokeActionStream = Events;
    type ReadStateBytesStream = Messages<v6::read_state_bytes::Response>;

    async fn get_metadata(
        &self,
        request: Request<v6::get_metadata::Request>,
    ) -> Answer<v6::get_metadata::Response> {
        drop(request);
        Ok(Response::new(self.metadata()))
    }

    async fn get_provider_schema(
        &self,
        request: Request<v6::get_provider_schema::Request>,
    ) -> Answer<v6::get_provider_schema::Response> {
        let request = request.into_inner();
        guarded(
            "reading the schema",
            async {
                let _: v6::get_provider_schema::Request = request;
                self.schemas()
            },
            |diags| v6::get_provider_schema::Response {
                diagnostics: diagnostics(diags),
                ..Default::default()
            },
        )
        .await
    }

    async fn get_resource_identity_schemas(
        &self,
        request: Request<v6::get_resource_identity_schemas::Request>,
    ) -> Answer<v6::get_resource_identity_schemas::Response> {
        drop(request);
        Ok(Response::new(self.identity_schemas()))
    }

    async fn get_functions(
        &self,
        request: Request<v6::get_functions::Request>,
    ) -> Answer<v6::get_functions::Response> {
        drop(request);
        Ok(Response::new(v6::get_functions::Response {
            functions: self.function_signatures(),
            diagnostics: Vec::new(),
        }))
    }

    async fn validate_provider_config(
        &self,
        request: Request<v6::validate_provider_config::Request>,
    ) -> Answer<v6::validate_provider_config::Response> {
        let request = request.into_inner();
        let answer = |diags| v6::validate_provider_config::Response {
            diagnostics: diagnostics(diags),
        };
        guarded(
            "checking the provider block",
            async { answer(self.validate_provider(request.config.as_ref()).await) },
            answer,
        )
        .await
    }

    async fn configure_provider(
        &self,
        request: Request<v6::configure_provider::Request>,
    ) -> Answer<v6::configure_provider::Response> {
        let request = request.into_inner();
        let answer = |diags| v6::configure_provider::Response {
            diagnostics: diagnostics(diags),
        };
        guarded(
            "configuring the provider",
            async { answer(self.configure(request).await) },
            answer,
        )
        .await
    }

    async fn stop_provider(
        &self,
        request: Request<v6::stop_provider::Request>,
    ) -> Answer<v6::stop_provider::Response> {
        drop(request);
        tracing::info!("asked to stop");
        self.0.cancel.cancel();
        Ok(Response::new(v6::stop_provider::Response::default()))
    }

    async fn validate_resource_config(
        &self,
        request: Request<v6::validate_resource_config::Request>,
    ) -> Answer<v6::validate_resource_config::Response> {
        let request = request.into_inner();
        let operation = format!("checking {}", request.type_name);
        let answer = |diags| v6::validate_resource_config::Response {
            diagnostics: diagnostics(diags),
        };
        guarded(
            &operation,
            async { answer(self.validate_resource(request).await) },
            answer,
        )
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<v6::upgrade_resource_state::Request>,
    ) -> Answer<v6::upgrade_resource_state::Response> {
        let request = request.into_inner();
        let operation = format!("reading the stored state of {}", request.type_name);
        guarded(
            &operation,
            async { self.upgrade_state(&request) },
            |diags| v6::upgrade_resource_state::Response {
                diagnostics: diagnostics(diags),
                ..Default::default()
            },
        )
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<v6::upgrade_resource_identity::Request>,
    ) -> Answer<v6::upgrade_resource_identity::Response> {
        let request = request.into_inner();
        let operation = format!("reading the stored identity of {}", request.type_name);
        guarded(
            &operation,
            async { self.upgrade_identity(&request) },
            |diags| v6::upgrade_resource_identity::Response {
                diagnostics: diagnostics(diags),
                ..Default::default()
            },
        )
        .await
    }

    async fn read_resource(
        &self,
        request: Request<v6::read_resource::Request>,
    ) -> Answer<v6::read_resource::Response> {
        let request = request.into_inner();
        let operation = format!("reading {}", request.type_name);
        let kept = (request.current_state.clone(), request.private.clone());
        guarded(&operation, async { self.read(request).await }, |diags| {
            v6::read_resource::Response {
                diagnostics: diagnostics(diags),
                new_state: kept.0,
                private: kept.1,
                ..Default::default()
            }
        })
        .await
    }

    async fn plan_resource_change(
        &self,
        request: Request<v6::plan_resource_change::Request>,
    ) -> Answer<v6::plan_resource_change::Response> {
        let request = request.into_inner();
        let operation = format!("planning {}", request.type_name);
        let kept = request.prior_state.clone();
        guarded(&operation, async { self.plan(request).await }, |diags| {
            v6::plan_resource_change::Response {
                diagnostics: diagnostics(diags),
                planned_state: kept,
                ..Default::default()
            }
        })
        .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<v6::apply_resource_change::Request>,
    ) -> Answer<v6::apply_resource_change::Response> {
        let request = request.into_inner();
        let operation = format!("applying {}", request.type_name);
        let kept = (request.prior_state.clone(), request.planned_private.clone());
        guarded(&operation, async { self.apply(request).await }, |diags| {
            v6::apply_resource_change::Response {
                diagnostics: diagnostics(diags),
                new_state: kept.0,
                private: kept.1,
                ..Default::default()
            }
        })
        .await
    }

    async fn import_resource_state(
        &self,
        request: Request<v6::import_resource_state::Request>,
    ) -> Answer<v6::import_resource_state::Response> {
        let request = request.into_inner();
        let operation = format!("importing {}", request.type_name);
        guarded(&operation, async { self.import(request).await }, |diags| {
            v6::import_resource_state::Response {
                diagnostics: diagnostics(diags),
                ..Default::default()
            }
        })
        .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<v6::validate_data_resource_config::Request>,
    ) -> Answer<v6::validate_data_resource_config::Response> {
        let request = request.into_inner();
        let operation = format!("checking {}", request.type_name);
        let answer = |diags| v6::validate_data_resource_config::Response {
            diagnostics: diagnostics(diags),
        };
        guarded(
            &operation,
            async { answer(self.validate_data_source(request).await) },
            answer,
        )
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<v6::read_data_source::Request>,
    ) -> Answer<v6::read_data_source::Response> {
        let request = request.into_inner();
        let operation = format!("reading {}", request.type_name);
        guarded(
            &operation,
            async { self.read_data_source(request).await },
            |diags| v6::read_data_source::Response {
                diagnostics: diagnostics(diags),
                ..Default::default()
            },
        )
        .await
    }

    async fn call_function(
        &self,
        request: Request<v6::call_function::Request>,
    ) -> Answer<v6::call_function::Response> {
        let request = request.into_inner();
        let operation = format!("the function {}", request.name);
        guarded(
            &operation,
            async { self.call_function(&request) },
            |diags| {
                let text = diags
                    .iter()
                    .map(|d| format!("{}: {}", d.summary, d.detail))
                    .collect();
                v6::call_function::Response {
                    result: None,
                    error: Some(v6::FunctionError {
                        text,
                        function_argument: None,
                    }),
                }
            },
        )
        .await
    }

    async fn validate_action_config(
        &self,
        request: Request<v6::validate_action_config::Request>,
    ) -> Answer<v6::validate_action_config::Response> {
        let request = request.into_inner();
        let operation = format!("checking {}", request.type_name);
        let answer = |diags| v6::validate_action_config::Response {
            diagnostics: diagnostics(diags),
        };
        guarded(
            &operation,
            async { answer(self.validate_action(request).await) },
            answer,
        )
        .await
    }

    async fn plan_action(
        &self,
        request: Request<v6::plan_action::Request>,
    ) -> Answer<v6::plan_action::Response> {
        let request = request.into_inner();
        let operation = format!("planning {}", request.action_type);
        let answer = |diags| v6::plan_action::Response {
            diagnostics: diagnostics(diags),
            ..Default::default()
        };
        guarded(
            &operation,
            async { answer(self.plan_action(request).await) },
            answer,
        )
        .await
    }

    async fn invoke_action(&self, request: Request<v6::invoke_action::Request>) -> Answer<Events> {
        Ok(Response::new(self.invoke(request.into_inner())))
    }

    async fn move_resource_state(
        &self,
        request: Request<v6::move_resource_state::Request>,
    ) -> Answer<v6::move_resource_state::Response> {
        drop(request);
        Ok(Response::new(v6::move_resource_state::Response {
            diagnostics: unsupported("Moves from other resource types"),
            ..Default::default()
        }))
    }

    async fn generate_resource_config(
        &self,
        request: Request<v6::generate_resource_config::Request>,
    ) -> Answer<v6::generate_resource_config::Response> {
        drop(request);
        Ok(Response::new(v6::generate_resource_config::Response {
            diagnostics: unsupported("Generated configurations"),
            ..Default::default()
        }))
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<v6::validate_ephemeral_resource_config::Request>,
    ) -> Answer<v6::validate_ephemeral_resource_config::Response> {
        drop(request);
        Ok(Response::new(
            v6::validate_ephemeral_resource_config::Response {
                diagnostics: unsupported("Ephemeral resources"),
            },
        ))
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<v6::open_ephemeral_resource::Request>,
    ) -> Answer<v6::open_ephemeral_resource::Response> {
        drop(request);
        Ok(Response::new(v6::open_ephemeral_resource::Response {
            diagnostics: unsupported("Ephemeral resources"),
            ..Default::default()
        }))
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<v6::renew_ephemeral_resource::Request>,
    ) -> Answer<v6::renew_ephemeral_resource::Response> {
        drop(request);
        Ok(Response::new(v6::renew_ephemeral_resource::Response {
            diagnostics: unsupported("Ephemeral resources"),
            ..Default::default()
        }))
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<v6::close_ephemeral_resource::Request>,
    ) -> Answer<v6::close_ephemeral_resource::Response> {
        drop(request);
        Ok(Response::new(v6::close_ephemeral_resource::Response {
            diagnostics: unsupported("Ephemeral resources"),
        }))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<v6::validate_list_resource_config::Request>,
    ) -> Answer<v6::validate_list_resource_config::Response> {
        drop(request);
        Ok(Response::new(v6::validate_list_resource_config::Response {
            diagnostics: unsupported("List resources"),
        }))
    }

    async fn validate_state_store_config(
        &self,
        request: Request<v6::validate_state_store::Request>,
    ) -> Answer<v6::validate_state_store::Response> {
        drop(request);
        Ok(Response::new(v6::validate_state_store::Response {
            diagnostics: unsupported("State stores"),
        }))
    }

    async fn configure_state_store(
        &self,
        request: Request<v6::configure_state_store::Request>,
    ) -> Answer<v6::configure_state_store::Response> {
        drop(request);
        Ok(Response::new(v6::configure_state_store::Response {
            diagnostics: unsupported("State stores"),
            ..Default::default()
        }))
    }

    async fn lock_state(
        &self,
        request: Request<v6::lock_state::Request>,
    ) -> Answer<v6::lock_state::Response> {
        drop(request);
        Ok(Response::new(v6::lock_state::Response {
            diagnostics: unsupported("State stores"),
            ..Default::default()
        }))
    }

    async fn unlock_state(
        &self,
        request: Request<v6::unlock_state::Request>,
    ) -> Answer<v6::unlock_state::Response> {
        drop(request);
        Ok(Response::new(v6::unlock_state::Response {
            diagnostics: unsupported("State stores"),
        }))
    }

    async fn get_states(
        &self,
        request: Request<v6::get_states::Request>,
    ) -> Answer<v6::get_states::Response> {
        drop(request);
        Ok(Response::new(v6::get_states::Response {
            diagnostics: unsupported("State stores"),
            ..Default::default()
        }))
    }

    async fn delete_state(
        &self,
        request: Request<v6::delete_state::Request>,
    ) -> Answer<v6::delete_state::Response> {
        drop(request);
        Ok(Response::new(v6::delete_state::Response {
            diagnostics: unsupported("State stores"),
        }))
    }

    async fn list_resource(
        &self,
        request: Request<v6::list_resource::Request>,
    ) -> Answer<Self::ListResourceStream> {
        drop(request);
        Ok(Response::new(single(v6::list_resource::Event {
            diagnostic: unsupported("List resources"),
            ..Default::default()
        })))
    }

    async fn read_state_bytes(
        &self,
        request: Request<v6::read_state_bytes::Request>,
    ) -> Answer<Self::ReadStateBytesStream> {
        drop(request);
        Ok(Response::new(single(v6::read_state_bytes::Response {
            diagnostics: unsupported("State stores"),
            ..Default::default()
        })))
    }

    async fn write_state_bytes(
        &self,
        request: Request<Streaming<v6::write_state_bytes::RequestChunk>>,
    ) -> Answer<v6::write_state_bytes::Response> {
        drop(request);
        Ok(Response::new(v6::write_state_bytes::Response {
            diagnostics: unsupported("State stores"),
        }))
    }
}
