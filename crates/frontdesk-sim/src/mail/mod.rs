//! A mail server: accepts mail over SMTP, keeps it, and shows it over HTTP.

mod message;
mod smtp;

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::{Running, spawn_on as spawn_router_on};

/// Most messages that are kept; older ones are forgotten.
const MAX_MESSAGES: usize = 1000;

/// A message that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedMail {
    /// The sender of the envelope.
    pub envelope_from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// The `From` header, decoded.
    pub from: String,
    /// The `Subject` header, decoded.
    pub subject: String,
    /// The plain text, decoded; from the HTML part when there is no other.
    pub text: String,
    /// The HTML, decoded; empty when there is none.
    pub html: String,
    /// All headers, names in lower case, values decoded.
    pub headers: Vec<(String, String)>,
    /// The message as it arrived, dots unstuffed.
    pub raw: String,
    /// The user that signed in, if one did.
    pub user: Option<String>,
}

impl ReceivedMail {
    /// Web addresses in the text, in order; for tests that follow links.
    pub fn links(&self) -> Vec<&str> {
        let stops = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')' | ']');
        self.text
            .split(stops)
            .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
            .map(|word| word.trim_end_matches(['.', ',', ';', '!']))
            .collect()
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailFaults {
    /// Recipients refused for good (550).
    pub reject: Vec<String>,
    /// Recipients refused for now (451).
    pub defer: Vec<String>,
    /// Connections dropped after the message was sent and before it was acknowledged; counts down.
    pub drop_after_data: u32,
    /// Refuses every sign-in (535).
    pub refuse_login: bool,
}

/// The state of the mail server. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct MailSim(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    inner: Mutex<Inner>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    messages: VecDeque<ReceivedMail>,
    faults: MailFaults,
}

impl MailSim {
    /// The messages so far, oldest first.
    pub fn messages(&self) -> Vec<ReceivedMail> {
        self.lock().messages.iter().cloned().collect()
    }

    /// Waits until a message for this address is there and returns the newest one.
    pub async fn wait_for(&self, address: &str) -> ReceivedMail {
        loop {
            let arrived = self.0.arrived.notified();
            tokio::pin!(arrived);
            // Registered before looking, so that a message between the two is not missed.
            arrived.as_mut().enable();
            let found = self.lock().messages.iter().rev().find(|mail| mail.is_for(address)).cloned();
            if let Some(mail) = found {
                return mail;
            }
            arrived.await;
        }
    }

    /// Forgets the messages.
    pub fn clear(&self) {
        self.lock().messages.clear();
    }

    /// Sets what goes wrong from now on.
    pub fn set_faults(&self, faults: MailFaults) {
        self.lock().faults = faults;
    }

    fn faults(&self) -> MailFaults {
        self.lock().faults.clone()
    }

    /// Whether to drop this connection now.
    fn takes_drop(&self) -> bool {
        let mut inner = self.lock();
        let drops = inner.faults.drop_after_data > 0;
        inner.faults.drop_after_data = inner.faults.drop_after_data.saturating_sub(1);
        drops
    }

    fn store(&self, mail: ReceivedMail) {
        let mut inner = self.lock();
        if inner.messages.len() >= MAX_MESSAGES {
            inner.messages.pop_front();
        }
        inner.messages.push_back(mail);
        drop(inner);
        self.0.arrived.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReceivedMail {
    fn is_for(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.eq_ignore_ascii_case(address))
    }
}

/// A listening mail server; stops when dropped.
#[derive(Debug)]
pub struct RunningMail {
    /// SMTP, `smtp://127.0.0.1:PORT`.
    pub smtp: Running,
    /// HTTP.
    pub web: Running,
}

/// The routes that show what arrived.
pub fn router(sim: MailSim) -> Router {
    Router::new()
        .route("/__sim/mail", get(read_mail).delete(clear_mail))
        .route("/__sim/faults", post(set_faults))
        .with_state(sim)
}

/// Serves SMTP and HTTP on free local ports.
pub async fn spawn(sim: MailSim) -> std::io::Result<RunningMail> {
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    spawn_on(free, free, sim).await
}

/// Serves SMTP and HTTP at these addresses.
pub async fn spawn_on(smtp: SocketAddr, web: SocketAddr, sim: MailSim) -> std::io::Result<RunningMail> {
    Ok(RunningMail {
        smtp: smtp::listen(smtp, sim.clone()).await?,
        web: spawn_router_on(web, router(sim)).await?,
    })
}

async fn read_mail(State(sim): State<MailSim>) -> Json<Vec<ReceivedMail>> {
    Json(sim.messages())
}

async fn clear_mail(State(sim): State<MailSim>) -> StatusCode {
    sim.clear();
    StatusCode::NO_CONTENT
}

async fn set_faults(State(sim): State<MailSim>, Json(faults): Json<MailFaults>) -> StatusCode {
    sim.set_faults(faults);
    StatusCode::NO_CONTENT
}
