//! A simulator that is listening.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A listening simulator; stops when dropped.
#[derive(Debug)]
pub struct Running {
    /// Base URL, `http://127.0.0.1:PORT`.
    pub url: String,
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) fn new(scheme: &str, address: SocketAddr, task: JoinHandle<()>) -> Self {
        Self { url: format!("{scheme}://{address}"), address, task }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves a router on a free local port.
pub async fn spawn(router: Router) -> std::io::Result<Running> {
    spawn_on(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), router).await
}

/// Serves a router at an address.
pub async fn spawn_on(address: SocketAddr, router: Router) -> std::io::Result<Running> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "simulator stopped");
        }
    });
    Ok(Running::new("http", address, task))
}
