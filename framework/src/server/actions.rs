//! Actions. Terraform takes a stream that ends without a verdict for success, so the verdict always is the last event.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Duration;

use futures_core::Stream;
use futures_util::FutureExt;
use tfplugin6::v6;
use tokio::sync::mpsc;
use tonic::Status;

use super::Server;
use super::guard::panicked;
use super::lifecycle::take;
use crate::action::{Progress, Said};
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
        let (say, said) = mpsc::unbounded_channel();
        let server = self.clone();
        tokio::spawn(async move {
            let operation = format!("the action {}", request.action_type);
            let run = server.run(request, Progress(say.clone()));
            let diags = tokio::select! {
                biased;
                ended = AssertUnwindSafe(run).catch_unwind() => {
                    ended.unwrap_or_else(|panic| panicked(&operation, panic.as_ref()))
                }
                () = server.out_of_patience() => deaf(&operation),
            };
            // If nobody reads any more, nobody waits for a verdict.
            let _ = say.send(Said::Verdict(diags));
        });
        Box::pin(futures_util::stream::unfold(
            Some(said),
            |said| async move {
                let mut said = said?;
                match said.recv().await {
                    Some(Said::Line(message)) => Some((Ok(progress(message)), Some(said))),
                    Some(Said::Verdict(diags)) => Some((Ok(completed(diags)), None)),
                    None => Some((Ok(completed(deaf("an action"))), None)),
                }
            },
        ))
    }

    /// Ends some time after Terraform asked the provider to stop.
    async fn out_of_patience(&self) {
        self.cancel().cancelled().await;
        tokio::time::sleep(PATIENCE).await;
    }

    async fn run(&self, request: v6::invoke_action::Request, progress: Progress) -> Diagnostics {
        let mut diags = Diagnostics::new();
        let name = &request.action_type;
        let Some(action) = self.0.actions.get(name.as_str()) else {
            self.no_such("action", name, &mut diags);
            return diags;
        };
        let ty = action.block().ty();
        let config = take(request.config.as_ref(), &ty, "a configuration", &mut diags);
        if let (Some(config), Some(cx)) = (config, self.cx(&mut diags)) {
            if !config.is_wholly_known() {
                let detail =
                    "Terraform sent a configuration in which something is known only later.";
                diags.error(format!("{name} cannot be invoked yet"), detail);
                return diags;
            }
            action.invoke(&cx, config, &progress, &mut diags).await;
            if cx.cancel().is_cancelled() && !diags.has_errors() {
                // Whether it came to its end or broke off cannot be seen from here, and success must not be guessed.
                let detail = "It reported no error, but may have broken off. Look at what it did before relying on it.";
                diags.error(format!("{name} was asked to stop"), detail);
            }
        }
        diags
    }
}

/// How long an action may take to end once Terraform asked the provider to stop.
const PATIENCE: Duration = Duration::from_secs(20);

fn progress(message: String) -> v6::invoke_action::Event {
    let progress = v6::invoke_action::event::Progress { message };
    let r#type = Some(v6::invoke_action::event::Type::Progress(progress));
    v6::invoke_action::Event { r#type }
}

fn completed(diags: Diagnostics) -> v6::invoke_action::Event {
    let diagnostics = wire::diagnostics(diags);
    let completed = v6::invoke_action::event::Completed { diagnostics };
    let r#type = Some(v6::invoke_action::event::Type::Completed(completed));
    v6::invoke_action::Event { r#type }
}

/// The verdict on an action that did not end.
fn deaf(operation: &str) -> Diagnostics {
    let mut diags = Diagnostics::new();
    diags.error(
        format!("The provider was stopped in {operation}"),
        "It did not end in time after it was asked to stop. Look at what it did before invoking it again.",
    );
    diags
}
