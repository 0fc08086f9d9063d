//! The plugin process: how Terraform starts it, finds it, trusts it, and ends it.
//!
//! Terraform runs the binary with a cookie in its environment, reads one line of its standard output, and connects to
//! the address in that line over mutual TLS. Nothing else is ever printed there.

mod connection;
mod handshake;
mod life;
mod listener;
mod logs;
mod p521_signature;
mod reattach;
mod side_services;
mod tls;

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use tfplugin6::v6::provider_server::ProviderServer;
use tokio_util::sync::CancellationToken;

use crate::provider::Provider;
use crate::server::Server;

pub use logs::redact;

/// Values can be large, and Go's side allows as much (`grpcMaxMessageSize` of hashicorp/terraform).
const MAX_MESSAGE: usize = 256 << 20;
/// How long connections may take to close once the process was asked to end.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// How the provider is known.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Full address, such as `registry.terraform.io/acme/things`.
    pub address: &'static str,
    /// Version, for whoever runs the binary by hand.
    pub version: &'static str,
}

/// Runs a provider as a plugin until Terraform ends it, or with `--debug` until somebody does.
pub fn serve<P: Provider>(provider: P, options: Options) -> ExitCode {
    let debug = std::env::args()
        .skip(1)
        .any(|argument| argument == "--debug" || argument == "-debug");
    let environment = |name: &str| std::env::var(name).ok();
    if !debug && !handshake::started_by_terraform(environment) {
        let _ = write!(std::io::stderr(), "{}", handshake::by_hand(&options));
        return ExitCode::FAILURE;
    }
    logs::install(provider.name(), options.address, environment);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let served = match runtime {
        Ok(runtime) => {
            let served = runtime.block_on(run(provider, &options, debug));
            // What still hangs somewhere must not keep Terraform waiting.
            runtime.shutdown_background();
            served
        }
        Err(error) => Err(format!("no runtime: {error}")),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{}: {error}", options.address);
            ExitCode::FAILURE
        }
    }
}

async fn run<P: Provider>(provider: P, options: &Options, debug: bool) -> Result<(), String> {
    let environment = |name: &str| std::env::var(name).ok();
    let done = CancellationToken::new();
    let identity = match environment("PLUGIN_CLIENT_CERT") {
        Some(pem) if !debug && !pem.is_empty() => Some(tls::Identity::trusting(&pem)?),
        _ => None,
    };
    life::watch(&done, debug)?;
    let mut listener = listener::Listener::bind(environment)?;
    let _folder = listener.folder();
    let announcement = if debug {
        reattach::announcement(options.address, &listener.address())
    } else {
        handshake::line(
            &listener.address(),
            identity.as_ref().map(tls::Identity::announced).as_deref(),
        )
    };
    let mut out = std::io::stdout();
    out.write_all(announcement.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|e| format!("the handshake cannot be written: {e}"))?;

    let rpc = ProviderServer::new(Server::new(provider, CancellationToken::new()))
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    let incoming = listener.accept(identity.map(|identity| identity.acceptor), &done);
    let server = tonic::transport::Server::builder()
        .add_service(rpc)
        .add_service(side_services::controller(&done))
        .add_service(side_services::stdio(&done))
        .add_service(side_services::health(&done))
        .serve_with_incoming_shutdown(incoming, done.clone().cancelled_owned());
    let out_of_patience = async {
        done.cancelled().await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    tokio::select! {
        served = server => served.map_err(|e| format!("the server ended: {e}")),
        () = out_of_patience => Ok(()),
    }
}
