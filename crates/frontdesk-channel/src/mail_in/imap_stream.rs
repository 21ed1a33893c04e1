//! The connection below IMAP: TCP, TLS from the start or in between, and a bound on what a server may send.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use async_imap::Client;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::imap::{ImapError, ImapSecurity, ImapSettings, explain, step};

/// Most bytes of greeting and signing in.
const GREETING: usize = 64 * 1024;

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Duplex for T {}

/// How many bytes the server may still send. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Budget(Arc<AtomicUsize>);

impl Budget {
    /// From now on this many.
    pub(super) fn allow(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

/// A connection, in the clear or not.
#[derive(Debug)]
pub(super) struct ImapStream {
    inner: Box<dyn Duplex>,
    budget: Budget,
}

impl AsyncRead for ImapStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = self.get_mut();
        if this.budget.0.load(Ordering::Relaxed) == 0 {
            return Poll::Ready(Err(std::io::Error::other("the server sends more than it was asked for")));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.inner).poll_read(cx, buf);
        let read = buf.filled().len().saturating_sub(before);
        // One reader: nobody else takes from it in between.
        let left = this.budget.0.load(Ordering::Relaxed).saturating_sub(read);
        this.budget.0.store(left, Ordering::Relaxed);
        polled
    }
}

impl AsyncWrite for ImapStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

/// Connects, up to where one signs in.
pub(super) async fn connect(
    settings: &ImapSettings,
    address: Option<IpAddr>,
    roots: &[String],
) -> Result<(Client<ImapStream>, Budget), ImapError> {
    let budget = Budget(Arc::new(AtomicUsize::new(GREETING)));
    let server = address.map_or_else(|| settings.host.clone(), |address| address.to_string());
    let unavailable = |error: std::io::Error| ImapError::Unavailable(format!("connecting: {error}"));
    let tcp =
        step(async { TcpStream::connect((server, settings.effective_port())).await.map_err(unavailable) })
            .await?;
    let stream = |inner: Box<dyn Duplex>| ImapStream { inner, budget: budget.clone() };
    let client = match settings.security {
        ImapSecurity::None => greeted(stream(Box::new(tcp))).await?,
        ImapSecurity::Tls => {
            let tls = step(tls(&settings.host, tcp, roots)).await?;
            greeted(stream(Box::new(tls))).await?
        }
        ImapSecurity::Starttls => {
            let mut client = greeted(stream(Box::new(tcp))).await?;
            step(async { client.run_command_and_check_ok("STARTTLS", None).await.map_err(explain) }).await?;
            // What came in the clear after that is not read (RFC 2595 §2.4 and its attackers).
            let plain = client.into_inner();
            let tls = step(tls(&settings.host, plain, roots)).await?;
            Client::new(stream(Box::new(tls)))
        }
    };
    Ok((client, budget))
}

async fn greeted(stream: ImapStream) -> Result<Client<ImapStream>, ImapError> {
    let mut client = Client::new(stream);
    let silent = || ImapError::Unavailable("it does not greet as a mail server should".to_owned());
    step(async { client.read_response().await.map_err(|error| explain(error.into()))?.ok_or_else(silent) })
        .await?;
    Ok(client)
}

async fn tls<S: AsyncRead + AsyncWrite + Unpin>(
    host: &str,
    stream: S,
    roots: &[String],
) -> Result<tokio_rustls::client::TlsStream<S>, ImapError> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| ImapError::Refused(format!("`{host}` is no name that a certificate could prove")))?;
    let config = frontdesk_http::tls_config(roots).map_err(|error| ImapError::Refused(error.to_string()))?;
    let connector = TlsConnector::from(Arc::new(config));
    connector.connect(name, stream).await.map_err(|error| ImapError::Unavailable(format!("TLS: {error}")))
}
