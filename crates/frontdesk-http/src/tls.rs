//! TLS of outbound connections: rustls with ring and the bundled Mozilla roots.
//!
//! The roots are compiled in, so that the binary starts without reading the system store and runs in an empty
//! container image; a company's own authority is added through settings.

use std::sync::Arc;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::HttpError;

/// The TLS configuration for outbound connections, with `extra_roots_pem` trusted too.
///
/// Names its crypto provider itself, so it works whether or not the process installed a default one. Offers no protocol
/// by ALPN; WebSocket clients, which need HTTP/1.1, can use it as it is.
pub fn tls_config(extra_roots_pem: &[String]) -> Result<rustls::ClientConfig, HttpError> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for pem in extra_roots_pem {
        let mut found = 0_usize;
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate
                .map_err(|error| HttpError::Setup(format!("extra root certificate is not PEM: {error}")))?;
            roots
                .add(certificate)
                .map_err(|error| HttpError::Setup(format!("extra root certificate is unusable: {error}")))?;
            found += 1;
        }
        if found == 0 {
            return Err(HttpError::Setup("extra root certificates contain no certificate".into()));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| HttpError::Setup(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unusable_extra_root_is_named() {
        assert!(tls_config(&[]).is_ok());
        let error = tls_config(&["not a certificate".into()]).unwrap_err();
        assert!(error.to_string().contains("no certificate"), "{error}");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let error = tls_config(&[broken.into()]).unwrap_err();
        assert!(error.to_string().contains("unusable"), "{error}");
    }
}
