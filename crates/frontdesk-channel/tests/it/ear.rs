//! Something that listens to a vendor's calls in place of the product, and may answer badly.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use frontdesk_channel::twilio::{EMPTY_ANSWER, EMPTY_ANSWER_TYPE};
use frontdesk_sim::{Running, spawn};

/// A call that was heard.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The address that was called.
    pub url: String,
    /// `X-Twilio-Signature`.
    pub signature: String,
    /// The body.
    pub body: Bytes,
}

#[derive(Debug, Default)]
struct Inner {
    heard: Vec<Heard>,
    answers: VecDeque<u16>,
    base: String,
}

/// The listener; stops when dropped.
pub struct Ear {
    inner: Arc<Mutex<Inner>>,
    running: Running,
}

impl Ear {
    /// Listens on a free port.
    pub async fn open() -> Self {
        let inner = Arc::new(Mutex::new(Inner::default()));
        let running = spawn(Router::new().fallback(hear).with_state(inner.clone())).await.unwrap();
        inner.lock().unwrap().base.clone_from(&running.url);
        Self { inner, running }
    }

    /// An address it hears.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.url)
    }

    /// What it heard, oldest first.
    pub fn heard(&self) -> Vec<Heard> {
        self.inner.lock().unwrap().heard.clone()
    }

    /// The next calls are answered so.
    pub fn answer_next(&self, statuses: impl IntoIterator<Item = u16>) {
        self.inner.lock().unwrap().answers.extend(statuses);
    }
}

async fn hear(State(inner): State<Arc<Mutex<Inner>>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut inner = inner.lock().unwrap();
    let signature = headers.get("x-twilio-signature").map(|value| value.to_str().unwrap().to_owned());
    let url = format!("{}{uri}", inner.base);
    inner.heard.push(Heard { url, signature: signature.unwrap_or_default(), body });
    match inner.answers.pop_front() {
        Some(status) => StatusCode::from_u16(status).unwrap().into_response(),
        None => ([(header::CONTENT_TYPE, EMPTY_ANSWER_TYPE)], EMPTY_ANSWER).into_response(),
    }
}
