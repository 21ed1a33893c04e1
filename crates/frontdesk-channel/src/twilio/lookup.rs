//! What the vendor said of numbers, remembered: every question costs money, so each is asked once.
//!
//! A client remembers by itself for as long as it lives; the app gives it a memory that outlives it ([`LookupMemory`]).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

/// Most numbers that a client remembers by itself.
const MOST: usize = 10_000;

/// What the vendor said of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedUp {
    /// Whether it can be somebody's.
    pub valid: bool,
    /// Why not, in plain words.
    pub reason: Option<String>,
}

/// Remembers what the vendor said of numbers. What it cannot tell is asked again.
#[async_trait]
pub trait LookupMemory: Send + Sync + std::fmt::Debug {
    /// What was said of a number, if that is not too long ago.
    async fn recall(&self, number: &str) -> Option<LookedUp>;

    /// Remembers what was said of a number.
    async fn remember(&self, number: &str, said: &LookedUp);
}

/// For as long as the client lives.
#[derive(Debug, Default)]
pub(super) struct OwnMemory(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    numbers: HashMap<String, LookedUp>,
    order: VecDeque<String>,
}

#[async_trait]
impl LookupMemory for OwnMemory {
    async fn recall(&self, number: &str) -> Option<LookedUp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).numbers.get(number).cloned()
    }

    async fn remember(&self, number: &str, said: &LookedUp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.numbers.insert(number.to_owned(), said.clone()).is_none() {
            known.order.push_back(number.to_owned());
        }
        if known.order.len() > MOST
            && let Some(oldest) = known.order.pop_front()
        {
            known.numbers.remove(&oldest);
        }
    }
}
