//! The services that go-plugin expects beside the provider: end, health, and an output stream that stays silent.

use std::pin::Pin;

use futures_core::Stream;
use tfplugin6::health::health_check_response::ServingStatus;
use tfplugin6::health::health_server::{Health, HealthServer};
use tfplugin6::health::{HealthCheckRequest, HealthCheckResponse};
use tfplugin6::plugin::grpc_controller_server::{GrpcController, GrpcControllerServer};
use tfplugin6::plugin::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use tfplugin6::plugin::{Empty, StdioData};
use tokio_stream::StreamExt;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

/// The name under which go-plugin asks for health.
const SERVICE: &str = "plugin";

type Messages<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A stream that says nothing and ends with the process.
fn silent<T: Send + 'static>(
    done: CancellationToken,
) -> impl Stream<Item = Result<T, Status>> + Send {
    futures_util::stream::once(done.cancelled_owned()).filter_map(|()| None)
}

pub(super) struct Controller(CancellationToken);

/// Ends the process. Without it Terraform waits two seconds and kills.
pub(super) fn controller(done: &CancellationToken) -> GrpcControllerServer<Controller> {
    GrpcControllerServer::new(Controller(done.clone()))
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        let done = self.0.clone();
        // The answer goes out first.
        tokio::spawn(async move {
            tokio::task::yield_now().await;
            done.cancel();
        });
        Ok(Response::new(Empty {}))
    }
}

pub(super) struct Stdio(CancellationToken);

/// Open until the end: Terraform reads standard error itself, and would log whatever came here as unexpected.
pub(super) fn stdio(done: &CancellationToken) -> GrpcStdioServer<Stdio> {
    GrpcStdioServer::new(Stdio(done.clone()))
}

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = Messages<StdioData>;

    async fn stream_stdio(
        &self,
        _: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(Response::new(Box::pin(silent(self.0.clone()))))
    }
}

pub(super) struct Healthy(CancellationToken);

/// Healthy as long as it answers.
pub(super) fn health(done: &CancellationToken) -> HealthServer<Healthy> {
    HealthServer::new(Healthy(done.clone()))
}

fn serving(request: &Request<HealthCheckRequest>) -> Result<HealthCheckResponse, Status> {
    match request.get_ref().service.as_str() {
        "" | SERVICE => Ok(HealthCheckResponse {
            status: ServingStatus::Serving.into(),
        }),
        other => Err(Status::not_found(format!("no service {other}"))),
    }
}

#[tonic::async_trait]
impl Health for Healthy {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        serving(&request).map(Response::new)
    }

    type WatchStream = Messages<HealthCheckResponse>;

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let first = tokio_stream::once(Ok(serving(&request)?));
        Ok(Response::new(Box::pin(first.chain(silent(self.0.clone())))))
    }
}
