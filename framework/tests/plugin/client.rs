//! A client as Terraform is one: P-521 certificate, pinned server, gRPC over a socket file.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use base64::Engine;
use hyper_util::rt::TokioIo;
use p521::ecdsa::signature::RandomizedSigner;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{ring, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureAlgorithm, SignatureScheme};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};

/// Terraform's cookie (hashicorp/terraform, `plugin.Handshake`).
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// A certificate and its key, by the names of the files in `keys/`.
pub(crate) struct Identity {
    pub(crate) certificate: &'static str,
    key: &'static str,
}

/// The certificate that the process is told to trust.
pub(crate) const CLIENT: Identity = Identity {
    certificate: include_str!("keys/client.pem"),
    key: include_str!("keys/client-key.pem"),
};
/// Another one.
pub(crate) const STRANGER: Identity = Identity {
    certificate: include_str!("keys/stranger.pem"),
    key: include_str!("keys/stranger-key.pem"),
};
/// One whose time is over.
pub(crate) const EXPIRED: Identity = Identity {
    certificate: include_str!("keys/expired.pem"),
    key: include_str!("keys/client-key.pem"),
};

/// The example provider, built beside this test.
pub(crate) fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("this test is a file");
    test.parent()
        .and_then(|deps| deps.parent())
        .expect("in target/PROFILE/deps")
        .join("examples/greeting")
}

/// A command that starts the provider as Terraform does.
pub(crate) fn command(certificate: Option<&str>) -> Command {
    let mut command = Command::new(binary());
    command
        .env_clear()
        .env("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .env("TMPDIR", std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(certificate) = certificate {
        command.env("PLUGIN_CLIENT_CERT", certificate);
    }
    command
}

/// A running provider. It is killed with the test.
pub(crate) struct Plugin {
    pub(crate) child: Child,
    /// The fields of the handshake line.
    pub(crate) line: Vec<String>,
}

impl Plugin {
    /// Starts a provider and reads its line.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .spawn()
            .expect("the example is built with the tests");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a line");
        Plugin {
            child,
            line: line.trim_end().split('|').map(str::to_owned).collect(),
        }
    }

    /// The socket file.
    pub(crate) fn socket(&self) -> &str {
        assert_eq!(self.line[2], "unix", "{:?}", self.line);
        &self.line[3]
    }

    /// Connects with this certificate, or without TLS.
    pub(crate) async fn connect(
        &self,
        identity: Option<&Identity>,
    ) -> Result<Channel, Box<dyn std::error::Error>> {
        let plain = UnixStream::connect(self.socket()).await?;
        let endpoint = Endpoint::from_static("http://localhost");
        let Some(identity) = identity else {
            return Ok(over(endpoint, plain).await?);
        };
        let server = base64::engine::general_purpose::STANDARD_NO_PAD.decode(&self.line[5])?;
        let connector = TlsConnector::from(Arc::new(config(identity, server.into())));
        let stream = connector
            .connect(ServerName::try_from("localhost")?, plain)
            .await?;
        Ok(over(endpoint, stream).await?)
    }

    /// Ends the process and returns what it wrote on standard error.
    pub(crate) fn kill(mut self) -> String {
        let _ = self.child.kill();
        let mut said = String::new();
        self.child
            .stderr
            .take()
            .expect("piped")
            .read_to_string(&mut said)
            .expect("text");
        let _ = self.child.wait();
        said
    }
}

async fn over<S>(endpoint: Endpoint, stream: S) -> Result<Channel, tonic::transport::Error>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
{
    let mut once = Some(TokioIo::new(stream));
    endpoint
        .connect_with_connector(tower::service_fn(move |_| {
            let stream = once
                .take()
                .ok_or_else(|| std::io::Error::other("connected already"));
            async move { stream }
        }))
        .await
}

fn config(identity: &Identity, server: CertificateDer<'static>) -> ClientConfig {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the default versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pinned(server)))
        .with_client_cert_resolver(Arc::new(Always::new(identity)));
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

#[derive(Debug)]
struct Pinned(CertificateDer<'static>);

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        seen: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        assert_eq!(
            seen.as_ref(),
            self.0.as_ref(),
            "the certificate of the handshake line"
        );
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.3 is spoken".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &ring::default_provider().signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl Always {
    fn new(identity: &Identity) -> Self {
        let certificate =
            CertificateDer::from_pem_slice(identity.certificate.as_bytes()).expect("a certificate");
        let key = PrivatePkcs8KeyDer::from_pem_slice(identity.key.as_bytes()).expect("a key");
        // PKCS #8 of a P-521 key: the 66 bytes of the scalar follow the marker of an octet string of that length.
        let der = key.secret_pkcs8_der();
        let at = der
            .windows(2)
            .position(|w| w == [0x04, 0x42])
            .expect("the scalar")
            + 2;
        let scalar = p521::ecdsa::SigningKey::from_slice(&der[at..at + 66]).expect("a scalar");
        Always(Arc::new(CertifiedKey::new(
            vec![certificate],
            Arc::new(Key(Arc::new(scalar))),
        )))
    }
}

impl ResolvesClientCert for Always {
    fn resolve(&self, _: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        // Go sends nothing where no scheme fits its key.
        schemes
            .contains(&SignatureScheme::ECDSA_NISTP521_SHA512)
            .then(|| Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[derive(Clone)]
struct Key(Arc<p521::ecdsa::SigningKey>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl SigningKey for Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered
            .contains(&SignatureScheme::ECDSA_NISTP521_SHA512)
            .then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature: p521::ecdsa::Signature = self
            .0
            .sign_with_rng(&mut p521::elliptic_curve::rand_core::OsRng, message);
        Ok(signature.to_der().as_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}
