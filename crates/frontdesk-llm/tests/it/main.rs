//! The ports against the simulators: one contract suite that every vendor runs.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod chat_contract;
mod embeddings;
mod fallback;
mod fixture;
mod local;

use std::sync::Arc;

use frontdesk_domain::random::SeededRandom;
use frontdesk_domain::time::{FixedClock, Timestamp};
use frontdesk_http::{HttpClient, HttpSettings, Target};
use frontdesk_llm::vendor::Access;

pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(Timestamp::from_millis(1_774_000_000_000)))
}

/// Access for a client of a simulator.
pub fn access(secret: Option<&str>) -> Access {
    let http = HttpClient::new(HttpSettings::default(), clock(), Arc::new(SeededRandom::new(1))).unwrap();
    Access { http, target: Target::Trusted, secret: secret.map(Into::into) }
}
