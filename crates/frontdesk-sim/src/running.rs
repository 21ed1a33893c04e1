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

/// The same path at the address where the product is reached.
pub(crate) fn reached_at(url: &str, reach: Option<&str>) -> String {
    let Some(reach) = reach else { return url.to_owned() };
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or_default();
    format!("{}{path}", reach.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_is_reached_elsewhere_under_the_same_path() {
        let there = Some("http://127.0.0.1:8080/");
        assert_eq!(reached_at("https://desk.example/a?b=1", there), "http://127.0.0.1:8080/a?b=1");
        assert_eq!(reached_at("https://desk.example/a", None), "https://desk.example/a");
    }
}
