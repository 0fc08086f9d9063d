//! Data sources, functions and actions under test.

use cty::Value;
use tfplugin6::v6;
use tfplugin6::v6::provider_server::Provider as Rpc;
use tokio_stream::StreamExt;
use tonic::Request;

use super::{CAPABILITIES, Found, Harness, Invoked, Object, answer, dynamic, undynamic};
use crate::diagnostics::Diagnostics;
use crate::function::FunctionError;
use crate::provider::Provider;
use crate::wire;

impl<P: Provider> Harness<P> {
    /// Checks the configuration of a data source, then reads it.
    pub async fn read_data_source(&self, name: &str, config: &Value) -> Found {
        let block = self.block(name);
        let config = Some(dynamic(config, &block));
        let check = v6::validate_data_resource_config::Request {
            type_name: name.to_owned(),
            config: config.clone(),
        };
        let checked = answer(
            self.server
                .validate_data_resource_config(Request::new(check))
                .await,
        );
        let mut diags = wire::read_diagnostics(checked.diagnostics);
        if diags.has_errors() {
            return Found {
                object: None,
                diags,
            };
        }
        let read = v6::read_data_source::Request {
            type_name: name.to_owned(),
            config,
            ..Default::default()
        };
        let read = answer(self.server.read_data_source(Request::new(read)).await);
        diags.extend(wire::read_diagnostics(read.diagnostics));
        let state = undynamic(read.state.as_ref(), &block, &mut diags);
        let found = !state.is_null();
        let object = Object {
            state,
            private: Vec::new(),
            identity: None,
            tainted: false,
        };
        Found {
            object: found.then_some(object),
            diags,
        }
    }

    /// Calls a function with arguments of its parameters' types.
    ///
    /// # Errors
    /// What the function refuses.
    ///
    /// # Panics
    /// When there is no such function, or the arguments are of other types.
    pub async fn call_function(
        &self,
        name: &str,
        arguments: &[Value],
    ) -> Result<Value, FunctionError> {
        let (types, result) = self
            .server
            .signature(name)
            .unwrap_or_else(|| panic!("there is no function {name}"));
        let encode = |(i, argument): (usize, &Value)| {
            let ty = types.get(i).unwrap_or_else(|| argument.ty());
            wire::dynamic(argument, ty).unwrap_or_else(|error| panic!("argument {i}: {error}"))
        };
        let arguments = arguments.iter().enumerate().map(encode).collect();
        let call = v6::call_function::Request {
            name: name.to_owned(),
            arguments,
        };
        let called = answer(self.server.call_function(Request::new(call)).await);
        if let Some(error) = called.error {
            let argument = error
                .function_argument
                .and_then(|a| usize::try_from(a).ok());
            return Err(FunctionError {
                text: error.text,
                argument,
            });
        }
        Ok(wire::value(called.result.as_ref(), &result).unwrap_or_else(|error| panic!("{error}")))
    }

    /// Checks and plans an action.
    pub async fn plan_action(&self, name: &str, config: &Value) -> Diagnostics {
        let config = Some(dynamic(config, &self.action_block(name)));
        let check = v6::validate_action_config::Request {
            type_name: name.to_owned(),
            config: config.clone(),
        };
        let checked = answer(
            self.server
                .validate_action_config(Request::new(check))
                .await,
        );
        let mut diags = wire::read_diagnostics(checked.diagnostics);
        if !diags.has_errors() {
            let client_capabilities = Some(CAPABILITIES);
            let plan = v6::plan_action::Request {
                action_type: name.to_owned(),
                config,
                client_capabilities,
            };
            let planned = answer(self.server.plan_action(Request::new(plan)).await);
            diags.extend(wire::read_diagnostics(planned.diagnostics));
        }
        diags
    }

    /// Invokes an action and reads what it says to the end.
    pub async fn invoke_action(&self, name: &str, config: &Value) -> Invoked {
        let config = Some(dynamic(config, &self.action_block(name)));
        let client_capabilities = Some(CAPABILITIES);
        let invoke = v6::invoke_action::Request {
            action_type: name.to_owned(),
            config,
            client_capabilities,
        };
        let mut events = answer(self.server.invoke_action(Request::new(invoke)).await);
        let mut invoked = Invoked {
            progress: Vec::new(),
            verdict: None,
        };
        while let Some(event) = events.next().await {
            let event =
                event.unwrap_or_else(|status| panic!("a status instead of a verdict: {status}"));
            assert!(
                invoked.verdict.is_none(),
                "something follows the verdict: {event:?}"
            );
            match event.r#type {
                Some(v6::invoke_action::event::Type::Progress(progress)) => {
                    invoked.progress.push(progress.message);
                }
                Some(v6::invoke_action::event::Type::Completed(completed)) => {
                    invoked.verdict = Some(wire::read_diagnostics(completed.diagnostics));
                }
                None => {}
            }
        }
        invoked
    }
}
