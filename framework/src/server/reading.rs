//! Data sources and functions: what is read or computed, never changed.

use tfplugin6::v6;

use super::Server;
use super::lifecycle::{give, take};
use crate::diagnostics::Diagnostics;
use crate::provider::Provider;
use crate::wire;

impl<P: Provider> Server<P> {
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
        let found = source.read(&cx, config, diags).await;
        if found.is_none() && !diags.has_errors() {
            let detail =
                "This is a bug in the provider: it neither found something nor said why not.";
            diags.error(format!("{} has no result", request.type_name), detail);
        }
        give(&found?, &ty, diags)
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
        if request.arguments.len() != function.parameters.len() {
            let (wanted, given) = (function.parameters.len(), request.arguments.len());
            return refuse(
                format!("{} takes {wanted} arguments, but got {given}", request.name),
                None,
            );
        }
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
