//! Mutual TLS with exactly one peer: the Terraform that started the process.
//!
//! Terraform makes a certificate for each process and hands it over in the environment. It is self-signed, marked as a
//! CA and on the curve P-521, which ordinary verifiers refuse. Here it is pinned: byte for byte this certificate, in its
//! time, with a valid signature over the handshake; any other peer is refused.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig,
    SignatureScheme,
};
use tokio_rustls::TlsAcceptor;
use x509_cert::der::Decode;

use super::p521_signature::P521;

/// Our side of the connection.
pub(super) struct Identity {
    certificate: CertificateDer<'static>,
    pub(super) acceptor: TlsAcceptor,
}

impl Identity {
    /// A fresh certificate, and trust in the one certificate of this PEM text.
    pub(super) fn trusting(client_pem: &str) -> Result<Self, String> {
        let client = CertificateDer::from_pem_slice(client_pem.as_bytes())
            .map_err(|e| format!("PLUGIN_CLIENT_CERT is no certificate: {e:?}"))?;
        let key = rcgen::generate_simple_self_signed(["localhost".to_owned()])
            .map_err(|e| format!("no certificate: {e}"))?;
        let certificate = key.cert.der().clone();
        let private = PrivateKeyDer::try_from(key.signing_key.serialize_der())
            .map_err(|e| format!("no key: {e}"))?;
        let provider = Arc::new(ring::default_provider());
        let verifier = Arc::new(Pinned::new(client, &provider)?);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.clone()], private)
            .map_err(|e| e.to_string())?;
        // Go's gRPC refuses a connection that did not agree on it.
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Identity {
            certificate,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }

    /// The certificate as the handshake line carries it.
    pub(super) fn announced(&self) -> String {
        STANDARD_NO_PAD.encode(&self.certificate)
    }
}

/// Accepts one certificate.
#[derive(Debug)]
struct Pinned {
    certificate: CertificateDer<'static>,
    /// Since and until when it counts, in Unix time.
    validity: (Duration, Duration),
    ring: WebPkiSupportedAlgorithms,
    /// What ring lacks.
    p521: WebPkiSupportedAlgorithms,
}

impl Pinned {
    fn new(
        certificate: CertificateDer<'static>,
        provider: &CryptoProvider,
    ) -> Result<Self, String> {
        let parsed = x509_cert::Certificate::from_der(&certificate)
            .map_err(|e| format!("PLUGIN_CLIENT_CERT cannot be read: {e}"))?;
        let validity = parsed.tbs_certificate.validity;
        let unix = |time: x509_cert::time::Time| {
            time.to_system_time()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default()
        };
        Ok(Pinned {
            certificate,
            validity: (unix(validity.not_before), unix(validity.not_after)),
            ring: provider.signature_verification_algorithms,
            p521: P521::ALGORITHMS,
        })
    }

    fn algorithms(&self, scheme: SignatureScheme) -> &WebPkiSupportedAlgorithms {
        if scheme == SignatureScheme::ECDSA_NISTP521_SHA512 {
            &self.p521
        } else {
            &self.ring
        }
    }
}

impl ClientCertVerifier for Pinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if end_entity.as_ref() != self.certificate.as_ref() {
            return Err(CertificateError::UnknownIssuer.into());
        }
        let now = Duration::from_secs(now.as_secs());
        if now < self.validity.0 {
            return Err(CertificateError::NotValidYet.into());
        }
        if now > self.validity.1 {
            return Err(CertificateError::Expired.into());
        }
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, self.algorithms(dss.scheme))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, self.algorithms(dss.scheme))
    }

    /// Go sends its certificate only when a scheme of its key is offered.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = self.p521.supported_schemes();
        schemes.extend(self.ring.supported_schemes());
        schemes
    }
}
