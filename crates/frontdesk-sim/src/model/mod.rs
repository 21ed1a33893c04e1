//! What the two model simulators share: the script, the recorded requests, and an unscripted behaviour.
//!
//! A request takes the next [`Turn`] of the [`Script`]; without one, `rules` answers like a simple model would. The
//! vendors' files turn the resulting steps into their wire format.

mod dialogue;
mod hashing;
mod rules;
mod script;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

pub use dialogue::{Dialogue, OfferedTool, Said};
pub use hashing::hash_embedding;
pub use script::{Script, ScriptedCall, ScriptedUsage, Step, ToolCallStyle, Turn};

/// Most requests that are remembered; older ones are forgotten.
const MAX_REQUESTS: usize = 1000;

/// A request the simulator received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedRequest {
    /// The path.
    pub path: String,
    /// The body.
    pub body: serde_json::Value,
    /// Whether a key came with it.
    pub authorized: bool,
}

/// The state of a model simulator. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct ModelSim(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    script: Script,
    requests: VecDeque<RecordedRequest>,
    api_key: Option<String>,
    answers: u64,
}

impl ModelSim {
    /// A simulator that refuses every other key.
    pub fn with_key(key: &str) -> Self {
        let sim = Self::default();
        sim.lock().api_key = Some(key.to_owned());
        sim
    }

    /// Replaces the script.
    pub fn play(&self, script: Script) {
        self.lock().script = script;
    }

    /// Adds one turn to the script.
    pub fn then(&self, turn: impl Into<Turn>) -> &Self {
        self.lock().script.turns.push_back(turn.into());
        self
    }

    /// The requests so far, oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.lock().requests.iter().cloned().collect()
    }

    /// Forgets the requests.
    pub fn clear_requests(&self) {
        self.lock().requests.clear();
    }

    /// Turns of the script that nobody asked for yet.
    pub fn remaining_turns(&self) -> usize {
        self.lock().script.turns.len()
    }

    /// The next turn for this dialogue: scripted, or from the rules.
    pub(crate) fn next_turn(&self, dialogue: &Dialogue) -> Turn {
        let scripted = {
            let mut inner = self.lock();
            inner.answers += 1;
            inner.script.next()
        };
        scripted.unwrap_or_else(|| rules::answer(dialogue))
    }

    /// A number that grows with each answer, for ids.
    pub(crate) fn answer_number(&self) -> u64 {
        self.lock().answers
    }

    pub(crate) fn record(&self, path: &str, body: &serde_json::Value, key: Option<&str>) {
        let mut inner = self.lock();
        if inner.requests.len() >= MAX_REQUESTS {
            inner.requests.pop_front();
        }
        inner.requests.push_back(RecordedRequest {
            path: path.to_owned(),
            body: body.clone(),
            authorized: key.is_some_and(|key| !key.is_empty()),
        });
    }

    pub(crate) fn accepts_key(&self, key: Option<&str>) -> bool {
        self.lock().api_key.as_deref().is_none_or(|wanted| key == Some(wanted))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The routes by which programs script the simulator and read what it was sent.
pub(crate) fn control_routes() -> Router<ModelSim> {
    Router::new()
        .route("/__sim/script", post(set_script))
        .route("/__sim/requests", get(read_requests).delete(clear_requests))
}

#[derive(Debug, Deserialize)]
struct ScriptOptions {
    /// Adds to the script instead of replacing it.
    #[serde(default)]
    append: bool,
}

async fn set_script(
    State(sim): State<ModelSim>,
    Query(options): Query<ScriptOptions>,
    Json(script): Json<Script>,
) -> StatusCode {
    if options.append {
        let mut inner = sim.lock();
        inner.script.turns.extend(script.turns);
        inner.script.repeat_last = script.repeat_last;
    } else {
        sim.play(script);
    }
    StatusCode::NO_CONTENT
}

async fn read_requests(State(sim): State<ModelSim>) -> Json<Vec<RecordedRequest>> {
    Json(sim.requests())
}

async fn clear_requests(State(sim): State<ModelSim>) -> StatusCode {
    sim.clear_requests();
    StatusCode::NO_CONTENT
}
