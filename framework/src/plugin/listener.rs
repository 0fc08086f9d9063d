//! Where Terraform connects: a socket file that only its owner can reach, or loopback TCP where no short path is to be
//! had.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;

use super::connection::Connection;

/// Longest path of a socket on the systems that Terraform runs on (`sun_path` of macOS).
const LONGEST_PATH: usize = 103;
/// A peer that does not finish its TLS handshake by then is gone.
const TLS_PATIENCE: Duration = Duration::from_secs(10);

/// An address as the handshake writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A socket file.
    Unix(PathBuf),
    /// Host and port.
    Tcp(String),
}

impl Address {
    pub(super) fn network(&self) -> &'static str {
        match self {
            Address::Unix(_) => "unix",
            Address::Tcp(_) => "tcp",
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Address::Unix(path) => path.display().to_string(),
            Address::Tcp(address) => address.clone(),
        }
    }
}

enum Socket {
    Unix(UnixListener),
    Tcp(TcpListener),
}

/// The folder of the socket file; removed with what is in it.
pub(super) struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Bound, so that the address can be announced.
pub(super) struct Listener {
    socket: Socket,
    address: Address,
    /// Goes with whoever runs the process, not with a task that may outlive it.
    folder: Option<Folder>,
}

impl Listener {
    /// Binds a socket file, or TCP on loopback between the ports that Terraform names.
    pub(super) fn bind(environment: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let given = environment("PLUGIN_UNIX_SOCKET_DIR").filter(|d| !d.is_empty());
        let base = given.map_or_else(std::env::temp_dir, PathBuf::from);
        match bind_unix(&base) {
            Ok(listener) => Ok(listener),
            Err(reason) => {
                tracing::debug!(%reason, "no socket file, taking TCP");
                bind_tcp(&environment)
            }
        }
    }

    pub(super) fn address(&self) -> Address {
        self.address.clone()
    }

    /// What has to be held until the process ends.
    pub(super) fn folder(&mut self) -> Option<Folder> {
        self.folder.take()
    }

    /// Connections as they come. Each TLS handshake runs in its own task: one that stalls holds up no other.
    pub(super) fn accept(
        self,
        tls: Option<TlsAcceptor>,
        done: &CancellationToken,
    ) -> ReceiverStream<std::io::Result<Connection>> {
        let (send, receive) = mpsc::channel(16);
        let done = done.clone();
        tokio::spawn(async move {
            loop {
                let plain = tokio::select! {
                    plain = self.next() => plain,
                    () = done.cancelled() => break,
                };
                let Ok(plain) = plain else {
                    // Out of file descriptors or the like: wait instead of spinning.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let (send, tls) = (send.clone(), tls.clone());
                tokio::spawn(async move {
                    let Some(tls) = tls else {
                        let _ = send.send(Ok(plain)).await;
                        return;
                    };
                    match tokio::time::timeout(TLS_PATIENCE, tls.accept(plain)).await {
                        Ok(Ok(stream)) => drop(send.send(Ok(Connection::new(stream))).await),
                        Ok(Err(error)) => tracing::warn!(%error, "a connection was refused"),
                        Err(_) => tracing::warn!("a connection did not finish its handshake"),
                    }
                });
            }
        });
        ReceiverStream::new(receive)
    }

    async fn next(&self) -> std::io::Result<Connection> {
        match &self.socket {
            Socket::Unix(listener) => listener
                .accept()
                .await
                .map(|(stream, _)| Connection::new(stream)),
            Socket::Tcp(listener) => listener.accept().await.map(|(stream, _)| {
                let _ = stream.set_nodelay(true);
                Connection::new(stream)
            }),
        }
    }
}

fn bind_unix(base: &Path) -> Result<Listener, String> {
    let folder = base.join(format!("tfplugin-{}", std::process::id()));
    let path = folder.join("s.sock");
    if path.as_os_str().len() > LONGEST_PATH {
        return Err(format!("{} is too long a path", path.display()));
    }
    // A folder of a process that had this id before and was killed.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let folder = Folder(folder);
    std::fs::set_permissions(&folder.0, std::fs::Permissions::from_mode(0o700))
        .map_err(|e| e.to_string())?;
    let listener = UnixListener::bind(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
        .map_err(|e| e.to_string())?;
    Ok(Listener {
        socket: Socket::Unix(listener),
        address: Address::Unix(path),
        folder: Some(folder),
    })
}

fn bind_tcp(environment: &impl Fn(&str) -> Option<String>) -> Result<Listener, String> {
    let port = |name: &str, otherwise: u16| {
        environment(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(otherwise)
    };
    let (least, most) = (
        port("PLUGIN_MIN_PORT", 10_000),
        port("PLUGIN_MAX_PORT", 25_000),
    );
    for port in least..=most {
        let Ok(listener) = std::net::TcpListener::bind(("127.0.0.1", port)) else {
            continue;
        };
        listener.set_nonblocking(true).map_err(|e| e.to_string())?;
        let listener = TcpListener::from_std(listener).map_err(|e| e.to_string())?;
        return Ok(Listener {
            socket: Socket::Tcp(listener),
            address: Address::Tcp(format!("127.0.0.1:{port}")),
            folder: None,
        });
    }
    Err(format!(
        "no free port between {least} and {most} on loopback"
    ))
}
