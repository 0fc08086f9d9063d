//! Actions. Terraform takes a stream that ends without a verdict for success, so the verdict always is the last event.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures_core::Stream;
use futures_util::FutureExt;
use tfplugin6::v6;
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Status;

use super::Server;
use super::guard::panicked;
use super::lifecycle::take;
use crate::action::Progress;
use crate::diagnostics::Diagnostics;
use crate::provider::Provider;
use crate::wire;

/// Progress while it happens, and the verdict in the end.
pub(super) type Events =
    Pin<Box<dyn Stream<Item = Result<v6::invoke_action::Event, Status>> + Send>>;

impl<P: Provider> Server<P> {
    pub(super) async fn validate_action(
        &self,
        request: v6::validate_action_config::Request,
    ) -> Diagnostics {
        let mut diags = Diagnostics::new();
        match self.0.actions.get(request.type_name.as_str()) {
            None => self.no_such("action", &request.type_name, &mut diags),
            Some(action) => {
                if let Some(config) = take(
                    request.config.as_ref(),
                    &action.block().ty(),
                    "a configuration",
                    &mut diags,
                ) {
                    action.validate(config, &mut diags).await;
                }
            }
        }
        diags
    }

    pub(super) async fn plan_action(&self, request: v6::plan_action::Request) -> Diagnostics {
        let mut diags = Diagnostics::new();
        match self.0.actions.get(request.action_type.as_str()) {
            None => self.no_such("action", &request.action_type, &mut diags),
            Some(action) => {
                let config = take(
                    request.config.as_ref(),
                    &action.block().ty(),
                    "a configuration",
                    &mut diags,
                );
                if let (Some(config), Some(cx)) = (config, self.cx(&mut diags)) {
                    action.plan(&cx, config, &mut diags).await;
                }
            }
        }
        diags
    }

    /// Runs the action in a task of its own, so that it ends in order even if nobody reads the events any more.
    pub(super) fn invoke(&self, request: v6::invoke_action::Request) -> Events {
        let (say, lines) = mpsc::unbounded_channel();
        let (finish, verdict) = tokio::sync::oneshot::channel();
        let server = self.clone();
        tokio::spawn(async move {
            let operation = format!("the action {}", request.action_type);
            let run = AssertUnwindSafe(server.run(request, Progress(say))).catch_unwind();
            let diags = run
                .await
                .unwrap_or_else(|panic| panicked(&operation, panic.as_ref()));
            let _ = finish.send(diags);
        });
        let progress = UnboundedReceiverStream::new(lines).map(|message| {
            let progress = v6::invoke_action::event::Progress { message };
            Ok(v6::invoke_action::Event {
                r#type: Some(v6::invoke_action::event::Type::Progress(progress)),
            })
        });
        let completed = futures_util::stream::once(async move {
            let diags = verdict
                .await
                .unwrap_or_else(|_| panicked("an action", &"its task ended without a verdict"));
            let completed = v6::invoke_action::event::Completed {
                diagnostics: wire::diagnostics(diags),
            };
            Ok(v6::invoke_action::Event {
                r#type: Some(v6::invoke_action::event::Type::Completed(completed)),
            })
        });
        Box::pin(progress.chain(completed))
    }

    async fn run(&self, request: v6::invoke_action::Request, progress: Progress) -> Diagnostics {
        let mut diags = Diagnostics::new();
        let Some(action) = self.0.actions.get(request.action_type.as_str()) else {
            self.no_such("action", &request.action_type, &mut diags);
            return diags;
        };
        let config = take(
            request.config.as_ref(),
            &action.block().ty(),
            "a configuration",
            &mut diags,
        );
        if let (Some(config), Some(cx)) = (config, self.cx(&mut diags)) {
            action.invoke(&cx, config, &progress, &mut diags).await;
            if cx.cancel().is_cancelled() && !diags.has_errors() {
                diags.warning(
                    format!("{} was asked to stop", request.action_type),
                    "It ended before the stop took effect; what it did stands.",
                );
            }
        }
        diags
    }
}
